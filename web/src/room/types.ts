/** What the screens see of the app. `src/room` makes these; `src/views` only reads and calls them. */
import type { ReadonlySignal } from "@preact/signals";

/** Every rejected promise below is an AppError; `code` is one of the server's codes or one of the client's own (listed in errors.ts). */
export type AppErrorCode = string;

export type Role = "owner" | "facilitator" | "moderator" | "member" | "guest";

export interface Account {
  readonly id: string;
  readonly handle: string;
  /** True when the handle was made for the person; they have no passphrase and only this browser can log in. */
  readonly deviceOnly: boolean;
}

/** online: the socket is open. connecting: first try. offline: lost, trying again. blocked: another tab holds the keys. */
export type Connection = "connecting" | "online" | "offline" | "blocked";

export interface GroupSummary {
  readonly id: string;
  readonly name: string;
  readonly memberCount: number;
  readonly unread: number;
  readonly lastText: string | null;
  readonly lastTime: number | null;
  readonly waiting: number;
  readonly status: RoomStatus;
}

export interface InviteCard {
  readonly invite: string;
  readonly group: string;
  readonly name: string;
  readonly welcome: string;
  readonly rules: string;
  readonly from: string;
}

export interface PendingJoin {
  readonly request: string;
  readonly card: InviteCard;
  readonly pseudonym: string;
  readonly note: string;
  /** trouble: the server handed over something that does not fit the invite; never enter. */
  readonly status: "waiting" | "admitted" | "declined" | "expired" | "trouble";
}

export interface Member {
  readonly id: string;
  readonly pseudonym: string;
  readonly role: Role;
  readonly me: boolean;
  /** Connected now; null where the group does not share it. */
  readonly here: boolean | null;
  readonly agreed: boolean;
  /** How many devices of this member hold the keys. */
  readonly keyHolders: number;
}

export interface Message {
  readonly kind: "message";
  readonly id: string;
  readonly seq: number | null;
  readonly time: number;
  readonly sender: string;
  readonly pseudonym: string;
  readonly mine: boolean;
  readonly text: string;
  readonly state: "sending" | "sent" | "failed";
  /** The refusal's code when state is failed. */
  readonly code: string | null;
}

/** A line in the conversation about the group itself. */
export interface Notice {
  readonly kind: "notice";
  readonly id: string;
  readonly seq: number;
  readonly time: number;
  readonly what: "created" | "admitted" | "returned" | "left" | "removed" | "agreed" | "gap" | "unreadable";
  readonly who: string | null;
  readonly by: string | null;
  /** Who returned under another name: the name they had. */
  readonly once?: string;
}

export type TimelineItem = Message | Notice;

/**
 * How this device came to be out. moved: the person was let in on another device, which took its place.
 * refused, elsewhere: only the server says that this device is not in the group, or that another one took its place.
 */
export type Ending = "left" | "removed" | "moved" | "refused" | "elsewhere";

/** halted: the server did something the group did not agree to; nothing is sent until the person looks. */
export type RoomStatus = "loading" | "catching_up" | "live" | "offline" | "rekeying" | "halted" | Ending;

export interface Warning {
  readonly id: string;
  readonly code: string;
  readonly time: number;
}

export interface WaitingPerson {
  readonly request: string;
  readonly pseudonym: string;
  readonly note: string;
  readonly since: number;
  /** False when the request does not fit the invite: it can only be declined. */
  readonly genuine: boolean;
  /**
   * The member they are already, on another device, by the server's word: letting them in shuts that device out.
   * `allowed` is whether the person who looks may do that.
   */
  readonly replaces: { readonly pseudonym: string; readonly allowed: boolean } | null;
}

export interface InviteSummary {
  readonly id: string;
  readonly uses: number;
  readonly used: number;
  readonly expires: number;
  readonly link: string | null;
}

export interface RoomView {
  readonly groupId: string;
  readonly name: ReadonlySignal<string>;
  readonly welcome: ReadonlySignal<string>;
  readonly rules: ReadonlySignal<string>;
  readonly status: ReadonlySignal<RoomStatus>;
  readonly me: ReadonlySignal<Member | null>;
  readonly members: ReadonlySignal<readonly Member[]>;
  readonly timeline: ReadonlySignal<readonly TimelineItem[]>;
  readonly unread: ReadonlySignal<number>;
  /** seq of the last message read on an earlier visit, for the "new since" line. */
  readonly readUpTo: ReadonlySignal<number>;
  readonly waiting: ReadonlySignal<readonly WaitingPerson[]>;
  readonly warnings: ReadonlySignal<readonly Warning[]>;
  send(text: string): Promise<void>;
  retry(messageId: string): Promise<void>;
  discard(messageId: string): Promise<void>;
  /** Unsent text, kept on the device. */
  draft(): string;
  saveDraft(text: string): void;
  markRead(seq: number): void;
  admit(request: string): Promise<void>;
  decline(request: string): Promise<void>;
  remove(memberId: string): Promise<void>;
  leave(): Promise<void>;
  createInvite(options: { uses: number; days: number }): Promise<string>;
  invites(): Promise<readonly InviteSummary[]>;
  revokeInvite(id: string): Promise<void>;
  /** The person has read the warning; sending is allowed again only for warnings that permit it. */
  acknowledgeWarning(id: string): Promise<void>;
}

/** A group of this account of whose keys this device has none. */
export interface Elsewhere {
  readonly group: string;
  readonly role: Role;
}

export interface App {
  /** undefined while the device's store is being opened. */
  readonly account: ReadonlySignal<Account | null | undefined>;
  readonly connection: ReadonlySignal<Connection>;
  readonly groups: ReadonlySignal<readonly GroupSummary[]>;
  readonly pending: ReadonlySignal<readonly PendingJoin[]>;
  readonly elsewhere: ReadonlySignal<readonly Elsewhere[]>;
  /** Set when the device cannot store keys (private mode, full disk) or lacks what is needed. */
  readonly trouble: ReadonlySignal<"storage_refused" | "old_browser" | null>;
  register(handle: string, passphrase: string): Promise<void>;
  /** An account with a made-up handle that only this browser can use. */
  registerDeviceOnly(): Promise<void>;
  login(handle: string, passphrase: string): Promise<void>;
  /** Logs out and forgets every key and message on this device. */
  logout(): Promise<void>;
  createGroup(options: {
    name: string;
    welcome: string;
    rules: string;
    charter: string;
    pseudonym: string;
    presence: boolean;
  }): Promise<string>;
  readInvite(invite: string, secret: string): Promise<InviteCard>;
  askToJoin(card: InviteCard, secret: string, pseudonym: string, note: string): Promise<void>;
  withdraw(request: string): Promise<void>;
  room(groupId: string): RoomView | null;
  /** Take the keys over from the tab that holds them. */
  useHere(): Promise<void>;
  /** A picture of a link as rows of dark (true) and light cells. */
  qr(text: string): readonly (readonly boolean[])[];
}
