/**
 * Members who are none any more, as far as it still matters who they were: on another device they are somebody else, and
 * what staff once wrote is not everybody's to take down. As `safespace.rooms.former`.
 */
import { STAFF } from "./roles.ts";
import { type Former, MAX_FORMER, type State } from "./state.ts";
import type { Role } from "./types.ts";

/** The member who somebody is now: another one, if they came back on another device. */
export function goesOnAs(state: State, id: string): string {
  return state.former.find(({ member }) => member === id)?.now ?? id;
}

/** A member's id, and those that they had before. */
export function idsOf(state: State, id: string): readonly string[] {
  return [id, ...state.former.filter(({ now }) => now === id).map(({ member }) => member)];
}

/**
 * The role that counts for what somebody once said: the one they have now, or the one of staff with which they went.
 * undefined for everybody else who is gone.
 */
export function rankOf(state: State, id: string): Role | undefined {
  const member = state.members[goesOnAs(state, id)];
  return (member ?? state.former.find((one) => one.member === id))?.role;
}

/** `state.former` once a member is none any more, but goes on as `now`, if given. */
export function remembered(state: State, id: string, now: string | null): readonly Former[] {
  const role = state.members[id]?.role ?? "guest";
  const moved = state.former.map((one) => (one.now === id ? { ...one, now, role } : one));
  const kept = [...moved, { member: id, role, now }].filter((one) => one.now !== null || STAFF.includes(one.role));
  if (kept.length <= MAX_FORMER) return kept;
  // The oldest who is not of staff is forgotten first, so that nobody can have a rank forgotten by coming back.
  const least = kept.findIndex((one) => !STAFF.includes((state.members[one.now ?? ""] ?? one).role));
  return kept.filter((_, at) => at !== Math.max(0, least));
}
