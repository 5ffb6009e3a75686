/**
 * What SafeSpace takes of MLS, field by field (docs/protocol.md, "The profile"): what neither client writes is refused
 * before the library sees it. `safespace.crypto.mls.profile` has the same rules.
 */
import type { KeyPackage, LeafNode } from "ts-mls";
import { encodeCapabilities } from "ts-mls/capabilities.js";
import type { HPKECiphertext } from "ts-mls/hpkeCiphertext.js";
import { verifyKeyPackage } from "ts-mls/keyPackage.js";
import { verifyLeafNodeSignatureKeyPackage } from "ts-mls/leafNode.js";
import type { Welcome } from "ts-mls/welcome.js";
import { concat, equalBytes } from "./bytes.ts";
import * as ed25519 from "./ed25519.ts";
import { CryptoError } from "./errors.ts";
import { CAPABILITIES, isOurCredential, LIFETIME, suite, SUITE_NAME } from "./suite.ts";
import * as x25519 from "./x25519.ts";

const HASH_SIZE = 32;
const SEALED_SECRET_SIZE = 48;
/** Bytes of sealed GroupSecrets without and with a path secret. */
const GROUP_SECRETS_SIZES = [51, 84];
/** Bytes of a sealed GroupInfo of a room. */
const GROUP_INFO_SIZE = 216;
/** Seconds by which two clocks that are right may differ: those of the server's processes, and of who made a KeyPackage. */
const CLOCK_SKEW = 60n;

function u16s(...values: readonly number[]): Uint8Array {
  return Uint8Array.from([2 * values.length, ...values.flatMap((value) => [value >> 8, value & 0xff])]);
}

/** As the pages write them, and as mls-rs does, which names every suite of RFC 9420. */
const CAPABILITIES_TAKEN = [
  encodeCapabilities(CAPABILITIES),
  concat(u16s(1), u16s(1, 2, 3, 4, 5, 6, 7), u16s(), u16s(), u16s(1)),
];

/** Throws CryptoError where the leaf breaks the profile. Its signature and parent hash are not looked at. */
export function checkLeaf(leaf: LeafNode): void {
  if (leaf.leafNodeSource === "update") throw new CryptoError("leaves come with KeyPackages and commits alone");
  if (!isOurCredential(leaf.credential)) throw new CryptoError("foreign credential");
  const capabilities = encodeCapabilities(leaf.capabilities);
  if (!CAPABILITIES_TAKEN.some((taken) => equalBytes(taken, capabilities))) throw new CryptoError("capabilities");
  if (leaf.extensions.length > 0) throw new CryptoError("extensions");
  if (leaf.leafNodeSource === "key_package" && leaf.lifetime.notAfter - leaf.lifetime.notBefore !== LIFETIME) {
    throw new CryptoError("lifetime");
  }
  x25519.checkPublicKey(leaf.hpkePublicKey);
  ed25519.checkPublicKey(leaf.signaturePublicKey);
}

/** Throws CryptoError unless the KeyPackage keeps the profile, and both signatures verify. */
export async function checkPackage(keyPackage: KeyPackage): Promise<void> {
  const { leafNode } = keyPackage;
  if (keyPackage.cipherSuite !== SUITE_NAME) throw new CryptoError("another suite");
  checkLeaf(leafNode);
  x25519.checkPublicKey(keyPackage.initKey);
  if (equalBytes(keyPackage.initKey, leafNode.hpkePublicKey)) throw new CryptoError("one key for two purposes");
  if (keyPackage.extensions.length > 0) throw new CryptoError("extensions");
  const signed = [
    await verifyLeafNodeSignatureKeyPackage(leafNode, suite.signature),
    await verifyKeyPackage(keyPackage, suite.signature),
  ];
  if (!signed.every(Boolean)) throw new CryptoError("signature");
}

/** Throws CryptoError unless the KeyPackage is valid now (in milliseconds, by the server's clock). */
export function checkLifetime({ leafNode: { lifetime } }: KeyPackage, now: number): void {
  const seconds = BigInt(Math.floor(now / 1000));
  if (lifetime.notBefore > seconds + CLOCK_SKEW || lifetime.notAfter < seconds) throw new CryptoError("lifetime");
}

/** Throws CryptoError where a sealed path secret breaks the profile. */
export function checkSealed({ kemOutput, ciphertext }: HPKECiphertext): void {
  x25519.checkPublicKey(kemOutput);
  if (ciphertext.length !== SEALED_SECRET_SIZE) throw new CryptoError("sealed secret");
}

/**
 * The reference (32 bytes) of the one KeyPackage that a Welcome is for. What it seals has one length, or one of two: that
 * leaves no room for extensions or pre-shared keys. Throws CryptoError.
 */
export function checkWelcome({ cipherSuite, secrets, encryptedGroupInfo }: Welcome): Uint8Array {
  if (cipherSuite !== SUITE_NAME) throw new CryptoError("another suite");
  const [entry, ...others] = secrets;
  if (!entry || others.length > 0 || entry.newMember.length !== HASH_SIZE) throw new CryptoError("not for one KeyPackage");
  x25519.checkPublicKey(entry.encryptedGroupSecrets.kemOutput);
  if (!GROUP_SECRETS_SIZES.includes(entry.encryptedGroupSecrets.ciphertext.length)) throw new CryptoError("sealed secrets");
  if (encryptedGroupInfo.length !== GROUP_INFO_SIZE) throw new CryptoError("sealed group info");
  return entry.newMember;
}
