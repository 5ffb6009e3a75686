/** Who may do what: five ranks and one table, as `safespace.rooms.roles`. */
import type { FurtherAction, PolicyAction } from "../net/wire.ts";
import type { Role } from "./types.ts";

export type Deed = PolicyAction | FurtherAction | "read_reports" | "read_handovers" | "invite";

export const RANKS: Readonly<Record<Role, number>> = { guest: 0, member: 1, moderator: 2, facilitator: 3, owner: 4 };
/** Who keeps the room: read the reports, write when it is quiet, agree to the charter. */
export const STAFF: readonly Role[] = ["moderator", "facilitator", "owner"];

/** The lowest role that may do it at all; what else is asked is in `may`, `mayOffer` and the fold. `create` is the creator's. */
const LOWEST: Readonly<Record<Exclude<Deed, "create">, Role>> = {
  admit: "facilitator",
  invite: "facilitator",
  agree: "guest",
  leave: "guest",
  remove: "moderator",
  offer: "facilitator",
  end_offer: "guest",
  accept: "guest",
  demote: "facilitator",
  step_down: "moderator",
  mute: "moderator",
  unmute: "moderator",
  mute_all: "moderator",
  let_speak: "moderator",
  take_down: "moderator",
  restore: "moderator",
  unban: "facilitator",
  retain: "owner",
  write_charter: "owner",
  write_rules: "owner",
  rename_group: "owner",
  write_welcome: "owner",
  rename: "member",
  plan: "facilitator",
  unplan: "facilitator",
  open_session: "facilitator",
  extend_session: "facilitator",
  take_lead: "facilitator",
  close_session: "facilitator",
  between_sessions: "owner",
  lock: "moderator",
  pause: "moderator",
  resume: "moderator",
  slow_mode: "moderator",
  set_pace: "facilitator",
  write_run_sheet: "facilitator",
  move_on: "facilitator",
  set_floor: "facilitator",
  start_round: "facilitator",
  give_floor: "facilitator",
  raise_hand: "guest",
  lower_hand: "guest",
  lower_hands: "facilitator",
  pass_turn: "guest",
  open_ballot: "facilitator",
  close_ballot: "facilitator",
  capsule: "facilitator",
  break_out: "facilitator",
  call_back: "facilitator",
  renew_room: "guest",
  open: "guest",
  bring: "guest",
  read_reports: "moderator",
  read_handovers: "facilitator",
};

/**
 * Whether `role` may do `deed` at all, or, given `targetRole`, to someone of that role.
 *
 * Nobody admits above their own rank; all else is done to those of a lower rank alone.
 */
export function may(role: Role, deed: Deed, targetRole?: Role): boolean {
  if (deed === "create" || RANKS[role] < RANKS[LOWEST[deed]]) return false;
  if (targetRole === undefined) return true;
  return deed === "admit" ? RANKS[targetRole] <= RANKS[role] : RANKS[targetRole] < RANKS[role];
}

/** Whether `role` may offer `offered` to someone of `targetRole`: staff roles below one's own, and an owner any. */
export function mayOffer(role: Role, targetRole: Role, offered: Role): boolean {
  return (
    may(role, "offer") &&
    STAFF.includes(offered) &&
    RANKS[targetRole] < RANKS[offered] &&
    (RANKS[offered] < RANKS[role] || role === "owner")
  );
}
