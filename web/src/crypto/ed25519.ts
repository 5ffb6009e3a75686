/**
 * Which Ed25519 signatures (RFC 8032) are taken, for everything that is signed: the same in `safespace.crypto.ed25519`.
 *
 * Browsers differ in what they take from a signer who means mischief. The rule here is libsodium's: the key and the
 * first half of the signature are canonical and not of small order, the second half is below the group's order, and the
 * equation holds without the cofactor.
 */
import { b64encode, littleEndian } from "./bytes.ts";
import { CryptoError } from "./errors.ts";

const KEY_SIZE = 32;
const SIGNATURE_SIZE = 64;
const PRIME = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
/** All bits of a point but the highest, which is the sign of x. */
const Y = 2n ** 255n - 1n;
const EIGHTH = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n;
/** The y-coordinates of the points whose order divides 8. */
const SMALL_ORDER = new Set([0n, 1n, PRIME - 1n, EIGHTH, PRIME - EIGHTH]);

/** Public keys as WebCrypto wants them, by their base64url: a room's members say many things each. */
const imported = new Map<string, Promise<CryptoKey>>();
const MOST_KEYS = 1_000;

function importKey(publicKey: Uint8Array): Promise<CryptoKey> {
  const name = b64encode(publicKey);
  const known = imported.get(name);
  if (known) return known;
  if (imported.size >= MOST_KEYS) imported.clear();
  const key = crypto.subtle.importKey("raw", new Uint8Array(publicKey), "Ed25519", false, ["verify"]);
  imported.set(name, key);
  return key;
}

/** WebKitGTK makes no key of a hundred or so and says that the operation failed: the next one is a fresh one. */
const TRIES = 8;

/** A key pair to sign with, whose bytes can be read. Throws what WebCrypto throws. */
export async function newPair(): Promise<CryptoKeyPair> {
  for (let left = TRIES; ; left -= 1) {
    try {
      return await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
    } catch (error) {
      if (left <= 1) throw error;
    }
  }
}

function isUsable(point: Uint8Array): boolean {
  const y = littleEndian(point) & Y;
  return y < PRIME && !SMALL_ORDER.has(y);
}

/**
 * Throws CryptoError unless `key` is one that signatures are taken of: 32 bytes, canonical, not of small order. Whether
 * there is such a point at all only a signature tells.
 */
export function checkPublicKey(key: Uint8Array): void {
  if (key.length !== KEY_SIZE || !isUsable(key)) throw new CryptoError("this is not a usable Ed25519 key");
}

/** Whether the holder of `key` signed `message`. False for whatever is no key or no signature. */
export async function verifies(key: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  if (key.length !== KEY_SIZE || signature.length !== SIGNATURE_SIZE) return false;
  const scalar = littleEndian(signature.subarray(KEY_SIZE));
  if (!isUsable(key) || !isUsable(signature.subarray(0, KEY_SIZE)) || scalar >= ORDER) return false;
  try {
    return await crypto.subtle.verify("Ed25519", await importKey(key), new Uint8Array(signature), new Uint8Array(message));
  } catch {
    // No point of the curve.
    return false;
  }
}
