/**
 * Reads MLS messages (RFC 9420 §6) without changing anything, so that `room/checks.ts` can decide before the library
 * processes them. Sizes are capped before parsing, and only what would be written the same way again is accepted.
 */
import { decodeMlsMessage, encodeMlsMessage, type KeyPackage, type MLSMessage } from "ts-mls";
import type { PrivateMessage } from "ts-mls/privateMessage.js";
import { makeKeyPackageRef, verifyKeyPackage } from "ts-mls/keyPackage.js";
import { verifyLeafNodeSignatureKeyPackage } from "ts-mls/leafNode.js";
import { equalBytes, type Bytes } from "./bytes.ts";
import { CryptoError } from "./errors.ts";
import { isOurCredential, MAX_LIFETIME, suite, SUITE_NAME } from "./suite.ts";

/** Bytes of the largest message of any kind. */
export const MAX_MLS_MESSAGE = 256 * 1024;
const CLOCK_SKEW = 3_600n;

export interface PackageSummary {
  /** 32 bytes, RFC 9420 §5.2. */
  readonly ref: Bytes;
  readonly identity: Bytes;
  readonly signatureKey: Bytes;
}

export interface CommitSummary {
  readonly groupId: Bytes;
  readonly epoch: number;
  /** Leaf index. */
  readonly committer: number;
  readonly added: readonly PackageSummary[];
  /** Leaf indices. */
  readonly removed: readonly number[];
  readonly path: { readonly identity: Bytes; readonly signatureKey: Bytes } | null;
  /** Of the epoch that it begins, as its author says. */
  readonly confirmationTag: Bytes;
}

/** A PrivateMessage, of which the header can be read by anyone. */
export interface PrivateHeader {
  readonly groupId: Bytes;
  readonly epoch: number;
  readonly application: boolean;
  readonly whole: PrivateMessage;
}

export function copy(bytes: Uint8Array): Bytes {
  return new Uint8Array(bytes);
}

/** Throws CryptoError unless `data` is exactly one MLSMessage. */
export function decode(data: Uint8Array): MLSMessage {
  if (data.length > MAX_MLS_MESSAGE) throw new CryptoError("too large");
  let decoded: [MLSMessage, number] | undefined;
  let again: Uint8Array | undefined;
  try {
    decoded = decodeMlsMessage(data, 0);
    again = decoded && encodeMlsMessage(decoded[0]);
  } catch {
    decoded = undefined;
  }
  if (!decoded || !again || !equalBytes(again, data)) throw new CryptoError("not an MLS message");
  return decoded[0];
}

export async function summarise(keyPackage: KeyPackage): Promise<PackageSummary> {
  const { credential, signaturePublicKey } = keyPackage.leafNode;
  if (credential.credentialType !== "basic" || !isOurCredential(credential)) throw new CryptoError("foreign credential");
  return {
    ref: copy(await makeKeyPackageRef(keyPackage, suite.hash)),
    identity: copy(credential.identity),
    signatureKey: copy(signaturePublicKey),
  };
}

/** A member's commit with only Adds and Removes, all by value. Throws CryptoError for everything else. */
export async function readCommit(data: Uint8Array): Promise<CommitSummary> {
  const message = decode(data);
  if (message.wireformat !== "mls_public_message") throw new CryptoError("not a public message");
  const { content, auth } = message.publicMessage;
  if (content.contentType !== "commit" || auth.contentType !== "commit" || content.sender.senderType !== "member") {
    throw new CryptoError("not a member's commit");
  }
  if (content.authenticatedData.length > 0) throw new CryptoError("authenticated data");
  const added: PackageSummary[] = [];
  const removed: number[] = [];
  for (const entry of content.commit.proposals) {
    if (entry.proposalOrRefType !== "proposal") throw new CryptoError("proposal by reference");
    const { proposal } = entry;
    if (proposal.proposalType === "add" && "add" in proposal) added.push(await summarise(proposal.add.keyPackage));
    else if (proposal.proposalType === "remove" && "remove" in proposal) removed.push(proposal.remove.removed);
    else throw new CryptoError("foreign proposal");
  }
  const leaf = content.commit.path?.leafNode;
  if (leaf && (leaf.credential.credentialType !== "basic" || !isOurCredential(leaf.credential))) {
    throw new CryptoError("foreign credential");
  }
  return {
    groupId: copy(content.groupId),
    epoch: Number(content.epoch),
    committer: content.sender.leafIndex,
    added,
    removed,
    path:
      leaf?.credential.credentialType === "basic"
        ? { identity: copy(leaf.credential.identity), signatureKey: copy(leaf.signaturePublicKey) }
        : null,
    confirmationTag: copy(auth.confirmationTag),
  };
}

/** Throws CryptoError. */
export function readPrivate(data: Uint8Array): PrivateHeader {
  const message = decode(data);
  if (message.wireformat !== "mls_private_message") throw new CryptoError("not a private message");
  const whole = message.privateMessage;
  const { groupId, epoch, contentType } = whole;
  return { groupId: copy(groupId), epoch: Number(epoch), application: contentType === "application", whole };
}

/**
 * A KeyPackage of our profile with both signatures valid and a lifetime that holds now (`now` in milliseconds).
 * Throws CryptoError.
 */
export async function readKeyPackage(data: Uint8Array, now: number): Promise<PackageSummary> {
  const message = decode(data);
  if (message.wireformat !== "mls_key_package") throw new CryptoError("not a KeyPackage");
  const { keyPackage } = message;
  const { leafNode } = keyPackage;
  const { notBefore, notAfter } = leafNode.lifetime;
  const seconds = BigInt(Math.floor(now / 1000));
  if (keyPackage.cipherSuite !== SUITE_NAME) throw new CryptoError("another suite");
  if (keyPackage.initKey.length !== 32 || leafNode.hpkePublicKey.length !== 32) throw new CryptoError("bad key");
  if (equalBytes(keyPackage.initKey, leafNode.hpkePublicKey)) throw new CryptoError("one key for two purposes");
  if (notAfter - notBefore > MAX_LIFETIME || notBefore > seconds + CLOCK_SKEW || notAfter < seconds) {
    throw new CryptoError("lifetime");
  }
  const summary = await summarise(keyPackage);
  const signed = await Promise.all([
    verifyLeafNodeSignatureKeyPackage(leafNode, suite.signature),
    verifyKeyPackage(keyPackage, suite.signature),
  ]).catch(() => [false]);
  if (!signed.every(Boolean)) throw new CryptoError("signature");
  return summary;
}

/** The references (32 bytes) of the KeyPackages that a Welcome is for. Throws CryptoError. */
export function readWelcome(data: Uint8Array): readonly Bytes[] {
  const message = decode(data);
  if (message.wireformat !== "mls_welcome") throw new CryptoError("not a Welcome");
  return message.welcome.secrets.map(({ newMember }) => copy(newMember));
}
