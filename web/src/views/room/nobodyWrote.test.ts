import { signal } from "@preact/signals";
import { expect, test } from "vitest";
import { DAY } from "../../room/trust";
import type { Message, Notice, NoticeKind, RoomStatus, TimelineItem } from "../../room/types";
import { nobodyWrote, nothingSaid } from "./nobodyWrote";

const BEGAN = new Date(2026, 3, 14, 12).getTime();

function told(what: NoticeKind, seq = 1): Notice {
  return { kind: "notice", id: `${seq}`, seq, time: BEGAN, what, who: "Fern", by: null };
}

function said(seq = 9): Message {
  const who = { sender: "f", pseudonym: "Fern", mine: false };
  return { kind: "message", id: `${seq}`, seq, time: BEGAN, ...who, text: "…", folded: null, card: null, quote: null, down: null, state: "sent", code: null };
}

interface Seen {
  items?: TimelineItem[];
  further?: boolean;
  status?: RoomStatus;
  days?: number;
}

function room({ items = [told("created")], further = false, status = "live", days = 0 }: Seen) {
  return { timeline: signal(items), goesOn: signal(further), status: signal(status), days: signal(days) };
}

test("who made the group and is up to date knows that nobody has written", () => {
  expect(nobodyWrote(room({}), BEGAN + 100 * DAY)).toBe(true);
  expect(nobodyWrote(room({ items: [told("created"), told("admitted", 2), told("agreed", 3)], days: 7 }), BEGAN + 6 * DAY)).toBe(true);
});

test.each<[string, Seen]>([
  ["who came later does not know what was said before", { items: [told("admitted", 7), told("agreed", 8)] }],
  ["nor who has nothing yet", { items: [] }],
  ["while it loads nobody knows", { status: "loading" }],
  ["nor while it is fetched", { status: "catching_up" }],
  ["nor without a connection", { status: "offline" }],
  ["what was said may have ended", { days: 7 }],
  ["also by a rule that held for a while", { items: [told("created"), told("retained", 5)] }],
  ["what the server no longer has was said", { items: [told("created"), told("gap", 5)] }],
  ["what cannot be read was said", { items: [told("created"), told("unreadable", 5)] }],
  ["what the server keeps back was said", { items: [told("created"), told("withheld", 5)] }],
  ["the beginning may be further back", { further: true }],
  ["somebody wrote", { items: [told("created"), said()] }],
  ["somebody wrote what was taken down", { items: [told("created"), { ...said(), text: "", down: { by: "Moss", reason: null, time: BEGAN, restored: false } }] }],
])("%s", (_, seen) => {
  expect(nobodyWrote(room(seen), BEGAN + 8 * DAY)).toBe(false);
});

test("a conversation is not empty where messages are further back", () => {
  expect(nothingSaid(room({}))).toBe(true);
  expect(nothingSaid(room({ further: true }))).toBe(false);
  expect(nothingSaid(room({ items: [said()] }))).toBe(false);
});
