/** Milliseconds by which an end may be later by this device's own clock than by the server's. */
export const SURE = 60_000;

/** The server's time, by which mutes end and messages expire, whatever this device's clock says. */
export class Clock {
  #ahead = 0;
  /** The most by which the server was ever ahead of what this page has counted. */
  #most = -Infinity;

  /** The server says that it is `time` (milliseconds) now. */
  heard(time: number): void {
    this.#ahead = time - Date.now();
    this.#most = Math.max(this.#most, time - elapsed());
  }

  /** Milliseconds since 1970. */
  now(): number {
    return Date.now() + this.#ahead;
  }

  /** What time it is at least: what the server once said, and what went by since. */
  atLeast(): number {
    return Math.max(this.now(), elapsed() + this.#most - SURE);
  }
}

/**
 * Ends that a group has announced, counted down by this device's own clock as well: a server that stops its clock, or never
 * says that something is over, puts none of them off by more than SURE. As `safespace.sdk.clocks`.
 */
export class Countdown {
  #due: ReadonlyMap<number, number> = new Map();

  /**
   * The server's time `now`, but at least that of each end that has come by this device's own clock. `heard` is the time of
   * the newest line: an end is never farther off than from there.
   */
  now(now: number, ends: readonly number[], heard: number): number {
    const own = elapsed();
    const from = Math.max(now, heard);
    this.#due = new Map(ends.map((end) => [end, this.#due.get(end) ?? own + Math.max(0, end - from) + SURE]));
    return Math.max(now, ...ends.filter((end) => (this.#due.get(end) ?? Infinity) <= own));
  }

  /** Milliseconds until the next of them has come by this device's own clock; Infinity where there is none. */
  left(): number {
    const own = elapsed();
    return Math.min(Infinity, ...[...this.#due.values()].map((due) => due - own).filter((left) => left > 0));
  }
}

const began = Date.now() - performance.now();

/** Milliseconds that this page has counted. What a device slept, some browsers leave out, and the time of day shows. */
function elapsed(): number {
  return Math.max(performance.now(), Date.now() - began);
}
