/** A promise that something is gone after its time does not hang on a server's clock alone. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Clock, Countdown, SURE } from "./clock.ts";

const MINUTE = 60_000;
let gone = 0;
let start = 0;

beforeEach(() => {
  gone = 0;
  start = Date.now();
  const began = performance.now();
  vi.spyOn(Date, "now").mockReturnValue(start);
  vi.spyOn(performance, "now").mockImplementation(() => began + gone);
});

afterEach(() => {
  vi.restoreAllMocks();
});

test.each([
  ["it stands still", () => start],
  ["it is slow", () => start + gone / 2],
  ["it goes back", () => start - gone],
  ["it stands still just before the end", () => start + Math.min(gone, 59 * MINUTE)],
])("an end comes whatever the server says: %s", (_, says) => {
  const [countdown, closes] = [new Countdown(), start + 60 * MINUTE];
  const over: boolean[] = [];
  for (; over.length < 63; gone += MINUTE) over.push(countdown.now(says(), [closes], start) >= closes);
  expect(over.slice(0, 60)).not.toContain(true);
  expect(over[62]).toBe(true);
});

test("a line from the future makes nothing longer, and what is announced anew goes on", () => {
  const countdown = new Countdown();
  const [day, hour] = [24 * 60 * MINUTE, 60 * MINUTE];
  expect(countdown.now(start, [start + day + hour], start + day)).toBe(start);
  expect(countdown.left()).toBeCloseTo(hour + SURE, -1);
  gone = 62 * MINUTE;
  expect(countdown.now(start + gone, [start + day + hour], start + day)).toBe(start + day + hour);
  expect(countdown.now(start + gone, [start + 2 * hour], start + gone)).toBe(start + gone);
  expect(countdown.left()).toBeCloseTo(2 * hour - gone + SURE, -1);
});

test("what expires does so though the server goes back", () => {
  const clock = new Clock();
  clock.heard(start);
  gone = 90 * MINUTE;
  clock.heard(start);
  expect(Math.abs(clock.now() - start)).toBeLessThan(1000);
  expect(clock.atLeast() - start).toBeGreaterThan(88 * MINUTE);
});

test("what a device slept counts", () => {
  const countdown = new Countdown();
  expect(countdown.now(start, [start + 60 * MINUTE], start)).toBe(start);
  vi.spyOn(Date, "now").mockReturnValue(start + 62 * MINUTE);
  expect(countdown.now(start, [start + 60 * MINUTE], start)).toBe(start + 60 * MINUTE);
});

test.each([0, -3 * 3_600_000, 61 * 86_400_000, -40 * 365 * 86_400_000])("the server's time is told in whole milliseconds by a clock %d off", (off) => {
  vi.spyOn(Date, "now").mockReturnValue(start + off);
  const clock = new Clock();
  expect([clock.atLeast(), clock.wrongBy.value]).toEqual([0, null]);
  clock.heard(start + 500);
  gone = 1234.5678;
  for (const time of [clock.now(), clock.atLeast()]) expect(Number.isSafeInteger(time)).toBe(true);
  expect(Math.abs(clock.now() - start)).toBeLessThan(5000);
  expect(clock.wrongBy.value).toBe(off === 0 ? 0 : off);
  clock.heard(start + off);
  expect(clock.wrongBy.value).toBe(0);
});
