/** The log of a further room as this device takes it: who comes and goes is folded on the way, and judged by main. */
import { b64decode, b64encode, equalBytes } from "../crypto/bytes.ts";
import { verifyEndorsement } from "../crypto/endorsements.ts";
import { CryptoError } from "../crypto/errors.ts";
import type { Leaf } from "../crypto/group.ts";
import type { Endorsement, ReportedLine } from "../crypto/reports.ts";
import { type Envelope, NOTHING_SHOWN } from "../net/wire.ts";
import { complete, type Plan } from "./acts.ts";
import { AnyLedger, NOTHING, type Shelf, type Taken } from "./anyLedger.ts";
import { type Announcement, Suspicion } from "./checks.ts";
import { AppError } from "./errors.ts";
import {
  belongs, checkFurtherClear, checkFurtherSender, foldFurther, furtherHash, furtherRosterFits, outsiders, proposeFurther,
} from "./further.ts";
import { furtherKey, type FurtherRecord } from "./furtherRecord.ts";
import {
  furtherContent, type FurtherDeed, type FurtherMessage, type FurtherState, furtherStateContent, isPassing, readFurther, readFurtherState,
} from "./furtherState.ts";
import { cardLine } from "./heard.ts";
import { uuidBytes } from "./ids.ts";
import { type Silence, silenceWithin } from "./moderation.ts";
import type { PendingAct, RoomRecord } from "./record.ts";
import { STAFF } from "./roles.ts";
import { roleAt, roleNow } from "./roll.ts";
import type { Said } from "./said.ts";
import { PolicyError } from "./state.ts";
import { messageLine, notice } from "./timeline.ts";
import { DAY, SLACK } from "./trust.ts";
import type { Message, Notice, TimelineItem } from "./types.ts";

export class FurtherLedger extends AnyLedger<FurtherDeed> {
  readonly record: FurtherRecord;
  /** The group's main room, as this device has read it. */
  readonly #main: Readonly<RoomRecord>;

  constructor(record: FurtherRecord, main: Readonly<RoomRecord>, shelf: Shelf, now: () => number) {
    super(record.room, record.crypto, shelf, now);
    this.record = record;
    this.#main = main;
  }

  /** Throws AppError `not_a_member` before there is one. */
  get state(): FurtherState {
    if (!this.record.state) throw new AppError("not_a_member");
    return this.record.state;
  }

  get shelfName(): string {
    return this.record.room;
  }

  get known(): boolean {
    return this.record.state !== null;
  }

  get gone(): readonly string[] {
    return this.record.state?.departed ?? [];
  }

  /** Members of the room who, as far as main was read, have no place in it. */
  get outsiders(): readonly string[] {
    return this.record.state ? outsiders(this.record.state, this.#main.roll) : [];
  }

  get departed(): readonly Leaf[] {
    const { state } = this.record;
    if (!state || !this.keys.held) return [];
    const gone = new Set([...state.departed, ...this.outsiders.map((id) => state.members[id]?.leaf)]);
    return this.group.roster.filter(({ identity }) => gone.has(b64encode(identity)));
  }

  get days(): number {
    return this.#main.state?.days ?? 0;
  }

  /** Whether a line was made on more of main than this device has read. */
  waitsFor({ policy }: Envelope): boolean {
    return (policy?.main ?? 0) > this.#main.policySeq;
  }

  memberOf(leaf: string): string | null {
    const found = Object.entries(this.state.members).find(([, member]) => member.leaf === leaf);
    return found ? found[0] : null;
  }

  pseudonymOf(member: string): string {
    return this.#main.roll[member]?.pseudonym ?? "";
  }

  /** In a passing room main says why, and the two logs have no common order: what is not seen yet may come. */
  founded(why: Silence): boolean | null {
    const { passing, me, room } = this.record;
    const { state } = this.#main;
    if (!passing || !state) return false;
    const slow = why === "slow_mode" && state.live.slow > 0;
    return slow || silenceWithin(state, room, me, this.now()) === why ? true : null;
  }

  async prepare(plan: Plan<FurtherDeed>): Promise<PendingAct<FurtherMessage>> {
    const { record } = this;
    const { action } = plan;
    if (this.departed.length > 0 && action && action.action !== "remove") throw new AppError("rekey_required");
    const message = action ? proposeFurther(record.state, record.me, record.policySeq, this.#main.policySeq, action) : null;
    const state = message && this.#foldOwn(message);
    const policy = message && {
      ...NOTHING_SHOWN,
      action: message.action.action,
      target: message.action.target,
      policy_seq: message.seq,
      main: message.main,
      ...(await this.keys.seal(furtherContent(message))),
    };
    return complete(this, plan, { policy, message, handed: state && furtherStateContent(state) });
  }

  #foldOwn(message: FurtherMessage): FurtherState {
    try {
      // What others would not read is not sent.
      return foldFurther(this.record.state, readFurther(furtherContent(message)), this.#main.roll);
    } catch (error) {
      throw error instanceof PolicyError ? new AppError(error.code, { cause: error }) : error;
    }
  }

  changes(): Record<string, FurtherRecord> {
    this.record.crypto = this.keys.serialise();
    return { [furtherKey(this.record.group, this.record.room)]: this.record };
  }

  /** Whoever goes in main goes here, too. */
  override get contested(): readonly string[] {
    return [...this.record.disputed.named, ...this.#main.disputed.named];
  }

  protected get newcomer(): boolean {
    return this.record.brought;
  }

  protected voidedBy(leaf: string): string | null {
    const author = this.memberOf(leaf);
    return author && STAFF.includes(roleNow(this.#main.roll, this.record.me) ?? "guest") ? this.pseudonymOf(author) : null;
  }

  protected rosterFits(leaves: readonly Uint8Array[]): boolean {
    return furtherRosterFits(this.state, leaves);
  }

  protected async checkAdded(leaf: Leaf, { endorsed }: Announcement): Promise<void> {
    if (!endorsed) throw new Suspicion("unannounced_change");
    await checkEndorsed(this.#main, endorsed.member, endorsed.endorsement, leaf);
  }

  protected endorsed(member: string, leaf: string): Endorsement | null {
    const held = this.group.roster.find(({ id }) => id === leaf);
    const endorsement = this.state.members[member]?.endorsement;
    return held && endorsement !== undefined ? { member, key: b64encode(held.signatureKey), endorsement } : null;
  }

  protected async takePolicy(envelope: Envelope, body: string): Promise<Taken> {
    const { record } = this;
    const before = record.state;
    let message: FurtherMessage;
    let after: FurtherState;
    try {
      message = await this.#message(envelope, body);
      if (message.seq !== record.policySeq || !envelope.policy) throw new PolicyError("stale_policy");
      checkFurtherSender(before, message, b64decode(envelope.leaf));
      checkFurtherClear(envelope.policy, message);
      after = foldFurther(before, message, this.#main.roll);
      if (after.group !== record.group || after.room !== record.room) throw new PolicyError("forbidden");
    } catch (error) {
      throw new Suspicion("policy_forged", error);
    } finally {
      record.policySeq = envelope.seq;
      if (record.act?.frame.client_id === envelope.client_id && !record.act.frame.commit) record.act = null;
    }
    record.state = after;
    const { action } = message;
    if (action.action === "bring") {
      const { leaf: identity, package: ref, target: member, endorsement } = action;
      record.announced = { seq: envelope.seq, committer: envelope.leaf, identity, ref, endorsed: { member, endorsement } };
      record.unadmitted = before;
    }
    if (!(record.me in after.members)) this.end(action.action === "leave" ? "left" : "removed");
    return { lines: [this.#notice(envelope, message)] };
  }

  async #message(envelope: Envelope, body: string): Promise<FurtherMessage> {
    if (!this.keys.isMine(envelope)) return readFurther((await this.keys.open(envelope, body)).content);
    const { act } = this.record;
    if (!act?.message || act.frame.policy?.body !== body) throw new Suspicion("unreadable");
    return act.message;
  }

  #notice(envelope: Envelope, { actor, action }: FurtherMessage): Notice {
    const by = this.pseudonymOf(actor);
    switch (action.action) {
      case "open":
        return notice(envelope, "opened", by);
      case "bring":
        return notice(envelope, "brought", this.pseudonymOf(action.target), by);
      case "leave":
        return notice(envelope, "parted", by);
      case "remove":
        return notice(envelope, "parted", this.pseudonymOf(action.target));
    }
  }

  protected async takeState(envelope: Envelope, body: string): Promise<Taken> {
    const { record } = this;
    const code = record.brought ? "state_mismatch" : "state_forged";
    if (this.keys.isMine(envelope)) {
      const own = record.act?.frame.state?.body;
      record.act = null;
      if (own !== body) throw new Suspicion(code);
      return NOTHING;
    }
    try {
      const told = readFurtherState((await this.keys.open(envelope, body)).content);
      if (record.brought) await this.#enterWith(told, envelope);
      else if (!equalBytes(furtherHash(record.state), furtherHash(told))) throw new Suspicion(code);
    } catch (error) {
      throw new Suspicion(code, error);
    }
    return NOTHING;
  }

  /** The first sight of the room: everyone belonged in it by then, and holds just the leaf that they endorsed. */
  async #enterWith(told: FurtherState, envelope: Envelope): Promise<void> {
    const { record, group } = this;
    const leaves = new Map(group.roster.map((leaf) => [b64encode(leaf.identity), leaf]));
    const fits =
      told.group === record.group &&
      told.room === record.room &&
      isPassing(told.purpose) === record.passing &&
      told.members[record.me]?.leaf === b64encode(group.me.identity) &&
      Object.values(told.members).some(({ leaf }) => leaf === envelope.leaf) &&
      envelope.policy?.main === told.main &&
      furtherRosterFits(told, group.roster.map(({ identity }) => identity));
    if (!fits) throw new Suspicion("state_mismatch");
    for (const [id, { leaf, endorsement }] of Object.entries(told.members)) {
      const held = leaves.get(leaf);
      if (!held || !belongs(told.purpose, told.about, id, roleAt(this.#main.roll, id, told.main))) throw new Suspicion("state_mismatch");
      await checkEndorsed(this.#main, id, endorsement, held);
    }
    record.state = told;
    record.brought = false;
    // The state follows the commit, which follows the bring.
    record.policySeq = envelope.seq - 2;
  }

  /** Nothing here is ever taken down. */
  protected takeBare(envelope: Envelope): Taken {
    this.warn("withheld", envelope.time);
    return { lines: [notice(envelope, "withheld")] };
  }

  /** Nothing here goes by who was in the tree before. */
  protected turned(): void {
    return;
  }

  protected missed(): void {
    const { headTime } = this.record;
    const { shortestDays } = this.#main;
    const explained = headTime === null || (shortestDays > 0 && headTime + shortestDays * DAY <= this.now() + SLACK);
    if (!explained) this.warn("gap_unexplained", this.now());
  }

  protected async hear(envelope: Envelope, sender: string, mine: boolean, said: Said, quote: ReportedLine): Promise<TimelineItem[]> {
    const who = { id: sender, pseudonym: this.pseudonymOf(sender) };
    const { record, state } = this;
    const itself = sender === state.about;
    switch (said.kind) {
      case "text":
        if (record.help && !itself) record.help = "answered";
        return [messageLine(envelope, who, mine, said.text, quote, { note: said.note })];
      case "note": {
        const line = await this.shelf.line(said.line);
        return line?.kind === "message" && this.#mayFold(line, sender) ? [folded(line, said.note, who.pseudonym)] : [];
      }
      case "help":
        // Nobody asks in another's name.
        if (!itself) return [];
        record.help = said.help ? "asked" : null;
        return [notice(envelope, said.help ? "asks" : "ok", who.pseudonym)];
      case "card":
        // Where sessions are held.
        return state.purpose === "capsule" ? [await cardLine(this.shelf, envelope, who, roleNow(this.#main.roll, sender), mine, said, quote)] : [];
      // For the group's main room.
      case "away":
      case "attend":
        return [];
    }
  }

  #mayFold(line: Message, sender: string): boolean {
    return line.sender === sender || STAFF.includes(roleNow(this.#main.roll, sender) ?? "guest");
  }
}

function folded(line: Message, note: string | null, by: string): Message {
  return { ...line, folded: note === null ? null : { note, by: by === line.pseudonym ? null : by } };
}

/** Throws Suspicion unless the member said, with the key they have in main, that this leaf is theirs. */
export async function checkEndorsed(
  main: Readonly<RoomRecord>,
  member: string,
  endorsement: string,
  leaf: Pick<Leaf, "identity" | "signatureKey">,
): Promise<void> {
  const known = main.roll[member];
  if (!known) throw new Suspicion("unendorsed_leaf");
  try {
    await verifyEndorsement(b64decode(endorsement), b64decode(known.key), uuidBytes(main.group), leaf);
  } catch (error) {
    throw error instanceof CryptoError ? new Suspicion("unendorsed_leaf", error) : error;
  }
}
