import { signal } from "@preact/signals";

const began = Date.now() - performance.now();
/** Milliseconds by which an end may be later by this device's own clock than by the server's. */
export const SURE = 60_000;

/** Milliseconds by which a device's clock may be wrong without anybody being told. */
const TOLERATED = 300_000;

/**
 * The server's time, which decides everything here: who can come in, when mutes end and messages expire. A device's own
 * clock may be wrong by hours or years; it is used only to count what went by.
 */
export class Clock {
  /** By how many milliseconds this device's clock is ahead of the server's; 0 where it is about right, null before the server was heard. */
  readonly wrongBy = signal<number | null>(null);
  /** By how much the server is ahead of what this page has counted; before it was heard the device's clock has to do. */
  #ahead = began;
  /** The most that it ever was. */
  #most = -Infinity;

  /** The server says that it is `time` (milliseconds) now. */
  heard(time: number): void {
    this.#ahead = time - elapsed();
    this.#most = Math.max(this.#most, this.#ahead);
    const off = Date.now() - time;
    this.wrongBy.value = Math.abs(off) > TOLERATED ? Math.round(off / 60_000) * 60_000 : 0;
  }

  /** Whole milliseconds since 1970. */
  now(): number {
    return Math.round(elapsed() + this.#ahead);
  }

  /**
   * What time it is at least: what the server once said, and what went by since. Nothing is deleted on the word of this
   * device's clock alone, so it is 0 before the server was heard.
   */
  atLeast(): number {
    return this.#most === -Infinity ? 0 : Math.max(this.now(), Math.round(elapsed() + this.#most - SURE));
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

/** Milliseconds that this page has counted. What a device slept, some browsers leave out, and the time of day shows. */
export function elapsed(): number {
  return Math.max(performance.now(), Date.now() - began);
}
