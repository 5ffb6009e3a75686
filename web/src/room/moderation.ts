/**
 * The fold, for actions that say who may write, and which messages stay. Times are the server's, as on the envelopes.
 * As `safespace.rooms.moderation`.
 */
import type { Envelope, MuteLength } from "../net/wire.ts";
import type { ActionOf } from "./actions.ts";
import { memberIn, withMember, withoutKey } from "./membership.ts";
import { rankOf } from "./former.ts";
import { hush } from "./live.ts";
import { announced, tableWithin } from "./passing.ts";
import { type Deed, may } from "./roles.ts";
import { settle } from "./running.ts";
import { isMuted, silenceOf, standingOf } from "./silence.ts";
import { type MemberState, type Muted, PolicyError, type State } from "./state.ts";

/** Milliseconds after which a mute for the session ends, session or not. */
export const LONGEST_SESSION = 12 * 3_600_000;

export const SILENCES = [
  "muted", "listening", "agree_first", "quiet", "in_capsule", "closed", "paused", "not_your_turn", "slow_mode",
] as const;
/** Why the relay takes nothing from someone. */
export type Silence = (typeof SILENCES)[number];

export function isSilence(code: string): code is Silence {
  return SILENCES.some((one) => one === code);
}

/** Milliseconds by which the clocks of one server's processes may differ. */
const SKEW = 5_000;

/**
 * Why the relay had to refuse what this member said at `time`; null where it could take it. Slow mode is the relay's alone,
 * and so are a few seconds around the moment in which something begins or ends.
 */
export function dueRefusal(state: State, id: string, kind: Envelope["kind"], time: number): Silence | null {
  const free = (why: Silence | null): boolean =>
    why === null || (kind === "reaction" && (why === "in_capsule" || why === "closed" || why === "not_your_turn"));
  const why = silence(state, id, time);
  return free(why) || [time - SKEW, time + SKEW].some((near) => free(silence(state, id, near))) ? null : why;
}

/** Why a member may not write at `time`; null where they may, unless in slow mode (`slowedUntil` of `live.ts`). */
export function silence(given: State, id: string, time: number): Exclude<Silence, "slow_mode"> | null {
  const state = settle(given, time);
  const { role } = memberIn(state, id);
  return silenceOf(isMuted(state, id, time), standingOf(state, id)) ?? hush(state.live, state.floor, id, role, time);
}

/** The same in a passing room: in a capsule all that binds in main, in a breakout mutes and a pause. */
export function silenceWithin(given: State, room: string, id: string, time: number): Exclude<Silence, "slow_mode"> | null {
  const state = settle(given, time);
  const member = state.members[id];
  if (!member) return null;
  const [live, floor] = tableWithin(state.live, state.floor, room);
  if (announced(state.live).get(room) !== "breakout") return silence({ ...state, live, floor }, id, time);
  return isMuted(state, id, time) ? "muted" : hush(live, floor, id, member.role, time);
}

/** The mute that begins at `time`. */
export function mutedFor(length: MuteLength, time: number): Muted {
  switch (length) {
    case "lifted":
      return { until: null, session: false };
    case "session":
      return { until: time + LONGEST_SESSION, session: true };
    default:
      return { until: time + length * 1000, session: false };
  }
}

/** Whether a mute until `until` ends later than one until `other`; null is for as long as nobody lifts it. */
export function outlasts(until: number | null, other: number | null): boolean {
  return other !== null && (until === null || until > other);
}

/** Throws PolicyError unknown_member, rank_too_low or already_muted. A mute is only ever made longer. */
export function mute(state: State, actor: MemberState, action: ActionOf<"mute">, time: number): State {
  const { target, length } = action;
  ofLowerRank(state, actor, "mute", target);
  const muted = mutedFor(length, time);
  const held = isMuted(state, target, time) ? state.mutes[target] : undefined;
  if (held && !outlasts(muted.until, held.until)) throw new PolicyError("already_muted");
  return { ...state, mutes: { ...state.mutes, [target]: muted } };
}

/** Throws PolicyError unknown_member, rank_too_low or not_muted. */
export function unmute(state: State, actor: MemberState, { target }: ActionOf<"unmute">, time: number): State {
  ofLowerRank(state, actor, "unmute", target);
  if (!isMuted(state, target, time)) throw new PolicyError("not_muted");
  return { ...state, mutes: withoutKey(state.mutes, target) };
}

/** Throws PolicyError unchanged. */
export function muteAll(state: State, { on }: ActionOf<"mute_all">): State {
  if (state.quiet === on) throw new PolicyError("unchanged");
  return { ...state, quiet: on };
}

/** Throws PolicyError unknown_member, rank_too_low or not_listening. */
export function letSpeak(state: State, actor: MemberState, { target }: ActionOf<"let_speak">): State {
  const member = ofLowerRank(state, actor, "let_speak", target);
  if (!member.listening) throw new PolicyError("not_listening");
  return withMember(state, target, { ...member, listening: false });
}

/**
 * Changes no state: which messages are down is in the log. Throws PolicyError rank_too_low.
 *
 * Whose message it was, and whether it stood, the relay checks, and every device that has it.
 */
export function takeDown(state: State, actor: MemberState, action: ActionOf<"take_down" | "restore">): State {
  if (!may(actor.role, action.action, rankOf(state, action.target))) throw new PolicyError("rank_too_low");
  return state;
}

function ofLowerRank(state: State, actor: MemberState, deed: Deed, id: string): MemberState {
  const member = memberIn(state, id);
  if (!may(actor.role, deed, member.role)) throw new PolicyError("rank_too_low");
  return member;
}
