import { expect, test } from "vitest";
import { heardSince, lastSpoke } from "./airtime.ts";
import { type Floor, EMPTY, OPEN } from "./floor.ts";
import { type Live, PLAIN } from "./live.ts";
import { liveOf, nextChange, turnLeft } from "./liveView.ts";
import { NO_SHEET, type State } from "./state.ts";
import type { Message } from "./types.ts";

const MINUTE = 60_000;
const NOON = 1_770_000_000_000;
const [FERN, WREN, MOSS] = ["fern", "wren", "moss"] as const;

function state(live: Partial<Live>, floor: Partial<Floor> = {}, plans: State["plans"] = {}): State {
  return {
    v: 1, group: "g", room: "r", name: "Tuesdays", welcome: "", presence: true, days: 0, rules: { version: 1, text: "It stays here." },
    charter: { version: 1, text: "Kindly." }, members: {}, offers: {}, mutes: {}, quiet: false, live: { ...PLAIN, ...live }, plans,
    sheet: NO_SHEET, pace: "usual", themes: {}, prompts: {}, floor: { ...EMPTY, ...floor }, banned: [], former: [], names: [], departed: [],
  };
}

const session = { plan: null, start: NOON, opened: NOON, closes: NOON + 60 * MINUTE, lead: FERN, capsule: null };
const round = { mode: "round", seconds: 120, grace: 30 } as const;

test("a turn that ran out has gone on to the next, and the one after the session is nobody's", () => {
  const at = state({ session, terms: round }, { turn: 1, holder: WREN, since: NOON, queue: [MOSS] });
  expect(liveOf(at, NOON + 149_000, WREN).floor.holder).toBe(WREN);
  expect(liveOf(at, NOON + 151_000, WREN).floor).toMatchObject({ holder: MOSS, turn: 2, since: NOON + 150_000 });
  expect(liveOf(at, session.closes, WREN)).toMatchObject({ session: null, terms: OPEN, floor: { holder: null } });
});

test("what is left of a turn stands still in a pause, and is nothing where turns have no time", () => {
  const at = state({ session, terms: round }, { turn: 1, holder: WREN, since: NOON });
  expect(turnLeft(liveOf(at, NOON + 30_000, WREN), NOON + 30_000)).toBe(90_000);
  expect(turnLeft(liveOf(at, NOON + 130_000, WREN), NOON + 130_000)).toBe(-10_000);
  const paused = state({ session, terms: round, paused: { since: NOON + 20_000, by: FERN, note: null } }, { turn: 1, holder: WREN, since: NOON });
  expect(turnLeft(liveOf(paused, NOON + 90_000, WREN), NOON + 90_000)).toBe(100_000);
  const slowly = state({ session, terms: { ...round, seconds: 0 } }, { turn: 1, holder: WREN, since: NOON });
  expect(turnLeft(liveOf(slowly, NOON, WREN), NOON)).toBeNull();
});

test("the next thing that time does is the first of a turn's end, the small rooms' and the session's, and a start by the clock", () => {
  expect(nextChange(state({}), NOON)).toBeNull();
  expect(nextChange(state({ session }), NOON)).toBe(session.closes);
  const at = { turn: 1, holder: WREN, since: NOON };
  expect(nextChange(state({ session, terms: round }, at), NOON)).toBe(NOON + 150_000);
  expect(nextChange(state({ session, terms: { ...round, grace: null } }, at), NOON)).toBe(session.closes);
  const breakouts = { rooms: {}, closes: NOON + 10 * MINUTE };
  expect(nextChange(state({ session, breakouts }), NOON)).toBe(breakouts.closes);
  expect(nextChange(state({ session, breakouts }), breakouts.closes)).toBe(session.closes);
  const times = { p: { starts: [NOON - 1, NOON + MINUTE], minutes: 60, clock: true } };
  expect(nextChange(state({ times, ended: NOON }), NOON)).toBe(NOON + MINUTE);
});

test("the next date is the first that is not over, of all plans, and not the one that is on", () => {
  const words = { title: "Tea", note: "", zone: "UTC", rule: null, segments: [] };
  const times = {
    p: { starts: [NOON - 30 * MINUTE, NOON + 600 * MINUTE], minutes: 60, clock: false },
    q: { starts: [NOON + 300 * MINUTE], minutes: 30, clock: false },
  };
  const plans = { p: words, q: { ...words, title: "Walk" } };
  expect(liveOf(state({ times }, {}, plans), NOON, WREN).next).toMatchObject({ plan: "p", start: NOON - 30 * MINUTE, title: "Tea" });
  const on = { plan: "p", start: NOON - 30 * MINUTE, opened: NOON, closes: NOON + 30 * MINUTE, lead: FERN, capsule: null };
  const view = liveOf(state({ times, session: on }, {}, plans), NOON, WREN);
  expect(view).toMatchObject({ title: "Tea", next: { plan: "q", minutes: 30, title: "Walk" } });
});

test("who has been heard is counted from when the session began, by what the room has", () => {
  const said = (sender: string, time: number, seq: number | null): Message => ({
    kind: "message", id: `${sender}${time}`, seq, time, sender, pseudonym: sender, mine: false, text: "", folded: null, card: null,
    quote: null, down: null, state: "sent", code: null,
  });
  const items = [said(WREN, NOON - 1, 1), said(MOSS, NOON, 2), said(MOSS, NOON + 5, 3), said(FERN, NOON + 9, null)];
  expect(Object.fromEntries(heardSince(items, NOON))).toEqual({ [MOSS]: 2 });
  expect(lastSpoke(items, MOSS)).toBe(NOON + 5);
  expect(lastSpoke(items, FERN)).toBeNull();
});
