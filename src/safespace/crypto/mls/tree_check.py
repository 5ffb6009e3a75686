"""Whether a ratchet tree handed over by someone else holds together (RFC 9420 sections 7.9.2 and 12.4.3.1)."""

from safespace.crypto.mls.errors import MLSError
from safespace.crypto.mls.leaf import LeafNode
from safespace.crypto.mls.profile import is_hpke_key, leaf_fault
from safespace.crypto.mls.tree import ParentNode, Tree, children, level, sibling


def verify_tree(tree_bytes: bytes, group_id: bytes) -> Tree:
    """Decode a tree and check its leaf signatures, the uniqueness of its keys, its unmerged leaves and parent hashes.

    Whether it is the group's tree only its `tree_hash()` can tell: compare that with the GroupInfo's or the relay's.

    Raises MLSError `too_large`, `mls_malformed`, `bad_signature`, `duplicate_identity` or `tree_mismatch`.
    """
    tree = Tree.decode(tree_bytes)
    for index, leaf in tree.leaves():
        leaf.verify(group_id, index)
    _check_unique(tree)
    for at, node in enumerate(tree.nodes):
        if isinstance(node, ParentNode):
            _check_unmerged(tree, at, node)
            if not _is_linked(tree, at, node):
                raise MLSError("tree_mismatch", "A parent hash does not fit.")
    return tree


def check_tree(tree_bytes: bytes, group_id: bytes) -> Tree:
    """What `verify_tree` does, and that leaves and keys keep the profile, and no identity is there twice.

    Raises what `verify_tree` does, or MLSError `leaf_invalid`.
    """
    tree = verify_tree(tree_bytes, group_id)
    for _, leaf in tree.leaves():
        if fault := leaf_fault(leaf):
            raise MLSError("leaf_invalid", fault)
    if not all(is_hpke_key(node.encryption_key) for node in tree.nodes if node is not None):
        raise MLSError("mls_malformed", "A key in the tree is not usable.")
    identities = [leaf.identity for _, leaf in tree.leaves()]
    if len(set(identities)) != len(identities):
        raise MLSError("duplicate_identity")
    return tree


def _check_unique(tree: Tree) -> None:
    leaves = [leaf for _, leaf in tree.leaves()]
    encryption_keys = [node.encryption_key for node in tree.nodes if node is not None]
    signature_keys = [leaf.signature_key for leaf in leaves]
    if len(set(encryption_keys)) != len(encryption_keys) or len(set(signature_keys)) != len(signature_keys):
        raise MLSError("duplicate_identity", "A key is in the tree twice.")


def _check_unmerged(tree: Tree, at: int, node: ParentNode) -> None:
    """Each unmerged leaf is there, below `at`, listed once, and unmerged in every parent between."""
    previous = -1
    for index in node.unmerged_leaves:
        path = tree.direct_path(2 * index) if tree.leaf(index) is not None else []
        if index <= previous or at not in path:
            raise MLSError("tree_mismatch", "An unmerged leaf is out of place.")
        for between in path[: path.index(at)]:
            content = tree.nodes[between]
            if isinstance(content, ParentNode) and index not in content.unmerged_leaves:
                raise MLSError("tree_mismatch", "An unmerged leaf is missing on the way down.")
        previous = index


def _is_linked(tree: Tree, at: int, node: ParentNode) -> bool:
    """Whether some node below has the parent hash of `node` and everything since then is unmerged."""
    for child in children(at):
        reach = (1 << level(child)) - 1
        unmerged = {2 * leaf for leaf in node.unmerged_leaves if child - reach <= 2 * leaf <= child + reach}
        # The one below must be all that is left of the resolution without the unmerged leaves.
        merged = [below for below in tree.resolution(child) if below not in unmerged]
        if len(merged) != 1:
            continue
        below = tree.nodes[merged[0]]
        if isinstance(below, LeafNode | ParentNode) and below.parent_hash == tree.parent_hash(node, sibling(child)):
            return True
    return False
