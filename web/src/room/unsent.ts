/** What somebody is writing and nobody has yet, by where it is written: kept on this device, so that closing or reloading loses nothing. */
const KEY = "unsent";
/** So short that a page which is closed in the middle of a word has kept it: what is begun as it goes may not be done. */
const KEEP_AFTER_MS = 100;

interface Home {
  readonly vault: { get<T>(key: string): Promise<T | null> };
  keep(values: Record<string, unknown>): Promise<void>;
}

export class Unsent {
  readonly #home: Home;
  readonly #words = new Map<string, string>();
  /** Places whose words are kept in memory alone. */
  readonly #passing = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(home: Home) {
    this.#home = home;
  }

  async load(): Promise<void> {
    this.forget();
    const kept = (await this.#home.vault.get<Record<string, string>>(KEY)) ?? {};
    for (const [place, text] of Object.entries(kept)) this.#words.set(place, text);
  }

  get(place: string): string | null {
    return this.#words.get(place) ?? null;
  }

  /** null for what was sent, or is not to be kept; `passes`: it is about what no disk keeps. */
  set(place: string, text: string | null, passes = false): void {
    if (passes) this.#passing.add(place);
    if (text === null) this.#words.delete(place);
    else this.#words.set(place, text);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), KEEP_AFTER_MS);
  }

  /** To be called before the store is closed. */
  flush(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const lasting = Array.from(this.#words).filter(([place]) => !this.#passing.has(place));
    this.#home.keep({ [KEY]: lasting.length === 0 ? null : Object.fromEntries(lasting) }).catch(() => undefined);
  }

  /** The store is closed or has been emptied. */
  forget(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#words.clear();
    this.#passing.clear();
  }
}
