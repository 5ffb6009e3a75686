/** Sessions that are planned: one with answers, one in another town, many. */
import { signal } from "@preact/signals";
import { AppError } from "../../src/room/errors";
import type { PlansView, SessionView } from "../../src/room/plansView";

const HOUR = 3_600_000;
const PLAN = "01990000-0000-7000-8000-000000000001";

function session(start: number, more: Partial<SessionView> = {}): SessionView {
  return {
    plan: PLAN,
    start,
    minutes: 60,
    title: "Tuesday tea",
    note: "Bring something warm to drink.",
    zone: "Pacific/Auckland",
    rule: "FREQ=WEEKLY",
    on: false,
    answers: { coming: ["Alder", "Fern", "Wren"], not_today: ["Moss"], listening: ["Juniper"] },
    mine: "coming",
    ...more,
  };
}

function sessionsIn(state: string): readonly SessionView[] {
  if (!["planned", "planning", "reminded", "spoilt"].includes(state)) return [];
  const first = Math.ceil(Date.now() / HOUR) * HOUR + 50 * HOUR;
  const none = { coming: [], not_today: [], listening: [] };
  const others = Array.from({ length: 9 }, (_, week) => session(first + (week + 1) * 168 * HOUR, { answers: none, mine: null }));
  return [session(first), ...others];
}

export function plans(state: string): PlansView {
  const sessions = signal(sessionsIn(state));
  const between = signal(true);
  const done = (): Promise<void> => Promise.resolve();
  return {
    sessions,
    between,
    segments: signal([]),
    attend: ({ plan, start }, mine) => {
      sessions.value = sessions.value.map((one) => (one.plan === plan && one.start === start ? { ...one, mine } : one));
      return done();
    },
    lastTime: () => [],
    planned: () => ({ starts: [], minutes: 60, clock: false, title: "Tuesday tea", note: "", zone: "Pacific/Auckland", rule: "FREQ=WEEKLY" }),
    repeating: [],
    decide: (make) => {
      const decided = make();
      if (decided.action === "plan") return Promise.reject(new AppError("overlapping"));
      if (decided.action === "between_sessions") between.value = decided.on;
      return done();
    },
    calendars: () => Promise.resolve([{ id: "c1", all: true, created: Date.UTC(2026, 3, 14) }]),
    makeCalendar: () => Promise.resolve(`${location.origin}/calendar/kq3XvR8mTzN1bYcW5LdQ0gkq3XvR8mTzN1bYcW5LdQ0.ics`),
    revokeCalendar: done,
  };
}
