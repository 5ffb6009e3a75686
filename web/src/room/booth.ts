/**
 * The booth: for everything that is asked anonymously, a device takes a token and sends one answer.
 *
 * By itself and at random moments, whether anyone says something or not, so that neither shows who had something to say.
 * As `safespace.sdk.booth`; see docs/protocol.md, "Ballots".
 */
import { type Answer, BLANK, sealAnswer } from "../crypto/ballots.ts";
import { blind, finalize } from "../crypto/blindRsa.ts";
import { b64decode, b64encode } from "../crypto/bytes.ts";
import { CryptoError } from "../crypto/errors.ts";
import { type Ballot, WINDOW } from "./ballots.ts";
import type { Desk } from "./desk.ts";
import { passes } from "./errors.ts";
import { uuidBytes } from "./ids.ts";
import type { Ledger } from "./ledger.ts";
import { settle } from "./running.ts";

/** Milliseconds in which a device takes its token; a quarter of the time that is left, where that is less. */
const TOKEN_WITHIN = 10_000;
/** Milliseconds after the end in which a device sends its answer. Who comes later would be seen to come. */
const ANSWER_WITHIN = 40_000;
/** Milliseconds between two looks at the clock: the end may come sooner than it was to. */
const NAP = 250;

/** A device has its token; its answer went; it could not go in time; it gets no token. */
export type Fate = "ready" | "sent" | "missed" | "no_token";

/** On disk before any of it is sent, so that a token is never used for two answers. */
interface Slip {
  readonly message?: string;
  readonly blinded?: string;
  readonly inverse?: string;
  readonly signature?: string;
  readonly sealed?: string;
  readonly said?: Answer;
  readonly fate?: Exclude<Fate, "ready">;
}

export class Booth {
  readonly #desk: Desk<Ledger>;
  readonly #changed: () => void;
  readonly #slips = new Map<string, Slip>();
  readonly #voting = new Set<string>();

  /** `changed` is called whenever there is more to show. */
  constructor(desk: Desk<Ledger>, changed: () => void) {
    this.#desk = desk;
    this.#changed = changed;
  }

  fate(id: string): Fate | null {
    const slip = this.#slips.get(id);
    return slip?.fate ?? (slip?.signature ? "ready" : null);
  }

  /** What is to be sent, if something was said and has not gone yet. */
  said(id: string): Answer | null {
    return this.#slips.get(id)?.said ?? null;
  }

  /** What is to be sent once the ballot has closed, in place of what was said before. */
  async say(id: string, answer: Answer): Promise<void> {
    await this.#keep(id, { said: answer });
  }

  /** Votes where that is not done or being done. */
  look(): void {
    for (const id of Object.keys(this.#desk.ledger.state.live.ballots)) {
      if (this.#voting.has(id)) continue;
      this.#voting.add(id);
      // What the vault refuses is told where it is written; the next visit votes.
      void this.#vote(id).catch(() => this.#voting.delete(id));
    }
  }

  async #vote(id: string): Promise<void> {
    const kept = await this.#desk.device.vault.get<Slip>(this.#key(id));
    if (kept && !this.#slips.has(id)) this.#slips.set(id, kept);
    this.#changed();
    if (this.#slips.get(id)?.fate) return;
    const sent = (await this.#takeToken(id)) && (await this.#send(id));
    if (this.#desk.closed) return;
    const fate = sent ? "sent" : this.fate(id) === "ready" ? "missed" : "no_token";
    this.#slips.delete(id);
    await this.#keep(id, { fate });
  }

  #key(id: string): string {
    return `ballot/${this.#desk.ledger.record.group}/${id}`;
  }

  async #keep(id: string, more: Slip): Promise<void> {
    const slip = { ...this.#slips.get(id), ...more };
    this.#slips.set(id, slip);
    await this.#desk.device.vault.write({ values: { [this.#key(id)]: slip } });
    this.#changed();
  }

  #ballot(id: string): Ballot | undefined {
    const { ledger } = this.#desk;
    return settle(ledger.state, ledger.now()).live.ballots[id];
  }

  #closes(id: string): number {
    return this.#ballot(id)?.closes ?? 0;
  }

  /** False once the room is closed. */
  async #until(due: () => number): Promise<boolean> {
    while (!this.#desk.closed && this.#desk.ledger.now() < due()) await pause(NAP);
    return !this.#desk.closed;
  }

  /** Has one, of which the server did not see what it signed. False where this member gets none. */
  async #takeToken(id: string): Promise<boolean> {
    if (this.fate(id) === "ready") return true;
    const ballot = this.#ballot(id);
    if (!ballot) return false;
    const begun = this.#desk.ledger.now();
    const moment = begun + between(0, Math.min(TOKEN_WITHIN, Math.max(0, ballot.closes - begun) / 4));
    if (!(await this.#until(() => moment))) return false;
    const key = b64decode(ballot.token_key);
    try {
      if (!this.#slips.get(id)?.blinded) {
        const { message, blinded, inverse } = await blind(key, uuidBytes(id));
        await this.#keep(id, { message: b64encode(message), blinded: b64encode(blinded), inverse: b64encode(inverse) });
      }
      const { message = "", blinded = "", inverse = "" } = this.#slips.get(id) ?? {};
      const signed = await this.#haveSigned(id, blinded);
      if (signed === null) return false;
      const signature = await finalize(key, b64decode(message), b64decode(signed), b64decode(inverse));
      await this.#keep(id, { signature: b64encode(signature) });
      return true;
    } catch (error) {
      if (!(error instanceof CryptoError)) throw error;
      await this.#desk.warn("ballot_forged");
      return false;
    }
  }

  async #haveSigned(id: string, blinded: string): Promise<string | null> {
    const { device, ledger } = this.#desk;
    const path = `/groups/${ledger.record.group}/ballots/${id}/token`;
    while (!this.#desk.closed && ledger.now() < this.#closes(id)) {
      try {
        return (await device.api.post<{ signature: string }>(path, { blinded })).signature;
      } catch (error) {
        if (!passes(error)) return null;
        await pause(between(1000, 3000));
      }
    }
    return null;
  }

  /** Sends what was said, or that nothing was. False where it is too late. */
  async #send(id: string): Promise<boolean> {
    const { device, ledger } = this.#desk;
    if (!(await this.#until(() => this.#closes(id)))) return false;
    const [begun, last] = [ledger.now(), this.#closes(id) + ANSWER_WITHIN];
    if (begun >= last) return false;
    const moment = between(begun, last);
    if (!(await this.#until(() => moment))) return false;
    const answer = await this.#sealed(id);
    while (answer && !this.#desk.closed && ledger.now() < this.#closes(id) + WINDOW) {
      try {
        await device.api.nameless(`/ballots/${id}/answers`, answer);
        return true;
      } catch (error) {
        if (!passes(error)) return false;
        await pause(between(500, 1500));
      }
    }
    return false;
  }

  /** The token with its sealed answer; from now on nothing else goes with it. */
  async #sealed(id: string): Promise<Record<"message" | "signature" | "sealed", string> | null> {
    const { state } = this.#desk.ledger;
    const slip = this.#slips.get(id);
    const asked = state.prompts[id];
    if (!slip?.message || !slip.signature || !asked) return null;
    const { message, signature, said = BLANK } = slip;
    if (!slip.sealed) {
      const [group, ballot] = [uuidBytes(state.group), uuidBytes(id)];
      const sealed = await sealAnswer(said, b64decode(asked.answer_key), group, ballot, b64decode(message));
      await this.#keep(id, { sealed: b64encode(sealed) });
    }
    return { message, signature, sealed: this.#slips.get(id)?.sealed ?? "" };
  }
}

/** A moment that nobody can foresee, evenly between two. */
function between(first: number, last: number): number {
  const [drawn = 0] = crypto.getRandomValues(new Uint32Array(1));
  return first + ((last - first) * drawn) / 2 ** 32;
}

function pause(length: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, length));
}
