/** What a member said, as it leaves its mark on the conversation. */
import { b64encode, type Bytes } from "../crypto/bytes.ts";
import { type Endorsement, type ReportedLine, reportedLine } from "../crypto/reports.ts";
import type { Envelope } from "../net/wire.ts";
import type { Shelf } from "./anyLedger.ts";
import { Suspicion } from "./checks.ts";
import type { RoomRecord } from "./record.ts";
import { RANKS, STAFF } from "./roles.ts";
import type { Said } from "./said.ts";
import type { State } from "./state.ts";
import { messageLine, notice, pseudonymOf } from "./timeline.ts";
import type { Message, Role, TimelineItem, Who } from "./types.ts";

/** Milliseconds after its start for which it is kept who came to a session. */
const OVER = 24 * 3_600_000;

/** The lines that are new or changed. */
export async function heard(
  record: RoomRecord,
  state: State,
  shelf: Shelf,
  envelope: Envelope,
  sender: string,
  mine: boolean,
  said: Said,
  quote: ReportedLine,
): Promise<TimelineItem[]> {
  const who = { id: sender, pseudonym: pseudonymOf(state, sender) ?? "" };
  switch (said.kind) {
    case "text":
      // Who writes is back, though they did not say so.
      record.away = record.away.filter((member) => member !== sender);
      return [messageLine(envelope, who, mine, said.text, quote, { note: said.note })];
    case "card":
      return [await cardLine(shelf, envelope, who, state.members[sender]?.role, mine, said, quote)];
    case "note": {
      const line = await shelf.line(said.line);
      return line?.kind === "message" && mayFold(state, line, sender) ? [folded(line, said.note, who)] : [];
    }
    case "away":
      record.away = record.away.filter((member) => member !== sender);
      if (said.away) record.away.push(sender);
      return [notice(envelope, said.away ? "away" : "back", who.pseudonym)];
    case "attend":
      answered(record, state, sender, said, envelope.time);
      return [];
    case "help":
      return [];
  }
}

/** An answer about a session that is planned, or on, is kept until that is over for a day; about any other it says nothing. */
function answered(record: RoomRecord, { live }: State, sender: string, said: Extract<Said, { kind: "attend" }>, now: number): void {
  const { plan, start, answer } = said;
  const on = live.session?.plan === plan && live.session.start === start;
  if (!on && !live.times[plan]?.starts.includes(start)) return;
  const kept = Object.entries(record.answers).filter(([name]) => Number(name.split(" ")[1]) > now - OVER);
  const name = answersName(plan, start);
  record.answers = { ...Object.fromEntries(kept), [name]: { ...record.answers[name], [sender]: answer } };
}

/** Under which name the answers about a session are kept. */
export function answersName(plan: string, start: number): string {
  return `${plan} ${start}`;
}

/** A message as it can be reported. Throws Suspicion for one that could not be. */
export function quoted(envelope: Envelope, content: Bytes, kf: Bytes, endorsed: Endorsement | null): ReportedLine {
  const { leaf, epoch, seq, time, commitment, stamp } = envelope;
  const line = { content: b64encode(content), kf: b64encode(kf), leaf, epoch, seq, time, commitment, stamp, endorsed };
  try {
    return reportedLine(line);
  } catch (error) {
    throw new Suspicion("bad_commitment", error);
  }
}

/** A card as it stands in the conversation. Throws Suspicion for one of who may not give any. */
export async function cardLine(
  shelf: Shelf,
  envelope: Envelope,
  who: Who,
  role: Role | null | undefined,
  mine: boolean,
  { line, title, text }: Extract<Said, { kind: "card" }>,
  quote: ReportedLine,
): Promise<Message> {
  if (RANKS[role ?? "guest"] < RANKS.facilitator) throw new Suspicion("unreadable");
  const answered = line === null ? null : await shelf.line(line);
  const about = answered?.kind === "message" ? answered.pseudonym : null;
  return messageLine(envelope, who, mine, text, quote, { card: { title, line, about } });
}

function mayFold(state: State, line: Message, sender: string): boolean {
  return line.sender === sender || STAFF.includes(state.members[sender]?.role ?? "guest");
}

function folded(line: Message, note: string | null, by: Who): Message {
  return { ...line, folded: note === null ? null : { note, by: by.id === line.sender ? null : by.pseudonym } };
}
