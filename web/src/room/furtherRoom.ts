/** A further room on this device: takes its log and shows what it says. Who is who, main says. */
import { batch, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { b64decode, b64encode } from "../crypto/bytes.ts";
import { CryptoError } from "../crypto/errors.ts";
import { type PackageSummary, readKeyPackage } from "../crypto/handshake.ts";
import type { Envelope } from "../net/wire.ts";
import type { Action } from "./actions.ts";
import { Acting } from "./acting.ts";
import { Suspicion } from "./checks.ts";
import { Desk, type Device, type Kept } from "./desk.ts";
import { words } from "./disputed.ts";
import { AppError, codeOf } from "./errors.ts";
import { belongs } from "./further.ts";
import { checkEndorsed, FurtherLedger } from "./furtherLedger.ts";
import type { FurtherRecord } from "./furtherRecord.ts";
import type { FurtherDeed } from "./furtherState.ts";
import type { History } from "./history.ts";
import { Inbox, type RoomFrame, type Word } from "./inbox.ts";
import { Outbox } from "./outbox.ts";
import type { Call, Outgoing, RoomRecord } from "./record.ts";
import { settled } from "./live.ts";
import { hasPlace } from "./passing.ts";
import { roleNow } from "./roll.ts";
import { Tidying } from "./tidying.ts";
import { outgoingLines, seen, unreadIn } from "./timeline.ts";
import type { Ending, FurtherView, Member, RoomStatus, Silenced, TimelineItem, Warning } from "./types.ts";

/** What a further room needs of the group's main room. */
export interface Main {
  readonly record: Readonly<RoomRecord>;
  readonly members: ReadonlySignal<readonly Member[]>;
  /** Nothing more is sent in the group. */
  readonly doubtful: boolean;
  /** Keeps a warning. */
  warn(code: "room_refused" | "package_forged"): void;
  /** The server's time in milliseconds. */
  now(): number;
  /** The same for sessions and what ends with them, but no later than this device has it. */
  sessionTime(): number;
  /** Milliseconds until the next of those ends by this device's own clock; Infinity where there is none. */
  sessionLeft(): number;
  /** Says a policy message that changes no keys. Rejects with AppError. */
  act(action: Action): Promise<void>;
  /** Works out anew what time has made of the group. */
  lookAgain(): void;
  /** Why this person may not write in a passing room. */
  silencedIn(room: string): Silenced | null;
  /** Keeps how far this person's call for help has come. */
  keepCall(call: Call | null): Promise<void>;
}

export class FurtherRoom implements FurtherView {
  readonly groupId: string;
  readonly room: string;
  readonly status = signal<RoomStatus>("loading");
  readonly me = signal<Member | null>(null);
  readonly members = signal<readonly Member[]>([]);
  readonly timeline = signal<readonly TimelineItem[]>([]);
  readonly goesOn = signal(false);
  readonly unread = signal(0);
  readonly readUpTo: Signal<number>;
  readonly warnings = signal<readonly Warning[]>([]);
  readonly silenced = signal<Silenced | null>(null);
  readonly purpose = signal<FurtherView["purpose"]["value"]>("aside");
  readonly about = signal<Member | null>(null);
  readonly help = signal<FurtherView["help"]["value"]>(null);

  readonly #main: Main;
  readonly #desk: Desk<FurtherLedger>;
  readonly #outbox: Outbox;
  readonly #acting: Acting<FurtherDeed>;
  readonly #inbox: Inbox;
  readonly #tidying: Tidying;
  readonly #changed: () => void;
  #draft: string;
  #here: ReadonlySet<string> = new Set();

  /** `changed` is called whenever something of the room was written. */
  constructor(device: Device, main: Main, record: FurtherRecord, history: History, draft: string, changed: () => void) {
    this.groupId = record.group;
    this.room = record.room;
    this.readUpTo = signal(record.readUpTo);
    this.#main = main;
    this.#changed = changed;
    const saved = (): void => {
      this.#acting.answer();
      this.show();
      this.#changed();
    };
    this.#desk = new Desk(device, history, [], saved, (shelf, now) => new FurtherLedger(record, main.record, shelf, now));
    this.#outbox = new Outbox(this.#desk);
    this.#acting = new Acting(this.#desk);
    this.#tidying = new Tidying(this.#desk);
    this.#inbox = new Inbox({
      alone: (work) => this.#desk.alone(work),
      waits: (envelope) => this.#ledger.waitsFor(envelope),
      take: (envelopes) => this.#take(envelopes),
      heed: (word) => this.#heed(word),
      done: () => this.#outbox.flush(),
    });
    this.#draft = draft;
    this.show();
  }

  get #ledger(): FurtherLedger {
    return this.#desk.ledger;
  }

  get record(): Readonly<FurtherRecord> {
    return this.#ledger.record;
  }

  get kept(): Kept {
    return this.#desk;
  }

  /** Whether what was handed over on coming in did not fit, or was over before it began. */
  get refused(): boolean {
    const { brought, warnings, ending } = this.record;
    return brought && (warnings.length > 0 || ending !== null);
  }

  /** Whether this person is in it. */
  get open(): boolean {
    return this.record.state !== null && this.record.ending === null;
  }

  /** Whether it is by the server's word alone that this device is out. */
  get turnedAway(): boolean {
    return this.#ledger.turnedAway;
  }

  /** The line is up, and main is caught up. */
  async enter(): Promise<void> {
    const { record } = this.#ledger;
    if (record.ending && !this.turnedAway) return;
    if (!record.state && record.made) await this.#publish(record.made);
    this.#desk.connection = "entering";
    this.show();
    this.#desk.device.send({ t: "enter", room: record.room, after: record.head });
  }

  /** Tells the server of a new room; once more is harmless. */
  async #publish({ purpose, about, endorsement }: NonNullable<FurtherRecord["made"]>): Promise<void> {
    const { group, record } = this.#ledger;
    const { tree, confirmationTag } = group;
    await this.#desk.device.api.post(`/groups/${record.group}/rooms`, {
      id: record.room, purpose, about, tree: b64encode(tree), confirmation_tag: b64encode(confirmationTag), endorsement,
    });
  }

  /** Resolves once the relay has stored the act that this room was made with. */
  begun(): Promise<void> {
    return this.#acting.done();
  }

  lost(): void {
    this.#desk.connection = "down";
    this.#inbox.clear();
    this.#outbox.lost();
    this.#here = new Set();
    this.show();
  }

  /** Lets go of the keys and of all that was said. */
  forget(): void {
    this.close();
    this.#draft = "";
    this.timeline.value = [];
    this.members.value = [];
  }

  close(): void {
    this.#desk.close();
    this.lost();
    this.#outbox.close();
    this.#acting.close();
    this.#tidying.close();
  }

  receive(frame: RoomFrame): void {
    this.#inbox.add(frame);
  }

  /** Main was read further: what waited for that goes on, and who belongs may be another. */
  mainChanged(): void {
    this.#inbox.goOn();
    this.show();
    this.#outbox.release();
  }

  // Taking the log.

  async #take(envelopes: readonly Envelope[]): Promise<void> {
    this.#ledger.letIn();
    const since = this.#ledger.record.head;
    for (const envelope of envelopes) this.#desk.keep(await this.#ledger.take(envelope));
    await this.#desk.save();
    const turned = envelopes.some(({ kind }) => kind === "handshake" || kind === "void");
    if (turned) this.#outbox.release();
    if (this.#desk.connection !== "live") return;
    if (turned) this.#sayEpoch();
    this.#sayFolded(since);
    this.#acting.planUpdate();
  }

  #sayEpoch(): void {
    const { word } = this.#ledger;
    if (word) this.#desk.device.send(word);
  }

  /** Says what of the lines after `since` could not be followed here, or could though it was voided. */
  #sayFolded(since: number): void {
    const { record } = this.#ledger;
    for (const frame of words(record.disputed, record.room, since)) this.#desk.device.send(frame);
  }

  async #heed(frame: Word): Promise<void> {
    const { record } = this.#ledger;
    switch (frame.t) {
      case "caught_up":
        this.#ledger.letIn();
        if (record.head !== frame.head && !record.ending) {
          this.#ledger.warn(record.head < frame.head ? "seq_hole" : "seq_rollback", this.#ledger.now());
        }
        this.#desk.connection = "live";
        await this.#desk.save();
        this.#sayEpoch();
        this.#sayFolded(0);
        this.#outbox.release();
        this.#acting.resume();
        this.#acting.planUpdate();
        this.#tidying.plan();
        break;
      case "gap":
        this.#ledger.letIn();
        this.#desk.keep(this.#ledger.takeGap(frame));
        await this.#desk.save();
        break;
      case "sent":
        this.#outbox.taken(frame.client_id, frame.seq);
        await this.#desk.save();
        break;
      case "refused":
        await this.#refused(frame);
        break;
      case "here":
        this.#here = new Set(frame.members);
        this.show();
        break;
      case "doubted": {
        const word = this.#ledger.doubted(frame);
        await this.#desk.save();
        if (word) this.#desk.device.send(word);
        if (frame.undone && this.turnedAway) await this.enter();
        break;
      }
      case "confirmed":
        this.#outbox.release();
        break;
      case "rekey":
        // What this takes waits for the log, which is not read meanwhile.
        void this.#rekey().catch(() => undefined);
        break;
      case "bring":
        void this.#bringAll(frame.members).catch(() => undefined);
        break;
      case "gone":
        if (!record.ending) this.#ledger.end(this.#serversWord());
        await this.#desk.save();
        break;
    }
  }

  async #refused({ client_id: id, code, retry_after, policy_seq }: Extract<Word, { t: "refused" }>): Promise<void> {
    const { record } = this.#ledger;
    if (id === null) {
      if (code === "unknown_room" && !record.ending) this.#ledger.end(this.#serversWord());
      return this.#desk.save();
    }
    if (!this.#acting.refused(id, code, retry_after)) {
      this.#outbox.refused(id, code, retry_after, policy_seq);
      if (code === "not_entered") return this.enter();
    }
    return this.#desk.save();
  }

  /** Where main says why, it is not the server's word alone. */
  #serversWord(): Ending {
    const { me, state } = this.#ledger.record;
    if (!state) return "refused";
    return belongs(state.purpose, state.about, me, roleNow(this.#main.record.roll, me)) ? "refused" : "removed";
  }

  // Who comes and goes.

  /** Takes one of the member's KeyPackages, and with it brings them in. Throws AppError. */
  async bring(member: string): Promise<void> {
    const { api } = this.#desk.device;
    const path = `/groups/${this.groupId}/key-packages/take`;
    const taken = await api.post<{ package: string; endorsement: string }>(path, { member, room: this.room });
    const message = b64decode(taken.package);
    const summary = await this.#genuine(member, message, taken.endorsement);
    await this.#acting.perform(() => {
      if (this.#ledger.record.state?.members[member] && !this.record.passing) throw new AppError("already_member");
      const { identity, ref } = summary;
      return {
        action: {
          action: "bring", target: member, leaf: b64encode(identity), endorsement: taken.endorsement, package: b64encode(ref),
        },
        commit: (group) => group.add(message),
      };
    });
  }

  async #genuine(member: string, message: Uint8Array, endorsement: string): Promise<PackageSummary> {
    try {
      const summary = await readKeyPackage(message, this.#ledger.now());
      await checkEndorsed(this.#main.record, member, endorsement, summary);
      return summary;
    } catch (error) {
      if (!(error instanceof CryptoError || error instanceof Suspicion)) throw error;
      this.#main.warn("package_forged");
      throw new AppError("package_forged", { cause: error });
    }
  }

  async #bringAll(members: readonly string[]): Promise<void> {
    for (const member of members) {
      // If it fails, another device is asked.
      if (this.#isMissing(member)) await this.bring(member).catch(() => undefined);
    }
  }

  /** Who comes into a passing room again has lost its keys. */
  #isMissing(member: string): boolean {
    const { record } = this.#ledger;
    if (!record.passing) return !record.state?.members[member];
    const { state } = this.#main.record;
    const role = state?.members[member]?.role;
    if (!state || !role) return false;
    return hasPlace(settled(state.live, state.floor, this.#main.sessionTime())[0], this.room, member, role);
  }

  /** Who no longer belongs is taken out of the room, and who left, out of the tree. */
  async #rekey(): Promise<void> {
    for (const outsider of this.#ledger.outsiders) {
      if (outsider !== this.record.me) await this.#putOut(outsider);
    }
    this.#acting.removeDeparted();
  }

  #putOut(member: string): Promise<void> {
    return this.#acting.perform(() => {
      const leaf = this.#ledger.state.members[member]?.leaf;
      const held = this.#ledger.group.roster.find(({ id }) => id === leaf);
      if (!held) throw new AppError("unknown_member");
      return { action: { action: "remove", target: member }, commit: (group) => group.remove([held.index]) };
    });
  }

  async leave(): Promise<void> {
    await this.#acting.perform(() => ({ action: { action: "leave", target: null } }));
  }

  // Writing.

  send(text: string, note: string | null = null): Promise<void> {
    return this.#outbox.send({ kind: "text", note, text });
  }

  sendCard(line: number | null, title: string, text: string): Promise<void> {
    return this.#outbox.send({ kind: "card", line, title, text });
  }

  /** What this person says of needing help, on its way. */
  get helpSent(): Outgoing | undefined {
    return this.record.outbox.find(({ said }) => said.kind === "help");
  }

  /** Asks everyone here for help, or says that there is no more need; by whom the room is about. */
  sayHelp(asked: boolean): Promise<void> {
    return this.#outbox.send({ kind: "help", help: asked });
  }

  fold(line: number, note: string | null): Promise<void> {
    return this.#outbox.send({ kind: "note", line, note });
  }

  retry(messageId: string): Promise<void> {
    return this.#outbox.retry(messageId);
  }

  discard(messageId: string): Promise<void> {
    return this.#outbox.discard(messageId);
  }

  // What only this device knows.

  draft(): string {
    return this.#draft;
  }

  saveDraft(text: string): void {
    this.#draft = text;
    this.#desk.keepDraft(furtherDraftKey(this.room), text);
  }

  markRead(seq: number): void {
    if (this.#desk.markRead(seq)) this.readUpTo.value = seq;
  }

  acknowledgeWarning(id: string): Promise<void> {
    return this.#desk.acknowledge(id);
  }

  now(): number {
    return this.#ledger.now();
  }

  // Showing.

  async lookBack(whole = false): Promise<void> {
    await this.#desk.history.lookBack(whole);
    this.show();
  }

  show(): void {
    const { record } = this.#ledger;
    const { state, me } = record;
    const { lines, goesOn } = this.#desk.history;
    batch(() => {
      this.status.value = this.#status();
      this.warnings.value = record.warnings;
      this.goesOn.value = goesOn;
      this.help.value = record.help;
      this.unread.value = unreadIn(lines, record.readUpTo);
      if (state) {
        this.purpose.value = state.purpose;
        this.members.value = Object.keys(state.members).map((id) => this.#member(id));
        this.me.value = this.members.value.find((member) => member.me) ?? null;
        this.about.value = state.about === null ? null : this.#member(state.about);
      }
      if (record.passing) this.silenced.value = this.#main.silencedIn(record.room);
      const self = { id: me, pseudonym: this.#ledger.pseudonymOf(me) };
      this.timeline.value = [...lines.map(seen), ...outgoingLines(record.outbox, self)];
    });
  }

  #status(): RoomStatus {
    const { record, halted, departed } = this.#ledger;
    const { ending } = this.#main.record;
    if (record.ending ?? ending) return record.ending ?? ending ?? "left";
    if (halted || this.#main.doubtful) return "halted";
    if (this.#desk.connection === "down") return "offline";
    if (!record.state) return "loading";
    if (this.#desk.connection === "entering" || this.#ledger.stuck) return "catching_up";
    return departed.length > 0 ? "rekeying" : "live";
  }

  /** As main has them; of who has gone, as they were. */
  #member(id: string): Member {
    const known = this.#main.members.value.find((member) => member.id === id);
    const here = known?.here === null ? null : this.#here.has(id);
    if (known) return { ...known, here, muted: null, listening: false };
    return {
      id, pseudonym: this.#ledger.pseudonymOf(id), role: "guest", me: id === this.record.me, here: false, agreed: true, agreedTo: 1,
      keyHolders: 1, muted: null, listening: false, away: false, offered: null, blocked: false,
    };
  }
}

export function furtherDraftKey(room: string): string {
  return `draft/${room}`;
}

/** Whether a refusal means that a member's device cannot be reached to be brought in. */
export function isUnreachable(error: unknown): boolean {
  return codeOf(error) === "key_package_exhausted";
}
