/** HPKE (RFC 9180), base mode, single shot, empty aad: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM. */
import { Aes128Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";
import { type Bytes, concat } from "./bytes.ts";
import { CryptoError } from "./errors.ts";
import { checkPublicKey } from "./x25519.ts";

const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes128Gcm() });
/** Bytes of an encapsulated key. */
const ENC_SIZE = 32;

export interface HpkeKeys {
  readonly privateKey: Bytes;
  readonly publicKey: Bytes;
}

/** A fresh key pair, 32 bytes each. */
export async function generate(): Promise<HpkeKeys> {
  const pair = await suite.kem.generateKeyPair();
  return {
    privateKey: new Uint8Array(await suite.kem.serializePrivateKey(pair.privateKey)),
    publicKey: new Uint8Array(await suite.kem.serializePublicKey(pair.publicKey)),
  };
}

/** enc ‖ ciphertext (48 bytes longer than `plaintext`). Throws CryptoError for an unusable public key. */
export async function seal(publicKey: Bytes, info: Bytes, plaintext: Bytes): Promise<Bytes> {
  checkPublicKey(publicKey);
  try {
    const recipientPublicKey = await suite.kem.deserializePublicKey(publicKey);
    const { enc, ct } = await suite.seal({ recipientPublicKey, info }, plaintext);
    return concat(new Uint8Array(enc), new Uint8Array(ct));
  } catch {
    throw new CryptoError("this is not a usable public key");
  }
}

/** The plaintext of what was sealed to `privateKey` with the same `info`. Throws CryptoError for anything else. */
export async function open(privateKey: Bytes, info: Bytes, box: Bytes): Promise<Bytes> {
  const enc = box.slice(0, ENC_SIZE);
  checkPublicKey(enc);
  try {
    const recipientKey = await suite.kem.deserializePrivateKey(privateKey);
    return new Uint8Array(await suite.open({ recipientKey, enc, info }, box.slice(ENC_SIZE)));
  } catch {
    throw new CryptoError("this box does not open");
  }
}
