/** What is kept of a room on the device, sealed in the vault under `room/<group>`. */
import type { Bytes } from "../crypto/bytes.ts";
import type { ActFrame } from "../net/wire.ts";
import type { Announcement } from "./checks.ts";
import type { PolicyMessage, State } from "./state.ts";
import type { Ending, Warning } from "./types.ts";

/** A message on its way. `sealed` is what the relay was or will be given for it; `commitments` are all it ever was. */
export interface Outgoing {
  readonly id: string;
  readonly text: string;
  readonly time: number;
  state: "sending" | "failed";
  code: string | null;
  sealed: { readonly epoch: number; readonly body: string; readonly commitment: string } | null;
  commitments: string[];
}

/** An act that the relay was asked for: the exact frame, what is sealed in it, and the group after its commit. */
export interface PendingAct {
  readonly frame: ActFrame;
  readonly message: PolicyMessage | null;
  readonly after: Bytes | null;
}

export interface RoomRecord {
  readonly group: string;
  readonly room: string;
  /** GroupCrypto's secrets; null once this device is no longer in the group. */
  crypto: Bytes | null;
  /** Private half of this member's policy key (HPKE). */
  readonly policyKey: Bytes;
  /** This member's id. */
  readonly me: string;
  /** null until the `create` or the first state message. */
  state: State | null;
  /** seq of the last envelope taken, and of the last policy message. */
  head: number;
  policySeq: number;
  announced: Announcement | null;
  ending: Ending | null;
  warnings: Warning[];
  readUpTo: number;
  lastText: string | null;
  lastTime: number | null;
  outbox: Outgoing[];
  act: PendingAct | null;
  /** Messages since this device last gave its leaf fresh keys; null for a joiner that has not done so yet. */
  sinceUpdate: number | null;
  /** What a joiner was shown and said, compared with the first state it is given. */
  readonly promised: Promised | null;
}

export interface Promised {
  readonly rules: { readonly version: number; readonly text: string };
  readonly pseudonym: string;
  /** Public half of the policy key, b64. */
  readonly key: string;
}

export function recordKey(group: string): string {
  return `room/${group}`;
}
