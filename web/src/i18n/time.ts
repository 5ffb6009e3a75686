/** Times and lists in the person's language. Times are milliseconds since 1970. */
import { computed } from "@preact/signals";
import { isTime } from "../form";
import { listOf } from "../platform";
import { t } from "./text";
import { locale } from "./language";

/** Making a formatter takes far longer than using it, and a conversation shows hundreds of times. */
const formats = computed(() => {
  const format = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(locale.value, options);
  return {
    clock: format({ hour: "numeric", minute: "2-digit" }),
    weekday: format({ weekday: "long", day: "numeric", month: "long" }),
    weekdayAndYear: format({ weekday: "long", day: "numeric", month: "long", year: "numeric" }),
    short: format({ day: "numeric", month: "short" }),
    when: format({ weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit" }),
    full: format({ dateStyle: "full", timeStyle: "short" }),
  };
});

/** The words for a time, or that it is not known: the server, or another member's client, may have written anything. */
function worded(format: Intl.DateTimeFormat, time: number): string {
  return isTime(time) ? format.format(time) : t("time-unknown");
}

/** For the `datetime` of an element; undefined where the time is not known. */
export function machineTime(time: number): string | undefined {
  return isTime(time) ? new Date(time).toISOString() : undefined;
}

function dayNumber(time: number): number {
  const date = new Date(time);
  return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000);
}

/** "7:48 pm" */
export function clock(time: number): string {
  return worded(formats.value.clock, time);
}

/** "Fern, Moss and Wren" */
export function names(list: readonly string[]): string {
  return listOf(list.map((name) => `\u2068${name}\u2069`), locale.value);
}

/** "Today", "Yesterday", "Tuesday 14 April", with the year when it is another one. */
export function day(time: number, now: number): string {
  const ago = dayNumber(now) - dayNumber(time);
  if (ago === 0) return t("day-today");
  if (ago === 1) return t("day-yesterday");
  const sameYear = new Date(time).getFullYear() === new Date(now).getFullYear();
  return worded(sameYear ? formats.value.weekday : formats.value.weekdayAndYear, time);
}

/** The clock for today, otherwise the day in short: for lists. */
export function shortTime(time: number, now: number): string {
  return sameDay(time, now) ? clock(time) : worded(formats.value.short, time);
}

export function sameDay(one: number, other: number): boolean {
  return dayNumber(one) === dayNumber(other);
}

/** Day and clock, for the full time behind a short one. */
export function fullTime(time: number): string {
  return worded(formats.value.full, time);
}

/** "Tue, 12 Jan, 7:30 pm" */
export function when(time: number): string {
  return worded(formats.value.when, time);
}

/** The day with its year, in words. */
export function date(time: number): string {
  return worded(new Intl.DateTimeFormat(locale.value, { dateStyle: "long" }), time);
}
