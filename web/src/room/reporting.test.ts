import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { guest, host, type Person } from "../../tests/people.ts";
import { Relay } from "../../tests/relay.ts";
import { b64encode, utf8 } from "../crypto/bytes.ts";
import { sealContent } from "../crypto/franking.ts";
import { GroupCrypto } from "../crypto/group.ts";
import type { ReportedLine } from "../crypto/reports.ts";
import type { ActFrame, SendFrame } from "../net/wire.ts";
import type { Desk, Kept } from "./desk.ts";
import { AppError } from "./errors.ts";
import { FurtherLedger } from "./furtherLedger.ts";
import { newFurtherRecord } from "./furtherRecord.ts";
import { uuidBytes, uuidv7 } from "./ids.ts";
import type { Ledger } from "./ledger.ts";
import { endorse } from "./pool.ts";
import { Reporting } from "./reporting.ts";
import type { ReportView } from "./reportViews.ts";
import { type Said, saidContent } from "./said.ts";
import type { Message, TimelineItem } from "./types.ts";

let relay: Relay;
let fern: Person;
let wren: Person;
let moss: Person;

beforeEach(async () => {
  vi.stubGlobal("document", { querySelector: () => null });
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

const main = (): string => fern.ledger.record.room;
/** Further rooms of which a device keeps something. */
const beside = new Map<string, Kept>();

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
  return new Reporting(desk as unknown as Desk<Ledger>, (room) => beside.get(room) ?? null);
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
    const readers = boxes.map(({ member }) => member);
    return { created: 1, status: "open", entries: [], box, readers, ...row };
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
  await mine.reportMessage("message", main(), two.seq ?? 0, "Please look.", 3);
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
  await reporting(wren).reportMessage("check", main(), message(wren, "two").seq ?? 0, "", 0);
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
  await reporting(wren).reportMessage("message", main(), bent.seq ?? two.seq ?? 0, "", 0);
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

/** An aside in which Moss, whom it is about, says `words` to himself. */
async function aside(words: string): Promise<{ room: string; kept: Kept; said: Message }> {
  const [room, { record }] = [uuidv7(), moss.ledger];
  const crypto = await GroupCrypto.create(uuidBytes(room), Date.now());
  const endorsement = await endorse((data) => moss.ledger.group.sign(data), record.group, crypto.me);
  const made = newFurtherRecord({
    group: record.group, room, crypto: crypto.serialise(), me: record.me, head: 0, sinceUpdate: 0, brought: false, passing: false,
    made: { purpose: "aside", about: record.me, endorsement },
  });
  const ledger = new FurtherLedger(made, record, { line: () => Promise.resolve(null) }, () => relay.time);
  const log = await Relay.start();
  const take = async (frame: ActFrame | SendFrame): Promise<TimelineItem[]> => {
    const lines = [];
    for (const envelope of log.take(frame, crypto.me.id)) lines.push(...(await ledger.take(envelope)).lines);
    return lines;
  };
  const action = { action: "open" as const, target: record.me, group: record.group, room, purpose: "aside" as const };
  made.act = await ledger.prepare({ action: { ...action, leaf: crypto.me.id, endorsement } });
  await take(made.act.frame);
  const said: Said = { kind: "text", note: null, text: words };
  const { sealed, kf } = await ledger.keys.sealMessage(saidContent(said));
  const kfs = { [sealed.commitment]: { epoch: sealed.epoch, kf: b64encode(kf) } };
  const id = uuidv7();
  made.outbox = [{ id, said, time: 0, state: "sending", code: null, claim: null, sealed, kfs }];
  const [line] = await take({ t: "send", room, client_id: id, kind: "message", ...sealed });
  log.stop();
  if (line?.kind !== "message") throw new Error("nothing was said");
  const kept = { history: { lines: [line] }, ledger, line: (seq: number) => Promise.resolve(seq === line.seq ? line : null) };
  return { room, kept: kept as unknown as Kept, said: line };
}

test("what was said aside is proved by the word of whose leaf it is, to those who were not there", async () => {
  const { room, kept, said } = await aside("only between us");
  beside.set(room, kept);
  await reporting(wren).reportMessage("message", room, said.seq ?? 0, "Please look.", 5);
  // Who is there goes by what was received.
  expect((await read(fern)).map(({ proved }) => proved)).toEqual([true]);
  beside.delete(room);
  expect((await read(fern)).map(({ proved }) => proved)).toEqual([false]);
  relay.verdict = true;
  const [report] = await read(fern);
  expect(report).toMatchObject({ room, proved: true, accused: { pseudonym: "Moss" } });
  expect(report?.lines.map(({ text, proved, sender }) => [text, proved, sender.pseudonym])).toEqual([["only between us", true, "Moss"]]);
});

test("what was not said aside by whom it is said to be of is not proved, whatever the server says", async () => {
  relay.verdict = true;
  const { room, said } = await aside("only between us");
  const { quote } = said;
  if (!quote?.endorsed) throw new Error("this cannot be reported");
  const { endorsed } = quote;
  const mine = await GroupCrypto.create(uuidBytes(room), Date.now());
  const word = await endorse((data) => wren.ledger.group.sign(data), wren.ledger.record.group, mine.me);
  const own = { member: wren.ledger.record.me, key: b64encode(mine.me.signatureKey), endorsement: word };
  // Of one's own room, in which the only leaf has the identity that Moss has in the group.
  const identity = moss.ledger.group.me.identity;
  const asMoss = await endorse((data) => wren.ledger.group.sign(data), wren.ledger.record.group, { ...mine.me, identity });
  const content = utf8(`{"kind":"text","note":null,"text":"never said"}`);
  const stolen = await sealContent(content, uuidBytes(room), identity, quote.epoch);
  const forged = {
    content: b64encode(content), leaf: moss.leaf, commitment: b64encode(stolen.commitment), kf: b64encode(stolen.kf),
  };
  const lies: Partial<ReportedLine>[] = [
    { endorsed: null },
    { endorsed: own },
    { endorsed: { ...own, member: endorsed.member } },
    { endorsed: { ...endorsed, key: own.key } },
    { endorsed: { ...endorsed, endorsement: own.endorsement } },
    { ...forged, endorsed: null },
    { ...forged, endorsed: { ...own, endorsement: asMoss } },
    { ...forged, endorsed: { ...own, member: moss.ledger.record.me, endorsement: asMoss } },
    { ...forged, endorsed },
    { content: forged.content },
  ];
  for (const bent of lies) {
    beside.set(room, { history: { lines: [{ ...said, quote: { ...quote, ...bent } }] } } as unknown as Kept);
    await reporting(wren).reportMessage("message", room, said.seq ?? 0, "", 0);
  }
  // The same where they are said to be of the group's main room.
  const { lines } = wren;
  for (const bent of [{}, { endorsed: null }, { ...forged, endorsed: null }, ...lies]) {
    wren.lines = [{ ...said, quote: { ...quote, ...bent } }];
    await reporting(wren).reportMessage("message", main(), said.seq ?? 0, "", 0);
  }
  wren.lines = lines;
  beside.clear();
  fern.lines = [];
  const found = await read(fern);
  expect(found.map(({ proved }) => proved)).toEqual(found.map(() => false));
  expect(found).toHaveLength(2 * lies.length + 3);
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

test("who cannot be sealed to is left out, and named; where nobody else is left, that is said", async () => {
  const { record } = wren.ledger;
  const key = b64encode(new Uint8Array(32));
  const spoiled = (person: Person, state = record.state) => {
    if (!state) throw new Error("there is no group");
    const own = state.members[person.ledger.record.me];
    return { ...state, members: { ...state.members, ...(own && { [person.ledger.record.me]: { ...own, key } }) } };
  };
  record.state = spoiled(fern);
  await expect(reporting(wren).report(null, "It is getting loud.", 0)).rejects.toThrow(new AppError("no_recipient"));
  expect(record.warnings.map(({ code, who }) => [code, who])).toEqual([["unreached", ["Fern"]]]);
});

test("nobody reports where nobody else is left to read it, nor what is gone", async () => {
  const mine = reporting(wren);
  expect(mine.readers("person", fern.ledger.record.me)).toEqual([]);
  await expect(mine.report(fern.ledger.record.me, "Shouts.", 0)).rejects.toThrow(new AppError("no_recipient"));
  await expect(mine.reportMessage("message", main(), 1, "", 0)).rejects.toThrow(new AppError("unknown_line"));
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

test("who was away while a report was seen to is not told that it waits", async () => {
  await reporting(wren).reportMessage("message", main(), message(wren, "two").seq ?? 0, "", 0);
  handOver();
  const desk = reporting(fern);
  desk.told(1);
  expect(desk.waiting.value).toBe(1);
  // Another facilitator sees to it meanwhile; the server greets with what waits alone.
  relay.rows[path()] = [];
  desk.connected();
  await vi.waitFor(() => expect(desk.waiting.value).toBe(0));
});

test("what still waits after a new connection is still said, and where nothing waits nothing is asked", async () => {
  await reporting(wren).reportMessage("message", main(), message(wren, "two").seq ?? 0, "", 0);
  handOver();
  const desk = reporting(fern);
  desk.connected();
  await Promise.resolve();
  expect(desk.list.value).toBeNull();
  desk.told(1);
  desk.connected();
  await vi.waitFor(() => expect(desk.list.value).toHaveLength(1));
  expect(desk.waiting.value).toBe(1);
});

test("a report that a device could not read is not counted once it has looked", async () => {
  await lie({});
  handOver();
  relay.rows[path()] = (relay.rows[path()] ?? []).map((row) => ({ ...row, sealed: b64encode(utf8("nothing")) }));
  const desk = reporting(fern);
  desk.told(1);
  desk.connected();
  await vi.waitFor(() => expect(desk.waiting.value).toBe(0));
  expect(desk.list.value).toEqual([]);
});
