import fc from "fast-check";
import { expect, test } from "vitest";
import { vectors } from "../../tests/vectors.ts";
import { codeOf } from "./errors.ts";
import { local, REPEATS, starts } from "./schedule.ts";

interface Case {
  readonly first: number;
  readonly zone: string;
  readonly rule: string | null;
  readonly after: number;
  readonly starts: readonly number[] | null;
  readonly code: string | null;
}

const { cases } = vectors("schedule") as { cases: readonly Case[] };
const HOUR = 3_600_000;
const WEEK = 168 * HOUR;

test("sessions begin when Python says", async () => {
  for (const given of cases) {
    const { first, zone, rule, after } = given;
    const found = await starts(first, zone, rule, after).catch((error: unknown) => codeOf(error));
    expect(found, `${new Date(first).toISOString()} ${zone} ${rule}`).toEqual(given.starts ?? given.code);
  }
});

test("every week is at the same time on the wall, and what the clocks skip is later by no more than they do", async () => {
  const zones = fc.constantFrom("Europe/London", "America/New_York", "Australia/Lord_Howe", "Pacific/Auckland");
  const first = fc.integer({ min: Date.UTC(2027, 0, 1) / 60_000, max: Date.UTC(2028, 0, 1) / 60_000 }).map((at) => at * 60_000);
  await fc.assert(
    fc.asyncProperty(zones, first, async (zone, date) => {
      const found = await starts(date, zone, REPEATS.weekly, 0);
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
