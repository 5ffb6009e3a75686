/** A room on this device: takes its log and shows what it says; its parts send, act and keep. */
import { batch, signal, type ReadonlySignal } from "@preact/signals";
import type { Envelope } from "../net/wire.ts";
import { Acting } from "./acting.ts";
import { removal } from "./acts.ts";
import { admission, createInvite, listInvites, readApplicants, type Applicant } from "./admission.ts";
import { WARNINGS } from "./checks.ts";
import { publish } from "./creating.ts";
import { Desk, type Device } from "./desk.ts";
import { AppError } from "./errors.ts";
import { Inbox, type RoomFrame, type Word } from "./inbox.ts";
import type { Ledger } from "./ledger.ts";
import { Outbox } from "./outbox.ts";
import type { RoomRecord } from "./record.ts";
import { may } from "./roles.ts";
import { membersOf, statusOf } from "./shown.ts";
import { outgoingLine, unreadIn } from "./timeline.ts";
import type { Ending, InviteSummary, Member, RoomStatus, RoomView, TimelineItem, WaitingPerson, Warning } from "./types.ts";

/** Refusals of `enter` by which the server says that this device is not in the group. */
const NOT_HERE: ReadonlySet<string> = new Set(["removed", "moved", "not_a_member", "unknown_room"]);

function serversWord(code: string): Ending {
  return code === "moved" ? "elsewhere" : "refused";
}

export function draftKey(group: string): string {
  return `draft/${group}`;
}

export class Room implements RoomView {
  readonly groupId: string;
  readonly name = signal("");
  readonly welcome = signal("");
  readonly rules = signal("");
  readonly status = signal<RoomStatus>("loading");
  readonly me = signal<Member | null>(null);
  readonly members = signal<readonly Member[]>([]);
  readonly timeline = signal<readonly TimelineItem[]>([]);
  readonly unread = signal(0);
  readonly readUpTo: ReadonlySignal<number>;
  readonly waiting = signal<readonly WaitingPerson[]>([]);
  readonly warnings = signal<readonly Warning[]>([]);

  readonly #desk: Desk;
  readonly #ledger: Ledger;
  readonly #outbox: Outbox;
  readonly #acting: Acting;
  readonly #inbox: Inbox;
  #draft: string;
  #applicants: readonly Applicant[] = [];
  #here: ReadonlySet<string> = new Set();

  constructor(device: Device, record: RoomRecord, lines: readonly TimelineItem[], draft: string) {
    this.groupId = record.group;
    this.readUpTo = signal(record.readUpTo);
    this.#desk = new Desk(device, record, lines, () => {
      this.#acting.answer();
      this.#show();
    });
    this.#ledger = this.#desk.ledger;
    this.#outbox = new Outbox(this.#desk);
    this.#acting = new Acting(this.#desk);
    this.#inbox = new Inbox({
      alone: (work) => this.#desk.alone(work),
      take: (envelopes) => this.#take(envelopes),
      heed: (word) => this.#heed(word),
      done: () => this.#outbox.flush(),
    });
    this.#draft = draft;
    this.#show();
  }

  get record(): Readonly<RoomRecord> {
    return this.#ledger.record;
  }

  /** Whether what was handed over on joining did not fit. */
  get doubtful(): boolean {
    return this.#ledger.halted;
  }

  // What the app passes on.

  /** The line is up: ask for what was missed. */
  async enter(): Promise<void> {
    const { record } = this.#ledger;
    if (record.ending) return;
    if (!record.state && !record.promised) await publish(this.#desk.device.api, this.#ledger);
    this.#desk.line = "entering";
    this.#show();
    this.#desk.device.send({ t: "enter", room: record.room, after: record.head });
  }

  /** Resolves once the relay has stored the act that this room was made with. */
  begun(): Promise<void> {
    return this.#acting.done();
  }

  lost(): void {
    this.#desk.line = "down";
    // The next line tells all of it again.
    this.#inbox.clear();
    this.#outbox.lost();
    this.#here = new Set();
    this.#show();
  }

  /** Stops all that is timed; the room is no longer used and writes no more. */
  close(): void {
    this.#desk.close();
    this.lost();
    this.#outbox.close();
    this.#acting.close();
  }

  receive(frame: RoomFrame): void {
    this.#inbox.add(frame);
  }

  /** People ask to join, or no longer. */
  async refreshWaiting(): Promise<void> {
    const { state, me } = this.#ledger.record;
    if (!state || !may(state.members[me]?.role ?? "guest", "admit")) return;
    this.#applicants = await readApplicants(this.#desk.device.api, this.#ledger);
    this.waiting.value = this.#applicants.map(({ request, pseudonym, note, since, genuine, replaces }) => ({
      request, pseudonym, note, since, genuine, replaces,
    }));
    this.#desk.device.changed();
  }

  // Taking the log.

  async #take(envelopes: readonly Envelope[]): Promise<void> {
    const { record } = this.#ledger;
    const { policySeq } = record;
    const lines: TimelineItem[] = [];
    for (const envelope of envelopes) lines.push(...(await this.#ledger.take(envelope)));
    await this.#desk.save(lines);
    if (envelopes.some(({ kind }) => kind === "handshake")) this.#outbox.release();
    if (this.#desk.line !== "live") return;
    if (record.policySeq !== policySeq) void this.refreshWaiting().catch(() => undefined);
    this.#acting.planUpdate();
  }

  async #heed(frame: Word): Promise<void> {
    const { record } = this.#ledger;
    switch (frame.t) {
      case "caught_up":
        await this.#caughtUp(frame.head);
        break;
      case "sent":
        this.#outbox.taken(frame.client_id, frame.seq);
        await this.#desk.save();
        break;
      case "refused":
        await this.#refused(frame.client_id ?? null, frame.code, frame.retry_after ?? null);
        break;
      case "here":
        this.#here = new Set(frame.members);
        this.#show();
        break;
      case "rekey":
        this.#acting.removeDeparted();
        break;
      case "gone":
        // The group's own word came before, if there is one.
        if (!record.ending) this.#ledger.end(serversWord(frame.code));
        await this.#desk.save();
        break;
    }
  }

  async #caughtUp(head: number): Promise<void> {
    const { record } = this.#ledger;
    if (record.head !== head && !record.ending) {
      this.#ledger.warn(record.head < head ? "seq_hole" : "seq_rollback", Date.now());
    }
    this.#desk.line = "live";
    await this.#desk.save();
    this.#outbox.release();
    this.#acting.resume();
    this.#acting.planUpdate();
    void this.refreshWaiting().catch(() => undefined);
  }

  async #refused(id: string | null, code: string, retryAfter: number | null): Promise<void> {
    const { record } = this.#ledger;
    if (id === null) {
      if (NOT_HERE.has(code) && !record.ending) this.#ledger.end(serversWord(code));
      return this.#desk.save();
    }
    if (!this.#acting.refused(id, code, retryAfter)) {
      this.#outbox.refused(id, code, retryAfter);
      if (code === "not_entered") return this.enter();
    }
    return this.#desk.save();
  }

  // Writing.

  send(text: string): Promise<void> {
    return this.#outbox.send(text);
  }

  retry(messageId: string): Promise<void> {
    return this.#outbox.retry(messageId);
  }

  discard(messageId: string): Promise<void> {
    return this.#outbox.discard(messageId);
  }

  // Acting.

  async admit(request: string): Promise<void> {
    await this.#acting.perform(() => {
      const applicant = this.#applicants.find((one) => one.request === request);
      if (!applicant) throw new AppError("request_unknown");
      return admission(applicant, this.#ledger);
    });
    await this.refreshWaiting();
  }

  async decline(request: string): Promise<void> {
    await this.#desk.device.api.post(`/groups/${this.groupId}/requests/${request}/decline`);
    await this.refreshWaiting();
  }

  async remove(memberId: string): Promise<void> {
    await this.#acting.perform(() => removal(this.#ledger, memberId));
  }

  async leave(): Promise<void> {
    await this.#acting.perform(() => ({ action: { action: "leave", target: null } }));
  }

  // Invites.

  createInvite(options: { uses: number; days: number }): Promise<string> {
    return createInvite(this.#desk.device.api, this.#ledger, options, this.#desk.device.origin);
  }

  invites(): Promise<readonly InviteSummary[]> {
    return listInvites(this.#desk.device.api, this.#ledger, this.#desk.device.origin);
  }

  async revokeInvite(id: string): Promise<void> {
    await this.#desk.device.api.delete(`/groups/${this.groupId}/invites/${id}`);
  }

  // What only this device knows.

  draft(): string {
    return this.#draft;
  }

  saveDraft(text: string): void {
    this.#draft = text;
    if (this.#desk.closed) return;
    const kept = this.#desk.device.vault.write({ values: { [draftKey(this.groupId)]: text === "" ? null : text } });
    kept.catch((error: unknown) => this.#desk.failed(error));
  }

  markRead(seq: number): void {
    const { record } = this.#ledger;
    if (seq <= record.readUpTo) return;
    record.readUpTo = seq;
    void this.#desk.alone(() => this.#desk.save()).catch(() => undefined);
  }

  async acknowledgeWarning(id: string): Promise<void> {
    await this.#desk.alone(async () => {
      const { record } = this.#ledger;
      const stands = ({ code }: Warning): boolean => code in WARNINGS && WARNINGS[code as keyof typeof WARNINGS];
      record.warnings = record.warnings.filter((warning) => warning.id !== id || stands(warning));
      await this.#desk.save();
    });
  }

  // Showing.

  #show(): void {
    const { record } = this.#ledger;
    const { state, me } = record;
    batch(() => {
      this.status.value = statusOf(this.#ledger, this.#desk.line);
      this.warnings.value = record.warnings;
      this.unread.value = unreadIn(this.#desk.lines, record.readUpTo);
      if (state) {
        this.name.value = state.name;
        this.welcome.value = state.welcome;
        this.rules.value = state.rules.text;
        this.members.value = membersOf(this.#ledger, this.#here);
        this.me.value = this.members.value.find((member) => member.me) ?? null;
      }
      const pseudonym = state?.members[me]?.pseudonym ?? "";
      this.timeline.value = [...this.#desk.lines, ...record.outbox.map((one) => outgoingLine(one, me, pseudonym))];
    });
    this.#desk.device.changed();
  }
}
