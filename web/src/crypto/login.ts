/**
 * From a passphrase to two keys: one proves the login to the server, one never leaves the device.
 *
 * See docs/protocol.md, "Accounts".
 */
import type { ArgonInput } from "./argon.ts";
import { type Bytes, concat, lp, utf8 } from "./bytes.ts";
import { CryptoError } from "./errors.ts";
import worker from "./login.worker.ts?worker&url";
import { hkdf, sha256 } from "./mac.ts";
import { scriptAddress } from "./trusted.ts";

const LOOPBACK = new Set(["127.0.0.1", "[::1]"]);

/** 32 bytes each. */
export interface LoginKeys {
  readonly loginKey: Bytes;
  readonly vaultKey: Bytes;
}

/** 3 to 32 of a to z, 0 to 9 and hyphen. */
/** What somebody typed, in small letters and without the blanks that keyboards and clipboards put around it. */
export function typedHandle(text: string): string {
  return text.replace(/^[ \t\n\r\u00a0\u200b\u3000\ufeff]+|[ \t\n\r\u00a0\u200b\u3000\ufeff]+$/g, "").toLowerCase();
}

export function isHandle(handle: string): boolean {
  return /^[a-z0-9-]{3,32}$/.test(handle);
}

/** The origin of `url`, loopback addresses as `localhost`. Throws CryptoError unless it is http or https. */
export function normalOrigin(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !["http:", "https:"].includes(parsed.protocol)) {
    throw new CryptoError("this is not the address of a server");
  }
  if (LOOPBACK.has(parsed.hostname)) parsed.hostname = "localhost";
  return parsed.origin;
}

/**
 * `origin` is of `normalOrigin`.
 *
 * Throws CryptoError for a handle that no account can have, no passphrase, or too little memory.
 */
export async function stretch(origin: string, handle: string, passphrase: string): Promise<LoginKeys> {
  return loginKeys(await inWorker(await argonInput(origin, handle, passphrase)));
}

/** What the worker is asked. */
export async function argonInput(origin: string, handle: string, passphrase: string): Promise<ArgonInput> {
  if (!isHandle(handle)) throw new CryptoError("this is not a handle");
  if (passphrase === "") throw new CryptoError("there is no passphrase");
  const salt = await sha256(concat(lp("safespace account 1"), lp(origin), lp(handle)));
  return { passphrase: utf8(passphrase.normalize("NFKC")), salt: salt.slice(0, 16) };
}

/** What becomes of the worker's answer. */
export async function loginKeys(stretched: Bytes): Promise<LoginKeys> {
  const none = new Uint8Array();
  return {
    loginKey: await hkdf(stretched, none, "safespace login"),
    vaultKey: await hkdf(stretched, none, "safespace vault"),
  };
}

/** Stretches a passphrase beside the page. Throws CryptoError where memory is short. */
export function inWorker(input: ArgonInput): Promise<Bytes> {
  const helper = new Worker(scriptAddress(worker), { type: "module" });
  return new Promise<Bytes>((resolve, reject) => {
    const fail = (): void => reject(new CryptoError("the passphrase could not be stretched"));
    helper.addEventListener("message", ({ data }: MessageEvent<Bytes | null>) => (data ? resolve(data) : fail()));
    helper.addEventListener("error", fail);
    helper.postMessage(input);
  }).finally(() => helper.terminate());
}
