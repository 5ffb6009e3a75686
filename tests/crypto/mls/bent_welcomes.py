"""Welcomes in which one field was bent before whatever covers it was made again."""

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from crypto.mls.forge import ROOM, TAG
from crypto.mls.keyed import KeyedRoom, Made, WelcomeBends
from crypto.mls.odd import HOW, Raw, bent_bytes, extensions, odd_signature, public_keys
from safespace.crypto.mls.leaf import KeyPackage
from safespace.crypto.mls.proposals import ExternalPSK, PreSharedKeyID
from safespace.crypto.mls.signing import sign_content


class WelcomeMutator:
    """Makes odd Welcomes into one room."""

    def __init__(self, room: KeyedRoom, chance: random.Random) -> None:
        self.room = room
        self.chance = chance

    @property
    def known(self) -> Sequence[bytes]:
        return [node.encryption_key for node in self.room.group.tree.nodes if node is not None]

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
