"""Messages sealed with the keys of an epoch, as far as they can be read without these (RFC 9420 section 6.3)."""

from typing import Final, NamedTuple

from safespace.crypto.mls.codec import MAX_MESSAGE, Reader, opaque, u8, u16, u64
from safespace.crypto.mls.errors import MLSError
from safespace.crypto.mls.messages import MLS10, ContentType, MLSMessage, PrivateMessage, WireFormat

_PRIVATE_HEAD: Final = u16(MLS10) + u16(WireFormat.PRIVATE_MESSAGE)
_APPLICATION_WITHOUT_DATA: Final = u8(ContentType.APPLICATION) + opaque(b"")


class PrivateHeader(NamedTuple):
    """What a PrivateMessage says in clear."""

    group_id: bytes
    epoch: int
    content_type: ContentType


def check_private_message(message: bytes) -> PrivateHeader:
    """Decode an MLSMessage that must be a PrivateMessage with application content and no authenticated data.

    Raises MLSError `too_large`, `mls_malformed`, `kind_mismatch` or `forbidden_handshake`.
    """
    body = MLSMessage.decode(message).body
    if not isinstance(body, PrivateMessage):
        raise MLSError("kind_mismatch", "It is not sealed as a message.")
    if body.content_type is not ContentType.APPLICATION or body.authenticated_data:
        raise MLSError("forbidden_handshake", "Only messages are sent sealed, without authenticated data.")
    return PrivateHeader(body.group_id, body.epoch, body.content_type)


def is_private_message_for(message: bytes, group_id: bytes, epoch: int) -> bool:
    """Whether `check_private_message` takes `message` and finds this group and epoch in it. Looks at little more."""
    head = _PRIVATE_HEAD + opaque(group_id) + u64(epoch) + _APPLICATION_WITHOUT_DATA
    if not message.startswith(head) or len(message) > MAX_MESSAGE:
        return False
    reader = Reader(message, len(head))
    try:
        reader.opaque()
        reader.opaque()
        reader.finish()
    except MLSError:
        return False
    return True
