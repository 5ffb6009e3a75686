/**
 * The live session: when there is one, whether the room is paused, slow or locked, and who may write meanwhile.
 *
 * As `safespace.rooms.live`. Times are the server's, in milliseconds; what ends by itself is worked out from them
 * (`settled`), so no state depends on when it is looked at. See docs/protocol.md, "The live session".
 */
import { pauseNote } from "../crypto/texts.ts";
import { dictionary, exact, list, nullable, type Of, uuid, whole, yesOrNo } from "../form.ts";
import { identity, MAX_PARTIES, minutes, slowSeconds, starts } from "../net/wire.ts";
import * as asked from "./ballots.ts";
import { AFTER, type Ballot, ballot, MAX_BALLOTS } from "./ballots.ts";
import * as floors from "./floor.ts";
import { EMPTY, type Floor, OPEN, terms } from "./floor.ts";
import { PolicyError } from "./policyError.ts";
import { RANKS, STAFF } from "./roles.ts";
import type { Role } from "./types.ts";

export const MINUTE = 60_000;
/** Plans a group has at once. */
export const MAX_PLANS = 16;
const count = whole(0);

const times = exact({ starts, minutes, clock: yesOrNo });
const session = exact({ plan: nullable(uuid), start: count, opened: count, closes: count, lead: nullable(identity), capsule: nullable(uuid) });
const breakouts = exact({ rooms: dictionary(uuid, list(identity, 0), MAX_PARTIES, 1), closes: count });
const paused = exact({ since: count, by: identity, note: nullable(pauseNote) });
export const live = exact({
  times: dictionary(uuid, times, MAX_PLANS),
  session: nullable(session),
  ended: count,
  between: yesOrNo,
  locked: yesOrNo,
  paused: nullable(paused),
  slow: slowSeconds,
  terms,
  ballots: dictionary(uuid, ballot, MAX_BALLOTS),
  breakouts: nullable(breakouts),
});

/** When a planned session takes place, earliest first; with `clock` it begins by itself. */
export type Times = Of<typeof times>;
/**
 * The session that is on: its `start` as planned, when it was `opened`, when it `closes` by itself, who leads it, and the
 * room, of which nothing is kept, in which it is held unless that is main.
 */
export type Session = Of<typeof session>;
/**
 * What those who run the room decided. `ended`: no start up to here is begun by the clock any more; `between`: whether
 * everyone may write while no session is on; `locked`: nobody new is let in; `slow`: seconds between two messages;
 * `breakouts`: the small rooms that the session has gone into, until they close (`passing.ts`).
 */
export type Live = Of<typeof live>;
export type Table = readonly [Live, Floor];
/** Why someone may not write who else may. */
export type Hush = "in_capsule" | "closed" | "paused" | "not_your_turn";

export const PLAIN: Live = {
  times: {},
  session: null,
  ended: 0,
  between: true,
  locked: false,
  paused: null,
  slow: 0,
  terms: OPEN,
  ballots: {},
  breakouts: null,
};

/** What they are at `time`: sessions begin and end, one after the other, and turns run out. */
export function settled(given: Live, before: Floor, time: number): Table {
  let [live, floor]: Table = [given, before];
  let on = live.session ?? due(live, time);
  for (; on && on.closes <= time; on = due(live, time)) {
    if (!live.paused) floor = floors.advanced(live.terms, floor, on.closes);
    [live, floor] = closed({ ...live, session: on }, floor, on.closes);
  }
  live = { ...live, session: on };
  if (live.breakouts && live.breakouts.closes <= time) live = { ...live, breakouts: null };
  return [live, live.paused ? floor : floors.advanced(live.terms, floor, time)];
}

/** When the session ends that is on, or that the clock has begun by `time`; null for none. */
export function firstEnd(live: Live, time: number): number | null {
  return (live.session ?? due(live, time))?.closes ?? null;
}

/** Why a member may not write at `time`, of what the session and the floor say; null where they may. */
export function hush(given: Live, before: Floor, member: string, role: Role, time: number): Hush | null {
  const [live, floor] = settled(given, before, time);
  if (live.session?.capsule) return "in_capsule";
  if (role === "guest" && !live.session) return "closed";
  if (!STAFF.includes(role)) {
    if (!live.session && !live.between) return "closed";
    if (live.paused) return "paused";
  }
  const mayAlways = RANKS[role] >= RANKS.facilitator;
  return live.terms.mode === "open" || floor.holder === member || mayAlways ? null : "not_your_turn";
}

/** When a member who last wrote at `spoke` may write again in slow mode; null where they may now. */
export function slowedUntil(live: Live, floor: Floor, spoke: number, role: Role, time: number): number | null {
  const slow = settled(live, floor, time)[0].slow * 1000;
  return !STAFF.includes(role) && time >= spoke && time - spoke < slow ? spoke + slow : null;
}

/** A plan of this id is replaced. Throws PolicyError in_the_past, too_many_plans or overlapping. */
export function plan(live: Live, id: string, given: Times, time: number): Live {
  if ((given.starts[0] ?? 0) < time) throw new PolicyError("in_the_past");
  const planned = { ...live.times, [id]: given };
  if (Object.keys(planned).length > MAX_PLANS) throw new PolicyError("too_many_plans");
  const spans = Object.values(planned)
    .flatMap(({ starts, minutes }) => starts.map((start) => ({ start, end: start + minutes * MINUTE })))
    .filter(({ end }) => end > time)
    .sort((one, other) => one.start - other.start);
  if (spans.some(({ start }, at) => start < (spans[at - 1]?.end ?? 0))) throw new PolicyError("overlapping");
  return { ...live, times: planned };
}

/** Throws PolicyError unknown_plan. */
export function unplan(live: Live, id: string): Live {
  if (live.times[id] === undefined) throw new PolicyError("unknown_plan");
  return { ...live, times: Object.fromEntries(Object.entries(live.times).filter(([one]) => one !== id)) };
}

/** Begin one now: the next of a plan, or one out of turn. Throws PolicyError session_open or unknown_plan. */
export function openSession(live: Live, id: string | null, minutes: number, lead: string, time: number): Live {
  if (live.session) throw new PolicyError("session_open");
  let start: number | undefined = time;
  if (id !== null) {
    const planned = live.times[id];
    start = planned?.starts.find((at) => at > live.ended && at + planned.minutes * MINUTE > time);
  }
  if (start === undefined) throw new PolicyError("unknown_plan");
  return { ...live, session: { plan: id, start, opened: time, closes: time + minutes * MINUTE, lead, capsule: null } };
}

/** Let it end so many minutes from now, sooner or later than before. Throws PolicyError no_session. */
export function extendSession(live: Live, minutes: number, time: number): Live {
  return { ...live, session: { ...onNow(live), closes: time + minutes * MINUTE } };
}

/** Throws PolicyError no_session or unchanged. */
export function takeLead(live: Live, member: string): Live {
  if (onNow(live).lead === member) throw new PolicyError("unchanged");
  return { ...live, session: { ...onNow(live), lead: member } };
}

/** Throws PolicyError no_session. */
export function closeSession(live: Live, floor: Floor, time: number): Table {
  onNow(live);
  return closed(live, floor, time);
}

/** Throws PolicyError unchanged. */
export function changed(live: Live, change: Partial<Pick<Live, "locked" | "between" | "slow">>): Live {
  const fields: Readonly<Record<string, unknown>> = live;
  if (Object.entries(change).every(([name, value]) => fields[name] === value)) throw new PolicyError("unchanged");
  return { ...live, ...change };
}

/** Throws PolicyError unchanged. */
export function pause(live: Live, by: string, note: string | null, time: number): Live {
  if (live.paused) throw new PolicyError("unchanged");
  return { ...live, paused: { since: time, by, note } };
}

/** Whose turn it is has as long as was left; who may speak again meanwhile begins. Throws PolicyError unchanged. */
export function resume(live: Live, floor: Floor, time: number): Table {
  if (!live.paused) throw new PolicyError("unchanged");
  const stood = Math.max(0, time - Math.max(floor.since, live.paused.since));
  const resumed = floor.holder === null ? floor : { ...floor, since: floor.since + stood };
  return [{ ...live, paused: null }, floors.filled(live.terms, resumed, time)];
}

/** After a member went: their turn is over, and nobody waits for them. */
export function without(live: Live, floor: Floor, member: string, time: number): Table {
  return [withLead(live, member, null), floors.without(live.terms, floor, member, time)];
}

/** After a member came back as another: place and turn are kept. */
export function renamed(live: Live, floor: Floor, before: string, after: string): Table {
  const given = withLead(live, before, after);
  if (!given.breakouts) return [given, floors.renamed(floor, before, after)];
  // The old one stays: what was done under it before is judged by this, too.
  const rooms = Object.entries(given.breakouts.rooms).map(([room, sent]) => {
    return [room, sent.includes(before) ? [...sent, after] : sent] as const;
  });
  const breakouts = { ...given.breakouts, rooms: Object.fromEntries(rooms) };
  return [{ ...given, breakouts }, floors.renamed(floor, before, after)];
}

/** Throws PolicyError no_session, and what `ballots.opened` throws. */
export function openBallot(live: Live, id: string, given: Ballot): Live {
  const lately = given.asks === "feedback" && live.ended > 0 && given.opened - live.ended <= AFTER;
  if (!live.session && !lately) throw new PolicyError("no_session");
  return { ...live, ballots: asked.opened(live.ballots, id, given) };
}

/** Throws PolicyError ballot_unknown or ballot_over. */
export function closeBallot(live: Live, id: string, time: number): Live {
  return { ...live, ballots: asked.closed(live.ballots, id, time) };
}

/** After the session: nothing of what was decided for its evening stays, but what people were asked. */
function closed({ times, session, between, ballots }: Live, { turn }: Floor, time: number): Table {
  const ended = Math.max(time, session?.start ?? 0);
  return [{ ...PLAIN, times, ended, between, ballots: asked.afterSession(ballots, time) }, { ...EMPTY, turn }];
}

/** The first session that the clock has begun by `time`. */
function due(live: Live, time: number): Session | null {
  const begun = Object.entries(live.times)
    .filter(([, { clock }]) => clock)
    .flatMap(([plan, { starts, minutes }]) =>
      starts
        .filter((at) => live.ended < at && at <= time)
        .map((at) => ({ plan, start: at, opened: at, closes: at + minutes * MINUTE, lead: null, capsule: null })),
    );
  return begun.reduce<Session | null>((first, one) => (first && first.start <= one.start ? first : one), null);
}

function onNow({ session }: Live): Session {
  if (!session) throw new PolicyError("no_session");
  return session;
}

function withLead(live: Live, before: string, after: string | null): Live {
  return live.session?.lead === before ? { ...live, session: { ...live.session, lead: after } } : live;
}
