/** The conversation as it is laid out: days, the line above what is new, notices, and messages grouped by speaker. */
import type { Message, Notice, TimelineItem } from "../../room/types";
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
  | { readonly kind: "notice"; readonly id: string; readonly notice: Notice }
  | Said;

/** A speaker's messages further apart than this stand under a time of their own. */
const PAUSE_MS = 10 * 60_000;

function follows(previous: Line | undefined, message: Message): previous is Said {
  if (previous?.kind !== "said" || previous.first.sender !== message.sender) return false;
  const last = previous.messages.at(-1);
  return last !== undefined && message.time - last.time < PAUSE_MS;
}

/** Lays out `items`, oldest first. `newFrom` is the id of the first item not seen on an earlier visit. */
export function linesOf(items: readonly TimelineItem[], newFrom: string | null): readonly Line[] {
  const lines: Line[] = [];
  let before: TimelineItem | undefined;
  for (const item of items) {
    if (!before || !sameDay(before.time, item.time)) lines.push({ kind: "day", id: `day ${item.id}`, time: item.time });
    if (item.id === newFrom) lines.push({ kind: "new", id: "new" });
    const previous = lines.at(-1);
    if (item.kind === "notice") {
      lines.push({ kind: "notice", id: item.id, notice: item });
    } else if (follows(previous, item)) {
      lines[lines.length - 1] = { ...previous, messages: [...previous.messages, item] };
    } else {
      lines.push({ kind: "said", id: item.id, first: item, messages: [item] });
    }
    before = item;
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
