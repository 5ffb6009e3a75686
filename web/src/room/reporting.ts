/** Reports in one room: those filed here, and the desk of those that this person can read. */
import { batch, signal } from "@preact/signals";
import { b64decode } from "../crypto/bytes.ts";
import { CryptoError } from "../crypto/errors.ts";
import {
  check,
  isEndorsed,
  entryContent,
  type EntryContent,
  read,
  type ReportContent,
  reportContent,
  type ReportedLine,
  write,
} from "../crypto/reports.ts";
import type { Desk, Kept } from "./desk.ts";
import type { Ledger } from "./ledger.ts";
import { AppError } from "./errors.ts";
import { Filing, type KeptOf } from "./filing.ts";
import { uuidBytes, uuidv7 } from "./ids.ts";
import { laterRecipients, mayHaveRead, type ReportKind } from "./recipients.ts";
import type { OwnReport, QuotedLine, ReportEntry, ReportsView, ReportView, Someone } from "./reportViews.ts";
import { reachable } from "./reach.ts";
import { may } from "./roles.ts";
import { readSaid } from "./said.ts";
import { Statements } from "./statements.ts";

interface EntryItem {
  readonly id: string;
  readonly created: number;
  readonly sealed: string;
  readonly box: string | null;
}

interface ReportItem {
  readonly id: string;
  readonly created: number;
  readonly sealed: string;
  readonly box: string;
  /** The members who have a box of it. */
  readonly readers: readonly string[];
  readonly entries: readonly EntryItem[];
}

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
    const items = await this.#desk.device.api.list<ReportItem>(`/groups/${this.#group}/reports`);
    const found: ReportView[] = [];
    for (const item of items) {
      const report = await this.#genuine(() => this.#read(item));
      if (report) found.push(report);
    }
    batch(() => {
      this.list.value = found;
      this.waiting.value = found.filter(({ open }) => open).length;
    });
  }

  // Reading.

  async #read({ id, created, sealed, box, readers, entries }: ReportItem): Promise<ReportView> {
    const { content, author } = await this.#statements.unseal("safespace report", id, sealed, box);
    const report = read(reportContent, content);
    if (report.id !== id || report.group !== this.#group || !this.#isReader(this.#me, report)) {
      throw new CryptoError("this is another report");
    }
    const lines: QuotedLine[] = [];
    for (const line of report.lines) lines.push(await this.#quoted(line, report.room));
    const meant = lines.find(({ seq }) => seq === report.line);
    const written: ReportEntry[] = [];
    for (const entry of entries) {
      const one = await this.#genuine(() => this.#entry(report, entry));
      if (one) written.push(one);
    }
    return {
      id,
      kind: report.kind,
      time: created,
      reporter: author,
      accused: report.accused === null ? null : this.#statements.someone(report.accused),
      note: report.note,
      proved: meant ? meant.proved && meant.sender.id === report.accused : null,
      room: report.room,
      line: report.line,
      lines,
      readers: this.#readers(report, author.id, readers).map((member) => this.#statements.someone(member)),
      ...standing(written),
    };
  }

  #isReader(member: string, report: ReportContent): boolean {
    const { state, record } = this.#desk.ledger;
    return mayHaveRead(state, record.roll, member, report);
  }

  /** Those to whom it is sealed, and who may have it: the server's word alone makes nobody a reader. */
  #readers(report: ReportContent, reporter: string, boxed: readonly string[]): readonly string[] {
    const { state, record } = this.#desk.ledger;
    const handedOn = laterRecipients(state, record.roll, report, reporter);
    return [...new Set([...report.to, this.#me, ...boxed.filter((member) => handedOn.has(member))])].sort();
  }

  async #quoted(line: ReportedLine, room: string): Promise<QuotedLine> {
    const kept = this.#kept(room);
    const found = (await kept?.line(line.seq)) ?? null;
    const held = found?.kind === "message" ? found : null;
    const theirs = await this.#isWriters(line, room, kept);
    const known = theirs && (await check(line, uuidBytes(room), held?.quote ?? null));
    const proved = known ?? (await this.#isStamped(line, room));
    const said = readSaid(b64decode(line.content));
    const text = said !== null && said !== "unknown" && "text" in said ? said.text : "";
    const sender = this.#writer(line);
    const named: Someone = sender.pseudonym === null && held?.sender === sender.id ? { ...sender, pseudonym: held.pseudonym } : sender;
    return { seq: line.seq, time: line.time, sender: named, text, proved };
  }

  /** Whose leaf it is said to be. */
  #writer({ leaf, endorsed }: ReportedLine): Someone {
    return endorsed ? this.#statements.someone(endorsed.member) : this.#statements.writer(leaf);
  }

  /**
   * Whether the leaf is theirs: in main by what the group has agreed, in a further room by their own word, and by what
   * that room has agreed where this device is in it.
   */
  async #isWriters(line: ReportedLine, room: string, kept: Kept | null): Promise<boolean> {
    const { record } = this.#desk.ledger;
    const { endorsed, leaf } = line;
    if (room === record.room || !endorsed) return room === record.room && !endorsed;
    const here = kept?.ledger.known ? kept.ledger.memberOf(leaf) : null;
    const key = record.roll[endorsed.member]?.key;
    if (key === undefined || (here !== null && here !== endorsed.member)) return false;
    return isEndorsed(line, uuidBytes(record.group), b64decode(key));
  }

  /** What the server says of a stamp, and of whose leaf it is. */
  async #isStamped(line: ReportedLine, room: string): Promise<boolean> {
    const { leaf, epoch, seq, time, commitment, stamp } = line;
    const body = { room, leaf, member: this.#writer(line).id, epoch, seq, time, commitment, stamp };
    const { valid } = await this.#desk.device.api.post<{ valid: unknown }>(`/groups/${this.#group}/stamps/verify`, body);
    return valid === true;
  }

  async #entry(report: ReportContent, { id, created, sealed, box }: EntryItem): Promise<ReportEntry | null> {
    // What was written before this person could read it is not for them.
    if (box === null) return null;
    const { content, author } = await this.#statements.unseal("safespace report entry", id, sealed, box);
    const entry = read(entryContent, content);
    if (entry.id !== id || entry.report !== report.id || !this.#isReader(author.id, report)) {
      throw new CryptoError("this is no entry of this report");
    }
    const member = entry.member === null ? null : this.#statements.someone(entry.member);
    return { id, time: created, kind: entry.kind, by: author, text: entry.text, member };
  }

  /** What `work` reads; null, with a warning, for what is not genuine. */
  async #genuine<T>(work: () => Promise<T>): Promise<T | null> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof CryptoError)) throw error;
      await this.#desk.warn("report_forged");
      return null;
    }
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

  get #me(): string {
    return this.#desk.ledger.record.me;
  }
}

/** What follows from what was written about a report, oldest first. */
export function standing(entries: readonly ReportEntry[]): Pick<ReportView, "entries" | "open" | "assigned"> {
  const decided = entries.filter(({ kind }) => kind === "resolve" || kind === "reopen").at(-1);
  const taken = entries.filter(({ kind }) => kind === "assign").at(-1);
  return { entries, open: decided?.kind !== "resolve", assigned: taken?.member ?? null };
}
