/** Whose devices could not follow what others did, as the server tells those who moderate. As `safespace.sdk.doubts`. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { Desk } from "./desk.ts";
import type { Ledger } from "./ledger.ts";
import { STAFF } from "./roles.ts";
import { pseudonymOf } from "./timeline.ts";

/** Devices of `by` could not follow something that `author` did; for now, no more of their changes of keys are taken. */
export interface Doubted {
  readonly author: string;
  readonly by: readonly string[];
  readonly barred: boolean;
}

interface DoubtItem {
  readonly author: string;
  readonly by: string;
  readonly barred: boolean;
}

export class Doubts {
  readonly #list = signal<readonly Doubted[]>([]);
  readonly #desk: Desk<Ledger>;

  constructor(desk: Desk<Ledger>) {
    this.#desk = desk;
  }

  /** Pseudonyms, of the last 24 hours; empty for who does not moderate. */
  get list(): ReadonlySignal<readonly Doubted[]> {
    return this.#list;
  }

  /** Rejects with an AppError. */
  async load(): Promise<void> {
    const { group, state, me } = this.#desk.ledger.record;
    if (!state || !STAFF.includes(state.members[me]?.role ?? "guest")) return;
    const items = await this.#desk.device.api.list<DoubtItem>(`/groups/${group}/doubts`);
    const authors = new Map<string, { by: Set<string>; barred: boolean }>();
    for (const item of items) {
      const [author, by] = [pseudonymOf(state, item.author), pseudonymOf(state, item.by)];
      // Of who is gone there is nothing to decide.
      if (author === null || by === null) continue;
      authors.set(author, { by: new Set([...(authors.get(author)?.by ?? []), by]), barred: item.barred });
    }
    this.#list.value = [...authors].map(([author, { by, barred }]) => ({ author, by: [...by], barred }));
  }
}
