/** Acts asked of the relay: one at a time, made again when overtaken, done when the log has told of all of it. */
import { jittered } from "../net/socket.ts";
import { OVERTAKEN, type Plan } from "./acts.ts";
import type { AnyLedger } from "./anyLedger.ts";
import type { Desk } from "./desk.ts";
import { AppError, codeOf } from "./errors.ts";
import { isDue } from "./healing.ts";

const ATTEMPTS = 8;
/** Milliseconds within which a device gives its leaf fresh keys that are due, and after which it looks again. */
const UPDATE_WITHIN = 60_000;
const LOOK_AGAIN = 3_600_000;

/** Plans an act on what the log says now. */
type Making<Action> = () => Plan<Action> | Promise<Plan<Action>>;

export class Acting<Action> {
  readonly #desk: Desk<AnyLedger<Action>>;
  #updating: ReturnType<typeof setTimeout> | undefined;
  #looking: ReturnType<typeof setTimeout> | undefined;
  #asking: ReturnType<typeof setTimeout> | undefined;
  readonly #waiters = new Map<string, { resolve: () => void; reject: (error: AppError) => void }>();

  constructor(desk: Desk<AnyLedger<Action>>) {
    this.#desk = desk;
  }

  /** Does what `make` plans, anew on what the log says by then when something else came first. Throws AppError. */
  async perform(make: Making<Action>): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#attempt(make);
        return;
      } catch (error) {
        if (!OVERTAKEN.has(codeOf(error)) || attempt === ATTEMPTS) throw error;
        await new Promise((resolve) => setTimeout(resolve, jittered(300 * attempt)));
      }
    }
  }

  /** Resolves once the relay has stored the act that is kept, if there is one. */
  done(): Promise<void> {
    const { act } = this.#desk.ledger.record;
    if (!act) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#waiters.set(act.frame.client_id, { resolve, reject });
    });
  }

  /** What was asked on the line before is asked again, word for word. */
  resume(): void {
    const { record, halted } = this.#desk.ledger;
    if (record.act && !halted) this.#desk.device.send(record.act.frame);
  }

  /** Takes the keys from leaves whose members are gone. */
  removeDeparted(): void {
    const plan = (): Plan<Action> => {
      const indices = this.#desk.ledger.departed.map(({ index }) => index);
      if (indices.length === 0) throw new AppError("unknown_member");
      return { commit: (group) => group.remove(indices) };
    };
    // If it fails, another device is asked.
    void this.#attempt(plan).catch(() => undefined);
  }

  /** Gives this device's leaf fresh keys some time soon, if that is due. */
  planUpdate(): void {
    const { record, known, now } = this.#desk.ledger;
    const { sinceUpdate, ending } = record;
    clearTimeout(this.#looking);
    if (this.#updating || ending || !known) return;
    record.renewed ||= now();
    // Keys grow old also where nothing is said.
    this.#looking = setTimeout(() => this.planUpdate(), LOOK_AGAIN);
    if (sinceUpdate !== null && !isDue(sinceUpdate, record.renewed, now())) return;
    const update = (): void => {
      this.#updating = undefined;
      const updated = this.#attempt(() => ({ commit: (group) => group.update() }));
      updated.catch((error: unknown) => OVERTAKEN.has(codeOf(error)) && this.planUpdate());
    };
    this.#updating = setTimeout(update, jittered(UPDATE_WITHIN));
  }

  /** The relay refused an act; false where it is none of ours. */
  refused(id: string, code: string, retryAfter: number | null): boolean {
    const { record } = this.#desk.ledger;
    if (record.act?.frame.client_id !== id) return false;
    if (code === "unavailable") {
      // The relay may have stored it and not know: only the very same, asked again, finds out.
      clearTimeout(this.#asking);
      this.#asking = setTimeout(() => this.resume(), jittered((retryAfter ?? 1) * 1000));
      return true;
    }
    record.act = null;
    const waiter = this.#waiters.get(id);
    this.#waiters.delete(id);
    waiter?.reject(new AppError(code, { retryAfter }));
    return true;
  }

  /** Tells those who wait what the log has told by now. */
  answer(): void {
    const { halted, record, late } = this.#desk.ledger;
    for (const [id, waiter] of this.#waiters) {
      if (halted) waiter.reject(new AppError("halted"));
      else if (id === record.act?.frame.client_id) continue;
      else if (id === late) waiter.reject(new AppError("stale_epoch"));
      else waiter.resolve();
      this.#waiters.delete(id);
    }
  }

  close(): void {
    clearTimeout(this.#updating);
    clearTimeout(this.#looking);
    clearTimeout(this.#asking);
    const error = new AppError("blocked");
    for (const waiter of this.#waiters.values()) waiter.reject(error);
    this.#waiters.clear();
  }

  async #attempt(make: Making<Action>): Promise<void> {
    const { answer } = await this.#desk.alone(async () => {
      const { device, ledger, connection } = this.#desk;
      const { record } = ledger;
      if (ledger.halted) throw new AppError("halted");
      if (connection !== "live") throw new AppError("offline");
      if (record.act || ledger.stuck) throw new AppError("stale_policy");
      const act = await ledger.prepare(await make());
      record.act = act;
      await this.#desk.save();
      const answer = this.done();
      device.send(act.frame);
      return { answer };
    });
    await answer;
  }
}
