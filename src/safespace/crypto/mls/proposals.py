"""Proposals (RFC 9420 section 12.1). The profile uses Add and Remove; the others are read to be refused by name."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Final, Self

from safespace.crypto.mls.codec import Reader, Structure, opaque, u8, u16, u32, u64, vector
from safespace.crypto.mls.leaf import Extension, KeyPackage, LeafNode


class PSKType(IntEnum):
    EXTERNAL = 1
    RESUMPTION = 2


class ResumptionUsage(IntEnum):
    APPLICATION = 1
    REINIT = 2
    BRANCH = 3


@dataclass(frozen=True, slots=True)
class ExternalPSK(Structure):
    id: bytes

    @classmethod
    def read(cls, reader: Reader) -> Self:
        return cls(reader.opaque())

    def encode(self) -> bytes:
        return opaque(self.id)


@dataclass(frozen=True, slots=True)
class ResumptionPSK(Structure):
    usage: ResumptionUsage
    group_id: bytes
    epoch: int

    @classmethod
    def read(cls, reader: Reader) -> Self:
        return cls(reader.enum(ResumptionUsage), reader.opaque(), reader.u64())

    def encode(self) -> bytes:
        return u8(self.usage) + opaque(self.group_id) + u64(self.epoch)


@dataclass(frozen=True, slots=True)
class PreSharedKeyID(Structure):
    """Section 8.4."""

    key: ExternalPSK | ResumptionPSK
    nonce: bytes

    @classmethod
    def read(cls, reader: Reader) -> Self:
        kind = reader.enum(PSKType)
        key = ExternalPSK.read(reader) if kind is PSKType.EXTERNAL else ResumptionPSK.read(reader)
        return cls(key, reader.opaque())

    def encode(self) -> bytes:
        kind = PSKType.EXTERNAL if isinstance(self.key, ExternalPSK) else PSKType.RESUMPTION
        return u8(kind) + self.key.encode() + opaque(self.nonce)


@dataclass(frozen=True, slots=True)
class Add(Structure):
    type: ClassVar[int] = 1
    package: KeyPackage

    @classmethod
    def read(cls, reader: Reader) -> Self:
        return cls(KeyPackage.read(reader))

    def encode(self) -> bytes:
        return self.package.encode()


@dataclass(frozen=True, slots=True)
class Update(Structure):
    type: ClassVar[int] = 2
    leaf: LeafNode

    @classmethod
    def read(cls, reader: Reader) -> Self:
        return cls(LeafNode.read(reader))

    def encode(self) -> bytes:
        return self.leaf.encode()


@dataclass(frozen=True, slots=True)
class Remove(Structure):
    type: ClassVar[int] = 3
    index: int

    @classmethod
    def read(cls, reader: Reader) -> Self:
        return cls(reader.u32())

    def encode(self) -> bytes:
        return u32(self.index)


@dataclass(frozen=True, slots=True)
class PreSharedKey(Structure):
    type: ClassVar[int] = 4
    psk: PreSharedKeyID

    @classmethod
    def read(cls, reader: Reader) -> Self:
        return cls(PreSharedKeyID.read(reader))

    def encode(self) -> bytes:
        return self.psk.encode()


@dataclass(frozen=True, slots=True)
class ReInit(Structure):
    type: ClassVar[int] = 5
    group_id: bytes
    version: int
    cipher_suite: int
    extensions: tuple[Extension, ...]

    @classmethod
    def read(cls, reader: Reader) -> Self:
        return cls(reader.opaque(), reader.u16(), reader.u16(), reader.vector(Extension.read))

    def encode(self) -> bytes:
        return opaque(self.group_id) + u16(self.version) + u16(self.cipher_suite) + vector(self.extensions)


@dataclass(frozen=True, slots=True)
class ExternalInit(Structure):
    type: ClassVar[int] = 6
    kem_output: bytes

    @classmethod
    def read(cls, reader: Reader) -> Self:
        return cls(reader.opaque())

    def encode(self) -> bytes:
        return opaque(self.kem_output)


@dataclass(frozen=True, slots=True)
class GroupContextExtensions(Structure):
    type: ClassVar[int] = 7
    extensions: tuple[Extension, ...]

    @classmethod
    def read(cls, reader: Reader) -> Self:
        return cls(reader.vector(Extension.read))

    def encode(self) -> bytes:
        return vector(self.extensions)


@dataclass(frozen=True, slots=True)
class UnknownProposal:
    """A private or GREASE proposal; like both client libraries we take its body to be `opaque<V>`."""

    type: int
    data: bytes

    def encode(self) -> bytes:
        return opaque(self.data)


KnownProposal = Add | Update | Remove | PreSharedKey | ReInit | ExternalInit | GroupContextExtensions
Proposal = KnownProposal | UnknownProposal

_READ: Final[dict[int, Callable[[Reader], KnownProposal]]] = {
    kind.type: kind.read for kind in (Add, Update, Remove, PreSharedKey, ReInit, ExternalInit, GroupContextExtensions)
}


def read_proposal(reader: Reader) -> Proposal:
    """A proposal with its type before it."""
    kind = reader.u16()
    known = _READ.get(kind)
    return UnknownProposal(kind, reader.opaque()) if known is None else known(reader)


def encode_proposal(proposal: Proposal) -> bytes:
    """The inverse of `read_proposal`."""
    return u16(proposal.type) + proposal.encode()
