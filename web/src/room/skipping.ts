/**
 * Whose turn it is has gone: where the group shows who is here, a facilitator's device lets the turn go on.
 *
 * Their turn is asked for again after the others, where somebody waits who is here. Everyone sees that it went on, and why.
 */
import type { Acting } from "./acting.ts";
import type { Action } from "./actions.ts";
import { AppError } from "./errors.ts";
import type { Ledger } from "./ledger.ts";
import { may } from "./roles.ts";
import { settle } from "./running.ts";
import type { State } from "./state.ts";

/** Milliseconds for which a phone may be without a connection and keep its turn. */
const PATIENCE = 20_000;
/** Milliseconds between two facilitators' devices, the first by their ids first, and how many take part. */
const APART = 1_500;
const MOST = 3;

/** Whether somebody waits who is here and may speak. */
export function othersWait({ floor }: Pick<State, "floor">, here: ReadonlySet<string>): boolean {
  return floor.queue.some((id) => here.has(id) && !(id in floor.silent));
}

export class Skipping {
  readonly #ledger: Ledger;
  readonly #acting: Acting<Action>;
  #here: ReadonlySet<string> = new Set();
  #due: { readonly turn: number; readonly timer: ReturnType<typeof setTimeout> } | null = null;

  constructor(ledger: Ledger, acting: Acting<Action>) {
    this.#ledger = ledger;
    this.#acting = acting;
  }

  /** `here`: who is connected, nobody while this device is not. */
  look(here: ReadonlySet<string>): void {
    this.#here = here;
    const turn = this.#forsaken();
    if (turn === (this.#due?.turn ?? null)) return;
    this.close();
    if (turn === null) return;
    const timer = setTimeout(() => this.#skip(turn), PATIENCE + APART * Math.min(this.#place(), MOST));
    this.#due = { turn, timer };
  }

  close(): void {
    clearTimeout(this.#due?.timer);
    this.#due = null;
  }

  #skip(turn: number): void {
    this.#due = null;
    const skipped = this.#acting.perform(() => {
      const { state } = this.#ledger.record;
      if (!state || this.#forsaken() !== turn) throw new AppError("unchanged");
      const later = othersWait(settle(state, this.#ledger.now()), this.#here);
      return { action: { action: "pass_turn", target: null, turn, later, absent: true } };
    });
    // Whoever was quicker did it, or they are back.
    skipped.catch(() => undefined);
  }

  /** The turn whose holder is not here, if this device may let it go on. */
  #forsaken(): number | null {
    const { record, now } = this.#ledger;
    const { state, me } = record;
    if (!state?.presence || !this.#here.has(me) || !may(state.members[me]?.role ?? "guest", "give_floor")) return null;
    const { floor, live } = settle(state, now());
    return floor.holder !== null && !live.paused && !this.#here.has(floor.holder) ? floor.turn : null;
  }

  /** How many facilitators that are here come before this one. */
  #place(): number {
    const { state, me } = this.#ledger.record;
    const able = [...this.#here].filter((id) => may(state?.members[id]?.role ?? "guest", "give_floor"));
    return able.sort().indexOf(me);
  }
}
