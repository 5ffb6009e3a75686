/** Filing reports, and what became of one's own. */
import { CryptoError } from "../crypto/errors.ts";
import { answerContent, MAX_LINES, read, type ReportContent, type ReportedLine, write } from "../crypto/reports.ts";
import type { Desk, Kept } from "./desk.ts";
import type { Ledger } from "./ledger.ts";
import { AppError } from "./errors.ts";
import { goesOnAs } from "./former.ts";
import { uuidv7 } from "./ids.ts";
import { reachable } from "./reach.ts";
import { mayHaveRead, recipients, type ReportKind } from "./recipients.ts";
import type { FiledReport } from "./record.ts";
import type { OwnReport } from "./reportViews.ts";
import type { Statements } from "./statements.ts";
import type { Message, TimelineItem } from "./types.ts";

/** What the server tells of one's own report. */
interface Told {
  readonly id: string;
  readonly created: number;
  readonly status: "open" | "resolved";
  readonly answers: readonly string[];
}

/** What this device keeps of a room of the group, by its id. */
export type KeptOf = (room: string) => Kept | null;

export class Filing {
  readonly #desk: Desk<Ledger>;
  readonly #statements: Statements;
  readonly #kept: KeptOf;

  constructor(desk: Desk<Ledger>, statements: Statements, kept: KeptOf) {
    this.#desk = desk;
    this.#statements = statements;
    this.#kept = kept;
  }

  /** Member ids. Throws AppError `no_recipient`. */
  recipients(kind: ReportKind, accused: string | null): string[] {
    const { record, state } = this.#desk.ledger;
    const roles = Object.fromEntries(Object.entries(state.members).map(([id, { role }]) => [id, role]));
    return recipients(roles, kind, accused === null ? null : goesOnAs(state, accused), record.me);
  }

  /** The message at `line` of a room and the `around` nearest to it, or none where it is not kept any more. */
  lines(room: string, line: number, around: number): readonly Message[] {
    const kept = this.#kept(room)?.history.lines.filter(isQuotable) ?? [];
    const at = kept.findIndex(({ seq }) => seq === line);
    return at < 0 ? [] : nearest(kept, at, Math.min(around, MAX_LINES - 1));
  }

  /** Throws AppError: `unknown_line`, `no_recipient`, `throttled`, `offline`, … */
  async reportMessage(kind: "message" | "check", room: string, line: number, note: string, around: number): Promise<void> {
    const lines = this.lines(room, line, around);
    const meant = lines.find(({ seq }) => seq === line);
    if (!meant) throw new AppError("unknown_line");
    await this.#file(kind, meant.sender, note, room, line, lines);
  }

  async report(accused: string | null, note: string, around: number): Promise<void> {
    const kept = this.#desk.history.lines.filter(isQuotable);
    const lines = around > 0 ? kept.slice(-Math.min(around, MAX_LINES)) : [];
    const { room } = this.#desk.ledger.record;
    await this.#file(accused === null ? "situation" : "person", accused, note, room, null, lines);
  }

  async own(): Promise<readonly OwnReport[]> {
    const { device, ledger } = this.#desk;
    const filed = new Map(ledger.record.filed.map((one) => [one.id, one]));
    const told = await device.api.list<Told>(`/groups/${ledger.record.group}/reports/own`);
    return Promise.all(told.map((one) => this.#own(one, filed.get(one.id) ?? null)));
  }

  async #own({ id, created, status, answers }: Told, filed: FiledReport | null): Promise<OwnReport> {
    const heard = await Promise.all(answers.map((box) => this.#answer(id, box, filed)));
    return {
      id,
      time: created,
      open: status === "open",
      kind: filed?.kind ?? null,
      accused: filed?.accused ? this.#statements.someone(filed.accused) : null,
      note: filed?.note ?? null,
      answers: heard.filter((text) => text !== null),
    };
  }

  /** null, with a warning, for what none of those wrote who can have read the report. */
  async #answer(report: string, box: string, filed: FiledReport | null): Promise<string | null> {
    try {
      const { content, author } = await this.#statements.unsealAnswer(report, box);
      const answer = read(answerContent, content);
      const { state, record } = this.#desk.ledger;
      if (answer.report === report && (!filed || mayHaveRead(state, record.roll, author.id, filed))) return answer.text;
    } catch (error) {
      if (!(error instanceof CryptoError)) throw error;
    }
    await this.#desk.warn("report_forged");
    return null;
  }

  async #file(
    kind: ReportKind,
    accused: string | null,
    note: string,
    room: string,
    line: number | null,
    messages: readonly Message[],
  ): Promise<void> {
    const { device, ledger } = this.#desk;
    const { group } = ledger.record;
    const to = reachable(ledger, this.recipients(kind, accused));
    if (to.every((member) => member === ledger.record.me)) throw new AppError("no_recipient");
    const id = uuidv7();
    const lines = messages.flatMap(({ quote }) => (quote ? [quote] : []));
    const content = { v: 1, kind, id, group, room, accused, note, to, line, lines };
    const sealed = await this.#statements.seal("safespace report", id, written(content), to);
    await this.#desk.alone(async () => {
      // What was said stays known here, not the lines: those end with the conversation.
      ledger.record.filed = [...ledger.record.filed, { id, kind, accused, note, to }];
      await this.#desk.save();
    });
    await device.api.post(`/groups/${group}/reports`, { id, ...sealed });
  }
}

function isQuotable(item: TimelineItem): item is Message {
  return item.kind === "message" && item.quote !== null;
}

/** The one at `at` and the `around` nearest to it; what came before counts for more. */
function nearest<T>(items: readonly T[], at: number, around: number): readonly T[] {
  const after = Math.min(items.length - 1 - at, Math.max(Math.floor(around / 2), around - at));
  return items.slice(Math.max(0, at - (around - after)), at + after + 1);
}

/** With as many lines as there is room for: the one that is meant always, the others by how near they are. */
function written(content: ReportContent): ReturnType<typeof write> {
  try {
    return write(content);
  } catch (error) {
    if (!(error instanceof CryptoError) || content.lines.length < 2) throw error;
    const meant = content.line ?? content.lines.at(-1)?.seq ?? 0;
    const distance = ({ seq }: ReportedLine): number => Math.abs(seq - meant);
    const farthest = Math.max(...content.lines.map(distance));
    const last = content.lines.findIndex((line) => distance(line) === farthest);
    return written({ ...content, lines: content.lines.filter((_, index) => index !== last) });
  }
}
