"""A room's MLS group as seen without keys: what the relay keeps, and the rules by which a commit moves it on."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final, NamedTuple, Self

from safespace.crypto.mls.codec import malformed, opaque
from safespace.crypto.mls.commit import Commit, UpdatePath
from safespace.crypto.mls.errors import MLSError
from safespace.crypto.mls.leaf import LeafNode, LeafNodeSource
from safespace.crypto.mls.messages import MLS10, FramedContent, MLSMessage, PublicMessage, SenderType
from safespace.crypto.mls.profile import CheckedKeyPackage, check_package, is_hpke_key, leaf_fault, sealed_fault
from safespace.crypto.mls.proposals import Add, Remove
from safespace.crypto.mls.signing import CIPHER_SUITE, HASH_SIZE, verify_with_label
from safespace.crypto.mls.tree import Tree
from safespace.crypto.mls.welcome import GroupContext

MAX_GROUP_ID: Final = 255


class Leaf(NamedTuple):
    """A leaf of the tree: leaf index, 16-byte identity, Ed25519 and X25519 public key."""

    leaf_index: int
    identity: bytes
    signature_key: bytes
    encryption_key: bytes


@dataclass(frozen=True, slots=True)
class CheckedCommit:
    """A commit that keeps every rule.

    `committer` is a leaf index, `identity` its identity; `removed` is (leaf index, identity) of each leaf that goes;
    `next` is the group after it.
    """

    committer: int
    identity: bytes
    removed: tuple[tuple[int, bytes], ...]
    added: tuple[CheckedKeyPackage, ...]
    has_path: bool
    next: "PublicGroup"


@dataclass(frozen=True, slots=True)
class PublicGroup:
    """The public state of one epoch, with no group context extensions. Immutable.

    The confirmed transcript hash is empty in epoch 0 and 32 bytes after; the confirmation tag is always 32 bytes.
    """

    group_id: bytes
    epoch: int
    tree: Tree
    confirmed_transcript_hash: bytes
    confirmation_tag: bytes

    @classmethod
    def create(cls, group_id: bytes, tree_bytes: bytes, confirmation_tag: bytes) -> Self:
        """A group in epoch 0, from its creator's leaf.

        Raises MLSError `too_large`, `mls_malformed`, `tree_mismatch` (unless there is exactly one leaf), `leaf_invalid`
        or `bad_signature`.
        """
        group = cls.load(group_id, 0, tree_bytes, b"", confirmation_tag)
        creator = group.tree.leaf(0)
        if len(group.tree.nodes) != 1 or creator is None:
            raise MLSError("tree_mismatch", "A new group has one leaf.")
        if fault := leaf_fault(creator):
            raise MLSError("leaf_invalid", fault)
        creator.verify(group_id, 0)
        return group

    @classmethod
    def load(
        cls, group_id: bytes, epoch: int, tree_bytes: bytes, confirmed_transcript_hash: bytes, confirmation_tag: bytes
    ) -> Self:
        """A group from what was stored of it; its signatures and hashes are not checked again.

        Raises MLSError `too_large` or `mls_malformed`.
        """
        if not 0 < len(group_id) <= MAX_GROUP_ID or not 0 <= epoch < 2**64:
            raise malformed("The group id or the epoch is out of range.")
        if len(confirmed_transcript_hash) != (HASH_SIZE if epoch else 0) or len(confirmation_tag) != HASH_SIZE:
            raise malformed("The transcript hash or the confirmation tag has another size.")
        return cls(group_id, epoch, Tree.decode(tree_bytes), confirmed_transcript_hash, confirmation_tag)

    def export_tree(self) -> bytes:
        """The tree as in the ratchet_tree extension (RFC 9420 section 12.4.3.3), length header included."""
        return self.tree.encode()

    def tree_hash(self) -> bytes:
        """32 bytes (section 7.8)."""
        return self.tree.tree_hash()

    def group_context(self) -> bytes:
        """The encoded GroupContext (section 8.1)."""
        hashes = self.tree_hash(), self.confirmed_transcript_hash
        return GroupContext(MLS10, CIPHER_SUITE, self.group_id, self.epoch, *hashes, ()).encode()

    def leaves(self) -> list[Leaf]:
        """Every leaf that is not blank, by leaf index."""
        return [
            Leaf(index, leaf.identity, leaf.signature_key, leaf.encryption_key) for index, leaf in self.tree.leaves()
        ]

    def check_commit(self, message: bytes) -> CheckedCommit:
        """Check an MLSMessage that must be a commit of this epoch, and give the group after it.

        Every rule of the profile is enforced but two: the membership and the confirmation tag need keys, and whether
        an added KeyPackage was handed out, announced and is valid now is for the caller to say.

        Raises MLSError `too_large`, `mls_malformed`, `forbidden_handshake`, `wrong_group`, `stale_epoch`,
        `wrong_epoch`, `wrong_leaf`, `path_required`, `leaf_changed`, `duplicate_identity`, `bad_signature`,
        `tree_mismatch`, `leaf_invalid`, `wrong_suite` or `key_package_invalid`.
        """
        framed = MLSMessage.decode(message).body
        if not isinstance(framed, PublicMessage):
            raise _forbidden("A change of keys is sent as a public message.")
        content = framed.content
        committer, sender, commit = self._sender(content)
        if framed.confirmation_tag is None or len(framed.confirmation_tag) != HASH_SIZE:
            raise malformed("The confirmation tag has another size.")
        if framed.membership_tag is None or len(framed.membership_tag) != HASH_SIZE:
            raise malformed("The membership tag has another size.")
        adds, removes = _proposals(commit)
        if commit.path is None and not adds:
            raise MLSError("path_required")
        signed = content.signed_content(self.group_context())
        verify_with_label(sender.signature_key, "FramedContentTBS", signed, framed.signature)

        removed = self._check_removes(removes, committer)
        added = tuple(check_package(add.package) for add in adds)
        tree = self.tree.without_leaves(index for index, _ in removed) if removed else self.tree
        self._check_added(added)
        fresh = []
        for package in added:
            tree, index = tree.with_leaf(package.package.leaf)
            fresh.append(2 * index)
        if commit.path is not None:
            tree = self._apply_path(tree, committer, sender, commit.path, frozenset(fresh))

        interim = sha256(self.confirmed_transcript_hash + opaque(self.confirmation_tag)).digest()
        confirmed = sha256(interim + content.confirmed_input(framed.signature)).digest()
        after = replace(
            self,
            epoch=self.epoch + 1,
            tree=tree,
            confirmed_transcript_hash=confirmed,
            confirmation_tag=framed.confirmation_tag,
        )
        return CheckedCommit(committer, sender.identity, removed, added, commit.path is not None, after)

    def _sender(self, content: FramedContent) -> tuple[int, LeafNode, Commit]:
        """The committing leaf and its commit, once the frame is what it has to be."""
        commit, index = content.body, content.sender.index
        if content.group_id != self.group_id:
            raise MLSError("wrong_group")
        if content.epoch != self.epoch:
            raise MLSError("stale_epoch" if content.epoch < self.epoch else "wrong_epoch")
        if not isinstance(commit, Commit):
            raise _forbidden("Only commits change keys.")
        if content.sender.type is not SenderType.MEMBER or index is None:
            raise _forbidden("Only members commit.")
        if content.authenticated_data:
            raise _forbidden("Authenticated data is not used.")
        leaf = self.tree.leaf(index)
        if leaf is None:
            raise MLSError("wrong_leaf", "There is no such leaf.")
        return index, leaf, commit

    def _check_removes(self, removes: list[Remove], committer: int) -> tuple[tuple[int, bytes], ...]:
        removed = []
        for index in [remove.index for remove in removes]:
            leaf = self.tree.leaf(index)
            if index == committer:
                raise _forbidden("Nobody removes their own leaf.")
            if leaf is None or (index, leaf.identity) in removed:
                raise MLSError("tree_mismatch", "There is no such leaf to remove.")
            removed.append((index, leaf.identity))
        return tuple(removed)

    def _check_added(self, added: tuple[CheckedKeyPackage, ...]) -> None:
        """No identity or key may be in the group twice (section 7.3)."""
        if not added:
            return
        identities = {leaf.identity for _, leaf in self.tree.leaves()}
        signature_keys = {leaf.signature_key for _, leaf in self.tree.leaves()}
        encryption_keys = {node.encryption_key for node in self.tree.nodes if node is not None}
        for package in added:
            encryption_key = package.package.leaf.encryption_key
            if package.identity in identities:
                raise MLSError("duplicate_identity")
            if package.signature_key in signature_keys or encryption_key in encryption_keys:
                raise MLSError("duplicate_identity", "A key is in the room already.")
            identities.add(package.identity)
            signature_keys.add(package.signature_key)
            encryption_keys.add(encryption_key)

    def _apply_path(
        self, tree: Tree, committer: int, sender: LeafNode, path: UpdatePath, fresh: frozenset[int]
    ) -> Tree:
        """`tree`, in which the proposals are done and `fresh` are the nodes of new leaves, with `path` (12.4.2)."""
        leaf = path.leaf
        if leaf.source is not LeafNodeSource.COMMIT:
            raise _forbidden("The leaf of a path was not made for a commit.")
        if leaf.credential != sender.credential or leaf.signature_key != sender.signature_key:
            raise MLSError("leaf_changed")
        keys = [node.encryption_key for node in path.nodes]
        if fault := leaf_fault(leaf):
            raise MLSError("leaf_invalid", fault)
        if not all(map(is_hpke_key, keys)):
            raise malformed("A key of the path is not usable.")
        _check_new_keys(self.tree, tree, [leaf.encryption_key, *keys])
        leaf.verify(self.group_id, committer)
        places = tree.filtered_direct_path(committer)
        if len(places) != len(path.nodes):
            raise MLSError("tree_mismatch", "The path has another length.")
        for (_, other_child), node in zip(places, path.nodes, strict=True):
            receivers = [at for at in tree.resolution(other_child) if at not in fresh]
            if len(node.ciphertexts) != len(receivers):
                raise MLSError("tree_mismatch", "The path is not sealed to everyone.")
            for fault in filter(None, map(sealed_fault, node.ciphertexts)):
                raise malformed(fault)
        return tree.with_path(committer, leaf, keys)


def _forbidden(detail: str) -> MLSError:
    return MLSError("forbidden_handshake", detail)


def _proposals(commit: Commit) -> tuple[list[Add], list[Remove]]:
    """The commit's proposals: one Add, or Removes with a path, or none."""
    values = [entry.value for entry in commit.proposals]
    adds = [value for value in values if isinstance(value, Add)]
    removes = [value for value in values if isinstance(value, Remove)]
    if len(removes) != len(values) and not len(adds) == len(values) == 1:
        raise _forbidden("A commit holds one Add, or Removes, or nothing.")
    return adds, removes


def _check_new_keys(before: Tree, after: Tree, keys: Iterable[bytes]) -> None:
    """The keys of a path differ from each other and from all in the tree (section 12.4.2).

    Those that its Removes blank count too, for the removed know their private halves.
    """
    known = {node.encryption_key for tree in (before, after) for node in tree.nodes if node is not None}
    for key in keys:
        if key in known:
            raise MLSError("duplicate_identity", "A key of the path is in the room already.")
        known.add(key)
