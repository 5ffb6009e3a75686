/**
 * Where the parts of a room work on its one ledger: one thing at a time, and each change on disk before it is used.
 */
import type { Vault } from "../crypto/vault.ts";
import type { Api } from "../net/api.ts";
import type { ClientFrame } from "../net/wire.ts";
import { AppError } from "./errors.ts";
import { Ledger } from "./ledger.ts";
import type { RoomRecord } from "./record.ts";
import type { TimelineItem } from "./types.ts";

/** What a room needs of the device it lives on. */
export interface Device {
  readonly vault: Vault;
  readonly api: Api;
  readonly origin: string;
  /** False when the line is down. */
  send(frame: ClientFrame): boolean;
  changed(): void;
  /** The vault did not keep what it was given. */
  failed(error: unknown): void;
}

/** entering: the line is up, and what was missed is on its way. */
export type Line = "down" | "entering" | "live";

export class Desk {
  readonly device: Device;
  readonly ledger: Ledger;
  line: Line = "down";
  #lines: readonly TimelineItem[];
  #closed = false;
  #queue: Promise<unknown> = Promise.resolve();
  readonly #kept: () => void;

  /** `kept` is called whenever something was written. */
  constructor(device: Device, record: RoomRecord, lines: readonly TimelineItem[], kept: () => void) {
    this.device = device;
    this.ledger = new Ledger(record);
    this.#lines = lines;
    this.#kept = kept;
  }

  /** The conversation as it is kept, oldest first. */
  get lines(): readonly TimelineItem[] {
    return this.#lines;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Nothing is written from here on. */
  close(): void {
    this.#closed = true;
  }

  /** Runs `work` when what was asked for before is done. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => undefined);
    return done;
  }

  /** Writes the ledger's changes and new lines. Throws AppError `blocked` once closed, or VaultError. */
  async save(lines: readonly TimelineItem[] = []): Promise<void> {
    if (this.#closed) throw new AppError("blocked");
    try {
      await this.device.vault.write({
        values: this.ledger.changes(),
        lines: lines.map((value) => ({ shelf: this.ledger.record.group, place: value.seq ?? 0, value })),
      });
    } catch (error) {
      this.failed(error);
      throw error;
    }
    this.ledger.settle();
    if (lines.length > 0) this.#lines = [...this.#lines, ...lines];
    this.#kept();
  }

  failed(error: unknown): void {
    // A room that is closed has lost its vault on purpose.
    if (!this.#closed) this.device.failed(error);
  }
}
