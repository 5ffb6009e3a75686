/** A room on this device: takes its log and shows what it says; its parts send, act and keep. */
import { batch, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { Envelope, ServerFrame } from "../net/wire.ts";
import { Acting } from "./acting.ts";
import type { Action } from "./actions.ts";
import { Balloting } from "./balloting.ts";
import { publish } from "./creating.ts";
import { concerns } from "./deeds.ts";
import { Desk, type Device } from "./desk.ts";
import { words } from "./disputed.ts";
import { Deeds } from "./doing.ts";
import { Doors } from "./doors.ts";
import { Doubts } from "./doubts.ts";
import { Farewells } from "./farewells.ts";
import { FurtherRooms } from "./furtherRooms.ts";
import { idsOf } from "./former.ts";
import { lowerAfterSpeaking } from "./handDown.ts";
import { HandingOn } from "./handingOn.ts";
import type { History } from "./history.ts";
import type { Home } from "./home.ts";
import { Inbox, type Word } from "./inbox.ts";
import { Ledger } from "./ledger.ts";
import { Plans } from "./plans.ts";
import { LiveDeeds } from "./leading.ts";
import { type LiveView, liveOf, nextChange } from "./liveView.ts";
import { Notes } from "./notes.ts";
import { Outbox } from "./outbox.ts";
import type { PassingView } from "./passingRooms.ts";
import type { Call, RoomRecord } from "./record.ts";
import { Reporting } from "./reporting.ts";
import { isBlocked, membersOf, nextMuteEnd, offerOf, silencedOf, statusOf } from "./shown.ts";
import { Skipping } from "./skipping.ts";
import { StandIn } from "./standIn.ts";
import type { Former, State } from "./state.ts";
import { Tidying } from "./tidying.ts";
import { outgoingLines, seen, unreadIn } from "./timeline.ts";
import type {
  Deed, Doing, Ending, FurtherView, Member, Role, RoomStatus, RoomView, Silenced, TimelineItem, WaitingPerson, Warning, Who,
} from "./types.ts";

/** Milliseconds between two looks at what is being caught up with. */
const SHOW_EVERY = 250;
/** Milliseconds after which the time is looked at again at the latest: browsers cannot wait for more than some weeks. */
const DAY = 86_400_000;
/** Refusals of `enter` by which the server says that this device is not in the group. */
const NOT_HERE: ReadonlySet<string> = new Set(["removed", "moved", "not_a_member", "unknown_room"]);

function serversWord(code: string, { before }: Readonly<RoomRecord>): Ending {
  if (code === "not_a_member" && before?.crypto === null) return "undone";
  return code === "moved" ? "elsewhere" : "refused";
}

export function draftKey(group: string): string {
  return `draft/${group}`;
}

export class Room implements RoomView {
  readonly groupId: string;
  readonly room: string;
  readonly name = signal("");
  readonly welcome = signal("");
  readonly rules = signal("");
  readonly rulesVersion = signal(1);
  readonly rulesBefore = signal<string | null>(null);
  readonly status = signal<RoomStatus>("loading");
  readonly me = signal<Member | null>(null);
  readonly members = signal<readonly Member[]>([]);
  readonly timeline = signal<readonly TimelineItem[]>([]);
  readonly goesOn = signal(false);
  readonly unread = signal(0);
  readonly readUpTo: Signal<number>;
  readonly waiting: ReadonlySignal<readonly WaitingPerson[]>;
  readonly warnings = signal<readonly Warning[]>([]);
  readonly charter = signal("");
  readonly days = signal(0);
  readonly quiet = signal(false);
  readonly silenced = signal<Silenced | null>(null);
  readonly offer = signal<{ readonly role: Role; readonly by: string } | null>(null);
  readonly banned = signal<readonly Who[]>([]);
  readonly former = signal<readonly Former[]>([]);
  readonly audit = signal<readonly Deed[]>([]);
  readonly live = signal<LiveView | null>(null);
  readonly call = signal<Call | null>(null);
  readonly doing: Doing;
  readonly leading: LiveDeeds;
  readonly standIn: StandIn;
  readonly further: ReadonlySignal<readonly FurtherView[]>;
  readonly reports: Reporting;
  readonly plans: Plans;
  readonly ballots: Balloting;
  readonly doors: Doors;
  readonly notes: Notes;
  readonly doubts: Doubts;

  readonly #further: FurtherRooms;
  readonly #desk: Desk<Ledger>;
  readonly #ledger: Ledger;
  readonly #outbox: Outbox;
  readonly #acting: Acting<Action>;
  readonly #inbox: Inbox;
  readonly #tidying: Tidying;
  readonly #farewells: Farewells;
  readonly #handingOn: HandingOn;
  readonly #skipping: Skipping;
  readonly #handDown: () => void;
  #wake: ReturnType<typeof setTimeout> | undefined;
  #draft: string;
  #here: ReadonlySet<string> = new Set();
  #shown: { at: number; state: State | null } = { at: 0, state: null };

  constructor(home: Home, device: Device, record: RoomRecord, history: History, deeds: readonly Deed[], draft: string) {
    this.groupId = record.group;
    this.room = record.room;
    this.readUpTo = signal(record.readUpTo);
    const saved = (): void => {
      this.#acting.answer();
      const { connection, ledger } = this.#desk;
      const due = connection !== "entering" || performance.now() - this.#shown.at > SHOW_EVERY;
      if (due || ledger.record.state !== this.#shown.state) this.#show();
    };
    this.#desk = new Desk(device, history, deeds, saved, (shelf, now) => new Ledger(record, shelf, now));
    this.#ledger = this.#desk.ledger;
    this.#outbox = new Outbox(this.#desk);
    this.#acting = new Acting(this.#desk);
    this.#tidying = new Tidying(this.#desk);
    this.doing = new Deeds(this.#desk, this.#acting);
    this.leading = new LiveDeeds(this.#desk, this.#acting);
    this.standIn = new StandIn(this.#ledger, this.#acting);
    this.#skipping = new Skipping(this.#ledger, this.#acting);
    this.reports = new Reporting(this.#desk, (room) => this.#further.kept(room));
    this.plans = new Plans(this.#desk, this.#acting, this.#outbox);
    this.ballots = new Balloting(this.#desk, this.#acting);
    this.doors = new Doors(this.#desk, this.#acting);
    this.waiting = this.doors.waiting;
    this.notes = new Notes(this.#desk);
    this.doubts = new Doubts(this.#desk);
    this.#farewells = new Farewells(this.#desk, this.#acting);
    this.#handingOn = new HandingOn(this.#desk);
    this.#inbox = new Inbox({
      alone: (work) => this.#desk.alone(work),
      waits: () => false,
      take: (envelopes) => this.#take(envelopes),
      heed: (word) => this.#heed(word),
      done: () => this.#outbox.flush(),
    });
    this.#draft = draft;
    this.#further = new FurtherRooms(home, device, this, (data) => this.#ledger.group.sign(data));
    this.further = this.#further.shown;
    this.#handDown = lowerAfterSpeaking(this);
    this.#show();
  }

  get record(): Readonly<RoomRecord> {
    return this.#ledger.record;
  }

  /** Takes up the further rooms that an earlier visit kept. */
  load(): Promise<void> {
    return this.#further.load();
  }

  /** Whether a warning stands after which nothing is sent: what was handed over on joining did not fit, or worse. */
  get doubtful(): boolean {
    return this.#ledger.halted;
  }

  // What the app passes on.

  /** The line is up: ask for what was missed. */
  async enter(): Promise<void> {
    const { record, turnedAway } = this.#ledger;
    if (record.ending && !turnedAway) return;
    if (!record.state && !record.promised) await publish(this.#desk.device.api, this.#ledger);
    this.#desk.connection = "entering";
    this.#show();
    this.#desk.device.send({ t: "enter", room: record.room, after: record.head });
  }

  /** Resolves once the relay has stored the act that this room was made with. */
  begun(): Promise<void> {
    return this.#acting.done();
  }

  lost(): void {
    this.#further.lost();
    this.#desk.connection = "down";
    // The next line tells all of it again.
    this.#inbox.clear();
    this.#outbox.lost();
    this.#here = new Set();
    this.#show();
  }

  /** Stops all that is timed; the room is no longer used and writes no more. */
  close(): void {
    this.#further.close();
    this.#desk.close();
    this.lost();
    this.#outbox.close();
    this.#acting.close();
    this.#tidying.close();
    this.plans.close();
    this.standIn.close();
    this.#skipping.close();
    this.#handDown();
    this.#farewells.close();
    this.#handingOn.close();
    clearTimeout(this.#wake);
  }

  receive(frame: Extract<ServerFrame, { room?: string | null }>): void {
    if (frame.t !== "welcome" && frame.room === this.record.room) this.#inbox.add(frame);
    else this.#further.receive(frame);
  }

  // Taking the log.

  async #take(envelopes: readonly Envelope[]): Promise<void> {
    this.#ledger.letIn();
    const { record } = this.#ledger;
    const { policySeq, handSeq, head: since } = record;
    for (const envelope of envelopes) this.#desk.keep(await this.#ledger.take(envelope));
    const agreed = record.policySeq !== policySeq;
    if (agreed || record.handSeq !== handSeq) this.#outbox.judge();
    await this.#desk.save();
    const turned = envelopes.some(({ kind }) => kind === "handshake" || kind === "void");
    if (turned) this.#outbox.release();
    else if (agreed && !this.silenced.peek()) this.#outbox.mayWrite();
    if (this.#desk.connection !== "live") return;
    if (turned) this.#sayEpoch();
    this.#sayFolded(since);
    if (agreed) {
      void this.doors.refresh().catch(() => undefined);
      this.#tidying.plan();
      this.#farewells.plan();
      this.#handingOn.plan(false);
    }
    this.#acting.planUpdate();
    this.#judge();
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

  /** What the server no longer hands over has to be explained by the policy up to the head. */
  #judge(): void {
    const { record, trust } = this.#ledger;
    if (!trust.asking) return;
    const head = this.#desk.device.api.get<{ policy_seq: number }>(`/rooms/${record.room}`);
    const judged = head.then(({ policy_seq }) =>
      this.#desk.alone(async () => {
        if (record.policySeq < policy_seq) return;
        trust.judge();
        await this.#desk.save();
      }),
    );
    // What cannot be asked now is asked on the next line.
    judged.catch(() => undefined);
  }

  async #heed(frame: Word): Promise<void> {
    const { record } = this.#ledger;
    switch (frame.t) {
      case "caught_up":
        await this.#caughtUp(frame.head);
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
        this.#show();
        break;
      case "doubted": {
        const word = this.#ledger.doubted(frame);
        await this.#desk.save();
        if (word) this.#desk.device.send(word);
        // What put this device out, here or in further rooms, may have been that act.
        if (frame.undone && this.#ledger.turnedAway) await this.enter();
        else if (frame.undone) this.#further.lookAgain();
        break;
      }
      case "confirmed":
        this.#outbox.release();
        break;
      case "rekey":
        this.#acting.removeDeparted();
        break;
      case "bring":
        // Only into further rooms.
        break;
      case "gone":
        // The group's own word came before, if there is one.
        if (!record.ending) this.#ledger.end(serversWord(frame.code, record));
        await this.#desk.save();
        break;
    }
  }

  async #caughtUp(head: number): Promise<void> {
    this.#ledger.letIn();
    const { record } = this.#ledger;
    if (record.head !== head && !record.ending) {
      this.#ledger.warn(record.head < head ? "seq_hole" : "seq_rollback", this.#ledger.now());
    }
    this.#desk.connection = "live";
    await this.#desk.save();
    this.#sayEpoch();
    this.#sayFolded(0);
    this.#outbox.release();
    this.#acting.resume();
    this.#acting.planUpdate();
    this.#tidying.plan();
    this.#farewells.plan();
    this.#handingOn.plan(true);
    this.#judge();
    void this.notes.load().catch(() => undefined);
    void this.doors.refresh().catch(() => undefined);
  }

  async #refused({ client_id: id, code, retry_after, policy_seq }: Extract<Word, { t: "refused" }>): Promise<void> {
    const { record } = this.#ledger;
    if (id === null) {
      if (NOT_HERE.has(code) && !record.ending) this.#ledger.end(serversWord(code, record));
      return this.#desk.save();
    }
    if (!this.#acting.refused(id, code, retry_after)) {
      this.#outbox.refused(id, code, retry_after, policy_seq);
      if (code === "not_entered") return this.enter();
    }
    return this.#desk.save();
  }

  // Writing.

  send(text: string, note: string | null = null): Promise<void> {
    return this.#outbox.send({ kind: "text", note, text });
  }

  sendCard(line: number | null, title: string, text: string): Promise<void> {
    return this.#outbox.send({ kind: "card", line, title, text });
  }

  fold(line: number, note: string | null): Promise<void> {
    return this.#outbox.send({ kind: "note", line, note });
  }

  stepOut(away: boolean): Promise<void> {
    return this.#outbox.send({ kind: "away", away });
  }

  retry(messageId: string): Promise<void> {
    return this.#outbox.retry(messageId);
  }

  discard(messageId: string): Promise<void> {
    return this.#outbox.discard(messageId);
  }

  // Acting.

  async leave(): Promise<void> {
    await this.#further.settled();
    await this.#acting.perform(() => ({ action: { action: "leave", target: null } }));
  }

  // Further rooms.

  openStaff(): Promise<string> {
    return this.#further.openStaff();
  }

  /** What is kept is shown, and what is shown goes on in the further rooms. */
  askForHelp(): Promise<void> {
    return this.keepCall("waiting");
  }

  sayOk(): Promise<void> {
    return this.#further.sayOk();
  }

  keepCall(call: Call | null): Promise<void> {
    return this.#desk.alone(async () => {
      this.#ledger.record.call = call;
      await this.#desk.save();
    });
  }

  aside(memberId: string): Promise<string> {
    return this.#further.aside(memberId);
  }

  get passing(): PassingView {
    return this.#further.passing;
  }

  act(action: Action): Promise<void> {
    return this.#acting.perform(() => ({ action }));
  }

  lookAgain(): void {
    this.#show();
  }

  silencedIn(room: string): Silenced | null {
    return silencedOf(this.#ledger, this.#desk.deeds, room);
  }

  /** Keeps a warning about what the server did beside this room. */
  warn(code: "room_refused" | "package_forged"): void {
    this.#desk.warn(code).catch(() => undefined);
  }

  // What only this device knows.

  draft(): string {
    return this.#draft;
  }

  saveDraft(text: string): void {
    this.#draft = text;
    this.#desk.keepDraft(draftKey(this.groupId), text);
  }

  markRead(seq: number): void {
    if (this.#desk.markRead(seq)) this.readUpTo.value = seq;
  }

  async block(memberId: string, on: boolean): Promise<void> {
    await this.#desk.alone(async () => {
      const { record } = this.#ledger;
      record.blocked = record.blocked.filter((id) => !isBlocked({ state: record.state, blocked: [id] }, memberId));
      if (on) record.blocked.push(memberId);
      await this.#desk.save();
    });
  }

  acknowledgeWarning(id: string): Promise<void> {
    return this.#desk.acknowledge(id);
  }

  // Showing.

  now(): number {
    return this.#ledger.now();
  }

  sessionTime(): number {
    return this.#ledger.sessionTime();
  }

  sessionLeft(): number {
    return this.#ledger.countdown.left();
  }

  async lookBack(whole = false): Promise<void> {
    await this.#desk.history.lookBack(whole);
    this.#show();
  }

  #show(): void {
    const { record } = this.#ledger;
    const { state, me } = record;
    const { deeds } = this.#desk;
    const { lines, goesOn } = this.#desk.history;
    this.#shown = { at: performance.now(), state };
    batch(() => {
      this.status.value = statusOf(this.#ledger, this.#desk.connection);
      this.warnings.value = record.warnings;
      this.goesOn.value = goesOn;
      this.call.value = record.call;
      this.unread.value = unreadIn(lines, record.readUpTo);
      if (state) {
        this.name.value = state.name;
        this.welcome.value = state.welcome;
        this.rules.value = state.rules.text;
        this.rulesVersion.value = state.rules.version;
        this.rulesBefore.value = record.rulesBefore;
        this.charter.value = state.charter.text;
        this.days.value = state.days;
        this.quiet.value = state.quiet;
        this.live.value = liveOf(state, this.sessionTime(), me, deeds);
        this.former.value = state.former;
        this.banned.value = state.banned.map(({ member: id, pseudonym }) => ({ id, pseudonym }));
        this.members.value = membersOf(this.#ledger, this.#here);
        this.me.value = this.members.value.find((member) => member.me) ?? null;
        this.silenced.value = silencedOf(this.#ledger, deeds);
        this.offer.value = offerOf(state, me);
      }
      this.plans.show();
      const self = { id: me, pseudonym: this.me.value?.pseudonym ?? "" };
      this.audit.value = deeds.filter((deed) => concerns(deed, state ? idsOf(state, me) : [me], this.me.value?.role ?? "guest"));
      this.timeline.value = [...lines.map(seen), ...outgoingLines(record.outbox, self)];
    });
    this.#further.mainChanged(this.#desk.connection === "live" && !record.ending);
    const here = this.#desk.connection === "live" && !record.ending ? this.#here : new Set<string>();
    this.standIn.look(here);
    this.#skipping.look(here);
    this.ballots.show();
    this.#wakeFor(state);
    this.#desk.device.changed();
  }

  /** Mutes, turns and sessions end by themselves. */
  #wakeFor(state: State | null): void {
    clearTimeout(this.#wake);
    if (!state || this.#desk.closed) return;
    const now = this.now();
    const next = Math.min(nextMuteEnd(state, now) ?? Infinity, nextChange(state, now) ?? Infinity);
    const left = Math.min(next - now, this.sessionLeft());
    if (left < Infinity) this.#wake = setTimeout(() => this.#show(), Math.min(left + 1000, DAY));
  }
}
