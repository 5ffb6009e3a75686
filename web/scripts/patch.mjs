// Mends ts-mls 1.6.4 after npm has put it in place. Each to be dropped when a release does the same.
import { readFileSync, writeFileSync } from "node:fs";

/** `where`, a list of what the release says and what is said instead. */
const mends = [
  // RFC 9420 §12.4.3.1 asks of each entry in a parent node's unmerged_leaves that it is a non-blank leaf below that node,
  // and that the non-blank nodes between the two list it too. The release instead wants every node up to the root to have
  // the very same unmerged_leaves, so it refuses valid trees: an Add writes the new leaf into all nodes above it (§7.7),
  // and the next path of another member clears only those of them that the two share (§7.5).
  ["clientState.js", [
    [`if (tree[nodeIndex]?.nodeType !== "leaf" && !dp.includes(toNodeIndex(i)))`,
     `if (tree[nodeIndex]?.nodeType !== "leaf" || !dp.includes(toNodeIndex(i)))`],
    [`for (const parentIdx of dp) {`,
     `for (const parentIdx of dp.slice(0, dp.indexOf(toNodeIndex(i)))) {`],
    [`if (!arraysEqual(dpNode.parent.unmergedLeaves, n.parent.unmergedLeaves))`,
     `if (!dpNode.parent.unmergedLeaves.includes(unmergedLeaf))`],
    // Whoever adds a KeyPackage would judge its lifetime by their device's clock, which may be wrong. Here it is judged
    // before, by the server's (`readKeyPackage`).
    [`if (sentByClient || config.validateLifetimeOnReceive) {`,
     `if (config.validateLifetimeOnReceive) {`],
  ]],
  // The commit secret comes after the last path secret of the filtered direct path (§7.4). The release takes one step
  // more where the root is filtered out, that is where all others are in the committer's half of the tree: no other
  // library can follow.
  ["pathSecrets.js", [
    [`export async function getCommitSecret(tree, nodeIndex, pathSecret, kdf) {
    const rootIndex = root(leafWidth(tree.length));`,
     `export function lastOfPath(tree, nodeIndex) {
    const next = findFirstNonBlankAncestor(tree, nodeIndex);
    return next === nodeIndex || tree[next] === undefined ? nodeIndex : lastOfPath(tree, next);
}
export async function getCommitSecret(tree, nodeIndex, pathSecret, kdf) {
    const rootIndex = lastOfPath(tree, nodeIndex);`],
    [`export async function pathToRoot(tree, nodeIndex, pathSecret, kdf) {
    const rootIndex = root(leafWidth(tree.length));`,
     `export async function pathToRoot(tree, nodeIndex, pathSecret, kdf) {
    const rootIndex = lastOfPath(tree, nodeIndex);`],
  ]],
  ["processMessages.js", [
    [`import { pathToRoot } from "./pathSecrets.js";`,
     `import { lastOfPath, pathToRoot } from "./pathSecrets.js";`],
    [`const rootIndex = root(leafWidth(tree.length));
    const rootSecret`,
     `const rootIndex = lastOfPath(tree, toNodeIndex(secret.nodeIndex));
    const rootSecret`],
  ]],
  // And where nobody else is left the path is the committer's leaf alone: the release then takes zeros for the commit
  // secret, which whoever was just removed knows too.
  ["updatePath.js", [
    [`return [treeWithHashes, updatePath, pathSecrets, leafKeypair.privateKey];`,
     `return [treeWithHashes, updatePath, pathSecrets, leafKeypair.privateKey, await deriveSecret(ps[0].secret, "path", cs.kdf)];`],
  ]],
  ["createCommit.js", [
    [`const [tree, updatePath, pathSecrets, newPrivateKey] = res.needsUpdatePath`,
     `const [tree, updatePath, pathSecrets, newPrivateKey, pathCommitSecret] = res.needsUpdatePath`],
    [`    const lastPathSecret = pathSecrets.at(-1);
    const commitSecret = lastPathSecret === undefined
        ? new Uint8Array(cipherSuite.kdf.size)
        : await getCommitSecret(tree, toNodeIndex(lastPathSecret.nodeIndex), lastPathSecret.secret, cipherSuite.kdf);`,
     `    const commitSecret = pathCommitSecret ?? new Uint8Array(cipherSuite.kdf.size);`],
  ]],
];

for (const [where, changes] of mends) {
  const target = new URL(`../node_modules/ts-mls/dist/src/${where}`, import.meta.url);
  const source = readFileSync(target, "utf8");
  let result = source;
  for (const [released, mended] of changes) {
    if (result.includes(mended)) continue;
    if (!result.includes(released)) throw new Error(`ts-mls is not the release this patch was written for: ${where}`);
    result = result.replace(released, mended);
  }
  if (result !== source) writeFileSync(target, result);
}
