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
