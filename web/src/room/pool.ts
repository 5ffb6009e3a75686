/**
 * KeyPackages of this device for the further rooms of one group: endorsed, published, and kept with their private keys
 * sealed in the vault under `package/<group>/<ref>` until they were used.
 */
import { b64encode } from "../crypto/bytes.ts";
import { endorsementBytes } from "../crypto/endorsements.ts";
import { createKeyPackage, type OwnPackage } from "../crypto/group.ts";
import { type PackageSummary, readKeyPackage } from "../crypto/handshake.ts";
import type { Home } from "./home.ts";
import { uuidBytes } from "./ids.ts";

/** Packages that wait to be taken, and how few are too few. */
const FULL = 8;
const FEW = 4;
/** Milliseconds after which the server hands a package out no more. */
const KEPT = 90 * 86_400_000;

/** Signs with this device's leaf key in the group's main room. */
export type Sign = (data: Uint8Array) => Promise<Uint8Array>;

interface Pooled {
  readonly own: OwnPackage;
  readonly lastResort: boolean;
  /** Milliseconds. */
  readonly made: number;
}

export class Pool {
  readonly #home: Home;
  readonly #group: string;
  readonly #sign: Sign;
  #over = false;
  #filling: Promise<void> = Promise.resolve();

  constructor(home: Home, group: string, sign: Sign) {
    this.#home = home;
    this.#group = group;
    this.#sign = sign;
  }

  /** Publishes as many as are missing. Throws AppError. */
  fill(): Promise<void> {
    this.#filling = this.#filling.catch(() => undefined).then(() => (this.#over ? undefined : this.#fill()));
    return this.#filling;
  }

  /** Nothing more is published. */
  end(): void {
    this.#over = true;
  }

  /** Resolves once nothing is on its way. */
  async settled(): Promise<void> {
    await this.#filling.catch(() => undefined);
  }

  async #fill(): Promise<void> {
    const path = `/groups/${this.#group}/key-packages`;
    const now = this.#home.api.clock.now();
    const kept = await this.#home.vault.all<Pooled>(packageKey(this.#group));
    const over = kept.filter(({ made }) => made < now - 2 * KEPT).map(({ own }) => [packageKey(this.#group, b64encode(own.ref)), null]);
    const { available } = await this.#home.api.get<{ available: number }>(path);
    const missing = available < FEW ? FULL - available : 0;
    const resort = kept.some(({ lastResort, made }) => lastResort && made > now - KEPT / 2);
    if (missing === 0 && resort) return;
    const single = await Promise.all(Array.from({ length: missing }, () => freshPackage(this.#sign, this.#group, now)));
    const last = resort ? null : await freshPackage(this.#sign, this.#group, now);
    const fresh = [...single.map((one) => ({ ...one, lastResort: false })), ...(last ? [{ ...last, lastResort: true }] : [])];
    const values = fresh.map(({ own, lastResort }): [string, Pooled] => [
      packageKey(this.#group, b64encode(own.ref)), { own, lastResort, made: now },
    ]);
    // On disk before anyone can use them.
    await this.#home.keep(Object.fromEntries([...over, ...values]) as Record<string, unknown>);
    if (!this.#over) await this.#home.api.post(path, { packages: single.map(published), last_resort: last && published(last) });
  }

  /** The package with this reference (b64), if its keys are here, and what to write once it was used. */
  async find(ref: string): Promise<{ own: OwnPackage; spent: Record<string, null> } | null> {
    const key = packageKey(this.#group, ref);
    const pooled = await this.#home.vault.get<Pooled>(key);
    return pooled && { own: pooled.own, spent: pooled.lastResort ? {} : { [key]: null } };
  }

}

interface Made {
  readonly own: OwnPackage;
  readonly endorsement: string;
}

/** A new KeyPackage of this member, endorsed. `now` is the server's time. */
export async function freshPackage(sign: Sign, group: string, now: number): Promise<Made> {
  const own = await createKeyPackage(now);
  const summary = await readKeyPackage(own.message, now);
  return { own, endorsement: await endorse(sign, group, summary) };
}

function published({ own, endorsement }: Made): { package: string; endorsement: string } {
  return { package: b64encode(own.message), endorsement };
}

/** This member's signature over a leaf of their own (b64). */
export async function endorse(
  sign: Sign,
  group: string,
  { identity, signatureKey }: Pick<PackageSummary, "identity" | "signatureKey">,
): Promise<string> {
  return b64encode(await sign(endorsementBytes(uuidBytes(group), identity, signatureKey)));
}

function packageKey(group: string, ref = ""): string {
  return `package/${group}/${ref}`;
}
