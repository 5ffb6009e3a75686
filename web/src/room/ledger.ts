/**
 * A room's log as this device takes it: strictly by seq, each line checked before MLS sees it, policy folded on the way.
 * Changes are in memory until `changes` are written; then `settle` overwrites the secrets that are over.
 */
import { b64decode, b64encode, type Bytes, equalBytes } from "../crypto/bytes.ts";
import { GroupCrypto, type Leaf } from "../crypto/group.ts";
import type { Envelope, GapFrame } from "../net/wire.ts";
import type { Action } from "./actions.ts";
import { checkAgreement, checkCommit, checkPromised, Suspicion, WARNINGS, type WarningCode } from "./checks.ts";
import { deedOf } from "./deeds.ts";
import { AppError } from "./errors.ts";
import { heard, quoted } from "./heard.ts";
import { uuidv7 } from "./ids.ts";
import { Keys } from "./keys.ts";
import { checkClear, checkSender, fold, rosterFits, stateHash } from "./policy.ts";
import { recordKey, type RoomRecord } from "./record.ts";
import { STAFF } from "./roles.ts";
import { readSaid, saidContent } from "./said.ts";
import { PolicyError, readPolicy, readState, type PolicyMessage, type State } from "./state.ts";
import { memberOf, notice, policyNotice, pseudonymOf } from "./timeline.ts";
import { Trust } from "./trust.ts";
import type { Deed, Ending, TimelineItem } from "./types.ts";

/** What the action that took this member out means to them. */
const ENDINGS: Partial<Record<Action["action"], Ending>> = { leave: "left", admit: "moved" };

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

/** How many departed leaves' keys are remembered. */
const MOST_PAST = 64;
const NOTHING: Taken = { lines: [] };

export class Ledger {
  readonly record: RoomRecord;
  readonly keys: Keys;
  readonly trust: Trust;
  /** The server's time in milliseconds. */
  readonly now: () => number;
  readonly #shelf: Shelf;

  constructor(record: RoomRecord, shelf: Shelf, now: () => number) {
    this.record = record;
    this.keys = new Keys(record.room, record.crypto);
    this.#shelf = shelf;
    this.now = now;
    this.trust = new Trust(this);
  }

  /** Throws AppError `not_a_member` once this device is no longer in the group. */
  get group(): GroupCrypto {
    return this.keys.group;
  }

  /** Throws AppError `not_a_member` before there is one. */
  get state(): State {
    if (!this.record.state) throw new AppError("not_a_member");
    return this.record.state;
  }

  /** Whether a warning stands after which nothing is sent. */
  get halted(): boolean {
    return this.record.warnings.some(({ code }) => code in WARNINGS && WARNINGS[code as WarningCode]);
  }

  /** Whether the newest commit could not be applied here, and it is not known yet what becomes of it. */
  get stuck(): boolean {
    return this.record.before?.applied === false;
  }

  /** Leaves that hold keys though their member is gone: while there are any, nothing is sent. */
  get departed(): readonly Leaf[] {
    const gone = new Set(this.record.state?.departed);
    return this.keys.held ? this.group.roster.filter(({ id }) => gone.has(id)) : [];
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
      return { lines: [notice(envelope, "unreadable")] };
    }
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
    this.trust.missed(record.headTime);
    record.head = until;
    return { lines: [notice({ seq: until, time: record.headTime ?? this.now() }, "gap")] };
  }

  warn(code: WarningCode, time: number): void {
    if (this.record.warnings.some((warning) => warning.code === code)) return;
    this.record.warnings = [...this.record.warnings, { id: uuidv7(), code, time }];
  }

  /** What the vault has to keep now. */
  changes(): Record<string, RoomRecord> {
    this.record.crypto = this.keys.serialise();
    return { [recordKey(this.record.group)]: this.record };
  }

  /** To be called once the changes are on disk. */
  settle(): void {
    this.keys.settle();
  }

  #passed({ seq, time }: Envelope): void {
    this.record.head = seq;
    this.record.headTime = time;
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
    if (!record.state && record.promised && envelope.policy?.action !== "state") throw new Suspicion("state_mismatch");
    if (envelope.kind === "policy") {
      return envelope.policy?.action === "state" ? this.#takeState(envelope, body ?? "") : this.#takePolicy(envelope, body ?? "");
    }
    return body === null ? Promise.resolve(this.#takeBare(envelope)) : this.#takeMessage(envelope, body);
  }

  /** What was taken down comes without its body; what was not, and does, is withheld. */
  #takeBare(envelope: Envelope): Taken {
    const { record } = this;
    record.outbox = record.outbox.filter(({ id }) => id !== envelope.client_id || !this.keys.isMine(envelope));
    record.withheld = [...record.withheld, envelope.seq];
    return { lines: [notice(envelope, "withheld")] };
  }

  async #takeMessage(envelope: Envelope, body: string): Promise<Taken> {
    const { record, state } = this;
    const mine = this.keys.isMine(envelope);
    const sender = memberOf(state, envelope.leaf);
    const { content, kf } = mine ? this.#ownWords(envelope) : await this.keys.open(envelope, body);
    const said = readSaid(content);
    if (said === null) throw new Suspicion("unreadable");
    if (sender === null) throw new Suspicion("wrong_sender");
    if (record.sinceUpdate !== null) record.sinceUpdate += 1;
    if (said === "unknown") return NOTHING;
    const quote = quoted(envelope, content, kf);
    return { lines: await heard(record, state, this.#shelf, envelope, sender, mine, said, quote) };
  }

  /** MLS does not open one's own messages; what they say is in the outbox until they come back. */
  #ownWords(envelope: Envelope): { content: Bytes; kf: Bytes } {
    const { record } = this;
    const own = record.outbox.find(({ id }) => id === envelope.client_id);
    const kf = own?.kfs[envelope.commitment ?? ""];
    if (!own || kf === undefined) throw new Suspicion("unreadable");
    record.outbox = record.outbox.filter(({ id }) => id !== envelope.client_id);
    return { content: saidContent(own.said), kf: b64decode(kf) };
  }

  /** One that does not hold is void: nobody folds it, and the next one builds on its seq, on every device alike. */
  async #takePolicy(envelope: Envelope, body: string): Promise<Taken> {
    const { record } = this;
    const before = record.state;
    let message: PolicyMessage;
    let after: State;
    try {
      message = await this.#policyMessage(envelope, body);
      if (message.seq !== record.policySeq || !envelope.policy) throw new PolicyError("stale_policy");
      checkSender(before, message, b64decode(envelope.leaf));
      checkClear(envelope.policy, message);
      after = fold(before, message, envelope.time);
      if (after.group !== record.group || after.room !== record.room) throw new PolicyError("forbidden");
    } catch (error) {
      throw new Suspicion("policy_forged", error);
    } finally {
      record.policySeq = envelope.seq;
      if (record.act?.frame.client_id === envelope.client_id && !record.act.frame.commit) record.act = null;
    }
    const deed = await deedOf(envelope, message, before, after, record.me, record.policyKey);
    const changed = await this.trust.takenDown(deed, this.#shelf);
    this.trust.turned(envelope.seq, before, after);
    record.state = after;
    const { action } = message;
    if (action.action === "admit") {
      const { target: identity, package: ref, agreement } = action;
      record.announced = { seq: envelope.seq, committer: envelope.leaf, identity, ref, agreement };
      record.unadmitted = before;
    }
    if (!(record.me in after.members)) this.end(ENDINGS[action.action] ?? "removed");
    const line = policyNotice(envelope, message, before, after);
    return { lines: line ? [...changed, line] : changed, deed };
  }

  async #policyMessage(envelope: Envelope, body: string): Promise<PolicyMessage> {
    if (!this.keys.isMine(envelope)) return readPolicy((await this.keys.open(envelope, body)).content);
    const { act } = this.record;
    if (!act?.message || act.frame.policy?.body !== body) throw new Suspicion("unreadable");
    return act.message;
  }

  async #takeCommit(envelope: Envelope, body: string): Promise<Taken> {
    const { record, group, state } = this;
    const { announced, act } = record;
    const commit = b64decode(body);
    await checkCommit(group, state, announced, envelope, commit);
    const mine = this.keys.isMine(envelope);
    let next: GroupCrypto | null;
    if (mine) {
      if (!act?.after || act.frame.commit?.body !== body) throw new Suspicion("bad_commit");
      next = GroupCrypto.restore(act.after);
      if (!announced) record.sinceUpdate = 0;
      if (!act.frame.state) record.act = null;
    } else {
      // Its public part is right; what is for this device may be worth nothing all the same.
      next = await group.apply(commit).catch(() => null);
    }
    const before = announced ? record.unadmitted : state;
    record.before = { seq: envelope.seq, mine, applied: next !== null, crypto: group.serialise(), state: before };
    record.announced = record.unadmitted = null;
    if (!next) return NOTHING;
    if (!rosterFits(state, next.roster.map(({ identity }) => identity))) throw new Suspicion("tree_mismatch");
    const added = announced && next.roster.find(({ id }) => id === announced.identity);
    if (announced && added) await checkAgreement(announced.agreement, added, state);
    this.#remember(group.roster, next.roster);
    this.keys.turn(next);
    return NOTHING;
  }

  /** Something came after the newest commit: it stands. Throws Suspicion where this device could not apply it. */
  #goOn(): void {
    if (this.stuck) {
      this.end("lost");
      throw new Suspicion("bad_commit");
    }
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
    if (before.applied) this.keys.turnBack(before.crypto);
    record.state = before.state;
    // What was sealed in the epoch that is not to be would be opened by nobody.
    for (const outgoing of record.outbox) outgoing.sealed = null;
    const author = before.state && memberOf(before.state, envelope.leaf);
    const told = STAFF.includes(this.state.members[record.me]?.role ?? "guest") ? author : null;
    return { lines: [notice(envelope, "voided", told && pseudonymOf(before.state, told))] };
  }

  /** The keys of leaves that are gone: what their members said can still be checked. */
  #remember(before: readonly Leaf[], after: readonly Leaf[]): void {
    const here = new Set(after.map(({ id }) => id));
    const gone = before.filter(({ id }) => !here.has(id)).map(({ id, signatureKey }) => [id, b64encode(signatureKey)] as const);
    if (gone.length === 0) return;
    this.record.past = Object.fromEntries([...Object.entries(this.record.past), ...gone].slice(-MOST_PAST));
  }

  /** The signature key of a leaf that is or was in the group. */
  signatureKey(leaf: Bytes): Bytes | null {
    const found = this.keys.held ? this.group.roster.find(({ identity }) => equalBytes(identity, leaf)) : undefined;
    const past = this.record.past[b64encode(leaf)];
    return found?.signatureKey ?? (past === undefined ? null : b64decode(past));
  }

  /** The group goes on whatever a joiner is told; the joiner believes only what fits. */
  async #takeState(envelope: Envelope, body: string): Promise<Taken> {
    const { record } = this;
    const code = record.state ? "state_forged" : "state_mismatch";
    if (this.keys.isMine(envelope)) {
      const own = record.act?.frame.state?.body;
      record.act = null;
      if (own !== body) throw new Suspicion(code);
      return NOTHING;
    }
    let told: State;
    try {
      told = readState((await this.keys.open(envelope, body)).content);
    } catch (error) {
      throw new Suspicion(code, error);
    }
    if (!record.state) this.#enterWith(told, envelope);
    else if (!equalBytes(stateHash(record.state), stateHash(told))) throw new Suspicion(code);
    return NOTHING;
  }

  /** The joiner's first sight of the group: it must be the one of the invite, with just those who hold the keys. */
  #enterWith(told: State, envelope: Envelope): void {
    const { record, group } = this;
    checkPromised(record, group, told, envelope.leaf);
    if (!rosterFits(told, group.roster.map(({ identity }) => identity))) throw new Suspicion("tree_mismatch");
    record.state = told;
    // The state follows the commit, which follows the admit.
    record.policySeq = envelope.seq - 2;
  }

  /** This device is no longer in the group: its keys are given up. */
  end(how: Ending): void {
    this.record.ending = how;
    this.keys.giveUp();
    this.record.outbox = [];
    this.record.act = null;
  }
}
