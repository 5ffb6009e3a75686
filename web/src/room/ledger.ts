/** The log of a group's main room as this device takes it: what the group has agreed is folded on the way. */
import { b64decode, b64encode, type Bytes, canonicalJson, equalBytes } from "../crypto/bytes.ts";
import type { Leaf } from "../crypto/group.ts";
import type { ReportedLine } from "../crypto/reports.ts";
import { Countdown } from "../net/clock.ts";
import { type Envelope, HANDS } from "../net/wire.ts";
import type { Action } from "./actions.ts";
import { type Plan, prepare } from "./acts.ts";
import { AnyLedger, NOTHING, type Shelf, type Taken } from "./anyLedger.ts";
import { type Announcement, checkAgreement, checkPromised, Suspicion } from "./checks.ts";
import { deedOf } from "./deeds.ts";
import { AppError } from "./errors.ts";
import { doneWith } from "./guests.ts";
import { heard } from "./heard.ts";
import { settled } from "./live.ts";
import { dueRefusal, type Silence } from "./moderation.ts";
import { endsOf } from "./passing.ts";
import { checkClear, checkSeen, checkSender, fold, rosterFits } from "./policy.ts";
import { recordKey, type PendingAct, type RoomRecord } from "./record.ts";
import { STAFF } from "./roles.ts";
import { follow } from "./roll.ts";
import type { Said } from "./said.ts";
import { PolicyError, readPolicy, readState, type PolicyMessage, type State } from "./state.ts";
import { isThanks, memberOf, notice, policyNotice, pseudonymOf } from "./timeline.ts";
import { Trust } from "./trust.ts";
import type { Ending, TimelineItem } from "./types.ts";

/** What the action that took this member out means to them. */
const ENDINGS: Partial<Record<Action["action"], Ending>> = { leave: "left", admit: "moved" };

function endingOf(action: Action, before: State | null): Ending {
  if (action.action === "remove" && isThanks(action, before)) return "thanked";
  return ENDINGS[action.action] ?? "removed";
}

/** The rules this member agreed to, as long as there are newer ones. */
function rulesBefore({ me, rulesBefore: known }: RoomRecord, before: State | null, after: State): string | null {
  const own = after.members[me];
  if (!own || own.agreed === after.rules.version) return null;
  return before?.members[me]?.agreed === before?.rules.version ? (before?.rules.text ?? null) : known;
}

/** How many departed leaves' keys are remembered. */
const MOST_PAST = 64;

export class Ledger extends AnyLedger<Action> {
  readonly record: RoomRecord;
  readonly trust: Trust;
  readonly countdown = new Countdown();

  constructor(record: RoomRecord, shelf: Shelf, now: () => number) {
    super(record.room, record.crypto, shelf, now);
    this.record = record;
    this.trust = new Trust(this);
  }

  /** Throws AppError `not_a_member` before there is one. */
  get state(): State {
    if (!this.record.state) throw new AppError("not_a_member");
    return this.record.state;
  }

  /** What time it is for sessions and what ends with them: the server's, but no later than this device has it. */
  sessionTime(): number {
    const now = this.now();
    const { state, headTime } = this.record;
    if (!state) return now;
    return this.countdown.now(now, endsOf(settled(state.live, state.floor, now)[0]), headTime ?? 0);
  }

  get shelfName(): string {
    return this.record.group;
  }

  get known(): boolean {
    return this.record.state !== null;
  }

  get gone(): readonly string[] {
    return this.record.state?.departed ?? [];
  }

  get departed(): readonly Leaf[] {
    const gone = new Set(this.gone);
    return this.keys.held ? this.group.roster.filter(({ id }) => gone.has(id)) : [];
  }

  get days(): number {
    return this.record.state?.days ?? 0;
  }

  memberOf(leaf: string): string | null {
    return memberOf(this.state, leaf);
  }

  founded(why: Silence, policySeq: number): boolean | null {
    return this.trust.founded(why, policySeq);
  }

  prepare(plan: Plan): Promise<PendingAct> {
    return prepare(this, plan);
  }

  changes(): Record<string, RoomRecord> {
    this.record.crypto = this.keys.serialise();
    return { [recordKey(this.record.group)]: this.record };
  }

  protected get newcomer(): boolean {
    return this.record.state === null && this.record.promised !== null;
  }

  /** Whose leaf it is, the group's state says. */
  protected endorsed(): null {
    return null;
  }

  protected voidedBy(leaf: string): string | null {
    const { state, record } = this;
    const author = memberOf(state, leaf);
    return author && STAFF.includes(state.members[record.me]?.role ?? "guest") ? pseudonymOf(state, author) : null;
  }

  protected rosterFits(leaves: readonly Uint8Array[]): boolean {
    return rosterFits(this.state, leaves);
  }

  protected async checkAdded(leaf: Leaf, { agreement }: Announcement): Promise<void> {
    if (!agreement) throw new Suspicion("unannounced_change");
    await checkAgreement(agreement, leaf, this.state);
  }

  protected missed(): void {
    this.trust.missed(this.record.headTime);
  }

  protected async hear(
    envelope: Envelope, sender: string, mine: boolean, said: Said, quote: ReportedLine,
  ): Promise<TimelineItem[]> {
    const { record } = this;
    const lines = await heard(record, this.state, this.shelf, envelope, sender, mine, said, quote);
    // What the server took back, as others could not follow it, does not bind there.
    if (record.disputed.undone.length === 0 && dueRefusal(this.state, sender, envelope.kind, envelope.time)) this.warn("let_through", envelope.time);
    return lines;
  }

  protected turned(before: readonly Leaf[]): void {
    this.#remember(before, this.group.roster);
    this.#keepRoll();
  }

  /** Everyone in the tree, and which role they have, goes on the roll by which further rooms are judged. */
  #keepRoll(): void {
    const { record } = this;
    const { state, policySeq } = record;
    if (!state || !this.keys.held) return;
    const keys = this.group.roster.map(({ identity, signatureKey }) => [b64encode(identity), b64encode(signatureKey)]);
    record.roll = follow(record.roll, state, policySeq, Object.fromEntries(keys) as Record<string, string>);
    const { days } = state;
    if (days > 0) record.shortestDays = record.shortestDays === 0 ? days : Math.min(days, record.shortestDays);
  }

  /** What was taken down comes without its body; what was not, and does, is withheld. */
  protected takeBare(envelope: Envelope): Taken {
    const { record } = this;
    record.outbox = record.outbox.filter(({ id }) => id !== envelope.client_id || !this.keys.isMine(envelope));
    record.withheld = [...record.withheld, envelope.seq];
    return { lines: [notice(envelope, "withheld")] };
  }

  /** One that does not hold is void: nobody folds it, and the next one builds on its seq, on every device alike. */
  protected async takePolicy(envelope: Envelope, body: string): Promise<Taken> {
    const { record } = this;
    const before = record.state;
    let message: PolicyMessage;
    let after: State;
    try {
      message = await this.#policyMessage(envelope, body);
      if (!envelope.policy) throw new PolicyError("stale_policy");
      checkSeen(before, message, record.policySeq, record.handSeq);
      checkSender(before, message, b64decode(envelope.leaf));
      checkClear(envelope.policy, message);
      after = fold(before, message, envelope.time);
      if (after.group !== record.group || after.room !== record.room) throw new PolicyError("forbidden");
    } catch (error) {
      throw new Suspicion("policy_forged", error);
    } finally {
      if (HANDS.includes(envelope.policy?.action ?? "")) record.handSeq = envelope.seq;
      else record.policySeq = envelope.seq;
      if (record.act?.frame.client_id === envelope.client_id && !record.act.frame.commit) record.act = null;
    }
    const deed = await deedOf(envelope, message, before, after, record.me, record.policyKey);
    const changed = await this.trust.takenDown(deed, this.shelf);
    this.trust.turned(envelope.seq, before, after);
    record.state = after;
    const { action } = message;
    record.leaving = [...record.leaving, ...doneWith(before, after)].filter((id) => id in after.members);
    record.rulesBefore = rulesBefore(record, before, after);
    if (action.action === "admit") {
      const { target: identity, package: ref, agreement } = action;
      record.announced = { seq: envelope.seq, committer: envelope.leaf, identity, ref, agreement };
      record.unadmitted = before;
    }
    this.#keepRoll();
    if (!(record.me in after.members)) this.end(endingOf(action, before));
    const line = policyNotice(envelope, message, before, after);
    return { lines: line ? [...changed, line] : changed, deed };
  }

  async #policyMessage(envelope: Envelope, body: string): Promise<PolicyMessage> {
    if (!this.keys.isMine(envelope)) return readPolicy((await this.keys.open(envelope, body)).content);
    const { act } = this.record;
    if (!act?.message || act.frame.policy?.body !== body) throw new Suspicion("unreadable");
    return act.message;
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
  protected async takeState(envelope: Envelope, body: string): Promise<Taken> {
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
    if (!record.state) await this.#enterWith(told, envelope);
    else if (!equalBytes(canonicalJson(record.state), canonicalJson(told))) throw new Suspicion(code);
    return NOTHING;
  }

  /** The joiner's first sight of the group: it must be the one of the invite, with just those who hold the keys. */
  async #enterWith(told: State, envelope: Envelope): Promise<void> {
    const { record, group } = this;
    await checkPromised(record, group, told, envelope.leaf);
    if (!rosterFits(told, group.roster.map(({ identity }) => identity))) throw new Suspicion("tree_mismatch");
    record.state = told;
    // The state follows the commit, which follows the admit.
    record.policySeq = envelope.seq - 2;
    this.#keepRoll();
  }
}
