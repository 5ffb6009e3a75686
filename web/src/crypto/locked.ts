/**
 * Text under a passphrase, to be kept as a file: Argon2id (RFC 9106) with the client's constants over a random salt, then
 * HKDF, then AES-256-GCM. See docs/protocol.md, "A locked file".
 */
import { bytes, exact, FormError, oneOf, whole, b64 } from "../form.ts";
import { b64decode, b64encode, type Bytes, fromUtf8, lp, randomBytes, utf8 } from "./bytes.ts";
import { CryptoError } from "./errors.ts";
import { inWorker } from "./login.ts";
import { hkdf } from "./mac.ts";

const SALT = 16;
const NONCE = 12;
const LABEL = "safespace locked file";
const lockedFile = exact({ v: whole(1, 1), kind: oneOf(LABEL), salt: bytes(SALT), nonce: bytes(NONCE), sealed: b64 });

type Stretch = typeof inWorker;

/** The file's content. Throws CryptoError where memory is short. */
export async function lock(text: string, passphrase: string, stretch: Stretch = inWorker): Promise<string> {
  const [salt, nonce] = [randomBytes(SALT), randomBytes(NONCE)];
  const key = await keyOf(passphrase, salt, stretch);
  const sealed = await crypto.subtle.encrypt(algorithm(nonce), key, utf8(text));
  const file = { v: 1, kind: LABEL, salt: b64encode(salt), nonce: b64encode(nonce), sealed: b64encode(new Uint8Array(sealed)) };
  return `${JSON.stringify(file, null, 1)}\n`;
}

/** What was locked. Throws CryptoError for another passphrase or another file. */
export async function unlock(file: string, passphrase: string, stretch: Stretch = inWorker): Promise<string> {
  let read;
  try {
    read = lockedFile(JSON.parse(file));
  } catch (error) {
    throw error instanceof FormError || error instanceof SyntaxError ? new CryptoError("this is no locked file") : error;
  }
  const key = await keyOf(passphrase, b64decode(read.salt), stretch);
  try {
    const opened = await crypto.subtle.decrypt(algorithm(b64decode(read.nonce)), key, b64decode(read.sealed));
    return fromUtf8(new Uint8Array(opened));
  } catch {
    throw new CryptoError("this passphrase does not open the file");
  }
}

function algorithm(iv: Bytes): AesGcmParams {
  return { name: "AES-GCM", iv, additionalData: lp(LABEL) };
}

async function keyOf(passphrase: string, salt: Bytes, stretch: Stretch): Promise<CryptoKey> {
  const stretched = await stretch({ passphrase: utf8(passphrase.normalize("NFKC")), salt });
  const key = await hkdf(stretched, new Uint8Array(), LABEL);
  return crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt", "decrypt"]);
}
