/** The fold, for what the group and its members are called. As `safespace.rooms.naming`. */
import type { ActionOf } from "./actions.ts";
import { memberIn, withMember } from "./membership.ts";
import { PolicyError } from "./policyError.ts";
import { isMuted, silenceOf, standingOf } from "./silence.ts";
import { MAX_NAMES, type State } from "./state.ts";

/** Milliseconds for which an old pseudonym is nobody else's. */
export const NAMES_KEPT = 30 * 24 * 3_600_000;
/** Old pseudonyms that one member has at once: who has so many takes no other. */
const MOST = 3;

/** Throws PolicyError unchanged. */
export function renameGroup(state: State, { name }: ActionOf<"rename_group">): State {
  if (name === state.name) throw new PolicyError("unchanged");
  return { ...state, name };
}

/** Throws PolicyError unchanged. */
export function writeWelcome(state: State, { welcome }: ActionOf<"write_welcome">): State {
  if (welcome === state.welcome) throw new PolicyError("unchanged");
  return { ...state, welcome };
}

/**
 * Throws PolicyError unchanged, pseudonym_taken, renamed_often, or why the member may say nothing, not even by a name. One's
 * own old name one may take again.
 */
export function rename(state: State, id: string, { pseudonym }: ActionOf<"rename">, time: number): State {
  const me = memberIn(state, id);
  const why = silenceOf(isMuted(state, id, time), standingOf(state, id));
  if (why !== null) throw new PolicyError(why);
  if (pseudonym === me.pseudonym) throw new PolicyError("unchanged");
  checkFree(state, pseudonym, id);
  const others = state.names.filter((one) => one.pseudonym !== pseudonym);
  if (others.filter(({ member }) => member === id).length >= MOST) throw new PolicyError("renamed_often");
  const old = { member: id, pseudonym: me.pseudonym, until: time + NAMES_KEPT };
  return { ...withMember(state, id, { ...me, pseudonym }), names: [...others, old].slice(-MAX_NAMES) };
}

/** Throws PolicyError pseudonym_taken where somebody but this member is, or was of late, called so. */
export function checkFree(state: State, pseudonym: string, id: string): void {
  const taken =
    Object.entries(state.members).some(([one, member]) => one !== id && member.pseudonym === pseudonym) ||
    state.names.some((one) => one.pseudonym === pseudonym && one.member !== id);
  if (taken) throw new PolicyError("pseudonym_taken");
}

/** The old names that are kept at `time`; the very same where that is all of them. */
export function keptNames(names: State["names"], time: number): State["names"] {
  const kept = names.filter(({ until }) => until > time);
  return kept.length === names.length ? names : kept;
}
