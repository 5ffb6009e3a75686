/** The conversation as it is kept: the newest lines at hand, the older ones on this device's shelf until someone looks back. */
import type { Shelves } from "./desk.ts";
import type { TimelineItem } from "./types.ts";

/** How many seqs are taken from the shelf at a time; all that is unread is at hand in any case. */
const STEP = 300;

export class History {
  readonly #vault: Shelves;
  readonly #shelf: string;
  readonly #first: number;
  #from: number;
  #lines: readonly TimelineItem[] = [];
  #looking: Promise<void> = Promise.resolve();

  private constructor(vault: Shelves, shelf: string, first: number, from: number) {
    this.#vault = vault;
    this.#shelf = shelf;
    this.#first = first;
    this.#from = from;
  }

  /** What `shelf` keeps; `readUpTo` and `head` are seqs. */
  static async open(vault: Shelves, shelf: string, { readUpTo, head }: { readUpTo: number; head: number }): Promise<History> {
    const from = Math.min(readUpTo, head - STEP) + 1;
    const history = new History(vault, shelf, (await vault.firstPlace(shelf)) ?? Infinity, from);
    history.#lines = await vault.lines<TimelineItem>(shelf, from);
    return history;
  }

  /** At hand, oldest first. */
  get lines(): readonly TimelineItem[] {
    return this.#lines;
  }

  /** Whether there are lines older than those at hand. */
  get goesOn(): boolean {
    return this.#first < this.#from;
  }

  /** The line at this seq, if it is kept. */
  async line(seq: number): Promise<TimelineItem | null> {
    if (seq >= this.#from) return this.#lines.find((line) => line.seq === seq) ?? null;
    const [found] = await this.#vault.lines<TimelineItem>(this.#shelf, seq, seq + 1);
    return found ?? null;
  }

  /** Lines that are new, changed or, with null, gone, by their seq. Those not at hand are on the shelf alone. */
  change(changes: ReadonlyMap<number, TimelineItem | null>): void {
    if (changes.size === 0) return;
    const last = this.#lines.at(-1)?.seq ?? 0;
    const older = [...changes.keys()].some((seq) => seq <= last);
    const stayed = older
      ? this.#lines.flatMap((line) => {
          const change = changes.get(line.seq ?? 0);
          return change === undefined ? line : (change ?? []);
        })
      : this.#lines;
    const added = [...changes].flatMap(([seq, line]) => (line && seq > last && seq >= this.#from ? line : []));
    this.#lines = [...stayed, ...added];
  }

  /** Brings older lines to hand: some, or the whole of them. */
  lookBack(whole: boolean): Promise<void> {
    const looked = this.#looking.then(async () => {
      if (!this.goesOn) return;
      const from = whole ? this.#first : Math.max(this.#first, this.#from - STEP);
      const older = await this.#vault.lines<TimelineItem>(this.#shelf, from, this.#from);
      this.#lines = [...older, ...this.#lines];
      this.#from = from;
    });
    this.#looking = looked.catch(() => undefined);
    return looked;
  }
}
