/** What everyone is asked and answers without a name, in a room. All that it takes comes once something is asked. */
import { signal } from "@preact/signals";
import { later } from "../net/later.ts";
import type { Acting } from "./acting.ts";
import type { Action } from "./actions.ts";
import type { BallotDesk } from "./ballotDesk.ts";
import type { Desk } from "./desk.ts";
import type { Ledger } from "./ledger.ts";
import type { BallotsView, BallotView } from "./types.ts";

export class Balloting implements BallotsView {
  readonly list = signal<readonly BallotView[]>([]);
  readonly #desk: Desk<Ledger>;
  readonly #acting: Acting<Action>;
  #deeds: BallotDesk | null = null;

  constructor(desk: Desk<Ledger>, acting: Acting<Action>) {
    this.#desk = desk;
    this.#acting = acting;
  }

  /** The log says more by now: what is asked is shown and seen to. */
  show(): void {
    if (this.#deeds) this.#deeds.show();
    // What cannot be fetched now is fetched when there is more to show.
    else if (Object.keys(this.#desk.ledger.record.state?.live.ballots ?? {}).length > 0) void this.deeds().catch(() => undefined);
  }

  async deeds(): Promise<BallotDesk> {
    const { BallotDesk } = await later("ballotDesk", () => import("./ballotDesk.ts"));
    if (!this.#deeds) {
      this.#deeds = new BallotDesk(this.#desk, this.#acting, this.list);
      this.#deeds.show();
    }
    return this.#deeds;
  }
}
