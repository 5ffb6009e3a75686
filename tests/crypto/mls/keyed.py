"""A room whose keys a test holds: its commits and Welcomes are right but for what is bent on purpose.

Whatever is bent is bent before it is signed, hashed and confirmed, so that a receiver has nothing but the bent field to
refuse it for.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from crypto.mls.forge import ROOM, Device, hpke_key
from crypto.mls.schedule import ZERO, Epoch, Joiner, confirmed_hash, expand, key_pair, mac, seal
from safespace.crypto.mls import PublicGroup, Tree, key_package_ref
from safespace.crypto.mls.codec import opaque
from safespace.crypto.mls.commit import Commit, ProposalOrRef, UpdatePath, UpdatePathNode
from safespace.crypto.mls.leaf import KeyPackage, LeafNodeSource
from safespace.crypto.mls.messages import (
    ContentType,
    FramedContent,
    MLSMessage,
    PublicMessage,
    Sender,
    SenderType,
    WireFormat,
)
from safespace.crypto.mls.proposals import Add, Remove
from safespace.crypto.mls.tree import ParentNode
from safespace.crypto.mls.welcome import EncryptedGroupSecrets, GroupContext, GroupInfo, GroupSecrets, Welcome

Bend = Callable[[Any], Any]


def straight(part: Any) -> Any:
    return part


@dataclass(frozen=True)
class Bends:
    """What becomes of each part before what covers it is made."""

    leaf: Bend = straight
    """The path's LeafNode, before it is signed."""
    signed_leaf: Bend = straight
    keys: Bend = straight
    """The public keys of the path, lowest first."""
    nodes: Bend = straight
    """The path's nodes, sealed."""
    commit: Bend = straight
    content: Bend = straight
    """The FramedContent, before it is signed."""
    frame: Bend = straight
    """The PublicMessage, before it gets its membership tag."""
    message: Bend = straight
    """The PublicMessage, finished."""


@dataclass(frozen=True)
class Made:
    """A commit, and what it leads to for all who can follow it."""

    message: bytes
    joiner: Joiner
    after: "KeyedRoom"
    path_secrets: dict[int, bytes]
    """By node of the tree."""


@dataclass
class KeyedRoom:
    """The public group, the secrets of its epoch, and the devices of those leaves that the test plays itself."""

    group: PublicGroup
    epoch: Epoch
    devices: dict[int, Device]

    @classmethod
    def create(cls) -> "KeyedRoom":
        creator, epoch = Device(), Epoch(os.urandom(32))
        group = PublicGroup.create(ROOM, Tree((creator.leaf(),)).encode(), epoch.confirmation(b""))
        return cls(group, epoch, {0: creator})

    def context(self, tree_hash: bytes, confirmed: bytes) -> bytes:
        """The GroupContext of the next epoch."""
        return GroupContext(1, 1, ROOM, self.group.epoch + 1, tree_hash, confirmed, ()).encode()

    def commit(self, by: int, proposals: Sequence[Any] = (), *, path: bool = True, bends: Bends | None = None) -> Made:
        """What the device at leaf `by` commits. `proposals` may be bent themselves."""
        bends = bends or Bends()
        tree, fresh = self._after(by, proposals)
        update, secrets, commit_secret, tree = self._path(by, tree, fresh, bends) if path else (None, {}, ZERO, tree)
        commit = bends.commit(Commit(tuple(map(ProposalOrRef, proposals)), update))
        sender = Sender(SenderType.MEMBER, by)
        content = FramedContent(ROOM, self.group.epoch, sender, b"", ContentType.COMMIT, commit)
        content = bends.content(content)
        signed = content.signed_content(self.group.group_context())
        signature = self.devices[by].sign("FramedContentTBS", signed)
        before = self.group
        confirmed = confirmed_hash(
            before.confirmed_transcript_hash, before.confirmation_tag, content.confirmed_input(signature)
        )
        context = self.context(tree.tree_hash(), confirmed)
        joiner = Joiner.after(self.epoch, commit_secret, context)
        epoch = joiner.epoch(context)
        tag = epoch.confirmation(confirmed)
        framed = bends.frame(PublicMessage(content, signature, tag, b""))
        covered = framed.content.signed_content(before.group_context())
        covered += opaque(framed.signature) + opaque(framed.confirmation_tag or b"")
        message = bends.message(replace(framed, membership_tag=mac(self.epoch.membership, covered)))
        after = replace(
            before, epoch=before.epoch + 1, tree=tree, confirmed_transcript_hash=confirmed, confirmation_tag=tag
        )
        devices = {index: device for index, device in self.devices.items() if tree.leaf(index) is not None}
        return Made(
            MLSMessage(WireFormat.PUBLIC_MESSAGE, message).encode(), joiner, KeyedRoom(after, epoch, devices), secrets
        )

    def admit(self, package: KeyPackage | None = None, by: int = 0, *, path: bool = False) -> Made:
        """Let someone in, whom the test plays itself where no package is given; the room goes on."""
        device = Device()
        made = self.commit(by, [Add(package or device.package())], path=path)
        if package is None:
            [index] = [leaf.leaf_index for leaf in made.after.group.leaves() if leaf.identity == device.identity]
            made.after.devices[index] = device
        self.group, self.epoch, self.devices = made.after.group, made.after.epoch, made.after.devices
        return made

    def welcome(self, made: Made, package: KeyPackage, by: int = 0, bends: "WelcomeBends | None" = None) -> bytes:
        """The Welcome of `made` for the holder of `package`, whom it added; signed by the device at leaf `by`."""
        bends = bends or WelcomeBends()
        after = made.after.group
        hashes = after.tree_hash(), after.confirmed_transcript_hash
        context = bends.context(GroupContext(1, 1, ROOM, after.epoch, *hashes, ()))
        info = bends.info(GroupInfo(context, (), after.confirmation_tag, by, b""))
        signature = self.devices[by].sign("GroupInfoTBS", info.encode()[:-1])
        sealed_info = made.joiner.seal_info(bends.signed_info(replace(info, signature=signature)).encode())
        [index] = [index for index, leaf in after.tree.leaves() if leaf == package.leaf]
        above = set(after.tree.direct_path(2 * index))
        path_secret = next((secret for node, secret in made.path_secrets.items() if node in above), None)
        secrets = bends.secrets(GroupSecrets(made.joiner.secret, path_secret, ()))
        sealed = seal(package.init_key, "Welcome", sealed_info, secrets.encode())
        entry = EncryptedGroupSecrets(key_package_ref(package), sealed)
        welcome = bends.welcome(Welcome(1, (entry,), sealed_info))
        return MLSMessage(WireFormat.WELCOME, welcome).encode()

    def _after(self, by: int, proposals: Sequence[Any]) -> tuple[Tree, set[int]]:
        """The tree with `proposals` done as far as they can be, and the nodes of the leaves they add."""
        named = {one.index for one in proposals if isinstance(one, Remove)}
        removed = {index for index in named if index != by and self.group.tree.leaf(index)}
        tree, fresh = self.group.tree.without_leaves(removed) if removed else self.group.tree, set()
        for proposal in proposals:
            if isinstance(proposal, Add):
                tree, index = tree.with_leaf(proposal.package.leaf)
                fresh.add(2 * index)
        return tree, fresh

    def _path(
        self, by: int, tree: Tree, fresh: set[int], bends: Bends
    ) -> tuple[UpdatePath, dict[int, bytes], bytes, Tree]:
        places = tree.filtered_direct_path(by)
        secrets = [os.urandom(32)]
        while len(secrets) <= len(places):
            secrets.append(expand(secrets[-1], "path"))
        keys = bends.keys([key_pair(expand(secret, "node"))[1] for secret in secrets[: len(places)]])
        above = b""
        for (_, other_child), key in reversed(list(zip(places, keys, strict=False))):
            above = tree.parent_hash(ParentNode(key, above, ()), other_child)
        old = self.group.tree.leaf(by)
        assert old is not None
        leaf = bends.leaf(
            replace(
                old,
                encryption_key=hpke_key(),
                source=LeafNodeSource.COMMIT,
                lifetime=None,
                parent_hash=above,
                signature=b"",
            )
        )
        leaf = bends.signed_leaf(self.devices[by].signed_leaf(leaf, by))
        after = _with_path(tree, by, leaf, places, keys)
        context = self.context(after.tree_hash(), self.group.confirmed_transcript_hash)
        nodes = []
        for (_, other_child), key, secret in zip(places, keys, secrets, strict=False):
            receivers = [at for at in tree.resolution(other_child) if at not in fresh]
            publics = [node.encryption_key for at in receivers if (node := tree.nodes[at]) is not None]
            nodes.append(
                UpdatePathNode(key, tuple(seal(public, "UpdatePathNode", context, secret) for public in publics))
            )
        found = {node: secret for (node, _), secret in zip(places, secrets, strict=False)}
        return UpdatePath(leaf, tuple(bends.nodes(nodes))), found, secrets[-1], after


@dataclass(frozen=True)
class WelcomeBends:
    """What becomes of each part of a Welcome before what covers it is made."""

    context: Bend = straight
    info: Bend = straight
    """The GroupInfo, before it is signed."""
    signed_info: Bend = straight
    secrets: Bend = straight
    welcome: Bend = straight


def _with_path(tree: Tree, by: int, leaf: Any, places: list[tuple[int, int]], keys: Sequence[bytes]) -> Tree:
    """As `Tree.with_path`, whatever the leaf says."""
    changes: dict[int, Any] = dict.fromkeys(tree.direct_path(2 * by))
    above = b""
    for (node, other_child), key in reversed(list(zip(places, keys, strict=False))):
        changes[node] = ParentNode(key, above, ())
        above = tree.parent_hash(changes[node], other_child)
    changes[2 * by] = leaf
    return tree._changed(changes, len(tree.nodes))
