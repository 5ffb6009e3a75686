/**
 * What a group has agreed, and the policy messages that change it: their exact form, read strictly.
 *
 * See docs/protocol.md, "Policy". `safespace.rooms.state` reads and writes alike (vectors in `tests/vectors/policy.json`).
 */
import { type Bytes, canonicalJson, equalBytes, fromUtf8, type Json } from "../crypto/bytes.ts";
import { CryptoError } from "../crypto/errors.ts";
import { agreement, rules } from "../crypto/invites.ts";
import { groundRules, groupName, pseudonym, welcome } from "../crypto/texts.ts";
import {
  bytes,
  dictionary,
  exact,
  type Form,
  FormError,
  list,
  nothing,
  type Of,
  oneOf,
  optional,
  tagged,
  uuid,
  whole,
  yesOrNo,
} from "../form.ts";

/** How many departed leaves a state remembers, the newest. */
export const MAX_DEPARTED = 64;

/** A policy message that nobody applies; `code` is one of the server's codes. */
export class PolicyError extends Error {
  override readonly name = "PolicyError";
  readonly code: PolicyCode;

  constructor(code: PolicyCode) {
    super(code);
    this.code = code;
  }
}

export type PolicyCode =
  | "already_member"
  | "announcement_mismatch"
  | "duplicate_identity"
  | "forbidden"
  | "group_exists"
  | "invalid_field"
  | "last_owner"
  | "not_a_member"
  | "pseudonym_taken"
  | "rank_too_low"
  | "stale_policy"
  | "unknown_member"
  | "wrong_leaf";

const identity = bytes(16);
const digest = bytes(32);
const role = oneOf("owner", "facilitator", "moderator", "member", "guest");

const member = exact({ pseudonym, role, key: digest, agreed: whole(1), leaves: list(identity, 1) });
const state = exact({
  v: whole(1, 1),
  group: uuid,
  room: uuid,
  name: groupName,
  welcome,
  presence: yesOrNo,
  rules,
  members: dictionary(identity, member),
  departed: list(identity, 0, MAX_DEPARTED),
});

const create = exact({
  action: oneOf("create"),
  target: nothing,
  group: uuid,
  room: uuid,
  name: groupName,
  welcome,
  presence: yesOrNo,
  rules: groundRules,
  pseudonym,
  key: digest,
});
const admit = exact({
  action: oneOf("admit"),
  target: identity,
  pseudonym,
  role,
  key: digest,
  /** KeyPackageRef (RFC 9420 section 5.2). */
  package: digest,
  request: uuid,
  agreement,
  /** The member who comes back with this leaf: the old membership ends where the new one begins. */
  replaces: optional(identity),
});
const agree = exact({ action: oneOf("agree"), target: nothing, version: whole(1) });
const leave = exact({ action: oneOf("leave"), target: nothing });
const remove = exact({ action: oneOf("remove"), target: identity });

const policyMessage = exact({
  kind: oneOf("policy"),
  actor: identity,
  seq: whole(0),
  state: digest,
  action: tagged("action", { create, admit, agree, leave, remove }),
});
const stateMessage = exact({ kind: oneOf("state"), state });

/** One member. `agreed` is the version of the ground rules agreed to, `key` the policy key. */
export type MemberState = Of<typeof member>;
/** What all members agree on. Always has an owner; no leaf and no pseudonym stands in it twice. */
export type State = Of<typeof state>;
export type Create = Of<typeof create>;
export type Admit = Of<typeof admit>;
export type Action = Create | Admit | Of<typeof agree> | Of<typeof leave> | Of<typeof remove>;
/** The sealed half of a policy envelope. `seq` is the policy_seq, `state` the hash, it was made on. */
export type PolicyMessage = Of<typeof policyMessage>;

/** The content of a policy message. */
export function policyContent(message: PolicyMessage): Bytes {
  return canonicalJson(message);
}

/** The content of the message that hands the state to joiners. */
export function stateContent(handed: State): Bytes {
  return canonicalJson({ kind: "state", state: handed });
}

/** Throws PolicyError `invalid_field`. */
export function readPolicy(content: Bytes): PolicyMessage {
  return read(policyMessage, content);
}

/** The state inside a state message's content. Throws PolicyError `invalid_field`. */
export function readState(content: Bytes): State {
  const handed = read(stateMessage, content).state;
  if (!isWhole(handed)) throw new PolicyError("invalid_field");
  return handed;
}

function isWhole(handed: State): boolean {
  const members = Object.values(handed.members);
  const leaves = [...handed.departed, ...members.flatMap((one) => one.leaves)];
  return (
    members.some((one) => one.role === "owner") &&
    members.every((one) => one.agreed <= handed.rules.version) &&
    new Set(members.map((one) => one.pseudonym)).size === members.length &&
    new Set(leaves).size === leaves.length
  );
}

function read<T extends Json>(form: Form<T>, content: Bytes): T {
  try {
    const message = form(JSON.parse(fromUtf8(content)));
    // Every field is written out, so there is one way to write what was read.
    if (equalBytes(canonicalJson(message), content)) return message;
  } catch (error) {
    if (!(error instanceof FormError || error instanceof SyntaxError || error instanceof CryptoError)) throw error;
  }
  throw new PolicyError("invalid_field");
}
