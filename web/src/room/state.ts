/**
 * What a group has agreed, and the policy messages that change it: their exact form, read strictly.
 *
 * See docs/protocol.md, "Policy". `safespace.rooms.state` reads and writes alike (vectors in `tests/vectors/policy.json`).
 */
import { type Bytes, canonicalJson, equalBytes, fromUtf8, type Json } from "../crypto/bytes.ts";
import { CryptoError } from "../crypto/errors.ts";
import { rules } from "../crypto/invites.ts";
import { charter as charterText, groupName, prompt, pseudonym, sessionNote, title, welcome } from "../crypto/texts.ts";
import { publicKey } from "../crypto/x25519.ts";
import { dictionary, exact, type Form, FormError, list, nullable, type Of, oneOf, uuid, whole, yesOrNo } from "../form.ts";
import { days, digest, identity, role } from "../net/wire.ts";
import { action } from "./actions.ts";
import { MAX_BALLOTS } from "./ballots.ts";
import { boxes } from "./boxes.ts";
import { floor } from "./floor.ts";
import { live, MAX_PLANS } from "./live.ts";
import { at, pace, recurrence, sameKeys, segments, titles, zone } from "./liveActions.ts";
import { PolicyError } from "./policyError.ts";
import { STAFF } from "./roles.ts";

/** How many departed leaves a state remembers, the newest. */
export const MAX_DEPARTED = 64;
/** How many banned people a state names, the newest. */
export const MAX_BANNED = 200;
/** How many former members a state remembers. */
export const MAX_FORMER = 200;
/** How many old names a state keeps, the newest. */
export const MAX_NAMES = 200;

export { type PolicyCode, PolicyError } from "./policyError.ts";

const version = whole(1);
const count = whole(0);

const member = exact({
  pseudonym,
  role,
  key: publicKey,
  agreed: version,
  charter: count,
  listening: yesOrNo,
  leaves: list(identity, 1),
});
const offered = exact({ role, by: identity });
const muted = exact({ until: nullable(count), session: yesOrNo });
const banned = exact({ member: identity, pseudonym });
const former = exact({ member: identity, role, now: nullable(identity) });
/** What a member, by the id they have now, was called before: until then it is nobody else's. */
const oldName = exact({ member: identity, pseudonym, until: count });
/** What a plan says besides when, which is in `live.times`; `segments` is the run-sheet of its last session that had one. */
const planned = exact({ title, note: sessionNote, zone, rule: nullable(recurrence), segments });
/** What a ballot says besides what is in `live.ballots`. */
const prompted = exact({ prompt, answer_key: publicKey, readers: boxes });
const runSheet = exact({ segments, at, since: count });
const state = exact({
  v: whole(1, 1),
  group: uuid,
  room: uuid,
  name: groupName,
  welcome,
  presence: yesOrNo,
  days,
  rules,
  charter: exact({ version, text: charterText }),
  members: dictionary(identity, member),
  offers: dictionary(identity, offered),
  mutes: dictionary(identity, muted),
  /** Whether only moderators and above write. */
  quiet: yesOrNo,
  live,
  plans: dictionary(uuid, planned, MAX_PLANS),
  prompts: dictionary(uuid, prompted, MAX_BALLOTS),
  sheet: runSheet,
  pace,
  /** What the small rooms are about that the session has gone into. */
  themes: titles,
  /** Whose turn it is. Not in the state's hash, as members change it all at once. */
  floor,
  banned: list(banned, 0, MAX_BANNED),
  former: list(former, 0, MAX_FORMER),
  names: list(oldName, 0, MAX_NAMES),
  departed: list(identity, 0, MAX_DEPARTED),
});

const policyMessage = exact({
  kind: oneOf("policy"),
  actor: identity,
  seq: count,
  state: digest,
  action,
});
const stateMessage = exact({ kind: oneOf("state"), state });

/**
 * One member. `agreed` is the version of the ground rules agreed to, `charter` that of the charter, 0 for none; `key` the
 * policy key.
 */
export type MemberState = Of<typeof member>;
/** A role that waits for a member's word. */
export type Offered = Of<typeof offered>;
/**
 * A mute: it ends at `until` (milliseconds), or, for null, when lifted; `session` when the session ends, too. It stands in
 * the state after it has ended, until something else is said of that member.
 */
export type Muted = Of<typeof muted>;
/** Somebody who is a member under this id no more, but goes on as `now`, or went with a `role` of staff. */
export type Former = Of<typeof former>;
/** The agenda; the room has been at segment `at` since `since` (milliseconds), null before the first. */
export type RunSheet = Of<typeof runSheet>;
/** What all members agree on. Always has an owner; no leaf and no pseudonym stands in it twice. */
export type State = Of<typeof state>;
/** The sealed half of a policy envelope. `seq` is the policy_seq, `state` the hash, it was made on. */
export type PolicyMessage = Of<typeof policyMessage>;

export const NO_SHEET: RunSheet = { segments: [], at: null, since: 0 };

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
  return readContent(policyMessage, content);
}

/** The state inside a state message's content. Throws PolicyError `invalid_field`. */
export function readState(content: Bytes): State {
  const handed = readContent(stateMessage, content).state;
  if (!isWhole(handed)) throw new PolicyError("invalid_field");
  return handed;
}

function isWhole(handed: State): boolean {
  const members = Object.values(handed.members);
  const leaves = [...handed.departed, ...members.flatMap((one) => one.leaves)];
  return (
    members.some((one) => one.role === "owner") &&
    members.every((one) => one.agreed <= handed.rules.version && one.charter <= handed.charter.version) &&
    members.every((one) => one.charter > 0 || !STAFF.includes(one.role)) &&
    [...Object.keys(handed.offers), ...Object.keys(handed.mutes)].every((id) => id in handed.members) &&
    new Set(members.map((one) => one.pseudonym)).size === members.length &&
    new Set(leaves).size === leaves.length &&
    formerIsWhole(handed) &&
    namesAreWhole(handed) &&
    Object.keys(handed.plans).length === Object.keys(handed.live.times).length &&
    Object.keys(handed.plans).every((plan) => plan in handed.live.times) &&
    Object.keys(handed.prompts).length === Object.keys(handed.live.ballots).length &&
    Object.keys(handed.prompts).every((ballot) => ballot in handed.live.ballots) &&
    sameKeys(handed.themes, handed.live.breakouts?.rooms ?? {}) &&
    (handed.sheet.at === null || handed.sheet.at < handed.sheet.segments.length) &&
    floorIsWhole(handed)
  );
}

/** Whoever is a member is no former one, whoever goes on is a member, and only who was of staff is remembered for that. */
function formerIsWhole({ former: gone, members }: State): boolean {
  return (
    new Set(gone.map(({ member: id }) => id)).size === gone.length &&
    gone.every(({ member: id }) => !(id in members)) &&
    gone.every((one) => (one.now === null ? STAFF.includes(one.role) : one.now in members))
  );
}

/** An old name is one person's, and nobody is called so. */
function namesAreWhole({ names, members }: State): boolean {
  const old = new Set(names.map((one) => one.pseudonym));
  return old.size === names.length && Object.values(members).every((one) => !old.has(one.pseudonym));
}

/** Each has one place, and whoever is first and may speak has the floor, unless it is open. */
function floorIsWhole({ live, floor: { holder, queue, too, silent }, members }: State): boolean {
  const named = [...queue, holder, live.session?.lead ?? null].filter((id) => id !== null);
  const unable = Object.keys(silent);
  const open = holder === null && unable.length === 0;
  const fits = live.terms.mode === "open" ? open : holder !== null || queue.every((id) => id in silent);
  return (
    named.every((id) => id in members) &&
    new Set([...queue, holder]).size === queue.length + 1 &&
    [...too, ...unable].every((id) => queue.includes(id)) &&
    fits
  );
}

/** Content of a form, written just so. Throws PolicyError `invalid_field`. */
export function readContent<T extends Json>(form: Form<T>, content: Bytes): T {
  try {
    const message = form(JSON.parse(fromUtf8(content)));
    // Every field is written out, so there is one way to write what was read.
    if (equalBytes(canonicalJson(message), content)) return message;
  } catch (error) {
    if (!(error instanceof FormError || error instanceof SyntaxError || error instanceof CryptoError)) throw error;
  }
  throw new PolicyError("invalid_field");
}
