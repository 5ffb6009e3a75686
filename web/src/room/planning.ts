/** Planning a group's sessions: which dates, other dates, and more of them when few are left. */
import { jittered } from "../net/socket.ts";
import { AppError } from "./errors.ts";
import { uuidv7 } from "./ids.ts";
import { may } from "./roles.ts";
import { FEW, goingOn, instantOf, starts } from "./schedule.ts";
import type { Decision, Planned, SessionView } from "./plansView.ts";
import type { RoomView } from "./types.ts";

/** Milliseconds within which a facilitator's device plans anew: by then another's may have. */
const RENEW_WITHIN = 120_000;

type Place = Pick<RoomView, "plans" | "now">;

/** A plan to be; `first` is by the clocks of its zone, as the milliseconds of the same date and time in UTC. */
export interface NewPlan extends Omit<Planned, "starts"> {
  readonly first: number;
}

/** Throws AppError in_the_past, overlapping, impossible_recurrence, too_many_plans, …; so do the others. */
export function planSessions(place: Place, { first, ...given }: NewPlan): Promise<void> {
  const plan = uuidv7();
  const { zone, rule } = given;
  return place.plans.decide(() => ({ action: "plan", plan, starts: starts(first, zone, rule, place.now()), ...given }));
}

/** Takes one date out of its plan; the plan goes with its last. */
export function skip(place: Place, { plan, start }: SessionView): Promise<void> {
  return place.plans.decide(() => without(place, plan, start, []));
}

/** `to` is by the clocks of the plan's zone, as in `NewPlan`. */
export function move(place: Place, { plan, start, zone }: SessionView, to: number): Promise<void> {
  return place.plans.decide(() => without(place, plan, start, [instantOf(to, zone)]));
}

function without(place: Place, plan: string, start: number, instead: readonly number[]): Decision {
  const planned = known(place.plans.planned(plan));
  // What follows is put behind a last date before that is taken out, so that it does not come back.
  const coming = following(planned, place.now()).filter((at) => at !== start);
  const left = [...coming, ...instead].sort((one, other) => one - other);
  return left.length === 0 ? { action: "unplan", plan } : { action: "plan", plan, ...planned, starts: left };
}

/** The starts of a plan from now on, with more of them where few are left. */
function following({ starts: all, zone, rule }: Planned, now: number): number[] {
  const left = all.filter((at) => at > now);
  if (rule === null || left.length >= FEW) return left;
  try {
    return goingOn(all, zone, rule, now);
  } catch {
    // A rule that is not known here is left to who knows it.
    return left;
  }
}

/** While the room is open before somebody who may plan, plans anew, some time soon, what comes to its last dates. Gives what ends that. */
export function keepPlanned(room: RoomView): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = (): void => {
    if (timer === undefined && short(room).length > 0) timer = setTimeout(() => void renew(room).finally(() => (timer = undefined)), jittered(RENEW_WITHIN));
  };
  const unsubscribe = room.plans.sessions.subscribe(look);
  return () => {
    unsubscribe();
    clearTimeout(timer);
  };
}

function short(room: RoomView): readonly string[] {
  const { plans, me, status } = room;
  const now = room.now();
  if (status.peek() !== "live" || !may(me.peek()?.role ?? "guest", "plan")) return [];
  return plans.repeating.filter((plan) => (plans.planned(plan)?.starts ?? []).filter((at) => at > now).length < FEW);
}

async function renew(room: RoomView): Promise<void> {
  const { plans } = room;
  for (const plan of short(room)) {
    const renewed = plans.decide(() => {
      const planned = known(plans.planned(plan));
      const now = room.now();
      const coming = following(planned, now);
      if (coming.length === planned.starts.filter((at) => at > now).length) throw new AppError("unchanged");
      return { action: "plan", plan, ...planned, starts: coming };
    });
    // Somebody else's device did it, or this one tries again when something changes.
    await renewed.catch(() => undefined);
  }
}

function known(planned: Planned | null): Planned {
  if (!planned) throw new AppError("unknown_plan");
  return planned;
}
