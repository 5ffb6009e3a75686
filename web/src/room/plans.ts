/** A group's sessions on this device: when they are, who comes, planning them, and calendars of them. */
import { signal } from "@preact/signals";
import { later } from "../later.ts";
import { jittered } from "../net/socket.ts";
import type { Acting } from "./acting.ts";
import type { Action, ActionOf } from "./actions.ts";
import { calendarFile } from "./calendar.ts";
import type { Desk } from "./desk.ts";
import { AppError } from "./errors.ts";
import { answersName } from "./heard.ts";
import { uuidv7 } from "./ids.ts";
import type { Ledger } from "./ledger.ts";
import type { Segment } from "./liveActions.ts";
import type { Outbox } from "./outbox.ts";
import type { Answer } from "./record.ts";
import { may } from "./roles.ts";
import { settle } from "./running.ts";
import { FEW, goingOn, instantOf, starts } from "./schedule.ts";
import type { State } from "./state.ts";
import type { CalendarAddress, NewPlan, PlansView, SessionView } from "./types.ts";

const MINUTE = 60_000;
/** The longest that a timer is set for. */
const LOOK_AGAIN = 60 * MINUTE;
/** Milliseconds within which a facilitator's device plans anew: by then another's may have. */
const RENEW_WITHIN = 2 * MINUTE;

export class Plans implements PlansView {
  readonly sessions = signal<readonly SessionView[]>([]);
  readonly between = signal(true);
  readonly segments = signal<readonly Segment[]>([]);

  readonly #desk: Desk<Ledger>;
  readonly #acting: Acting<Action>;
  readonly #outbox: Outbox;
  #look: ReturnType<typeof setTimeout> | undefined;
  #renewal: ReturnType<typeof setTimeout> | undefined;

  constructor(desk: Desk<Ledger>, acting: Acting<Action>, outbox: Outbox) {
    this.#desk = desk;
    this.#acting = acting;
    this.#outbox = outbox;
  }

  /** Looks at what the log says by now, and again when the next session begins or ends. */
  show(): void {
    clearTimeout(this.#look);
    const { record } = this.#desk.ledger;
    if (!record.state || this.#desk.closed) return;
    const now = this.#desk.ledger.now();
    const state = settle(record.state, now);
    this.sessions.value = sessionsOf(state, now).map((one) => ({ ...one, ...this.#answersTo(one.plan, one.start) }));
    this.between.value = state.live.between;
    this.segments.value = state.sheet.segments;
    const [first] = this.sessions.value;
    const next = first ? (first.start > now ? first.start : first.start + first.minutes * MINUTE) - now : LOOK_AGAIN;
    this.#look = setTimeout(() => this.#again(), Math.min(Math.max(next, 0) + 1000, LOOK_AGAIN));
    this.#renewSoon(state, now);
  }

  close(): void {
    clearTimeout(this.#look);
    clearTimeout(this.#renewal);
  }

  async attend({ plan, start }: SessionView, answer: Answer): Promise<void> {
    await this.#outbox.send({ kind: "attend", plan, start, answer });
    this.show();
  }

  async plan({ first, ...given }: NewPlan): Promise<void> {
    const { zone, rule } = given;
    const found = await later(() => starts(first, zone, rule, this.#desk.ledger.now()));
    await this.#do({ action: "plan", target: null, plan: uuidv7(), starts: found, ...given });
  }

  skip({ plan, start }: SessionView): Promise<void> {
    return this.#change(plan, start, (left) => left);
  }

  move({ plan, start, zone }: SessionView, to: number): Promise<void> {
    return this.#change(plan, start, (left) => [...left, instantOf(to, zone)].sort((one, other) => one - other));
  }

  unplan(plan: string): Promise<void> {
    return this.#do({ action: "unplan", target: null, plan });
  }

  writeBetween(on: boolean): Promise<void> {
    return this.#do({ action: "between_sessions", target: null, on });
  }

  writeSegments(segments: readonly Segment[]): Promise<void> {
    return this.#do({ action: "write_run_sheet", target: null, segments: [...segments] });
  }

  async calendars(): Promise<readonly CalendarAddress[]> {
    const { record } = this.#desk.ledger;
    const { items } = await this.#api.get<{ items: { id: string; group: string | null; created: number }[] }>("/calendars");
    const ours = items.filter(({ group }) => group === null || group === record.group);
    return ours.map(({ id, group, created }) => ({ id, all: group === null, created }));
  }

  async makeCalendar(all: boolean): Promise<string> {
    const group = all ? null : this.#desk.ledger.record.group;
    const { path } = await this.#api.post<{ path: string }>("/calendars", { group });
    return `${this.#desk.device.origin}${path}`;
  }

  async revokeCalendar(id: string): Promise<void> {
    await this.#api.delete(`/calendars/${id}`);
  }

  calendarFile(): string {
    return calendarFile(this.sessions.value);
  }

  get #api() {
    return this.#desk.device.api;
  }

  #do(action: Action): Promise<void> {
    return this.#acting.perform(() => ({ action }));
  }

  #again(): void {
    this.show();
    this.#desk.device.changed();
  }

  #answersTo(plan: string, start: number): Pick<SessionView, "answers" | "mine"> {
    const { record, state } = this.#desk.ledger;
    const said = record.answers[answersName(plan, start)] ?? {};
    const who = (answer: Answer): string[] =>
      Object.entries(said).flatMap(([member, one]) => (one === answer && state.members[member]?.pseudonym) || []);
    const sending = record.outbox.flatMap(({ said: one, state: how }) =>
      one.kind === "attend" && how === "sending" && one.plan === plan && one.start === start ? one.answer : [],
    );
    return {
      answers: { coming: who("coming"), not_today: who("not_today"), listening: who("listening") },
      mine: sending.at(-1) ?? said[record.me] ?? null,
    };
  }

  /** Plans anew without the date `start`, or with what `make` puts in its place. */
  async #change(plan: string, start: number, make: (left: readonly number[]) => readonly number[]): Promise<void> {
    await this.#acting.perform(async () => {
      // What follows is put behind a last date before that is taken out, so that it does not come back.
      const coming = await this.#following(plan);
      const left = make(coming.filter((at) => at !== start));
      return { action: left.length === 0 ? { action: "unplan", target: null, plan } : this.#anew(plan, left) };
    });
  }

  /** The starts of a plan from now on, with more of them where few are left. */
  async #following(plan: string): Promise<readonly number[]> {
    const { state, now } = this.#desk.ledger;
    const [times, words] = [state.live.times[plan], state.plans[plan]];
    if (!times || !words) throw new AppError("unknown_plan");
    const left = times.starts.filter((at) => at > now());
    const { rule, zone } = words;
    if (rule === null || left.length >= FEW) return left;
    // Rules that are not known here are left to who knows them.
    return later(() => goingOn(times.starts, zone, rule, now())).catch(() => left);
  }

  #anew(plan: string, starts: readonly number[]): ActionOf<"plan"> {
    const { state } = this.#desk.ledger;
    const [times, words] = [state.live.times[plan], state.plans[plan]];
    if (!times || !words) throw new AppError("unknown_plan");
    const { minutes, clock } = times;
    return { action: "plan", target: null, plan, starts: [...starts], minutes, clock, ...words };
  }

  /** A facilitator's device plans anew, some time soon, what comes to its last dates. */
  #renewSoon({ members, live, plans }: State, now: number): void {
    const { record } = this.#desk.ledger;
    if (this.#renewal || !may(members[record.me]?.role ?? "guest", "plan")) return;
    const short = Object.keys(plans).filter((id) => {
      const left = live.times[id]?.starts.filter((at) => at > now).length ?? FEW;
      return plans[id]?.rule !== null && left < FEW;
    });
    if (short.length > 0) this.#renewal = setTimeout(() => void this.#renew(short), jittered(RENEW_WITHIN));
  }

  async #renew(plans: readonly string[]): Promise<void> {
    for (const plan of plans) {
      try {
        await this.#acting.perform(async () => {
          const { state, now } = this.#desk.ledger;
          const coming = await this.#following(plan);
          const left = state.live.times[plan]?.starts.filter((at) => at > now()).length ?? 0;
          if (coming.length === left) throw new AppError("unchanged");
          return { action: this.#anew(plan, coming) };
        });
      } catch {
        // Somebody else's device did it, or this one tries again with the next line of the log.
      }
    }
    this.#renewal = undefined;
  }
}

/** The session that is on, if it was planned, and those to come, the next first. */
function sessionsOf({ live, plans }: State, now: number): Omit<SessionView, "answers" | "mine">[] {
  const on = live.session;
  const found = Object.entries(plans).flatMap(([plan, { title, note, zone, rule }]) => {
    const { starts: all = [], minutes = 0 } = live.times[plan] ?? {};
    const coming = all.filter((at) => at > live.ended && at + minutes * MINUTE > now);
    const begun = on?.plan === plan ? [on.start] : [];
    const planned = [...begun, ...coming.filter((at) => !begun.includes(at))];
    return planned.map((start) => ({ plan, start, minutes, title, note, zone, rule, on: begun.includes(start) }));
  });
  return found.sort((one, other) => one.start - other.start);
}
