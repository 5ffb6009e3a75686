/** Who has been heard, worked out on this device from what it has read; told to nobody and kept nowhere. */
import type { TimelineItem } from "./types.ts";

/** Messages since `from` (milliseconds), by their senders' ids. What was taken down was heard, too. */
export function heardSince(items: readonly TimelineItem[], from: number): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) {
    if (item.kind !== "message" || item.seq === null || item.time < from) continue;
    counts.set(item.sender, (counts.get(item.sender) ?? 0) + 1);
  }
  return counts;
}

/** When this member last wrote something that the room has, milliseconds; null for not within `items`. */
export function lastSpoke(items: readonly TimelineItem[], member: string): number | null {
  return items.findLast((item) => item.kind === "message" && item.seq !== null && item.sender === member)?.time ?? null;
}
