"""Commits and KeyPackages in which one field was bent before whatever covers it was made again."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from crypto.mls.forge import ROOM, TAG, Device, hpke_key, message
from crypto.mls.keyed import Bends, KeyedRoom
from crypto.mls.odd import (
    HOW,
    OddSigner,
    Raw,
    bent_bytes,
    bent_leaf,
    extensions,
    odd_signature,
    public_keys,
)
from safespace.crypto.mls import MLSError
from safespace.crypto.mls.codec import opaque
from safespace.crypto.mls.commit import Commit, HPKECiphertext, ProposalOrRef, UpdatePathNode
from safespace.crypto.mls.leaf import Extension, KeyPackage, LeafNode, Lifetime
from safespace.crypto.mls.messages import ContentType, FramedContent, Sender, SenderType
from safespace.crypto.mls.profile import LIFETIME, is_hpke_key
from safespace.crypto.mls.proposals import (
    Add,
    ExternalInit,
    ExternalPSK,
    GroupContextExtensions,
    PreSharedKey,
    PreSharedKeyID,
    ReInit,
    Remove,
    UnknownProposal,
    Update,
)
from safespace.crypto.mls.signing import sign_content


@dataclass(frozen=True)
class Mutant:
    """`field` is what was bent; `hidden`: only members can see it, so that the relay has to take it."""

    field: str
    data: bytes
    hidden: bool = False


class Mutator:
    """Makes mutants for one room. `safe` are leaf indices of the devices that judge: they are not removed."""

    def __init__(self, room: KeyedRoom, chance: random.Random, safe: Sequence[int], now: int) -> None:
        self.room = room
        self.chance = chance
        self.safe = safe
        self.now = now

    @property
    def known(self) -> list[bytes]:
        return [node.encryption_key for node in self.room.group.tree.nodes if node is not None]

    def _by(self) -> int:
        return self.chance.choice(sorted(self.room.devices))

    # KeyPackages

    def package(self, field: str) -> KeyPackage:
        """A KeyPackage, bent in `field` of itself or of its leaf."""
        chance, part = self.chance, field.removeprefix("leaf.")
        signer: Device = Device()
        if part == "signature":
            signer = OddSigner("LeafNodeTBS" if field.startswith("leaf.") else "KeyPackageTBS", chance.choice(HOW))
        leaf: Any = replace(signer.leaf(), lifetime=Lifetime(self.now - 3600, self.now - 3600 + LIFETIME))
        if field == "leaf.bytes":
            raw = bent_bytes(chance, leaf._unsigned())
            leaf = Raw(raw + opaque(signer.sign("LeafNodeTBS", raw)))
        else:
            if field.startswith("leaf."):
                leaf = bent_leaf(chance, leaf, part, self.known)
            leaf = signer.signed_leaf(leaf, 0)
        changes: dict[str, Any] = {}
        match field:
            case "version" | "cipher_suite":
                changes = {field: chance.choice([0, 1, 2, 3, 7, 77, 0x0A0A, 0xFFFF])}
            case "init_key":
                changes = {field: public_keys(chance, [*self.known, getattr(leaf, "encryption_key", b"")])}
            case "extensions":
                changes = {field: extensions(chance)}
        return signer.package(leaf, **changes)

    def key_package(self, field: str) -> Mutant:
        """As it is published or sent with a request."""
        package = self.package(field)
        data = bent_bytes(self.chance, message(package)) if field == "bytes" else message(package)
        # Whether a key is in a room already is not to be seen before there is a commit.
        return Mutant(f"KeyPackage {field}", data, field == "leaf.encryption_key")

    def adding(self, field: str) -> Mutant:
        """A commit that adds a bent KeyPackage."""
        package = self.package(field)
        path = self.chance.random() < 0.3
        return Mutant(f"Add {field}", self.room.commit(self._by(), [Add(package)], path=path).message)

    # Paths

    def path(self, field: str) -> Mutant:
        chance, by = self.chance, self._by()
        bends, hidden = Bends(), False
        proposals: list[Any] = self._removes(by) if chance.random() < 0.2 else []
        match field.split(".")[0]:
            case "leaf" if field == "leaf.bytes":
                bends = Bends(signed_leaf=lambda leaf: self._raw_leaf(leaf, by))
            case "leaf" if field == "leaf.signature":
                how = chance.choice(HOW)
                key = self.room.devices[by].key
                bends = Bends(
                    signed_leaf=lambda leaf: replace(
                        leaf,
                        signature=odd_signature(key, sign_content("LeafNodeTBS", leaf.signed_content(ROOM, by)), how),
                    )
                )
            case "leaf":
                bends = Bends(leaf=lambda leaf: bent_leaf(chance, leaf, field.removeprefix("leaf."), self.known))
            case "keys":
                bent = public_keys(chance, self.known)
                hidden = is_hpke_key(bent) and bent not in self.known
                bends = Bends(keys=lambda keys: self._with_key(keys, bent, last=hidden))
            case "other key":
                bends, hidden = Bends(keys=lambda keys: [hpke_key() for _ in keys]), True
            case "nodes":
                bends = Bends(nodes=self._nodes)
            case "ciphertexts":
                bends = Bends(nodes=lambda nodes: self._each(nodes, self._ciphertexts))
            case "kem_output":
                bent = public_keys(chance, self.known)
                hidden = is_hpke_key(bent)
                bends = Bends(nodes=lambda nodes: self._each(nodes, lambda all: _replaced(all, kem_output=bent)))
            case "secret":
                bent = chance.choice([b"", bytes(16), bytes(47), bytes(48), bytes(49), chance.randbytes(48)])
                hidden = len(bent) == 48
                bends = Bends(nodes=lambda nodes: self._each(nodes, lambda all: _replaced(all, ciphertext=bent)))
        made = self.room.commit(by, proposals, bends=bends)
        return Mutant(f"UpdatePath {field}", made.message, hidden)

    def _raw_leaf(self, leaf: LeafNode, by: int) -> Any:
        raw = bent_bytes(self.chance, leaf._unsigned())
        signed = raw + opaque(ROOM) + by.to_bytes(4, "big")
        return Raw(raw + opaque(self.room.devices[by].sign("LeafNodeTBS", signed)))

    def _removes(self, by: int) -> list[Remove]:
        others = [index for index in sorted(self.room.devices) if index not in (by, *self.safe)]
        return [Remove(index) for index in self.chance.sample(others, min(len(others), self.chance.choice([1, 1, 2])))]

    def _with_key(self, keys: list[bytes], bent: bytes, *, last: bool) -> list[bytes]:
        """One key of the path is `bent`: the `last`, where only those below a key see that it is not the secret's."""
        if not keys:
            return keys
        at = len(keys) - 1 if last else self.chance.randrange(len(keys))
        return [*keys[:at], bent, *keys[at + 1 :]]

    def _nodes(self, nodes: list[UpdatePathNode]) -> list[UpdatePathNode]:
        extra = UpdatePathNode(hpke_key(), ())
        return self.chance.choice([nodes[:-1], nodes[1:], [], [*nodes, extra], [extra, *nodes], nodes[::-1], nodes])

    def _each(
        self, nodes: list[UpdatePathNode], bend: Callable[[list[HPKECiphertext]], list[HPKECiphertext]]
    ) -> list[UpdatePathNode]:
        return [replace(node, ciphertexts=tuple(bend(list(node.ciphertexts)))) for node in nodes]

    def _ciphertexts(self, sealed: list[HPKECiphertext]) -> list[HPKECiphertext]:
        return self.chance.choice([sealed[:-1], [*sealed, *sealed[:1]], [], sealed])

    # Commits

    def commit(self, field: str) -> Mutant:
        chance, by = self.chance, self._by()
        package = Device().package
        others = sorted(index for index in self.room.devices if index not in (by, *self.safe))
        tag = chance.choice([b"", TAG, TAG[1:], TAG + b"\0", bytes(32)])
        hidden = field in ("membership_tag", "confirmation_tag") and len(tag) == 32
        match field:
            case "proposals":
                some: list[list[Any]] = [
                    [],
                    [Add(package())],
                    [Add(package()), Add(package())],
                    [Remove(by)],
                    [
                        Remove(
                            chance.choice([index for index in (2**32 - 1, 4095, 64, 9, 5, 2) if index not in self.safe])
                        )
                    ],
                    [Remove(index) for index in others[:2]],
                    [Remove(index) for index in (others + others)[:3]],
                    [Add(package()), *(Remove(index) for index in others[:1])],
                    [Update(Device().leaf())],
                    [PreSharedKey(PreSharedKeyID(ExternalPSK(b"id"), bytes(32)))],
                    [ReInit(ROOM, 1, 1, ())],
                    [ExternalInit(hpke_key())],
                    [GroupContextExtensions(())],
                    [GroupContextExtensions((Extension(chance.choice([0, 1, 3, 5, 0x0A0A]), b""),))],
                    [UnknownProposal(chance.choice([0, 8, 0x0A0A, 0xF000]), b"")],
                    [chance.randbytes(32)],
                    [chance.randbytes(5)],
                ]
                proposals = chance.choice(some)
                made = self.room.commit(by, proposals, path=chance.random() < 0.8)
                return Mutant("Commit proposals", made.message)
            case "duplicate":
                made = self.room.commit(by, [Add(self._twin())], path=chance.random() < 0.5)
                return Mutant("Commit duplicate", made.message)
            case "path":
                return Mutant("Commit path", self.room.commit(by, self._removes(by), path=False).message)
            case "by_reference":
                bends = Bends(commit=lambda commit: replace(commit, proposals=(ProposalOrRef(chance.randbytes(32)),)))
            case "commit_bytes":
                bends = Bends(commit=self._raw_commit)
            case "content":
                bends = Bends(content=self._content)
            case "signature":
                how, key = chance.choice(HOW), self.room.devices[by].key
                context = self.room.group.group_context()

                def signed(frame: Any) -> Any:
                    content = sign_content("FramedContentTBS", frame.content.signed_content(context))
                    return replace(frame, signature=odd_signature(key, content, how))

                bends = Bends(frame=signed)
            case "confirmation_tag":
                bends = Bends(frame=lambda frame: replace(frame, confirmation_tag=tag))
            case "membership_tag":
                bends = Bends(message=lambda frame: replace(frame, membership_tag=tag))
            case _:
                bends = Bends()
        made = self.room.commit(by, bends=bends)
        data = bent_bytes(chance, made.message) if field == "bytes" else made.message
        return Mutant(f"Commit {field}", data, hidden or field == "bytes")

    def _twin(self) -> KeyPackage:
        """A KeyPackage with something that is in the room already."""
        chance = self.chance
        old = chance.choice([leaf for _, leaf in self.room.group.tree.leaves()])
        device = Device()
        match chance.randrange(3):
            case 0:
                device.identity = old.identity
            case 1:
                device.key = chance.choice(list(self.room.devices.values())).key
            case _:
                return device.package(
                    device.signed_leaf(replace(device.leaf(), encryption_key=chance.choice(self.known)), 0)
                )
        return device.package()

    def _raw_commit(self, commit: Commit) -> Commit:
        """Its bytes spoiled, but not only in what is sealed to one member, which nobody else can judge."""
        while True:
            raw = bent_bytes(self.chance, commit.encode())
            try:
                read = Commit.decode(raw)
            except MLSError:
                return _RawCommit(raw)
            if read.path is None or commit.path is None or read.path.leaf != commit.path.leaf:
                return _RawCommit(raw)

    def _content(self, content: FramedContent) -> FramedContent:
        chance = self.chance
        sender = chance.choice(
            [
                Sender(SenderType.MEMBER, chance.choice([0, 1, 5, 9, 2**32 - 1])),
                Sender(SenderType.EXTERNAL, 0),
                Sender(SenderType.NEW_MEMBER_COMMIT, None),
                Sender(SenderType.NEW_MEMBER_PROPOSAL, None),
            ]
        )
        changes: dict[str, Any] = chance.choice(
            [
                {"group_id": chance.choice([b"", ROOM[1:], ROOM + b"\0", bytes(16)])},
                {"epoch": chance.choice([0, content.epoch - 1, content.epoch + 1, 2**53, 2**63, 2**64 - 1])},
                {"sender": sender},
                {"authenticated_data": chance.choice([b"x", bytes(100)])},
                {"type": ContentType.APPLICATION, "body": b"hi"},
                {"type": ContentType.PROPOSAL, "body": Remove(1)},
            ]
        )
        return replace(content, **changes)


def _replaced(sealed: list[HPKECiphertext], **changes: bytes) -> list[HPKECiphertext]:
    return [replace(one, **changes) for one in sealed]


class _RawCommit(Commit):
    """A commit's bytes, whatever they are."""

    def __init__(self, data: bytes) -> None:
        object.__setattr__(self, "proposals", ())
        object.__setattr__(self, "path", None)
        object.__setattr__(self, "_data", data)

    def encode(self) -> bytes:
        data: bytes = object.__getattribute__(self, "_data")
        return data
