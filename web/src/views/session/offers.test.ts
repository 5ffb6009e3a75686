import { signal } from "@preact/signals";
import { beforeAll, expect, test } from "vitest";
import session from "../../i18n/en.session.ftl?raw";
import { addWords } from "../../i18n/text.ts";
import { type Floor, EMPTY } from "../../room/floor.ts";
import type { LiveView } from "../../room/liveView.ts";
import type { Member, Notice, Role, RoomView, TimelineItem } from "../../room/types.ts";
import { floorWords } from "./floorWords.ts";
import { offersOf } from "./offers.ts";

beforeAll(() => addWords({ en: session }));

const SHEET: LiveView["sheet"] = {
  segments: [{ title: "How is everyone?", minutes: 20, kind: "check_in" }, { title: "Pacing", minutes: 20, kind: "topic" }],
  at: 0,
  since: 100,
};
const ROUND = { mode: "round", seconds: 60, grace: null } as const;

function member(id: string, role: Role = "member", here: boolean | null = true): Member {
  return {
    id, pseudonym: id, role, me: id === "wren", here, agreed: true, agreedTo: 1, keyHolders: 1, muted: null, listening: false, away: false,
    offered: null, blocked: false,
  };
}

function viewed(live: Partial<LiveView>, floor: Partial<Floor> = {}): LiveView {
  const session = { plan: null, start: 0, opened: 0, closes: 10 ** 9, lead: "fern", capsule: null };
  return {
    session, over: null, title: null, next: null, between: true, locked: false, paused: null, slow: 0, terms: ROUND, floor: { ...EMPTY, ...floor },
    upNext: null, sheet: SHEET, pace: "usual", ...live,
  };
}

function room(role: Role, live: LiveView, others: readonly Member[] = [member("moss"), member("fern", "facilitator")], items: readonly TimelineItem[] = []): RoomView {
  const me = member("wren", role);
  const leading = { setFloor: () => Promise.resolve(), moveOn: () => Promise.resolve(), skipAbsent: () => Promise.resolve() };
  const given = { me: signal(me), members: signal([me, ...others]), timeline: signal(items), live: signal(live), leading, status: signal("live") };
  return given as unknown as RoomView;
}

test("after the last turn who leads is offered the open floor and the next part, and everyone reads what comes", () => {
  const live = viewed({});
  const offers = offersOf(room("facilitator", live), live);
  expect(offers.map(({ words }) => words)).toEqual(["Open the floor", "Go on to “Pacing”"]);
  expect(offersOf(room("member", live), live)).toEqual([]);
  expect(floorWords(room("member", live), live)).toMatchObject({ now: "Everyone had a turn.", then: "next comes Pacing" });
  const last = viewed({ sheet: { ...SHEET, at: 1 } });
  expect(floorWords(room("member", last), last).then).toBe("fern says what comes next");
  expect(offersOf(room("owner", last), last).map(({ words }) => words)).toEqual(["Open the floor"]);
  const paused = viewed({ paused: { since: 0, by: "fern", note: null } });
  expect(offersOf(room("facilitator", paused), paused)).toEqual([]);
});

test("a check-in offers its round until one has begun in it; other parts do not", () => {
  const open = { terms: { mode: "open", seconds: 0, grace: null } } as const;
  const live = viewed(open);
  expect(offersOf(room("facilitator", live), live)).toMatchObject([{ words: "Start the round: How is everyone?", open: { kind: "round" } }]);
  const begun = (time: number): Notice => ({ kind: "notice", id: "1", seq: 1, time, what: "round", who: null, by: "fern" });
  expect(offersOf(room("facilitator", live, [], [begun(99)]), live)).toHaveLength(1);
  expect(offersOf(room("facilitator", live, [], [begun(100)]), live)).toEqual([]);
  const topic = viewed({ ...open, sheet: { ...SHEET, at: 1 } });
  expect(offersOf(room("facilitator", topic), topic)).toEqual([]);
});

test("whoever is not here is said not to be, and anyone goes on where no facilitator is here", () => {
  const live = viewed({}, { turn: 3, holder: "moss", queue: ["wren"] });
  const gone = member("moss", "member", false);
  const alone = room("member", live, [gone, member("fern", "facilitator", false)]);
  expect(floorWords(alone, live).now).toBe("moss has the floor, and is not here just now");
  expect(offersOf(alone, live).map(({ words }) => words)).toEqual(["Go on without moss"]);
  expect(offersOf(room("member", live, [gone, member("fern", "facilitator")]), live)).toEqual([]);
  // Where it is not shown who is here nobody is said to be away.
  const unknown = room("member", live, [member("moss", "member", null), member("fern", "facilitator", null)]);
  expect(offersOf(unknown, live)).toEqual([]);
  expect(floorWords(unknown, live).now).toBe("moss has the floor");
});

test("who cannot speak reads that the place is kept, who leads whom the floor passes over, and others nothing of it", () => {
  const mine = viewed({}, { turn: 1, holder: "moss", queue: ["wren"], silent: { wren: 5000 } });
  expect(floorWords(room("member", mine), mine)).toMatchObject({ now: "moss has the floor", then: "you keep your place", soon: false });
  const all = viewed({}, { queue: ["moss"], silent: { moss: null } });
  expect(floorWords(room("facilitator", all), all).then).toMatch(/^passed over, as they cannot write now: .?moss/u);
  const others = viewed({}, { queue: ["moss"] });
  expect(floorWords(room("member", others), others).now).not.toContain("moss");
  expect(offersOf(room("facilitator", all), all).map(({ words }) => words)).toContain("Open the floor");
});
