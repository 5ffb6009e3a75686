import { expect, test } from "vitest";
import type { Message, Notice, TimelineItem } from "../../room/types";
import { firstAfter, linesOf, newestSeq } from "./lines";

const NOON = new Date(2026, 3, 14, 12).getTime();
const MINUTE = 60_000;

function said(seq: number, sender: string, minutes: number, mine = false): Message {
  const time = NOON + minutes * MINUTE;
  return { kind: "message", id: `m${seq}`, seq, time, sender, pseudonym: sender, mine, text: "…", folded: null, card: null, quote: null, down: null, state: "sent", code: null };
}

function told(seq: number, minutes: number, more: Partial<Notice> = {}): Notice {
  return { kind: "notice", id: `n${seq}`, seq, time: NOON + minutes * MINUTE, what: "left", who: "Wren", by: null, ...more };
}

/** The notices of each line that is told. */
const folded = (items: readonly TimelineItem[], newFrom: string | null = null) =>
  linesOf(items, newFrom, "me").flatMap((line) => (line.kind === "told" ? [line.notices.map(({ seq }) => seq)] : []));

const shape = (...args: Parameters<typeof linesOf>) =>
  linesOf(...args).map((line) => (line.kind === "said" ? line.messages.map((message) => message.id).join("+") : line.kind));

test("messages of one speaker stand together until someone else speaks, a notice comes or a while has passed", () => {
  const items = [said(1, "Fern", 0), said(2, "Fern", 9), said(3, "Wren", 9), said(4, "Fern", 9), told(5, 10), said(6, "Fern", 10), said(7, "Fern", 20)];
  expect(shape(items, null, "me")).toEqual(["day", "m1+m2", "m3", "m4", "told", "m6", "m7"]);
});

test("a day begins with its name, also between messages of one speaker", () => {
  const late = 12 * 60 - 1;
  expect(shape([said(1, "Fern", late), said(2, "Fern", late + 2)], null, "me")).toEqual(["day", "m1", "day", "m2"]);
});

test("a message of which nobody knows when it was begins no day, and stands under a time of its own", () => {
  const at = (seq: number, time: number): Message => ({ ...said(seq, "Fern", 0), time });
  const items = [at(1, 0), said(2, "Fern", 0), at(3, 4_102_444_800_000), said(4, "Fern", 1), said(5, "Fern", 2)];
  expect(shape(items, null, "me")).toEqual(["m1", "day", "m2", "m3", "m4+m5"]);
});

test("the line above what is new parts a speaker's messages", () => {
  expect(shape([said(1, "Fern", 0), said(2, "Fern", 1)], "m2", "me")).toEqual(["day", "m1", "new", "m2"]);
});

test("what is new begins with someone else's message after the last one read", () => {
  const items = [said(1, "Fern", 0), said(2, "me", 1, true), told(3, 1), said(4, "Wren", 2)];
  expect(firstAfter(items, 1)).toBe("m4");
  expect(firstAfter(items, 4)).toBeNull();
  expect(newestSeq(items)).toBe(4);
  expect(newestSeq([])).toBe(0);
});

test("what is told one after the other is one line, until someone speaks, a day begins or something new", () => {
  const admitted = { what: "admitted", by: "Fern" } as const;
  expect(folded([told(1, 0, admitted), told(2, 1, admitted), told(3, 1, { what: "session" }), said(4, "Fern", 2), told(5, 3)])).toEqual([[1, 2, 3], [5]]);
  expect(folded([told(1, 12 * 60 - 1), told(2, 12 * 60 + 1)])).toEqual([[1], [2]]);
  expect(folded([told(1, 0), told(2, 1)], "n2")).toEqual([[1], [2]]);
});

test("what concerns the person themselves is never folded, nor what needs a look", () => {
  const items = [told(1, 0), told(2, 0, { what: "role", who: "me", role: "moderator" }), told(3, 0), told(4, 0), told(5, 0, { what: "removed", who: "Sol" }), told(6, 0, { what: "withheld", who: null })];
  expect(folded(items)).toEqual([[1], [2], [3, 4], [5], [6]]);
});

test("of the parts of a session only the one it is at stands by itself", () => {
  const part = (seq: number, title: string): Notice => told(seq, 0, { what: "segment", who: null, title, part: { number: seq, count: 3, kind: "topic" } });
  expect(folded([told(1, 0, { what: "session" }), part(2, "Arriving"), part(3, "Pacing"), told(4, 0, { what: "round" })])).toEqual([[1, 2], [3], [4]]);
});
