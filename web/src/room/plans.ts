/** A group's sessions on this device: when they are, and who comes. Planning them is `planning.ts`, which comes with the room's part. */
import { signal } from "@preact/signals";
import type { Acting } from "./acting.ts";
import type { Action } from "./actions.ts";
import type { Desk } from "./desk.ts";
import { answersName } from "./heard.ts";
import type { Ledger } from "./ledger.ts";
import type { Segment } from "./liveActions.ts";
import type { Outbox } from "./outbox.ts";
import type { Answer } from "./record.ts";
import { settle } from "./running.ts";
import type { State } from "./state.ts";
import type { CalendarAddress, Decision, Planned, PlansView, SessionView } from "./plansView.ts";

const MINUTE = 60_000;
/** The longest that a timer is set for. */
const LOOK_AGAIN = 60 * MINUTE;

export class Plans implements PlansView {
  readonly sessions = signal<readonly SessionView[]>([]);
  readonly between = signal(true);
  readonly segments = signal<readonly Segment[]>([]);

  readonly #desk: Desk<Ledger>;
  readonly #acting: Acting<Action>;
  readonly #outbox: Outbox;
  #look: ReturnType<typeof setTimeout> | undefined;

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
    const turns = this.sessions.value.flatMap(({ start, minutes }) => [start, start + minutes * MINUTE]);
    const next = [...turns, state.live.session?.closes ?? 0].filter((at) => at > now);
    this.#look = setTimeout(() => this.#again(), Math.min(LOOK_AGAIN, Math.min(...next) - now + 1000));
  }

  close(): void {
    clearTimeout(this.#look);
  }

  async attend({ plan, start }: SessionView, answer: Answer): Promise<void> {
    await this.#outbox.send({ kind: "attend", plan, start, answer });
    this.show();
  }

  planned(plan: string): Planned | null {
    const { state } = this.#desk.ledger;
    const [times, words] = [state.live.times[plan], state.plans[plan]];
    if (!times || !words) return null;
    const { title, note, zone, rule } = words;
    return { ...times, title, note, zone, rule };
  }

  lastTime(): readonly Segment[] {
    const { record, now } = this.#desk.ledger;
    if (!record.state) return [];
    const { live, plans } = settle(record.state, now());
    const plan = live.session ? live.session.plan : (this.sessions.value[0]?.plan ?? null);
    return (plan !== null && plans[plan]?.segments) || [];
  }

  get repeating(): readonly string[] {
    const { state } = this.#desk.ledger;
    return Object.keys(state.plans).filter((plan) => state.plans[plan]?.rule !== null);
  }

  decide(make: () => Decision): Promise<void> {
    return this.#acting.perform(() => ({ action: { target: null, ...make() } }));
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

  get #api() {
    return this.#desk.device.api;
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
