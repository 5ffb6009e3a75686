/**
 * A room on this device: takes its log from the line, keeps it, and sends what is due. One thing at a time, and nothing
 * leaves the device before the keys it used up are on disk.
 */
import { batch, signal, type ReadonlySignal } from "@preact/signals";
import { b64encode } from "../crypto/bytes.ts";
import type { Vault } from "../crypto/vault.ts";
import type { Api } from "../net/api.ts";
import { jittered } from "../net/socket.ts";
import type { ClientFrame, Envelope, ServerFrame } from "../net/wire.ts";
import { OVERTAKEN, prepare, type Plan } from "./acts.ts";
import { admission, createInvite, listInvites, readApplicants, type Applicant } from "./admission.ts";
import { WARNINGS } from "./checks.ts";
import { AppError, codeOf } from "./errors.ts";
import { uuidv7 } from "./ids.ts";
import { Ledger } from "./ledger.ts";
import { MAX_CONTENT, textContent } from "./text.ts";
import type { Outgoing, RoomRecord } from "./record.ts";
import { may, RANKS } from "./roles.ts";
import { outgoingLine, unreadIn } from "./timeline.ts";
import type { Ending, InviteSummary, Member, RoomStatus, RoomView, TimelineItem, WaitingPerson, Warning } from "./types.ts";

/** Envelopes taken between two writes and two breaths of the page. */
const BATCH = 50;
const ATTEMPTS = 8;
/** Messages after which a device gives its leaf fresh keys. */
const UPDATE_AFTER = 500;
const UPDATE_WITHIN = 60_000;
const HOLD = 2_000;
/** Refusals of `enter` by which the server says that this device is not in the group. */
const NOT_HERE: ReadonlySet<string> = new Set(["removed", "moved", "not_a_member", "unknown_room"]);

/** What a room needs of the device it lives on. */
export interface Device {
  readonly vault: Vault;
  readonly api: Api;
  readonly origin: string;
  /** False when the line is down. */
  send(frame: ClientFrame): boolean;
  changed(): void;
  /** The vault did not keep what it was given. */
  failed(error: unknown): void;
}

type RoomFrame = Extract<ServerFrame, { room?: string | null }>;

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

  readonly #device: Device;
  readonly #ledger: Ledger;
  #lines: readonly TimelineItem[];
  #draft: string;
  #applicants: readonly Applicant[] = [];
  #here: ReadonlySet<string> = new Set();
  #line: "down" | "entering" | "live" = "down";
  #inbox: RoomFrame[] = [];
  #draining = false;
  #closed = false;
  #inFlight: string | null = null;
  #held: ReturnType<typeof setTimeout> | undefined;
  #updating: ReturnType<typeof setTimeout> | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  readonly #waiters = new Map<string, { resolve: () => void; reject: (error: AppError) => void }>();

  constructor(device: Device, record: RoomRecord, lines: readonly TimelineItem[], draft: string) {
    this.groupId = record.group;
    this.readUpTo = signal(record.readUpTo);
    this.#device = device;
    this.#ledger = new Ledger(record);
    this.#lines = lines;
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
    if (!record.state && !record.promised) await this.#publish();
    this.#line = "entering";
    this.#show();
    this.#device.send({ t: "enter", room: record.room, after: record.head });
  }

  /** Resolves once the relay has stored the act that this room was made with. */
  begun(): Promise<void> {
    const { act } = this.#ledger.record;
    if (!act) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#waiters.set(act.frame.client_id, { resolve, reject });
    });
  }

  lost(): void {
    this.#line = "down";
    // The next line tells all of it again.
    this.#inbox = [];
    this.#inFlight = null;
    this.#here = new Set();
    this.#show();
  }

  /** Stops all that is timed; the room is no longer used and writes no more. */
  close(): void {
    this.#closed = true;
    this.lost();
    clearTimeout(this.#held);
    clearTimeout(this.#updating);
    const error = new AppError("blocked");
    for (const waiter of this.#waiters.values()) waiter.reject(error);
    this.#waiters.clear();
  }

  receive(frame: RoomFrame): void {
    this.#inbox.push(frame);
    if (this.#draining) return;
    this.#draining = true;
    void this.#alone(() => this.#drain()).catch(() => undefined);
  }

  /** People ask to join, or no longer. */
  async refreshWaiting(): Promise<void> {
    const { state, me } = this.#ledger.record;
    if (!state || !may(state.members[me]?.role ?? "guest", "admit")) return;
    this.#applicants = await readApplicants(this.#device.api, this.#ledger);
    this.waiting.value = this.#applicants.map(({ request, pseudonym, note, since, genuine, replaces }) => ({
      request, pseudonym, note, since, genuine, replaces,
    }));
    this.#device.changed();
  }

  // Taking the log.

  async #drain(): Promise<void> {
    try {
      for (let frame = this.#inbox[0]; frame; frame = this.#inbox[0]) {
        if (frame.t === "envelope") await this.#takeBatch();
        else {
          this.#inbox.shift();
          await this.#heed(frame);
        }
      }
    } finally {
      this.#draining = false;
    }
    await this.#flush();
  }

  async #takeBatch(): Promise<void> {
    const { record } = this.#ledger;
    const { policySeq } = record;
    const lines: TimelineItem[] = [];
    let epochs = false;
    for (let count = 0; count < BATCH; count++) {
      const frame = this.#inbox[0];
      if (frame?.t !== "envelope") break;
      this.#inbox.shift();
      lines.push(...(await this.#ledger.take(frame)));
      epochs ||= frame.kind === "handshake";
    }
    await this.#save(lines);
    if (epochs) this.#release();
    if (record.policySeq !== policySeq && this.#line === "live") void this.refreshWaiting().catch(() => undefined);
    if (this.#line === "live") this.#planUpdate();
    await new Promise((resolve) => setTimeout(resolve));
  }

  async #heed(frame: Exclude<RoomFrame, Envelope>): Promise<void> {
    const { record } = this.#ledger;
    switch (frame.t) {
      case "caught_up":
        await this.#caughtUp(frame.head);
        break;
      case "sent":
        if (this.#inFlight === frame.client_id) this.#inFlight = null;
        // The log told of it before, and then it left the outbox, or it will tell.
        if (frame.seq <= record.head) record.outbox = record.outbox.filter(({ id }) => id !== frame.client_id);
        await this.#save();
        break;
      case "refused":
        await this.#refused(frame.client_id ?? null, frame.code, frame.retry_after ?? null);
        break;
      case "here":
        this.#here = new Set(frame.members);
        this.#show();
        break;
      case "rekey":
        this.#removeDeparted();
        break;
      case "gone":
        // The group's own word came before, if there is one.
        if (!record.ending) this.#ledger.end(serversWord(frame.code));
        await this.#save();
        break;
    }
  }

  async #caughtUp(head: number): Promise<void> {
    const { record } = this.#ledger;
    if (record.head !== head && !record.ending) {
      this.#ledger.warn(record.head < head ? "seq_hole" : "seq_rollback", Date.now());
    }
    this.#line = "live";
    await this.#save();
    this.#release();
    if (record.act && !this.#ledger.halted) this.#device.send(record.act.frame);
    this.#planUpdate();
    void this.refreshWaiting().catch(() => undefined);
  }

  async #refused(id: string | null, code: string, retryAfter: number | null): Promise<void> {
    const { record } = this.#ledger;
    if (id === null) {
      if (NOT_HERE.has(code) && !record.ending) this.#ledger.end(serversWord(code));
      return this.#save();
    }
    if (record.act?.frame.client_id === id) {
      record.act = null;
      const waiter = this.#waiters.get(id);
      this.#waiters.delete(id);
      waiter?.reject(new AppError(code, { retryAfter }));
      return this.#save();
    }
    const outgoing = record.outbox.find((one) => one.id === id);
    if (this.#inFlight === id) this.#inFlight = null;
    if (!outgoing) return;
    if (code === "not_entered") return this.enter();
    if (OVERTAKEN.has(code) || retryAfter !== null) {
      if (code === "stale_epoch") outgoing.sealed = null;
      this.#hold(retryAfter === null ? HOLD : retryAfter * 1000);
    } else {
      Object.assign(outgoing, { state: "failed", code });
    }
    return this.#save();
  }

  // Sending.

  async send(text: string): Promise<void> {
    // A lone surrogate, such as half of an emoji that was cut off, is no text.
    const words = text.replace(/\p{Surrogate}/gu, "\ufffd");
    if (textContent(words).length > MAX_CONTENT) throw new AppError("too_large");
    await this.#alone(async () => {
      const { record } = this.#ledger;
      if (record.ending) throw new AppError("not_a_member");
      const outgoing: Outgoing = {
        id: uuidv7(), text: words, time: Date.now(), state: "sending", code: null, sealed: null, commitments: [],
      };
      record.outbox = [...record.outbox, outgoing];
      await this.#save();
    });
    void this.#alone(() => this.#flush()).catch(() => undefined);
  }

  async retry(messageId: string): Promise<void> {
    await this.#alone(async () => {
      const { record } = this.#ledger;
      record.outbox = record.outbox.map((one) => (one.id === messageId ? { ...one, state: "sending", code: null } : one));
      await this.#save();
      await this.#flush();
    });
  }

  async discard(messageId: string): Promise<void> {
    await this.#alone(async () => {
      const { record } = this.#ledger;
      record.outbox = record.outbox.filter(({ id, state }) => id !== messageId || state !== "failed");
      await this.#save();
    });
  }

  /** Sends the oldest message that is due; the next one follows when the relay has answered, so that order holds. */
  async #flush(): Promise<void> {
    const { record, halted, departed } = this.#ledger;
    if (this.#line !== "live" || this.#held || halted || record.ending) return;
    if (record.act || !record.state || departed.length > 0) return;
    if (record.outbox.some(({ id }) => id === this.#inFlight)) return;
    const next = record.outbox.find(({ state }) => state === "sending");
    if (!next) return;
    if (next.sealed?.epoch !== this.#ledger.group.epoch) {
      next.sealed = await this.#ledger.seal(textContent(next.text));
      next.commitments = [...next.commitments, next.sealed.commitment];
      await this.#save();
    }
    const frame = { t: "send", room: record.room, client_id: next.id, kind: "message", ...next.sealed } as const;
    // The line may have broken while the keys were written; the next one finds the message in the outbox.
    if (this.#device.send(frame)) this.#inFlight = next.id;
  }

  #hold(milliseconds: number): void {
    clearTimeout(this.#held);
    this.#held = setTimeout(() => this.#release(), jittered(milliseconds));
  }

  #release(): void {
    clearTimeout(this.#held);
    this.#held = undefined;
    if (!this.#draining) void this.#alone(() => this.#flush()).catch(() => undefined);
  }

  // Acting.

  async admit(request: string): Promise<void> {
    await this.#perform(() => {
      const applicant = this.#applicants.find((one) => one.request === request);
      if (!applicant) throw new AppError("request_unknown");
      return admission(applicant, this.#ledger);
    });
    await this.refreshWaiting();
  }

  async decline(request: string): Promise<void> {
    await this.#device.api.post(`/groups/${this.groupId}/requests/${request}/decline`);
    await this.refreshWaiting();
  }

  async remove(memberId: string): Promise<void> {
    await this.#perform(() => {
      const leaves = new Set(this.#ledger.state.members[memberId]?.leaves);
      if (leaves.size === 0) throw new AppError("unknown_member");
      const indices = this.#ledger.group.roster
        .filter(({ identity }) => leaves.has(b64encode(identity)))
        .map(({ index }) => index);
      return { action: { action: "remove", target: memberId }, commit: (group) => group.remove(indices) };
    });
  }

  async leave(): Promise<void> {
    await this.#perform(() => ({ action: { action: "leave", target: null } }));
  }

  #removeDeparted(): void {
    const plan = (): Plan => {
      const indices = this.#ledger.departed.map(({ index }) => index);
      if (indices.length === 0) throw new AppError("unknown_member");
      return { commit: (group) => group.remove(indices) };
    };
    // If it fails, another device is asked.
    void this.#attempt(plan).catch(() => undefined);
  }

  #planUpdate(): void {
    const { sinceUpdate, ending, state } = this.#ledger.record;
    if (this.#updating || ending || !state || (sinceUpdate !== null && sinceUpdate < UPDATE_AFTER)) return;
    const update = (): void => {
      this.#updating = undefined;
      const updated = this.#attempt(() => ({ commit: (group) => group.update() }));
      updated.catch((error: unknown) => OVERTAKEN.has(codeOf(error)) && this.#planUpdate());
    };
    this.#updating = setTimeout(update, jittered(UPDATE_WITHIN));
  }

  async #perform(make: () => Plan): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#attempt(make);
        return;
      } catch (error) {
        if (!OVERTAKEN.has(codeOf(error)) || attempt === ATTEMPTS) throw error;
        await new Promise((resolve) => setTimeout(resolve, jittered(300 * attempt)));
      }
    }
  }

  async #attempt(make: () => Plan): Promise<void> {
    const { answer } = await this.#alone(async () => {
      const { record } = this.#ledger;
      if (this.#ledger.halted) throw new AppError("halted");
      if (this.#line !== "live") throw new AppError("offline");
      if (record.act) throw new AppError("stale_policy");
      const act = await prepare(this.#ledger, make());
      record.act = act;
      await this.#save();
      const answer = new Promise<void>((resolve, reject) => {
        this.#waiters.set(act.frame.client_id, { resolve, reject });
      });
      this.#device.send(act.frame);
      return { answer };
    });
    await answer;
  }

  /** An act is done when the log has told of all of it. */
  #answerWaiters(): void {
    const { act } = this.#ledger.record;
    for (const [id, waiter] of this.#waiters) {
      if (this.#ledger.halted) waiter.reject(new AppError("halted"));
      else if (id === act?.frame.client_id) continue;
      else waiter.resolve();
      this.#waiters.delete(id);
    }
  }

  /** Tells the server of a new group; once more is harmless. */
  async #publish(): Promise<void> {
    const { group, record } = this.#ledger;
    const action = record.act?.message?.action;
    const presence = action?.action === "create" && action.presence;
    const { tree, confirmationTag } = group;
    try {
      await this.#device.api.post("/groups", {
        id: record.group, room: record.room, tree: b64encode(tree), confirmation_tag: b64encode(confirmationTag), presence,
      });
    } catch (error) {
      if (codeOf(error) !== "group_exists") throw error;
    }
  }

  // Invites.

  createInvite(options: { uses: number; days: number }): Promise<string> {
    return createInvite(this.#device.api, this.#ledger, options, this.#device.origin);
  }

  invites(): Promise<readonly InviteSummary[]> {
    return listInvites(this.#device.api, this.#ledger, this.#device.origin);
  }

  async revokeInvite(id: string): Promise<void> {
    await this.#device.api.delete(`/groups/${this.groupId}/invites/${id}`);
  }

  // What only this device knows.

  draft(): string {
    return this.#draft;
  }

  saveDraft(text: string): void {
    this.#draft = text;
    if (this.#closed) return;
    const kept = this.#device.vault.write({ values: { [draftKey(this.groupId)]: text === "" ? null : text } });
    kept.catch((error: unknown) => this.#failed(error));
  }

  markRead(seq: number): void {
    const { record } = this.#ledger;
    if (seq <= record.readUpTo) return;
    record.readUpTo = seq;
    void this.#alone(() => this.#save()).catch(() => undefined);
  }

  async acknowledgeWarning(id: string): Promise<void> {
    await this.#alone(async () => {
      const { record } = this.#ledger;
      const stands = ({ code }: Warning): boolean => code in WARNINGS && WARNINGS[code as keyof typeof WARNINGS];
      record.warnings = record.warnings.filter((warning) => warning.id !== id || stands(warning));
      await this.#save();
    });
  }

  // Keeping and showing.

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => undefined);
    return done;
  }

  async #save(lines: readonly TimelineItem[] = []): Promise<void> {
    if (this.#closed) throw new AppError("blocked");
    try {
      await this.#device.vault.write({
        values: this.#ledger.changes(),
        lines: lines.map((value) => ({ shelf: this.groupId, place: value.seq ?? 0, value })),
      });
    } catch (error) {
      this.#failed(error);
      throw error;
    }
    this.#ledger.settle();
    if (lines.length > 0) this.#lines = [...this.#lines, ...lines];
    this.#answerWaiters();
    this.#show();
  }

  #failed(error: unknown): void {
    // A room that is closed has lost its vault on purpose.
    if (!this.#closed) this.#device.failed(error);
  }

  #show(): void {
    const { record } = this.#ledger;
    const { state, me } = record;
    batch(() => {
      this.status.value = this.#status();
      this.warnings.value = record.warnings;
      this.unread.value = unreadIn(this.#lines, record.readUpTo);
      if (state) {
        this.name.value = state.name;
        this.welcome.value = state.welcome;
        this.rules.value = state.rules.text;
        this.members.value = this.#membersNow();
        this.me.value = this.members.value.find((member) => member.me) ?? null;
      }
      const pseudonym = state?.members[me]?.pseudonym ?? "";
      this.timeline.value = [...this.#lines, ...record.outbox.map((one) => outgoingLine(one, me, pseudonym))];
    });
    this.#device.changed();
  }

  #status(): RoomStatus {
    const { record, halted, departed } = this.#ledger;
    if (record.ending) return record.ending;
    if (halted) return "halted";
    if (this.#line === "down") return "offline";
    if (!record.state) return "loading";
    if (this.#line === "entering") return "catching_up";
    return departed.length > 0 ? "rekeying" : "live";
  }

  #membersNow(): Member[] {
    const { record, state } = this.#ledger;
    const holders = record.ending ? [] : this.#ledger.group.roster.map(({ identity }) => b64encode(identity));
    return Object.entries(state.members)
      .map(([id, { pseudonym, role, agreed, leaves }]) => ({
        id,
        pseudonym,
        role,
        me: id === record.me,
        here: state.presence ? this.#here.has(id) : null,
        agreed: agreed === state.rules.version,
        keyHolders: leaves.filter((leaf) => holders.includes(leaf)).length,
      }))
      .sort((a, b) => RANKS[b.role] - RANKS[a.role] || a.pseudonym.localeCompare(b.pseudonym));
  }
}
