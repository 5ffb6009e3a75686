/** What the screens see of reports. */
import type { ReadonlySignal } from "@preact/signals";
import type { ReportKind } from "./recipients.ts";

/** A member, or who was one; then the name is only known where a line of theirs is still kept. */
export interface Someone {
  readonly id: string;
  readonly pseudonym: string | null;
}

/** A line that came with a report. proved: `sender` wrote exactly this, there and then. */
export interface QuotedLine {
  readonly seq: number;
  readonly time: number;
  readonly sender: Someone;
  readonly text: string;
  readonly proved: boolean;
}

/** What someone who can read a report wrote about it. `member` is who takes it on. */
export interface ReportEntry {
  readonly id: string;
  readonly time: number;
  readonly kind: "note" | "assign" | "resolve" | "reopen";
  readonly by: Someone;
  readonly text: string;
  readonly member: Someone | null;
}

/** A report that this person can read. `proved` is null where it quotes no message. */
export interface ReportView {
  readonly id: string;
  readonly kind: ReportKind;
  readonly time: number;
  readonly reporter: Someone;
  readonly accused: Someone | null;
  readonly note: string;
  readonly proved: boolean | null;
  /** The room in which its lines were said. */
  readonly room: string;
  /** seq of the message that is meant, one of `lines`. */
  readonly line: number | null;
  readonly lines: readonly QuotedLine[];
  readonly readers: readonly Someone[];
  readonly entries: readonly ReportEntry[];
  readonly open: boolean;
  readonly assigned: Someone | null;
}

/** A report of one's own. What it was about is known on the device that filed it alone. */
export interface OwnReport {
  readonly id: string;
  readonly time: number;
  readonly open: boolean;
  readonly kind: ReportKind | null;
  readonly accused: Someone | null;
  readonly note: string | null;
  readonly answers: readonly string[];
}

/** Reports in one room. Every rejected promise is an AppError. */
export interface ReportsView {
  /** How many open reports this person can read, as far as the server says. */
  readonly waiting: ReadonlySignal<number>;
  /** Newest first; null until they were fetched. */
  readonly list: ReadonlySignal<readonly ReportView[] | null>;
  readonly own: ReadonlySignal<readonly OwnReport[] | null>;
  /** Who would read it, by name; nobody where there is nobody to tell. */
  readers(kind: ReportKind, accused: string | null): readonly string[];
  /** The seqs of the messages of a room that would go with it: the one at `line` and the `around` nearest to it. */
  lines(room: string, line: number, around: number): readonly number[];
  /** Reports a message of any room of the group, or asks for it to be checked. */
  reportMessage(kind: "message" | "check", room: string, line: number, note: string, around: number): Promise<void>;
  /** Reports a person, or (null) a situation, with the newest `around` messages. */
  report(accused: string | null, note: string, around: number): Promise<void>;
  load(): Promise<void>;
  loadOwn(): Promise<void>;
  addNote(report: string, text: string): Promise<void>;
  assign(report: string, member: string | null): Promise<void>;
  /** `answer` is for who filed it; null for none. */
  resolve(report: string, text: string, answer: string | null): Promise<void>;
  reopen(report: string): Promise<void>;
}
