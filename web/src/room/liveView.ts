/** The live session as screens are shown it: what was decided, with what time has made of it. */
import { firstOf, type Floor, nextChange as floorChange, type Terms } from "./floor.ts";
import { type Live, MINUTE, type Session } from "./live.ts";
import { STAFF } from "./roles.ts";
import { settle } from "./running.ts";
import type { RunSheet, State } from "./state.ts";

/** A date of a plan. */
export interface Coming {
  readonly plan: string;
  readonly title: string;
  readonly start: number;
  readonly minutes: number;
}

/** Members are told by their ids, times in milliseconds by the server's clock. */
export interface LiveView {
  readonly session: Session | null;
  /** What the session that is on is called, if it was planned. */
  readonly title: string | null;
  /** The next date of all plans that is not over; the one that is on is not among them. */
  readonly next: Coming | null;
  /** Whether everyone may write while no session is on. */
  readonly between: boolean;
  readonly locked: boolean;
  readonly paused: Live["paused"];
  /** Seconds between two messages of one member; 0 for none. */
  readonly slow: number;
  readonly terms: Terms;
  /** Of who cannot use the floor (`silent`) the staff read all, others themselves alone. */
  readonly floor: Floor;
  /** Whose turn comes after this one, as far as is known now. */
  readonly upNext: string | null;
  readonly sheet: RunSheet;
  readonly pace: State["pace"];
}

/** As `me` is shown it. */
export function liveOf(given: State, now: number, me: string): LiveView {
  const state = settle(given, now);
  const { session, between, locked, paused, slow, terms } = state.live;
  const { sheet, pace } = state;
  const upNext = terms.mode === "open" ? null : firstOf(state.floor, now);
  const floor = STAFF.includes(state.members[me]?.role ?? "guest") ? state.floor : { ...state.floor, silent: only(state.floor, me) };
  const title = session?.plan ? (state.plans[session.plan]?.title ?? null) : null;
  return { session, title, next: next(state, now), between, locked, paused, slow, terms, floor, upNext, sheet, pace };
}

function only({ silent }: Floor, me: string): Floor["silent"] {
  return silent[me] === undefined ? {} : { [me]: silent[me] };
}

/** Milliseconds until a turn is meant to be over, less than 0 in its grace; null where it takes as long as it takes. */
export function turnLeft({ terms, floor, paused }: LiveView, now: number): number | null {
  if (terms.mode === "open" || terms.seconds === 0 || floor.holder === null) return null;
  return floor.since + terms.seconds * 1000 - (paused ? Math.max(paused.since, floor.since) : now);
}

/** When time changes something next: a session begins or ends, small rooms close, or a turn is over; null for never. */
export function nextChange(given: State, now: number): number | null {
  const { live, floor } = settle(given, now);
  const { session, terms, paused, breakouts } = live;
  const ends = session ? [session.closes] : clockStarts(live);
  if (breakouts) ends.push(breakouts.closes);
  const turn = paused ? null : floorChange(terms, floor);
  if (turn !== null) ends.push(turn);
  const coming = ends.filter((at) => at > now);
  return coming.length === 0 ? null : Math.min(...coming);
}

function clockStarts({ times, ended }: Live): number[] {
  return Object.values(times).flatMap(({ starts, clock }) => (clock ? starts.filter((at) => at > ended) : []));
}

function next({ live, plans }: State, now: number): Coming | null {
  const dates = Object.entries(live.times).flatMap(([plan, { starts, minutes }]) =>
    starts
      .filter((start) => start > live.ended && start + minutes * MINUTE > now && start !== live.session?.start)
      .map((start) => ({ plan, title: plans[plan]?.title ?? "", start, minutes })),
  );
  return dates.reduce<Coming | null>((first, one) => (first && first.start <= one.start ? first : one), null);
}
