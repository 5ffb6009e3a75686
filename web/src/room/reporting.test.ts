import { afterEach, beforeEach, expect, test } from "vitest";
import { guest, host, type Person } from "../../tests/people.ts";
import { Relay } from "../../tests/relay.ts";
import { b64encode, utf8 } from "../crypto/bytes.ts";
import { sealContent } from "../crypto/franking.ts";
import type { ReportedLine } from "../crypto/reports.ts";
import type { Desk } from "./desk.ts";
import { AppError } from "./errors.ts";
import { uuidBytes } from "./ids.ts";
import type { Ledger } from "./ledger.ts";
import { Reporting } from "./reporting.ts";
import type { ReportView } from "./reportViews.ts";
import type { Message } from "./types.ts";

let relay: Relay;
let fern: Person;
let wren: Person;
let moss: Person;

beforeEach(async () => {
  relay = await Relay.start();
  fern = await host(relay);
  wren = await guest(relay, fern, "Wren");
  moss = await guest(relay, fern, "Moss");
  await Promise.all([fern.catchUp(), wren.catchUp()]);
  for (const [who, words] of [[fern, "Good evening."], [moss, "one"], [moss, "two"], [wren, "three"]] as const) {
    await who.say(words);
    await Promise.all([fern, wren, moss].map((one) => one.catchUp()));
  }
});

afterEach(() => relay.stop());

/** Someone's reports. What of a room is not needed for them is left out. */
function reporting(person: Person): Reporting {
  const { ledger } = person;
  const desk = {
    device: { api: relay.api },
    ledger,
    get history() {
      return { lines: person.lines };
    },
    line: (seq: number) => Promise.resolve(person.lines.find((line) => line.seq === seq) ?? null),
    alone: (work: () => Promise<unknown>) => work(),
    save: () => Promise.resolve(),
    keepWarnings: () => Promise.resolve(),
    warn: (code: "report_forged") => {
      ledger.warn(code, 0);
      return Promise.resolve();
    },
  };
  return new Reporting(desk as unknown as Desk<Ledger>);
}

function message(person: Person, text: string): Message {
  const found = person.lines.find((line) => line.kind === "message" && line.text === text);
  if (found?.kind !== "message") throw new Error("nobody said this");
  return found;
}

const path = (): string => `/groups/${fern.ledger.record.group}/reports`;

/** What the server makes of what was filed, for Fern. */
function handOver(): void {
  relay.rows[path()] = (relay.rows[path()] ?? []).map((row) => {
    const boxes = row["boxes"] as { member: string; box: string }[];
    const box = boxes.find(({ member }) => member === fern.ledger.record.me)?.box;
    return { created: 1, status: "open", entries: [], box, ...row };
  });
}

async function read(person: Person): Promise<readonly ReportView[]> {
  handOver();
  const desk = reporting(person);
  await desk.load();
  return desk.list.value ?? [];
}

test("a report is proved where the message was received, and around it stands what the reporter chose", async () => {
  const mine = reporting(wren);
  expect(mine.readers("message", moss.ledger.record.me)).toEqual(["Fern"]);
  const two = message(wren, "two");
  await mine.reportMessage("message", two.seq ?? 0, "Please look.", 3);
  const [report] = await read(fern);
  expect(report).toMatchObject({ kind: "message", proved: true, note: "Please look.", line: two.seq, open: true });
  expect(report?.reporter.pseudonym).toBe("Wren");
  expect(report?.accused?.pseudonym).toBe("Moss");
  expect(report?.lines.map(({ text, proved, sender }) => [text, proved, sender.pseudonym])).toEqual([
    ["Good evening.", true, "Fern"],
    ["one", true, "Moss"],
    ["two", true, "Moss"],
    ["three", true, "Wren"],
  ]);
  expect(wren.ledger.record.filed).toHaveLength(1);
});

test("where the message is not held, the server's word on the stamp decides", async () => {
  await reporting(wren).reportMessage("check", message(wren, "two").seq ?? 0, "", 0);
  fern.lines = [];
  expect((await read(fern)).map(({ proved }) => proved)).toEqual([false]);
  relay.verdict = true;
  expect((await read(fern)).map(({ proved }) => proved)).toEqual([true]);
});

/** Reports a line that was bent before. */
async function lie(bent: Partial<ReportedLine>, accused = moss.ledger.record.me): Promise<void> {
  const two = message(wren, "two");
  if (!two.quote) throw new Error("this cannot be reported");
  const lines = wren.lines;
  wren.lines = [{ ...two, seq: bent.seq ?? two.seq, sender: accused, quote: { ...two.quote, ...bent } }];
  await reporting(wren).reportMessage("message", bent.seq ?? two.seq ?? 0, "", 0);
  wren.lines = lines;
}

async function franked(text: string, leaf: string, epoch: number): Promise<Partial<ReportedLine>> {
  const content = utf8(`{"kind":"text","note":null,"text":"${text}"}`);
  const room = uuidBytes(wren.ledger.record.room);
  const identity = wren.leaf === leaf ? wren.ledger.group.me.identity : moss.ledger.group.me.identity;
  const { commitment, kf } = await sealContent(content, room, identity, epoch);
  return { content: b64encode(content), leaf, commitment: b64encode(commitment), kf: b64encode(kf) };
}

test("what was not said so is not proved", async () => {
  const two = message(wren, "two").quote;
  const three = message(wren, "three").quote;
  if (!two || !three) throw new Error("these cannot be reported");
  const lies: (readonly [Partial<ReportedLine>, string?])[] = [
    [{ content: three.content }],
    [await franked("never said", moss.leaf, two.epoch)],
    [await franked("two", wren.leaf, two.epoch), moss.ledger.record.me],
    [{ seq: two.seq - 1 }],
    [{ time: two.time + 1 }],
    [{ epoch: two.epoch + 1 }],
    [three, moss.ledger.record.me],
  ];
  for (const given of lies) await lie(...given);
  expect((await read(fern)).map(({ proved }) => proved)).toEqual(lies.map(() => false));
  // A server that says yes to everything changes nothing where the message was received.
  relay.verdict = true;
  expect((await read(fern)).map(({ proved }) => proved)).toEqual(lies.map(() => false));
  expect(fern.warnings).toEqual([]);
});

test("what is not signed by a member is not shown", async () => {
  await reporting(wren).report(null, "It is getting loud.", 0);
  handOver();
  const [row] = relay.rows[path()] ?? [];
  const sealed = typeof row?.["sealed"] === "string" ? row["sealed"] : "";
  relay.rows[path()] = [{ ...row, id: row?.id ?? "", sealed: sealed.replace(/.{8}$/, "AAAAAAAA") }];
  const desk = reporting(fern);
  await desk.load();
  expect(desk.list.value).toEqual([]);
  expect(fern.warnings).toEqual(["report_forged"]);
});

test("nobody reports where nobody else is left to read it, nor what is gone", async () => {
  const mine = reporting(wren);
  expect(mine.readers("person", fern.ledger.record.me)).toEqual([]);
  await expect(mine.report(fern.ledger.record.me, "Shouts.", 0)).rejects.toThrow(new AppError("no_recipient"));
  await expect(mine.reportMessage("message", 1, "", 0)).rejects.toThrow(new AppError("unknown_line"));
});

test("entries and answers are read by whom they are for", async () => {
  await reporting(wren).report(moss.ledger.record.me, "Writes to me elsewhere.", 2);
  handOver();
  const desk = reporting(fern);
  await desk.load();
  const id = desk.list.value?.[0]?.id ?? "";
  const entries = `${path()}/${id}/entries`;
  await desk.addNote(id, "I will talk with Moss.");
  await desk.assign(id, fern.ledger.record.me);
  await desk.resolve(id, "Done.", "Thank you.");
  const written = (relay.rows[entries] ?? []).map((row, at) => {
    const [box] = row["boxes"] as { box: string }[];
    return { ...row, created: at, box: box?.box };
  });
  relay.rows[path()] = (relay.rows[path()] ?? []).map((row) => ({ ...row, entries: written }));
  await desk.load();
  expect(desk.list.value?.[0]).toMatchObject({ open: false, assigned: { pseudonym: "Fern" }, proved: null });
  expect(desk.list.value?.[0]?.entries.map(({ kind, text, by }) => [kind, text, by.pseudonym])).toEqual([
    ["note", "I will talk with Moss.", "Fern"],
    ["assign", "", "Fern"],
    ["resolve", "Done.", "Fern"],
  ]);
  const answers = (relay.rows[entries] ?? []).flatMap(({ answer }) => (answer === null ? [] : [answer]));
  relay.rows[`${path()}/own`] = [{ id, created: 1, status: "resolved", answers }];
  const mine = reporting(wren);
  await mine.loadOwn();
  expect(mine.own.value).toMatchObject([{ open: false, kind: "person", note: "Writes to me elsewhere.", answers: ["Thank you."] }]);
});
