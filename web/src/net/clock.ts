/** The server's time, by which mutes end and messages expire, whatever this device's clock says. */
export class Clock {
  #ahead: number | null = null;

  /** Whether the server has told its time. */
  get known(): boolean {
    return this.#ahead !== null;
  }

  /** The server says that it is `time` (milliseconds) now. */
  heard(time: number): void {
    this.#ahead = time - Date.now();
  }

  /** Milliseconds since 1970. */
  now(): number {
    return Date.now() + (this.#ahead ?? 0);
  }
}
