/** The server's time, by which mutes end and messages expire, whatever this device's clock says. */
export class Clock {
  #ahead = 0;

  /** The server says that it is `time` (milliseconds) now. */
  heard(time: number): void {
    this.#ahead = time - Date.now();
  }

  /** Milliseconds since 1970. */
  now(): number {
    return Date.now() + this.#ahead;
  }
}
