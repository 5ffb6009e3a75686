/** Dates as they are written where the person lives: the pages have one English, its readers many calendars. */
import { afterEach, expect, test, vi } from "vitest";

/** 12 February 2027, half past seven in the evening. */
const EVENING = new Date(2027, 1, 12, 19, 30).getTime();

/** How this browser writes a moment: in lists, and in full. */
async function written(...languages: string[]): Promise<{ tag: string; when: string; date: string }> {
  vi.resetModules();
  vi.stubGlobal("navigator", { languages });
  const [{ locale }, { when, date }] = [await import("./language"), await import("./time")];
  return { tag: locale.value, when: when(EVENING), date: date(EVENING) };
}

afterEach(() => vi.unstubAllGlobals());

test("British people have British dates, and a clock of 24 hours", async () => {
  const { when, date } = await written("en-GB", "en");
  expect(date).toBe("12 February 2027");
  expect(when).toMatch(/12 Feb.*19:30/);
});

test("Americans have theirs", async () => {
  const { when, date } = await written("en-US", "en");
  expect(date).toBe("February 12, 2027");
  expect(when).toMatch(/Feb 12.*7:30/);
});

test.each<[string[], string]>([
  [["en-AU"], "en-AU"],
  [["en", "en-GB"], "en-GB"],
  [["en_GB.UTF-8"], "en-GB"],
  [["fr-CA", "fr"], "en-CA"],
  [["en", "de-DE"], "en-DE"],
  [["de-DE", "en-IE"], "en-IE"],
  [["en"], "en"],
  [["fr"], "en"],
  [[], "en"],
  [["not a tag", "x", "en-NZ"], "en-NZ"],
])("a browser that asks for %j writes dates as in %s", async (languages, tag) => {
  expect((await written(...languages)).tag).toBe(tag);
});

test("a browser that says nothing of its languages writes dates all the same", async () => {
  vi.resetModules();
  vi.stubGlobal("navigator", {});
  const { date } = await import("./time");
  expect(date(EVENING)).toContain("2027");
});

test.each([9e15, 8.64e15 + 1, -1, NaN, Infinity, 253_402_300_740_000])("of the time %d it is said that it is not known", async (time) => {
  vi.stubGlobal("navigator", { languages: ["en-GB"] });
  const { clock, date, day, fullTime, machineTime, shortTime, when } = await import("./time");
  for (const words of [clock(time), date(time), day(time, EVENING), fullTime(time), shortTime(time, EVENING), when(time)]) {
    expect(words).toBe("time not known");
  }
  expect(machineTime(time)).toBeUndefined();
  expect(machineTime(EVENING)).toBe(new Date(EVENING).toISOString());
});

test("a browser without words for lists still lists", async () => {
  vi.stubGlobal("navigator", { languages: ["en-GB"] });
  const { names } = await import("./time");
  vi.stubGlobal("Intl", { ...Intl, ListFormat: undefined });
  expect(names(["Fern", "Moss"])).toBe("\u2068Fern\u2069, \u2068Moss\u2069");
});
