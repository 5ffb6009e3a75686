"""Values that a field of MLS never has from an honest client, and a few that it has: what the fuzzers choose from."""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from nacl.signing import SigningKey

from crypto.mls.forge import Device, hpke_key
from crypto.mls.mutation import spoiled
from safespace.crypto.mls.codec import Structure
from safespace.crypto.mls.leaf import (
    X509,
    Capabilities,
    Certificate,
    Credential,
    Extension,
    LeafNode,
    LeafNodeSource,
    Lifetime,
)
from safespace.crypto.mls.signing import sign_content
from vectors.edwards import BASE, NEUTRAL, ORDER, PRIME, SMALL, challenge

GREASE = 0x0A0A
KINDS = (0, 1, 2, 3, 4, 5, 6, 7, 8, 10, GREASE, 0x1A1A, 0xF000, 0xFFFF)
NUMBERS = (0, 1, 2, 3, 4, 7, 255, 256, 2**31, 2**32 - 1)
SPANS = (0, 1, 365 * 86400 - 1, 365 * 86400, 365 * 86400 + 1, 366 * 86400, 2**32, 2**63)


class Raw(Structure):
    """Bytes in the place of a structure."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    @classmethod
    def read(cls, reader: Any) -> "Raw":
        raise NotImplementedError

    def encode(self) -> bytes:
        return self.data


class OddSigner(Device):
    """A device that signs as no library does. What `label` names is signed oddly, everything else honestly."""

    def __init__(self, label: str, how: str) -> None:
        super().__init__()
        self.label, self.how = label, how

    def sign(self, label: str, content: bytes) -> bytes:
        return (
            odd_signature(self.key, sign_content(label, content), self.how)
            if label == self.label
            else super().sign(label, content)
        )


HOW = ("S + L", "R of order 1", "another R", "zeros", "short", "long", "empty")


def odd_signature(key: SigningKey, message: bytes, how: str) -> bytes:
    """Something like a signature of `message`; "S + L" and "R of order 1" fit the equation."""
    right = key.sign(message).signature
    s = int.from_bytes(right[32:], "little")
    match how:
        case "S + L":
            return right[:32] + (s + ORDER).to_bytes(32, "little")
        case "R of order 1":
            return neutral_signature(key, message)
        case "another R":
            return BASE.encode() + right[32:]
        case "zeros":
            return bytes(64)
        case "short":
            return right[:-1]
        case "long":
            return right + b"\0"
        case _:
            return b""


def neutral_signature(key: SigningKey, message: bytes) -> bytes:
    """R is the neutral point and S the challenge times the secret: libraries that do not look take it."""
    digest = bytearray(hashlib.sha512(bytes(key)).digest()[:32])
    digest[0] &= 248
    digest[31] = digest[31] & 127 | 64
    secret = int.from_bytes(digest, "little")
    r, public = NEUTRAL.encode(), bytes(key.verify_key)
    return r + (challenge(r, public, message) * secret % ORDER).to_bytes(32, "little")


def public_keys(chance: random.Random, known: Sequence[bytes]) -> bytes:
    """An X25519 key, or something like one; `known` are those that are in use already."""
    fresh = hpke_key()
    high = fresh[:-1] + bytes((fresh[-1] | 0x80,))
    u = chance.choice([0, 1, PRIME - 1, PRIME, PRIME + 1, PRIME + 2, 2**255 - 1, 2**256 - 1, 2, 9])
    small = [(1 + y) * pow(1 - y, -1, PRIME) % PRIME for _, y in SMALL if y != 1]
    return chance.choice(
        [
            fresh,
            high,
            fresh[:-1],
            fresh + b"\0",
            b"",
            u.to_bytes(32, "little"),
            chance.choice(small).to_bytes(32, "little"),
            chance.choice(list(known)) if known else b"",
        ]
    )


def numbers(chance: random.Random, right: tuple[int, ...]) -> tuple[int, ...]:
    """A list of 16-bit numbers instead of `right`."""
    kinds = [
        (),
        right,
        (*right, chance.choice(KINDS)),
        (chance.choice(KINDS), *right),
        (chance.choice(KINDS),),
        right[::-1],
        right + right,
        (1, 2, 3, 4, 5, 6, 7),
        (1, 2),
        tuple(chance.randrange(65536) for _ in range(chance.randint(1, 40))),
    ]
    return chance.choice(kinds)


def extensions(chance: random.Random) -> tuple[Extension, ...]:
    data = chance.choice([b"", b"\0", b"x", bytes(3), b"\0\0\0", chance.randbytes(40)])
    made = tuple(Extension(chance.choice(KINDS), data) for _ in range(chance.choice([0, 1, 1, 1, 2])))
    return made + made[:1] if chance.random() < 0.1 else made


def credential(chance: random.Random, identity: bytes) -> Credential:
    return chance.choice(
        [
            Credential(1, identity),
            Credential(1, chance.randbytes(16)),
            Credential(1, identity[:15]),
            Credential(1, identity + b"\0"),
            Credential(1, b""),
            Credential(1, bytes(300)),
            Credential(X509, certificates=(Certificate(identity),)),
            Credential(X509),
        ]
    )


LEAF_FIELDS = (
    "encryption_key",
    "signature_key",
    "credential",
    "capabilities.versions",
    "capabilities.cipher_suites",
    "capabilities.extensions",
    "capabilities.proposals",
    "capabilities.credentials",
    "source",
    "lifetime",
    "parent_hash",
    "extensions",
    "bytes",
)


def bent_leaf(chance: random.Random, leaf: LeafNode, field: str, known: Sequence[bytes]) -> LeafNode:
    """`leaf`, not yet signed, with another value in `field`."""
    name, _, part = field.partition(".")
    match name:
        case "encryption_key":
            return replace(leaf, encryption_key=public_keys(chance, known))
        case "signature_key":
            ys = [SMALL[chance.randrange(8)].encode(), Device().key.verify_key.encode(), bytes(32), b"\xff" * 32, b""]
            return replace(leaf, signature_key=chance.choice(ys))
        case "credential":
            return replace(leaf, credential=credential(chance, leaf.identity))
        case "capabilities":
            lists: Capabilities = leaf.capabilities
            return replace(leaf, capabilities=replace(lists, **{part: numbers(chance, getattr(lists, part))}))
        case "source":
            source = chance.choice(list(LeafNodeSource))
            lifetime = leaf.lifetime or Lifetime(1_790_000_000, 1_790_000_000 + 365 * 86400)
            return replace(
                leaf,
                source=source,
                lifetime=lifetime if source is LeafNodeSource.KEY_PACKAGE else None,
                parent_hash=leaf.parent_hash or b"" if source is LeafNodeSource.COMMIT else None,
            )
        case "lifetime":
            if leaf.lifetime is None:
                return leaf
            begin = chance.choice([0, 1, leaf.lifetime.not_before, leaf.lifetime.not_before - 86400, 2**63, 2**64 - 1])
            end = chance.choice([begin + chance.choice(SPANS), begin - 1, 0, leaf.lifetime.not_after])
            return replace(leaf, lifetime=Lifetime(begin, max(0, min(end, 2**64 - 1))))
        case "parent_hash":
            if leaf.parent_hash is None:
                return leaf
            return replace(leaf, parent_hash=chance.choice([b"", bytes(31), bytes(32), bytes(33), leaf.parent_hash]))
        case "extensions":
            return replace(leaf, extensions=extensions(chance))
        case _:
            return leaf


def bent_bytes(chance: random.Random, data: bytes) -> bytes:
    """`data` spoiled somewhere, or with a length in a longer form than it needs; never the same."""
    if chance.random() < 0.3:
        places = [at for at in range(len(data)) if data[at] in (0, 2, 16, 32)]
        at = chance.choice(places or [0])
        return data[:at] + bytes((0x40, data[at])) + data[at + 1 :]
    return next(bent for bent in spoiled(data, chance, 100) if bent != data)
