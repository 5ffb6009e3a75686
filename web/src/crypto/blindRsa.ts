/**
 * Blind signatures (RFC 9474), variant RSABSSA-SHA384-PSS-Randomized: the client's half.
 *
 * `safespace.crypto.blind_rsa` says what they are for and which keys there are.
 */
import { RSABSSA } from "@cloudflare/blindrsa-ts";
import { type Bytes, concat, randomBytes } from "./bytes.ts";
import { CryptoError } from "./errors.ts";

/** Random bytes before each message. */
export const PREFIX = 32;
const SALT = 48;
const ALGORITHM = { name: "RSA-PSS", hash: "SHA-384" } as const;

/** What the server is shown, and what only this device knows. */
export interface Blinded {
  readonly message: Bytes;
  readonly blinded: Bytes;
  readonly inverse: Bytes;
}

/** A message of which no two are alike, blinded for `key`. Throws CryptoError for an unusable key. */
export async function blind(key: Bytes, message: Bytes): Promise<Blinded> {
  const prepared = concat(randomBytes(PREFIX), message);
  const read = await readKey(key);
  try {
    const { blindedMsg, inv } = await RSABSSA.SHA384.PSS.Randomized().blind(read, prepared);
    return { message: prepared, blinded: new Uint8Array(blindedMsg), inverse: new Uint8Array(inv) };
  } catch {
    throw new CryptoError("this is not a usable public key");
  }
}

/** The signature of a prepared message. Throws CryptoError where it is not signed by this key. */
export async function finalize(key: Bytes, message: Bytes, blindSignature: Bytes, inverse: Bytes): Promise<Bytes> {
  const read = await readKey(key);
  try {
    return new Uint8Array(await RSABSSA.SHA384.PSS.Randomized().finalize(read, message, blindSignature, inverse));
  } catch {
    throw new CryptoError("this is not the signature that was asked for");
  }
}

/** Throws CryptoError for an unusable key. */
export async function verify(key: Bytes, message: Bytes, signature: Bytes): Promise<boolean> {
  return crypto.subtle.verify({ name: ALGORITHM.name, saltLength: SALT }, await readKey(key), signature, message);
}

/** Throws CryptoError for any key but of 2048 bits with exponent 65537. */
async function readKey(key: Bytes): Promise<CryptoKey> {
  let read: CryptoKey;
  try {
    read = await crypto.subtle.importKey("spki", key, ALGORITHM, true, ["verify"]);
  } catch {
    throw new CryptoError("this is not a public key");
  }
  const { modulusLength, publicExponent } = read.algorithm as RsaHashedKeyAlgorithm;
  if (modulusLength !== 2048 || publicExponent.join() !== "1,0,1") {
    throw new CryptoError("this is not a key for blind signatures");
  }
  return read;
}
