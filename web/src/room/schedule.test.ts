import fc from "fast-check";
import { expect, test } from "vitest";
import { vectors } from "../../tests/vectors.ts";
import { codeOf } from "./errors.ts";
import { goingOn, local, REPEATS, starts } from "./schedule.ts";

interface Case {
  readonly first: number;
  readonly zone: string;
  readonly rule: string | null;
  readonly after: number;
  readonly starts: readonly number[] | null;
  readonly code: string | null;
}

const given = vectors("schedule") as {
  cases: readonly Case[];
  going_on: readonly { planned: readonly number[]; zone: string; rule: string; now: number; starts: readonly number[] }[];
};
const HOUR = 3_600_000;
const WEEK = 168 * HOUR;

function begin(...asked: Parameters<typeof starts>): number[] | string {
  try {
    return starts(...asked);
  } catch (error) {
    return codeOf(error);
  }
}

test("sessions begin when Python says", () => {
  for (const { first, zone, rule, after, ...said } of given.cases) {
    expect(begin(first, zone, rule, after), `${new Date(first).toISOString()} ${zone} ${rule}`).toEqual(said.starts ?? said.code);
  }
});

test("a plan goes on as Python says, though dates were skipped and moved", () => {
  for (const { planned, zone, rule, now, starts: due } of given.going_on) {
    expect(goingOn(planned, zone, rule, now)).toEqual(due);
  }
});

test("every week is at the same time on the wall, and what the clocks skip is later by no more than they do", () => {
  const zones = fc.constantFrom("Europe/London", "America/New_York", "Australia/Lord_Howe", "Pacific/Auckland");
  const first = fc.integer({ min: Date.UTC(2027, 0, 1) / 60_000, max: Date.UTC(2028, 0, 1) / 60_000 }).map((at) => at * 60_000);
  fc.assert(
    fc.property(zones, first, (zone, date) => {
      const found = starts(date, zone, REPEATS.weekly, 0);
      expect(found).toHaveLength(64);
      for (const [week, instant] of found.entries()) {
        const later = local(instant, zone) - (date + week * WEEK);
        if (later === 0) continue;
        // There is no such time: the clocks stood still between the two.
        expect(later).toBeGreaterThan(0);
        expect(later).toBeLessThanOrEqual(HOUR);
        expect(local(instant - later, zone) - local(instant, zone)).not.toBe(-later);
      }
    }),
    { numRuns: 40 },
  );
});

test.each([2100, 2500, 9999])("a date of the year %i is refused, as no calendar shall write it", (year) => {
  for (const rule of [null, REPEATS.weekly]) {
    expect(() => starts(Date.UTC(year, 11, 31, 23), "Europe/London", rule, 0)).toThrow("invalid_field");
  }
});

test("a rule ends with the dates that there are", () => {
  expect(starts(Date.UTC(2099, 11, 20, 19), "UTC", REPEATS.daily, 0)).toHaveLength(12);
});
