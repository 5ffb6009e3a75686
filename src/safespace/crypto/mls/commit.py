"""Commits and their update paths (RFC 9420 sections 7.6 and 12.4)."""

from dataclasses import dataclass
from typing import Self

from safespace.crypto.mls.codec import Reader, Structure, malformed, opaque, optional, u8, vector
from safespace.crypto.mls.leaf import LeafNode
from safespace.crypto.mls.proposals import Proposal, encode_proposal, read_proposal


@dataclass(frozen=True, slots=True)
class HPKECiphertext(Structure):
    kem_output: bytes
    ciphertext: bytes

    @classmethod
    def read(cls, reader: Reader) -> Self:
        return cls(reader.opaque(), reader.opaque())

    def encode(self) -> bytes:
        return opaque(self.kem_output) + opaque(self.ciphertext)


@dataclass(frozen=True, slots=True)
class UpdatePathNode(Structure):
    encryption_key: bytes
    ciphertexts: tuple[HPKECiphertext, ...]

    @classmethod
    def read(cls, reader: Reader) -> Self:
        return cls(reader.opaque(), reader.vector(HPKECiphertext.read))

    def encode(self) -> bytes:
        return opaque(self.encryption_key) + vector(self.ciphertexts)


@dataclass(frozen=True, slots=True)
class UpdatePath(Structure):
    leaf: LeafNode
    nodes: tuple[UpdatePathNode, ...]

    @classmethod
    def read(cls, reader: Reader) -> Self:
        return cls(LeafNode.read(reader), reader.vector(UpdatePathNode.read))

    def encode(self) -> bytes:
        return self.leaf.encode() + vector(self.nodes)


@dataclass(frozen=True, slots=True)
class ProposalOrRef(Structure):
    """A proposal by value, or the 32-byte reference of one sent before."""

    value: Proposal | bytes

    @classmethod
    def read(cls, reader: Reader) -> Self:
        kind = reader.u8()
        if kind == 1:
            return cls(read_proposal(reader))
        if kind == 2:
            return cls(reader.opaque())
        raise malformed("A commit holds neither a proposal nor a reference.")

    def encode(self) -> bytes:
        if isinstance(self.value, bytes):
            return u8(2) + opaque(self.value)
        return u8(1) + encode_proposal(self.value)


@dataclass(frozen=True, slots=True)
class Commit(Structure):
    proposals: tuple[ProposalOrRef, ...]
    path: UpdatePath | None

    @classmethod
    def read(cls, reader: Reader) -> Self:
        return cls(reader.vector(ProposalOrRef.read), reader.optional(UpdatePath.read))

    def encode(self) -> bytes:
        return vector(self.proposals) + optional(self.path)
