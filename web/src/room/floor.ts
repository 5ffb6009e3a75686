/**
 * The floor: who may write now, and who is next. As `safespace.rooms.floor`, where the rules are told.
 *
 * Where it is not open, whoever is first in the queue and may speak has it as soon as nobody else has. Turns have numbers.
 */
import { dictionary, exact, list, nullable, type Of, whole } from "../form.ts";
import { floorMode, grace, identity, turnSeconds } from "../net/wire.ts";
import { PolicyError } from "./policyError.ts";
import { RANKS } from "./roles.ts";
import type { Role } from "./types.ts";

/** Members who wait at once. */
export const MAX_QUEUE = 200;
const queue = list(identity, 0, MAX_QUEUE);

/** By what rule the floor goes round: `seconds` a turn is meant to be (0: as long as it takes), `grace` until it is over. */
export const terms = exact({ mode: floorMode, seconds: turnSeconds, grace: nullable(grace) });
/**
 * Whose turn it is, since when. In an open floor nobody's, and the queue are the hands that are up; `too` says to what is
 * being said. `silent` are those in the queue who cannot use the floor, and from when they can by time alone; null is when
 * somebody says so. It is worked out anew with every act (`heeding`).
 */
export const floor = exact({
  turn: whole(0),
  holder: nullable(identity),
  since: whole(0),
  queue,
  too: queue,
  silent: dictionary(identity, nullable(whole(0)), MAX_QUEUE),
});

export type Terms = Of<typeof terms>;
export type Floor = Of<typeof floor>;

/** Members who cannot use the floor, and from when time alone lets them (milliseconds); null where somebody has to. */
export type Silences = Readonly<Record<string, number | null>>;

export const OPEN: Terms = { mode: "open", seconds: 0, grace: null };
export const EMPTY: Floor = { turn: 0, holder: null, since: 0, queue: [], too: [], silent: {} };

/** The floor at `time`: turns that were longer than their time and the grace are over, and who may speak again does. */
export function advanced(terms: Terms, floor: Floor, time: number): Floor {
  let now = floor;
  let at = nextChange(terms, now);
  while (at !== null && at <= time) {
    now = next(now, at);
    at = nextChange(terms, now);
  }
  return now;
}

/** When time alone passes the floor on; null for never. */
export function nextChange({ mode, seconds, grace }: Terms, { holder, since, silent }: Floor): number | null {
  if (mode === "open") return null;
  if (holder === null) {
    const coming = Object.values(silent).filter((at) => at !== null);
    return coming.length > 0 ? Math.min(...coming) : null;
  }
  return seconds === 0 || grace === null ? null : since + (seconds + grace) * 1000;
}

/** The floor where `silences` hold at `time`: whose turn it is and may not speak waits in front of the others. */
export function heeding(terms: Terms, given: Floor, silences: Silences, time: number): Floor {
  const { holder } = given;
  const floor: Floor = holder !== null && holder in silences ? { ...given, queue: [holder, ...given.queue], holder: null } : given;
  return filled(terms, { ...floor, silent: among(silences, terms.mode === "open" ? [] : floor.queue) }, time);
}

/** The floor under new terms. Hands that are up stay up. Throws PolicyError unchanged. */
export function setFloor(before: Terms, given: Floor, after: Terms, time: number): Floor {
  if (sameTerms(before, after)) throw new PolicyError("unchanged");
  const floor: Floor = before.mode === "round" ? { ...given, queue: [], too: [], silent: {} } : given;
  if (after.mode === "open" || before.mode === "round") return filled(after, { ...floor, holder: null }, time);
  return filled(after, floor.holder === null ? floor : { ...floor, since: time }, time);
}

/** Everyone in `order` has a turn, one after another. */
export function startRound(terms: Terms, { turn }: Floor, order: readonly string[], silences: Silences, time: number): Floor {
  return filled(terms, { ...EMPTY, turn, queue: order, silent: among(silences, order) }, time);
}

/** Ends the turn that is on. Throws PolicyError floor_open, unchanged or cannot_speak. */
export function giveFloor({ mode }: Terms, floor: Floor, target: string, silences: Silences, time: number): Floor {
  if (mode === "open") throw new PolicyError("floor_open");
  if (floor.holder === target) throw new PolicyError("unchanged");
  if (target in silences) throw new PolicyError("cannot_speak");
  return { ...lowered(floor, target), turn: floor.turn + 1, holder: target, since: time };
}

/** Throws PolicyError hand_up. */
export function raiseHand(terms: Terms, floor: Floor, member: string, too: boolean, silences: Silences, time: number): Floor {
  const { holder, queue } = floor;
  if (member === holder || queue.includes(member) || queue.length + Number(holder !== null) >= MAX_QUEUE) {
    throw new PolicyError("hand_up");
  }
  const silent = terms.mode === "open" ? {} : { ...floor.silent, ...among(silences, [member]) };
  return filled(terms, { ...floor, queue: [...queue, member], too: too ? [...floor.too, member] : floor.too, silent }, time);
}

/** Throws PolicyError no_hand. */
export function lowerHand(floor: Floor, member: string): Floor {
  if (!floor.queue.includes(member)) throw new PolicyError("no_hand");
  return lowered(floor, member);
}

/** Nobody waits any more; whose turn it is has it. Throws PolicyError no_hand. */
export function lowerHands(floor: Floor): Floor {
  if (floor.queue.length === 0) throw new PolicyError("no_hand");
  return { ...floor, queue: [], too: [], silent: {} };
}

/** Who passes a turn, and how. */
export interface Passing {
  readonly turn: number;
  readonly later: boolean;
  readonly absent: boolean;
}

/**
 * End this turn: its holder does, or a facilitator and above; anyone where its holder is `absent`, which the relay knows.
 * With `later` its holder waits for another one.
 *
 * Throws PolicyError turn_over or not_your_turn.
 */
export function passTurn(floor: Floor, actor: string, role: Role, { turn, later, absent }: Passing, time: number): Floor {
  if (floor.holder === null || turn !== floor.turn) throw new PolicyError("turn_over");
  if (actor !== floor.holder && RANKS[role] < RANKS.facilitator && !absent) throw new PolicyError("not_your_turn");
  return next(later ? { ...floor, queue: [...floor.queue, floor.holder] } : floor, time);
}

/** After a member went. */
export function without(terms: Terms, given: Floor, member: string, time: number): Floor {
  const floor = lowered(given, member);
  return floor.holder === member ? filled(terms, { ...floor, holder: null }, time) : floor;
}

/** After a member came back as another. */
export function renamed(floor: Floor, before: string, after: string): Floor {
  const rename = (id: string): string => (id === before ? after : id);
  return {
    ...floor,
    holder: floor.holder === null ? null : rename(floor.holder),
    queue: floor.queue.map(rename),
    too: floor.too.map(rename),
    silent: Object.fromEntries(Object.entries(floor.silent).map(([id, at]) => [rename(id), at])),
  };
}

/** Nobody who may speak waits for a floor that nobody has. */
export function filled({ mode }: Terms, floor: Floor, time: number): Floor {
  return mode !== "open" && floor.holder === null ? next(floor, time) : floor;
}

/** The first in the queue who may speak by `time`; null for nobody. */
export function firstOf({ queue, silent }: Floor, time: number): string | null {
  return queue.find((id) => (silent[id] === undefined ? true : silent[id] !== null && silent[id] <= time)) ?? null;
}

function sameTerms(one: Terms, other: Terms): boolean {
  return one.mode === other.mode && one.seconds === other.seconds && one.grace === other.grace;
}

/** The turn begins of the first who may speak by `time`, or nobody's. */
function next(floor: Floor, time: number): Floor {
  const holder = firstOf(floor, time);
  return holder === null ? { ...floor, holder } : { ...lowered(floor, holder), turn: floor.turn + 1, holder, since: time };
}

function lowered(floor: Floor, member: string): Floor {
  const others = (ids: readonly string[]): string[] => ids.filter((id) => id !== member);
  const queue = others(floor.queue);
  return { ...floor, queue, too: others(floor.too), silent: among(floor.silent, queue) };
}

function among(silences: Silences, members: readonly string[]): Silences {
  return Object.fromEntries(members.flatMap((id) => (silences[id] === undefined ? [] : [[id, silences[id]]])));
}
