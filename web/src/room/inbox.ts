/** What the line says of one room, taken in the order in which it came: envelopes in batches, the rest one by one. */
import { breathe } from "../breath.ts";
import type { Envelope, ServerFrame } from "../net/wire.ts";

/** The most envelopes between two writes. Who is quick never has so many waiting. */
const BATCH = 500;

export type RoomFrame = Exclude<Extract<ServerFrame, { room?: string | null }>, { t: "welcome" }>;
export type Word = Exclude<RoomFrame, Envelope>;

export interface Reader {
  /** Runs when nothing else is at work on the room. */
  alone(work: () => Promise<void>): Promise<void>;
  /** Whether something else has to be read before this line. */
  waits(envelope: Envelope): boolean;
  /** The next envelopes of the log. */
  take(envelopes: readonly Envelope[]): Promise<void>;
  /** What is not of the log. */
  heed(word: Word): Promise<void>;
  /** All is taken. */
  done(): Promise<void>;
}

export class Inbox {
  readonly #reader: Reader;
  #frames: RoomFrame[] = [];
  #draining = false;

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  add(frame: RoomFrame): void {
    this.#frames.push(frame);
    this.goOn();
  }

  /** Takes what came, up to a line that waits. */
  goOn(): void {
    if (this.#draining || this.#frames.length === 0) return;
    this.#draining = true;
    void this.#reader.alone(() => this.#drain()).catch(() => undefined);
  }

  /** Forgets what was not taken. */
  clear(): void {
    this.#frames = [];
  }

  async #drain(): Promise<void> {
    try {
      for (let frame = this.#frames[0]; frame && !this.#waits(frame); frame = this.#frames[0]) {
        if (frame.t === "envelope") {
          await this.#reader.take(this.#batch());
          await breathe();
        } else {
          this.#frames.shift();
          await this.#reader.heed(frame);
        }
      }
    } finally {
      this.#draining = false;
    }
    await this.#reader.done();
  }

  #waits(frame: RoomFrame): boolean {
    return frame.t === "envelope" && this.#reader.waits(frame);
  }

  #batch(): Envelope[] {
    const end = this.#frames.slice(0, BATCH).findIndex((frame) => frame.t !== "envelope" || this.#waits(frame));
    return this.#frames.splice(0, end < 0 ? BATCH : end).filter((frame) => frame.t === "envelope");
  }
}
