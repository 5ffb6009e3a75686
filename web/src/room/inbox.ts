/** What the line says of one room, taken in the order in which it came: envelopes in batches, the rest one by one. */
import type { Envelope, ServerFrame } from "../net/wire.ts";

/** Envelopes taken between two writes and two breaths of the page. */
const BATCH = 50;

export type RoomFrame = Extract<ServerFrame, { room?: string | null }>;
export type Word = Exclude<RoomFrame, Envelope>;

export interface Reader {
  /** Runs when nothing else is at work on the room. */
  alone(work: () => Promise<void>): Promise<void>;
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
    if (this.#draining) return;
    this.#draining = true;
    void this.#reader.alone(() => this.#drain()).catch(() => undefined);
  }

  /** Forgets what was not taken. */
  clear(): void {
    this.#frames = [];
  }

  async #drain(): Promise<void> {
    try {
      for (let frame = this.#frames[0]; frame; frame = this.#frames[0]) {
        if (frame.t === "envelope") {
          await this.#reader.take(this.#batch());
          await new Promise((resolve) => setTimeout(resolve));
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

  #batch(): Envelope[] {
    const envelopes: Envelope[] = [];
    for (let frame = this.#frames[0]; frame?.t === "envelope" && envelopes.length < BATCH; frame = this.#frames[0]) {
      envelopes.push(frame);
      this.#frames.shift();
    }
    return envelopes;
  }
}
