/**
 * When sessions begin: recurrences (RFC 5545 section 3.3.10) in a time zone, worked out to instants.
 *
 * As `safespace.rooms.schedule` (vectors in `tests/vectors/schedule.json`). Whoever plans works this out once; everybody
 * else has the instants. A local time is written as the milliseconds of the same date and time in UTC.
 */
import { RRule } from "rrule";
import { MAX_TIME } from "../form.ts";
import { AppError, codeOf } from "./errors.ts";

/** Sessions that are planned ahead in one plan. */
export const MAX_STARTS = 64;
/** A plan of which fewer dates are left is planned anew. */
export const FEW = 8;
/** Plain words for rules. Monthly is on the same day of the month, and passes over months that are too short. */
export const REPEATS = {
  daily: "FREQ=DAILY",
  weekly: "FREQ=WEEKLY",
  fortnightly: "FREQ=WEEKLY;INTERVAL=2",
  monthly: "FREQ=MONTHLY",
} as const;

const DAY = 86_400_000;
/** How far ahead dates are looked for: the next February 29th is within it. */
const HORIZON = 5 * 366 * DAY;

const NUMBER = /^[1-9][0-9]{0,2}$/;
const WEEKDAYS = /^(?:MO|TU|WE|TH|FR|SA|SU)(?:,(?:MO|TU|WE|TH|FR|SA|SU))*$/;
const NTH = "[+-]?[1-9][0-9]?";
const BIG: Readonly<Record<string, RegExp>> = {
  BYDAY: new RegExp(`^(?:${NTH})?(?:MO|TU|WE|TH|FR|SA|SU)(?:,(?:${NTH})?(?:MO|TU|WE|TH|FR|SA|SU))*$`),
  BYMONTHDAY: /^-?(?:[1-9]|[12][0-9]|3[01])(?:,-?(?:[1-9]|[12][0-9]|3[01]))*$/,
  BYMONTH: /^(?:[1-9]|1[0-2])(?:,(?:[1-9]|1[0-2]))*$/,
  BYSETPOS: new RegExp(`^${NTH}(?:,${NTH})*$`),
};
/** By frequency, what a rule may say beside what every rule may. */
const PARTS: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  DAILY: {},
  WEEKLY: { BYDAY: WEEKDAYS },
  MONTHLY: BIG,
  YEARLY: BIG,
};
const COMMON: Readonly<Record<string, RegExp>> = {
  FREQ: /^/,
  INTERVAL: NUMBER,
  COUNT: NUMBER,
  UNTIL: /^\d{8}(?:T\d{6}Z?)?$/,
  WKST: /^(?:MO|TU|WE|TH|FR|SA|SU)$/,
};

/**
 * The next instants (milliseconds, later than `after`) at which sessions begin, 64 at most. `first` is a local time.
 *
 * A time that the clocks skip counts as before they were put forward; of one that comes twice it is the first (RFC 5545
 * section 3.3.5). Throws AppError invalid_field for a zone or a rule that is not known here or a date after MAX_TIME, impossible_recurrence where
 * no date within five years fits it, in_the_past.
 */
export function starts(first: number, zone: string, rule: string | null, after: number): number[] {
  const clocks = zoneOf(zone);
  const coming: number[] = [];
  let past = false;
  let last = after;
  for (const date of rule === null ? [first] : dates(first, clocks, rule)) {
    const instant = clocks.instant(date);
    past ||= instant <= after;
    if (!(instant <= MAX_TIME)) {
      if (coming.length === 0) throw new AppError("invalid_field");
      break;
    }
    // Two dates are one instant where a country leaves out a day.
    if (instant <= last) continue;
    coming.push(instant);
    last = instant;
    if (coming.length === MAX_STARTS) break;
  }
  if (coming.length === 0) throw new AppError(past ? "in_the_past" : "impossible_recurrence");
  return coming;
}

/**
 * The starts of a plan that goes on by its rule: those of `planned` (not empty, rising) that are later than `now`, and what
 * follows on them. A rule that counts its dates is over with them. Throws as `starts` does.
 *
 * Single dates may have been moved, so the rule is followed from the start from which it says the most of the others.
 */
export function goingOn(planned: readonly number[], zone: string, rule: string, now: number): number[] {
  const left = planned.filter((at) => at > now);
  const last = Math.max(now, ...planned);
  const newest = planned.slice(-FEW);
  if (rule.includes("COUNT")) return left;
  let best = { fits: 0, from: newest[0] ?? now };
  for (const from of newest) {
    const said = new Set(starts(local(from, zone), zone, rule, from - 1));
    const fits = newest.filter((at) => said.has(at)).length;
    if (fits > best.fits) best = { fits, from };
  }
  try {
    return [...left, ...starts(local(best.from, zone), zone, rule, last)].slice(0, MAX_STARTS);
  } catch (error) {
    // A rule may come to its end.
    if (codeOf(error) === "invalid_field") throw error;
    return left;
  }
}

/** An instant by the clocks of a zone. Throws AppError invalid_field. */
export function local(instant: number, zone: string): number {
  return zoneOf(zone).local(instant);
}

/** The instant of a local time. Throws AppError invalid_field. */
export function instantOf(time: number, zone: string): number {
  return zoneOf(zone).instant(time);
}

interface Clocks {
  local(instant: number): number;
  instant(local: number): number;
}

const known = new Map<string, Clocks>();

function zoneOf(name: string): Clocks {
  let clocks = known.get(name);
  if (!clocks) known.set(name, (clocks = clocksOf(name)));
  return clocks;
}

function clocksOf(zone: string): Clocks {
  const numeric = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" } as const;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en-US", { timeZone: zone, calendar: "gregory", hourCycle: "h23", ...numeric });
  } catch (error) {
    throw new AppError("invalid_field", { cause: error });
  }
  const local = (instant: number): number => {
    const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) + (((instant % 1000) + 1000) % 1000);
  };
  const instant = (time: number): number => {
    // By the clocks of the day before and of the day after: they differ only where these change.
    const [before, after] = [time - DAY, time + DAY].map((near) => time - (local(near) - near)) as [number, number];
    return local(before) !== time && local(after) === time ? after : before;
  };
  return { local, instant };
}

/** Local times by the rule. Throws AppError invalid_field. */
function dates(first: number, clocks: Clocks, rule: string): number[] {
  const pairs = rule.split(";").map((part) => part.split("="));
  const parts = new Map(pairs.map(([name = "", value]) => [name, value ?? ""]));
  const forms = { ...COMMON, ...PARTS[parts.get("FREQ") ?? ""] };
  const fits = pairs.every(([name = "", value, ...more]) => more.length === 0 && value !== undefined && forms[name]?.test(value));
  const bounded = parts.has("COUNT") && parts.has("UNTIL");
  if (!fits || parts.size < pairs.length || bounded || !((parts.get("FREQ") ?? "") in PARTS)) {
    throw new AppError("invalid_field");
  }
  const most = Number(parts.get("COUNT") ?? Infinity);
  const until = parts.get("UNTIL");
  const last = Math.min(first + HORIZON, until === undefined ? Infinity : end(until, clocks));
  parts.delete("COUNT");
  parts.delete("UNTIL");
  const options = RRule.parseString(Array.from(parts, (pair) => pair.join("=")).join(";"));
  const found: number[] = [];
  // Without an end of its own an impossible rule would be followed through to the year 9999.
  new RRule({ ...options, dtstart: new Date(first), until: new Date(last) }).all((date) => found.push(date.getTime()) < most);
  return found;
}

/** The end of a rule, in local time: a date, a local time, or an instant in UTC. Throws AppError invalid_field. */
function end(text: string, clocks: Clocks): number {
  const [year = 0, month = 0, day = 0, hour = 23, minute = 59, second = 59] = (text.match(/^\d{4}|\d\d/g) ?? []).map(Number);
  const time = Date.UTC(year, month - 1, day, hour, minute, second);
  // What there is not, such as a 31st of June, was counted on.
  const written = new Date(time).toISOString().replace(/[-:]/g, "");
  if (!written.startsWith(text.replace("Z", ""))) throw new AppError("invalid_field");
  return text.endsWith("Z") ? clocks.local(time) : time;
}
