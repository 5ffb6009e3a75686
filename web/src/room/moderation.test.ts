import { afterEach, beforeEach, expect, test } from "vitest";
import { guest, host, type Person } from "../../tests/people.ts";
import { Relay } from "../../tests/relay.ts";
import type { Action } from "./actions.ts";
import { accepting, muting, removing, restoring, takingDown } from "./moderating.ts";
import { answersName } from "./heard.ts";
import { membersOf, offerOf, silencedOf } from "./shown.ts";
import { emptied } from "./timeline.ts";
import type { Message, TimelineItem } from "./types.ts";

let relay: Relay;
let fern: Person;
let wren: Person;
let moss: Person;

beforeEach(async () => {
  relay = await Relay.start();
  fern = await host(relay);
  wren = await guest(relay, fern, "Wren");
  moss = await guest(relay, fern, "Moss");
  await everyone();
});

afterEach(() => relay.stop());

const everyone = () => Promise.all([fern, wren, moss].map((person) => person.catchUp()));
const id = (person: Person) => person.ledger.record.me;
const silenced = (person: Person) => silencedOf(person.ledger, person.deeds);
const shelf = (person: Person) => ({
  line: (seq: number) => Promise.resolve(person.lines.find((line) => line.seq === seq) ?? null),
});
const warned = () => [fern, wren, moss].flatMap(({ warnings }) => warnings);

async function agree(person: Person, action: Action): Promise<void> {
  await person.act({ action });
  await everyone();
}

function message(person: Person, seq: number): Message {
  const line = person.lines.find((one) => one.seq === seq);
  if (line?.kind !== "message") throw new Error("no message stands there");
  return line;
}

test("a mute: only Wren and the staff read why, and it ends by the server's clock", async () => {
  await fern.act(await muting(fern.ledger, id(wren), 300, "Links are not for here."));
  await everyone();
  expect(silenced(wren)).toMatchObject({ why: "muted", until: relay.time + 300_000, by: "Fern", reason: "Links are not for here." });
  const [wrens, mosss, ferns] = [wren, moss, fern].map((person) => person.deeds.at(-1));
  expect(wrens).toMatchObject({ what: "mute", whom: { pseudonym: "Wren" }, reason: "Links are not for here.", length: 300 });
  expect(ferns?.reason).toBe("Links are not for here.");
  expect(mosss).toMatchObject({ what: "mute", reasoned: true, reason: null });
  expect(moss.lines.at(-1)).not.toMatchObject({ what: "mute" });
  expect(membersOf(fern.ledger, new Set()).find(({ me, muted }) => !me && muted)?.pseudonym).toBe("Wren");
  relay.time += 299_000;
  expect(silenced(wren)?.why).toBe("muted");
  relay.time += 1_000;
  expect(silenced(wren)).toBeNull();
  expect(warned()).toEqual([]);
});

test("a quiet room silences members, not the staff; a mute goes before it", async () => {
  await agree(fern, { action: "mute_all", target: null, on: true });
  expect([fern, wren].map((person) => silenced(person)?.why)).toEqual([undefined, "quiet"]);
  expect(wren.lines.at(-1)).toMatchObject({ what: "quiet", by: "Fern" });
  await fern.act(await muting(fern.ledger, id(wren), "lifted", null));
  await everyone();
  expect(silenced(wren)).toMatchObject({ why: "muted", until: null, reason: null });
  await agree(fern, { action: "unmute", target: id(wren) });
  await agree(fern, { action: "mute_all", target: null, on: false });
  expect(silenced(wren)).toBeNull();
});

test("a message is taken down, and put back: its place stays, its words are kept for as long as it can be undone", async () => {
  const { seq } = await wren.say("Buy my tea.");
  await everyone();
  await fern.act(await takingDown(fern.ledger, shelf(fern), seq, "No selling here."));
  await everyone();
  expect(message(moss, seq)).toMatchObject({ text: "Buy my tea.", down: { by: "Fern", reason: null } });
  expect(message(wren, seq)).toMatchObject({ mine: true, down: { reason: "No selling here." } });
  expect(moss.ledger.record.fading).toEqual([seq]);
  // Moss's device lets go of it before it is put back, Wren's does not.
  moss.lines = moss.lines.map((line): TimelineItem => (line.seq === seq ? emptied(message(moss, seq)) : line));
  await fern.act(await restoring(shelf(fern), seq));
  await everyone();
  expect(message(wren, seq)).toMatchObject({ text: "Buy my tea.", down: null });
  expect(message(moss, seq)).toMatchObject({ text: "", down: { restored: true } });
  expect([wren, moss].map(({ ledger }) => ledger.record.fading)).toEqual([[], []]);
  expect(warned()).toEqual([]);
});

test("a takedown in the name of someone who did not write the line is not followed", async () => {
  const { seq } = await wren.say("My own words.");
  await everyone();
  await agree(fern, { action: "take_down", target: id(moss), line: seq, reason: null });
  expect(message(moss, seq)).toMatchObject({ text: "My own words.", down: null });
  expect(moss.warnings).toEqual(["policy_forged"]);
  await agree(fern, { action: "mute_all", target: null, on: true });
  expect(moss.ledger.state.quiet).toBe(true);
});

test("who was away gets the bare line first: a takedown explains it, or it was withheld", async () => {
  const first = await wren.say("one");
  const second = await wren.say("two");
  await Promise.all([fern.catchUp(), wren.catchUp()]);
  await fern.act(await takingDown(fern.ledger, shelf(fern), first.seq, null));
  const bare = relay.log.map((line) =>
    [first.seq, second.seq].includes(line.seq) ? { ...line, body: null, commitment: null, stamp: null } : line,
  );
  await moss.catchUp(bare);
  expect(message(moss, first.seq)).toMatchObject({ pseudonym: "Wren", text: "", down: { by: "Fern" } });
  expect(moss.lines.find(({ seq }) => seq === second.seq)).toMatchObject({ kind: "notice", what: "withheld" });
  expect(moss.warnings).toEqual([]);
  moss.ledger.trust.judge();
  expect(moss.warnings).toEqual(["withheld"]);
  expect(moss.ledger.halted).toBe(false);
});

const DAY = 86_400_000;
test.each([
  { name: "the group keeps everything", days: null, later: 8, warned: true },
  { name: "the line before is older than the group keeps", days: 7, later: 8, warned: false },
  { name: "the line before is younger than that", days: 7, later: 6, warned: true },
])("a gap, where $name", async ({ days, later, warned: expected }) => {
  const { record } = moss.ledger;
  const [{ head: after }, since] = [record, relay.log.length];
  await wren.say("one");
  await wren.say("two");
  await fern.catchUp();
  relay.time += later * DAY;
  if (days !== null) await fern.act({ action: { action: "retain", target: null, days } });
  expect(moss.ledger.takeGap({ t: "gap", room: record.room, after, until: since + 2 }).lines).toMatchObject([{ what: "gap" }]);
  await moss.catchUp();
  moss.ledger.trust.judge();
  expect(moss.warnings).toEqual(expected ? ["gap_unexplained"] : []);
  expect(record.head).toBe(relay.log.length);
});

test("a gap after a hole stops everything", () => {
  const { record } = moss.ledger;
  moss.ledger.takeGap({ t: "gap", room: record.room, after: record.head + 1, until: record.head + 3 });
  expect(moss.warnings).toEqual(["seq_hole"]);
});

test("what the server says of who may not write is held against the policy it names", async () => {
  const { trust, record } = wren.ledger;
  const before = record.policySeq;
  expect(trust.founded("muted", before)).toBe(false);
  const { seq } = (await fern.act(await muting(fern.ledger, id(wren), 120, null)))[0] ?? { seq: 0 };
  expect(trust.founded("muted", seq)).toBeNull();
  await everyone();
  expect([trust.founded("muted", seq), trust.founded("quiet", seq), trust.founded("listening", seq)]).toEqual([true, false, false]);
  // The refusal was on its way while the mute was lifted.
  await agree(fern, { action: "unmute", target: id(wren) });
  expect([trust.founded("muted", seq), trust.founded("muted", record.policySeq)]).toEqual([true, false]);
});

test("nobody becomes a moderator without their word, and whoever hands over may go", async () => {
  await agree(fern, { action: "offer", target: id(wren), role: "moderator" });
  expect(offerOf(wren.ledger.state, id(wren))).toEqual({ role: "moderator", by: "Fern" });
  expect(wren.ledger.state.members[id(wren)]?.role).toBe("member");
  await wren.act(accepting(wren.ledger));
  await everyone();
  expect(moss.lines.at(-1)).toMatchObject({ what: "role", who: "Wren", role: "moderator" });
  await wren.act(await muting(wren.ledger, id(moss), "session", "A pause."));
  await everyone();
  expect(silenced(moss)).toMatchObject({ by: "Wren", session: true, reason: "A pause." });
  expect(fern.deeds.at(-1)).toMatchObject({ by: { pseudonym: "Wren" }, reason: "A pause." });
  await expect(fern.act({ action: { action: "step_down", target: null, role: "member" } })).rejects.toMatchObject({ code: "last_owner" });
  await agree(fern, { action: "offer", target: id(wren), role: "owner" });
  await wren.act(accepting(wren.ledger));
  await everyone();
  await agree(fern, { action: "step_down", target: null, role: "member" });
  await agree(wren, { action: "demote", target: id(moss), role: "guest" });
  expect([fern, wren, moss].map((person) => moss.ledger.state.members[id(person)]?.role)).toEqual(["member", "owner", "guest"]);
  expect(warned()).toEqual([]);
});

test("who is removed reads why, and others only that there was a reason", async () => {
  await fern.act(await removing(fern.ledger, id(wren), true, "You wrote to people outside."));
  await everyone();
  expect(wren.ledger.record.ending).toBe("removed");
  expect(wren.deeds.at(-1)).toMatchObject({ what: "remove", ban: true, by: { pseudonym: "Fern" }, reason: "You wrote to people outside." });
  expect(moss.deeds.at(-1)).toMatchObject({ reasoned: true, reason: null });
  expect(moss.ledger.state.banned).toMatchObject([{ pseudonym: "Wren" }]);
});

test("a message is folded away by its author or the staff, by nobody else; who steps out says so", async () => {
  const { seq } = await wren.send({ kind: "text", note: "hospital", text: "They kept me in." });
  await everyone();
  expect(message(fern, seq).folded).toEqual({ note: "hospital", by: null });
  await moss.send({ kind: "note", line: seq, note: null });
  await everyone();
  expect(message(fern, seq).folded).not.toBeNull();
  await fern.send({ kind: "note", line: seq, note: "illness" });
  await everyone();
  expect(message(moss, seq).folded).toEqual({ note: "illness", by: "Fern" });
  await moss.send({ kind: "away", away: true });
  await everyone();
  const away = () => membersOf(fern.ledger, new Set()).flatMap((member) => (member.away ? member.pseudonym : []));
  expect(away()).toEqual(["Moss"]);
  expect(wren.lines.at(-1)).toMatchObject({ what: "away", who: "Moss" });
  await moss.say("I am here again");
  await everyone();
  expect(away()).toEqual([]);
  expect(warned()).toEqual([]);
});

test("who comes: each member's newest answer counts, about a session that is planned", async () => {
  const [plan, start] = ["01981000-0000-7000-8000-000000000001", relay.time + 9_000_000];
  const words = { title: "Slow Tuesday", note: "", zone: "UTC", rule: null };
  await fern.act({ action: { action: "plan", target: null, plan, starts: [start], minutes: 60, clock: false, ...words } });
  await everyone();
  await wren.send({ kind: "attend", plan, start, answer: "coming" });
  await everyone();
  await moss.send({ kind: "attend", plan, start, answer: "listening" });
  await everyone();
  await wren.send({ kind: "attend", plan, start, answer: "not_today" });
  await everyone();
  await wren.send({ kind: "attend", plan, start: start + 1, answer: "coming" });
  await everyone();
  const said = { [answersName(plan, start)]: { [id(wren)]: "not_today", [id(moss)]: "listening" } };
  expect([fern, wren, moss].map(({ ledger }) => ledger.record.answers)).toEqual([said, said, said]);
  expect(warned()).toEqual([]);
});
