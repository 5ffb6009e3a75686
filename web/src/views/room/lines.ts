/** The conversation as it is laid out: days, the line above what is new, notices, and messages grouped by speaker. */
import { isTime } from "../../form";
import type { Message, Notice, NoticeKind, TimelineItem } from "../../room/types";
import { sameDay } from "../../i18n/time";

export interface Said {
  readonly kind: "said";
  readonly id: string;
  readonly first: Message;
  readonly messages: readonly Message[];
}

export type Line =
  | { readonly kind: "day"; readonly id: string; readonly time: number }
  | { readonly kind: "new"; readonly id: string }
  | Told
  | Said;

/** What was told of the group one after the other: one line, in which the last stands for all. */
export interface Told {
  readonly kind: "told";
  readonly id: string;
  readonly notices: readonly Notice[];
}

/** A speaker's messages further apart than this stand under a time of their own. */
const PAUSE_MS = 10 * 60_000;

function follows(previous: Line | undefined, message: Message): previous is Said {
  if (previous?.kind !== "said" || previous.first.sender !== message.sender) return false;
  const last = previous.messages.at(-1);
  return last !== undefined && Math.abs(message.time - last.time) < PAUSE_MS;
}

/** What is told of coming and going, of roles, and of how the session is run. */
const FOLDS: ReadonlySet<NoticeKind> = new Set<NoticeKind>([
  "created", "opened", "brought", "parted", "admitted", "returned", "left", "thanked", "visits", "agreed", "role", "retained", "away", "back",
  "session", "leads", "segment", "round", "hands", "open_floor", "pause", "resume", "slow", "not_slow", "lock", "unlock", "gentle", "usual",
]);

/**
 * Lays out `items`, oldest first. `newFrom` is the id of the first item not seen on an earlier visit, `me` the pseudonym of the person who
 * looks: what concerns them is never folded, nor is the part that the session is at.
 */
export function linesOf(items: readonly TimelineItem[], newFrom: string | null, me: string | null): readonly Line[] {
  const lines: Line[] = [];
  const present = items.findLast((item) => item.kind === "notice" && item.what === "segment");
  const folds = (notice: Notice): boolean => FOLDS.has(notice.what) && notice !== present && (me === null || notice.who !== me);
  let day: number | null = null;
  for (const item of items) {
    if (isTime(item.time) && (day === null || !sameDay(day, item.time))) {
      lines.push({ kind: "day", id: `day ${item.id}`, time: item.time });
      day = item.time;
    }
    if (item.id === newFrom) lines.push({ kind: "new", id: "new" });
    const previous = lines.at(-1);
    if (item.kind === "notice") {
      const last = previous?.kind === "told" ? previous.notices.at(-1) : undefined;
      if (previous?.kind === "told" && last && folds(last) && folds(item)) {
        lines[lines.length - 1] = { ...previous, notices: [...previous.notices, item] };
      } else {
        lines.push({ kind: "told", id: item.id, notices: [item] });
      }
    } else if (follows(previous, item)) {
      lines[lines.length - 1] = { ...previous, messages: [...previous.messages, item] };
    } else {
      lines.push({ kind: "said", id: item.id, first: item, messages: [item] });
    }
  }
  return lines;
}

/** The first item after `seq` that came from someone else or from the group itself; null when there is none. */
export function firstAfter(items: readonly TimelineItem[], seq: number): string | null {
  const found = items.find((item) => item.kind === "message" && item.seq !== null && item.seq > seq && !item.mine);
  return found?.id ?? null;
}

/** The highest seq, 0 when there is none. */
export function newestSeq(items: readonly TimelineItem[]): number {
  return items.findLast((item) => item.seq !== null)?.seq ?? 0;
}
