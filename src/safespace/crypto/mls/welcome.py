"""What a joiner receives (RFC 9420 sections 8.1, 12.4.3 and 12.4.3.1)."""

from dataclasses import dataclass
from typing import Self

from safespace.crypto.mls.codec import Reader, Structure, opaque, u16, u32, u64, vector
from safespace.crypto.mls.commit import HPKECiphertext
from safespace.crypto.mls.leaf import Extension
from safespace.crypto.mls.proposals import PreSharedKeyID


@dataclass(frozen=True, slots=True)
class EncryptedGroupSecrets(Structure):
    """`new_member` is the KeyPackageRef of the one it is for."""

    new_member: bytes
    secrets: HPKECiphertext

    @classmethod
    def read(cls, reader: Reader) -> Self:
        return cls(reader.opaque(), HPKECiphertext.read(reader))

    def encode(self) -> bytes:
        return opaque(self.new_member) + self.secrets.encode()


@dataclass(frozen=True, slots=True)
class Welcome(Structure):
    cipher_suite: int
    secrets: tuple[EncryptedGroupSecrets, ...]
    encrypted_group_info: bytes

    @classmethod
    def read(cls, reader: Reader) -> Self:
        return cls(reader.u16(), reader.vector(EncryptedGroupSecrets.read), reader.opaque())

    def encode(self) -> bytes:
        return u16(self.cipher_suite) + vector(self.secrets) + opaque(self.encrypted_group_info)


@dataclass(frozen=True, slots=True)
class GroupSecrets(Structure):
    """What a Welcome holds for one joiner, once opened (section 12.4.3.1)."""

    joiner_secret: bytes
    path_secret: bytes | None
    psks: tuple[PreSharedKeyID, ...]

    @classmethod
    def read(cls, reader: Reader) -> Self:
        return cls(reader.opaque(), reader.optional(Reader.opaque), reader.vector(PreSharedKeyID.read))

    def encode(self) -> bytes:
        path_secret = b"\x00" if self.path_secret is None else b"\x01" + opaque(self.path_secret)
        return opaque(self.joiner_secret) + path_secret + vector(self.psks)


@dataclass(frozen=True, slots=True)
class GroupContext(Structure):
    """Section 8.1."""

    version: int
    cipher_suite: int
    group_id: bytes
    epoch: int
    tree_hash: bytes
    confirmed_transcript_hash: bytes
    extensions: tuple[Extension, ...]

    @classmethod
    def read(cls, reader: Reader) -> Self:
        return cls(
            reader.u16(),
            reader.u16(),
            reader.opaque(),
            reader.u64(),
            reader.opaque(),
            reader.opaque(),
            reader.vector(Extension.read),
        )

    def encode(self) -> bytes:
        head = u16(self.version) + u16(self.cipher_suite) + opaque(self.group_id) + u64(self.epoch)
        return head + opaque(self.tree_hash) + opaque(self.confirmed_transcript_hash) + vector(self.extensions)


@dataclass(frozen=True, slots=True)
class GroupInfo(Structure):
    """Section 12.4.3."""

    context: GroupContext
    extensions: tuple[Extension, ...]
    confirmation_tag: bytes
    signer: int
    signature: bytes

    @classmethod
    def read(cls, reader: Reader) -> Self:
        return cls(
            GroupContext.read(reader),
            reader.vector(Extension.read),
            reader.opaque(),
            reader.u32(),
            reader.opaque(),
        )

    def encode(self) -> bytes:
        head = self.context.encode() + vector(self.extensions)
        return head + opaque(self.confirmation_tag) + u32(self.signer) + opaque(self.signature)
