/** A member's call for help: it goes out by itself, now or once there is a line, and is kept until the log tells of it. */
import { jittered } from "../net/socket.ts";
import { AppError, passes } from "./errors.ts";
import type { FurtherRoom, Main } from "./furtherRoom.ts";
import type { Member } from "./types.ts";

/** Milliseconds after which it is tried again where the line was down for a moment. */
const AGAIN = 2_000;

/** What a call needs of the further rooms. */
export interface Aside {
  /** This person's own aside. */
  own(): FurtherRoom | undefined;
  open(): Promise<FurtherRoom>;
  /** The staff who are not in it. */
  staffOutside(room: FurtherRoom): readonly Member[];
}

export class Calling {
  readonly #main: Main;
  readonly #aside: Aside;
  #busy = false;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(main: Main, aside: Aside) {
    this.#main = main;
    this.#aside = aside;
  }

  /** The line is up, and something was read or written. */
  goOn(): void {
    const own = this.#aside.own();
    if (this.#busy || this.#main.record.call !== "waiting" || (own && own.status.value !== "live")) return;
    this.#busy = true;
    clearTimeout(this.#again);
    const done = this.#call(own).catch((error: unknown) => {
      if (!passes(error)) return this.#main.keepCall("unreached");
      const wait = error instanceof AppError ? (error.retryAfter ?? 0) : 0;
      this.#again = setTimeout(() => this.goOn(), wait * 1000 + jittered(AGAIN));
      return undefined;
    });
    // A room that is closed keeps nothing more; the next visit goes on with the call.
    done.catch(() => undefined).finally(() => (this.#busy = false));
  }

  /** They need no help, or no more. */
  async takeBack(): Promise<void> {
    await this.#main.keepCall(null);
    const own = this.#aside.own();
    if (own && (own.help.value || own.helpSent)) await own.sayHelp(false);
  }

  close(): void {
    clearTimeout(this.#again);
  }

  /** Asks all the staff who can be reached. Throws AppError, `key_package_exhausted` where that is nobody. */
  async #call(own: FurtherRoom | undefined): Promise<void> {
    const sent = own?.helpSent;
    if (own && sent?.state === "failed") {
      await own.discard(sent.id);
      throw new AppError(sent.code ?? "internal");
    }
    if (sent) return;
    if (own?.help.value === "asked") return this.#main.keepCall(null);
    const room = own ?? (await this.#aside.open());
    for (const one of this.#aside.staffOutside(room)) {
      // Who cannot be brought does not keep the others from being told.
      await room.bring(one.id).catch((error: unknown) => {
        if (passes(error)) throw error;
      });
    }
    if (room.members.value.every(({ me }) => me)) {
      if (!own) await room.leave();
      throw new AppError("key_package_exhausted");
    }
    // They may be all right by now.
    if (this.#main.record.call) await room.sayHelp(true);
  }
}
