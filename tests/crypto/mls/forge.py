"""Devices that sign whatever a test asks for: rooms, KeyPackages and commits, right or wrong on purpose."""

import os
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

from nacl.public import PrivateKey
from nacl.signing import SigningKey

from safespace.crypto.mls import MLSMessage, PublicGroup, Tree
from safespace.crypto.mls.commit import Commit, HPKECiphertext, ProposalOrRef, UpdatePath, UpdatePathNode
from safespace.crypto.mls.leaf import BASIC, Capabilities, Credential, KeyPackage, LeafNode, LeafNodeSource, Lifetime
from safespace.crypto.mls.messages import (
    ContentType,
    FramedContent,
    PrivateMessage,
    PublicMessage,
    Sender,
    SenderType,
    WireFormat,
)
from safespace.crypto.mls.profile import LIFETIME
from safespace.crypto.mls.proposals import Add, Proposal, Remove
from safespace.crypto.mls.signing import sign_content
from safespace.crypto.mls.tree import ParentNode

ROOM = bytes(range(16))
NOW = 1_790_000_000
TAG = sha256(b"some tag").digest()


def hpke_key() -> bytes:
    return bytes(PrivateKey.generate().public_key)


class Device:
    """One leaf: its identity and its signing key."""

    def __init__(self) -> None:
        self.key = SigningKey.generate()
        self.identity = os.urandom(16)

    def sign(self, label: str, content: bytes) -> bytes:
        return self.key.sign(sign_content(label, content)).signature

    def leaf(self) -> LeafNode:
        """A signed leaf for a KeyPackage."""
        leaf = LeafNode(
            encryption_key=hpke_key(),
            signature_key=bytes(self.key.verify_key),
            credential=Credential(BASIC, self.identity),
            capabilities=Capabilities((1,), (1,), (), (), (1,)),
            source=LeafNodeSource.KEY_PACKAGE,
            lifetime=Lifetime(NOW - 60, NOW - 60 + LIFETIME),
            parent_hash=None,
            extensions=(),
            signature=b"",
        )
        return self.signed_leaf(leaf, 0)

    def signed_leaf(self, leaf: LeafNode, index: int, group_id: bytes = ROOM) -> LeafNode:
        return replace(leaf, signature=self.sign("LeafNodeTBS", leaf.signed_content(group_id, index)))

    def package(self, leaf: LeafNode | None = None, **changes: object) -> KeyPackage:
        """A signed KeyPackage, with `changes` made before signing."""
        package = KeyPackage(1, 1, hpke_key(), leaf or self.leaf(), (), b"")
        package = replace(package, **changes)  # type: ignore[arg-type]
        return replace(package, signature=self.sign("KeyPackageTBS", package.signed_content()))


def message(package: KeyPackage) -> bytes:
    return MLSMessage(WireFormat.KEY_PACKAGE, package).encode()


def private_message(**changes: object) -> bytes:
    sealed = PrivateMessage(ROOM, 3, ContentType.APPLICATION, b"", os.urandom(28), os.urandom(300))
    return MLSMessage(WireFormat.PRIVATE_MESSAGE, replace(sealed, **changes)).encode()  # type: ignore[arg-type]


class Room:
    """A public group and the devices of its leaves. HPKE ciphertexts are noise: the relay cannot open them anyway."""

    def __init__(self, members: int) -> None:
        creator = Device()
        self.devices: dict[int, Device] = {0: creator}
        self.group = PublicGroup.create(ROOM, Tree((creator.leaf(),)).encode(), TAG)
        for _ in range(members - 1):
            self.admit(0)

    def take(self, commit: bytes) -> None:
        """Go on to the epoch after `commit`."""
        checked = self.group.check_commit(commit)
        self.group = checked.next
        for index, _ in checked.removed:
            del self.devices[index]

    def admit(self, by: int, path: bool = False) -> int:
        device = Device()
        self.take(self.commit(by, [Add(device.package())], path=path))
        [index] = [leaf.leaf_index for leaf in self.group.leaves() if leaf.identity == device.identity]
        self.devices[index] = device
        return index

    def after(self, proposals: Sequence[Proposal]) -> tuple[Tree, set[int]]:
        """The tree with `proposals` done, and the nodes of the leaves they add."""
        removed = [proposal.index for proposal in proposals if isinstance(proposal, Remove)]
        tree, fresh = self.group.tree.without_leaves(removed), set()
        for proposal in proposals:
            if isinstance(proposal, Add):
                tree, index = tree.with_leaf(proposal.package.leaf)
                fresh.add(2 * index)
        return tree, fresh

    def path(
        self, by: int, proposals: Sequence[Proposal] = (), keys: dict[int, bytes] | None = None, **leaf: object
    ) -> UpdatePath:
        """A right path, but for `keys` by place on the path and the fields of its `leaf`, set before signing."""
        tree, fresh = self.after(proposals)
        places = tree.filtered_direct_path(by)
        chosen = [(keys or {}).get(place, hpke_key()) for place in range(len(places))]
        above = b""
        for (_, other_child), key in reversed(list(zip(places, chosen, strict=True))):
            above = tree.parent_hash(ParentNode(key, above, ()), other_child)
        nodes = tuple(
            UpdatePathNode(
                key,
                tuple(
                    HPKECiphertext(hpke_key(), os.urandom(48))
                    for receiver in tree.resolution(other_child)
                    if receiver not in fresh
                ),
            )
            for (_, other_child), key in zip(places, chosen, strict=True)
        )
        old = self.group.tree.leaf(by)
        assert old is not None
        fields = {"encryption_key": hpke_key(), "source": LeafNodeSource.COMMIT, "lifetime": None, "parent_hash": above}
        new = replace(old, **{**fields, **leaf})  # type: ignore[arg-type]
        return UpdatePath(self.devices[by].signed_leaf(new, by), nodes)

    def commit(
        self, by: int, proposals: Sequence[Proposal | bytes] = (), path: UpdatePath | bool = True, **changes: object
    ) -> bytes:
        """A signed commit, with `changes` to the FramedContent made before signing."""
        if isinstance(path, bool):
            values = [proposal for proposal in proposals if not isinstance(proposal, bytes)]
            chosen = self.path(by, values) if path else None
        else:
            chosen = path
        commit = Commit(tuple(map(ProposalOrRef, proposals)), chosen)
        sender = Sender(SenderType.MEMBER, by)
        content = FramedContent(ROOM, self.group.epoch, sender, b"", ContentType.COMMIT, commit)
        content = replace(content, **changes)  # type: ignore[arg-type]
        signature = self.devices[by].sign("FramedContentTBS", content.signed_content(self.group.group_context()))
        tag = TAG if content.type is ContentType.COMMIT else None
        member = TAG if content.sender.type is SenderType.MEMBER else None
        return MLSMessage(WireFormat.PUBLIC_MESSAGE, PublicMessage(content, signature, tag, member)).encode()
