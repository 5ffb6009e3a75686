"""Opening what others sealed in a room, and what this device sealed itself."""

from dataclasses import dataclass

from safespace.crypto.errors import CryptoError
from safespace.crypto.franking import open_content
from safespace.crypto.mls import Leaf
from safespace.fields import b64decode
from safespace.sdk.any_place import AnyPlace
from safespace.sdk.checks import Suspicion, body_of, check_sealed
from safespace.sdk.group_crypto import GroupCryptoError, WrongSenderError
from safespace.sdk.sealing import Pending
from safespace.wire import Envelope


@dataclass(frozen=True, slots=True)
class Opened:
    """The content of an application message, its franking key, and the leaf that made it."""

    content: bytes
    kf: bytes
    sender: Leaf


def open_sealed(place: AnyPlace, envelope: Envelope, own: Pending | None) -> Opened:
    """Raises Suspicion."""
    sender = check_sealed(place, envelope)
    try:
        if sender.identity == place.leaf.identity:
            plaintext = _own_plaintext(envelope, own)
        else:
            plaintext = place.crypto.decrypt(body_of(envelope), sender.identity, sender.signature_key)
        commitment = b64decode(envelope.commitment or "")
        content, kf = open_content(plaintext, commitment, place.room.bytes, sender.identity, envelope.epoch)
    except WrongSenderError as error:
        raise Suspicion("wrong_sender") from error
    except GroupCryptoError as error:
        raise Suspicion("unreadable") from error
    except CryptoError as error:
        raise Suspicion("bad_commitment") from error
    return Opened(content, kf, sender)


def _own_plaintext(envelope: Envelope, own: Pending | None) -> bytes:
    plaintext = own.sealed.get(envelope.body or "") if own else None
    if plaintext is None:
        raise Suspicion("unreadable")
    return plaintext
