/** What is kept of rooms on the device, sealed in the vault: of a group's main room under `room/<group>`. */
import type { Bytes } from "../crypto/bytes.ts";
import type { ActFrame } from "../net/wire.ts";
import type { Announcement } from "./checks.ts";
import { type Disputed, UNDISPUTED } from "./disputed.ts";
import type { Silence } from "./moderation.ts";
import type { ReportKind } from "./recipients.ts";
import type { Said } from "./said.ts";
import type { FurtherMessage, FurtherState } from "./furtherState.ts";
import type { Roll } from "./roll.ts";
import type { PolicyMessage, State } from "./state.ts";
import type { Ending, Warning } from "./types.ts";

/** A message on its way. `sealed` is what the relay was or will be given for it. */
export interface Outgoing {
  readonly id: string;
  readonly said: Said;
  readonly time: number;
  state: "sending" | "failed";
  code: string | null;
  /** Why the relay says this member may not write, as long as this device has not seen for itself. */
  claim: { readonly why: Silence; readonly policySeq: number } | null;
  sealed: { readonly epoch: number; readonly body: string; readonly commitment: string } | null;
  /** Epoch and franking key (b64) of all that it ever was sealed as, by commitment. */
  kfs: Readonly<Record<string, { readonly epoch: number; readonly kf: string }>>;
}

/** What is kept of a report that was filed here; the lines that went with it end with the conversation. */
export interface FiledReport {
  readonly id: string;
  readonly kind: ReportKind;
  readonly accused: string | null;
  readonly note: string;
  /** Member ids of those who can read it. */
  readonly to: readonly string[];
}

/** Whether someone comes to a session. */
export type Answer = Extract<Said, { kind: "attend" }>["answer"];

/** A call for help that nobody has heard yet: it is on its way, or nobody can be reached. */
export type Call = "waiting" | "unreached";

/** An act that the relay was asked for: the exact frame, what is sealed in it, and the group after its commit. */
export interface PendingAct<Message = PolicyMessage | FurtherMessage> {
  readonly frame: ActFrame;
  readonly message: Message | null;
  readonly after: Bytes | null;
}

/** The way back from the newest commit, until something comes after its act. */
export interface Before<S = State | FurtherState> {
  /** The commit's line. */
  readonly seq: number;
  readonly mine: boolean;
  /** Whether this device could apply it. */
  readonly applied: boolean;
  /** GroupCrypto's secrets before it; null for a newcomer, who was let in by it. */
  readonly crypto: Bytes | null;
  readonly state: S | null;
  readonly sinceUpdate: number | null;
  readonly renewed: number;
}

/** Lines that the relay says are kept no longer; `since` is the time of the line before them, null where it is not known. */
export interface Gap {
  readonly since: number | null;
  explained: boolean;
}

export interface AnyRecord {
  readonly group: string;
  readonly room: string;
  /** GroupCrypto's secrets; null once this device is no longer in the room. */
  crypto: Bytes | null;
  /** This member's id. */
  readonly me: string;
  /** seq and time of the last envelope taken, and seq of the last policy message. */
  head: number;
  headTime: number | null;
  policySeq: number;
  /** The seq of the last message about a hand. */
  handSeq: number;
  /** What the room has agreed; null until that is known. */
  state: State | FurtherState | null;
  announced: Announcement | null;
  /** The state before what is announced. */
  unadmitted: State | FurtherState | null;
  before: Before | null;
  /** Confirmation tags (b64) of the commits that were applied here and voided, until one stands. */
  voided: string[];
  disputed: Disputed;
  ending: Ending | null;
  warnings: Warning[];
  readUpTo: number;
  outbox: Outgoing[];
  act: PendingAct | null;
  /** Own messages since this device last gave its leaf fresh keys; null for a joiner that has not done so yet. */
  sinceUpdate: number | null;
  /** When it did, as the server says; 0 until the first look at it. */
  renewed: number;
  /** Lines taken down whose words are still on this device. */
  fading: number[];
  /** Up to which line nothing is left that is older than the group keeps. */
  expired: number;
}

export interface RoomRecord extends AnyRecord {
  act: PendingAct<PolicyMessage> | null;
  /** Private half of this member's policy key (HPKE). */
  readonly policyKey: Bytes;
  /** null until the `create` or the first state message. */
  state: State | null;
  unadmitted: State | null;
  before: Before<State> | null;
  /** What a joiner was shown and said, compared with the first state it is given. */
  readonly promised: Promised | null;
  /** Lines that came without their body, and gaps, until the policy up to the head has been read. */
  withheld: number[];
  gaps: Gap[];
  /** Members who stepped out, and members blocked on this device. */
  away: string[];
  /** By plan and start (`answersName`), each member's newest answer whether they come. */
  answers: Readonly<Record<string, Readonly<Record<string, Answer>>>>;
  blocked: string[];
  /** This person's call for help, until the log tells of it. */
  call: Call | null;
  /** Guests whose time here has ended. */
  leaving: string[];
  /** The ground rules this person agreed to, once there are newer ones. */
  rulesBefore: string | null;
  /** The handover notes that were read here. */
  readNotes: readonly string[];
  /** Everyone ever seen here, by which further rooms are judged, and the fewest days for which messages were ever kept. */
  roll: Roll;
  shortestDays: number;
  filed: readonly FiledReport[];
  /** Signature keys (b64) of the newest leaves that departed, by leaf: what their members said can still be checked. */
  past: Readonly<Record<string, string>>;
}

export interface Promised {
  readonly rules: { readonly version: number; readonly text: string };
  readonly pseudonym: string;
  /** Public half of the policy key, b64. */
  readonly key: string;
  /** SHA-256 of the state to be handed over, as the one who admitted said. */
  readonly state: Bytes;
}

type Given = Pick<RoomRecord, "group" | "room" | "crypto" | "policyKey" | "me" | "head" | "sinceUpdate" | "promised"> &
  Partial<Pick<RoomRecord, "before">>;

/** What every record begins with, of a device that came in at `head`. */
export function newAnyRecord(head: number) {
  return {
    head,
    unadmitted: null,
    before: null,
    voided: [],
    headTime: null,
    policySeq: 0,
    handSeq: 0,
    announced: null,
    disputed: UNDISPUTED,
    ending: null,
    warnings: [],
    readUpTo: head,
    outbox: [],
    act: null,
    renewed: 0,
    fading: [],
    expired: head,
  };
}

/** The record of a device that has just come in, or has just made the group. */
export function newRecord(given: Given): RoomRecord {
  return {
    ...newAnyRecord(given.head), ...given,
    state: null, withheld: [], gaps: [], away: [], answers: {}, blocked: [], call: null, leaving: [],
    rulesBefore: null, readNotes: [], roll: {}, shortestDays: 0, filed: [], past: {},
  };
}

export function recordKey(group: string): string {
  return `room/${group}`;
}

/** Whether it is the server alone that says so, and not the group. */
export function isServersWord(ending: Ending | null): boolean {
  return ending === "refused" || ending === "elsewhere";
}
