/**
 * The fold of a further room: what a policy message makes of its state. Pure, and alike on every device.
 *
 * What is allowed is judged by main as it stood at the message's `main`, which the roll tells. Endorsements are checked
 * where the leaf's key is known (`crypto/endorsements.ts`). `safespace.rooms.further` folds alike (vectors in
 * `tests/vectors/further.json`).
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { b64encode, type Bytes, canonicalJson, concat, lp } from "../crypto/bytes.ts";
import { type ClearPolicy, SHOWN } from "../net/wire.ts";
import { type Bring, type FurtherDeed, type FurtherMessage, type FurtherState, isPassing, type Open, type Purpose } from "./furtherState.ts";
import { may, STAFF } from "./roles.ts";
import { roleAt, roleNow, type Roll } from "./roll.ts";
import { MAX_DEPARTED, PolicyError } from "./state.ts";
import type { Role } from "./types.ts";

/**
 * Whether someone of `role` in main (null: gone) may be in the room: staff, and whom it is about; in a passing room every
 * member. Whom the group sent to which of those, `hasPlace` of `passing.ts` says.
 */
export function belongs(purpose: Purpose, about: string | null, member: string, role: Role | null): boolean {
  return role !== null && (isPassing(purpose) || STAFF.includes(role) || member === about);
}

/** Those in the room who, as far as main was read, no longer belong. While there are any, nothing is sealed. */
export function outsiders(state: FurtherState, roll: Roll): readonly string[] {
  return Object.keys(state.members).filter((id) => !belongs(state.purpose, state.about, id, roleNow(roll, id)));
}

/** 32 bytes. `null` is the state before `open`. */
export function furtherHash(state: FurtherState | null): Bytes {
  return new Uint8Array(sha256(concat(lp("safespace room state 1"), lp(canonicalJson(state)))));
}

/** The message with which `actor` does `action` on `state`, known up to policy_seq `seq`, and main up to `main`. */
export function proposeFurther(
  state: FurtherState | null,
  actor: string,
  seq: number,
  main: number,
  action: FurtherDeed,
): FurtherMessage {
  return { kind: "policy", actor, seq, main, state: b64encode(furtherHash(state)), action };
}

/** Throws PolicyError `announcement_mismatch` unless the relay was shown just what is sealed. */
export function checkFurtherClear(clear: ClearPolicy, { action, seq, main }: FurtherMessage): void {
  const fits =
    clear.action === action.action &&
    clear.policy_seq === seq &&
    clear.main === main &&
    SHOWN.every((name) => clear[name] === (name === "target" ? action.target : null));
  if (!fits) throw new PolicyError("announcement_mismatch");
}

/** Throws PolicyError `wrong_leaf` unless the MLS sender's leaf identity is the actor's. */
export function checkFurtherSender(state: FurtherState | null, message: FurtherMessage, leaf: Uint8Array): void {
  const first = message.action.action === "open" ? message.action : undefined;
  const own = state === null ? first : state.members[message.actor];
  if (own?.leaf !== b64encode(leaf)) throw new PolicyError("wrong_leaf");
}

/** Whether a tree holds every member's leaf, and beside them only departed ones, each once. */
export function furtherRosterFits(state: FurtherState, leafIdentities: readonly Uint8Array[]): boolean {
  const leaves = new Set(leafIdentities.map(b64encode));
  const own = Object.values(state.members).map(({ leaf }) => leaf);
  const known = new Set([...own, ...state.departed]);
  return (
    leaves.size === leafIdentities.length &&
    own.every((leaf) => leaves.has(leaf)) &&
    [...leaves].every((leaf) => known.has(leaf))
  );
}

/**
 * The state after `message`, for a device that has read main up to `message.main`.
 *
 * Throws PolicyError with the reason why nobody applies it: stale_policy, group_exists, not_a_member, unknown_member,
 * does_not_belong, already_member, duplicate_identity, rank_too_low or invalid_field.
 */
export function foldFurther(before: FurtherState | null, message: FurtherMessage, roll: Roll): FurtherState {
  const { action, actor, main } = message;
  const stale = message.state !== b64encode(furtherHash(before)) || (before !== null && main < before.main);
  if (stale) throw new PolicyError("stale_policy");
  if (action.action === "open") {
    if (before !== null) throw new PolicyError("group_exists");
    return opened(action, actor, main, roll);
  }
  if (before === null || !(actor in before.members)) throw new PolicyError("not_a_member");
  const state = { ...before, main };
  if (action.action === "leave") return without(state, actor);
  const role = roleAt(roll, actor, main);
  if (role === null || !belongs(state.purpose, state.about, actor, role)) throw new PolicyError("not_a_member");
  return action.action === "bring" ? brought(state, action, roll) : removed(state, actor, role, action.target, roll);
}

function opened(action: Open, actor: string, main: number, roll: Roll): FurtherState {
  const { target: about, group, room, purpose, leaf, endorsement } = action;
  if (!belongs(purpose, about, actor, roleAt(roll, actor, main))) throw new PolicyError("does_not_belong");
  if (about !== null && roleAt(roll, about, main) === null) throw new PolicyError("unknown_member");
  if ((about !== null) !== (purpose === "aside")) throw new PolicyError("invalid_field");
  return { v: 1, group, room, purpose, about, main, members: { [actor]: { leaf, endorsement } }, departed: [] };
}

function brought(given: FurtherState, { target, leaf, endorsement }: Bring, roll: Roll): FurtherState {
  const { purpose, about, main } = given;
  const role = roleAt(roll, target, main);
  if (role === null) throw new PolicyError("unknown_member");
  if (!belongs(purpose, about, target, role)) throw new PolicyError("does_not_belong");
  if (target in given.members && !isPassing(purpose)) throw new PolicyError("already_member");
  const known = [...given.departed, ...Object.values(given.members).map((member) => member.leaf)];
  if (known.includes(leaf)) throw new PolicyError("duplicate_identity");
  // Who comes again has lost the keys that were in memory alone.
  const state = target in given.members ? without(given, target) : given;
  return { ...state, members: { ...state.members, [target]: { leaf, endorsement } } };
}

function removed(state: FurtherState, actor: string, role: Role, target: string, roll: Roll): FurtherState {
  if (target === actor || !(target in state.members)) throw new PolicyError("unknown_member");
  const held = roleAt(roll, target, state.main);
  if (held !== null && belongs(state.purpose, state.about, target, held) && !may(role, "remove", held)) {
    throw new PolicyError("rank_too_low");
  }
  return without(state, target);
}

function without(state: FurtherState, member: string): FurtherState {
  const { [member]: gone, ...members } = state.members;
  const departed = [...state.departed, ...(gone ? [gone.leaf] : [])].slice(-MAX_DEPARTED);
  return { ...state, members, departed };
}
