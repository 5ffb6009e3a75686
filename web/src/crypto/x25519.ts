/**
 * Which X25519 public keys (RFC 7748) are taken, wherever one enters: the same in `safespace.crypto.x25519`. A key is
 * written in the one shortest way, and it is none of those for which everybody knows the shared secret.
 */
import { bytes, type Form, FormError } from "../form.ts";
import { b64decode, littleEndian } from "./bytes.ts";
import { CryptoError } from "./errors.ts";

const KEY_SIZE = 32;
const PRIME = 2n ** 255n - 19n;
/** The u-coordinates of points whose order divides 8, on the curve and on its twist. */
const SMALL_ORDER = new Set([
  0n,
  1n,
  0x00b8495f16056286fdb1329ceb8d09da6ac49ff1fae35616aeb8413b7c7aebe0n,
  0x57119fd0dd4e22d8868e1c58c45c44045bef839c55b1d0b1248c50a3bc959c5fn,
  PRIME - 1n,
]);

/** Throws CryptoError unless something can be sealed to `key`: 32 bytes, canonical, not of small order. */
export function checkPublicKey(key: Uint8Array): void {
  const u = littleEndian(key);
  if (key.length !== KEY_SIZE || u >= PRIME || SMALL_ORDER.has(u)) {
    throw new CryptoError("this is not a usable X25519 key");
  }
}

const encoded = bytes(KEY_SIZE);

/** A key (b64) that something is to be sealed to, wherever one is read. */
export const publicKey: Form<string> = (value) => {
  const key = encoded(value);
  try {
    checkPublicKey(b64decode(key));
  } catch {
    throw new FormError("invalid_field");
  }
  return key;
};
