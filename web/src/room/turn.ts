/** One tab at a time holds the keys (Web Locks); the others wait or take over. */

const NAME = "safespace";

export interface Turn {
  /** This tab has the keys now. */
  taken(): void;
  /** Another tab has them, now or from now on. */
  lost(): void;
  /** The browser gives turns to nobody. */
  refused(error: unknown): void;
}

/** Takes the turn if it is free, else waits for it. With `steal`, takes it from the tab that has it. */
export function takeTurn(turn: Turn, steal = false): void {
  const hold = (): Promise<never> => {
    turn.taken();
    // Held until this page goes away or another tab steals it.
    return new Promise<never>(() => undefined);
  };
  const wait = (): void => {
    turn.lost();
    ask({});
  };
  const ask = (options: LockOptions): void => {
    navigator.locks
      .request(NAME, options, (lock) => (lock ? hold() : wait()))
      .catch((error: unknown) => (error instanceof DOMException && error.name === "AbortError" ? wait() : turn.refused(error)));
  };
  ask(steal ? { steal: true } : { ifAvailable: true });
}
