import { signal } from "@preact/signals";
import { expect, test } from "vitest";
import { EMPTY, OPEN } from "./floor.ts";
import { lowerAfterSpeaking } from "./handDown.ts";
import type { LiveView } from "./liveView.ts";
import type { Member, Message, RoomView, TimelineItem } from "./types.ts";

const ME = "wren";

function said(time: number, sender = ME, seq: number | null = time): Message {
  return {
    kind: "message", id: `${sender}${time}`, seq, time, sender, pseudonym: sender, mine: sender === ME, text: "", folded: null, card: null,
    quote: null, down: null, state: "sent", code: null,
  };
}

function watched(mode: "open" | "hands") {
  const view = (queue: readonly string[]): LiveView => ({
    session: null, over: null, title: null, next: null, between: true, locked: false, paused: null, slow: 0, terms: { ...OPEN, mode },
    floor: { ...EMPTY, queue }, upNext: null, sheet: { segments: [], at: null, since: 0 }, pace: "usual",
  });
  let lowered = 0;
  const live = signal<LiveView | null>(view([]));
  const timeline = signal<readonly TimelineItem[]>([said(1)]);
  const capsule = signal<{ readonly timeline: typeof timeline } | null>(null);
  const lowerHand = (): Promise<void> => {
    lowered += 1;
    return Promise.resolve();
  };
  const room = { live, me: signal({ id: ME } as Member), timeline, passing: { capsule }, leading: { lowerHand } };
  const end = lowerAfterSpeaking(room as unknown as Pick<RoomView, "live" | "me" | "timeline" | "passing" | "leading">);
  return { raise: (...queue: string[]) => (live.value = view(queue)), timeline, capsule, lowered: () => lowered, end };
}

test("a hand comes down after the next words in an open floor, and once", () => {
  const room = watched("open");
  room.raise("moss", ME);
  expect(room.lowered()).toBe(0);
  room.timeline.value = [said(1), said(2, "moss"), said(3, ME, null)];
  expect(room.lowered()).toBe(0);
  room.timeline.value = [said(1), said(2, "moss"), said(3)];
  expect(room.lowered()).toBe(1);
  room.raise("moss");
  room.timeline.value = [said(1), said(3), said(4)];
  expect(room.lowered()).toBe(1);
  // Up again, and down again.
  room.raise("moss", ME);
  room.timeline.value = [said(1), said(3), said(4), said(5)];
  expect(room.lowered()).toBe(2);
  room.end();
  room.timeline.value = [said(6)];
  expect(room.lowered()).toBe(2);
});

test("words in the capsule count, what expires does not, and where the floor goes round a hand stays", () => {
  const inside = watched("open");
  inside.raise(ME);
  inside.timeline.value = [];
  expect(inside.lowered()).toBe(0);
  inside.capsule.value = { timeline: signal<readonly TimelineItem[]>([said(9)]) };
  expect(inside.lowered()).toBe(1);
  const round = watched("hands");
  round.raise(ME);
  round.timeline.value = [said(1), said(2)];
  expect(round.lowered()).toBe(0);
});
