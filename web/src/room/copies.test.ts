import { afterEach, beforeEach, expect, test } from "vitest";
import { ask, guest, host, type Person } from "../../tests/people.ts";
import { Relay } from "../../tests/relay.ts";
import { canonicalJson } from "../crypto/bytes.ts";
import { handoverContent } from "../crypto/handovers.ts";
import { write } from "../crypto/reports.ts";
import { readApplicants } from "./admission.ts";
import { handOn } from "./copies.ts";
import type { Desk } from "./desk.ts";
import { uuidv7 } from "./ids.ts";
import type { Ledger } from "./ledger.ts";
import { accepting } from "./moderating.ts";
import { Statements } from "./statements.ts";
import type { Role } from "./types.ts";

const loadNames = () => import("./names.ts");
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
});

afterEach(() => relay.stop());

const id = (person: Person) => person.ledger.record.me;
const path = (rest: string) => `/groups/${fern.ledger.record.group}/${rest}`;

async function takesOffice(person: Person, role: Role): Promise<void> {
  await fern.act({ action: { action: "offer", target: id(person), role } });
  await person.catchUp();
  await person.act(accepting(person.ledger));
  await Promise.all([fern, wren, moss].map((one) => one.catchUp()));
}

/** Fern's device looks who lacks this, and the copies that it makes. */
async function copies(lacking: object): Promise<{ of: string; id: string; boxes: { member: string; box: string }[] }[]> {
  relay.rows[path("copies")] = [{ id: uuidv7(), sealed: null, entries: [], ...lacking }];
  const desk = { device: { api: relay.api }, ledger: fern.ledger, keepWarnings: () => Promise.resolve() };
  await handOn(desk as unknown as Desk<Ledger>);
  return (relay.rows[path("copies")] ?? []).slice(1) as never;
}

/** A report of Wren's for Fern, as Fern's device finds that others lack it. */
async function reported(accused: Person | null, lackedBy: readonly Person[]): Promise<{ of: string; id: string; sealed: string; box: string | undefined; members: string[] }> {
  const { group, room } = wren.ledger.record;
  const report = uuidv7();
  const kind = accused ? ("person" as const) : ("situation" as const);
  const content = { v: 1, kind, id: report, group, room, accused: accused && id(accused), note: "Please look.", to: [id(fern)], line: null, lines: [] };
  const { sealed, boxes } = await new Statements(wren.ledger).seal("safespace report", report, write(content), [id(fern)]);
  return { of: "report", id: report, sealed, box: boxes[0]?.box, members: lackedBy.map(id) };
}

test("who comes into office later opens an older link, once Fern's device has handed it on", async () => {
  await ask(relay, fern, "Hazel");
  await takesOffice(moss, "facilitator");
  const [row] = (relay.rows[path("invites")] ?? []).slice(-1) as unknown as { id: string; box: string | null; holders: string[] }[];
  if (!row) throw new Error("no invite");
  const held = row.box;
  Object.assign(row, { box: null, holders: [id(fern)] });
  const seen = async () => (await readApplicants(relay.api, moss.ledger, loadNames)).filter(({ invite }) => invite === row.id);
  expect(await seen()).toMatchObject([{ genuine: false, unopened: ["Fern"], pseudonym: "" }]);
  const [copy] = await copies({ of: "invite", id: row.id, box: held, members: [id(moss)] });
  Object.assign(row, { box: copy?.boxes[0]?.box, holders: [id(fern), id(moss)] });
  expect(await seen()).toMatchObject([{ genuine: true, unopened: null, pseudonym: "Hazel" }]);
});

test("a report that waits, and what was written about it, is handed on; a note as well", async () => {
  await takesOffice(moss, "facilitator");
  const report = await reported(null, [moss]);
  const entry = uuidv7();
  const noted = write({ v: 1, id: entry, report: report.id, kind: "note", member: null, text: "On Tuesday." });
  const own = await new Statements(fern.ledger).seal("safespace report entry", entry, noted, [id(fern)]);
  const made = await copies({ ...report, entries: [{ id: entry, box: own.boxes[0]?.box, members: [id(moss)] }] });
  expect(made.map(({ of }) => of)).toEqual(["report", "entry"]);
  const read = new Statements(moss.ledger);
  const { author } = await read.unseal("safespace report", report.id, report.sealed, made[0]?.boxes[0]?.box ?? "");
  expect(author.pseudonym).toBe("Wren");
  expect((await read.unseal("safespace report entry", entry, own.sealed, made[1]?.boxes[0]?.box ?? "")).author.pseudonym).toBe("Fern");
  const note = uuidv7();
  const content = handoverContent({ v: 1, id: note, seq: 1, expires: relay.time + 1000, text: "Wren likes to begin." });
  const left = await new Statements(fern.ledger).seal("safespace handover", note, canonicalJson(content), [id(fern)]);
  const [copy] = await copies({ of: "handover", id: note, box: left.boxes[0]?.box, members: [id(moss), id(wren)] });
  expect(copy?.boxes.map(({ member }) => member)).toEqual([id(moss)]);
  await read.unseal("safespace handover", note, left.sealed, copy?.boxes[0]?.box ?? "");
});

test("nobody is handed what is not theirs, whoever the server says lacks it", async () => {
  await takesOffice(moss, "moderator");
  expect(await copies(await reported(moss, [moss, wren]))).toEqual([]);
  // A moderator neither lets people in nor reads what facilitators leave for each other.
  const { box } = await reported(null, []);
  expect(await copies({ of: "handover", box, members: [id(moss)] })).toEqual([]);
  expect(await copies({ of: "invite", box, members: [id(moss)] })).toEqual([]);
  // What was kept from a colleague is kept from them also when the one it is about steps down.
  await takesOffice(wren, "moderator");
  const about = await reported(wren, [moss]);
  await wren.act({ action: { action: "step_down", target: null, role: "member" } });
  await Promise.all([fern.catchUp(), moss.catchUp()]);
  expect(await copies(about)).toEqual([]);
  // One's own box that does not open keeps nobody from the rest.
  expect(await copies({ of: "report", sealed: "AAAA", box, members: [id(moss)] })).toEqual([]);
});
