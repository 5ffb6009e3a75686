import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Device } from "../../tests/device.ts";
import { guest, host, type Person } from "../../tests/people.ts";
import { Relay } from "../../tests/relay.ts";
import { MAX_TIME } from "../form.ts";
import type { Action } from "./actions.ts";
import { muting, takingDown } from "./moderating.ts";
import { membersOf } from "./shown.ts";
import type { TimelineItem } from "./types.ts";

const DAY = 86_400_000;

let relay: Relay;
let fern: Person;
let moss: Person;
let wren: Device;

beforeEach(async () => {
  relay = await Relay.start();
  fern = await host(relay);
  moss = await guest(relay, fern, "Moss");
  wren = await Device.of(relay, await guest(relay, fern, "Wren"));
  await Promise.all([fern.catchUp(), moss.catchUp()]);
});

afterEach(() => {
  wren.room.close();
  relay.stop();
});

const id = () => wren.room.record.me;
const shelf = { line: (seq: number) => Promise.resolve(fern.lines.find((line) => line.seq === seq) ?? null) };
const warnings = () => wren.room.warnings.value.map(({ code }) => code);
const codes = () => wren.room.timeline.value.flatMap((line) => (line.kind === "message" && line.code !== null ? line.code : []));
const live = () => expect.poll(() => wren.room.status.value).toBe("live");
const kept = () => wren.vault.lines<TimelineItem>(wren.room.groupId);

/** Fern acts, and Wren's device hears of it. */
async function acts(action: Action): Promise<void> {
  for (const line of await fern.act({ action })) wren.room.receive(line);
}

/** Moss says something, and Wren's device hears it. */
async function says(text: string): Promise<number> {
  const line = await moss.say(text);
  await fern.catchUp();
  wren.room.receive(line);
  await expect.poll(() => wren.room.record.head).toBe(line.seq);
  return line.seq;
}

test("while Wren is muted she sees until when, by whom and why, and what she sends is refused with that reason", async () => {
  await wren.room.enter();
  await live();
  const [line] = await fern.act(await muting(fern.ledger, id(), 120, "A pause."));
  if (!line) throw new Error("nothing was stored");
  wren.refusals = [{ code: "muted", policy_seq: line.seq }];
  await wren.room.send("too late");
  await expect.poll(codes).toEqual(["refused_by_server"]);
  expect(warnings()).toEqual([]);
  wren.room.receive(line);
  await expect.poll(codes).toEqual(["muted"]);
  expect(wren.room.silenced.value).toMatchObject({ why: "muted", by: "Fern", reason: "A pause.", until: relay.time + 120_000 });
  expect(wren.room.audit.value.at(-1)).toMatchObject({ what: "mute", reason: "A pause." });
  await acts({ action: "unmute", target: id() });
  await expect.poll(() => wren.room.silenced.value).toBeNull();
  await wren.restart();
  expect(wren.room.audit.value.map(({ what }) => what)).toEqual(["mute", "unmute"]);
  expect(warnings()).toEqual([]);
});

test("what was on its way when a mute came, or everyone was muted, goes as soon as that is lifted", async () => {
  await wren.room.enter();
  await live();
  const sent = (text: string) => wren.room.timeline.value.some((line) => line.kind === "message" && line.text === text && line.state === "sent");
  const waits = async (text: string, code: string, begin: Action, end: Action): Promise<void> => {
    const lines = await fern.act({ action: begin });
    wren.refusals = [{ code, retry_after: 600, policy_seq: lines[0]?.seq ?? 0 }];
    await wren.room.send(text);
    await expect.poll(() => wren.refusals).toEqual([]);
    for (const line of lines) wren.room.receive(line);
    await expect.poll(() => wren.room.silenced.value).not.toBeNull();
    expect(sent(text)).toBe(false);
    await acts(end);
    await expect.poll(() => sent(text)).toBe(true);
    await fern.catchUp();
  };
  const target = id();
  await waits("one", "muted", { action: "mute", target, length: 600, reason: null }, { action: "unmute", target });
  await waits("two", "quiet", { action: "mute_all", target: null, on: true }, { action: "mute_all", target: null, on: false });
  const pace = { action: "slow_mode", target: null, seconds: 30 } as const;
  wren.refusals = [{ code: "slow_mode", retry_after: 600, policy_seq: 0 }];
  await wren.room.send("three");
  await expect.poll(() => wren.refusals).toEqual([]);
  await acts(pace);
  await expect.poll(() => wren.room.live.value?.slow).toBe(30);
  expect(wren.sent.filter(({ t }) => t === "send")).toHaveLength(5);
});

test.each(["muted", "listening", "quiet"])("a server that says %s though nobody did is told of, and no moderator is blamed", async (code) => {
  await wren.room.enter();
  await live();
  wren.refusals = [{ code, policy_seq: relay.policySeq }];
  await wren.room.send("hello?");
  await expect.poll(warnings).toEqual(["refused_unfounded"]);
  expect(codes()).toEqual(["refused_by_server"]);
  expect(wren.room.status.value).toBe("live");
  expect(wren.room.silenced.value).toBeNull();
});

test("what was taken down leaves the device half a minute later, also one that was off meanwhile", async () => {
  await wren.room.enter();
  await live();
  const seq = await says("Buy my tea.");
  const [line] = await fern.act(await takingDown(fern.ledger, shelf, seq, null));
  if (line) wren.room.receive(line);
  await expect.poll(() => wren.room.timeline.value.find((one) => one.seq === seq)).toMatchObject({ text: "", down: { by: "Fern" } });
  expect(JSON.stringify(await kept())).toContain("Buy my tea.");
  relay.time += 31_000;
  await wren.restart();
  await relay.api.get("/groups");
  await wren.room.enter();
  await expect.poll(async () => JSON.stringify(await kept())).not.toContain("Buy my tea.");
  expect((await kept()).find((one) => one.seq === seq)).toMatchObject({ kind: "message", text: "", down: { by: "Fern" } });
});

test("messages older than the group keeps them leave the device, what was agreed stays", async () => {
  await wren.room.enter();
  await live();
  await says("long ago");
  relay.time += 8 * DAY;
  const recent = await says("today");
  await acts({ action: "retain", target: null, days: 7 });
  await wren.restart();
  // Every answer of the server tells the time.
  await relay.api.get("/groups");
  await wren.room.enter();
  await expect.poll(async () => (await kept()).flatMap((line) => (line.kind === "message" ? line.seq : line.what))).toEqual([
    recent,
    "retained",
  ]);
  expect(wren.room.days.value).toBe(7);
  expect(wren.room.timeline.value.map((line) => line.seq)).toContain(recent);
});

test.each([0, MAX_TIME, 4_000_000_000_000])("a message that came at no time there is (%d) keeps no other here, and none from staying", async (absurd) => {
  await wren.room.enter();
  await live();
  const { time } = relay;
  await says("long ago");
  relay.time = absurd;
  await says("at no time");
  relay.time = time;
  await says("long ago, too");
  relay.time = time + 8 * DAY;
  const recent = await says("today");
  relay.time = absurd;
  const doubtful = await says("at no time, again");
  relay.time = time + 8 * DAY;
  await acts({ action: "retain", target: null, days: 7 });
  await wren.restart();
  await relay.api.get("/groups");
  await wren.room.enter();
  await expect.poll(async () => (await kept()).flatMap((line) => (line.kind === "message" ? line.seq : []))).toEqual([recent, doubtful]);
  expect(warnings()).toEqual([]);
});

test("a line without its body is judged once the policy up to the head is here", async () => {
  await wren.room.enter();
  await live();
  const [first, second] = [await moss.say("one"), await moss.say("two")];
  await fern.catchUp();
  const bare = (line: typeof first) => ({ ...line, body: null, commitment: null, stamp: null });
  const [down] = await fern.act(await takingDown(fern.ledger, shelf, first.seq, null));
  if (!down) throw new Error("nothing was stored");
  // On its way meanwhile: not yet a reason to doubt.
  wren.room.receive(bare(first));
  await expect.poll(() => wren.room.record.head).toBe(first.seq);
  expect(warnings()).toEqual([]);
  wren.room.receive(second);
  wren.room.receive(down);
  await expect.poll(() => wren.room.timeline.value.find((one) => one.seq === first.seq)).toMatchObject({ kind: "message", down: { by: "Fern" } });
  expect(warnings()).toEqual([]);
  await moss.catchUp();
  wren.room.receive(bare(await moss.say("three")));
  await expect.poll(warnings).toEqual(["withheld"]);
});

test("who is blocked, and what was read of it, stays on the device", async () => {
  await wren.room.enter();
  await live();
  const other = fern.ledger.record.me;
  await wren.room.block(other, true);
  await wren.restart();
  expect(wren.room.members.value.find((member) => member.id === other)?.blocked).toBe(true);
  // Wren comes in, and says that she could read the change of keys that let her in: nothing else.
  expect(wren.sent.filter(({ t }) => t !== "enter" && t !== "epoch")).toEqual([]);
});

test("a session in a capsule ends by this device's own clock where the server's stands still, and what is kept expires", async () => {
  await wren.room.enter();
  await live();
  const seq = await says("an hour ago");
  await acts({ action: "retain", target: null, days: 1 });
  await acts({ action: "open_session", target: null, plan: null, minutes: 60 });
  await acts({ action: "capsule", target: null, into: "01890000-0000-7000-8000-000000000001" });
  await expect.poll(() => wren.room.passing.held.value).toBe(true);
  const began = performance.now();
  const own = vi.spyOn(performance, "now");
  own.mockReturnValue(began + 59 * 60_000);
  wren.room.lookAgain();
  expect(wren.room.passing.held.value).toBe(true);
  own.mockReturnValue(began + 62 * 60_000);
  wren.room.lookAgain();
  expect([wren.room.passing.held.value, wren.room.live.value?.session]).toEqual([false, null]);
  own.mockReturnValue(began + DAY + 2 * 60_000);
  await acts({ action: "mute_all", target: null, on: true });
  await expect.poll(async () => (await kept()).some((line) => line.seq === seq)).toBe(false);
  expect(warnings()).toEqual([]);
  own.mockRestore();
});

test("a mute is shown to who is muted and to the staff, and to nobody else", async () => {
  await wren.room.enter();
  await live();
  const muted = (id: string) => wren.room.members.value.find((member) => member.id === id)?.muted ?? null;
  for (const whom of [moss.leaf, id()]) {
    for (const line of await fern.act(await muting(fern.ledger, whom, "lifted", "A pause."))) wren.room.receive(line);
  }
  await expect.poll(() => muted(id())).not.toBeNull();
  expect(muted(moss.leaf)).toBeNull();
  const ofFern = membersOf(fern.ledger, new Set());
  expect(ofFern.filter((member) => member.muted !== null).map(({ pseudonym }) => pseudonym).sort()).toEqual(["Moss", "Wren"]);
});
