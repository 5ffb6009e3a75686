/** Reading the reports that are for this person: what is genuine, what is proved, and what was written about them. */
import { b64decode } from "../crypto/bytes.ts";
import { CryptoError } from "../crypto/errors.ts";
import { check, entryContent, isEndorsed, read, type ReportContent, reportContent, type ReportedLine } from "../crypto/reports.ts";
import type { Desk, Kept } from "./desk.ts";
import type { KeptOf } from "./filing.ts";
import { uuidBytes } from "./ids.ts";
import { laterRecipients } from "./laterRecipients.ts";
import type { Ledger } from "./ledger.ts";
import { mayHaveRead } from "./recipients.ts";
import type { QuotedLine, ReportEntry, ReportView, Someone } from "./reportViews.ts";
import { readSaid } from "./said.ts";
import type { Statements } from "./statements.ts";

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

export class ReportReading {
  readonly #desk: Desk<Ledger>;
  readonly #statements: Statements;
  readonly #kept: KeptOf;

  constructor(desk: Desk<Ledger>, statements: Statements, kept: KeptOf) {
    this.#desk = desk;
    this.#statements = statements;
    this.#kept = kept;
  }

  /** The newest first. What is not genuine is left out, with a warning. */
  async all(): Promise<readonly ReportView[]> {
    const found: ReportView[] = [];
    for (const item of await this.#desk.device.api.list<ReportItem>(`/groups/${this.#group}/reports`)) {
      const report = await this.#genuine(() => this.#read(item));
      if (report) found.push(report);
    }
    return found;
  }

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
