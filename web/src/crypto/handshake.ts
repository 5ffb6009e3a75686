/**
 * Reads MLS messages (RFC 9420 §6) without changing anything, so that `room/checks.ts` can decide before the library
 * processes them. Sizes are capped before parsing, and only what would be written the same way again is accepted.
 */
import { decodeMlsMessage, encodeMlsMessage, type KeyPackage, type MLSMessage } from "ts-mls";
import type { PrivateMessage } from "ts-mls/privateMessage.js";
import { makeKeyPackageRef } from "ts-mls/keyPackage.js";
import { equalBytes, type Bytes } from "./bytes.ts";
import { CryptoError } from "./errors.ts";
import { checkLeaf, checkLifetime, checkPackage, checkWelcome } from "./profile.ts";
import { isOurCredential, suite } from "./suite.ts";

/** Bytes of the largest message of any kind. */
export const MAX_MLS_MESSAGE = 256 * 1024;
const TAG_SIZE = 32;

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

/** A handshake that can be read, and that no client ever makes. */
export class ForeignHandshake extends CryptoError {}

/**
 * A member's commit with one Add or only Removes, by value, whose leaves and KeyPackages keep the profile. Throws
 * CryptoError for what cannot be read or breaks the profile, ForeignHandshake for other kinds of changes.
 */
export async function readCommit(data: Uint8Array): Promise<CommitSummary> {
  const message = decode(data);
  if (message.wireformat !== "mls_public_message") throw new ForeignHandshake("not a public message");
  const { publicMessage } = message;
  const { content, auth } = publicMessage;
  if (content.contentType !== "commit" || auth.contentType !== "commit" || content.sender.senderType !== "member") {
    throw new ForeignHandshake("not a member's commit");
  }
  if (content.authenticatedData.length > 0) throw new ForeignHandshake("authenticated data");
  const added: PackageSummary[] = [];
  const removed: number[] = [];
  for (const entry of content.commit.proposals) {
    if (entry.proposalOrRefType !== "proposal") throw new ForeignHandshake("proposal by reference");
    const { proposal } = entry;
    if (proposal.proposalType === "add" && "add" in proposal) {
      await checkPackage(proposal.add.keyPackage);
      added.push(await summarise(proposal.add.keyPackage));
    } else if (proposal.proposalType === "remove" && "remove" in proposal) removed.push(proposal.remove.removed);
    else throw new ForeignHandshake("foreign proposal");
  }
  if (added.length > 1 || (added.length > 0 && removed.length > 0)) throw new ForeignHandshake("more than one change");
  const leaf = content.commit.path?.leafNode;
  if (leaf) checkLeaf(leaf);
  if (publicMessage.senderType !== "member" || publicMessage.membershipTag.length !== TAG_SIZE) throw new CryptoError("tag");
  if (auth.confirmationTag.length !== TAG_SIZE) throw new CryptoError("tag");
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
  await checkPackage(message.keyPackage);
  checkLifetime(message.keyPackage, now);
  return summarise(message.keyPackage);
}

/** The reference (32 bytes) of the KeyPackage that a Welcome is for. Throws CryptoError. */
export function readWelcome(data: Uint8Array): Bytes {
  const message = decode(data);
  if (message.wireformat !== "mls_welcome") throw new CryptoError("not a Welcome");
  return copy(checkWelcome(message.welcome));
}
