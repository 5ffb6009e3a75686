/**
 * A room's log as this device takes it: strictly by seq, each line checked before MLS sees it, policy folded on the way.
 * Changes are in memory until `changes` are written; then `settle` overwrites the secrets that are over.
 */
import { b64decode, b64encode, equalBytes, type Bytes } from "../crypto/bytes.ts";
import { openContent, sealContent } from "../crypto/franking.ts";
import { GroupCrypto, wipe, type Leaf, type Step } from "../crypto/group.ts";
import type { Envelope } from "../net/wire.ts";
import { checkAgreement, checkCommit, checkPrivate, checkPromised, Suspicion, WARNINGS, type WarningCode } from "./checks.ts";
import { AppError } from "./errors.ts";
import { uuidBytes, uuidv7 } from "./ids.ts";
import { checkClear, checkSender, fold, rosterFits, stateHash } from "./policy.ts";
import { recordKey, type RoomRecord } from "./record.ts";
import { PolicyError, readPolicy, readState, type Action, type PolicyMessage, type State } from "./state.ts";
import { readText } from "./text.ts";
import { memberOf, messageLine, notice, policyNotice } from "./timeline.ts";
import type { Ending, TimelineItem } from "./types.ts";

/** What the action that took this member out means to them. */
const ENDINGS: Partial<Record<Action["action"], Ending>> = { leave: "left", admit: "moved" };

/** A sealed application message: a part of an act, or the whole of a `send`. */
export interface Sealed {
  readonly epoch: number;
  readonly body: string;
  readonly commitment: string;
}

export class Ledger {
  readonly record: RoomRecord;
  readonly #room: Bytes;
  #group: GroupCrypto | null;
  #consumed: Uint8Array[] = [];
  #over: GroupCrypto[] = [];

  constructor(record: RoomRecord) {
    this.record = record;
    this.#room = uuidBytes(record.room);
    this.#group = record.crypto && GroupCrypto.restore(record.crypto);
  }

  /** Throws AppError `not_a_member` once this device is no longer in the group. */
  get group(): GroupCrypto {
    if (!this.#group) throw new AppError("not_a_member");
    return this.#group;
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

  /** Leaves that hold keys though their member is gone: while there are any, nothing is sent. */
  get departed(): readonly Leaf[] {
    const gone = new Set(this.record.state?.departed);
    return this.#group ? this.#group.roster.filter(({ identity }) => gone.has(b64encode(identity))) : [];
  }

  /** Takes the next envelope; gives the lines to show. Envelopes taken before are passed over. */
  async take(envelope: Envelope): Promise<TimelineItem[]> {
    const { record } = this;
    if (record.ending || this.halted || envelope.seq <= record.head) return [];
    try {
      if (envelope.seq !== record.head + 1) throw new Suspicion("seq_hole");
      const line = await this.#read(envelope);
      record.head = envelope.seq;
      return line ? [line] : [];
    } catch (error) {
      if (!(error instanceof Suspicion)) throw error;
      this.warn(error.code, envelope.time);
      if (WARNINGS[error.code]) return [];
      record.head = envelope.seq;
      return [notice(envelope, "unreadable")];
    }
  }

  warn(code: WarningCode, time: number): void {
    if (this.record.warnings.some((warning) => warning.code === code)) return;
    this.record.warnings = [...this.record.warnings, { id: uuidv7(), code, time }];
  }

  /** Seals content in this epoch. Write `changes` before using it. */
  async seal(content: Bytes): Promise<Sealed> {
    const { sealed, step } = await this.#sealIn(this.group, content);
    this.#advance(step.next, step.consumed);
    return sealed;
  }

  /** Seals content in the epoch that a commit of ours would begin. */
  async sealNext(next: GroupCrypto, content: Bytes): Promise<{ sealed: Sealed; after: GroupCrypto }> {
    const { sealed, step } = await this.#sealIn(next, content);
    return { sealed, after: step.next };
  }

  async #sealIn(group: GroupCrypto, content: Bytes): Promise<{ sealed: Sealed; step: Step }> {
    const { plaintext, commitment } = await sealContent(content, this.#room, group.me.identity, group.epoch);
    const step = await group.seal(plaintext);
    const sealed = { epoch: group.epoch, body: b64encode(step.message), commitment: b64encode(commitment) };
    return { sealed, step };
  }

  /** What the vault has to keep now. */
  changes(): Record<string, RoomRecord> {
    this.record.crypto = this.#group?.serialise() ?? null;
    return { [recordKey(this.record.group)]: this.record };
  }

  /** To be called once the changes are on disk. */
  settle(): void {
    wipe(this.#consumed.splice(0));
    for (const group of this.#over.splice(0)) group.forget();
  }

  #advance(next: GroupCrypto, consumed: readonly Uint8Array[]): void {
    this.#group = next;
    this.#consumed.push(...consumed);
  }

  #read(envelope: Envelope): Promise<TimelineItem | null> {
    const { record } = this;
    if (envelope.epoch !== this.group.epoch) throw new Suspicion("unannounced_change");
    if (envelope.kind === "handshake") return this.#takeCommit(envelope);
    if (record.announced) throw new Suspicion("unannounced_change");
    // What comes before a newcomer knows the group cannot be judged.
    if (!record.state && record.promised && envelope.policy?.action !== "state") throw new Suspicion("state_mismatch");
    if (envelope.kind === "policy") {
      return envelope.policy?.action === "state" ? this.#takeState(envelope) : this.#takePolicy(envelope);
    }
    return this.#takeMessage(envelope);
  }

  #isMine(envelope: Envelope): boolean {
    return envelope.leaf === b64encode(this.group.me.identity);
  }

  /** The content of another member's message, with every check that makes it theirs. Throws Suspicion. */
  async #open(envelope: Envelope): Promise<Bytes> {
    const body = b64decode(envelope.body);
    checkPrivate(this.group, body);
    const opened = await this.group.open(body).catch((error: unknown) => {
      throw new Suspicion("unreadable", error);
    });
    this.#advance(opened.next, opened.consumed);
    if (b64encode(opened.sender) !== envelope.leaf) throw new Suspicion("wrong_sender");
    try {
      const expected = b64decode(envelope.commitment ?? "");
      return (await openContent(opened.plaintext, expected, this.#room, opened.sender, envelope.epoch)).content;
    } catch (error) {
      throw new Suspicion("bad_commitment", error);
    }
  }

  async #takeMessage(envelope: Envelope): Promise<TimelineItem> {
    const { record, state } = this;
    const mine = this.#isMine(envelope);
    const sender = memberOf(state, envelope.leaf);
    const text = mine ? this.#ownText(envelope) : readText(await this.#open(envelope));
    if (text === null) throw new Suspicion("unreadable");
    if (sender === null) throw new Suspicion("wrong_sender");
    record.lastText = text;
    record.lastTime = envelope.time;
    if (record.sinceUpdate !== null) record.sinceUpdate += 1;
    return messageLine(envelope, sender, state.members[sender]?.pseudonym ?? "", mine, text);
  }

  /** MLS does not open one's own messages; what they say is in the outbox until they come back. */
  #ownText(envelope: Envelope): string {
    const { record } = this;
    const own = record.outbox.find(({ id }) => id === envelope.client_id);
    if (!own || envelope.commitment === null || !own.commitments.includes(envelope.commitment)) {
      throw new Suspicion("unreadable");
    }
    record.outbox = record.outbox.filter(({ id }) => id !== envelope.client_id);
    return own.text;
  }

  /** One that does not hold is void: nobody folds it, and the next one builds on its seq, on every device alike. */
  async #takePolicy(envelope: Envelope): Promise<TimelineItem> {
    const { record } = this;
    const before = record.state;
    let message: PolicyMessage;
    let after: State;
    try {
      message = await this.#policyMessage(envelope);
      if (message.seq !== record.policySeq || !envelope.policy) throw new PolicyError("stale_policy");
      checkSender(before, message, b64decode(envelope.leaf));
      checkClear(envelope.policy, message);
      after = fold(before, message);
      if (after.group !== record.group || after.room !== record.room) throw new PolicyError("forbidden");
    } catch (error) {
      throw new Suspicion("policy_forged", error);
    } finally {
      record.policySeq = envelope.seq;
      if (record.act?.frame.client_id === envelope.client_id && !record.act.frame.commit) record.act = null;
    }
    record.state = after;
    const { action } = message;
    if (action.action === "admit") {
      const { target: identity, package: ref, agreement } = action;
      record.announced = { seq: envelope.seq, committer: envelope.leaf, identity, ref, agreement };
    }
    if (!(record.me in after.members)) this.end(ENDINGS[action.action] ?? "removed");
    return policyNotice(envelope, message, before, after);
  }

  async #policyMessage(envelope: Envelope): Promise<PolicyMessage> {
    if (!this.#isMine(envelope)) return readPolicy(await this.#open(envelope));
    const { act } = this.record;
    if (!act?.message || act.frame.policy?.body !== envelope.body) throw new Suspicion("unreadable");
    return act.message;
  }

  async #takeCommit(envelope: Envelope): Promise<null> {
    const { record, group, state } = this;
    const { announced, act } = record;
    const body = b64decode(envelope.body);
    await checkCommit(group, state, announced, envelope, body);
    let next: GroupCrypto;
    if (this.#isMine(envelope)) {
      if (!act?.after || act.frame.commit?.body !== envelope.body) throw new Suspicion("bad_commit");
      next = GroupCrypto.restore(act.after);
      if (!announced) record.sinceUpdate = 0;
      if (!act.frame.state) record.act = null;
    } else {
      next = await group.apply(body).catch((error: unknown) => {
        throw new Suspicion("bad_commit", error);
      });
    }
    if (!rosterFits(state, next.roster.map(({ identity }) => identity))) throw new Suspicion("tree_mismatch");
    const added = announced && next.roster.find(({ identity }) => b64encode(identity) === announced.identity);
    if (announced && added) await checkAgreement(announced.agreement, added, state);
    record.announced = null;
    this.#over.push(group);
    this.#group = next;
    return null;
  }

  /** The group goes on whatever a joiner is told; the joiner believes only what fits. */
  async #takeState(envelope: Envelope): Promise<null> {
    const { record } = this;
    const code = record.state ? "state_forged" : "state_mismatch";
    if (this.#isMine(envelope)) {
      const own = record.act?.frame.state?.body;
      record.act = null;
      if (own !== envelope.body) throw new Suspicion(code);
      return null;
    }
    let told: State;
    try {
      told = readState(await this.#open(envelope));
    } catch (error) {
      throw new Suspicion(code, error);
    }
    if (!record.state) this.#enterWith(told, envelope);
    else if (!equalBytes(stateHash(record.state), stateHash(told))) throw new Suspicion(code);
    return null;
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
    if (this.#group) this.#over.push(this.#group);
    this.#group = null;
    this.record.outbox = [];
    this.record.act = null;
  }
}
