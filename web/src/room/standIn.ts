/**
 * The facilitator's device dies: where the group shows who is here, another facilitator's device takes the lead.
 *
 * Nothing hangs on who leads: turns go on by themselves. So this only says whom to turn to, and may be done late or twice.
 */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { Acting } from "./acting.ts";
import type { Action } from "./actions.ts";
import { AppError } from "./errors.ts";
import type { Ledger } from "./ledger.ts";
import { may } from "./roles.ts";
import { settle } from "./running.ts";
import { pseudonymOf } from "./timeline.ts";

/** Milliseconds for which a page may be reloaded without losing the lead. */
const PATIENCE = 4_000;
/** Milliseconds between two facilitators' devices, the first by their ids first, and how many take part. */
const APART = 1_500;
const MOST = 3;

export class StandIn {
  readonly #ledger: Ledger;
  readonly #acting: Acting<Action>;
  readonly #for = signal<string | null>(null);
  #here: ReadonlySet<string> = new Set();
  #due: { readonly lead: string; readonly timer: ReturnType<typeof setTimeout> } | null = null;

  constructor(ledger: Ledger, acting: Acting<Action>) {
    this.#ledger = ledger;
    this.#acting = acting;
  }

  /** Pseudonym of whom this device took the lead from, until `seen`. */
  get for(): ReadonlySignal<string | null> {
    return this.#for;
  }

  seen(): void {
    this.#for.value = null;
  }

  /** `here`: who is connected, nobody while this device is not. */
  look(here: ReadonlySet<string>): void {
    this.#here = here;
    const lead = this.#missing();
    if (lead === this.#due?.lead) return;
    this.close();
    if (lead === null) return;
    const timer = setTimeout(() => this.#take(lead), PATIENCE + APART * Math.min(this.#place(), MOST));
    this.#due = { lead, timer };
  }

  close(): void {
    clearTimeout(this.#due?.timer);
    this.#due = null;
  }

  #take(lead: string): void {
    const name = pseudonymOf(this.#ledger.record.state, lead);
    const taken = this.#acting.perform(() => {
      if (this.#missing() !== lead) throw new AppError("unchanged");
      return { action: { action: "take_lead", target: null } };
    });
    // Whoever was quicker leads.
    taken.then(() => (this.#for.value = name)).catch(() => undefined);
  }

  /** Who leads and is not here, if this device may take over. */
  #missing(): string | null {
    const { record, now } = this.#ledger;
    const { state, me } = record;
    if (!state?.presence || !this.#here.has(me)) return null;
    const lead = settle(state, now()).live.session?.lead ?? null;
    const could = lead !== me && may(state.members[me]?.role ?? "guest", "take_lead");
    return could && lead !== null && !this.#here.has(lead) ? lead : null;
  }

  /** How many facilitators that are here come before this one. */
  #place(): number {
    const { state, me } = this.#ledger.record;
    const able = [...this.#here].filter((id) => may(state?.members[id]?.role ?? "guest", "take_lead"));
    return able.sort().indexOf(me);
  }
}
