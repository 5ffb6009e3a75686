"""Opening what others sealed in a room, and what this device sealed itself."""

from safespace.crypto.errors import CryptoError
from safespace.crypto.franking import open_content
from safespace.crypto.mls import Leaf
from safespace.sdk.any_place import AnyPlace
from safespace.sdk.checks import Suspicion, body_of, check_sealed
from safespace.sdk.group_crypto import GroupCryptoError, WrongSenderError
from safespace.sdk.sealing import Pending
from safespace.wire import Envelope, b64decode


def open_sealed(place: AnyPlace, envelope: Envelope, own: Pending | None) -> tuple[bytes, Leaf]:
    """The content of an application message, and the leaf that made it. Raises Suspicion."""
    sender = check_sealed(place, envelope)
    if sender.identity == place.leaf.identity:
        content = own.contents.get(envelope.body or "") if own else None
        if content is None:
            raise Suspicion("unreadable")
        return content, sender
    try:
        plaintext = place.crypto.decrypt(body_of(envelope), sender.identity, sender.signature_key)
        commitment = b64decode(envelope.commitment or "")
        content, _ = open_content(plaintext, commitment, place.room.bytes, sender.identity, envelope.epoch)
    except WrongSenderError as error:
        raise Suspicion("wrong_sender") from error
    except GroupCryptoError as error:
        raise Suspicion("unreadable") from error
    except CryptoError as error:
        raise Suspicion("bad_commitment") from error
    return content, sender
