/**
 * One MLS group (RFC 9420) on this device. The only module that lets ts-mls change anything.
 *
 * A `GroupCrypto` is a value: each operation gives a `next` one. Save `next`, then use what was made with it, and then
 * overwrite what is over: `wipe` what was consumed, or `forget` the epoch that a commit ended. To undo a refused commit,
 * drop its `next`.
 */
import {
  createApplicationMessage,
  createCommit,
  createGroup,
  decodeGroupState,
  emptyPskIndex,
  encodeGroupState,
  encodeMlsMessage,
  generateKeyPackage,
  mlsExporter,
  processPublicMessage,
  type ClientState,
  type GroupState,
  type PrivateKeyPackage,
  type Proposal,
} from "ts-mls";
import { joinGroupWithExtensions } from "ts-mls/clientState.js";
import { unprotectPrivateMessage } from "ts-mls/messageProtection.js";
import { decodeRatchetTree, encodeRatchetTree, type RatchetTree } from "ts-mls/ratchetTree.js";
import { b64encode, equalBytes, type Bytes } from "./bytes.ts";
import { checkChange, checkTree } from "./changes.ts";
import { CryptoError } from "./errors.ts";
import { copy, decode, MAX_MLS_MESSAGE, summarise, type PrivateHeader } from "./handshake.ts";
import { checkPackage, checkWelcome } from "./profile.ts";
import { checkKeys, checkSecrets } from "./received.ts";
import { CAPABILITIES, config, IDENTITY_LENGTH, LIFETIME, suite } from "./suite.ts";

/** A tree does not change, and is asked for its leaves with every message. */
const rosters = new WeakMap<RatchetTree, readonly Leaf[]>();

export interface Leaf {
  readonly index: number;
  readonly identity: Bytes;
  /** `identity` as base64url: what envelopes and the group's policy call the leaf. */
  readonly id: string;
  readonly signatureKey: Bytes;
}

/** A KeyPackage of this device with its private keys, ready to be sealed into the vault. */
export interface OwnPackage {
  /** The KeyPackage as an MLSMessage. */
  readonly message: Bytes;
  readonly ref: Bytes;
  readonly identity: Bytes;
  readonly initKey: Bytes;
  readonly leafKey: Bytes;
  readonly signingKey: Bytes;
}

/** `consumed` are secrets that `next` no longer needs. */
export interface Step {
  readonly next: GroupCrypto;
  readonly consumed: readonly Uint8Array[];
}

export interface CommitStep {
  readonly next: GroupCrypto;
  readonly commit: Bytes;
  /** The Welcome as an MLSMessage, if someone was added. */
  readonly welcome: Bytes | null;
}

export function wipe(secrets: readonly Uint8Array[]): void {
  for (const secret of secrets) secret.fill(0);
}

/** ts-mls throws many kinds of errors, and raw TypeErrors on bad input. */
async function guarded<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CryptoError) throw error;
    throw new CryptoError(what, { cause: error });
  }
}

async function newPackage(now: number): Promise<{ own: OwnPackage; parts: Awaited<ReturnType<typeof generateKeyPackage>> }> {
  const identity = suite.rng.randomBytes(IDENTITY_LENGTH);
  // Who admits this device with the SDK goes by the clock of its machine, which may be behind.
  const notBefore = BigInt(Math.floor(now / 1000)) - 3_600n;
  const lifetime = { notBefore, notAfter: notBefore + LIFETIME };
  const parts = await generateKeyPackage({ credentialType: "basic", identity }, CAPABILITIES, lifetime, [], suite);
  const { publicPackage, privatePackage } = parts;
  const summary = await summarise(publicPackage);
  return {
    parts,
    own: {
      message: copy(encodeMlsMessage({ version: "mls10", wireformat: "mls_key_package", keyPackage: publicPackage })),
      ref: summary.ref,
      identity: summary.identity,
      initKey: copy(privatePackage.initPrivateKey),
      leafKey: copy(privatePackage.hpkePrivateKey),
      signingKey: copy(privatePackage.signaturePrivateKey),
    },
  };
}

/** A fresh KeyPackage: new identity of 16 random bytes, new keys, valid for 365 days. `now` is the server's time (ms). */
export function createKeyPackage(now: number): Promise<OwnPackage> {
  return guarded("key package", async () => (await newPackage(now)).own);
}

/** Signs with the leaf key of a KeyPackage not yet in a group. */
export async function signWith(own: OwnPackage, data: Uint8Array): Promise<Bytes> {
  return copy(await suite.signature.sign(own.signingKey, data));
}

export class GroupCrypto {
  readonly #state: ClientState;

  private constructor(state: ClientState) {
    this.#state = { ...state, historicalReceiverData: new Map() };
  }

  /** A group of one, in epoch 0. `groupId` is the room's 16 bytes, `now` the server's time (ms). */
  static create(groupId: Uint8Array, now: number): Promise<GroupCrypto> {
    return guarded("create", async () => {
      const { parts } = await newPackage(now);
      return new GroupCrypto(
        await createGroup(copy(groupId), parts.publicPackage, parts.privatePackage, [], suite, config),
      );
    });
  }

  /**
   * Enters by a Welcome with the tree it speaks of (`ratchet_tree` bytes). The tree's hashes, signatures and the
   * confirmation tag are verified. Throws CryptoError.
   */
  static join(welcome: Uint8Array, tree: Uint8Array, own: OwnPackage): Promise<GroupCrypto> {
    return guarded("join", async () => {
      const message = decode(welcome);
      const ours = decode(own.message);
      if (message.wireformat !== "mls_welcome" || ours.wireformat !== "mls_key_package") throw new CryptoError("welcome");
      if (tree.length > 4 * MAX_MLS_MESSAGE) throw new CryptoError("tree");
      const nodes = decodeRatchetTree(tree, 0);
      if (!nodes || !equalBytes(encodeRatchetTree(nodes[0]), tree)) throw new CryptoError("tree");
      if (!equalBytes(checkWelcome(message.welcome), own.ref)) throw new CryptoError("for somebody else");
      checkTree(nodes[0]);
      const keys: PrivateKeyPackage = {
        initPrivateKey: own.initKey,
        hpkePrivateKey: own.leafKey,
        signaturePrivateKey: own.signingKey,
      };
      await checkSecrets(message.welcome, own.initKey);
      const [state, extensions] = await joinGroupWithExtensions(
        message.welcome, ours.keyPackage, keys, emptyPskIndex, suite, nodes[0], undefined, config,
      );
      if (state.groupContext.extensions.length > 0 || extensions.length > 0) throw new CryptoError("extensions");
      if (state.groupContext.confirmedTranscriptHash.length !== suite.kdf.size) throw new CryptoError("transcript hash");
      await checkKeys(state);
      return new GroupCrypto(state);
    });
  }

  /** The inverse of `serialise`. Throws CryptoError. */
  static restore(data: Uint8Array): GroupCrypto {
    let decoded: [GroupState, number] | undefined;
    try {
      decoded = decodeGroupState(data, 0);
    } catch {
      decoded = undefined;
    }
    if (decoded?.[1] !== data.length) throw new CryptoError("state");
    return new GroupCrypto({ ...decoded[0], clientConfig: config });
  }

  /** Every secret of this device in the group: only ever to be written sealed. */
  serialise(): Bytes {
    return copy(encodeGroupState(this.#state));
  }

  get groupId(): Bytes {
    return copy(this.#state.groupContext.groupId);
  }

  get epoch(): number {
    return Number(this.#state.groupContext.epoch);
  }

  get treeHash(): Bytes {
    return copy(this.#state.groupContext.treeHash);
  }

  get confirmationTag(): Bytes {
    return copy(this.#state.confirmationTag);
  }

  /** The public tree as in the `ratchet_tree` extension (RFC 9420 §12.4.3.3). */
  get tree(): Bytes {
    return copy(encodeRatchetTree(this.#state.ratchetTree));
  }

  /** Every leaf of the tree, that is everyone who can read this epoch. */
  get roster(): readonly Leaf[] {
    const { ratchetTree } = this.#state;
    const known = rosters.get(ratchetTree);
    if (known) return known;
    const roster = ratchetTree.flatMap((node, position) => {
      if (node?.nodeType !== "leaf") return [];
      const { credential, signaturePublicKey } = node.leaf;
      if (credential.credentialType !== "basic") return [];
      const identity = copy(credential.identity);
      return [{ index: position / 2, identity, id: b64encode(identity), signatureKey: copy(signaturePublicKey) }];
    });
    rosters.set(ratchetTree, roster);
    return roster;
  }

  /** This device's own leaf. Throws CryptoError once it was removed. */
  get me(): Leaf {
    const leaf = this.roster.find(({ index }) => index === this.#state.privatePath.leafIndex);
    if (!leaf) throw new CryptoError("removed");
    return leaf;
  }

  /** Seals `plaintext` as a PrivateMessage of this epoch. */
  seal(plaintext: Uint8Array): Promise<Step & { message: Bytes }> {
    return guarded("seal", async () => {
      const made = await createApplicationMessage(this.#state, plaintext, suite);
      const { privateMessage } = made;
      const message = encodeMlsMessage({ version: "mls10", wireformat: "mls_private_message", privateMessage });
      return { next: new GroupCrypto(made.newState), consumed: made.consumed, message: copy(message) };
    });
  }

  /** Opens another member's PrivateMessage of this epoch. Throws CryptoError. */
  open(message: PrivateHeader): Promise<Step & { plaintext: Bytes; sender: Leaf }> {
    return guarded("open", async () => {
      const { groupContext, keySchedule, secretTree, ratchetTree } = this.#state;
      const { groupId, epoch, contentType } = message.whole;
      if (contentType !== "application" || !equalBytes(groupId, groupContext.groupId) || epoch !== groupContext.epoch) {
        throw new CryptoError("another group, epoch or kind");
      }
      // What `processPrivateMessage` does, which does not tell who sent it.
      const { content, tree, consumed } = await unprotectPrivateMessage(
        keySchedule.senderDataSecret, message.whole, secretTree, ratchetTree, groupContext, config.keyRetentionConfig, suite,
      );
      const { content: said } = content;
      if (said.contentType !== "application" || said.sender.senderType !== "member") throw new CryptoError("not a message");
      const { leafIndex } = said.sender;
      const sender = this.roster.find(({ index }) => index === leafIndex);
      if (!sender) throw new CryptoError("no such sender");
      return {
        next: new GroupCrypto({ ...this.#state, secretTree: tree }),
        consumed,
        plaintext: copy(said.applicationData),
        sender,
      };
    });
  }

  /** Adds the holder of a KeyPackage (an MLSMessage). */
  add(keyPackage: Uint8Array): Promise<CommitStep> {
    return guarded("add", async () => {
      const message = decode(keyPackage);
      if (message.wireformat !== "mls_key_package") throw new CryptoError("not a KeyPackage");
      await checkPackage(message.keyPackage);
      const proposal: Proposal = { proposalType: "add", add: { keyPackage: message.keyPackage } };
      const { privatePath, ratchetTree } = this.#state;
      checkChange(ratchetTree, privatePath.leafIndex, { proposals: [{ proposalOrRefType: "proposal", proposal }], path: undefined });
      return this.#commit([proposal]);
    });
  }

  /** Removes leaves by index; always with a path, so that the removed cannot follow. */
  remove(indices: readonly number[]): Promise<CommitStep> {
    return guarded("remove", () =>
      this.#commit(indices.map((removed) => ({ proposalType: "remove", remove: { removed } }))),
    );
  }

  /** Gives this device's leaf and its path fresh keys. */
  update(): Promise<CommitStep> {
    return guarded("update", () => this.#commit([]));
  }

  async #commit(extraProposals: Proposal[]): Promise<CommitStep> {
    const made = await createCommit(
      { state: this.#state, cipherSuite: suite },
      { wireAsPublicMessage: true, extraProposals },
    );
    const { welcome } = made;
    return {
      next: new GroupCrypto(made.newState),
      commit: copy(encodeMlsMessage(made.commit)),
      welcome: welcome ? copy(encodeMlsMessage({ version: "mls10", wireformat: "mls_welcome", welcome })) : null,
    };
  }

  /** Applies another member's commit, which `room/checks.ts` has allowed. Throws CryptoError, and then nothing has changed. */
  apply(commit: Uint8Array): Promise<GroupCrypto> {
    return guarded("apply", async () => {
      const message = decode(commit);
      if (message.wireformat !== "mls_public_message") throw new CryptoError("not a public message");
      const { content } = message.publicMessage;
      const { groupContext, ratchetTree } = this.#state;
      if (!equalBytes(content.groupId, groupContext.groupId) || content.epoch !== groupContext.epoch) {
        throw new CryptoError("another group or epoch");
      }
      if (content.contentType !== "commit" || content.sender.senderType !== "member") throw new CryptoError("not a commit");
      checkChange(ratchetTree, content.sender.leafIndex, content.commit);
      const { newState } = await processPublicMessage(this.#state, message.publicMessage, emptyPskIndex, suite);
      await checkKeys(newState, ratchetTree);
      return new GroupCrypto(newState);
    });
  }

  /** Overwrites this epoch's secrets. No value of this epoch can be used afterwards. */
  forget(): void {
    const ratchets = this.#state.secretTree.flatMap((node) => [node.application, node.handshake]);
    wipe(ratchets.flatMap((ratchet) => [ratchet.secret, ...Object.values(ratchet.unusedGenerations)]));
    wipe(Object.values(this.#state.keySchedule));
  }

  /** MLS-Exporter (RFC 9420 §8.5) of this epoch, `length` bytes. */
  exporter(label: string, context: Uint8Array, length: number): Promise<Bytes> {
    return guarded("exporter", async () =>
      copy(await mlsExporter(this.#state.keySchedule.exporterSecret, label, context, length, suite)),
    );
  }

  /** Signs with this device's leaf key. */
  async sign(data: Uint8Array): Promise<Bytes> {
    return copy(await suite.signature.sign(this.#state.signaturePrivateKey, data));
  }
}
