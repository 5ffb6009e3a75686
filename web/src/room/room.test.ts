import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { guest, host, type Person } from "../../tests/people.ts";
import { Relay } from "../../tests/relay.ts";
import { Vault } from "../crypto/vault.ts";
import type { ClientFrame, SendFrame } from "../net/wire.ts";
import { History } from "./history.ts";
import { recordKey, type RoomRecord } from "./record.ts";
import { Room } from "./room.ts";

let count = 0;
let relay: Relay;
let wren: Person;
let vault: Vault;
let name = "";
/** What Fern's device sent, and what to refuse next time. */
let sent: ClientFrame[] = [];
let refusals: string[] = [];
let up = true;
let room: Room;

async function opened(): Promise<Room> {
  vault = await Vault.open(name);
  await vault.claim();
  const [record] = await vault.all<RoomRecord>(recordKey(""));
  if (!record) throw new Error("no room is kept");
  const history = await History.open(vault, record.group, record);
  const leaf = wren.ledger.state.members[record.me]?.leaves[0] ?? "";
  let made: Room | null = null;
  const answer = (frame: ClientFrame): void => {
    if (frame.t === "enter") {
      for (const line of relay.log.slice(frame.after)) made?.receive(line);
      const head = relay.log.length;
      made?.receive({ t: "caught_up", room: frame.room, head, epoch: 0, policy_seq: 0 });
      return;
    }
    if (frame.t === "epoch") return;
    const { room: id, client_id } = frame;
    const code = refusals.shift();
    const first = relay.log.find((line) => line.client_id === client_id);
    if (code === "silence") return;
    if (code !== undefined) made?.receive({ t: "refused", room: id, client_id, code, detail: "", retry_after: null, policy_seq: null });
    else if (first) made?.receive({ t: "sent", room: id, client_id, seq: first.seq, time: first.time });
    else for (const line of relay.take(frame, leaf)) made?.receive(line);
  };
  const device = {
    vault,
    api: relay.api,
    origin: "http://localhost:8000",
    send: (frame: ClientFrame) => {
      if (!up) return false;
      sent.push(frame);
      queueMicrotask(() => answer(frame));
      return true;
    },
    changed: () => undefined,
    failed: (error: unknown) => {
      throw error;
    },
  };
  made = new Room(device, record, history, [], "");
  return made;
}

beforeEach(async () => {
  name = `room-${count++}`;
  sent = [];
  refusals = [];
  up = true;
  relay = await Relay.start();
  const fern = await host(relay);
  wren = await guest(relay, fern, "Wren");
  await fern.catchUp();
  vault = await Vault.open(name);
  await vault.claim();
  await vault.write({ values: fern.ledger.changes() });
  room = await opened();
});

afterEach(() => {
  room.close();
  relay.stop();
});

const messages = () => sent.filter((frame): frame is SendFrame => frame.t === "send");
const shown = () => room.timeline.value.flatMap((line) => (line.kind === "message" ? [[line.text, line.state]] : []));
const settled = (texts: string[]) => expect.poll(shown, { timeout: 10_000 }).toEqual(texts.map((text) => [text, "sent"]));

test("what is written while the line is down goes out in order once it is up", async () => {
  for (const text of ["one", "two", "three"]) await room.send(text);
  expect(shown()).toEqual([["one", "sending"], ["two", "sending"], ["three", "sending"]]);
  expect(room.status.value).toBe("offline");
  await room.enter();
  await settled(["one", "two", "three"]);
  expect((await wren.catchUp()).texts).toEqual(["Fern: one", "Fern: two", "Fern: three"]);
  expect(room.status.value).toBe("live");
});

test("a message is on disk, sealed, before it is sent, and is sent again word for word after a restart", async () => {
  await room.enter();
  refusals = ["silence"];
  await room.send("one");
  await expect.poll(() => messages().length).toBe(1);
  room.close();
  room = await opened();
  expect(shown()).toEqual([["one", "sending"]]);
  await room.enter();
  await settled(["one"]);
  expect(messages()).toHaveLength(2);
  expect(messages()[1]).toEqual(messages()[0]);
});

test("a message that the relay had taken before the line broke is shown once", async () => {
  await room.enter();
  refusals = ["silence"];
  await room.send("one");
  await expect.poll(() => messages().length).toBe(1);
  const [frame] = messages();
  const leaf = wren.ledger.state.members[room.record.me]?.leaves[0] ?? "";
  if (frame) relay.take(frame, leaf);
  room.lost();
  await room.enter();
  await settled(["one"]);
  expect(relay.log.filter(({ kind }) => kind === "message")).toHaveLength(1);
});

test("a line that breaks while a message is being sealed does not hold it back for good", async () => {
  await room.enter();
  await expect.poll(() => room.status.value).toBe("live");
  const write = vault.write.bind(vault);
  let writes = 0;
  vault.write = async (changes) => {
    await write(changes);
    // The first keeps what was written, the second what was sealed.
    if (++writes !== 2) return;
    up = false;
    room.lost();
  };
  await room.send("one");
  await expect.poll(() => room.status.value).toBe("offline");
  up = true;
  await room.enter();
  await settled(["one"]);
});

test("what the last line had said is not taken for the next one's words", async () => {
  room.receive({ t: "caught_up", room: room.record.room, head: room.record.head, epoch: 0, policy_seq: 0 });
  room.lost();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(room.status.value).toBe("offline");
});

test("when the keys change first, it is sealed again under the same client_id, and order holds", async () => {
  await room.enter();
  await wren.catchUp();
  refusals = ["stale_epoch"];
  const stored = wren.act({ commit: (group) => group.update() });
  await room.send("one");
  await room.send("two");
  for (const line of await stored) room.receive(line);
  await settled(["one", "two"]);
  const [first, second] = messages();
  expect(second?.client_id).toBe(first?.client_id);
  expect(second?.epoch).toBe((first?.epoch ?? 0) + 1);
  expect(second?.body).not.toBe(first?.body);
  expect((await wren.catchUp()).texts).toEqual(["Fern: one", "Fern: two"]);
});

test("a refused message stays, with its reason, until the person tries again or discards it", async () => {
  await room.enter();
  refusals = ["too_large", "too_large"];
  await room.send("one");
  await room.send("two");
  await expect.poll(shown).toEqual([["one", "failed"], ["two", "failed"]]);
  const [one, two] = room.timeline.value.filter((line) => line.kind === "message");
  expect(one).toMatchObject({ code: "too_large", seq: null });
  await room.discard(one?.id ?? "");
  await room.retry(two?.id ?? "");
  await settled(["two"]);
});

test("an act of which the relay does not know whether it was stored is asked again, word for word", async () => {
  await room.enter();
  await expect.poll(() => room.members.value.length).toBe(2);
  sent = [];
  refusals = ["unavailable", "unavailable"];
  await room.doing.remove(room.members.value.find((member) => !member.me)?.id ?? "", false, null);
  const [first, ...again] = sent.filter(({ t }) => t === "act");
  expect(again).toEqual([first, first]);
  expect(room.members.value).toHaveLength(1);
});

test("nothing is sent while a departed member still holds keys, or after a warning", async () => {
  await room.enter();
  await wren.catchUp();
  for (const line of await wren.act({ action: { action: "leave", target: null } })) room.receive(line);
  await expect.poll(() => room.status.value).toBe("rekeying");
  await room.send("not yet");
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(messages()).toEqual([]);
  room.receive({ t: "rekey", room: room.record.room, leaves: [] });
  await settled(["not yet"]);
  expect(room.members.value.map(({ pseudonym }) => pseudonym)).toEqual(["Fern"]);
  const [last] = relay.log.slice(-1);
  if (last) room.receive({ ...last, seq: last.seq + 5 });
  await expect.poll(() => room.status.value).toBe("halted");
  await room.send("never");
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(messages()).toHaveLength(1);
  const [warning] = room.warnings.value;
  expect(warning?.code).toBe("seq_hole");
  await room.acknowledgeWarning(warning?.id ?? "");
  expect(room.status.value).toBe("halted");
});

test("a server that has lost what it confirmed is noticed", async () => {
  await room.enter();
  await room.send("confirmed");
  await settled(["confirmed"]);
  const head = relay.log.length - 1;
  room.receive({ t: "caught_up", room: room.record.room, head, epoch: 0, policy_seq: 0 });
  await expect.poll(() => room.warnings.value.map(({ code }) => code)).toEqual(["seq_rollback"]);
  expect(room.status.value).toBe("halted");
});

test.each(["gone", "refused"])("%s without the group's word is the server's word alone", async (t) => {
  await room.enter();
  await expect.poll(() => room.status.value).toBe("live");
  const id = room.record.room;
  if (t === "gone") room.receive({ t, room: id, code: "removed" });
  else room.receive({ t: "refused", room: id, client_id: null, code: "removed", detail: "", retry_after: null, policy_seq: null });
  await expect.poll(() => room.status.value).toBe("refused");
  await expect(room.send("hello?")).rejects.toMatchObject({ code: "not_a_member" });
});

test.each(["gone", "refused"])("%s for another device, without the group's word, is the server's word alone", async (t) => {
  await room.enter();
  await expect.poll(() => room.status.value).toBe("live");
  const id = room.record.room;
  if (t === "gone") room.receive({ t, room: id, code: "moved" });
  else room.receive({ t: "refused", room: id, client_id: null, code: "moved", detail: "", retry_after: null, policy_seq: null });
  await expect.poll(() => room.status.value).toBe("elsewhere");
});

test("what no envelope can hold is refused before it stands in the way of what comes after", async () => {
  await room.enter();
  await expect(room.send("é".repeat(30_000))).rejects.toMatchObject({ code: "too_large" });
  await room.send("half of an emoji: \ud83e");
  await settled(["half of an emoji: \ufffd"]);
  expect((await wren.catchUp()).texts).toEqual(["Fern: half of an emoji: \ufffd"]);
});

test("a long absence is caught up with, and the history is there after a restart", async () => {
  await wren.catchUp();
  for (let number = 0; number < 120; number++) await wren.say(`${number}`);
  await wren.act({ commit: (group) => group.update() });
  await wren.say("last");
  await room.enter();
  await expect.poll(() => room.timeline.value.at(-1), { timeout: 20_000 }).toMatchObject({ text: "last" });
  expect(room.unread.value).toBe(121);
  room.markRead(room.record.head);
  await expect.poll(() => room.unread.value).toBe(0);
  const lines = shown();
  room.close();
  room = await opened();
  expect(shown()).toEqual(lines);
  expect(room.readUpTo.value).toBe(relay.log.length);
});
