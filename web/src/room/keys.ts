/** What this device can read and write a room with: its MLS group, one epoch after another. */
import { b64decode, b64encode, type Bytes } from "../crypto/bytes.ts";
import { openContent, sealContent } from "../crypto/franking.ts";
import { GroupCrypto, wipe, type Step } from "../crypto/group.ts";
import type { Envelope } from "../net/wire.ts";
import { checkPrivate, Suspicion } from "./checks.ts";
import { AppError } from "./errors.ts";
import { uuidBytes } from "./ids.ts";

/** A sealed application message: a part of an act, or the whole of a `send`. */
export interface Sealed {
  readonly epoch: number;
  readonly body: string;
  readonly commitment: string;
}

export class Keys {
  readonly #room: Bytes;
  #group: GroupCrypto | null;
  #consumed: Uint8Array[] = [];
  #over: GroupCrypto[] = [];

  /** `secrets` are those of `serialise`, or null for a device that is no longer in the group. */
  constructor(room: string, secrets: Bytes | null) {
    this.#room = uuidBytes(room);
    this.#group = secrets && GroupCrypto.restore(secrets);
  }

  /** Throws AppError `not_a_member` once this device is no longer in the group. */
  get group(): GroupCrypto {
    if (!this.#group) throw new AppError("not_a_member");
    return this.#group;
  }

  get held(): boolean {
    return this.#group !== null;
  }

  isMine(envelope: Envelope): boolean {
    return envelope.leaf === this.group.me.id;
  }

  /** Seals content in this epoch. Write `serialise` before using it. */
  async seal(content: Bytes): Promise<Sealed> {
    return (await this.sealMessage(content)).sealed;
  }

  /** The same, with the franking key, by which one's own message can be quoted in a report. */
  async sealMessage(content: Bytes): Promise<{ sealed: Sealed; kf: Bytes }> {
    const { sealed, step, kf } = await this.#sealIn(this.group, content);
    this.#advance(step.next, step.consumed);
    return { sealed, kf };
  }

  /** Seals content in the epoch that a commit of ours would begin. */
  async sealNext(next: GroupCrypto, content: Bytes): Promise<{ sealed: Sealed; after: GroupCrypto }> {
    const { sealed, step } = await this.#sealIn(next, content);
    return { sealed, after: step.next };
  }

  /** Content and franking key of another member's message, with every check that makes it theirs. Throws Suspicion. */
  async open(envelope: Envelope, body: string): Promise<{ content: Bytes; kf: Bytes }> {
    const message = checkPrivate(this.group, b64decode(body));
    const opened = await this.group.open(message).catch((error: unknown) => {
      throw new Suspicion("unreadable", error);
    });
    this.#advance(opened.next, opened.consumed);
    if (opened.sender.id !== envelope.leaf) throw new Suspicion("wrong_sender");
    try {
      const expected = b64decode(envelope.commitment ?? "");
      return await openContent(opened.plaintext, expected, this.#room, opened.sender.identity, envelope.epoch);
    } catch (error) {
      throw new Suspicion("bad_commitment", error);
    }
  }

  /** A new epoch begins. */
  turn(next: GroupCrypto): void {
    if (this.#group) this.#over.push(this.#group);
    this.#group = next;
  }

  /** The epoch that began is not to be: back to what `serialise` gave before it. */
  turnBack(secrets: Bytes): void {
    this.turn(GroupCrypto.restore(secrets));
  }

  giveUp(): void {
    if (this.#group) this.#over.push(this.#group);
    this.#group = null;
  }

  serialise(): Bytes | null {
    return this.#group?.serialise() ?? null;
  }

  /** Overwrites what is over. To be called once `serialise` is on disk. */
  settle(): void {
    wipe(this.#consumed.splice(0));
    for (const group of this.#over.splice(0)) group.forget();
  }

  async #sealIn(group: GroupCrypto, content: Bytes): Promise<{ sealed: Sealed; step: Step; kf: Bytes }> {
    const { plaintext, commitment, kf } = await sealContent(content, this.#room, group.me.identity, group.epoch);
    const step = await group.seal(plaintext);
    const sealed = { epoch: group.epoch, body: b64encode(step.message), commitment: b64encode(commitment) };
    return { sealed, step, kf };
  }

  #advance(next: GroupCrypto, consumed: readonly Uint8Array[]): void {
    this.#group = next;
    this.#consumed.push(...consumed);
  }
}
