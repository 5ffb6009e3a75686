import { afterEach, beforeEach, expect, test } from "vitest";
import { ask, guest, host, letIn, Person } from "../../tests/people.ts";
import { Relay, STAMP, STATE } from "../../tests/relay.ts";
import { b64decode, b64encode } from "../crypto/bytes.ts";
import { GroupCrypto } from "../crypto/group.ts";
import { sha256 } from "../crypto/mac.ts";
import type { Envelope } from "../net/wire.ts";
import { type Action, shown } from "./actions.ts";
import { prepare } from "./acts.ts";
import { readApplicants } from "./admission.ts";
import { uuidBytes, uuidv7 } from "./ids.ts";
import { enterGroup, type Answer } from "./joining.ts";
import { isAsAsked } from "./namesakes.ts";
import { propose } from "./policy.ts";
import { saidContent } from "./said.ts";
import { policyContent, stateContent } from "./state.ts";

const loadNames = () => import("./names.ts");

const AGREE = { action: "agree", target: null, version: 1 } as const;

let relay: Relay;
let [fern, wren, moss]: Person[] = [];

function need(person: Person | undefined): Person {
  if (!person) throw new Error("this person is not here");
  return person;
}

beforeEach(async () => {
  relay = await Relay.start();
  fern = await host(relay);
  wren = await guest(relay, fern, "Wren");
  moss = await guest(relay, fern, "Moss");
  await Promise.all([fern.catchUp(), wren.catchUp()]);
});

afterEach(() => relay.stop());

function people(): [Person, Person, Person] {
  return [need(fern), need(wren), need(moss)];
}

/** A line that the relay makes up or bends. */
function forge(from: Person, line: Partial<Envelope>): Envelope {
  const { record, group } = from.ledger;
  return {
    t: "envelope", room: record.room, seq: relay.log.length + 1, time: 0, kind: "message", leaf: from.leaf,
    epoch: group.epoch, client_id: uuidv7(), body: "", commitment: null, stamp: STAMP, policy: null, ...line,
  };
}

async function policyLine(from: Person, action: Action, clear: Partial<NonNullable<Envelope["policy"]>> = {}): Promise<Envelope> {
  const { record } = from.ledger;
  const message = propose(record.state, record.me, record.policySeq, action);
  const sealed = await from.ledger.keys.seal(policyContent(message));
  const policy = { action: action.action, policy_seq: record.policySeq, main: null, ...shown(action), ...clear };
  return forge(from, { kind: "policy", ...sealed, policy });
}

test("an evening: all read each other, one is removed, the others talk on", async () => {
  const [f, w, m] = people();
  await f.say("hello");
  await w.catchUp();
  await w.say("hello, Fern");
  await m.catchUp();
  const target = m.ledger.record.me;
  const { index } = m.ledger.group.me;
  await f.catchUp();
  await f.act({ action: { action: "remove", target, ban: false, reason: null }, commit: (group) => group.remove([index]) });
  await Promise.all([w.catchUp(), m.catchUp()]);
  await w.say("without Moss");
  await Promise.all([f.catchUp(), m.catchUp()]);
  expect(f.texts).toEqual(["Fern: hello", "Wren: hello, Fern", "Wren: without Moss"]);
  expect(w.texts).toEqual(f.texts);
  expect(m.texts).toEqual(["Fern: hello", "Wren: hello, Fern"]);
  expect(m.ledger.record.ending).toBe("removed");
  expect([f, w, m].flatMap((person) => person.warnings)).toEqual([]);
});

test("what the relay should not have taken is shown and warned of", async () => {
  const [f, w, m] = people();
  await f.act({ action: { action: "mute", target: w.ledger.record.me, length: "lifted", reason: null } });
  await f.act({ action: { action: "pause", target: null, note: null } });
  await w.say("let through");
  await Promise.all([f.catchUp(), m.catchUp()]);
  expect(m.texts).toEqual(["Wren: let through"]);
  expect(m.warnings).toEqual(["let_through"]);
  await f.say("those who look after the room may");
  expect((await f.catchUp()).warnings).toEqual(["let_through"]);
  const newcomer = await guest(relay, f, "Jay");
  await f.act({ action: { action: "resume", target: null } });
  await newcomer.catchUp();
  await newcomer.say("and so may I");
  expect((await newcomer.catchUp()).warnings).toEqual([]);
});

test("someone leaves: nothing can be sent until their leaf is out of the tree", async () => {
  const [f, w, m] = people();
  await m.act({ action: { action: "leave", target: null } });
  await Promise.all([f.catchUp(), w.catchUp()]);
  expect(m.ledger.record.ending).toBe("left");
  expect(w.ledger.departed).toHaveLength(1);
  await expect(f.act({ action: { action: "leave", target: null } })).rejects.toMatchObject({ code: "rekey_required" });
  await w.act({ commit: (group) => group.remove(w.ledger.departed.map(({ index }) => index)) });
  await f.catchUp();
  expect(f.ledger.departed).toEqual([]);
  await f.say("only us two");
  expect((await w.catchUp()).texts).toEqual(["Fern: only us two"]);
});

test("someone comes back on another device: the old one is out, and the others know who it is", async () => {
  const [f, w, m] = people();
  const old = w.ledger.record.me;
  const join = await ask(relay, f, "Wren", old);
  const [applicant] = (await readApplicants(relay.api, f.ledger, loadNames)).filter(({ request }) => request === join.request);
  expect(applicant).toMatchObject({ genuine: true, replaces: { pseudonym: "Wren", allowed: true } });
  const answer = await letIn(relay, f, join);
  const back = await new Person(relay, await enterGroup(join, answer)).catchUp();
  await Promise.all([w.catchUp(), m.catchUp()]);
  expect(w.ledger.record.ending).toBe("moved");
  expect(() => w.ledger.group).toThrow("not_a_member");
  expect(m.lines.at(-1)).toMatchObject({ what: "returned", who: "Wren", by: "Fern" });
  expect(m.lines.at(-1)).not.toHaveProperty("once");

  expect(m.ledger.departed.map(({ identity }) => b64encode(identity))).toEqual([old]);
  await m.act({ commit: (group) => group.remove(m.ledger.departed.map(({ index }) => index)) });
  await Promise.all([f.catchUp(), back.catchUp()]);
  await back.say("here again");
  await Promise.all([f.catchUp(), w.catchUp(), m.catchUp()]);
  expect(m.texts).toEqual(["Wren: here again"]);
  expect(w.texts).toEqual([]);
  expect(Object.keys(f.ledger.state.members)).toHaveLength(3);
  expect([f, w, m, back].flatMap((person) => person.warnings)).toEqual([]);
});

test("whoever comes in as someone else is shown under both names; as nobody, not at all", async () => {
  const [f, , m] = people();
  const join = await ask(relay, f, "Ada", m.ledger.record.me);
  const ghost = await ask(relay, f, "Ghost", b64encode(new Uint8Array(16)));
  const applicants = await readApplicants(relay.api, f.ledger, loadNames);
  const seen = (request: string) => applicants.find((one) => one.request === request);
  expect(seen(join.request)).toMatchObject({ pseudonym: "Ada", replaces: { pseudonym: "Moss" } });
  expect(seen(ghost.request)).toMatchObject({ genuine: false, replaces: null });
  await letIn(relay, f, join);
  expect(f.lines.at(-1)).toMatchObject({ what: "returned", who: "Ada", once: "Moss" });
});

test("a replacement that was changed on the way is void", async () => {
  const [f, w, m] = people();
  await letIn(relay, f, await ask(relay, f, "Wren", w.ledger.record.me));
  const [announced] = relay.log.slice(-3);
  if (!announced?.policy) throw new Error("nothing was announced");
  await m.catchUp([{ ...announced, policy: { ...announced.policy, replaces: m.ledger.record.me } }]);
  expect(m.warnings).toEqual(["policy_forged"]);
  expect(m.ledger.record.ending).toBeNull();
});

test.each(["remove", "add"])("an unannounced %s is refused before MLS sees it", async (kind) => {
  const [f, w, m] = people();
  const join = await ask(relay, f, "Nora");
  const made =
    kind === "add" ? await m.ledger.group.add(join.own.message) : await m.ledger.group.remove([f.ledger.group.me.index]);
  const before = w.ledger.group;
  await w.catchUp([forge(m, { kind: "handshake", body: b64encode(made.commit) })]);
  expect(w.warnings).toEqual(["unannounced_change"]);
  expect(w.ledger.group).toBe(before);
  expect(w.ledger.halted).toBe(true);
});

test("an Add of another KeyPackage than the announced one is refused", async () => {
  const [f, w] = people();
  const join = await ask(relay, f, "Nora");
  await letIn(relay, f, join);
  const swapped = await ask(relay, f, "Mallory");
  const made = await w.ledger.group.add(swapped.own.message);
  const [announcement] = relay.log.slice(-3);
  if (!announcement) throw new Error("nothing was announced");
  await w.catchUp([announcement]);
  await w.catchUp([{ ...forge(f, { kind: "handshake", body: b64encode(made.commit) }), seq: announcement.seq + 1, epoch: w.ledger.group.epoch }]);
  expect(w.warnings).toEqual(["unannounced_change"]);
});

test("an admission whose commit is withheld stops everything", async () => {
  const [f, w, m] = people();
  await letIn(relay, f, await ask(relay, f, "Nora"));
  const [announcement] = relay.log.slice(-3);
  if (!announcement) throw new Error("nothing was announced");
  const sealed = await m.ledger.keys.seal(new TextEncoder().encode('{"kind":"text","note":null,"text":"before the commit"}'));
  await w.catchUp([announcement, { ...forge(m, sealed), seq: announcement.seq + 1 }]);
  expect(w.warnings).toEqual(["unannounced_change"]);
  expect(w.texts).toEqual([]);
});

test("an update path with another identity is refused", async () => {
  const [, w, m] = people();
  const { commit } = await m.ledger.group.update();
  const own = b64encode(m.ledger.group.me.identity);
  const identity = b64decode(own);
  const at = commit.findIndex((_, index) => identity.every((byte, offset) => commit[index + offset] === byte));
  const bent = commit.map((byte, index) => (index === at ? byte ^ 1 : byte));
  expect(at).toBeGreaterThan(0);
  await w.catchUp([forge(m, { kind: "handshake", body: b64encode(bent) })]);
  expect(w.warnings).toEqual(["identity_changed"]);
});

/** A commit of this person's with a right public part and a confirmation tag that is none. */
async function bentUpdate(from: Person): Promise<Envelope> {
  const { commit } = await from.ledger.group.update();
  return forge(from, { kind: "handshake", body: b64encode(commit.map((byte, index) => (index === commit.length - 36 ? byte ^ 1 : byte))) });
}

/** What someone new enters with: the request, and what the relay answers to it. */
async function admitted(by: Person): Promise<[Awaited<ReturnType<typeof ask>>, Answer]> {
  const join = await ask(relay, by, "Rosa");
  return [join, await letIn(relay, by, join)];
}

test("a commit that cannot be applied is waited out, and undone by the void line after it", async () => {
  const [f, w, m] = people();
  const { epoch } = w.ledger.group;
  const bent = await bentUpdate(m);
  relay.log.push(bent);
  await Promise.all([f.catchUp(), w.catchUp()]);
  expect([w.ledger.stuck, w.ledger.group.epoch, w.warnings]).toEqual([true, epoch, []]);
  relay.log.push({ ...bent, seq: bent.seq + 1, kind: "void", body: null });
  await Promise.all([f.catchUp(), w.catchUp()]);
  expect(w.lines.at(-1)).toMatchObject({ what: "voided", who: null });
  expect(f.lines.at(-1)).toMatchObject({ what: "voided", who: "Moss" });
  await w.act({ commit: (group) => group.update() });
  await w.say("we go on");
  expect((await f.catchUp()).texts).toEqual(["Wren: we go on"]);
  expect([f, w].flatMap((person) => person.warnings)).toEqual([]);
});

const CAPABILITIES = [2, 0, 1, 2, 0, 1, 0, 0, 2, 0, 1];

/** `commit` with other bytes in the last list of capabilities that stands in it. */
function capable(commit: Uint8Array, changed: readonly number[]): Uint8Array {
  const at = commit.findLastIndex((_, index) => CAPABILITIES.every((byte, offset) => commit[index + offset] === byte));
  if (at < 0) throw new Error("there are no capabilities");
  return Uint8Array.from([...commit.slice(0, at), ...changed, ...commit.slice(at + CAPABILITIES.length)]);
}

test.each<[string, (commit: Uint8Array) => Uint8Array]>([
  ["a leaf of an unknown version", (commit) => capable(commit, [2, 10, 10, 2, 0, 1, 0, 0, 2, 0, 1])],
  ["a leaf that can do more than it says it must", (commit) => capable(commit, [2, 0, 1, 2, 0, 2, 0, 0, 2, 0, 1])],
  ["a leaf with an unknown kind of credential", (commit) => capable(commit, [2, 0, 1, 2, 0, 1, 0, 0, 2, 10, 10])],
  ["no bytes at all", () => new Uint8Array()],
  ["half a commit", (commit) => commit.slice(0, commit.length / 2)],
  ["bytes that are none of MLS", () => new Uint8Array(300).fill(255)],
  ["a byte too many", (commit) => Uint8Array.from([...commit, 0])],
])("%s stops nobody: this page says that it cannot follow, and goes on when that is taken back", async (_, bend) => {
  const [f, w, m] = people();
  const { commit } = await m.ledger.group.update();
  const bent = forge(m, { kind: "handshake", body: b64encode(bend(commit)) });
  relay.log.push(bent);
  await Promise.all([f.catchUp(), w.catchUp()]);
  expect(w.ledger.word).toEqual({ t: "epoch", room: w.ledger.record.room, seq: bent.seq, ok: false });
  expect([w.ledger.stuck, w.ledger.halted, w.warnings]).toEqual([true, false, []]);
  relay.log.push(voiding(bent));
  await Promise.all([f.catchUp(), w.catchUp(), m.catchUp()]);
  await w.act({ commit: (group) => group.update() });
  await f.catchUp();
  await f.say("we go on");
  expect((await w.catchUp()).texts).toEqual(["Fern: we go on"]);
  expect([f, w].flatMap((person) => person.warnings)).toEqual([]);
});

test("a newcomer's leaf that breaks the profile is not let in, and who let them in goes on", async () => {
  const [f, w] = people();
  const before = w.ledger.record.state;
  await letIn(relay, f, await ask(relay, f, "Rosa"));
  const [announced, commit, state] = relay.log.slice(-3);
  if (!announced || !commit || !state) throw new Error("nothing was announced");
  const body = b64encode(capable(b64decode(commit.body ?? ""), [2, 10, 10, 2, 0, 1, 0, 0, 2, 0, 1]));
  await w.catchUp([announced, { ...commit, body }, state]);
  expect([w.ledger.word?.ok, w.ledger.halted, w.warnings]).toEqual([false, false, []]);
  await w.catchUp([voiding(commit)]);
  expect([w.ledger.record.state, w.warnings]).toEqual([before, []]);
});

test("who can apply what is voided goes back, too; what was sealed meanwhile is sealed again", async () => {
  const [f, w, m] = people();
  const [commit] = await m.act({ commit: (group) => group.update() });
  if (!commit) throw new Error("nothing was stored");
  await Promise.all([f.catchUp(), w.catchUp()]);
  w.ledger.record.outbox = [
    { id: uuidv7(), said: { kind: "text", note: null, text: "hm" }, time: 0, state: "sending", code: null, claim: null,
      sealed: await w.ledger.keys.seal(new Uint8Array(8)), kfs: {} },
  ];
  relay.log.push({ ...commit, seq: commit.seq + 1, kind: "void", body: null });
  await Promise.all([f.catchUp(), w.catchUp(), m.catchUp()]);
  expect([f, w, m].map(({ ledger }) => ledger.group.epoch)).toEqual(Array(3).fill(commit.epoch));
  expect(w.ledger.record.outbox[0]?.sealed).toBeNull();
  await m.say("once more");
  expect((await f.catchUp()).texts).toEqual((await w.catchUp()).texts);
  expect(f.texts).toEqual(["Moss: once more"]);
});

/** The line that takes back the newest commit. */
function voiding(commit: Envelope): Envelope {
  return { ...commit, seq: relay.log.length + 1, kind: "void", body: null };
}

test("a voided commit is not applied a second time, and one that stands ends the memory of it", async () => {
  const [f, w, m] = people();
  const [commit] = await m.act({ commit: (group) => group.update() });
  if (!commit) throw new Error("nothing was stored");
  await Promise.all([f.catchUp(), w.catchUp()]);
  relay.log.push(voiding(commit));
  await Promise.all([f.catchUp(), w.catchUp()]);
  expect(w.ledger.record.voided).toHaveLength(1);
  await w.catchUp([{ ...commit, seq: relay.log.length + 1, client_id: uuidv7() }]);
  expect([w.warnings, w.ledger.stuck, w.ledger.group.epoch]).toEqual([[], true, commit.epoch]);

  await f.act({ commit: (group) => group.update() });
  await f.say("we go on");
  expect([f.ledger.record.voided, f.warnings]).toEqual([[], []]);
});

test("what could not be applied before it was voided can come again", async () => {
  const [, w, m] = people();
  const bent = await bentUpdate(m);
  await w.catchUp([bent, { ...bent, seq: bent.seq + 1, kind: "void", body: null }, { ...bent, seq: bent.seq + 2 }]);
  expect([w.ledger.stuck, w.warnings]).toEqual([true, []]);
});

test("acts and keys of a voided epoch are given up, and an own update is due again", async () => {
  const [f, w] = people();
  w.ledger.record.sinceUpdate = 7;
  w.ledger.record.renewed = 5;
  const [commit] = await w.act({ commit: (group) => group.update() });
  if (!commit) throw new Error("nothing was stored");
  await f.catchUp();
  const act = await prepare(f.ledger, { action: AGREE });
  f.ledger.record.act = act;
  const said = { kind: "text", note: null, text: "hm" } as const;
  const { sealed, kf } = await f.ledger.keys.sealMessage(saidContent(said));
  const kfs = { [sealed.commitment]: { epoch: sealed.epoch, kf: b64encode(kf) }, before: { epoch: commit.epoch, kf: "" } };
  f.ledger.record.outbox = [{ id: uuidv7(), said, time: 0, state: "sending", code: null, claim: null, sealed: null, kfs }];
  expect([w.ledger.record.sinceUpdate, w.ledger.record.renewed]).toEqual([0, commit.time]);
  relay.log.push(voiding(commit));
  await Promise.all([f.catchUp(), w.catchUp()]);
  expect([f.ledger.record.act, f.ledger.late]).toEqual([null, act.frame.client_id]);
  expect(Object.keys(f.ledger.record.outbox[0]?.kfs ?? {})).toEqual(["before"]);
  expect([w.ledger.record.sinceUpdate, w.ledger.record.renewed]).toEqual([7, 5]);
});

test("a voided admission is undone, a voided removal is not", async () => {
  const [f, w, m] = people();
  const before = w.ledger.record.state;
  const back = await new Person(relay, await enterGroup(...(await admitted(f)))).catchUp();
  await w.catchUp();
  const [, commit] = relay.log.slice(-3);
  if (!commit) throw new Error("nothing was stored");
  relay.log.push({ ...commit, seq: relay.log.length + 1, kind: "void", body: null });
  await Promise.all([f.catchUp(), w.catchUp(), m.catchUp(), back.catchUp()]);
  expect(back.ledger.record.ending).toBe("undone");
  expect(w.ledger.record.state).toEqual(before);
  expect(f.ledger.record.state).toEqual(before);
  await w.say("just us");
  await Promise.all([f.catchUp(), m.catchUp()]);

  const { index } = m.ledger.group.me;
  const target = m.ledger.record.me;
  const removal = await f.act({ action: { action: "remove", target, ban: false, reason: null }, commit: (group) => group.remove([index]) });
  const changed = removal.at(-1);
  if (!changed) throw new Error("nothing was stored");
  relay.log.push({ ...changed, seq: relay.log.length + 1, kind: "void", body: null });
  await Promise.all([f.catchUp(), w.catchUp()]);
  expect(Object.keys(w.ledger.state.members)).not.toContain(target);
  expect(w.ledger.departed).toHaveLength(1);
  await w.act({ commit: (group) => group.remove(w.ledger.departed.map((leaf) => leaf.index)) });
  await w.say("without Moss");
  expect((await f.catchUp()).texts).toEqual(["Wren: just us", "Wren: without Moss"]);
});

test("a device that alone cannot follow is out; a void line anywhere else stops everything", async () => {
  const [f, w, m] = people();
  const bent = await bentUpdate(m);
  await w.catchUp([bent, { ...forge(f, {}), seq: bent.seq + 1 }]);
  expect([w.warnings, w.ledger.record.ending]).toEqual([["bad_commit"], "lost"]);
  const [commit] = await m.act({ commit: (group) => group.update() });
  if (!commit) throw new Error("nothing was stored");
  await m.say("it stands");
  await f.catchUp();
  await f.catchUp([{ ...commit, seq: relay.log.length + 1, kind: "void", body: null }]);
  expect([f.warnings, f.ledger.halted]).toEqual([["void_unfounded"], true]);
});

test("a member's act beyond their rank, and one whose clear half lies, are void", async () => {
  const [f, w, m] = people();
  await w.catchUp([await policyLine(m, { action: "remove", target: f.ledger.record.me, ban: false, reason: null })]);
  expect(w.warnings).toEqual(["policy_forged"]);
  const target = w.ledger.record.me;
  await m.catchUp([await policyLine(f, { action: "remove", target: m.ledger.record.me, ban: false, reason: null }, { target })]);
  expect(m.warnings).toEqual(["policy_forged"]);
  expect(m.ledger.record.ending).toBeNull();
});

test("a removal that names another in clear is void, and this device says that it cannot apply its commit", async () => {
  const [f, w, m] = people();
  const { index } = m.ledger.group.me;
  const [remove, commit] = await f.act({ action: { action: "remove", target: m.ledger.record.me, ban: false, reason: null }, commit: (group) => group.remove([index]) });
  if (!remove?.policy || !commit) throw new Error("nothing was stored");
  await w.catchUp([...relay.log.slice(0, -2), { ...remove, policy: { ...remove.policy, target: w.ledger.record.me } }, commit]);
  expect(w.warnings).toEqual(["policy_forged"]);
  expect([w.ledger.halted, w.ledger.stuck, w.ledger.word?.ok]).toEqual([false, true, false]);
  await w.catchUp([{ ...commit, seq: relay.log.length + 1, kind: "void", body: null }]);
  expect([w.ledger.stuck, w.ledger.departed]).toEqual([false, []]);
  expect(w.ledger.record.ending).toBeNull();
});

test.each(["noise", "another ground", "garbled"])("a policy message of %s is void: all go on from its seq alike", async (junk) => {
  const [f, w, m] = people();
  const { record } = m.ledger;
  const content =
    junk === "noise"
      ? new TextEncoder().encode("junk")
      : policyContent({ ...propose(record.state, record.me, record.policySeq, AGREE), state: b64encode(new Uint8Array(32)) });
  const sealed = await m.ledger.keys.seal(content);
  const body = junk === "garbled" ? `${sealed.body.slice(0, -6)}AAAAAA` : sealed.body;
  const frame = { t: "act" as const, room: record.room, client_id: uuidv7() };
  relay.take({ ...frame, policy: { ...shown(AGREE), action: "agree", policy_seq: record.policySeq, main: null, ...sealed, body } }, m.leaf);
  await Promise.all([f, w, m].map((person) => person.catchUp()));
  await w.act({ action: AGREE });
  await f.catchUp();
  await f.say("I saw that");
  for (const person of [f, w, m]) {
    await person.catchUp();
    expect(person.warnings).toEqual(["policy_forged"]);
    expect(person.texts).toEqual(["Fern: I saw that"]);
    expect(person.ledger.record.policySeq).toBe(relay.log.length - 1);
  }
});

test("another state than the agreed one is noticed, and the evening goes on", async () => {
  const [f, w] = people();
  const told = await f.ledger.keys.seal(stateContent({ ...f.ledger.state, name: "Elsewhere" }));
  await w.catchUp([forge(f, { kind: "policy", ...told, policy: STATE })]);
  expect(w.warnings).toEqual(["state_forged"]);
  expect(w.ledger.halted).toBe(false);
  expect(w.ledger.state.name).toBe("Tuesday evening");
});

test("a message that could not be reported, or comes from someone else, is not shown, and the evening goes on", async () => {
  const [f, w, m] = people();
  const first = await f.say("one");
  await w.catchUp([{ ...first, commitment: b64encode(new Uint8Array(32)) }]);
  const second = await f.say("two");
  await w.catchUp([{ ...second, leaf: m.leaf }]);
  await f.say("three");
  await w.catchUp();
  expect(w.warnings).toEqual(["bad_commitment", "wrong_sender"]);
  expect(w.texts).toEqual(["Fern: three"]);
  expect(w.ledger.halted).toBe(false);
});

test.each(['{"kind":"text","note":null,"text":"a","x":1}', '{"kind":"text","note":null, "text":"a"}', '{"kind":"text","note":null,"text":"\\ud800"}', '\ufeff{"kind":"text","note":null,"text":"a"}', '{"kind":"text","text":"a"}', '{"kind":"state"}', '[]'])(
  "%s is no message, here as in the SDK",
  async (content) => {
    const [f, w] = people();
    const sealed = await f.ledger.keys.seal(new TextEncoder().encode(content));
    await w.catchUp([forge(f, sealed)]);
    expect(w.warnings).toEqual(["unreadable"]);
    expect(w.texts).toEqual([]);
  },
);

test.each([
  { kind: "text", note: null, text: "though the room is closed" },
  { kind: "note", line: 1, note: "hidden" },
  { kind: "card", line: null, title: "Known", text: "words" },
  { kind: "help", help: true },
] as const)("a reaction cannot say what a message says: $kind", async (said) => {
  const [f, w] = people();
  const sealed = await f.ledger.keys.seal(saidContent(said));
  await w.catchUp([forge(f, { kind: "reaction", ...sealed })]);
  expect(w.warnings).toEqual(["unreadable"]);
  expect(w.lines.at(-1)).toMatchObject({ what: "unreadable" });
  expect(w.texts).toEqual([]);
});

test("a reaction of a kind that is not known is passed over", async () => {
  const [f, w] = people();
  const sealed = await f.ledger.keys.seal(new TextEncoder().encode('{"kind":"wave"}'));
  const before = w.lines.length;
  await w.catchUp([forge(f, { kind: "reaction", ...sealed })]);
  expect([w.warnings, w.lines.length]).toEqual([[], before]);
});

test("a hole stops everything, what came before is passed over", async () => {
  const [f, w] = people();
  await f.say("one");
  const second = await f.say("two");
  await w.catchUp([...relay.log.slice(0, -2), second]);
  expect(w.warnings).toEqual(["seq_hole"]);
  expect(w.texts).toEqual([]);
  const again = await f.catchUp();
  expect(again.texts).toEqual(["Fern: one", "Fern: two"]);
});

test("someone else's words under one's own leaf are not shown as one's own", async () => {
  const [f, w] = people();
  const line = await f.say("one");
  const { record } = w.ledger;
  const id = uuidv7();
  record.outbox = [{ id, said: { kind: "text", note: null, text: "two" }, time: 0, state: "sending", code: null, claim: null, sealed: null, kfs: {} }];
  await w.catchUp([{ ...line, leaf: w.leaf, client_id: id }]);
  expect(w.texts).toEqual([]);
  expect(w.warnings).toEqual(["unreadable"]);
  expect(record.outbox).toHaveLength(1);
});

test.each([
  ["unannounced_group", (answer: Answer): Answer => ({ ...answer, room: uuidv7() })],
  ["wrong_reply", (answer: Answer): Answer => ({ ...answer, reply: b64encode(new Uint8Array(32)) })],
  ["tree_mismatch", (answer: Answer): Answer => ({ ...answer, tree: b64encode(fern?.ledger.group.tree.slice(1) ?? new Uint8Array()) })],
])("a joiner notices %s", async (code, bend) => {
  const [f] = people();
  const join = await ask(relay, f, "Juniper");
  const answer = await letIn(relay, f, join);
  await expect(enterGroup(join, bend(answer))).rejects.toMatchObject({ code });
});

test("a Welcome into the server's own group is refused by the joiner", async () => {
  const [f] = people();
  const join = await ask(relay, f, "Juniper");
  const answer = await letIn(relay, f, join);
  const trap = await (await GroupCrypto.create(uuidBytes(uuidv7()), Date.now())).add(join.own.message);
  const bent = { ...answer, welcome: trap.welcome && b64encode(trap.welcome), tree: b64encode(trap.next.tree) };
  await expect(enterGroup(join, bent)).rejects.toMatchObject({ code: "unannounced_group" });
  const lookalike = await (await GroupCrypto.create(uuidBytes(f.ledger.record.room), Date.now())).add(join.own.message);
  const same = { ...answer, welcome: lookalike.welcome && b64encode(lookalike.welcome), tree: b64encode(lookalike.next.tree) };
  await expect(enterGroup(join, same)).rejects.toMatchObject({ code: "wrong_reply" });
});

test("a joiner is not told of a roster that does not fit the keys", async () => {
  const [f] = people();
  const join = await ask(relay, f, "Juniper");
  const record = await enterGroup(join, await letIn(relay, f, join));
  const unnamed = need(moss).ledger.record.me;
  const members = Object.fromEntries(Object.entries(f.ledger.state.members).filter(([id]) => id !== unnamed));
  const content = stateContent({ ...f.ledger.state, members });
  const told = await f.ledger.keys.seal(content);
  const spokenOf = record.promised && { ...record.promised, state: await sha256(content) };
  for (const [promised, warning] of [[spokenOf, "tree_mismatch"], [record.promised, "state_mismatch"]] as const) {
    const juniper = new Person(relay, { ...record, promised });
    await juniper.catchUp([{ ...forge(f, { kind: "policy", ...told, policy: STATE }), seq: record.head + 1 }]);
    expect(juniper.warnings).toEqual([warning]);
    expect(juniper.ledger.record.state).toBeNull();
  }
});

test("nobody is let in under a name that looks like another's, nor asks under one with something unseen", async () => {
  const [f] = people();
  // Whoever has a name already keeps it, and who comes later has a number behind theirs.
  for (const name of ["Wr\u200den", "Wr\u0435n", "Wr\u00e8n."]) {
    await expect(letIn(relay, f, await ask(relay, f, name))).rejects.toMatchObject({ code: "pseudonym_taken" });
  }
  for (const name of ["Wren", "wren", "W ren"]) {
    const join = await ask(relay, f, name);
    await letIn(relay, f, join);
    const given = f.ledger.state.members[b64encode(join.own.identity)]?.pseudonym ?? "";
    expect(given).toMatch(/ [2-6]$/);
    expect(isAsAsked(given, name)).toBe(true);
  }
  for (const name of ["You", "Wren \u00b7 Facilitator", "Saf\u0435Space"]) {
    const join = await ask(relay, f, name);
    await expect(letIn(relay, f, join)).rejects.toMatchObject({ code: "pseudonym_reserved" });
  }
  for (const name of ["", " Ada", "Ada\u202e", "\u3164"]) {
    await expect(ask(relay, f, name)).rejects.toMatchObject({ code: "invalid_field" });
  }
});

test("the name of who left is not a stranger's, but their own when they come again", async () => {
  const [f, w, m] = people();
  const before = m.ledger.record.me;
  await m.act({ action: { action: "leave", target: null } });
  await Promise.all([f.catchUp(), w.catchUp()]);
  await w.act({ commit: (group) => group.remove(w.ledger.departed.map(({ index }) => index)) });
  await f.catchUp();
  await expect(letIn(relay, f, await ask(relay, f, "M0ss"))).rejects.toMatchObject({ code: "pseudonym_taken" });
  const stranger = await ask(relay, f, "Moss");
  await letIn(relay, f, stranger);
  expect(f.ledger.state.members[b64encode(stranger.own.identity)]?.pseudonym).toBe("Moss 2");
  const again = await ask(relay, f, "Moss", null, null, before);
  await letIn(relay, f, again);
  await f.catchUp();
  expect(Object.values(f.ledger.state.members).map(({ pseudonym }) => pseudonym)).toContain("Moss");
});

test.each(["package", "sealed", "expires", "mac"])("a request whose %s the server swapped is noticed by those who admit", async (field) => {
  const [f] = people();
  const join = await ask(relay, f, "Juniper");
  const other = await ask(relay, f, "Mallory");
  const rows = relay.rows[`/groups/${f.ledger.record.group}/requests`] ?? [];
  const swapped = { ...other.asked, expires: join.asked.expires + 1 };
  for (const row of rows) if (row.id === join.request) row[field] = swapped[field as keyof typeof swapped];
  const applicants = await readApplicants(relay.api, f.ledger, loadNames);
  expect(applicants.filter(({ request }) => request === join.request)).toMatchObject([{ genuine: false, pseudonym: "" }]);
  await expect(letIn(relay, f, join)).rejects.toMatchObject({ code: "not_genuine" });
});
