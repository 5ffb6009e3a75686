/** What a person does to the live session, and to the floor. Each rejects with the AppError of the rule that forbids it. */
import type { Acting } from "./acting.ts";
import type { Action } from "./actions.ts";
import type { Desk } from "./desk.ts";
import { codeOf } from "./errors.ts";
import type { Ledger } from "./ledger.ts";
import type { Segment } from "./liveActions.ts";
import type { LiveView } from "./liveView.ts";

/** Minutes and seconds are whole. `order` and `member` are ids. */
export interface Leading {
  /** Begins the next session of a plan, or, with null, one out of turn. */
  open(plan: string | null, minutes: number): Promise<void>;
  /** Lets it end so many minutes from now. */
  extend(minutes: number): Promise<void>;
  close(): Promise<void>;
  takeLead(): Promise<void>;
  lock(on: boolean): Promise<void>;
  pause(note: string | null): Promise<void>;
  resume(): Promise<void>;
  slowMode(seconds: number): Promise<void>;
  setPace(pace: LiveView["pace"]): Promise<void>;
  writeRunSheet(segments: readonly Segment[]): Promise<void>;
  /** To a segment, counted from 0; null is before the first. */
  moveOn(at: number | null): Promise<void>;
  setFloor(mode: "open" | "hands", seconds: number, grace: number | null): Promise<void>;
  startRound(order: readonly string[], seconds: number, grace: number | null): Promise<void>;
  giveFloor(member: string): Promise<void>;
  /** `too`: to say something to what is being said. */
  raiseHand(too: boolean): Promise<void>;
  /** One's own, or a member's. */
  lowerHand(member?: string): Promise<void>;
  /** Everyone's. */
  lowerHands(): Promise<void>;
  /** Ends the turn of this number, whose holder is not here; `later` as below. */
  skipAbsent(turn: number, later: boolean): Promise<void>;
  /** Ends the turn of this number; `later`: its holder waits for another. One that is over by then has ended as it should. */
  passTurn(turn: number, later: boolean): Promise<void>;
}

export class LiveDeeds implements Leading {
  readonly #desk: Desk<Ledger>;
  readonly #acting: Acting<Action>;

  constructor(desk: Desk<Ledger>, acting: Acting<Action>) {
    this.#desk = desk;
    this.#acting = acting;
  }

  open(plan: string | null, minutes: number): Promise<void> {
    return this.#do({ action: "open_session", target: null, plan, minutes });
  }

  extend(minutes: number): Promise<void> {
    return this.#do({ action: "extend_session", target: null, minutes });
  }

  close(): Promise<void> {
    return this.#do({ action: "close_session", target: null });
  }

  takeLead(): Promise<void> {
    return this.#do({ action: "take_lead", target: null });
  }

  lock(on: boolean): Promise<void> {
    return this.#do({ action: "lock", target: null, on });
  }

  pause(note: string | null): Promise<void> {
    return this.#do({ action: "pause", target: null, note });
  }

  resume(): Promise<void> {
    return this.#do({ action: "resume", target: null });
  }

  slowMode(seconds: number): Promise<void> {
    return this.#do({ action: "slow_mode", target: null, seconds });
  }

  setPace(pace: LiveView["pace"]): Promise<void> {
    return this.#do({ action: "set_pace", target: null, pace });
  }

  writeRunSheet(segments: readonly Segment[]): Promise<void> {
    return this.#do({ action: "write_run_sheet", target: null, segments });
  }

  moveOn(at: number | null): Promise<void> {
    return this.#do({ action: "move_on", target: null, at });
  }

  setFloor(mode: "open" | "hands", seconds: number, grace: number | null): Promise<void> {
    return this.#do({ action: "set_floor", target: null, mode, seconds, grace });
  }

  startRound(order: readonly string[], seconds: number, grace: number | null): Promise<void> {
    return this.#do({ action: "start_round", target: null, seconds, grace, order });
  }

  giveFloor(target: string): Promise<void> {
    return this.#do({ action: "give_floor", target });
  }

  raiseHand(too: boolean): Promise<void> {
    return this.#do({ action: "raise_hand", target: null, too });
  }

  lowerHand(target?: string): Promise<void> {
    const { me } = this.#desk.ledger.record;
    return this.#do({ action: "lower_hand", target: target === me ? null : (target ?? null) });
  }

  lowerHands(): Promise<void> {
    return this.#do({ action: "lower_hands", target: null });
  }

  skipAbsent(turn: number, later: boolean): Promise<void> {
    return this.#pass(turn, later, true);
  }

  passTurn(turn: number, later: boolean): Promise<void> {
    return this.#pass(turn, later, false);
  }

  async #pass(turn: number, later: boolean, absent: boolean): Promise<void> {
    try {
      await this.#do({ action: "pass_turn", target: null, turn, later, absent });
    } catch (error) {
      if (codeOf(error) !== "turn_over") throw error;
    }
  }

  #do(action: Action): Promise<void> {
    return this.#acting.perform(() => ({ action }));
  }
}
