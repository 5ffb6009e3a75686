/**
 * The fold: what a policy message makes of a group's state. Pure, and alike on every device.
 *
 * Signatures are checked elsewhere: the sender's by MLS, the agreement's by `verifyAgreement` of `crypto/invites.ts`.
 * `safespace.rooms.policy` folds alike (vectors in `tests/vectors/policy.json`).
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { b64encode, type Bytes, canonicalJson, concat, equalBytes, lp } from "../crypto/bytes.ts";
import { type ClearPolicy, HANDS, type Shown, SHOWN } from "../net/wire.ts";
import { type Action, shown } from "./actions.ts";
import * as membership from "./membership.ts";
import * as moderation from "./moderation.ts";
import * as naming from "./naming.ts";
import * as offices from "./offices.ts";
import { may } from "./roles.ts";
import { follow, run, settle } from "./running.ts";
import { PolicyError, type PolicyMessage, type State } from "./state.ts";

/** 32 bytes, of everything but `floor`. `null` is the state before `create`. */
export function stateHash(state: State | null): Bytes {
  const hashed = state && Object.fromEntries(Object.entries(state).filter(([name]) => name !== "floor"));
  return new Uint8Array(sha256(concat(lp("safespace policy state 1"), lp(canonicalJson(hashed)))));
}

/** The message with which `actor` does `action` on `state`, known up to policy_seq `seq`. */
export function propose(state: State | null, actor: string, seq: number, action: Action): PolicyMessage {
  return { kind: "policy", actor, seq, state: b64encode(stateHash(state)), action };
}

/** Throws PolicyError `announcement_mismatch` unless the relay was shown just what is sealed. */
export function checkClear(clear: ClearPolicy, message: PolicyMessage): void {
  const { action, seq } = message;
  const sealed = shown(action);
  const fits =
    clear.action === action.action &&
    clear.policy_seq === seq &&
    clear.main === null &&
    SHOWN.every((name) => same(clear[name], sealed[name]));
  if (!fits) throw new PolicyError("announcement_mismatch");
}

function same(one: Shown[keyof Shown], other: Shown[keyof Shown]): boolean {
  return one === other || equalBytes(canonicalJson(one), canonicalJson(other));
}

/** Throws PolicyError `wrong_leaf` unless the MLS sender's leaf identity is one of the actor's. */
export function checkSender(state: State | null, message: PolicyMessage, leaf: Uint8Array): void {
  const own = state === null ? [message.actor] : (state.members[message.actor]?.leaves ?? []);
  if (!own.includes(b64encode(leaf))) throw new PolicyError("wrong_leaf");
}

/**
 * Whether the message was made on this state; a hand may have been raised on an earlier one. `handSeq` is the seq of the
 * last message about a hand, which an `admit` has to have seen as well: it hands the floor to a joiner.
 *
 * Throws PolicyError `stale_policy`.
 */
export function checkSeen(state: State | null, message: PolicyMessage, policySeq: number, handSeq: number): void {
  const { seq, action } = message;
  const seen = isHand(action)
    ? seq < policySeq || (seq === policySeq && message.state === b64encode(stateHash(state)))
    : seq === newest(action.action, policySeq, handSeq);
  if (!seen) throw new PolicyError("stale_policy");
}

/** The `policy_seq` that an action of this kind has to be made on. */
export function newest(kind: Action["action"] | undefined, policySeq: number, handSeq: number): number {
  return kind === "admit" ? Math.max(policySeq, handSeq) : policySeq;
}

function isHand({ action }: Action): boolean {
  return HANDS.includes(action);
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
 * The state after `message`, whose envelope has the server's `time` (milliseconds).
 *
 * Throws PolicyError with the reason why nobody applies it: stale_policy, group_exists, not_a_member, forbidden,
 * or a code of the action's own (`membership`, `offices`, `moderation`, `naming`, `running`).
 */
export function fold(state: State | null, message: PolicyMessage, time: number): State {
  const { actor: id, action } = message;
  if (!isHand(action) && message.state !== b64encode(stateHash(state))) throw new PolicyError("stale_policy");
  if (action.action === "create") {
    if (state !== null) throw new PolicyError("group_exists");
    return membership.create(id, action);
  }
  if (state?.members[id] === undefined) throw new PolicyError("not_a_member");
  if (!may(state.members[id].role, action.action)) throw new PolicyError("forbidden");
  // A joiner is handed the state as it stands: what time makes of it everyone works out alike, but not at one time.
  const before = action.action === "admit" ? state : settle(state, time);
  return follow(before, apply(before, id, action, time), action, time);
}

function apply(state: State, id: string, action: Exclude<Action, { action: "create" }>, time: number): State {
  const actor = membership.memberIn(state, id);
  switch (action.action) {
    case "admit":
      return membership.admit(state, actor, action);
    case "agree":
      return membership.agree(state, id, actor, action);
    case "leave":
      return membership.leave(state, id);
    case "remove":
      return membership.remove(state, actor, action);
    case "unban":
      return membership.unban(state, action);
    case "offer":
      return offices.offer(state, id, actor, action);
    case "end_offer":
      return offices.endOffer(state, id, actor, action);
    case "accept":
      return offices.accept(state, id, actor, action);
    case "demote":
      return offices.demote(state, actor, action);
    case "step_down":
      return offices.stepDown(state, id, actor, action);
    case "mute":
      return moderation.mute(state, actor, action, time);
    case "unmute":
      return moderation.unmute(state, actor, action, time);
    case "mute_all":
      return moderation.muteAll(state, action);
    case "let_speak":
      return moderation.letSpeak(state, actor, action);
    case "take_down":
    case "restore":
      return moderation.takeDown(state, actor, action);
    case "retain":
      if (action.days === state.days) throw new PolicyError("unchanged");
      return { ...state, days: action.days };
    case "write_charter":
      return { ...state, charter: { version: state.charter.version + 1, text: action.charter } };
    case "rename_group":
      return naming.renameGroup(state, action);
    case "write_welcome":
      return naming.writeWelcome(state, action);
    case "rename":
      return naming.rename(state, id, action, time);
    default:
      return run(state, id, action, time);
  }
}
