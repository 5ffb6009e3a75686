"""A private reason: those it concerns can read it, everyone else holds the one who gave it to it.

See docs/protocol.md, "Policy". Ids are their 16 bytes here.
"""

import hmac
import secrets
from collections.abc import Mapping

from pydantic import TypeAdapter, ValidationError

from safespace.crypto import hpke
from safespace.crypto.encoding import lp
from safespace.crypto.errors import CryptoError
from safespace.crypto.texts import Reason

_R_SIZE = 32
_reason: TypeAdapter[str] = TypeAdapter(Reason)


def seal_reason(
    reason: str, group: bytes, target: bytes, keys: Mapping[bytes, bytes]
) -> tuple[bytes, dict[bytes, bytes]]:
    """Its MAC (32 bytes) and a box for each of `keys` (member id → policy key).

    Raises CryptoError for an unusable key, or a reason that is not 1 to 300 code points.
    """
    r, info, text = secrets.token_bytes(_R_SIZE), _info(group, target), _checked(reason).encode()
    boxes = {member: hpke.seal(key, info, r + text) for member, key in keys.items()}
    return reason_mac(r, reason, group, target), boxes


def open_reason(box: bytes, mac: bytes, group: bytes, target: bytes, private: bytes) -> str:
    """The reason in a box. Raises CryptoError when it does not open, or is not what everyone was shown the MAC of."""
    opened = hpke.open(private, _info(group, target), box)
    try:
        reason = _checked(opened[_R_SIZE:].decode())
    except UnicodeDecodeError as error:
        raise CryptoError("this reason is not text") from error
    if not hmac.compare_digest(reason_mac(opened[:_R_SIZE], reason, group, target), mac):
        raise CryptoError("this is another reason")
    return reason


def reason_mac(r: bytes, reason: str, group: bytes, target: bytes) -> bytes:
    """What everyone is shown of a reason (32 bytes)."""
    return hmac.digest(r, lp("safespace reason 1") + lp(group) + lp(target) + lp(reason), "sha256")


def _info(group: bytes, target: bytes) -> bytes:
    return lp("safespace reason") + lp(group) + lp(target)


def _checked(reason: str) -> str:
    try:
        return _reason.validate_python(reason)
    except ValidationError as error:
        raise CryptoError("a reason has 1 to 300 characters") from error
