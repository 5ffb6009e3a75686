/** The fold, for actions that change who has which role. Nobody gets one they did not accept. As `safespace.rooms.offices`. */
import type { ActionOf } from "./actions.ts";
import { isLastOwner, memberIn, withMember, withoutKey } from "./membership.ts";
import { may, mayOffer, RANKS } from "./roles.ts";
import { type MemberState, type Offered, PolicyError, type State } from "./state.ts";
import type { Role } from "./types.ts";

/**
 * One that holds gives way only to someone who may make it, too. Throws PolicyError unknown_member, rank_too_low or
 * already_offered.
 */
export function offer(state: State, by: string, actor: MemberState, { target, role }: ActionOf<"offer">): State {
  const now = memberIn(state, target).role;
  if (!mayOffer(actor.role, now, role)) throw new PolicyError("rank_too_low");
  const made = standingOffer(state, target);
  if (made?.role === role) throw new PolicyError("already_offered");
  if (made && !mayOffer(actor.role, now, made.role)) throw new PolicyError("rank_too_low");
  return { ...state, offers: { ...state.offers, [target]: { role, by } } };
}

/** Throws PolicyError unknown_member, no_offer or rank_too_low. */
export function endOffer(state: State, id: string, actor: MemberState, { target }: ActionOf<"end_offer">): State {
  const { role } = memberIn(state, target);
  const made = state.offers[target];
  if (made === undefined) throw new PolicyError("no_offer");
  if (id !== target && !mayOffer(actor.role, role, made.role)) throw new PolicyError("rank_too_low");
  return withoutOffer(state, target);
}

/** Throws PolicyError no_offer or invalid_field. */
export function accept(state: State, id: string, actor: MemberState, { role, version }: ActionOf<"accept">): State {
  if (standingOffer(state, id)?.role !== role) throw new PolicyError("no_offer");
  if (version !== state.charter.version) throw new PolicyError("invalid_field");
  return withMember(withoutOffer(state, id), id, { ...actor, role, charter: version });
}

/** Throws PolicyError unknown_member, rank_too_low or unchanged. */
export function demote(state: State, actor: MemberState, { target, role }: ActionOf<"demote">): State {
  const member = memberIn(state, target);
  if (!may(actor.role, "demote", member.role)) throw new PolicyError("rank_too_low");
  return lower(state, target, member, role);
}

/** Throws PolicyError last_owner or unchanged. */
export function stepDown(state: State, id: string, actor: MemberState, { role }: ActionOf<"step_down">): State {
  if (isLastOwner(state, id)) throw new PolicyError("last_owner");
  return lower(state, id, actor, role);
}

/** What a member may accept: an offer is worth what its maker may still give. */
export function standingOffer(state: State, id: string): Offered | null {
  const made = state.offers[id];
  const [maker, member] = [state.members[made?.by ?? ""], state.members[id]];
  return made && maker && member && mayOffer(maker.role, member.role, made.role) ? made : null;
}

function lower(state: State, id: string, member: MemberState, role: Role): State {
  if (RANKS[role] >= RANKS[member.role]) throw new PolicyError("unchanged");
  return withMember(withoutOffer(state, id), id, { ...member, role });
}

function withoutOffer(state: State, id: string): State {
  return { ...state, offers: withoutKey(state.offers, id) };
}
