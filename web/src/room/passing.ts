/**
 * Rooms that last for a while of a session: a capsule, in which it is held and of which nothing is kept, and breakouts.
 *
 * They are announced by policy in main, so time and policy alone say which there are and who belongs in them. As
 * `safespace.rooms.passing`; see docs/protocol.md, "Passing rooms".
 */
import type { Parties } from "../net/wire.ts";
import { EMPTY, type Floor } from "./floor.ts";
import { type Live, PLAIN, type Table } from "./live.ts";
import { PolicyError } from "./policyError.ts";
import { RANKS } from "./roles.ts";
import type { Role } from "./types.ts";

export type Passing = "capsule" | "breakout";

const MINUTE = 60_000;

/** The passing rooms that there are; `live` is settled. */
export function announced({ session, breakouts }: Live): ReadonlyMap<string, Passing> {
  const small = Object.keys(breakouts?.rooms ?? {}).map((room) => [room, "breakout"] as const);
  return new Map([...(session?.capsule ? [[session.capsule, "capsule"] as const] : []), ...small]);
}

/**
 * Whether a member belongs in a passing room: everyone in the capsule; in a breakout who was sent there, or anyone where
 * nobody was; who was sent nowhere, as they came late, chooses; facilitators and above visit. `live` is settled.
 */
export function hasPlace(live: Live, room: string, member: string, role: Role): boolean {
  if (announced(live).get(room) !== "breakout") return announced(live).has(room);
  const sent = live.breakouts?.rooms[room] ?? [];
  return sent.length === 0 || sent.includes(member) || isLate(live, member) || RANKS[role] >= RANKS.facilitator;
}

/** Whether the group went into small rooms without sending this member to one. */
export function isLate({ breakouts }: Live, member: string): boolean {
  return breakouts !== null && !Object.values(breakouts.rooms).some((sent) => sent.includes(member));
}

/** When a passing room closes by itself; null where there is no such room. `live` is settled. */
export function closing(live: Live, room: string): number | null {
  const kind = announced(live).get(room);
  if (kind === undefined || !live.session) return null;
  return kind === "breakout" && live.breakouts ? Math.min(live.session.closes, live.breakouts.closes) : live.session.closes;
}

/** When the session that is on, and its small rooms, close by themselves. `live` is settled. */
export function endsOf({ session, breakouts }: Live): number[] {
  return [session, breakouts].flatMap((on) => (on ? [on.closes] : []));
}

/** Hold the session in a capsule from now on. Throws PolicyError no_session or unchanged. */
export function hold(live: Live, into: string): Live {
  if (!live.session) throw new PolicyError("no_session");
  if (live.session.capsule !== null) throw new PolicyError("unchanged");
  return { ...live, session: { ...live.session, capsule: into } };
}

/** Go into small rooms for so many minutes. Throws PolicyError no_session, unchanged or invalid_field. */
export function breakOut(live: Live, rooms: Parties, minutes: number, time: number): Live {
  if (!live.session) throw new PolicyError("no_session");
  if (live.breakouts) throw new PolicyError("unchanged");
  if (Object.keys(rooms).some((room) => announced(live).has(room))) throw new PolicyError("invalid_field");
  return { ...live, breakouts: { rooms, closes: time + minutes * MINUTE } };
}

/** Close the small rooms now. Throws PolicyError unchanged. */
export function callBack(live: Live): Live {
  if (!live.breakouts) throw new PolicyError("unchanged");
  return { ...live, breakouts: null };
}

/**
 * Another room in the place of one in which nobody holds the keys any more.
 *
 * Throws PolicyError unknown_room, does_not_belong or invalid_field.
 */
export function renew(live: Live, old: string, into: string, member: string, role: Role): Live {
  if (!announced(live).has(old)) throw new PolicyError("unknown_room");
  if (!hasPlace(live, old, member, role)) throw new PolicyError("does_not_belong");
  if (announced(live).has(into)) throw new PolicyError("invalid_field");
  if (live.session?.capsule === old) return { ...live, session: { ...live.session, capsule: into } };
  const { breakouts } = live;
  return breakouts ? { ...live, breakouts: { ...breakouts, rooms: movedTo(breakouts.rooms, old, into) } } : live;
}

/**
 * Session and floor as they bind in a passing room: in a capsule as they are, in a breakout a pause alone. Once the room is
 * over, nobody but staff writes.
 */
export function tableWithin(live: Live, floor: Floor, room: string): Table {
  const closes = closing(live, room);
  if (!live.session || closes === null) return [{ ...PLAIN, between: false }, EMPTY];
  const session = { ...live.session, capsule: null, closes };
  const within: Live = { ...PLAIN, session, between: false, paused: live.paused };
  if (announced(live).get(room) === "breakout") return [within, EMPTY];
  return [{ ...within, slow: live.slow, terms: live.terms }, floor];
}

/** The same, with what was under `old` under `into`. */
export function movedTo<Value>(given: Readonly<Record<string, Value>>, old: string, into: string): Record<string, Value> {
  return Object.fromEntries(Object.entries(given).map(([room, value]) => [room === old ? into : room, value]));
}
