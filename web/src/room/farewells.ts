/** Guests go when their time has ended, and nobody has to think of it. As `safespace.sdk.farewells`. */
import { jittered } from "../net/socket.ts";
import type { Acting } from "./acting.ts";
import type { Action } from "./actions.ts";
import type { Desk } from "./desk.ts";
import { doneWith, guestsOf } from "./guests.ts";
import type { Ledger } from "./ledger.ts";
import { removing } from "./moderating.ts";
import { may } from "./roles.ts";
import { settle } from "./running.ts";

/** Milliseconds: the devices of several of the staff do not all begin at once. */
const SOON = 3000;
/** Milliseconds after the end of a session, as this device's clock may be ahead. */
const AFTER = 1000;

export class Farewells {
  readonly #desk: Desk<Ledger>;
  readonly #acting: Acting<Action>;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(desk: Desk<Ledger>, acting: Acting<Action>) {
    this.#desk = desk;
    this.#acting = acting;
  }

  /** Looks whether there is a guest to thank, now or when the session will have ended. */
  plan(): void {
    clearTimeout(this.#timer);
    const { closed, connection, ledger } = this.#desk;
    const { state, me } = ledger.record;
    if (closed || connection !== "live" || !state || !may(state.members[me]?.role ?? "guest", "remove", "guest")) return;
    const closes = state.live.session?.closes ?? null;
    if (this.#due().length > 0) this.#timer = setTimeout(() => void this.#thank(), jittered(SOON));
    else if (guestsOf(state).length > 0 && closes !== null) {
      this.#timer = setTimeout(() => this.plan(), Math.min(Math.max(0, closes - ledger.now()), ledger.countdown.left()) + AFTER);
    }
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  /** The guests whose time has ended, those of them who still are here. */
  #due(): string[] {
    const { ledger } = this.#desk;
    const { state, record } = ledger;
    const ended = doneWith(state, settle(state, ledger.sessionTime()));
    return guestsOf(state).filter((id) => record.leaving.includes(id) || ended.includes(id));
  }

  async #thank(): Promise<void> {
    for (const id of this.#due()) {
      // Another device was quicker, or this is tried again at the next look.
      await this.#acting.perform(() => removing(this.#desk.ledger, id, false, null)).catch(() => undefined);
    }
    if (this.#due().length > 0) this.#timer = setTimeout(() => this.plan(), jittered(SOON));
  }
}
