"""Message franking: the sender commits to the content, the server stamps the commitment and where it belongs.

See docs/protocol.md, "An application message"; after the IETF MIMI draft "Message Franking".
"""

import hmac
import secrets
from collections.abc import Collection, Mapping

from safespace.crypto.encoding import lp, u64
from safespace.crypto.errors import CryptoError
from safespace.crypto.padding import KF_SIZE, pad, unpad


def commitment(kf: bytes, content: bytes, room: bytes, leaf: bytes, epoch: int) -> bytes:
    """C, 32 bytes. `kf` has 32 bytes, `room` and `leaf` have 16."""
    return hmac.digest(kf, lp("safespace message 1") + lp(content) + lp(room) + lp(leaf) + u64(epoch), "sha256")


def seal_content(content: bytes, room: bytes, leaf: bytes, epoch: int) -> tuple[bytes, bytes]:
    """The padded plaintext for MLS and its commitment, under a fresh kf."""
    kf = secrets.token_bytes(KF_SIZE)
    return pad(content, kf), commitment(kf, content, room, leaf, epoch)


def open_content(plaintext: bytes, expected: bytes, room: bytes, leaf: bytes, epoch: int) -> tuple[bytes, bytes]:
    """Content and kf. `leaf` is the MLS sender's identity, `expected` the envelope's commitment.

    Raises CryptoError when the padding or the commitment is wrong; such a message is not shown.
    """
    content, kf = unpad(plaintext)
    if not hmac.compare_digest(commitment(kf, content, room, leaf, epoch), expected):
        raise CryptoError("the commitment does not fit the message")
    return content, kf


def stamp(
    key: bytes, key_id: int, commitment: bytes, room: bytes, leaf: bytes, epoch: int, seq: int, time: int
) -> bytes:
    """The server's stamp, 33 bytes: `key_id` (0 to 255) ‖ F. `time` is in milliseconds."""
    stamped = lp(commitment) + lp(room) + lp(leaf) + u64(epoch) + u64(seq) + u64(time)
    return bytes([key_id]) + hmac.digest(key, stamped, "sha256")


def verify_stamp(
    keys: Mapping[int, Collection[bytes]],
    stamped: bytes,
    commitment: bytes,
    room: bytes,
    leaf: bytes,
    epoch: int,
    seq: int,
    time: int,
) -> bool:
    """Whether `stamped` was made for exactly this, with one of the keys of its id: ids are used again in time."""
    if not stamped:
        return False
    made = [stamp(key, stamped[0], commitment, room, leaf, epoch, seq, time) for key in keys.get(stamped[0], ())]
    return any(hmac.compare_digest(one, stamped) for one in made)
