/**
 * What this device keeps, sealed: IndexedDB under an AES-256-GCM key that scripts can use but not read.
 *
 * A value is anything made of JSON and byte arrays. All that belongs together is written in one transaction that is on
 * disk before `write` resolves, so that no ratchet position is ever used twice. One tab writes: each `claim` raises the
 * fence number, and a vault with an older one can write no more.
 */
import { deleteDB, openDB, unwrap, type DBSchema, type IDBPDatabase, type IDBPTransaction } from "idb";
import type { Bytes } from "./bytes.ts";
import { CryptoError } from "./errors.ts";
import { begun, closed, opened } from "./openStores.ts";

interface Schema extends DBSchema {
  /** `key`: the CryptoKey. `fence`: whose turn it is to write. */
  device: { key: "key" | "fence"; value: CryptoKey | number };
  values: { key: string; value: Bytes };
  /** Lines of conversations, by shelf (a group's id) and place (seq). */
  lines: { key: [string, number]; value: Bytes };
}

type WriteTransaction = IDBPTransaction<Schema, ("device" | "values" | "lines")[], "readwrite">;

/** null removes. */
export interface Changes {
  readonly values?: Readonly<Record<string, unknown>>;
  readonly lines?: readonly { readonly shelf: string; readonly place: number; readonly value: unknown }[];
  /** Removes every line of these shelves. */
  readonly clear?: readonly string[];
}

/** The vault does not keep things, or another tab writes now (`fenced`). */
export class VaultError extends Error {
  override readonly name = "VaultError";
  readonly fenced: boolean;
  constructor(fenced: boolean, cause?: unknown) {
    super(fenced ? "another tab writes" : "storage refused", { cause });
    this.fenced = fenced;
  }
}

const NAME = "safespace";
const NONCE = 12;
/** Lines that are read from the disk in one go: more would hold up the page. */
const HANDFUL = 500;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** JSON after its length, then each byte array after its length. */
export function pack(value: unknown): Bytes {
  const arrays: Uint8Array[] = [];
  const json = JSON.stringify(value, (_, part: unknown) =>
    part instanceof Uint8Array ? { $bytes: arrays.push(part) - 1 } : part,
  );
  const parts = [encoder.encode(json), ...arrays];
  const packed = new Uint8Array(parts.reduce((size, part) => size + 4 + part.length, 0));
  const view = new DataView(packed.buffer);
  let at = 0;
  for (const part of parts) {
    view.setUint32(at, part.length);
    packed.set(part, at + 4);
    at += 4 + part.length;
  }
  return packed;
}

export function unpack(packed: Bytes): unknown {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const parts: Bytes[] = [];
  for (let at = 0; at < packed.length; ) {
    const end = at + 4 + view.getUint32(at);
    parts.push(packed.slice(at + 4, end));
    at = end;
  }
  return JSON.parse(decoder.decode(parts[0]), (_, part: unknown) =>
    part !== null && typeof part === "object" && "$bytes" in part ? parts[(part.$bytes as number) + 1] : part,
  );
}

function put(store: IDBObjectStore, key: IDBValidKey, value: Bytes | null): void {
  if (value) store.put(value, key);
  else store.delete(key);
}

export class Vault {
  readonly #db: IDBPDatabase<Schema>;
  readonly #key: CryptoKey;
  readonly #name: string;
  #fence = 0;
  #writing = 0;
  #closing = false;

  private constructor(db: IDBPDatabase<Schema>, key: CryptoKey, name: string) {
    this.#db = db;
    this.#key = key;
    this.#name = name;
  }

  /** Removes what is kept, whatever state it is in. */
  static async destroy(name = NAME): Promise<void> {
    await deleteDB(name);
  }

  /** Throws VaultError where the browser stores nothing, CryptoError where a part of what was stored is gone. */
  static async open(name = NAME): Promise<Vault> {
    try {
      const db = opened(await openDB<Schema>(name, 1, {
        upgrade(fresh) {
          fresh.createObjectStore("device");
          fresh.createObjectStore("values");
          fresh.createObjectStore("lines");
        },
        // Another tab erases: do not stand in its way.
        blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
      }));
      const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
      const transaction = begun(db.transaction("device", "readwrite", { durability: "strict" }));
      const kept = await transaction.store.get("key");
      if (!(kept instanceof CryptoKey)) await transaction.store.put(made, "key");
      await transaction.done;
      return new Vault(db, kept instanceof CryptoKey ? kept : made, name);
    } catch (cause) {
      const damaged = cause instanceof DOMException && cause.name === "NotFoundError";
      throw damaged ? new CryptoError("the store is not whole", { cause }) : new VaultError(false, cause);
    }
  }

  /** From here on only this vault may write; every other one open on this device is fenced off. */
  async claim(): Promise<void> {
    await this.#strictly(async (transaction) => {
      const store = transaction.objectStore("device");
      this.#fence = Number((await store.get("fence")) ?? 0) + 1;
      await store.put(this.#fence, "fence");
    });
  }

  /** The value under `key`, or null. Throws CryptoError when it was tampered with. */
  async get<T>(key: string): Promise<T | null> {
    const sealed = await begun(this.#db.transaction("values")).store.get(key);
    return sealed ? ((await this.#open(sealed, key)) as T) : null;
  }

  /** Every value whose key begins with `prefix`. */
  async all<T>(prefix: string): Promise<T[]> {
    const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
    const transaction = begun(this.#db.transaction("values"));
    const [keys, sealed] = await Promise.all([transaction.store.getAllKeys(range), transaction.store.getAll(range)]);
    return Promise.all(sealed.map(async (value, index) => (await this.#open(value, keys[index] ?? "")) as T));
  }

  /** The lines of a shelf from one place to before another, in order. */
  async lines<T>(shelf: string, from = -Infinity, before = Infinity): Promise<T[]> {
    const lines: T[] = [];
    for (let after = from, taken = false; after < before; taken = true) {
      const range = IDBKeyRange.bound([shelf, after], [shelf, before], taken, true);
      const { store } = begun(this.#db.transaction("lines"));
      const [keys, sealed] = await Promise.all([store.getAllKeys(range, HANDFUL), store.getAll(range, HANDFUL)]);
      const last = keys.at(-1);
      if (!last) break;
      const open = async (value: Bytes, index: number) => (await this.#open(value, keys[index]?.join("/") ?? "")) as T;
      lines.push(...(await Promise.all(sealed.map(open))));
      after = last[1];
    }
    return lines;
  }

  /** The first place of a shelf that has a line, or null. */
  async firstPlace(shelf: string): Promise<number | null> {
    const range = IDBKeyRange.bound([shelf, -Infinity], [shelf, Infinity]);
    const cursor = await begun(this.#db.transaction("lines")).store.openKeyCursor(range);
    return cursor && cursor.key[1];
  }

  /** The oldest `count` lines of a shelf after `after`, oldest first. */
  async linesAfter<T>(shelf: string, after: number, count: number): Promise<T[]> {
    const range = IDBKeyRange.bound([shelf, after], [shelf, Infinity], true);
    const { store } = begun(this.#db.transaction("lines"));
    const [keys, sealed] = await Promise.all([store.getAllKeys(range, count), store.getAll(range, count)]);
    return Promise.all(sealed.map(async (value, index) => (await this.#open(value, (keys[index] ?? []).join("/"))) as T));
  }

  /** Seals everything, then writes all of it or nothing. Resolves once it is on disk. Throws VaultError. */
  async write(changes: Changes): Promise<void> {
    this.#writing += 1;
    try {
      await this.#write(changes);
    } finally {
      this.#writing -= 1;
      if (this.#closing) this.close();
    }
  }

  async #write(changes: Changes): Promise<void> {
    const values = await Promise.all(
      Object.entries(changes.values ?? {}).map(
        async ([key, value]) => [key, value === null ? null : await this.#seal(value, key)] as const,
      ),
    );
    const lines = await Promise.all(
      (changes.lines ?? []).map(async ({ shelf, place, value }) => {
        const key: [string, number] = [shelf, place];
        return [key, value === null ? null : await this.#seal(value, key.join("/"))] as const;
      }),
    );
    await this.#strictly(async (transaction) => {
      if ((await transaction.objectStore("device").get("fence")) !== this.#fence) throw new VaultError(true);
      // Bare requests, without a promise each: the transaction as a whole tells when one of them fails.
      const stored = unwrap(transaction.objectStore("values"));
      const shelved = unwrap(transaction.objectStore("lines"));
      for (const shelf of changes.clear ?? []) {
        shelved.delete(IDBKeyRange.bound([shelf, -Infinity], [shelf, Infinity]));
      }
      for (const [key, value] of values) put(stored, key, value);
      for (const [key, value] of lines) put(shelved, key, value);
    });
  }

  /** Forgets everything, the key first of all. */
  async erase(): Promise<void> {
    await this.#strictly(async (transaction) => {
      for (const store of ["device", "values", "lines"] as const) await transaction.objectStore(store).clear();
    });
    closed(this.#db);
    await deleteDB(this.#name);
  }

  /** Once all is written that `write` was given. */
  close(): void {
    this.#closing = true;
    if (this.#writing === 0) closed(this.#db);
  }

  async #strictly(work: (transaction: WriteTransaction) => Promise<void>): Promise<void> {
    try {
      const transaction = begun(this.#db.transaction(["device", "values", "lines"], "readwrite", { durability: "strict" }));
      try {
        await work(transaction);
      } catch (error) {
        transaction.done.catch(() => undefined);
        transaction.abort();
        throw error;
      }
      await transaction.done;
    } catch (error) {
      throw error instanceof VaultError ? error : new VaultError(false, error);
    }
  }

  async #seal(value: unknown, key: string): Promise<Bytes> {
    const iv = crypto.getRandomValues(new Uint8Array(NONCE));
    const algorithm = { name: "AES-GCM", iv, additionalData: encoder.encode(key) };
    const sealed = await crypto.subtle.encrypt(algorithm, this.#key, pack(value));
    const whole = new Uint8Array(NONCE + sealed.byteLength);
    whole.set(iv);
    whole.set(new Uint8Array(sealed), NONCE);
    return whole;
  }

  async #open(sealed: Bytes, key: string): Promise<unknown> {
    const algorithm = { name: "AES-GCM", iv: sealed.slice(0, NONCE), additionalData: encoder.encode(key) };
    try {
      return unpack(new Uint8Array(await crypto.subtle.decrypt(algorithm, this.#key, sealed.slice(NONCE))));
    } catch (cause) {
      throw new CryptoError("vault", { cause });
    }
  }
}
