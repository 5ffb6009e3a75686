"""Leaf nodes and KeyPackages: who someone is (RFC 9420 sections 5.3, 7.2 and 10)."""

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Final, Self

from safespace.crypto.mls.codec import Reader, Structure, malformed, numbers, opaque, u8, u16, u32, u64, vector
from safespace.crypto.mls.signing import verify_with_label

BASIC: Final = 1
X509: Final = 2


class LeafNodeSource(IntEnum):
    KEY_PACKAGE = 1
    UPDATE = 2
    COMMIT = 3


@dataclass(frozen=True, slots=True)
class Extension(Structure):
    """Any extension, of a known type or not; the profile allows none."""

    type: int
    data: bytes

    @classmethod
    def read(cls, reader: Reader) -> Self:
        return cls(reader.u16(), reader.opaque())

    def encode(self) -> bytes:
        return u16(self.type) + opaque(self.data)


@dataclass(frozen=True, slots=True)
class Certificate(Structure):
    data: bytes

    @classmethod
    def read(cls, reader: Reader) -> Self:
        return cls(reader.opaque())

    def encode(self) -> bytes:
        return opaque(self.data)


@dataclass(frozen=True, slots=True)
class Credential(Structure):
    """A basic credential with `identity`, or an X.509 one with `certificates`. Other types have no known length."""

    type: int
    identity: bytes = b""
    certificates: tuple[Certificate, ...] = ()

    @classmethod
    def read(cls, reader: Reader) -> Self:
        kind = reader.u16()
        if kind == BASIC:
            return cls(kind, identity=reader.opaque())
        if kind == X509:
            return cls(kind, certificates=reader.vector(Certificate.read))
        raise malformed("The credential is of an unknown type.")

    def encode(self) -> bytes:
        return u16(self.type) + (opaque(self.identity) if self.type == BASIC else vector(self.certificates))


@dataclass(frozen=True, slots=True)
class Capabilities(Structure):
    versions: tuple[int, ...]
    cipher_suites: tuple[int, ...]
    extensions: tuple[int, ...]
    proposals: tuple[int, ...]
    credentials: tuple[int, ...]

    @classmethod
    def read(cls, reader: Reader) -> Self:
        u16s = Reader.u16
        return cls(
            reader.vector(u16s), reader.vector(u16s), reader.vector(u16s), reader.vector(u16s), reader.vector(u16s)
        )

    def encode(self) -> bytes:
        lists = (self.versions, self.cipher_suites, self.extensions, self.proposals, self.credentials)
        return b"".join(numbers(values, 2) for values in lists)


@dataclass(frozen=True, slots=True)
class Lifetime(Structure):
    """Both ends in seconds since 1970."""

    not_before: int
    not_after: int

    @classmethod
    def read(cls, reader: Reader) -> Self:
        return cls(reader.u64(), reader.u64())

    def encode(self) -> bytes:
        return u64(self.not_before) + u64(self.not_after)


@dataclass(frozen=True)
class LeafNode(Structure):
    """`lifetime` is there in the leaf of a KeyPackage only, `parent_hash` in the leaf of a commit only."""

    encryption_key: bytes
    signature_key: bytes
    credential: Credential
    capabilities: Capabilities
    source: LeafNodeSource
    lifetime: Lifetime | None
    parent_hash: bytes | None
    extensions: tuple[Extension, ...]
    signature: bytes

    @classmethod
    def read(cls, reader: Reader) -> Self:
        encryption_key, signature_key = reader.opaque(), reader.opaque()
        credential, capabilities = Credential.read(reader), Capabilities.read(reader)
        source = reader.enum(LeafNodeSource)
        lifetime = Lifetime.read(reader) if source is LeafNodeSource.KEY_PACKAGE else None
        parent_hash = reader.opaque() if source is LeafNodeSource.COMMIT else None
        extensions, signature = reader.vector(Extension.read), reader.opaque()
        return cls(
            encryption_key,
            signature_key,
            credential,
            capabilities,
            source,
            lifetime,
            parent_hash,
            extensions,
            signature,
        )

    @property
    def identity(self) -> bytes:
        """The identity of its basic credential."""
        return self.credential.identity

    def _unsigned(self) -> bytes:
        return b"".join(
            (
                opaque(self.encryption_key),
                opaque(self.signature_key),
                self.credential.encode(),
                self.capabilities.encode(),
                u8(self.source),
                self.lifetime.encode() if self.lifetime is not None else b"",
                opaque(self.parent_hash) if self.parent_hash is not None else b"",
                vector(self.extensions),
            )
        )

    def signed_content(self, group_id: bytes, index: int) -> bytes:
        """LeafNodeTBS (section 7.2). Place and group are not part of a KeyPackage's leaf."""
        if self.source is LeafNodeSource.KEY_PACKAGE:
            return self._unsigned()
        return self._unsigned() + opaque(group_id) + u32(index)

    def verify(self, group_id: bytes, index: int) -> None:
        """Check the signature of this leaf at leaf `index`. Raises MLSError `bad_signature`."""
        verify_with_label(self.signature_key, "LeafNodeTBS", self.signed_content(group_id, index), self.signature)

    # Trees are written after every commit, and most of their leaves are as they were.
    @cached_property
    def _encoded(self) -> bytes:
        return self._unsigned() + opaque(self.signature)

    def encode(self) -> bytes:
        return self._encoded


@dataclass(frozen=True, slots=True)
class KeyPackage(Structure):
    version: int
    cipher_suite: int
    init_key: bytes
    leaf: LeafNode
    extensions: tuple[Extension, ...]
    signature: bytes

    @classmethod
    def read(cls, reader: Reader) -> Self:
        return cls(
            reader.u16(),
            reader.u16(),
            reader.opaque(),
            LeafNode.read(reader),
            reader.vector(Extension.read),
            reader.opaque(),
        )

    def signed_content(self) -> bytes:
        """KeyPackageTBS (section 10)."""
        return b"".join(
            (
                u16(self.version),
                u16(self.cipher_suite),
                opaque(self.init_key),
                self.leaf.encode(),
                vector(self.extensions),
            )
        )

    def encode(self) -> bytes:
        return self.signed_content() + opaque(self.signature)
