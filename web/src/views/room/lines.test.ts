import { expect, test } from "vitest";
import type { Message, Notice } from "../../room/types";
import { firstAfter, linesOf, newestSeq } from "./lines";

const NOON = new Date(2026, 3, 14, 12).getTime();
const MINUTE = 60_000;

function said(seq: number, sender: string, minutes: number, mine = false): Message {
  const time = NOON + minutes * MINUTE;
  return { kind: "message", id: `m${seq}`, seq, time, sender, pseudonym: sender, mine, text: "…", folded: null, card: null, quote: null, down: null, state: "sent", code: null };
}

function told(seq: number, minutes: number): Notice {
  return { kind: "notice", id: `n${seq}`, seq, time: NOON + minutes * MINUTE, what: "left", who: "Wren", by: null };
}

const shape = (...args: Parameters<typeof linesOf>) =>
  linesOf(...args).map((line) => (line.kind === "said" ? line.messages.map((message) => message.id).join("+") : line.kind));

test("messages of one speaker stand together until someone else speaks, a notice comes or a while has passed", () => {
  const items = [said(1, "Fern", 0), said(2, "Fern", 9), said(3, "Wren", 9), said(4, "Fern", 9), told(5, 10), said(6, "Fern", 10), said(7, "Fern", 20)];
  expect(shape(items, null)).toEqual(["day", "m1+m2", "m3", "m4", "notice", "m6", "m7"]);
});

test("a day begins with its name, also between messages of one speaker", () => {
  const late = 12 * 60 - 1;
  expect(shape([said(1, "Fern", late), said(2, "Fern", late + 2)], null)).toEqual(["day", "m1", "day", "m2"]);
});

test("the line above what is new parts a speaker's messages", () => {
  expect(shape([said(1, "Fern", 0), said(2, "Fern", 1)], "m2")).toEqual(["day", "m1", "new", "m2"]);
});

test("what is new begins with someone else's message after the last one read", () => {
  const items = [said(1, "Fern", 0), said(2, "me", 1, true), told(3, 1), said(4, "Wren", 2)];
  expect(firstAfter(items, 1)).toBe("m4");
  expect(firstAfter(items, 4)).toBeNull();
  expect(newestSeq(items)).toBe(4);
  expect(newestSeq([])).toBe(0);
});
