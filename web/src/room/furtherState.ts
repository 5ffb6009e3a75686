/**
 * What a further room has agreed, and the policy messages that change it: their exact form, read strictly.
 *
 * See docs/protocol.md, "Further rooms". `safespace.rooms.further_state` reads and writes alike (vectors in
 * `tests/vectors/further.json`).
 */
import { type Bytes, canonicalJson } from "../crypto/bytes.ts";
import { bytes, dictionary, exact, list, nothing, nullable, type Of, oneOf, tagged, uuid, whole } from "../form.ts";
import { digest, identity } from "../net/wire.ts";
import { MAX_DEPARTED, PolicyError, readContent } from "./state.ts";

const signature = bytes(64);
const purpose = oneOf("staff", "aside", "capsule", "breakout");
const count = whole(0);

const endorsed = exact({ leaf: identity, endorsement: signature });
const state = exact({
  v: whole(1, 1),
  group: uuid,
  room: uuid,
  purpose,
  about: nullable(identity),
  /** The policy_seq of main that the last message was made on. */
  main: count,
  members: dictionary(identity, endorsed),
  departed: list(identity, 0, MAX_DEPARTED),
});

/** Begin a further room, with oneself in it. `target` is whom an aside is about, and null else. */
const open = exact({
  action: oneOf("open"),
  target: nullable(identity),
  group: uuid,
  room: uuid,
  purpose,
  leaf: identity,
  endorsement: signature,
});
/**
 * Bring a member of the group into the room, by a KeyPackage that the relay handed out for it. In a passing room also one
 * who stands in it: their leaf, whose keys are gone, departs by this.
 */
const bring = exact({
  action: oneOf("bring"),
  target: identity,
  leaf: identity,
  endorsement: signature,
  /** KeyPackageRef (RFC 9420 section 5.2). */
  package: digest,
});
const leave = exact({ action: oneOf("leave"), target: nothing });
/** Take a member out of the room: one who no longer belongs in it, or, by staff, one of a lower rank. */
const remove = exact({ action: oneOf("remove"), target: identity });

const message = exact({
  kind: oneOf("policy"),
  actor: identity,
  seq: count,
  main: count,
  state: digest,
  action: tagged("action", { open, bring, leave, remove }),
});
const stateMessage = exact({ kind: oneOf("state"), state });

export type Purpose = Of<typeof purpose>;

/** Whether a room of this purpose lasts for a while of a session, and nothing of it is ever saved. */
export function isPassing(purpose: Purpose): purpose is "capsule" | "breakout" {
  return purpose === "capsule" || purpose === "breakout";
}
/** A leaf in a further room, and its member's signature over it. */
export type Endorsed = Of<typeof endorsed>;
/** What those in a further room agree on. No leaf stands in it twice. */
export type FurtherState = Of<typeof state>;
export type Open = Of<typeof open>;
export type Bring = Of<typeof bring>;
export type FurtherDeed = Open | Bring | Of<typeof leave> | Of<typeof remove>;
/** The sealed half of a policy envelope. `seq` and `main` are the policy_seqs, here and in main, it was made on. */
export type FurtherMessage = Of<typeof message>;

/** The content of a policy message. */
export function furtherContent(made: FurtherMessage): Bytes {
  return canonicalJson(made);
}

/** The content of the message that hands the state to who is brought. */
export function furtherStateContent(handed: FurtherState): Bytes {
  return canonicalJson({ kind: "state", state: handed });
}

/** Throws PolicyError `invalid_field`. */
export function readFurther(content: Bytes): FurtherMessage {
  return readContent(message, content);
}

/** The state inside a state message's content. Throws PolicyError `invalid_field`. */
export function readFurtherState(content: Bytes): FurtherState {
  const handed = readContent(stateMessage, content).state;
  const leaves = [...handed.departed, ...Object.values(handed.members).map(({ leaf }) => leaf)];
  const isWhole = (handed.about !== null) === (handed.purpose === "aside") && new Set(leaves).size === leaves.length;
  if (!isWhole) throw new PolicyError("invalid_field");
  return handed;
}
