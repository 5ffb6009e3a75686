"""Commits, KeyPackages and Welcomes in which one field was bent before whatever covers it was made again."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from crypto.mls.forge import ROOM, TAG, Device, hpke_key, message
from crypto.mls.keyed import Bends, KeyedRoom, Made, WelcomeBends
from crypto.mls.odd import (
    HOW,
    LEAF_FIELDS,
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
                bends, hidden = Bends(keys=self._keys), True
            case "other key":
                bends, hidden = Bends(keys=lambda keys: [hpke_key() for _ in keys]), True
            case "nodes":
                bends = Bends(nodes=self._nodes)
            case "ciphertexts":
                bends = Bends(nodes=lambda nodes: self._each(nodes, self._ciphertexts))
            case "kem_output":
                bends = Bends(nodes=lambda nodes: self._each(nodes, self._kem))
                hidden = True
            case "secret":
                bends, hidden = Bends(nodes=lambda nodes: self._each(nodes, self._secret)), True
        made = self.room.commit(by, proposals, bends=bends)
        return Mutant(f"UpdatePath {field}", made.message, hidden)

    def _raw_leaf(self, leaf: LeafNode, by: int) -> Any:
        raw = bent_bytes(self.chance, leaf._unsigned())
        signed = raw + opaque(ROOM) + by.to_bytes(4, "big")
        return Raw(raw + opaque(self.room.devices[by].sign("LeafNodeTBS", signed)))

    def _removes(self, by: int) -> list[Remove]:
        others = [index for index in sorted(self.room.devices) if index not in (by, *self.safe)]
        return [Remove(index) for index in self.chance.sample(others, min(len(others), self.chance.choice([1, 1, 2])))]

    def _keys(self, keys: list[bytes]) -> list[bytes]:
        if not keys:
            return keys
        bent, at = public_keys(self.chance, [*self.known, *keys]), self.chance.randrange(len(keys))
        if is_hpke_key(bent) and bent not in (*self.known, *keys):
            # That it is not the secret's only those below it see: below the highest, that is everybody.
            at = len(keys) - 1
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

    def _kem(self, sealed: list[HPKECiphertext]) -> list[HPKECiphertext]:
        return [replace(one, kem_output=public_keys(self.chance, self.known)) for one in sealed]

    def _secret(self, sealed: list[HPKECiphertext]) -> list[HPKECiphertext]:
        sizes = [b"", bytes(16), bytes(47), bytes(48), bytes(49), self.chance.randbytes(48)]
        return [replace(one, ciphertext=self.chance.choice(sizes)) for one in sealed]

    # Commits

    def commit(self, field: str) -> Mutant:
        chance, by = self.chance, self._by()
        package = Device().package
        others = sorted(index for index in self.room.devices if index not in (by, *self.safe))
        hidden = field in ("membership_tag", "confirmation_tag")
        match field:
            case "proposals":
                some: list[list[Any]] = [
                    [],
                    [Add(package())],
                    [Add(package()), Add(package())],
                    [Remove(by)],
                    [Remove(chance.choice([2**32 - 1, 4095, 64, 9, 5, 2]))] if 2 not in self.safe else [Remove(2**31)],
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
                bends = Bends(frame=lambda frame: replace(frame, confirmation_tag=self._tag()))
            case "membership_tag":
                bends = Bends(message=lambda frame: replace(frame, membership_tag=self._tag()))
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

    def _tag(self) -> bytes:
        return self.chance.choice([b"", TAG, TAG[1:], TAG + b"\0", bytes(32)])

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

    # Welcomes

    def welcome(self, field: str, made: Made, package: KeyPackage) -> tuple[bytes, bytes]:
        """A bent Welcome, and the tree that is handed over with it."""
        chance = self.chance
        tree = made.after.group.export_tree()
        bends = WelcomeBends()
        head, _, name = field.partition(".")
        match head:
            case "context":
                bends = WelcomeBends(context=lambda context: replace(context, **self._context(name)))
            case "info" if name == "signature":
                # One that fits the equation with an R of small order is taken by mls-rs, and nobody else can look.
                how, key = chance.choice([how for how in HOW if how != "R of order 1"]), self.room.devices[0].key
                bends = WelcomeBends(
                    signed_info=lambda info: replace(
                        info,
                        signature=odd_signature(
                            key, sign_content("GroupInfoTBS", replace(info, signature=b"").encode()[:-1]), how
                        ),
                    )
                )
            case "info" if name == "bytes":
                bends = WelcomeBends(signed_info=lambda info: Raw(bent_bytes(chance, info.encode())))
            case "info":
                bends = WelcomeBends(info=lambda info: replace(info, **self._info(name)))
            case "secrets" if name == "bytes":
                bends = WelcomeBends(secrets=lambda secrets: Raw(bent_bytes(chance, secrets.encode())))
            case "secrets":
                bends = WelcomeBends(secrets=lambda secrets: replace(secrets, **self._secrets(name)))
            case "welcome":
                bends = WelcomeBends(welcome=lambda welcome: self._welcome(name, welcome))
            case "tree":
                tree = self._tree(name, tree)
        data = self.room.welcome(made, package, bends=bends)
        return (bent_bytes(chance, data), tree) if head == "bytes" else (data, tree)

    def _context(self, name: str) -> dict[str, Any]:
        chance = self.chance
        values: dict[str, list[Any]] = {
            "version": [0, 1, 2, 0x0A0A],
            "cipher_suite": [0, 1, 2, 3, 77, 0x0A0A],
            "group_id": [b"", ROOM, bytes(16), ROOM + b"\0"],
            "epoch": [0, 1, 2, 2**53, 2**63, 2**64 - 1],
            "tree_hash": [b"", bytes(32), TAG[1:]],
            "confirmed_transcript_hash": [b"", bytes(32), TAG[1:], TAG],
            "extensions": [extensions(chance)],
        }
        return {name: chance.choice(values[name])}

    def _info(self, name: str) -> dict[str, Any]:
        values: dict[str, list[Any]] = {
            "extensions": [extensions(self.chance)],
            "confirmation_tag": [b"", TAG, TAG[1:], TAG + b"\0"],
            "signer": [0, 1, 2, 5, 64, 2**31, 2**32 - 1],
        }
        return {name: self.chance.choice(values[name])}

    def _secrets(self, name: str) -> dict[str, Any]:
        psk = PreSharedKeyID(ExternalPSK(b"id"), bytes(32))
        values: dict[str, list[Any]] = {
            "joiner_secret": [b"", bytes(31), bytes(32), bytes(33)],
            "path_secret": [None, b"", bytes(31), bytes(32), bytes(33)],
            "psks": [(), (psk,), (psk, psk)],
        }
        return {name: self.chance.choice(values[name])}

    def _welcome(self, name: str, welcome: Any) -> Any:
        chance = self.chance
        entry = welcome.secrets[0]
        other = replace(entry, new_member=chance.choice([bytes(32), bytes(31), b""]))
        match name:
            case "cipher_suite":
                return replace(welcome, cipher_suite=chance.choice([0, 1, 2, 3, 77, 0x0A0A]))
            case "entries":
                several: list[tuple[Any, ...]] = [
                    (),
                    (other,),
                    (entry, other),
                    (other, entry),
                    (entry, entry),
                    (entry,),
                ]
                return replace(welcome, secrets=chance.choice(several))
            case "kem_output":
                sealed = replace(entry.secrets, kem_output=public_keys(chance, self.known))
            case _:
                sizes = [b"", bytes(16), bytes(51), entry.secrets.ciphertext[1:], entry.secrets.ciphertext]
                sealed = replace(entry.secrets, ciphertext=chance.choice(sizes))
        return replace(welcome, secrets=(replace(entry, secrets=sealed),))

    def _tree(self, name: str, tree: bytes) -> bytes:
        if name == "bytes":
            return bent_bytes(self.chance, tree)
        return self.chance.choice([b"", b"\0", self.room.group.export_tree(), tree + b"\0", tree])


class _RawCommit(Commit):
    """A commit's bytes, whatever they are."""

    def __init__(self, data: bytes) -> None:
        object.__setattr__(self, "proposals", ())
        object.__setattr__(self, "path", None)
        object.__setattr__(self, "_data", data)

    def encode(self) -> bytes:
        data: bytes = object.__getattribute__(self, "_data")
        return data


LEAVES = [f"leaf.{field}" for field in (*LEAF_FIELDS, "signature")]
PACKAGES = [*LEAVES, "version", "cipher_suite", "init_key", "extensions", "signature"]
KEY_PACKAGES = [*PACKAGES, "bytes"]
PATHS = [*LEAVES, "keys", "other key", "nodes", "ciphertexts", "kem_output", "secret"]
COMMITS = [
    "proposals",
    "duplicate",
    "path",
    "by_reference",
    "commit_bytes",
    "content",
    "signature",
    "confirmation_tag",
    "membership_tag",
    "bytes",
    "nothing",
]
WELCOMES = [
    *(
        f"context.{name}"
        for name in (
            "version",
            "cipher_suite",
            "group_id",
            "epoch",
            "tree_hash",
            "confirmed_transcript_hash",
            "extensions",
        )
    ),
    *(f"info.{name}" for name in ("extensions", "confirmation_tag", "signer", "signature", "bytes")),
    *(f"secrets.{name}" for name in ("joiner_secret", "path_secret", "psks", "bytes")),
    *(f"welcome.{name}" for name in ("cipher_suite", "entries", "kem_output", "ciphertext")),
    "tree.bytes",
    "tree.other",
    "bytes",
    "nothing",
]
