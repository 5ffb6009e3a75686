/**
 * What a commit does to a ratchet tree, checked before the library applies it, which looks at less: the same rules as
 * `safespace.crypto.mls.public_group`, by which the relay judges.
 */
import { type Commit } from "ts-mls/commit.js";
import {
  addLeafNode, filteredDirectPathAndCopathResolution, getHpkePublicKey, type RatchetTree, removeLeafNode,
} from "ts-mls/ratchetTree.js";
import { leafToNodeIndex, toLeafIndex } from "ts-mls/treemath.js";
import { b64encode } from "./bytes.ts";
import { CryptoError } from "./errors.ts";
import { checkLeaf, checkSealed } from "./profile.ts";
import * as x25519 from "./x25519.ts";

/** Throws CryptoError where `committer` (leaf index) may not change `tree` so. Proposals are Adds and Removes by value. */
export function checkChange(tree: RatchetTree, committer: number, { proposals, path }: Commit): void {
  let after = tree;
  const fresh = new Set<number>();
  const leaves = leavesOf(tree);
  const identities = new Set(leaves.map(({ credential }) => credential.credentialType === "basic" ? b64encode(credential.identity) : ""));
  const signatureKeys = new Set(leaves.map(({ signaturePublicKey }) => b64encode(signaturePublicKey)));
  const encryptionKeys = keysOf(tree);
  for (const entry of proposals) {
    if (entry.proposalOrRefType !== "proposal") throw new CryptoError("proposal by reference");
    const { proposal } = entry;
    if (proposal.proposalType === "remove" && "remove" in proposal) {
      const index = toLeafIndex(proposal.remove.removed);
      if (index === committer || after[leafToNodeIndex(index)] === undefined) throw new CryptoError("no leaf to remove");
      after = removeLeafNode(after, index);
    } else if (proposal.proposalType === "add" && "add" in proposal) {
      const { leafNode } = proposal.add.keyPackage;
      if (leafNode.credential.credentialType !== "basic") throw new CryptoError("foreign credential");
      addOnce(identities, leafNode.credential.identity);
      addOnce(signatureKeys, leafNode.signaturePublicKey);
      addOnce(encryptionKeys, leafNode.hpkePublicKey);
      const [added, node] = addLeafNode(after, leafNode);
      after = added;
      fresh.add(node);
    }
  }
  if (!path) return;
  checkLeaf(path.leafNode);
  // Those that its Removes blank count too, for the removed know their private halves.
  const known = new Set([...encryptionKeys, ...keysOf(after)]);
  for (const key of [path.leafNode.hpkePublicKey, ...path.nodes.map((node) => node.hpkePublicKey)]) {
    x25519.checkPublicKey(key);
    addOnce(known, key);
  }
  const places = filteredDirectPathAndCopathResolution(toLeafIndex(committer), after);
  if (places.length !== path.nodes.length) throw new CryptoError("path of another length");
  for (const [at, { resolution }] of places.entries()) {
    const sealed = path.nodes[at]?.encryptedPathSecret ?? [];
    if (sealed.length !== resolution.filter((node) => !fresh.has(node)).length) throw new CryptoError("not sealed to everyone");
    for (const one of sealed) checkSealed(one);
  }
}

/** Throws CryptoError where a tree that someone handed over holds leaves or keys outside the profile, or one twice. */
export function checkTree(tree: RatchetTree): void {
  const [keys, signatureKeys, identities] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (const node of tree) {
    if (!node) continue;
    x25519.checkPublicKey(getHpkePublicKey(node));
    addOnce(keys, getHpkePublicKey(node));
  }
  for (const leaf of leavesOf(tree)) {
    checkLeaf(leaf);
    addOnce(signatureKeys, leaf.signaturePublicKey);
    if (leaf.credential.credentialType === "basic") addOnce(identities, leaf.credential.identity);
  }
}

function leavesOf(tree: RatchetTree) {
  return tree.flatMap((node) => (node?.nodeType === "leaf" ? [node.leaf] : []));
}

function keysOf(tree: RatchetTree): Set<string> {
  return new Set(tree.flatMap((node) => (node ? [b64encode(getHpkePublicKey(node))] : [])));
}

/** Throws CryptoError where it is there already. */
function addOnce(known: Set<string>, value: Uint8Array): void {
  const name = b64encode(value);
  if (known.has(name)) throw new CryptoError("in the room already");
  known.add(name);
}
