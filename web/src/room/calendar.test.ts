import fc from "fast-check";
import ICAL from "ical.js";
import { expect, test } from "vitest";
import { calendarFile } from "./calendar.ts";
import type { SessionView } from "./plansView.ts";

const START = Date.UTC(2027, 2, 28, 19);

function session(title: string, note: string): SessionView {
  const answers = { coming: [], not_today: [], listening: [] };
  return { plan: "p", start: START, minutes: 90, title, note, zone: "UTC", rule: null, on: false, answers, mine: null };
}

function eventsIn(file: string): { title: unknown; note: unknown; start: number; end: number }[] {
  return new ICAL.Component(ICAL.parse(file) as unknown[]).getAllSubcomponents("vevent").map((event) => {
    const { summary, description, startDate, endDate } = new ICAL.Event(event);
    return { title: summary, note: description, start: startDate.toJSDate().getTime(), end: endDate.toJSDate().getTime() };
  });
}

test("another program reads what was written, whatever the words are", () => {
  const words = fc.string({ unit: fc.constantFrom("a", "é", "🌿", "ש", ",", ";", "\\", "\n", ":", '"', " ", "n", "N"), minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(words, words, (title, note) => {
      const file = calendarFile([session(title, note), session("Tuesday tea", "")]);
      expect(file.split("\r\n").every((line) => new TextEncoder().encode(line).length <= 75)).toBe(true);
      expect(file).not.toMatch(/[^\r]\n/);
      expect(eventsIn(file)).toEqual([
        { title, note, start: START, end: START + 90 * 60_000 },
        { title: "Tuesday tea", note: null, start: START, end: START + 90 * 60_000 },
      ]);
    }),
  );
});

test("without sessions it is a calendar all the same", () => {
  expect(eventsIn(calendarFile([]))).toEqual([]);
});
