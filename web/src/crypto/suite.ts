/**
 * Cipher suite 0x0001 (X25519, AES-128-GCM, SHA-256, Ed25519; RFC 9420 §17.1) for ts-mls, out of WebCrypto, `@hpke/core`
 * and `@noble/hashes`. The library's own providers would bring every other suite into the page.
 *
 * SHA-256 is not WebCrypto's: MLS hashes a few hundred bytes a dozen times for each message, and going to another thread
 * and back takes ten times longer than the hash.
 */
import { Aes128Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";
import { expand, extract } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import type { Capabilities, Credential } from "ts-mls";
import type { ClientConfig } from "ts-mls/clientConfig.js";
import type { CiphersuiteImpl } from "ts-mls/crypto/ciphersuite.js";
import { makeGenericHpke } from "ts-mls/crypto/implementation/hpke.js";
import { defaultKeyPackageEqualityConfig } from "ts-mls/keyPackageEqualityConfig.js";
import { toBufferSource } from "ts-mls/util/byteArray.js";
import { breathe } from "../breath.ts";
import { equalBytes } from "./bytes.ts";
import { newPair, verifies } from "./ed25519.ts";

export const SUITE_NAME = "MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519";
/** Bytes of a leaf's identity. */
export const IDENTITY_LENGTH = 16;
/** Seconds for which each KeyPackage is valid. */
export const LIFETIME = 365n * 86_400n;

const { subtle } = globalThis.crypto;

function aesKey(key: Uint8Array, use: "encrypt" | "decrypt"): Promise<CryptoKey> {
  return subtle.importKey("raw", toBufferSource(key), "AES-GCM", false, [use]);
}

const aead = {
  async encrypt(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): Promise<Uint8Array> {
    const algorithm = { name: "AES-GCM", iv: toBufferSource(nonce), additionalData: toBufferSource(aad) };
    return new Uint8Array(await subtle.encrypt(algorithm, await aesKey(key, "encrypt"), toBufferSource(plaintext)));
  },
  async decrypt(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, ciphertext: Uint8Array): Promise<Uint8Array> {
    const algorithm = { name: "AES-GCM", iv: toBufferSource(nonce), additionalData: toBufferSource(aad) };
    return new Uint8Array(await subtle.decrypt(algorithm, await aesKey(key, "decrypt"), toBufferSource(ciphertext)));
  },
};

const hash = {
  async digest(data: Uint8Array): Promise<Uint8Array> {
    await breathe();
    return sha256(data);
  },
  async mac(key: Uint8Array, data: Uint8Array): Promise<Uint8Array> {
    await breathe();
    return hmac(sha256, key, data);
  },
  async verifyMac(key: Uint8Array, mac: Uint8Array, data: Uint8Array): Promise<boolean> {
    return equalBytes(await hash.mac(key, data), mac);
  },
};

/** HKDF (RFC 5869). */
const kdf = {
  async extract(salt: Uint8Array, ikm: Uint8Array): Promise<Uint8Array> {
    await breathe();
    return extract(sha256, ikm, salt);
  },
  async expand(prk: Uint8Array, info: Uint8Array, length: number): Promise<Uint8Array> {
    await breathe();
    return expand(sha256, prk, info, length);
  },
  size: sha256.outputLen,
};

/** Ed25519 (RFC 8032); a private key is its PKCS #8 bytes. */
const signature = {
  async sign(signKey: Uint8Array, message: Uint8Array): Promise<Uint8Array> {
    const key = await subtle.importKey("pkcs8", toBufferSource(signKey), "Ed25519", false, ["sign"]);
    return new Uint8Array(await subtle.sign("Ed25519", key, toBufferSource(message)));
  },
  verify: verifies,
  async keygen(): Promise<{ publicKey: Uint8Array; signKey: Uint8Array }> {
    const pair = await newPair();
    return {
      publicKey: new Uint8Array(await subtle.exportKey("raw", pair.publicKey)),
      signKey: new Uint8Array(await subtle.exportKey("pkcs8", pair.privateKey)),
    };
  },
};

export const suite: CiphersuiteImpl = {
  name: SUITE_NAME,
  hash,
  kdf,
  signature,
  hpke: await makeGenericHpke(
    { kem: "DHKEM-X25519-HKDF-SHA256", kdf: "HKDF-SHA256", aead: "AES128GCM" },
    aead,
    new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes128Gcm() }),
  ),
  rng: { randomBytes: (n: number) => globalThis.crypto.getRandomValues(new Uint8Array(n)) },
};

/** What each leaf says of itself. */
export const CAPABILITIES: Capabilities = {
  versions: ["mls10"],
  ciphersuites: [SUITE_NAME],
  extensions: [],
  proposals: [],
  credentials: ["basic"],
};

/** Who may be a leaf at all: the library's default accepts anyone. */
export function isOurCredential(credential: Credential): boolean {
  return credential.credentialType === "basic" && credential.identity.length === IDENTITY_LENGTH;
}

export const config: ClientConfig = {
  // 0 would keep every epoch; GroupCrypto empties what 1 keeps. Generations as in mls-rs, so that the SDK opens the same.
  keyRetentionConfig: { retainKeysForEpochs: 1, retainKeysForGenerations: 1024, maximumForwardRatchetSteps: 1024 },
  lifetimeConfig: { maximumTotalLifetime: LIFETIME, validateLifetimeOnReceive: false },
  keyPackageEqualityConfig: defaultKeyPackageEqualityConfig,
  // We pad the plaintext ourselves, above the length the library knows.
  paddingConfig: { kind: "alwaysPad", paddingLength: 0 },
  authService: { validateCredential: (credential) => Promise.resolve(isOurCredential(credential)) },
};
