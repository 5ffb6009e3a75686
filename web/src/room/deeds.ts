/** What was done to what the group has agreed, as people are told of it. */
import { b64decode, type Bytes } from "../crypto/bytes.ts";
import { CryptoError } from "../crypto/errors.ts";
import { openReason } from "../crypto/reasons.ts";
import type { Envelope } from "../net/wire.ts";
import { type Action, shown } from "./actions.ts";
import { uuidBytes } from "./ids.ts";
import { goesOnAs } from "./former.ts";
import { STAFF } from "./roles.ts";
import type { PolicyMessage, State } from "./state.ts";
import { pseudonymOf } from "./timeline.ts";
import type { Deed, Role, Who } from "./types.ts";

/** What every member is told of: it concerns them all. */
const OF_ALL: ReadonlySet<Deed["what"]> = new Set(["create", "mute_all", "retain"]);

/** `before` still knows who left; `key` is the private policy key of `me`, who reads the reason if it is for them. */
export async function deedOf(
  envelope: Envelope,
  { actor, action }: PolicyMessage,
  before: State | null,
  after: State,
  me: string,
  key: Bytes,
): Promise<Deed> {
  const who = (id: string): Who => {
    const banned = before?.banned.find(({ member }) => member === id)?.pseudonym;
    return { id, pseudonym: pseudonymOf(after, goesOnAs(after, id)) ?? pseudonymOf(before, id) ?? banned ?? "" };
  };
  const { role, length, on, line, days, ban, seconds, mode, absent } = shown(action);
  return {
    seq: envelope.seq,
    time: envelope.time,
    what: action.action,
    by: who(actor),
    whom: action.target === null ? null : who(action.target),
    reasoned: "reason" in action && action.reason !== null,
    reason: await readReason(action, after.group, me, key),
    role, length, on, line, days, ban, seconds, mode, absent,
  };
}

/** Whether a member of these ids may read of a deed: the staff of everything, others of what concerns them. */
export function concerns({ what, by, whom }: Deed, mine: readonly string[], role: Role): boolean {
  return STAFF.includes(role) || OF_ALL.has(what) || mine.includes(by.id) || (whom !== null && mine.includes(whom.id));
}

/** null where there is none, or none for `me` that opens. */
async function readReason(action: Action, group: string, me: string, key: Bytes): Promise<string | null> {
  if (!("reason" in action) || action.reason === null) return null;
  const { mac, boxes } = action.reason;
  const own = boxes.find(({ member }) => member === me);
  if (!own) return null;
  try {
    return await openReason(b64decode(own.box), b64decode(mac), uuidBytes(group), b64decode(action.target), key);
  } catch (error) {
    if (error instanceof CryptoError) return null;
    throw error;
  }
}
