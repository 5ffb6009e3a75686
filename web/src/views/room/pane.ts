/** Which part of a conversation is drawn: some two hundred items of it, so that a long one is as quick as a short one. */
import type { TimelineItem } from "../../room/types";

/** From one seq to another, both included. What is on its way stands at Infinity, after all that has a seq. */
export interface Pane {
  readonly from: number;
  readonly to: number;
}

/** Items drawn at first, added by a step, and drawn at most, which is more than two of the largest screens. */
const FIRST = 60;
const STEP = 40;
const MOST = 200;
/** Items drawn above one that is gone to. */
const ABOVE = 20;

/** The end of the conversation, wherever that moves. */
export const END: Pane = { from: -Infinity, to: Infinity };

export interface Drawn {
  readonly items: readonly TimelineItem[];
  /** Whether there is more at hand. */
  readonly before: boolean;
  readonly after: boolean;
}

export function drawn(items: readonly TimelineItem[], pane: Pane): Drawn {
  const [start, end] = bounds(items, pane);
  return { items: items.slice(start, end), before: start > 0, after: end < items.length };
}

/** A step towards the beginning; what is far below is let go of. */
export function earlier(items: readonly TimelineItem[], pane: Pane): Pane {
  const [start, end] = bounds(items, pane);
  const from = Math.max(0, start - STEP);
  return between(items, from, Math.min(end, from + MOST));
}

/** A step towards the end; what is far above is let go of. */
export function later(items: readonly TimelineItem[], pane: Pane): Pane {
  const [start, end] = bounds(items, pane);
  const to = Math.min(items.length, end + STEP);
  return between(items, Math.max(start, to - MOST), to);
}

/** The part that begins the conversation. */
export function beginning(items: readonly TimelineItem[]): Pane {
  return between(items, 0, Math.min(items.length, FIRST));
}

/** The part around an item. */
export function around(items: readonly TimelineItem[], id: string): Pane {
  const index = items.findIndex((item) => item.id === id);
  if (index < 0) return END;
  const start = Math.max(0, index - ABOVE);
  return between(items, start, Math.min(items.length, start + FIRST));
}

/** As it is now, without what comes later and without what is on its way. */
export function held(items: readonly TimelineItem[], pane: Pane): Pane {
  const [start, end] = bounds(items, pane);
  const last = items.slice(start, end).findLast(({ seq }) => seq !== null);
  return last ? { from: placeOf(items[start]), to: placeOf(last) } : pane;
}

/** What is on its way is drawn whole or not at all: its items stand at one place. */
function between(items: readonly TimelineItem[], start: number, end: number): Pane {
  const last = end === items.length ? undefined : items.slice(start, end).findLast(({ seq }) => seq !== null);
  return { from: placeOf(items[start]), to: placeOf(last) };
}

function bounds(items: readonly TimelineItem[], { from, to }: Pane): [start: number, end: number] {
  const end = firstAt(items, (place) => place > to);
  const most = from === -Infinity ? FIRST : MOST;
  return [Math.max(firstAt(items, (place) => place >= from), end - most), end];
}

function placeOf(item: TimelineItem | undefined): number {
  return item?.seq ?? Infinity;
}

/** The index of the first item whose place is so; places never go down. */
function firstAt(items: readonly TimelineItem[], so: (place: number) => boolean): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (so(placeOf(items[middle]))) high = middle;
    else low = middle + 1;
  }
  return low;
}
