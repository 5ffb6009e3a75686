/**
 * Where the parts of a room work on its one ledger: one thing at a time, and each change on disk before it is used.
 */
import type { Vault } from "../crypto/vault.ts";
import type { Api } from "../net/api.ts";
import type { ClientFrame } from "../net/wire.ts";
import type { AnyLedger, Shelf, Taken } from "./anyLedger.ts";
import { WARNINGS, type WarningCode } from "./checks.ts";
import { AppError } from "./errors.ts";
import type { History } from "./history.ts";
import type { Deed, TimelineItem } from "./types.ts";

/** Where a room keeps what it has to keep. */
export type Shelves = Pick<Vault, "get" | "write" | "lines" | "linesAfter" | "firstPlace">;

/** What a room needs of the device it lives on. */
export interface Device {
  readonly vault: Shelves;
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

/** The shelf of the vault on which a group's deeds are kept; its lines are on the one of its id. */
export function deedShelf(group: string): string {
  return `${group}/deeds`;
}

/** What was said in a room, as far as it is kept, and by whom. */
export type Kept = Pick<Desk, "history" | "ledger" | "line">;

export class Desk<L extends AnyLedger = AnyLedger> implements Shelf {
  readonly device: Device;
  readonly ledger: L;
  connection: Line = "down";
  readonly history: History;
  #deeds: readonly Deed[];
  /** What is not written yet; null for a line that is to go. */
  readonly #fresh = new Map<number, TimelineItem | null>();
  #freshDeeds: readonly Deed[] = [];
  #closed = false;
  #queue: Promise<unknown> = Promise.resolve();
  readonly #saved: () => void;

  /** `saved` is called whenever something was written. */
  constructor(
    device: Device, history: History, deeds: readonly Deed[], saved: () => void, open: (shelf: Shelf, now: () => number) => L,
  ) {
    this.device = device;
    this.ledger = open(this, () => device.api.clock.now());
    this.history = history;
    this.#deeds = deeds;
    this.#saved = saved;
  }

  /** Everything that was done, oldest first. */
  get deeds(): readonly Deed[] {
    return this.#deeds;
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

  async line(seq: number): Promise<TimelineItem | null> {
    const fresh = this.#fresh.get(seq);
    return fresh === undefined ? this.history.line(seq) : fresh;
  }

  /** What was taken is kept with the next `save`. */
  keep({ lines, deed }: Taken): void {
    for (const line of lines) this.#fresh.set(line.seq ?? 0, line);
    if (deed) this.#freshDeeds = [...this.#freshDeeds, deed];
  }

  /** These lines go with the next `save`. */
  drop(seqs: readonly number[]): void {
    for (const seq of seqs) this.#fresh.set(seq, null);
  }

  /** Writes the ledger's changes, and lines and deeds that are new. Throws AppError `blocked` once closed, or VaultError. */
  async save(): Promise<void> {
    if (this.#closed) throw new AppError("blocked");
    const { shelfName } = this.ledger;
    const [lines, deeds] = [new Map(this.#fresh), this.#freshDeeds];
    this.#fresh.clear();
    this.#freshDeeds = [];
    try {
      await this.device.vault.write({
        values: this.ledger.changes(),
        lines: [
          ...Array.from(lines, ([place, value]) => ({ shelf: shelfName, place, value })),
          ...deeds.map((value) => ({ shelf: deedShelf(shelfName), place: value.seq, value })),
        ],
      });
    } catch (error) {
      this.failed(error);
      throw error;
    }
    this.ledger.settle();
    this.history.change(lines);
    if (deeds.length > 0) this.#deeds = [...this.#deeds, ...deeds];
    this.#saved();
  }

  /** Notes a warning about something that did not come with the log. */
  async warn(code: WarningCode): Promise<void> {
    await this.alone(async () => {
      this.ledger.warn(code, this.ledger.now());
      await this.save();
    });
  }

  /** Keeps, and shows, what the ledger noticed while something was made. */
  async keepWarnings(): Promise<void> {
    await this.alone(() => this.save());
  }

  /** Forgets a warning that was read, unless it stops all sending. */
  async acknowledge(id: string): Promise<void> {
    await this.alone(async () => {
      const { record } = this.ledger;
      const stands = (code: string): boolean => code in WARNINGS && WARNINGS[code as WarningCode];
      record.warnings = record.warnings.filter((warning) => warning.id !== id || stands(warning.code));
      await this.save();
    });
  }

  /** Whether `seq` is further than what was read before; if so it is kept. */
  markRead(seq: number): boolean {
    const { record } = this.ledger;
    if (seq <= record.readUpTo) return false;
    record.readUpTo = seq;
    void this.alone(() => this.save()).catch(() => undefined);
    return true;
  }

  /** Keeps what is being written, under `key`; nothing once closed. */
  keepDraft(key: string, text: string): void {
    if (this.#closed) return;
    const kept = this.device.vault.write({ values: { [key]: text === "" ? null : text } });
    kept.catch((error: unknown) => this.failed(error));
  }

  failed(error: unknown): void {
    // A room that is closed has lost its vault on purpose.
    if (!this.#closed) this.device.failed(error);
  }
}
