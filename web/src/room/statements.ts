/** What a member says under their own leaf key, to some of the group: reports, and what is written about them. */
import { b64decode, b64encode, type Bytes } from "../crypto/bytes.ts";
import { CryptoError } from "../crypto/errors.ts";
import { type About, say, seal, sealAnswer, type Statement, unseal, unsealAnswer, verify } from "../crypto/reports.ts";
import { AppError } from "./errors.ts";
import { uuidBytes } from "./ids.ts";
import type { Ledger } from "./ledger.ts";
import type { Someone } from "./reportViews.ts";
import { memberOf } from "./timeline.ts";

/** A statement as the server takes it. */
export interface SealedStatement {
  readonly sealed: string;
  readonly boxes: readonly { readonly member: string; readonly box: string }[];
}

/** What was said to this member, and by whom. */
export interface Heard {
  readonly content: Bytes;
  readonly author: Someone;
}

export class Statements {
  readonly #ledger: Ledger;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** For these members. Throws AppError. */
  async seal(use: About["use"], id: string, content: Bytes, to: readonly string[]): Promise<SealedStatement> {
    const about = this.#about(use, id);
    const keys = new Map(to.map((member) => [member, this.#keyOf(member)]));
    const { sealed, boxes } = await seal(about, await this.#say(about, content), keys);
    return {
      sealed: b64encode(sealed),
      boxes: [...boxes].map(([member, box]) => ({ member, box: b64encode(box) })),
    };
  }

  /** For one member alone. Throws AppError. */
  async sealAnswer(report: string, content: Bytes, member: string): Promise<string> {
    const about = this.#about("safespace report answer", report);
    return b64encode(await sealAnswer(about, await this.#say(about, content), this.#keyOf(member)));
  }

  /** Throws CryptoError for what was not said to this member by someone who is or was one. */
  async unseal(use: About["use"], id: string, sealed: string, box: string): Promise<Heard> {
    const about = this.#about(use, id);
    return this.#heard(about, await unseal(about, b64decode(sealed), b64decode(box), this.#ledger.record.policyKey));
  }

  /** The same, of an answer. */
  async unsealAnswer(report: string, box: string): Promise<Heard> {
    const about = this.#about("safespace report answer", report);
    return this.#heard(about, await unsealAnswer(about, b64decode(box), this.#ledger.record.policyKey));
  }

  /** Who holds a leaf; a leaf of somebody who is gone stands for them. */
  writer(leaf: string): Someone {
    return this.someone(memberOf(this.#ledger.state, leaf) ?? leaf);
  }

  someone(id: string): Someone {
    return { id, pseudonym: this.#ledger.state.members[id]?.pseudonym ?? null };
  }

  #about(use: About["use"], id: string): About {
    return { use, group: uuidBytes(this.#ledger.record.group), id: uuidBytes(id) };
  }

  #keyOf(member: string): Bytes {
    const key = this.#ledger.state.members[member]?.key;
    if (key === undefined) throw new AppError("unknown_member");
    return b64decode(key);
  }

  #say(about: About, content: Bytes): Promise<Bytes> {
    const { group } = this.#ledger;
    return say(about, content, group.me.identity, (data) => group.sign(data));
  }

  async #heard(about: About, statement: Statement): Promise<Heard> {
    const key = this.#ledger.signatureKey(statement.leaf);
    if (!key) throw new CryptoError("nobody here has this leaf");
    await verify(about, statement, key);
    return { content: statement.content, author: this.writer(b64encode(statement.leaf)) };
  }
}
