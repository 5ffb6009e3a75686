/** What a person wrote and the log has not told of yet: kept, sealed, sent in order, tried again or given up. */
import { b64encode } from "../crypto/bytes.ts";
import { jittered } from "../net/socket.ts";
import { OVERTAKEN } from "./acts.ts";
import type { Desk } from "./desk.ts";
import { explains } from "./disputed.ts";
import { AppError } from "./errors.ts";
import { uuidv7 } from "./ids.ts";
import { isSilence } from "./moderation.ts";
import type { Outgoing } from "./record.ts";
import { isReaction, MAX_CONTENT, readSaid, type Said, saidContent } from "./said.ts";

/** Milliseconds after which something overtaken is sent again, should the keys not change before. */
const HOLD = 2_000;
/** Milliseconds by which it is sent later than the relay said, at most. */
const SLACK = 1_000;

export class Outbox {
  readonly #desk: Desk;
  #inFlight: string | null = null;
  #held: ReturnType<typeof setTimeout> | undefined;
  /** Whether it is held because its author may not write, and not to keep a pace. */
  #silenced = false;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Throws AppError `too_large`, `invalid_field` or `not_a_member`. */
  async send(said: Said): Promise<void> {
    const words = wellFormed(said);
    const content = saidContent(words);
    if (content.length > MAX_CONTENT) throw new AppError("too_large");
    // What others would not read is not sent.
    if (readSaid(content) === null) throw new AppError("invalid_field");
    await this.#desk.alone(async () => {
      const { record } = this.#desk.ledger;
      if (record.ending) throw new AppError("not_a_member");
      const outgoing: Outgoing = {
        id: uuidv7(), said: words, time: this.#desk.ledger.now(), state: "sending", code: null, claim: null, sealed: null,
        kfs: {},
      };
      record.outbox = [...record.outbox, outgoing];
      await this.#desk.save();
    });
    this.#flushSoon();
  }

  async retry(messageId: string): Promise<void> {
    await this.#desk.alone(async () => {
      const { record } = this.#desk.ledger;
      record.outbox = record.outbox.map((one) =>
        one.id === messageId ? { ...one, state: "sending", code: null, claim: null } : one,
      );
      await this.#desk.save();
      await this.flush();
    });
  }

  async discard(messageId: string): Promise<void> {
    await this.#desk.alone(async () => {
      const { record } = this.#desk.ledger;
      record.outbox = record.outbox.filter(({ id, state }) => id !== messageId || state !== "failed");
      await this.#desk.save();
    });
  }

  /** Sends the oldest message that is due; the next one follows when the relay has answered, so that order holds. */
  async flush(): Promise<void> {
    const { device, ledger, connection } = this.#desk;
    const { record, halted, departed, known } = ledger;
    if (connection !== "live" || this.#held || halted || record.ending) return;
    if (record.act || !known || ledger.stuck || departed.length > 0) return;
    if (record.outbox.some(({ id }) => id === this.#inFlight)) return;
    const next = record.outbox.find(({ state }) => state === "sending");
    if (!next) return;
    if (next.sealed?.epoch !== ledger.group.epoch) {
      const { sealed, kf } = await ledger.keys.sealMessage(saidContent(next.said));
      next.sealed = sealed;
      next.kfs = { ...next.kfs, [sealed.commitment]: { epoch: sealed.epoch, kf: b64encode(kf) } };
      await this.#desk.save();
    }
    const frame = { t: "send", room: record.room, client_id: next.id, kind: isReaction(next.said) ? "reaction" : "message", ...next.sealed } as const;
    // The line may have broken while the keys were written; the next one finds the message in the outbox.
    if (device.send(frame)) this.#inFlight = next.id;
  }

  /** Nothing stands in the way any more of what was held. */
  release(): void {
    clearTimeout(this.#held);
    this.#held = undefined;
    this.#silenced = false;
    this.#flushSoon();
  }

  /** As far as this device knows, the person may write: what came while they might not goes at once. */
  mayWrite(): void {
    if (this.#silenced) this.release();
  }

  /** The relay has stored it. */
  taken(id: string, seq: number): void {
    const { record } = this.#desk.ledger;
    if (this.#inFlight === id) this.#inFlight = null;
    // The log told of it before, and then it left the outbox, or it will tell.
    if (seq <= record.head) record.outbox = record.outbox.filter((one) => one.id !== id);
  }

  /** The relay refused it: it is tried again by itself, or it stays with its reason. */
  refused(id: string, code: string, retryAfter: number | null, policySeq: number | null): void {
    const outgoing = this.#desk.ledger.record.outbox.find((one) => one.id === id);
    if (this.#inFlight === id) this.#inFlight = null;
    if (!outgoing || code === "not_entered") return;
    if (OVERTAKEN.has(code) || retryAfter !== null) {
      if (code === "stale_epoch" || code === "wrong_epoch") outgoing.sealed = null;
      clearTimeout(this.#held);
      this.#silenced = isSilence(code) && code !== "slow_mode";
      this.#held = setTimeout(() => this.release(), retryAfter === null ? jittered(HOLD) : retryAfter * 1000 + jittered(SLACK));
    } else if (isSilence(code)) {
      // Until this device has seen for itself, it is the server's word alone.
      Object.assign(outgoing, { state: "failed", code: "refused_by_server", claim: { why: code, policySeq: policySeq ?? 0 } });
      this.judge();
    } else {
      Object.assign(outgoing, { state: "failed", code });
    }
  }

  /** Holds what the relay says of who may not write against the policy that this device has by now. */
  judge(): void {
    const { ledger } = this.#desk;
    for (const outgoing of ledger.record.outbox) {
      const { claim } = outgoing;
      const founded = claim && ledger.founded(claim.why, claim.policySeq);
      if (!claim || founded === null) continue;
      if (founded) outgoing.code = claim.why;
      else if (!explains(ledger.record.disputed, claim.policySeq)) ledger.warn("refused_unfounded", ledger.now());
      outgoing.claim = null;
    }
  }

  lost(): void {
    this.#inFlight = null;
  }

  close(): void {
    clearTimeout(this.#held);
  }

  #flushSoon(): void {
    void this.#desk.alone(() => this.flush()).catch(() => undefined);
  }
}

/** A lone surrogate, such as half of an emoji that was cut off, is no text. */
function wellFormed(said: Said): Said {
  return "text" in said ? { ...said, text: said.text.replace(/\p{Surrogate}/gu, "\ufffd") } : said;
}
