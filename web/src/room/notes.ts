/** Handover notes: what facilitators leave for each other. As `safespace.sdk.handovers`. */
import { type ReadonlySignal, signal } from "@preact/signals";
import { canonicalJson } from "../crypto/bytes.ts";
import { CryptoError } from "../crypto/errors.ts";
import { handoverContent } from "../crypto/handovers.ts";
import { read } from "../crypto/reports.ts";
import type { Desk } from "./desk.ts";
import { uuidv7 } from "./ids.ts";
import type { Ledger } from "./ledger.ts";
import type { Someone } from "./reportViews.ts";
import { reachable } from "./reach.ts";
import { may } from "./roles.ts";
import { roleAt } from "./roll.ts";
import { Statements } from "./statements.ts";

const DAY = 86_400_000;

/** A note that this person can read. Times are in milliseconds. */
export interface Note {
  readonly id: string;
  readonly by: Someone;
  readonly text: string;
  readonly time: number;
  readonly expires: number;
  readonly mine: boolean;
}

/** Notes between facilitators. Every rejected promise is an AppError. */
export interface NotesView {
  /** Newest first; null until they were fetched. */
  readonly list: ReadonlySignal<readonly Note[] | null>;
  /** How many of others' this person has not read. */
  readonly unread: ReadonlySignal<number>;
  load(): Promise<void>;
  write(text: string, days: number): Promise<void>;
  /** Takes back one's own. */
  remove(id: string): Promise<void>;
  markRead(): Promise<void>;
}

interface NoteItem {
  readonly id: string;
  readonly created: number;
  readonly sealed: string;
  readonly box: string;
}

export class Notes implements NotesView {
  readonly list = signal<readonly Note[] | null>(null);
  readonly unread = signal(0);
  readonly #desk: Desk<Ledger>;
  readonly #statements: Statements;

  constructor(desk: Desk<Ledger>) {
    this.#desk = desk;
    this.#statements = new Statements(desk.ledger);
  }

  async load(): Promise<void> {
    const { state, me } = this.#desk.ledger.record;
    if (!state || !may(state.members[me]?.role ?? "guest", "read_handovers")) return;
    const found: Note[] = [];
    for (const item of await this.#desk.device.api.list<NoteItem>(this.#path)) {
      const note = await this.#read(item);
      if (note) found.push(note);
    }
    this.list.value = found;
    this.#count();
  }

  async write(text: string, days: number): Promise<void> {
    const { state, record, now } = this.#desk.ledger;
    const [id, expires] = [uuidv7(), now() + days * DAY];
    const content = canonicalJson(handoverContent({ v: 1, id, seq: record.policySeq, expires, text }));
    const to = Object.entries(state.members).flatMap(([member, { role }]) => (may(role, "read_handovers") ? member : []));
    const sealed = await this.#statements.seal("safespace handover", id, content, reachable(this.#desk.ledger, to));
    await this.#desk.device.api.post(this.#path, { id, expires, ...sealed });
    await this.#desk.keepWarnings();
    await this.load();
  }

  async remove(id: string): Promise<void> {
    await this.#desk.device.api.delete(`${this.#path}/${id}`);
    await this.load();
  }

  async markRead(): Promise<void> {
    const ids = (this.list.value ?? []).map(({ id }) => id);
    await this.#desk.alone(async () => {
      // Of what is gone nothing is remembered.
      this.#desk.ledger.record.readNotes = ids;
      await this.#desk.save();
    });
    this.#count();
  }

  get #path(): string {
    return `/groups/${this.#desk.ledger.record.group}/handovers`;
  }

  #count(): void {
    const { readNotes } = this.#desk.ledger.record;
    this.unread.value = (this.list.value ?? []).filter(({ id, mine }) => !mine && !readNotes.includes(id)).length;
  }

  /** null, with a warning, for what no facilitator wrote; null for what has expired. */
  async #read({ id, created, sealed, box }: NoteItem): Promise<Note | null> {
    const { device, ledger: { record } } = this.#desk;
    try {
      const { content, author } = await this.#statements.unseal("safespace handover", id, sealed, box);
      const { id: named, seq, expires, text } = read(handoverContent, content);
      const role = roleAt(record.roll, author.id, seq);
      if (named !== id || role === null || !may(role, "read_handovers")) throw new CryptoError("no facilitator left this note");
      return expires > device.api.clock.atLeast() ? { id, by: author, text, time: created, expires, mine: author.id === record.me } : null;
    } catch (error) {
      if (!(error instanceof CryptoError)) throw error;
      await this.#desk.warn("handover_forged");
      return null;
    }
  }
}
