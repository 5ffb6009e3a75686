import { afterEach, beforeEach, expect, test } from "vitest";
import { guest, host, type Person } from "../../tests/people.ts";
import { Relay } from "../../tests/relay.ts";
import { shown } from "./actions.ts";
import type { Envelope } from "../net/wire.ts";
import { type Disputed, explains, heard, MOST_VOID, UNDISPUTED, withVoid, word, words } from "./disputed.ts";
import { uuidv7 } from "./ids.ts";
import type { TimelineItem } from "./types.ts";

const LEAVE = { action: "leave", target: null } as const;

let relay: Relay;
let people: [fern: Person, wren: Person, moss: Person];

beforeEach(async () => {
  relay = await Relay.start();
  const fern = await host(relay);
  people = [fern, await guest(relay, fern, "Wren"), await guest(relay, fern, "Moss")];
  await Promise.all(people.map((person) => person.catchUp()));
});

afterEach(() => relay.stop());

/** Moss's device says in clear that he leaves, and junk inside. */
async function junk(from: Person): Promise<number> {
  const { record, keys } = from.ledger;
  const sealed = await keys.seal(new TextEncoder().encode("junk"));
  const policy = { ...shown(LEAVE), action: "leave" as const, policy_seq: record.policySeq, main: null, ...sealed };
  relay.take({ t: "act", room: record.room, client_id: uuidv7(), policy }, from.leaf);
  return relay.log.length;
}

test("a device says what it could not fold, and names who did it to those who moderate", async () => {
  const [fern, wren, moss] = people;
  const seq = await junk(moss);
  const told = (lines: readonly TimelineItem[]): unknown => lines.map((line) => (line.kind === "notice" ? [line.what, line.who] : line.kind));
  const line = relay.log.at(-1);
  if (!line) throw new Error("nothing was stored");
  await Promise.all([fern.ledger, wren.ledger].map(async (ledger) => {
    for (const before of relay.log.slice(ledger.record.head, -1)) await ledger.take(before);
  }));
  expect(told((await fern.ledger.take(line)).lines)).toEqual([["void", "Moss"]]);
  expect(told((await wren.ledger.take(line)).lines)).toEqual([["void", null]]);
  const { room, disputed } = wren.ledger.record;
  expect(words(disputed, room, seq - 1)).toEqual([{ t: "folded", room, seqs: [seq], ok: false }]);
  expect(words(disputed, room, seq)).toEqual([]);
  expect(wren.ledger.doubted({ t: "doubted", room, seq, undone: true })).toEqual({ t: "folded", room, seqs: [seq], ok: false });
  expect(wren.warnings).toEqual(["policy_forged"]);
});

test("a commit that takes out who left by a void message is one that this device cannot apply", async () => {
  const [fern, wren, moss] = people;
  await junk(moss);
  await Promise.all([fern.catchUp(), wren.catchUp()]);
  const { index } = moss.ledger.group.me;
  await fern.act({ commit: (group) => group.remove([index]) }).catch(() => undefined);
  const commit = relay.log.at(-1);
  if (commit?.kind !== "handshake") throw new Error("nothing was stored");
  await wren.catchUp();
  expect([wren.ledger.halted, wren.ledger.word]).toEqual([false, { t: "epoch", room: commit.room, seq: commit.seq, ok: false }]);
  relay.log.push({ ...commit, seq: commit.seq + 1, kind: "void", body: null });
  await wren.catchUp();
  expect(wren.ledger.group.roster).toHaveLength(3);
});

test("what was folded here and the server takes back is warned of, as long as it does", () => {
  const undone = heard(UNDISPUTED, 7, true);
  expect(undone.undone).toEqual([7]);
  expect(heard(undone, 7, true)).toBe(undone);
  expect(heard(undone, 7, false).undone).toEqual([]);
  expect(heard(UNDISPUTED, 7, false)).toBe(UNDISPUTED);
});

test("a flood of what nobody can fold hides none of it, and of what is forgotten nothing is said", () => {
  const line = (seq: number): Envelope => ({ seq, policy: null }) as Envelope;
  const flood = (count: number): Disputed => {
    let disputed = UNDISPUTED;
    for (let seq = 1; seq <= count; seq++) disputed = withVoid(disputed, line(seq), null);
    return disputed;
  };
  const some = flood(600);
  expect(words(some, "room", 0).map(({ seqs, ok }) => [seqs.length, ok])).toEqual([[256, false], [256, false], [88, false]]);
  expect(words(some, "room", 0).flatMap(({ seqs }) => seqs)).toEqual(Array.from({ length: 600 }, (_, index) => index + 1));
  expect(word(some, "room", 1)).toMatchObject({ ok: false });
  const more = flood(MOST_VOID + 5);
  expect([word(more, "room", 3), word(more, "room", 6)?.ok, word(more, "room", MOST_VOID + 9)?.ok]).toEqual([null, false, true]);
});

test("the server may refuse for what a void message shows, for a while", () => {
  const disputed = { ...UNDISPUTED, void: [10] };
  expect([9, 10, 40, 200].map((seq) => explains(disputed, seq))).toEqual([false, true, true, false]);
});

test("an act that this device folded is said to hold", async () => {
  const [fern, wren] = people;
  await fern.act({ action: { action: "mute_all", target: null, on: true } });
  await wren.catchUp();
  const { room, head } = wren.ledger.record;
  expect(wren.ledger.doubted({ t: "doubted", room, seq: head, undone: true })?.ok).toBe(true);
  expect(wren.warnings).toEqual(["undone"]);
  expect(wren.ledger.doubted({ t: "doubted", room, seq: head + 1, undone: true })).toBeNull();
});
