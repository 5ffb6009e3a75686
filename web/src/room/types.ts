/** What the screens see of the app. `src/room` makes these; `src/views` only reads and calls them. */
import type { Answer, Mood } from "../crypto/ballots.ts";
import type { Fate } from "./booth.ts";
import type { ReadonlySignal } from "@preact/signals";
import type { ReportedLine } from "../crypto/reports.ts";
import type { MuteLength, PolicyAction, Shown } from "../net/wire.ts";
import type { Former } from "./state.ts";
import type { Leading } from "./leading.ts";
import type { Segment } from "./liveActions.ts";
import type { LiveView } from "./liveView.ts";
import type { DoorsView, DoorWord, Visit } from "./doorsView.ts";
import type { Doubted } from "./doubts.ts";
import type { NotesView } from "./notes.ts";
import type { PlansView } from "./plansView.ts";
import type { Purpose } from "./furtherState.ts";
import type { PassingView } from "./passingRooms.ts";
import type { ReportsView } from "./reportViews.ts";
import type { Unsent } from "./unsent.ts";

// Every rejected promise below is an AppError; `code` is one of the server's codes or one of the client's own (listed in errors.ts).

export type Role = "owner" | "facilitator" | "moderator" | "member" | "guest";

export interface Account {
  readonly id: string;
  readonly handle: string;
  /** True when the handle was made for the person; they have no passphrase and only this browser can log in. */
  readonly deviceOnly: boolean;
}

/**
 * online: the socket is open. connecting: first try. offline: lost, trying again. cut_off: the server answers what it is
 * asked, but a live connection to it does not come about. blocked: another tab holds the keys.
 */
export type Connection = "connecting" | "online" | "offline" | "cut_off" | "blocked";

export interface GroupSummary {
  readonly id: string;
  readonly name: string;
  readonly memberCount: number;
  readonly unread: number;
  readonly lastText: string | null;
  readonly lastTime: number | null;
  readonly waiting: number;
  /** How many people ask those who look after the group for help, and have no answer yet. */
  readonly asking: number;
  /** When the next session begins, or the one that is on began; null for none. */
  readonly next: number | null;
  readonly status: RoomStatus;
}

export interface InviteCard {
  readonly invite: string;
  readonly group: string;
  readonly name: string;
  readonly welcome: string;
  readonly rules: string;
  readonly from: string;
  /** Set where it asks to come as a guest. */
  readonly guest: Visit | null;
}

/** Why a request ended that nobody decided about. */
export type Stranding = "rules_changed" | "invite_revoked" | "invite_used_up" | "invite_banned" | "staff_changed" | "removed";

export interface PendingJoin {
  readonly request: string;
  readonly card: InviteCard;
  readonly pseudonym: string;
  readonly note: string;
  /**
   * trouble: the server handed over something that does not fit the invite; never enter.
   * closed: the server says that it was declined, and nobody of the group shows that they did.
   * ended: the server says that nobody decided about it, and why.
   */
  readonly status: "waiting" | "admitted" | "declined" | "closed" | "ended" | "expired" | "trouble";
  readonly ended: Stranding | null;
  /** Whether a device of somebody who admits has seen it; null where the server does not say. */
  readonly seen: boolean | null;
  /** The last word from the door; with `declined` it came with the answer, perhaps without a text. */
  readonly word: DoorWord | null;
  /** Whether the group lets nobody in for now, as the server says. */
  readonly locked: boolean;
}

export interface Member {
  readonly id: string;
  readonly pseudonym: string;
  readonly role: Role;
  readonly me: boolean;
  /** Connected now; null where the group does not share it. */
  readonly here: boolean | null;
  readonly agreed: boolean;
  /** The version of the ground rules they agreed to last. */
  readonly agreedTo: number;
  /** How many devices of this member hold the keys. */
  readonly keyHolders: number;
  /** A mute that holds now. */
  readonly muted: Mute | null;
  /** Only reads until someone lets them speak. */
  readonly listening: boolean;
  /** Stepped out, and said so. */
  readonly away: boolean;
  /** A role that waits for their word. */
  readonly offered: Role | null;
  /** Who is blocked on this device: their messages are folded away. */
  readonly blocked: boolean;
}

export interface Mute {
  /** Milliseconds by the server's clock; null until someone lifts it. */
  readonly until: number | null;
  /** Ends when the session ends, too. */
  readonly session: boolean;
}

export interface Message {
  readonly kind: "message";
  readonly id: string;
  readonly seq: number | null;
  readonly time: number;
  readonly sender: string;
  readonly pseudonym: string;
  readonly mine: boolean;
  /** Empty where it is down. */
  readonly text: string;
  readonly folded: Folded | null;
  readonly card: Card | null;
  /** What it takes to report it; null where it cannot be: on its way, or down. */
  readonly quote: ReportedLine | null;
  readonly down: Down | null;
  readonly state: "sending" | "sent" | "failed";
  /** The refusal's code when state is failed. */
  readonly code: string | null;
}

/** A message that is a card: what is known about something, from facilitators and above. */
export interface Card {
  readonly title: string;
  /** seq of the message it answers, and the pseudonym of who wrote that. */
  readonly line: number | null;
  readonly about: string | null;
}

/** A content note: the message is folded away under it until tapped. */
export interface Folded {
  readonly note: string;
  /** Pseudonym of who folded it; null for its author. */
  readonly by: string | null;
}

/** A message that was taken down. Its place stays. */
export interface Down {
  /** Pseudonym. */
  readonly by: string;
  readonly time: number;
  /** For its author and the staff. */
  readonly reason: string | null;
  /** Put back by the staff after this device had let go of its words. */
  readonly restored: boolean;
}

/** A line in the conversation about the group itself. */
export interface Notice {
  readonly kind: "notice";
  readonly id: string;
  readonly seq: number;
  readonly time: number;
  readonly what: NoticeKind;
  readonly who: string | null;
  readonly by: string | null;
  /** Who returned under another name: the name they had. */
  readonly once?: string;
  /** The role that someone has now. */
  readonly role?: Role;
  /** For how many days messages are kept. */
  readonly days?: number;
  /** Of the run-sheet. */
  readonly title?: string;
  readonly part?: { readonly number: number; readonly count: number; readonly kind: Segment["kind"] };
  /** Between two messages. */
  readonly seconds?: number;
  /** Whether somebody is asked again after the others. */
  readonly later?: boolean;
}

/** withheld: the server has not handed over what stood here; a takedown may still explain it. */
export type NoticeKind =
  | "created"
  | "opened"
  | "brought"
  | "parted"
  | "admitted"
  | "returned"
  | "left"
  | "removed"
  | "thanked"
  | "visits"
  | "rules"
  | "agreed"
  | "group_renamed"
  | "welcome"
  | "renamed"
  | "role"
  | "quiet"
  | "loud"
  | "retained"
  | "session"
  | "session_over"
  | "leads"
  | "segment"
  | "round"
  | "skipped"
  | "hands"
  | "open_floor"
  | "pause"
  | "resume"
  | "slow"
  | "not_slow"
  | "lock"
  | "unlock"
  | "gentle"
  | "usual"
  | "away"
  | "back"
  | "voided"
  | "void"
  | "asks"
  | "ok"
  | "gap"
  | "withheld"
  | "unreadable";

export type TimelineItem = Message | Notice;

export interface Who {
  readonly id: string;
  readonly pseudonym: string;
}

/** Something done to what the group has agreed, or to someone in it. */
export interface Deed
  extends Pick<Shown, "role" | "length" | "on" | "line" | "days" | "ban">,
    Partial<Pick<Shown, "seconds" | "mode" | "absent">> {
  readonly seq: number;
  readonly time: number;
  readonly what: PolicyAction;
  readonly by: Who;
  readonly whom: Who | null;
  /** Whether a reason was given, and what it is where this person may read it. */
  readonly reasoned: boolean;
  readonly reason: string | null;
}

/** Why a person may not write now. */
export type Silenced =
  | ({ readonly why: "muted"; readonly since: number; readonly by: string | null; readonly reason: string | null } & Mute)
  | { readonly why: "listening" | "agree_first" | "quiet" | "in_capsule" | "closed" }
  | Passing;

/** What is over in a moment, while the others go on: a draft waits for it. */
export interface Passing {
  readonly why: "paused" | "not_your_turn";
}

/**
 * How this device came to be out. thanked: a guest's time was over. moved: the person was let in on another device, which took its place.
 * undone: what let it in was taken back. lost: it could not follow a change of keys that the others could.
 * refused, elsewhere: only the server says that this device is not in the group, or that another one took its place.
 */
export type Ending = "left" | "removed" | "thanked" | "moved" | "undone" | "lost" | "refused" | "elsewhere";

/** halted: the server did something the group did not agree to; nothing is sent until the person looks. */
export type RoomStatus = "loading" | "catching_up" | "live" | "offline" | "rekeying" | "halted" | Ending;

export interface Warning {
  readonly id: string;
  readonly code: string;
  readonly time: number;
  /** Pseudonyms of those it is about, if anybody in particular. */
  readonly who: readonly string[];
}

export interface WaitingPerson {
  readonly request: string;
  readonly pseudonym: string;
  readonly note: string;
  readonly since: number;
  /** False when the request does not fit the invite: it can only be declined. */
  readonly genuine: boolean;
  /**
   * Set where the link is from before this person could admit, and nobody has handed it on yet: the names of those whose
   * device does that by itself once it is there.
   */
  readonly unopened: readonly string[] | null;
  /**
   * The member they are already, on another device, by the server's word: letting them in shuts that device out.
   * `allowed` is whether the person who looks may do that.
   */
  readonly replaces: { readonly pseudonym: string; readonly allowed: boolean } | null;
  /** Set for who was asked to come as a guest. */
  readonly visit: Visit | null;
  /** The link by which they ask. */
  readonly invite: string;
  /** Whether they were removed from the group once, by the server's word. */
  readonly removed: boolean;
  /** A mute that held when they went, and goes on, by the server's word. */
  readonly muted: { readonly until: number | null; readonly session: boolean } | null;
  /** Whether they only listened when they went: they come back that way. */
  readonly listening: boolean;
  /** The name with which they come in, which has a number where theirs is taken; null where no number is free. */
  readonly comesAs: string | null;
  /** Whether the name they ask for is that of one of the staff. */
  readonly asStaff: boolean;
}

export interface InviteSummary {
  readonly id: string;
  readonly uses: number;
  readonly used: number;
  readonly expires: number;
  readonly link: string | null;
  readonly guest: boolean;
}

/** What a person does to what the group has agreed, and to others in it. `line` is a message's seq. */
export interface Doing {
  remove(memberId: string, ban: boolean, reason: string | null): Promise<void>;
  unban(memberId: string): Promise<void>;
  mute(memberId: string, length: MuteLength, reason: string | null): Promise<void>;
  unmute(memberId: string): Promise<void>;
  muteAll(on: boolean): Promise<void>;
  letSpeak(memberId: string): Promise<void>;
  takeDown(line: number, reason: string | null): Promise<void>;
  restore(line: number): Promise<void>;
  /** Offers a role; it is theirs once they accept. */
  offerRole(memberId: string, role: Role): Promise<void>;
  /** Declines what is offered to oneself, or takes back what was offered to another. */
  endOffer(memberId: string): Promise<void>;
  /** Takes the role that is offered, agreeing to the charter as it stands. */
  accept(): Promise<void>;
  demote(memberId: string, role: Role): Promise<void>;
  stepDown(role: Role): Promise<void>;
  retain(days: number): Promise<void>;
  writeCharter(text: string): Promise<void>;
  /** Asks everyone to agree anew, and ends the invites. */
  writeRules(text: string): Promise<void>;
  renameGroup(name: string): Promise<void>;
  writeWelcome(welcome: string): Promise<void>;
  /** Takes another name for oneself. */
  rename(pseudonym: string): Promise<void>;
  /** Agrees to the ground rules as they stand. */
  agree(): Promise<void>;
}

/** A conversation, in the group's main room or in a further one. */
export interface TalkView {
  readonly groupId: string;
  /** The room's id. */
  readonly room: string;
  readonly status: ReadonlySignal<RoomStatus>;
  readonly me: ReadonlySignal<Member | null>;
  readonly members: ReadonlySignal<readonly Member[]>;
  /** What is at hand, oldest first. */
  readonly timeline: ReadonlySignal<readonly TimelineItem[]>;
  /** Whether the conversation on this device goes further back than `timeline`. */
  readonly goesOn: ReadonlySignal<boolean>;
  readonly unread: ReadonlySignal<number>;
  /** seq of the last message read. */
  readonly readUpTo: ReadonlySignal<number>;
  readonly warnings: ReadonlySignal<readonly Warning[]>;
  readonly silenced: ReadonlySignal<Silenced | null>;
  /** The server's time in milliseconds. */
  now(): number;
  /** Brings older lines into `timeline`: some, or the whole of them. */
  lookBack(whole?: boolean): Promise<void>;
  /** `note`: what it is folded away under. */
  send(text: string, note?: string | null): Promise<void>;
  /** A card, for facilitators and above, where sessions are held; `line` is the message it answers. */
  sendCard(line: number | null, title: string, text: string): Promise<void>;
  retry(messageId: string): Promise<void>;
  discard(messageId: string): Promise<void>;
  /** Unsent text, kept on the device. */
  draft(): string;
  saveDraft(text: string): void;
  markRead(seq: number): void;
  /** Folds a message away under a note, or opens it again with null. */
  fold(line: number, note: string | null): Promise<void>;
  leave(): Promise<void>;
  /** The person has read the warning; sending is allowed again only for warnings that permit it. */
  acknowledgeWarning(id: string): Promise<void>;
}

/** The staff room, or an aside: a member and some of the staff. */
export interface FurtherView extends TalkView {
  readonly purpose: ReadonlySignal<Purpose>;
  /** Whom an aside is about. */
  readonly about: ReadonlySignal<Member | null>;
  /** Whether that member asks for help, and whether anyone has said something to them since. */
  readonly help: ReadonlySignal<"asked" | "answered" | null>;
}

/** Something that everyone is or was asked; `closes` by the server's clock. `mine`: whether this person can read the answers. */
export interface BallotView {
  readonly id: string;
  readonly asks: "questions" | "feedback";
  readonly prompt: string;
  readonly closes: number;
  readonly mine: boolean;
  /** How far this device is; null while it has no token. */
  readonly fate: Fate | null;
  /** What this person said, until it has gone. */
  readonly said: Answer | null;
}

/** What came of a ballot. Only those who can read them have answers, once all are in. */
export interface BallotOutcome {
  readonly status: "open" | "coming" | "in" | "too_few";
  readonly answers: readonly Answer[];
}

export interface BallotsView {
  /** The newest last. */
  readonly list: ReadonlySignal<readonly BallotView[]>;
  /** What one can do about them, which is fetched when it is first needed. */
  deeds(): Promise<BallotDeeds>;
}

export interface BallotDeeds {
  open(asks: BallotView["asks"], prompt: string, minutes: number): Promise<void>;
  close(id: string): Promise<void>;
  /** Keeps an answer on this device until the ballot has closed; then it goes by itself. */
  say(id: string, text: string, mood: Mood | null): Promise<void>;
  read(id: string): Promise<BallotOutcome>;
}

export interface RoomView extends TalkView {
  readonly ballots: BallotsView;
  /** The further rooms this person is in, the newest first. */
  readonly further: ReadonlySignal<readonly FurtherView[]>;
  /** The room of which nothing is kept, and the small rooms, of the session that is on. */
  readonly passing: PassingView;
  /** Makes the staff room; gives its id. */
  openStaff(): Promise<string>;
  /** Makes a room for a few words with a member, or, for who is not of staff, with one of the staff; gives its id. */
  aside(memberId: string): Promise<string>;
  /** This person's call for help, until it is heard in their own aside: it is on its way, or nobody can be reached. */
  readonly call: ReadonlySignal<"waiting" | "unreached" | null>;
  /** Asks all the staff for help, in an aside, now or as soon as there is a line. */
  askForHelp(): Promise<void>;
  /** That one needs no help, or no more. */
  sayOk(): Promise<void>;
  readonly name: ReadonlySignal<string>;
  readonly welcome: ReadonlySignal<string>;
  readonly rules: ReadonlySignal<string>;
  /** Which edition of the ground rules this is. */
  readonly rulesVersion: ReadonlySignal<number>;
  /** The rules this person agreed to, where there are newer ones now and this device knows both. */
  readonly rulesBefore: ReadonlySignal<string | null>;
  readonly waiting: ReadonlySignal<readonly WaitingPerson[]>;
  /** What moderators and facilitators agree to. */
  readonly charter: ReadonlySignal<string>;
  /** For how many days messages are kept; 0 is for ever. */
  readonly days: ReadonlySignal<number>;
  /** Whether only the staff writes now. */
  readonly quiet: ReadonlySignal<boolean>;
  /** A role offered to this person, and by whom. */
  readonly offer: ReadonlySignal<{ readonly role: Role; readonly by: string } | null>;
  readonly banned: ReadonlySignal<readonly Who[]>;
  /** Who is a member under an id no more that their messages still have. */
  readonly former: ReadonlySignal<readonly Former[]>;
  /** What was done, oldest first: all of it for the staff, what concerns them for others. */
  readonly audit: ReadonlySignal<readonly Deed[]>;
  readonly doing: Doing;
  /** The live session; null before anything is known of the group. */
  readonly live: ReadonlySignal<LiveView | null>;
  readonly leading: Leading;
  /** Pseudonym of whom this device took the lead from by itself, until that was `seen`. */
  readonly standIn: { readonly for: ReadonlySignal<string | null>; seen(): void };
  readonly reports: ReportsView;
  readonly plans: PlansView;
  readonly doors: DoorsView;
  readonly notes: NotesView;
  /** Whose devices could not follow what others did; empty for who does not moderate, and before it was loaded. */
  readonly doubts: { readonly list: ReadonlySignal<readonly Doubted[]>; load(): Promise<void> };
  /** Says that this person steps out, or is back. */
  stepOut(away: boolean): Promise<void>;
  /** Folds away what a member writes, on this device alone. */
  block(memberId: string, on: boolean): Promise<void>;
}

/** A group of this account of whose keys this device has none. */
export interface Elsewhere {
  readonly group: string;
  readonly role: Role;
}

/** Why nothing can be done in this browser. */
export type Trouble = "storage_refused" | "storage_damaged" | "cookies_refused" | "old_browser";

export interface App {
  /** undefined while the device's store is being opened. */
  readonly account: ReadonlySignal<Account | null | undefined>;
  readonly connection: ReadonlySignal<Connection>;
  readonly groups: ReadonlySignal<readonly GroupSummary[]>;
  readonly pending: ReadonlySignal<readonly PendingJoin[]>;
  readonly elsewhere: ReadonlySignal<readonly Elsewhere[]>;
  /** Set when the device cannot store keys (private mode, full disk) or lacks what is needed. */
  readonly trouble: ReadonlySignal<Trouble | null>;
  /** Milliseconds since 1970 by the server, whatever this device's clock says. */
  now(): number;
  /** By how many milliseconds this device's clock is ahead of that; 0 where it is about right. */
  readonly clockWrongBy: ReadonlySignal<number | null>;
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
  /** `code` is of a link: `<invite>#<fragment>`. */
  readInvite(code: string): Promise<InviteCard>;
  askToJoin(code: string, pseudonym: string, note: string): Promise<void>;
  withdraw(request: string): Promise<void>;
  room(groupId: string): RoomView | null;
  /** Take the keys over from the tab that holds them. */
  useHere(): Promise<void>;
  /** Where what the device keeps cannot be opened any more: forgets all of it, so that this browser can begin anew. */
  beginAnew(): Promise<void>;
  /** What is being written in forms and is not sent yet, by its place; on this device alone. */
  readonly unsent: Pick<Unsent, "get" | "set">;
  /** Words of which this person wants to be asked first; on this device alone. */
  readonly shield: ReadonlySignal<readonly string[]>;
  setShield(words: readonly string[]): Promise<void>;
  /** What was done, as a file that only the passphrase opens, and back. */
  sealDeeds(deeds: readonly Deed[], passphrase: string): Promise<string>;
  openDeeds(file: string, passphrase: string): Promise<readonly Deed[]>;
}
