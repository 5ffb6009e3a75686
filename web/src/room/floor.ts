/**
 * The floor: who may write now, and who is next. As `safespace.rooms.floor`, where the rules are told.
 *
 * Where it is not open, whoever is first in the queue has it as soon as nobody else has. Turns have numbers.
 */
import { exact, list, nullable, type Of, whole } from "../form.ts";
import { floorMode, grace, identity, turnSeconds } from "../net/wire.ts";
import { PolicyError } from "./policyError.ts";
import { RANKS } from "./roles.ts";
import type { Role } from "./types.ts";

/** Members who wait at once. */
export const MAX_QUEUE = 200;
const queue = list(identity, 0, MAX_QUEUE);

/** By what rule the floor goes round: `seconds` a turn is meant to be (0: as long as it takes), `grace` until it is over. */
export const terms = exact({ mode: floorMode, seconds: turnSeconds, grace: nullable(grace) });
/** Whose turn it is, since when. In an open floor nobody's, and the queue are the hands that are up; `too` says to what is being said. */
export const floor = exact({ turn: whole(0), holder: nullable(identity), since: whole(0), queue, too: queue });

export type Terms = Of<typeof terms>;
export type Floor = Of<typeof floor>;

export const OPEN: Terms = { mode: "open", seconds: 0, grace: null };
export const EMPTY: Floor = { turn: 0, holder: null, since: 0, queue: [], too: [] };

/** The floor at `time`: turns that were longer than their time and the grace are over. */
export function advanced({ mode, seconds, grace }: Terms, floor: Floor, time: number): Floor {
  if (mode === "open" || seconds === 0 || grace === null) return floor;
  const length = (seconds + grace) * 1000;
  let at = floor;
  while (at.holder !== null && at.since + length <= time) at = next(at, at.since + length);
  return at;
}

/** The floor under new terms. Hands that are up stay up. Throws PolicyError unchanged. */
export function setFloor(before: Terms, given: Floor, after: Terms, time: number): Floor {
  if (sameTerms(before, after)) throw new PolicyError("unchanged");
  const floor: Floor = before.mode === "round" ? { ...given, queue: [], too: [] } : given;
  if (after.mode === "open" || before.mode === "round") return filled(after, { ...floor, holder: null }, time);
  return filled(after, floor.holder === null ? floor : { ...floor, since: time }, time);
}

/** Everyone in `order` has a turn, one after another. */
export function startRound(terms: Terms, { turn }: Floor, order: readonly string[], time: number): Floor {
  return filled(terms, { ...EMPTY, turn, queue: order }, time);
}

/** Ends the turn that is on. Throws PolicyError floor_open or unchanged. */
export function giveFloor({ mode }: Terms, floor: Floor, target: string, time: number): Floor {
  if (mode === "open") throw new PolicyError("floor_open");
  if (floor.holder === target) throw new PolicyError("unchanged");
  return { ...lowered(floor, target), turn: floor.turn + 1, holder: target, since: time };
}

/** Throws PolicyError hand_up. */
export function raiseHand(terms: Terms, floor: Floor, member: string, too: boolean, time: number): Floor {
  if (member === floor.holder || floor.queue.includes(member) || floor.queue.length === MAX_QUEUE) {
    throw new PolicyError("hand_up");
  }
  const raised = { ...floor, queue: [...floor.queue, member], too: too ? [...floor.too, member] : floor.too };
  return filled(terms, raised, time);
}

/** Throws PolicyError no_hand. */
export function lowerHand(floor: Floor, member: string): Floor {
  if (!floor.queue.includes(member)) throw new PolicyError("no_hand");
  return lowered(floor, member);
}

/**
 * End this turn: its holder does, or a facilitator and above. With `later` its holder waits for another one.
 *
 * Throws PolicyError turn_over or not_your_turn.
 */
export function passTurn(floor: Floor, actor: string, role: Role, turn: number, later: boolean, time: number): Floor {
  if (floor.holder === null || turn !== floor.turn) throw new PolicyError("turn_over");
  if (actor !== floor.holder && RANKS[role] < RANKS.facilitator) throw new PolicyError("not_your_turn");
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
  };
}

function sameTerms(one: Terms, other: Terms): boolean {
  return one.mode === other.mode && one.seconds === other.seconds && one.grace === other.grace;
}

/** Nobody waits for a floor that nobody has. */
function filled({ mode }: Terms, floor: Floor, time: number): Floor {
  return mode !== "open" && floor.holder === null && floor.queue.length > 0 ? next(floor, time) : floor;
}

/** The next one's turn begins, or nobody's. */
function next(floor: Floor, time: number): Floor {
  const [holder] = floor.queue;
  if (holder === undefined) return { ...floor, holder: null };
  return { ...lowered(floor, holder), turn: floor.turn + 1, holder, since: time };
}

function lowered(floor: Floor, member: string): Floor {
  return { ...floor, queue: floor.queue.filter((id) => id !== member), too: floor.too.filter((id) => id !== member) };
}
