/**
 * A room's log as this device takes it: strictly by seq, each line checked before MLS sees it. What policy says is folded by
 * the ledgers of the kinds of rooms. Changes are in memory until `changes` are written; then `settle` overwrites the secrets
 * that are over.
 */
import { b64decode, b64encode, type Bytes } from "../crypto/bytes.ts";
import { GroupCrypto, type Leaf } from "../crypto/group.ts";
import type { Endorsement, ReportedLine } from "../crypto/reports.ts";
import { isTime } from "../form.ts";
import type { DoubtedFrame, Envelope, EpochFrame, FoldedFrame, GapFrame } from "../net/wire.ts";
import type { Plan } from "./acts.ts";
import { type Announcement, checkAgreed, checkCommit, Suspicion, WARNINGS, type WarningCode } from "./checks.ts";
import { heard, withFollowed, withVoid, word } from "./disputed.ts";
import { quoted } from "./heard.ts";
import { uuidv7 } from "./ids.ts";
import { Keys } from "./keys.ts";
import type { Silence } from "./moderation.ts";
import { type AnyRecord, isServersWord, type PendingAct } from "./record.ts";
import { isReaction, readSaid, type Said, saidContent } from "./said.ts";
import { notice } from "./timeline.ts";
import type { Deed, Ending, TimelineItem } from "./types.ts";

/** What the ledger asks of where lines are kept. */
export interface Shelf {
  /** The line at this seq, if it is kept. */
  line(seq: number): Promise<TimelineItem | null>;
}

/** What an envelope leaves to be kept: lines, new or changed, by their seq, and what was done. */
export interface Taken {
  readonly lines: readonly TimelineItem[];
  readonly deed?: Deed;
}

export const NOTHING: Taken = { lines: [] };

/** `Action` is what people do to what the room has agreed. */
export abstract class AnyLedger<Action = never> {
  abstract readonly record: AnyRecord;
  readonly keys: Keys;
  /** The server's time in milliseconds. */
  readonly now: () => number;
  /** The act (client_id) that was given up last, as the epoch it was made in was voided. */
  late: string | null = null;
  protected readonly shelf: Shelf;

  constructor(room: string, secrets: ConstructorParameters<typeof Keys>[1], shelf: Shelf, now: () => number) {
    this.keys = new Keys(room, secrets);
    this.shelf = shelf;
    this.now = now;
  }

  /** Where the vault keeps the room's lines. */
  abstract get shelfName(): string;
  /** Whether this device knows what the room has agreed. */
  abstract get known(): boolean;
  /** The leaves that left by what the room has agreed (b64). */
  abstract get gone(): readonly string[];
  /** Leaves that hold keys though their member has no place here any more: while there are any, nothing is sent. */
  abstract get departed(): readonly Leaf[];
  /** For how many days messages are kept; 0 is for ever. */
  abstract get days(): number;
  /** The members whom the relay may hold for gone by what nobody folds. */
  get contested(): readonly string[] {
    return this.record.disputed.named;
  }

  /** The id of the member who holds this leaf (b64). */
  abstract memberOf(leaf: string): string | null;
  /** Whether the server may refuse this member's words for this reason; null as long as that is not known here. */
  abstract founded(why: Silence, policySeq: number): boolean | null;
  /** Seals a plan into the one frame that asks for it. Write `changes` before it is sent. Throws AppError. */
  abstract prepare(plan: Plan<Action>): Promise<PendingAct>;
  /** What the vault has to keep now. */
  abstract changes(): Record<string, unknown>;

  /** A newcomer knows nothing but what was promised. */
  protected abstract get newcomer(): boolean;
  /** Whose change of keys was taken back, by the leaf (b64), where this member is told that. */
  protected abstract voidedBy(leaf: string): string | null;
  protected abstract rosterFits(leaves: readonly Uint8Array[]): boolean;
  /** Throws Suspicion unless whoever is added by what was announced may be. */
  protected abstract checkAdded(leaf: Leaf, announced: Announcement): Promise<void>;
  /** The tree has changed; `before` are the leaves it had. */
  protected abstract turned(before: readonly Leaf[]): void;
  /** Whose this leaf (b64) is, as it can be shown to others; null where the group's main room shows that. */
  protected abstract endorsed(member: string, leaf: string): Endorsement | null;
  protected abstract takePolicy(envelope: Envelope, body: string): Promise<Taken>;
  protected abstract takeState(envelope: Envelope, body: string): Promise<Taken>;
  /** A message of which only its place is left. */
  protected abstract takeBare(envelope: Envelope): Taken;
  /** The server's word that the lines after the last one are gone. */
  protected abstract missed(): void;
  /** The lines that are new or changed by what a member said. */
  protected abstract hear(
    envelope: Envelope, sender: string, mine: boolean, said: Said, quote: ReportedLine,
  ): Promise<TimelineItem[]>;

  /** Throws AppError `not_a_member` once this device is no longer in the group. */
  get group(): GroupCrypto {
    return this.keys.group;
  }

  /** Whether a warning stands after which nothing is sent. */
  get halted(): boolean {
    return this.record.warnings.some(({ code }) => code in WARNINGS && WARNINGS[code as WarningCode]);
  }

  /** Whether the newest commit could not be applied here, and it is not known yet what becomes of it. */
  get stuck(): boolean {
    return this.record.before?.applied === false;
  }

  /** What this device has to say of the newest commit: of another's that nothing has come after, or that let it in. */
  get word(): EpochFrame | null {
    const { room, before } = this.record;
    return before && !before.mine && !this.newcomer ? { t: "epoch", room, seq: before.seq, ok: before.applied } : null;
  }

  /** Takes the next envelope. Envelopes taken before are passed over. */
  async take(envelope: Envelope): Promise<Taken> {
    const { record } = this;
    if (record.ending || this.halted || envelope.seq <= record.head) return NOTHING;
    try {
      if (envelope.seq !== record.head + 1) throw new Suspicion("seq_hole");
      const taken = await this.#read(envelope);
      this.#passed(envelope);
      return taken;
    } catch (error) {
      if (!(error instanceof Suspicion)) throw error;
      this.warn(error.code, envelope.time);
      if (WARNINGS[error.code]) return NOTHING;
      this.#passed(envelope);
      if (error.code === "policy_forged") return this.#void(envelope);
      return { lines: [notice(envelope, "unreadable")] };
    }
  }

  #void(envelope: Envelope): Taken {
    const { record, known } = this;
    record.disputed = withVoid(record.disputed, envelope, known ? this.memberOf(envelope.leaf) : null);
    return { lines: [notice(envelope, "void", known ? this.voidedBy(envelope.leaf) : null)] };
  }

  /** Somebody could not fold an act; says whether this device could. What it folded, and is undone, is warned of. */
  doubted({ room, seq, undone }: DoubtedFrame): FoldedFrame | null {
    const { record } = this;
    if (record.ending || seq > record.head) return null;
    const before = record.disputed;
    record.disputed = heard(before, seq, undone);
    if (undone && record.disputed !== before) this.warn("undone", this.now());
    return word(before, room, seq);
  }

  /** Takes the server's word that the next lines are kept no longer. */
  takeGap({ after, until }: GapFrame): Taken {
    const { record } = this;
    if (record.ending || this.halted || until <= record.head) return NOTHING;
    if (after > record.head) {
      this.warn("seq_hole", this.now());
      return NOTHING;
    }
    try {
      this.#goOn();
    } catch {
      this.warn("bad_commit", this.now());
      return NOTHING;
    }
    this.missed();
    record.head = until;
    return { lines: [notice({ seq: until, time: record.headTime ?? this.now() }, "gap")] };
  }

  /** Notes a warning, once until it is read; `who` are the pseudonyms of those it is about. */
  warn(code: WarningCode, time: number, who: readonly string[] = []): void {
    const { warnings } = this.record;
    const known = warnings.find((warning) => warning.code === code);
    if (known && who.every((name) => known.who.includes(name))) return;
    const named = { id: known?.id ?? uuidv7(), code, time, who: [...new Set([...(known?.who ?? []), ...who])] };
    this.record.warnings = [...warnings.filter((warning) => warning !== known), named];
  }

  /** To be called once the changes are on disk. */
  settle(): void {
    this.keys.settle();
  }

  #passed({ seq, time }: Envelope): void {
    this.record.head = seq;
    if (isTime(time)) this.record.headTime = time;
  }

  #read(envelope: Envelope): Promise<Taken> {
    const { record } = this;
    if (envelope.kind === "void") return Promise.resolve(this.#takeVoid(envelope));
    const { body } = envelope;
    if (envelope.policy?.action !== "state" || envelope.seq !== (record.before?.seq ?? 0) + 1) this.#goOn();
    else if (this.stuck) return Promise.resolve(NOTHING);
    if (envelope.epoch !== this.group.epoch) throw new Suspicion("unannounced_change");
    if (envelope.kind === "handshake") return this.#takeCommit(envelope, body ?? "");
    if (record.announced) throw new Suspicion("unannounced_change");
    // What comes before a newcomer knows the group cannot be judged.
    if (this.newcomer && envelope.policy?.action !== "state") throw new Suspicion("state_mismatch");
    if (envelope.kind === "policy") {
      return envelope.policy?.action === "state" ? this.takeState(envelope, body ?? "") : this.takePolicy(envelope, body ?? "");
    }
    return body === null ? Promise.resolve(this.takeBare(envelope)) : this.#takeMessage(envelope, body);
  }

  async #takeMessage(envelope: Envelope, body: string): Promise<Taken> {
    const { record } = this;
    const mine = this.keys.isMine(envelope);
    const sender = this.memberOf(envelope.leaf);
    const { content, kf } = mine ? this.#ownWords(envelope) : await this.keys.open(envelope, body);
    const said = readSaid(content);
    // The relay takes reactions where it may take no message.
    if (said === null || (envelope.kind !== "message" && said !== "unknown" && !isReaction(said))) throw new Suspicion("unreadable");
    if (sender === null) throw new Suspicion("wrong_sender");
    if (mine && record.sinceUpdate !== null) record.sinceUpdate += 1;
    if (said === "unknown") return NOTHING;
    const quote = quoted(envelope, content, kf, this.endorsed(sender, envelope.leaf));
    return { lines: await this.hear(envelope, sender, mine, said, quote) };
  }

  /** MLS does not open one's own messages; what they say is in the outbox until they come back. */
  #ownWords(envelope: Envelope): { content: Bytes; kf: Bytes } {
    const { record } = this;
    const own = record.outbox.find(({ id }) => id === envelope.client_id);
    const sealed = own?.kfs[envelope.commitment ?? ""];
    if (!own || !sealed) throw new Suspicion("unreadable");
    record.outbox = record.outbox.filter(({ id }) => id !== envelope.client_id);
    return { content: saidContent(own.said), kf: b64decode(sealed.kf) };
  }

  async #takeCommit(envelope: Envelope, body: string): Promise<Taken> {
    const { record, group } = this;
    const { announced, act, sinceUpdate, renewed } = record;
    const commit = b64decode(body);
    if (!this.known) throw new Suspicion("unannounced_change");
    const checked = await checkCommit(group, this.gone, envelope, commit);
    const contested = (leaf: string): boolean => this.contested.includes(this.memberOf(leaf) ?? "");
    const afterVoid = record.disputed.void.includes(envelope.seq - 1);
    const agreed =
      checked !== null && checkAgreed(checked, group.roster, this.gone, announced, envelope, afterVoid, contested);
    // A voided one would begin the same epoch with the same keys, of which some are used.
    const usable = agreed && !record.voided.includes(b64encode(checked.confirmationTag));
    const mine = this.keys.isMine(envelope);
    let next: GroupCrypto | null;
    if (mine) {
      if (!act?.after || act.frame.commit?.body !== body) throw new Suspicion("bad_commit");
      next = GroupCrypto.restore(act.after);
      if (!announced) {
        record.sinceUpdate = 0;
        record.renewed = isTime(envelope.time) ? envelope.time : this.now();
      }
      if (!act.frame.state) record.act = null;
    } else {
      // Its public part is right; what is for this device may be worth nothing all the same.
      next = usable ? await group.apply(commit).catch(() => null) : null;
    }
    const state = announced ? record.unadmitted : record.state;
    record.before = { seq: envelope.seq, mine, applied: next !== null, crypto: group.serialise(), state, sinceUpdate, renewed };
    record.announced = record.unadmitted = null;
    if (!next) return NOTHING;
    if (!this.rosterFits(next.roster.map(({ identity }) => identity))) throw new Suspicion("tree_mismatch");
    const added = announced && next.roster.find(({ identity }) => b64encode(identity) === announced.identity);
    if (added) await this.checkAdded(added, announced);
    const before = group.roster;
    this.keys.turn(next);
    this.turned(before);
    return NOTHING;
  }

  /** Something came after the newest commit: it stands. Throws Suspicion where this device could not apply it. */
  #goOn(): void {
    if (this.stuck) {
      this.end("lost");
      throw new Suspicion("bad_commit");
    }
    if (this.record.before) this.record.voided = [];
    this.record.before = null;
  }

  /** The commit before this line is taken back, and with it an admission; a removal that was said stays said. */
  #takeVoid(envelope: Envelope): Taken {
    const { record } = this;
    const { before } = record;
    if (!before) throw new Suspicion("void_unfounded");
    record.before = null;
    if (record.act?.frame.client_id === envelope.client_id) record.act = null;
    if (!before.crypto) {
      this.end("undone");
      return NOTHING;
    }
    const leaves = this.group.roster;
    if (before.applied) {
      record.voided = [...record.voided, b64encode(this.group.confirmationTag)];
      if (!before.mine) record.disputed = withFollowed(record.disputed, before.seq, envelope.seq);
      this.keys.turnBack(before.crypto);
    }
    record.state = before.state;
    record.sinceUpdate = before.sinceUpdate;
    record.renewed = before.renewed;
    this.turned(leaves);
    this.#unseal(this.group.epoch + 1);
    return { lines: [notice(envelope, "voided", this.voidedBy(envelope.leaf))] };
  }

  /** What was sealed in the epoch that is not to be would be opened by nobody. */
  #unseal(epoch: number): void {
    const { record } = this;
    for (const outgoing of record.outbox) {
      outgoing.sealed = null;
      // Another epoch will have its number: in that, nobody else could read what these keys belong to.
      outgoing.kfs = Object.fromEntries(Object.entries(outgoing.kfs).filter(([, sealed]) => sealed.epoch !== epoch));
    }
    const frame = record.act?.frame;
    if (!frame || ![frame.policy, frame.commit, frame.state].some((part) => part?.epoch === epoch)) return;
    this.late = frame.client_id;
    record.act = null;
  }

  /** This device is no longer in the group: its keys are given up. */
  end(how: Ending): void {
    this.record.ending = how;
    this.record.act = null;
    if (isServersWord(how)) return;
    this.keys.giveUp();
    this.record.outbox = [];
  }

  /** Whether only the server says that this device is out: it keeps its keys, and looks again. */
  get turnedAway(): boolean {
    return isServersWord(this.record.ending) && this.keys.held && !this.halted;
  }

  /** The server has this device in the room again that it said was out. */
  letIn(): void {
    if (this.turnedAway) this.record.ending = null;
  }
}
