/** Reports in one room: those filed here, and the desk of those that this person can read. */
import { batch, signal } from "@preact/signals";
import { type EntryContent, write } from "../crypto/reports.ts";
import { later } from "../net/later.ts";
import type { Desk } from "./desk.ts";
import type { Ledger } from "./ledger.ts";
import { AppError } from "./errors.ts";
import { Filing, type KeptOf } from "./filing.ts";
import { uuidv7 } from "./ids.ts";
import type { ReportKind } from "./recipients.ts";
import type { OwnReport, ReportsView, ReportView } from "./reportViews.ts";
import { reachable } from "./reach.ts";
import { may } from "./roles.ts";
import { Statements } from "./statements.ts";

export class Reporting implements ReportsView {
  readonly waiting = signal(0);
  readonly list = signal<readonly ReportView[] | null>(null);
  readonly own = signal<readonly OwnReport[] | null>(null);
  readonly #desk: Desk<Ledger>;
  readonly #statements: Statements;
  readonly #filing: Filing;
  readonly #kept: KeptOf;

  /** `beside`: what this device keeps of the group's further rooms. */
  constructor(desk: Desk<Ledger>, beside: KeptOf) {
    this.#desk = desk;
    this.#kept = (room) => (room === desk.ledger.record.room ? desk : beside(room));
    this.#statements = new Statements(desk.ledger);
    this.#filing = new Filing(desk, this.#statements, this.#kept);
  }

  /** A new connection: the server names only groups in which reports wait, and what waited may have been seen to meanwhile. */
  connected(): void {
    if (this.waiting.value > 0) void this.load().catch(() => undefined);
  }

  /** The server says how many are open, or (null) that something became of a report of one's own. */
  told(open: number | null): void {
    if (open !== null) this.waiting.value = open;
    // Whoever looks at them sees what is new.
    if (open !== null && this.list.value) void this.load().catch(() => undefined);
    if (open === null && this.own.value) void this.loadOwn().catch(() => undefined);
  }

  readers(kind: ReportKind, accused: string | null): readonly string[] {
    try {
      const to = this.#filing.recipients(kind, accused);
      return to.map((id) => this.#statements.someone(id).pseudonym ?? "").sort((a, b) => a.localeCompare(b));
    } catch (error) {
      if (error instanceof AppError && error.code === "no_recipient") return [];
      throw error;
    }
  }

  lines(room: string, line: number, around: number): readonly number[] {
    return this.#filing.lines(room, line, around).map(({ seq }) => seq ?? 0);
  }

  async reportMessage(kind: "message" | "check", room: string, line: number, note: string, around: number): Promise<void> {
    await this.#filing.reportMessage(kind, room, line, note, around);
    await this.#refreshOwn();
  }

  async report(accused: string | null, note: string, around: number): Promise<void> {
    await this.#filing.report(accused, note, around);
    await this.#refreshOwn();
  }

  async loadOwn(): Promise<void> {
    this.own.value = await this.#filing.own();
  }

  /** What was filed is filed, whether or not it can be listed now. */
  async #refreshOwn(): Promise<void> {
    if (this.own.value) await this.loadOwn().catch(() => undefined);
  }

  async load(): Promise<void> {
    const { ReportReading } = await later("reportReading", () => import("./reportReading.ts"));
    const found = await new ReportReading(this.#desk, this.#statements, this.#kept).all();
    batch(() => {
      this.list.value = found;
      this.waiting.value = found.filter(({ open }) => open).length;
    });
  }

  // Writing about a report.

  addNote(report: string, text: string): Promise<void> {
    return this.#enter(report, { kind: "note", member: null, text });
  }

  assign(report: string, member: string | null): Promise<void> {
    return this.#enter(report, { kind: "assign", member, text: "" });
  }

  resolve(report: string, text: string, answer: string | null): Promise<void> {
    return this.#enter(report, { kind: "resolve", member: null, text }, answer);
  }

  reopen(report: string): Promise<void> {
    return this.#enter(report, { kind: "reopen", member: null, text: "" });
  }

  async #enter(
    id: string,
    given: Pick<EntryContent, "kind" | "member" | "text">,
    answer: string | null = null,
  ): Promise<void> {
    const { device, ledger } = this.#desk;
    const report = this.list.value?.find((one) => one.id === id);
    if (!report) throw new AppError("report_unknown");
    const entry = uuidv7();
    const to = report.readers
      .map((reader) => reader.id)
      .filter((reader) => may(ledger.state.members[reader]?.role ?? "guest", "read_reports"));
    const content = write({ v: 1, id: entry, report: id, ...given });
    const statuses: Partial<Record<EntryContent["kind"], string>> = { resolve: "resolved", reopen: "open" };
    await device.api.post(`/groups/${this.#group}/reports/${id}/entries`, {
      id: entry,
      ...(await this.#statements.seal("safespace report entry", entry, content, reachable(ledger, to))),
      status: statuses[given.kind] ?? null,
      answer: answer === null ? null : await this.#answer(report, answer),
    });
    await this.#desk.keepWarnings();
    await this.load();
  }

  /** null for who is gone, or cannot be reached. */
  async #answer({ id, reporter }: ReportView, text: string): Promise<string | null> {
    const { ledger } = this.#desk;
    const [to] = reporter.id in ledger.state.members ? reachable(ledger, [reporter.id]) : [];
    return to === undefined ? null : this.#statements.sealAnswer(id, write({ v: 1, report: id, text }), to);
  }

  get #group(): string {
    return this.#desk.ledger.record.group;
  }
}
