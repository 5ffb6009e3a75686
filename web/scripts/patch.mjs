// Mends ts-mls 1.6.4 after npm has put it in place. To be dropped when a release does the same.
//
// RFC 9420 §12.4.3.1 asks of each entry in a parent node's unmerged_leaves that it is a non-blank leaf below that node,
// and that the non-blank nodes between the two list it too. The release instead wants every node up to the root to have
// the very same unmerged_leaves, so it refuses valid trees: an Add writes the new leaf into all nodes above it (§7.7), and
// the next path of another member clears only those of them that the two share (§7.5).
import { readFileSync, writeFileSync } from "node:fs";

const target = new URL("../node_modules/ts-mls/dist/src/clientState.js", import.meta.url);

const released = `                if (tree[nodeIndex]?.nodeType !== "leaf" && !dp.includes(toNodeIndex(i)))
                    return new ValidationError("Unmerged leaf did not represent a non-blank descendant leaf node");
                for (const parentIdx of dp) {
                    const dpNode = tree[parentIdx];
                    if (dpNode !== undefined) {
                        if (dpNode.nodeType !== "parent")
                            return new InternalError("Expected parent node");
                        if (!arraysEqual(dpNode.parent.unmergedLeaves, n.parent.unmergedLeaves))`;

const mended = `                if (tree[nodeIndex]?.nodeType !== "leaf" || !dp.includes(toNodeIndex(i)))
                    return new ValidationError("Unmerged leaf did not represent a non-blank descendant leaf node");
                for (const parentIdx of dp.slice(0, dp.indexOf(toNodeIndex(i)))) {
                    const dpNode = tree[parentIdx];
                    if (dpNode !== undefined) {
                        if (dpNode.nodeType !== "parent")
                            return new InternalError("Expected parent node");
                        if (!dpNode.parent.unmergedLeaves.includes(unmergedLeaf))`;

const source = readFileSync(target, "utf8");
if (source.includes(released)) writeFileSync(target, source.replace(released, mended));
else if (!source.includes(mended)) throw new Error("ts-mls is not the release this patch was written for");
