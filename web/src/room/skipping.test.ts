import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Device } from "../../tests/device.ts";
import { guest, host, type Person } from "../../tests/people.ts";
import { Relay } from "../../tests/relay.ts";

let relay: Relay;
let moss: Person;
let wren: Person;
let fern: Device;

/** The floor goes by hands, Moss has it, Wren waits; Fern, who runs the room, and Wren are here. */
beforeEach(async () => {
  relay = await Relay.start();
  const owner = await host(relay, "Fern", true);
  moss = await guest(relay, owner, "Moss");
  wren = await guest(relay, owner, "Wren");
  await owner.act({ action: { action: "set_floor", target: null, mode: "hands", seconds: 0, grace: null } });
  for (const one of [moss, wren]) {
    await one.catchUp();
    await one.act({ action: { action: "raise_hand", target: null, too: false } });
  }
  await owner.catchUp();
  fern = await Device.of(relay, owner);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  await fern.room.enter();
  await settled(() => fern.room.status.value === "live");
});

afterEach(() => {
  vi.useRealTimers();
  fern.room.close();
  relay.stop();
});

async function settled(so: () => boolean): Promise<void> {
  while (!so()) await new Promise((resolve) => setImmediate(resolve));
}

const id = (person: Person) => person.ledger.record.me;
const holder = () => fern.room.live.value?.floor.holder ?? null;
const passes = () => fern.sent.flatMap((frame) => (frame.t === "act" && frame.policy?.action === "pass_turn" ? [frame.policy] : []));

function here(...people: Person[]): void {
  fern.room.receive({ t: "here", room: fern.room.room, members: [fern.room.record.me, ...people.map(id)] });
}

test("the turn of who is gone goes on after twenty seconds, and is asked for again where others wait who are here", async () => {
  expect(holder()).toBe(id(moss));
  here(wren);
  await settled(() => fern.room.members.value.some((one) => one.id === id(moss) && one.here === false));
  vi.advanceTimersByTime(19_999);
  expect(passes()).toEqual([]);
  vi.advanceTimersByTime(1);
  await settled(() => holder() === id(wren));
  expect(passes()).toMatchObject([{ later: true, absent: true }]);
  expect(fern.room.live.value?.floor.queue).toEqual([id(moss)]);
  expect(fern.room.timeline.value.at(-1)).toMatchObject({ kind: "notice", what: "skipped", who: "Moss" });
});

test("nobody waits who is here: then it is nobody's, and not the absent one's again", async () => {
  here();
  await settled(() => fern.room.members.value.some((one) => one.id === id(wren) && one.here === false));
  vi.advanceTimersByTime(20_000);
  await settled(() => passes().length === 1);
  expect(passes()).toMatchObject([{ later: false }]);
});

test("who is back in time keeps the turn, and in a pause nobody loses it", async () => {
  here(wren);
  await settled(() => fern.room.members.value.some((one) => one.id === id(moss) && one.here === false));
  vi.advanceTimersByTime(15_000);
  here(wren, moss);
  await settled(() => fern.room.members.value.every((one) => one.here !== false));
  vi.advanceTimersByTime(60_000);
  expect([holder(), passes()]).toEqual([id(moss), []]);
  here(wren);
  await settled(() => fern.room.members.value.some((one) => one.id === id(moss) && one.here === false));
  await fern.room.leading.pause(null);
  vi.advanceTimersByTime(60_000);
  expect([holder(), passes()]).toEqual([id(moss), []]);
});
