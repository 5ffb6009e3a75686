/** Rooms in which a session is on, as it is run and lived. */
import { signal } from "@preact/signals";
import { EMPTY, OPEN } from "../../src/room/floor";
import type { LiveView } from "../../src/room/liveView";
import type { Segment } from "../../src/room/liveActions";
import type { Member, RoomView, Silenced } from "../../src/room/types";

const MINUTE = 60_000;

const SEGMENTS: readonly Segment[] = [
  { title: "Settle in", minutes: 5, kind: "welcome" },
  { title: "Check-in round", minutes: 20, kind: "check_in" },
  { title: "Pacing at work", minutes: 20, kind: "topic" },
  { title: "Open floor", minutes: 10, kind: "other" },
  { title: "Closing round", minutes: 5, kind: "closing" },
];

const GUEST: Segment = { title: "Pacing, with a nurse", minutes: 20, kind: "guest" };

const NONE: LiveView = {
  session: null, over: null, title: null, next: null, between: true, locked: false, paused: null, slow: 0, terms: OPEN, floor: EMPTY, upNext: null,
  sheet: { segments: [], at: null, since: 0 }, pace: "usual",
};

/** States of a room in which a session is on; of all other states none is. */
export const LEADING: readonly string[] = ["leading", "leading_hands", "leading_over", "leading_check_in", "stood_in", "busy"];

function liveIn(state: string, people: readonly Member[]): LiveView {
  const id = (name: string): string => people.find(({ pseudonym }) => pseudonym === name)?.id ?? "";
  const now = Date.now();
  const me = id("Hazel");
  const session = { plan: null, start: now - 20 * MINUTE, opened: now - 20 * MINUTE, closes: now + 40 * MINUTE, lead: id("Fern"), capsule: null };
  const on: LiveView = { ...NONE, session, title: "Slow Tuesdays", sheet: { segments: SEGMENTS, at: 1, since: now } };
  // Since before the last two messages, which stand in the light.
  const terms = { mode: "round", seconds: 660, grace: 30 } as const;
  const floor = { turn: 4, holder: id("Wren"), since: now - 9 * MINUTE - 5_000, queue: [me, id("Sparrow")], too: [], silent: {} };
  const hands = { mode: "hands", seconds: 0, grace: null } as const;
  switch (state) {
    case "in_round":
    case "in_round_muted":
    case "in_round_halted":
      return { ...on, terms, floor };
    case "my_turn":
      return { ...on, terms, floor: { ...floor, holder: me, since: now - 10.5 * MINUTE, queue: [id("Sparrow")] }, pace: "gentle" };
    case "hands_up":
      return { ...on, floor: { ...floor, holder: null, queue: [id("Alder"), id("Wren")] } };
    case "room_paused":
      return { ...on, terms, floor, paused: { since: now - MINUTE, by: id("Fern"), note: "Two minutes to stretch and drink something." } };
    case "slowed":
      return { ...on, slow: 30, locked: true };
    case "ending":
      return { ...on, session: { ...session, closes: now + 4 * MINUTE } };
    case "resting":
      return { ...NONE, between: false, next: { plan: "p", title: "Slow Tuesdays", start: now + 6 * 24 * 60 * MINUTE, minutes: 60 } };
    case "leading":
    case "busy":
      return { ...on, session: { ...session, lead: me }, terms, floor: { ...floor, queue: [id("Alder"), id("Sparrow")] } };
    case "leading_hands":
      return { ...on, terms: hands, floor: { ...floor, queue: [id("Alder"), id("Sparrow")], too: [id("Sparrow")] } };
    case "keeping":
      return { ...on, sheet: { ...on.sheet, segments: SEGMENTS.map((one, place) => (place === 2 ? GUEST : one)) } };
    case "floor_open":
    case "capsule":
    case "parted":
    case "parting":
      return on;
    case "leading_over":
      return { ...on, session: { ...session, lead: me }, terms };
    case "round_over":
      return { ...on, terms };
    case "leading_check_in":
      return { ...on, session: { ...session, lead: me } };
    case "not_here":
      return { ...on, terms, floor: { ...floor, queue: [me] } };
    case "goodbye":
      return { ...NONE, over: { at: now - MINUTE, capsule: true }, next: { plan: "p", title: "Slow Tuesdays", start: now + 7 * 24 * 60 * MINUTE, minutes: 60 } };
    case "stood_in":
      return { ...on, session: { ...session, lead: me }, terms: hands };
    default:
      return NONE;
  }
}

/** Why this person does not write in such a state. */
export function waitsIn(state: string): Silenced | null {
  if (state === "in_round") return { why: "not_your_turn" };
  if (state === "room_paused") return { why: "paused" };
  return state === "resting" ? { why: "closed" } : null;
}

/** Whoever is first in the line is next; here all can be seen. */
function withNext(live: LiveView): LiveView {
  return live.terms.mode !== "open" ? { ...live, upNext: live.floor.queue[0] ?? null } : live;
}

export function liveParts(state: string, people: readonly Member[]): Pick<RoomView, "live" | "leading" | "standIn"> {
  const live = signal<LiveView | null>(withNext(liveIn(state, people)));
  const gone = signal(state === "stood_in" ? "Fern" : null);
  const change = (part: Partial<LiveView>): Promise<void> => {
    if (live.value) live.value = { ...live.value, ...part };
    return Promise.resolve();
  };
  const done = (): Promise<void> => Promise.resolve();
  return {
    live,
    standIn: {
      for: gone,
      seen: () => {
        gone.value = null;
      },
    },
    leading: {
      open: done,
      extend: done,
      close: () => change({ ...NONE }),
      takeLead: done,
      lock: (locked) => change({ locked }),
      pause: (note) => change({ paused: { since: Date.now(), by: people[0]?.id ?? "", note } }),
      resume: () => change({ paused: null }),
      slowMode: (slow) => change({ slow }),
      setPace: (pace) => change({ pace }),
      writeRunSheet: done,
      moveOn: done,
      setFloor: (mode, seconds, grace) => change({ terms: { mode, seconds, grace }, floor: EMPTY }),
      startRound: done,
      giveFloor: done,
      raiseHand: done,
      lowerHand: done,
      lowerHands: done,
      skipAbsent: done,
      passTurn: done,
    },
  };
}
