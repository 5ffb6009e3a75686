import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Device } from "../../tests/device.ts";
import { guest, host, type Person } from "../../tests/people.ts";
import { Relay } from "../../tests/relay.ts";
import type { SendFrame } from "../net/wire.ts";

let relay: Relay;
let wren: Person;
let fern: Device;

beforeEach(async () => {
  relay = await Relay.start();
  const person = await host(relay);
  wren = await guest(relay, person, "Wren");
  fern = await Device.of(relay, await person.catchUp());
});

afterEach(() => {
  fern.room.close();
  relay.stop();
});

const messages = () => fern.sent.filter((frame): frame is SendFrame => frame.t === "send");
const shown = () => fern.room.timeline.value.flatMap((line) => (line.kind === "message" ? [[line.text, line.state]] : []));
const settled = (texts: string[]) => expect.poll(shown, { timeout: 10_000 }).toEqual(texts.map((text) => [text, "sent"]));

test("what is written while the line is down goes out in order once it is up", async () => {
  for (const text of ["one", "two", "three"]) await fern.room.send(text);
  expect(shown()).toEqual([["one", "sending"], ["two", "sending"], ["three", "sending"]]);
  expect(fern.room.status.value).toBe("offline");
  await fern.room.enter();
  await settled(["one", "two", "three"]);
  expect((await wren.catchUp()).texts).toEqual(["Fern: one", "Fern: two", "Fern: three"]);
  expect(fern.room.status.value).toBe("live");
});

test("a message is on disk, sealed, before it is sent, and is sent again word for word after a restart", async () => {
  await fern.room.enter();
  fern.refusals = ["silence"];
  await fern.room.send("one");
  await expect.poll(() => messages().length).toBe(1);
  await fern.restart();
  expect(shown()).toEqual([["one", "sending"]]);
  await fern.room.enter();
  await settled(["one"]);
  expect(messages()).toHaveLength(2);
  expect(messages()[1]).toEqual(messages()[0]);
});

test("a message that the relay had taken before the line broke is shown once", async () => {
  await fern.room.enter();
  fern.refusals = ["silence"];
  await fern.room.send("one");
  await expect.poll(() => messages().length).toBe(1);
  const [frame] = messages();
  const leaf = wren.ledger.state.members[fern.room.record.me]?.leaves[0] ?? "";
  if (frame) relay.take(frame, leaf);
  fern.room.lost();
  await fern.room.enter();
  await settled(["one"]);
  expect(relay.log.filter(({ kind }) => kind === "message")).toHaveLength(1);
});

test("a line that breaks while a message is being sealed does not hold it back for good", async () => {
  await fern.room.enter();
  await expect.poll(() => fern.room.status.value).toBe("live");
  const write = fern.vault.write.bind(fern.vault);
  let writes = 0;
  fern.vault.write = async (changes) => {
    await write(changes);
    // The first keeps what was written, the second what was sealed.
    if (++writes !== 2) return;
    fern.up = false;
    fern.room.lost();
  };
  await fern.room.send("one");
  await expect.poll(() => fern.room.status.value).toBe("offline");
  fern.up = true;
  await fern.room.enter();
  await settled(["one"]);
});

test("what the last line had said is not taken for the next one's words", async () => {
  fern.room.receive({ t: "caught_up", room: fern.room.record.room, head: fern.room.record.head, epoch: 0, policy_seq: 0 });
  fern.room.lost();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(fern.room.status.value).toBe("offline");
});

test("when the keys change first, it is sealed again under the same client_id, and order holds", async () => {
  await fern.room.enter();
  await wren.catchUp();
  fern.refusals = ["stale_epoch"];
  const stored = wren.act({ commit: (group) => group.update() });
  await fern.room.send("one");
  await fern.room.send("two");
  for (const line of await stored) fern.room.receive(line);
  await settled(["one", "two"]);
  const [first, second] = messages();
  expect(second?.client_id).toBe(first?.client_id);
  expect(second?.epoch).toBe((first?.epoch ?? 0) + 1);
  expect(second?.body).not.toBe(first?.body);
  expect((await wren.catchUp()).texts).toEqual(["Fern: one", "Fern: two"]);
});

test("what was too much at once is kept, waits as long as the relay says, and goes out in its order", async () => {
  await fern.room.enter();
  fern.refusals = [{ code: "throttled", retry_after: 1 }, { code: "throttled", retry_after: 1 }];
  for (const text of ["one", "two", "three"]) await fern.room.send(text);
  await expect.poll(() => messages().length).toBe(1);
  expect(shown()).toEqual([["one", "sending"], ["two", "sending"], ["three", "sending"]]);
  await settled(["one", "two", "three"]);
  const [first, second, third] = messages();
  expect(second).toEqual(first);
  expect(third).toEqual(first);
  expect((await wren.catchUp()).texts).toEqual(["Fern: one", "Fern: two", "Fern: three"]);
});

test("what waits for the relay's patience survives the page", async () => {
  await fern.room.enter();
  fern.refusals = [{ code: "throttled", retry_after: 600 }];
  for (const text of ["one", "two"]) await fern.room.send(text);
  await expect.poll(() => messages().length).toBe(1);
  await fern.restart();
  expect(shown()).toEqual([["one", "sending"], ["two", "sending"]]);
  await fern.room.enter();
  await settled(["one", "two"]);
});

test("a refused message stays, with its reason, until the person tries again or discards it", async () => {
  await fern.room.enter();
  fern.refusals = ["too_large", "too_large"];
  await fern.room.send("one");
  await fern.room.send("two");
  await expect.poll(shown).toEqual([["one", "failed"], ["two", "failed"]]);
  const [one, two] = fern.room.timeline.value.filter((line) => line.kind === "message");
  expect(one).toMatchObject({ code: "too_large", seq: null });
  await fern.room.discard(one?.id ?? "");
  await fern.room.retry(two?.id ?? "");
  await settled(["two"]);
});

test("an act of which the relay does not know whether it was stored is asked again, word for word", async () => {
  await fern.room.enter();
  await expect.poll(() => fern.room.members.value.length).toBe(2);
  fern.sent = [];
  fern.refusals = ["unavailable", "unavailable"];
  await fern.room.doing.remove(fern.room.members.value.find((member) => !member.me)?.id ?? "", false, null);
  const [first, ...again] = fern.sent.filter(({ t }) => t === "act");
  expect(again).toEqual([first, first]);
  expect(fern.room.members.value).toHaveLength(1);
});

test("nothing is sent while a departed member still holds keys, or after a warning", async () => {
  await fern.room.enter();
  await wren.catchUp();
  for (const line of await wren.act({ action: { action: "leave", target: null } })) fern.room.receive(line);
  await expect.poll(() => fern.room.status.value).toBe("rekeying");
  await fern.room.send("not yet");
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(messages()).toEqual([]);
  fern.room.receive({ t: "rekey", room: fern.room.record.room, leaves: [] });
  await settled(["not yet"]);
  expect(fern.room.members.value.map(({ pseudonym }) => pseudonym)).toEqual(["Fern"]);
  const [last] = relay.log.slice(-1);
  if (last) fern.room.receive({ ...last, seq: last.seq + 5 });
  await expect.poll(() => fern.room.status.value).toBe("halted");
  await fern.room.send("never");
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(messages()).toHaveLength(1);
  const [warning] = fern.room.warnings.value;
  expect(warning?.code).toBe("seq_hole");
  await fern.room.acknowledgeWarning(warning?.id ?? "");
  expect(fern.room.status.value).toBe("halted");
});

test("a server that has lost what it confirmed is noticed", async () => {
  await fern.room.enter();
  await fern.room.send("confirmed");
  await settled(["confirmed"]);
  const head = relay.log.length - 1;
  fern.room.receive({ t: "caught_up", room: fern.room.record.room, head, epoch: 0, policy_seq: 0 });
  await expect.poll(() => fern.room.warnings.value.map(({ code }) => code)).toEqual(["seq_rollback"]);
  expect(fern.room.status.value).toBe("halted");
});

test.each(["gone", "refused"])("%s without the group's word is the server's word alone", async (t) => {
  await fern.room.enter();
  await expect.poll(() => fern.room.status.value).toBe("live");
  const id = fern.room.record.room;
  if (t === "gone") fern.room.receive({ t, room: id, code: "removed" });
  else fern.room.receive({ t: "refused", room: id, client_id: null, code: "removed", detail: "", retry_after: null, policy_seq: null });
  await expect.poll(() => fern.room.status.value).toBe("refused");
  await expect(fern.room.send("hello?")).rejects.toMatchObject({ code: "not_a_member" });
});

test.each(["gone", "refused"])("%s for another device, without the group's word, is the server's word alone", async (t) => {
  await fern.room.enter();
  await expect.poll(() => fern.room.status.value).toBe("live");
  const id = fern.room.record.room;
  if (t === "gone") fern.room.receive({ t, room: id, code: "moved" });
  else fern.room.receive({ t: "refused", room: id, client_id: null, code: "moved", detail: "", retry_after: null, policy_seq: null });
  await expect.poll(() => fern.room.status.value).toBe("elsewhere");
});

test.each(["removed", "moved"] as const)("who was put out (%s) by what nobody could follow is there again once that is taken back", async (code) => {
  await fern.room.enter();
  await expect.poll(() => fern.room.status.value).toBe("live");
  const { room, head } = fern.room.record;
  fern.refusals = ["silence"];
  await fern.room.send("kept");
  fern.room.receive({ t: "gone", room, code });
  await expect.poll(() => fern.room.status.value).toBe(code === "moved" ? "elsewhere" : "refused");
  await fern.restart();
  fern.room.receive({ t: "doubted", room, seq: head, undone: true });
  await expect.poll(() => fern.room.status.value).toBe("live");
  await fern.room.send("and more");
  await settled(["kept", "and more"]);
  expect(fern.room.warnings.value).toEqual([]);
  expect((await wren.catchUp()).texts).toEqual(["Fern: kept", "Fern: and more"]);
});

test("who is out by the server's word looks again on each line, and who left does not", async () => {
  await fern.room.enter();
  await expect.poll(() => fern.room.status.value).toBe("live");
  fern.room.receive({ t: "gone", room: fern.room.record.room, code: "removed" });
  await expect.poll(() => fern.room.status.value).toBe("refused");
  fern.room.lost();
  await fern.room.enter();
  await expect.poll(() => fern.room.status.value).toBe("live");
  await fern.room.doing.muteAll(true);
});

test.each([[8, 1], [6, 0]])("who only listens takes new keys after a week: %i days after the last", async (days, updates) => {
  // What waits for up to a minute comes at once.
  const wait = globalThis.setTimeout;
  vi.spyOn(globalThis, "setTimeout").mockImplementation(((call: () => void, pause = 0) =>
    wait(call, pause >= 30_000 && pause <= 60_000 ? 0 : pause)));
  (fern.room.record as { renewed: number }).renewed = fern.room.now() - days * 86_400_000;
  await fern.room.enter();
  await expect.poll(() => fern.room.status.value).toBe("live");
  await fern.room.send("and a word");
  await settled(["and a word"]);
  vi.restoreAllMocks();
  const commits = fern.sent.filter((frame) => frame.t === "act" && frame.commit !== undefined && frame.policy === undefined);
  expect(commits).toHaveLength(updates);
});

test("what no envelope can hold is refused before it stands in the way of what comes after", async () => {
  await fern.room.enter();
  await expect(fern.room.send("é".repeat(30_000))).rejects.toMatchObject({ code: "too_large" });
  await fern.room.send("half of an emoji: \ud83e");
  await settled(["half of an emoji: \ufffd"]);
  expect((await wren.catchUp()).texts).toEqual(["Fern: half of an emoji: \ufffd"]);
});

test("a long absence is caught up with, and the history is there after a restart", async () => {
  await wren.catchUp();
  for (let number = 0; number < 120; number++) await wren.say(`${number}`);
  await wren.act({ commit: (group) => group.update() });
  await wren.say("last");
  await fern.room.enter();
  await expect.poll(() => fern.room.timeline.value.at(-1), { timeout: 20_000 }).toMatchObject({ text: "last" });
  expect(fern.room.unread.value).toBe(121);
  fern.room.markRead(fern.room.record.head);
  await expect.poll(() => fern.room.unread.value).toBe(0);
  const lines = shown();
  await fern.restart();
  expect(shown()).toEqual(lines);
  expect(fern.room.readUpTo.value).toBe(relay.log.length);
});

test("an act made in an epoch that is voided is decided on again, and made in the one that stands", async () => {
  await fern.room.enter();
  await wren.catchUp();
  const [commit] = await wren.act({ commit: (group) => group.update() });
  if (!commit) throw new Error("nothing was stored");
  fern.room.receive(commit);
  await expect.poll(() => fern.room.record.before?.seq).toBe(commit.seq);
  fern.refusals = ["silence"];
  const done = fern.room.doing.muteAll(true);
  const acts = () => fern.sent.filter((frame) => frame.t === "act");
  await expect.poll(() => acts().length).toBe(1);
  const voided = { ...commit, seq: commit.seq + 1, kind: "void" as const, body: null };
  relay.log.push(voided);
  fern.room.receive(voided);
  await done;
  expect(acts().map(({ policy }) => policy?.epoch)).toEqual([commit.epoch + 1, commit.epoch]);
  expect(new Set(acts().map(({ client_id }) => client_id)).size).toBe(2);
});
