/**
 * The server's doings held against what the group has agreed: what it no longer hands over, and whom it lets write.
 * It is judged once this device has the policy that could explain it (docs/protocol.md, "Envelope", "Who may not write").
 */
import { Suspicion } from "./checks.ts";
import type { Shelf } from "./anyLedger.ts";
import type { Ledger } from "./ledger.ts";
import type { Silence } from "./moderation.ts";
import { STAFF } from "./roles.ts";
import type { State } from "./state.ts";
import { putBack, takenDown } from "./timeline.ts";
import type { Deed, TimelineItem } from "./types.ts";

export const DAY = 86_400_000;
/** Milliseconds by which two honest clocks, and a word on its way, may differ. */
export const SLACK = 60_000;
const SILENCES: readonly Silence[] = ["muted", "listening", "quiet"];

export class Trust {
  readonly #ledger: Ledger;
  /** By reason, the last policy message that ended it for this member. */
  readonly #ended = new Map<Silence, number>();

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** Lines are missing after the one of `since`. */
  missed(since: number | null): void {
    const { record } = this.#ledger;
    record.gaps = [...record.gaps, { since, explained: since === null }];
    this.#explainGaps(record.state);
  }

  /** A policy message was folded. */
  turned(seq: number, before: State | null, after: State): void {
    this.#explainGaps(after);
    if (!before) return;
    const { record } = this.#ledger;
    for (const why of SILENCES) {
      if (this.#says(before, record.me, why) && !this.#says(after, record.me, why)) this.#ended.set(why, seq);
    }
  }

  /**
   * The lines that a `take_down` or `restore` changes. Throws Suspicion `policy_forged` where it names another author
   * than the one this device knows.
   */
  async takenDown(deed: Deed, shelf: Shelf): Promise<TimelineItem[]> {
    const { record } = this.#ledger;
    if (deed.line === null || !deed.whom) return [];
    const line = await shelf.line(deed.line);
    if (line?.kind === "message" && line.sender !== deed.whom.id) throw new Suspicion("policy_forged");
    record.withheld = record.withheld.filter((seq) => seq !== deed.line);
    if (!line) return [];
    record.fading = record.fading.filter((seq) => seq !== deed.line);
    if (deed.what === "restore") return line.kind === "message" ? [putBack(line)] : [];
    if (line.kind === "message" && line.text !== "") record.fading.push(deed.line);
    const down = { by: deed.by.pseudonym, time: deed.time, reason: deed.reason, restored: false };
    return [takenDown(line, deed.whom, record.me, down)];
  }

  /** Whether something waits for the policy that could explain it. */
  get asking(): boolean {
    const { withheld, gaps } = this.#ledger.record;
    return withheld.length > 0 || gaps.length > 0;
  }

  /** This device has all policy up to the head: what is not explained by now is not explained. */
  judge(): void {
    const { record } = this.#ledger;
    // By now the server has told the time.
    this.#explainGaps(record.state);
    if (record.withheld.length > 0) this.#ledger.warn("withheld", this.#ledger.now());
    if (record.gaps.some(({ explained }) => !explained)) this.#ledger.warn("gap_unexplained", this.#ledger.now());
    record.withheld = [];
    record.gaps = [];
  }

  /**
   * Whether the group's policy up to `policySeq` says that this member may not write, for this reason; null as long as
   * this device does not have it.
   */
  founded(why: Silence, policySeq: number): boolean | null {
    const { record } = this.#ledger;
    if (record.policySeq < policySeq || !record.state) return null;
    return this.#says(record.state, record.me, why) || (this.#ended.get(why) ?? 0) > policySeq;
  }

  #says(state: State, me: string, why: Silence): boolean {
    const member = state.members[me];
    if (!member) return false;
    switch (why) {
      case "muted": {
        const muted = state.mutes[me];
        return muted !== undefined && (muted.until === null || muted.until + SLACK > this.#ledger.now());
      }
      case "listening":
        return member.listening;
      case "quiet":
        return state.quiet && !STAFF.includes(member.role);
    }
  }

  #explainGaps(state: State | null): void {
    const { record, now } = this.#ledger;
    for (const gap of record.gaps) {
      gap.explained ||= gap.since !== null && state !== null && state.days > 0 && gap.since + state.days * DAY <= now() + SLACK;
    }
  }
}
