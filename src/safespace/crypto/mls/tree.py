"""The public ratchet tree (RFC 9420 sections 4, 7.4 to 7.8 and appendix C).

A tree is held as the array of appendix C, padded with blanks to 2^d leaves: leaf i is node 2i, and the place of a node
does not change when the tree grows or shrinks. Trees are immutable; changing one gives another that shares the hashes
of all subtrees that stayed as they were.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from typing import Final, Self

from safespace.crypto.mls.codec import (
    Reader,
    Structure,
    malformed,
    numbers,
    opaque,
    optional,
    u8,
    u32,
)
from safespace.crypto.mls.errors import MLSError
from safespace.crypto.mls.leaf import LeafNode

MAX_TREE: Final = 1024 * 1024
"""Bytes of an encoded tree."""
MAX_LEAVES: Final = 2048

_LEAF: Final = 1
_PARENT: Final = 2


@dataclass(frozen=True)
class ParentNode(Structure):
    """`unmerged_leaves` are leaf indices, ascending."""

    encryption_key: bytes
    parent_hash: bytes
    unmerged_leaves: tuple[int, ...]

    @classmethod
    def read(cls, reader: Reader) -> Self:
        return cls(reader.opaque(), reader.opaque(), reader.vector(Reader.u32))

    @cached_property
    def _encoded(self) -> bytes:
        return opaque(self.encryption_key) + opaque(self.parent_hash) + numbers(self.unmerged_leaves, 4)

    def encode(self) -> bytes:
        return self._encoded


Node = LeafNode | ParentNode


def _read_node(reader: Reader) -> Node:
    kind = reader.u8()
    if kind == _LEAF:
        return LeafNode.read(reader)
    if kind == _PARENT:
        return ParentNode.read(reader)
    raise malformed("A node is neither leaf nor parent.")


def level(node: int) -> int:
    """Height above the leaves: the number of trailing one bits."""
    return (~node & (node + 1)).bit_length() - 1


def children(node: int) -> tuple[int, int]:
    """The left and the right child of a parent."""
    half = 1 << (level(node) - 1)
    return node - half, node + half


def parent(node: int) -> int:
    """The node above; meaningless for the root."""
    k = level(node)
    return (node | (1 << k)) ^ (node >> (k + 1) & 1) << (k + 1)


def sibling(node: int) -> int:
    """The other child of the node above."""
    return node ^ (2 << level(node))


@dataclass(frozen=True)
class Tree(Structure):
    """The `ratchet_tree` of section 12.4.3.3. `nodes` has 2^(d+1) - 1 entries, None for a blank."""

    nodes: tuple[Node | None, ...]

    @classmethod
    def read(cls, reader: Reader) -> Self:
        nodes = reader.vector(lambda inner: inner.optional(_read_node))
        if not nodes or nodes[-1] is None:
            raise malformed("A tree ends with a node that is not blank.")
        for index, node in enumerate(nodes):
            if isinstance(node, ParentNode) is (index % 2 == 0) and node is not None:
                raise malformed("A leaf and a parent are in each other's place.")
        return cls(nodes + (None,) * ((1 << len(nodes).bit_length()) - 1 - len(nodes)))

    @classmethod
    def decode(cls, data: bytes, limit: int = MAX_TREE) -> Self:
        return super().decode(data, limit)

    def encode(self) -> bytes:
        end = len(self.nodes)
        while self.nodes[end - 1] is None:
            end -= 1
        kinds = (u8(_PARENT), u8(_LEAF))
        entries = (
            b"\x00" if node is None else b"\x01" + kinds[index % 2 == 0] + node.encode()
            for index, node in enumerate(self.nodes[:end])
        )
        return opaque(b"".join(entries))

    @property
    def root(self) -> int:
        return len(self.nodes) // 2

    def leaf(self, index: int) -> LeafNode | None:
        """The leaf at leaf `index`, None where it is blank or outside the tree."""
        node = self.nodes[2 * index] if 2 * index < len(self.nodes) else None
        return node if isinstance(node, LeafNode) else None

    def leaves(self) -> Iterator[tuple[int, LeafNode]]:
        """Every leaf that is not blank, with its leaf index."""
        for index, node in enumerate(self.nodes[::2]):
            if isinstance(node, LeafNode):
                yield index, node

    def direct_path(self, node: int) -> list[int]:
        """The nodes above `node`, root last (section 4.1.2)."""
        path = []
        while node != self.root:
            node = parent(node)
            path.append(node)
        return path

    def resolution(self, node: int) -> list[int]:
        """Section 4.1.1."""
        content = self.nodes[node]
        if isinstance(content, ParentNode):
            return [node, *(2 * leaf for leaf in content.unmerged_leaves)]
        if content is not None:
            return [node]
        if level(node) == 0:
            return []
        left, right = children(node)
        return self.resolution(left) + self.resolution(right)

    def filtered_direct_path(self, leaf: int) -> list[tuple[int, int]]:
        """(node, its child off the path) for each node that a path of leaf `leaf` sets (section 4.1.2)."""
        below = 2 * leaf
        found = []
        for node in self.direct_path(below):
            if self.resolution(sibling(below)):
                found.append((node, sibling(below)))
            below = node
        return found

    # Hashes

    @cached_property
    def _hashes(self) -> dict[int, bytes]:
        return {}

    def hash_of(self, node: int) -> bytes:
        """The tree hash of the subtree at `node` (section 7.8)."""
        found = self._hashes.get(node)
        if found is None:
            found = self._hashes[node] = self._hash(node, frozenset())
        return found

    def hash_without(self, node: int, leaves: frozenset[int]) -> bytes:
        """The tree hash at `node` as it would be had `leaves` never been added (section 7.9)."""
        reach = (1 << level(node)) - 1
        first, last = (node - reach) // 2, (node + reach) // 2
        inside = frozenset(leaf for leaf in leaves if first <= leaf <= last)
        return self._hash(node, inside) if inside else self.hash_of(node)

    def _hash(self, node: int, without: frozenset[int]) -> bytes:
        content = self.nodes[node]
        if level(node) == 0:
            leaf = None if node // 2 in without else content
            return sha256(u8(_LEAF) + u32(node // 2) + optional(leaf)).digest()
        if without and isinstance(content, ParentNode):
            kept = tuple(leaf for leaf in content.unmerged_leaves if leaf not in without)
            content = replace(content, unmerged_leaves=kept)
        left, right = (self.hash_without(child, without) for child in children(node))
        return sha256(u8(_PARENT) + optional(content) + opaque(left) + opaque(right)).digest()

    def tree_hash(self) -> bytes:
        """The tree hash of the whole tree."""
        return self.hash_of(self.root)

    def parent_hash(self, node: ParentNode, other_child: int) -> bytes:
        """The parent hash of `node` with the child `other_child` off the path (section 7.9)."""
        others = self.hash_without(other_child, frozenset(node.unmerged_leaves))
        return sha256(opaque(node.encryption_key) + opaque(node.parent_hash) + opaque(others)).digest()

    # Changes

    def _changed(self, changes: Mapping[int, Node | None], size: int) -> "Tree":
        """This tree with `size` nodes and those of `changes` in place."""
        nodes = list(self.nodes[:size]) + [None] * (size - len(self.nodes))
        for index, content in changes.items():
            nodes[index] = content
        tree = Tree(tuple(nodes))
        stale = set(changes).union(*(tree.direct_path(index) for index in changes))
        tree._hashes.update((at, value) for at, value in self._hashes.copy().items() if at < size and at not in stale)
        return tree

    def with_leaf(self, leaf: LeafNode) -> tuple["Tree", int]:
        """Add `leaf` at the first blank leaf, growing if there is none; gives its leaf index too (section 7.7, 12.1.1).

        Raises MLSError `too_large` for more than MAX_LEAVES leaves.
        """
        size = len(self.nodes)
        index = next((at for at in range(0, size, 2) if self.nodes[at] is None), size + 1)
        if index > size:
            if size >= 2 * MAX_LEAVES - 1:
                raise MLSError("too_large", "The tree is full.")
            size = 2 * size + 1
        changes: dict[int, Node | None] = {index: leaf}
        for above in self.direct_path(index) if index < len(self.nodes) else ():
            content = self.nodes[above]
            if isinstance(content, ParentNode):
                # Still ascending: blanks fill from the left, and a new blank below would have blanked this node.
                changes[above] = replace(content, unmerged_leaves=(*content.unmerged_leaves, index // 2))
        return self._changed(changes, size), index // 2

    def without_leaves(self, leaves: Iterable[int]) -> "Tree":
        """Blank these leaves and all above them, then drop empty right halves (sections 7.7 and 12.1.3)."""
        gone = {2 * leaf for leaf in leaves}
        last = max(
            (at for at in range(0, len(self.nodes), 2) if self.nodes[at] is not None and at not in gone), default=0
        )
        size = len(self.nodes)
        while size > 1 and last < size // 2:
            size //= 2
        blanked = gone.union(*(self.direct_path(at) for at in gone))
        return self._changed({at: None for at in blanked if at < size}, size)

    def with_path(self, index: int, leaf: LeafNode, keys: Iterable[bytes]) -> "Tree":
        """Put `leaf` at leaf `index` and `keys`, lowest first, on its filtered direct path (section 7.5).

        Raises MLSError `tree_mismatch` unless there are as many keys as nodes and the leaf's parent hash is theirs.
        """
        path = self.filtered_direct_path(index)
        changes: dict[int, Node | None] = dict.fromkeys(self.direct_path(2 * index))
        keys = list(keys)
        if len(keys) != len(path):
            raise MLSError("tree_mismatch", "The path has another length.")
        above = b""
        for (node, other_child), key in reversed(list(zip(path, keys, strict=True))):
            content = ParentNode(key, above, ())
            changes[node] = content
            above = self.parent_hash(content, other_child)
        if leaf.parent_hash != above:
            raise MLSError("tree_mismatch", "The parent hash does not fit.")
        changes[2 * index] = leaf
        return self._changed(changes, len(self.nodes))
