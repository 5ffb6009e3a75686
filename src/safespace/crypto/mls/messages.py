"""MLSMessage, and the framing of public and private messages (RFC 9420 section 6)."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Self

from safespace.crypto.mls.codec import Reader, Structure, malformed, opaque, u8, u16, u32, u64
from safespace.crypto.mls.commit import Commit
from safespace.crypto.mls.leaf import KeyPackage
from safespace.crypto.mls.proposals import Proposal, encode_proposal, read_proposal
from safespace.crypto.mls.welcome import GroupInfo, Welcome

MLS10: Final = 1
"""The protocol version."""


class WireFormat(IntEnum):
    PUBLIC_MESSAGE = 1
    PRIVATE_MESSAGE = 2
    WELCOME = 3
    GROUP_INFO = 4
    KEY_PACKAGE = 5


class ContentType(IntEnum):
    APPLICATION = 1
    PROPOSAL = 2
    COMMIT = 3


class SenderType(IntEnum):
    MEMBER = 1
    EXTERNAL = 2
    NEW_MEMBER_PROPOSAL = 3
    NEW_MEMBER_COMMIT = 4


@dataclass(frozen=True, slots=True)
class Sender(Structure):
    """`index` is a leaf index for a member, an index of external senders for those, else None."""

    type: SenderType
    index: int | None

    @classmethod
    def read(cls, reader: Reader) -> Self:
        kind = reader.enum(SenderType)
        return cls(kind, reader.u32() if kind in (SenderType.MEMBER, SenderType.EXTERNAL) else None)

    def encode(self) -> bytes:
        return u8(self.type) + (b"" if self.index is None else u32(self.index))


@dataclass(frozen=True, slots=True)
class FramedContent(Structure):
    """`body` is bytes for application data, else a proposal or a commit."""

    group_id: bytes
    epoch: int
    sender: Sender
    authenticated_data: bytes
    type: ContentType
    body: bytes | Proposal | Commit

    @classmethod
    def read(cls, reader: Reader) -> Self:
        group_id, epoch, sender = reader.opaque(), reader.u64(), Sender.read(reader)
        authenticated_data, kind = reader.opaque(), reader.enum(ContentType)
        body: bytes | Proposal | Commit
        if kind is ContentType.APPLICATION:
            body = reader.opaque()
        elif kind is ContentType.PROPOSAL:
            body = read_proposal(reader)
        else:
            body = Commit.read(reader)
        return cls(group_id, epoch, sender, authenticated_data, kind, body)

    def encode(self) -> bytes:
        if isinstance(self.body, bytes):
            body = opaque(self.body)
        elif isinstance(self.body, Commit):
            body = self.body.encode()
        else:
            body = encode_proposal(self.body)
        head = opaque(self.group_id) + u64(self.epoch) + self.sender.encode()
        return head + opaque(self.authenticated_data) + u8(self.type) + body

    def signed_content(self, context: bytes) -> bytes:
        """FramedContentTBS of a PublicMessage by a member; `context` is the encoded GroupContext (section 6.1)."""
        return u16(MLS10) + u16(WireFormat.PUBLIC_MESSAGE) + self.encode() + context

    def confirmed_input(self, signature: bytes) -> bytes:
        """ConfirmedTranscriptHashInput of a PublicMessage (section 8.2)."""
        return u16(WireFormat.PUBLIC_MESSAGE) + self.encode() + opaque(signature)


@dataclass(frozen=True, slots=True)
class PublicMessage(Structure):
    """`confirmation_tag` is there with a commit, `membership_tag` when a member sent it."""

    content: FramedContent
    signature: bytes
    confirmation_tag: bytes | None
    membership_tag: bytes | None

    @classmethod
    def read(cls, reader: Reader) -> Self:
        content, signature = FramedContent.read(reader), reader.opaque()
        confirmation_tag = reader.opaque() if content.type is ContentType.COMMIT else None
        membership_tag = reader.opaque() if content.sender.type is SenderType.MEMBER else None
        return cls(content, signature, confirmation_tag, membership_tag)

    def encode(self) -> bytes:
        tags = (tag for tag in (self.confirmation_tag, self.membership_tag) if tag is not None)
        return self.content.encode() + opaque(self.signature) + b"".join(map(opaque, tags))


@dataclass(frozen=True, slots=True)
class PrivateMessage(Structure):
    """The header in clear and two ciphertexts."""

    group_id: bytes
    epoch: int
    content_type: ContentType
    authenticated_data: bytes
    encrypted_sender_data: bytes
    ciphertext: bytes

    @classmethod
    def read(cls, reader: Reader) -> Self:
        return cls(
            reader.opaque(),
            reader.u64(),
            reader.enum(ContentType),
            reader.opaque(),
            reader.opaque(),
            reader.opaque(),
        )

    def encode(self) -> bytes:
        head = opaque(self.group_id) + u64(self.epoch) + u8(self.content_type) + opaque(self.authenticated_data)
        return head + opaque(self.encrypted_sender_data) + opaque(self.ciphertext)


MessageBody = PublicMessage | PrivateMessage | Welcome | GroupInfo | KeyPackage

_BODIES: Final[dict[WireFormat, type[MessageBody]]] = {
    WireFormat.PUBLIC_MESSAGE: PublicMessage,
    WireFormat.PRIVATE_MESSAGE: PrivateMessage,
    WireFormat.WELCOME: Welcome,
    WireFormat.GROUP_INFO: GroupInfo,
    WireFormat.KEY_PACKAGE: KeyPackage,
}


@dataclass(frozen=True, slots=True)
class MLSMessage(Structure):
    """What travels: `body` in a frame that tells its kind.

    `MLSMessage.decode(data)` takes exactly the bytes that `encode()` writes and raises MLSError for all others.
    """

    wire_format: WireFormat
    body: MessageBody

    @classmethod
    def read(cls, reader: Reader) -> Self:
        if reader.u16() != MLS10:
            raise malformed("It is of another version of MLS.")
        kind = reader.u16()
        if kind not in _BODIES:
            raise malformed("There is no such wire format.")
        wire_format = WireFormat(kind)
        return cls(wire_format, _BODIES[wire_format].read(reader))

    def encode(self) -> bytes:
        return u16(MLS10) + u16(self.wire_format) + self.body.encode()
