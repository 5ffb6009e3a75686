/**
 * Who may say nothing whatever the floor says, and so cannot use a turn: the one rule about that. As
 * `safespace.rooms.silence`, which the relay asks, too.
 */
import type { Silences } from "./floor.ts";
import { STAFF } from "./roles.ts";
import type { State } from "./state.ts";
import type { Role } from "./types.ts";

/** Of a member: what keeps them from writing, besides a mute. */
export interface Standing {
  readonly listening: boolean;
  readonly agreed: boolean;
  readonly quiet: boolean;
  readonly role: Role;
}

/** Why somebody of whom this is so may not write; null for no such reason. */
export function silenceOf(muted: boolean, { listening, agreed, quiet, role }: Standing): "muted" | "listening" | "agree_first" | "quiet" | null {
  if (muted) return "muted";
  if (listening) return "listening";
  if (!agreed) return "agree_first";
  return quiet && !STAFF.includes(role) ? "quiet" : null;
}

/** Why a member may not raise a hand. While the room is quiet hands go up, and wait. */
export function cannotAsk(state: State, id: string, time: number): "muted" | "listening" | "agree_first" | "closed" | null {
  const standing = standingOf(state, id);
  if (standing.role === "guest" && !state.live.session) return "closed";
  const why = silenceOf(isMuted(state, id, time), { ...standing, quiet: false });
  return why === "quiet" ? null : why;
}

/** Whether a mute of this member holds at `time`. */
export function isMuted(state: State, id: string, time: number): boolean {
  const muted = state.mutes[id];
  return muted !== undefined && (muted.until === null || muted.until > time);
}

/** Everyone who cannot use the floor at `time`. */
export function silences(state: State, time: number): Silences {
  const silent = Object.keys(state.members).flatMap((id) => {
    const standing = standingOf(state, id);
    if (silenceOf(false, standing) || (standing.role === "guest" && !state.live.session)) return [[id, null] as const];
    return isMuted(state, id, time) ? [[id, state.mutes[id]?.until ?? null] as const] : [];
  });
  return Object.fromEntries(silent);
}

/** What keeps a member from writing, besides a mute. */
export function standingOf({ members, rules, quiet }: State, id: string): Standing {
  const member = members[id];
  return { listening: member?.listening ?? false, agreed: member?.agreed === rules.version, quiet, role: member?.role ?? "guest" };
}
