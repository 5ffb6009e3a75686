/** What is due to leave this device: words that were taken down, and messages older than the group keeps them. */
import { isTime } from "../form.ts";
import type { Desk } from "./desk.ts";
import { emptied } from "./timeline.ts";
import { DAY } from "./trust.ts";
import type { TimelineItem } from "./types.ts";

/** Milliseconds for which what was taken down can be put back. */
export const UNDO = 30_000;
const HOUR = 3_600_000;
/** Lines looked through between two writes. */
const BATCH = 200;

export class Tidying {
  readonly #desk: Desk;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Looks what is due now, and again when something will be. */
  plan(): void {
    clearTimeout(this.#timer);
    if (this.#desk.closed) return;
    const tidied = this.#desk.alone(async () => {
      const next = await this.#fade();
      await this.#expire();
      return next;
    });
    tidied.then(
      (next) => {
        clearTimeout(this.#timer);
        if (!this.#desk.closed) this.#timer = setTimeout(() => this.plan(), next);
      },
      () => undefined,
    );
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  /** Lets go of what was taken down; gives the milliseconds until there is more to do. */
  async #fade(): Promise<number> {
    const { device, ledger } = this.#desk;
    const { record } = ledger;
    let next = HOUR;
    const staying: number[] = [];
    for (const seq of record.fading) {
      const line = await this.#desk.line(seq);
      if (line?.kind !== "message" || !line.down) continue;
      const left = line.down.time + UNDO - device.api.clock.atLeast();
      if (left > 0) {
        staying.push(seq);
        next = Math.min(next, left);
      } else {
        this.#desk.keep({ lines: [emptied(line)] });
      }
    }
    if (staying.length < record.fading.length) {
      record.fading = staying;
      await this.#desk.save();
    }
    return next;
  }

  async #expire(): Promise<void> {
    const { device, ledger } = this.#desk;
    const { record, days } = ledger;
    if (days === 0) return;
    const now = device.api.clock.atLeast();
    const oldest = now - days * DAY;
    const known = ({ time }: TimelineItem): boolean => isTime(time) && time <= now + DAY;
    for (;;) {
      const lines = await device.vault.linesAfter<TimelineItem>(ledger.shelfName, record.expired, BATCH);
      const young = lines.findIndex((line) => expires(line) && known(line) && line.time > oldest);
      const old = young < 0 ? lines : lines.slice(0, young);
      // One of which nobody knows when it was goes with the next of which that is known.
      const newest = old.findLastIndex((line) => expires(line) && known(line));
      const doubtful = old.findIndex((line, at) => at > newest && expires(line) && !known(line));
      const passed = doubtful < 0 ? old : old.slice(0, doubtful);
      const last = passed.at(-1)?.seq;
      if (last === undefined || last === null) return;
      this.#desk.drop(passed.filter(expires).map(({ seq }) => seq ?? 0));
      record.expired = last;
      await this.#desk.save();
      if (young >= 0 || doubtful >= 0) return;
    }
  }
}

/** What was made of a message; what was made of policy stays. */
function expires(line: TimelineItem): boolean {
  return line.kind === "message" || line.what === "away" || line.what === "back" || line.what === "withheld";
}
