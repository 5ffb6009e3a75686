/**
 * What members can do to what a group has agreed: every policy action, its exact fields, and which of them it shows.
 *
 * See docs/protocol.md, "Policy". `safespace.rooms.actions` has the same.
 */
import { agreement } from "../crypto/invites.ts";
import { charter, groundRules, groupName, pseudonym, welcome } from "../crypto/texts.ts";
import { publicKey } from "../crypto/x25519.ts";
import { exact, nothing, type Of, oneOf, optional, tagged, uuid, whole, yesOrNo } from "../form.ts";
import { days, digest, identity, line, muteLength, role, SHOWN, type Shown } from "../net/wire.ts";
import { boxes } from "./boxes.ts";
import { liveForms } from "./liveActions.ts";

const sealedReason = exact({ mac: digest, boxes });
const reason = optional(sealedReason);
const version = whole(1);

const forms = {
  create: exact({
    action: oneOf("create"),
    target: nothing,
    group: uuid,
    room: uuid,
    name: groupName,
    welcome,
    presence: yesOrNo,
    days,
    rules: groundRules,
    charter,
    pseudonym,
    key: publicKey,
  }),
  admit: exact({
    action: oneOf("admit"),
    target: identity,
    pseudonym,
    role,
    key: publicKey,
    /** KeyPackageRef (RFC 9420 section 5.2). */
    package: digest,
    request: uuid,
    agreement,
    /** Whether they only read until someone lets them speak. */
    listening: yesOrNo,
    /** The member who comes back with this leaf: the old membership ends where the new one begins. */
    replaces: optional(identity),
    /** Whether a mute that held when they went, and goes on, ends with the session, too; null where there is none. */
    session: optional(yesOrNo),
    /** When that ends; null when somebody lifts it. */
    until: optional(whole(0)),
  }),
  agree: exact({ action: oneOf("agree"), target: nothing, version }),
  leave: exact({ action: oneOf("leave"), target: nothing }),
  remove: exact({ action: oneOf("remove"), target: identity, ban: yesOrNo, reason }),
  /** Ask a member to take a higher role. It is theirs once they accept. */
  offer: exact({ action: oneOf("offer"), target: identity, role }),
  /** Decline an offer made to oneself, or take one back. */
  end_offer: exact({ action: oneOf("end_offer"), target: identity }),
  /** Take the offered role, having agreed to the charter of this version. */
  accept: exact({ action: oneOf("accept"), target: nothing, role, version }),
  demote: exact({ action: oneOf("demote"), target: identity, role }),
  step_down: exact({ action: oneOf("step_down"), target: nothing, role }),
  mute: exact({ action: oneOf("mute"), target: identity, length: muteLength, reason }),
  unmute: exact({ action: oneOf("unmute"), target: identity }),
  /** While on, only moderators and above write. */
  mute_all: exact({ action: oneOf("mute_all"), target: nothing, on: yesOrNo }),
  /** End a newcomer's listening. */
  let_speak: exact({ action: oneOf("let_speak"), target: identity }),
  /** Take down the message at seq `line`, which `target` wrote. */
  take_down: exact({ action: oneOf("take_down"), target: identity, line, reason }),
  /** Undo a take_down, for as long as the relay still has the message. */
  restore: exact({ action: oneOf("restore"), target: identity, line }),
  unban: exact({ action: oneOf("unban"), target: identity }),
  /** How many days messages are kept. */
  retain: exact({ action: oneOf("retain"), target: nothing, days }),
  /** A new version of the moderators' charter. */
  write_charter: exact({ action: oneOf("write_charter"), target: nothing, charter }),
  /** Another name for the group. */
  rename_group: exact({ action: oneOf("rename_group"), target: nothing, name: groupName }),
  /** Another welcome, for those who are invited from now on. */
  write_welcome: exact({ action: oneOf("write_welcome"), target: nothing, welcome }),
  /** Another pseudonym for oneself. The old one is nobody else's for a while (`naming.ts`). */
  rename: exact({ action: oneOf("rename"), target: nothing, pseudonym }),
  ...liveForms,
};

export const action = tagged("action", forms);

export type SealedReason = Of<typeof sealedReason>;
export type Action = Of<typeof action>;
/** The action of this name. */
export type ActionOf<Name extends Action["action"]> = Extract<Action, { action: Name }>;

/** What stands in clear beside the action's name, so that the relay can enforce it; null where the action has no such field. */
export function shown(given: Action): Shown {
  const fields: Readonly<Record<string, unknown>> = given;
  return Object.fromEntries(SHOWN.map((name) => [name, fields[name] ?? null])) as Shown;
}
