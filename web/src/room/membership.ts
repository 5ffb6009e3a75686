/** The fold, for actions by which members come and go. As `safespace.rooms.membership`. */
import type { ActionOf } from "./actions.ts";
import { EMPTY } from "./floor.ts";
import { remembered } from "./former.ts";
import { PLAIN } from "./live.ts";
import { checkFree } from "./naming.ts";
import { may, RANKS, STAFF } from "./roles.ts";
import { MAX_BANNED, MAX_DEPARTED, type MemberState, NO_SHEET, PolicyError, type State } from "./state.ts";
import type { Role } from "./types.ts";

/** The first state: its creator is the owner, and wrote rules and charter. */
export function create(actor: string, action: ActionOf<"create">): State {
  const { group, room, name, welcome, presence, days, rules, charter, pseudonym, key } = action;
  const creator: MemberState = { pseudonym, role: "owner", key, agreed: 1, charter: 1, listening: false, leaves: [actor] };
  return {
    v: 1,
    group,
    room,
    name,
    welcome,
    presence,
    days,
    rules: { version: 1, text: rules },
    charter: { version: 1, text: charter },
    members: { [actor]: creator },
    offers: {},
    mutes: {},
    quiet: false,
    live: PLAIN,
    plans: {},
    prompts: {},
    sheet: NO_SHEET,
    pace: "usual",
    themes: {},
    floor: EMPTY,
    banned: [],
    former: [],
    names: [],
    departed: [],
  };
}

/**
 * Throws PolicyError rank_too_low, no_offer, unknown_member, invalid_field, already_member, duplicate_identity or
 * pseudonym_taken.
 */
export function admit(state: State, actor: MemberState, action: ActionOf<"admit">): State {
  const { target, pseudonym, role, key, agreement, replaces, listening, session, until } = action;
  if (!may(actor.role, "admit", role)) throw new PolicyError("rank_too_low");
  const replaced = replaces === null ? null : checkReplaced(state, actor, role, replaces);
  // One is offered it, and agrees to the charter.
  if (!replaced && STAFF.includes(role)) throw new PolicyError("no_offer");
  if (agreement.version !== state.rules.version) throw new PolicyError("invalid_field");
  if (state.members[target] !== undefined) throw new PolicyError("already_member");
  const known = [...state.departed, ...state.former.map(({ member }) => member)];
  if (known.includes(target) || Object.values(state.members).some(({ leaves }) => leaves.includes(target))) {
    throw new PolicyError("duplicate_identity");
  }
  const rest = replaces === null ? state : without(state, replaces, target);
  checkFree(rest, pseudonym, target);
  const admitted: MemberState = {
    pseudonym,
    role,
    key,
    agreed: agreement.version,
    charter: replaced?.charter ?? 0,
    // Coming back on another device ends neither a mute nor listening, and begins none; nor does leaving.
    listening: replaced?.listening ?? listening,
    leaves: [target],
  };
  const goesOn = session === null ? undefined : { until, session };
  const kept = replaces === null ? goesOn : state.mutes[replaces];
  const mutes = kept === undefined ? rest.mutes : { ...rest.mutes, [target]: kept };
  return { ...withMember(rest, target, admitted), mutes, names: rest.names.filter((one) => one.pseudonym !== pseudonym) };
}

/** Throws PolicyError last_owner. */
export function leave(state: State, actor: string): State {
  if (isLastOwner(state, actor)) throw new PolicyError("last_owner");
  return without(state, actor);
}

/** Throws PolicyError unknown_member or rank_too_low. */
export function remove(state: State, actor: MemberState, { target, ban }: ActionOf<"remove">): State {
  const { pseudonym, role } = memberIn(state, target);
  if (!may(actor.role, "remove", role)) throw new PolicyError("rank_too_low");
  const after = without(state, target);
  return ban ? { ...after, banned: [...after.banned, { member: target, pseudonym }].slice(-MAX_BANNED) } : after;
}

/** Throws PolicyError not_banned. */
export function unban(state: State, { target }: ActionOf<"unban">): State {
  const banned = state.banned.filter(({ member }) => member !== target);
  if (banned.length === state.banned.length) throw new PolicyError("not_banned");
  return { ...state, banned };
}

/** Throws PolicyError invalid_field. */
export function agree(state: State, id: string, actor: MemberState, { version }: ActionOf<"agree">): State {
  if (version !== state.rules.version) throw new PolicyError("invalid_field");
  return withMember(state, id, { ...actor, agreed: version });
}

/** Throws PolicyError unknown_member. */
export function memberIn(state: State, id: string): MemberState {
  const member = state.members[id];
  if (member === undefined) throw new PolicyError("unknown_member");
  return member;
}

export function withMember(state: State, id: string, member: MemberState): State {
  return { ...state, members: { ...state.members, [id]: member } };
}

/** Whether the group would be without an owner if it were not for this member. */
export function isLastOwner(state: State, id: string): boolean {
  return Object.entries(state.members).every(([one, { role }]) => (role === "owner") === (one === id));
}

/** A dictionary without what it says of one member. */
export function withoutKey<T>(given: Readonly<Record<string, T>>, id: string): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(given).filter(([one]) => one !== id));
}

/** Whoever lets someone back in ends a membership, and nobody gains by coming back. */
function checkReplaced(state: State, actor: MemberState, role: Role, replaces: string): MemberState {
  const replaced = memberIn(state, replaces);
  if (!may(actor.role, "remove", replaced.role) || RANKS[role] > RANKS[replaced.role]) {
    throw new PolicyError("rank_too_low");
  }
  return replaced;
}

/** The state without a member, whose leaves are departed; `now` is the member as whom they go on, if they do. */
function without(state: State, id: string, now: string | null = null): State {
  const leaves = state.members[id]?.leaves ?? [];
  return {
    ...state,
    members: withoutKey(state.members, id),
    offers: withoutKey(state.offers, id),
    mutes: withoutKey(state.mutes, id),
    former: remembered(state, id, now),
    // Old names stay one's own as whom one goes on; those of who is gone are nobody's until they end.
    names: state.names.map((one) => (one.member === id && now !== null ? { ...one, member: now } : one)),
    departed: [...state.departed, ...leaves].slice(-MAX_DEPARTED),
  };
}
