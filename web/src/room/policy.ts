/**
 * The fold: what a policy message makes of a group's state. Pure, and alike on every device.
 *
 * Signatures are checked elsewhere: the sender's by MLS, the agreement's by `verifyAgreement` of `crypto/invites.ts`.
 * `safespace.rooms.policy` folds alike (vectors in `tests/vectors/policy.json`).
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { b64encode, type Bytes, canonicalJson, concat, lp } from "../crypto/bytes.ts";
import type { ClearPolicy } from "../net/wire.ts";
import { may, RANKS } from "./roles.ts";
import {
  type Action,
  type Admit,
  type Create,
  MAX_DEPARTED,
  type MemberState,
  PolicyError,
  type PolicyMessage,
  type State,
} from "./state.ts";
import type { Role } from "./types.ts";

/** 32 bytes. `null` is the state before `create`. */
export function stateHash(state: State | null): Bytes {
  return new Uint8Array(sha256(concat(lp("safespace policy state 1"), lp(canonicalJson(state)))));
}

/** The message with which `actor` does `action` on `state`, known up to policy_seq `seq`. */
export function propose(state: State | null, actor: string, seq: number, action: Action): PolicyMessage {
  return { kind: "policy", actor, seq, state: b64encode(stateHash(state)), action };
}

/** Throws PolicyError `announcement_mismatch` unless the relay was shown just what is sealed. */
export function checkClear(clear: ClearPolicy, message: PolicyMessage): void {
  const { action, seq } = message;
  const admit = action.action === "admit" ? action : null;
  const fits =
    clear.action === action.action &&
    clear.target === action.target &&
    clear.policy_seq === seq &&
    clear.role === (admit?.role ?? null) &&
    clear.request === (admit?.request ?? null) &&
    clear.replaces === (admit?.replaces ?? null);
  if (!fits) throw new PolicyError("announcement_mismatch");
}

/** Throws PolicyError `wrong_leaf` unless the MLS sender's leaf identity is one of the actor's. */
export function checkSender(state: State | null, message: PolicyMessage, leaf: Uint8Array): void {
  const own = state === null ? [message.actor] : (state.members[message.actor]?.leaves ?? []);
  if (!own.includes(b64encode(leaf))) throw new PolicyError("wrong_leaf");
}

/** Whether a tree holds only leaves of members or departed ones, each once, and at least one of every member. */
export function rosterFits(state: State, leafIdentities: readonly Uint8Array[]): boolean {
  const members = Object.values(state.members);
  const leaves = new Set(leafIdentities.map(b64encode));
  const known = new Set([...state.departed, ...members.flatMap((member) => member.leaves)]);
  return (
    leaves.size === leafIdentities.length &&
    [...leaves].every((leaf) => known.has(leaf)) &&
    members.every((member) => member.leaves.some((leaf) => leaves.has(leaf)))
  );
}

/**
 * The state after `message`. Throws PolicyError with the reason why nobody applies it:
 *
 * stale_policy, group_exists, not_a_member, forbidden, unknown_member, rank_too_low, last_owner,
 * already_member, duplicate_identity, pseudonym_taken or invalid_field.
 */
export function fold(state: State | null, message: PolicyMessage): State {
  if (message.state !== b64encode(stateHash(state))) throw new PolicyError("stale_policy");
  const { actor: id, action } = message;
  if (action.action === "create") {
    if (state !== null) throw new PolicyError("group_exists");
    return created(id, action);
  }
  const actor = state?.members[id];
  if (state === null || actor === undefined) throw new PolicyError("not_a_member");
  if (!may(actor.role, action.action)) throw new PolicyError("forbidden");
  switch (action.action) {
    case "admit":
      return admitted(state, actor, action);
    case "agree":
      if (action.version !== state.rules.version) throw new PolicyError("invalid_field");
      return withMember(state, id, { ...actor, agreed: action.version });
    case "leave":
      if (actor.role === "owner" && Object.values(state.members).filter(({ role }) => role === "owner").length === 1) {
        throw new PolicyError("last_owner");
      }
      return without(state, id, actor);
    case "remove": {
      const target = state.members[action.target];
      if (target === undefined) throw new PolicyError("unknown_member");
      if (!may(actor.role, "remove", target.role)) throw new PolicyError("rank_too_low");
      return without(state, action.target, target);
    }
  }
}

function created(actor: string, { group, room, name, welcome, presence, rules, pseudonym, key }: Create): State {
  const creator: MemberState = { pseudonym, role: "owner", key, agreed: 1, leaves: [actor] };
  return {
    v: 1,
    group,
    room,
    name,
    welcome,
    presence,
    rules: { version: 1, text: rules },
    members: { [actor]: creator },
    departed: [],
  };
}

function admitted(state: State, actor: MemberState, action: Admit): State {
  const { target, pseudonym, role, key, agreement, replaces } = action;
  if (!may(actor.role, "admit", role)) throw new PolicyError("rank_too_low");
  const rest = replaces === null ? state : withoutReplaced(state, actor, role, replaces);
  if (agreement.version !== state.rules.version) throw new PolicyError("invalid_field");
  if (state.members[target] !== undefined) throw new PolicyError("already_member");
  if (state.departed.includes(target) || Object.values(state.members).some(({ leaves }) => leaves.includes(target))) {
    throw new PolicyError("duplicate_identity");
  }
  if (Object.values(rest.members).some((member) => member.pseudonym === pseudonym)) throw new PolicyError("pseudonym_taken");
  return withMember(rest, target, { pseudonym, role, key, agreed: agreement.version, leaves: [target] });
}

/** Whoever lets someone back in ends a membership, and nobody gains by coming back. */
function withoutReplaced(state: State, actor: MemberState, role: Role, replaces: string): State {
  const replaced = state.members[replaces];
  if (replaced === undefined) throw new PolicyError("unknown_member");
  if (!may(actor.role, "remove", replaced.role) || RANKS[role] > RANKS[replaced.role]) {
    throw new PolicyError("rank_too_low");
  }
  return without(state, replaces, replaced);
}

function withMember(state: State, id: string, member: MemberState): State {
  return { ...state, members: { ...state.members, [id]: member } };
}

function without(state: State, id: string, { leaves }: MemberState): State {
  const members = Object.fromEntries(Object.entries(state.members).filter(([other]) => other !== id));
  return { ...state, members, departed: [...state.departed, ...leaves].slice(-MAX_DEPARTED) };
}
