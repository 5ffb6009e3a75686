/**
 * Who takes office is handed what was sealed to those in office before, by the devices of these. As
 * `safespace.sdk.copies`.
 */
import { later } from "../net/later.ts";
import { jittered } from "../net/socket.ts";
import type { Desk } from "./desk.ts";
import type { Ledger } from "./ledger.ts";
import { STAFF } from "./roles.ts";

/** Milliseconds: the devices of several in office do not all begin at once. */
const SOON = 1500;

export class HandingOn {
  readonly #desk: Desk<Ledger>;
  #looked = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(desk: Desk<Ledger>) {
    this.#desk = desk;
  }

  /** Looks soon whether anybody lacks what this person holds, if somebody took office, or with `anew` in any case. */
  plan(anew: boolean): void {
    const { closed, connection, ledger } = this.#desk;
    const { members = {} } = ledger.record.state ?? {};
    const staff = Object.keys(members).filter((id) => STAFF.includes(members[id]?.role ?? "guest"));
    const now = staff.map((id) => id + (members[id]?.role ?? "")).sort().join();
    if (closed || connection !== "live" || (now === this.#looked && !anew)) return;
    this.#looked = now;
    if (staff.length < 2 || !staff.includes(ledger.record.me)) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#handOn().catch(() => undefined), jittered(SOON));
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  /** What cannot be done now is done when this device comes again. */
  async #handOn(): Promise<void> {
    const { handOn } = await later("copies", () => import("./copies.ts"));
    if (!this.#desk.closed) await handOn(this.#desk);
  }
}
