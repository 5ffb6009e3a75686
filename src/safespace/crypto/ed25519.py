"""Which Ed25519 signatures (RFC 8032) are taken, whatever is signed: the same in `web/src/crypto/ed25519.ts`.

Libraries differ in what they take from a signer who means mischief. The rule here is libsodium's: the key and the first
half of the signature are canonical and not of small order, the second half is below the group's order, and the equation
holds without the cofactor.
"""

from typing import Final

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from safespace.crypto.errors import CryptoError

KEY_SIZE: Final = 32
SIGNATURE_SIZE: Final = 64
_PRIME: Final = 2**255 - 19
_ORDER: Final = 2**252 + 27742317777372353535851937790883648493
_Y: Final = 2**255 - 1
"""All bits of a point but the highest, which is the sign of x."""
_EIGHTH: Final = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
_SMALL_ORDER: Final = frozenset((0, 1, _PRIME - 1, _EIGHTH, _PRIME - _EIGHTH))
"""The y-coordinates of the points whose order divides 8."""


def check_public_key(key: bytes) -> None:
    """Raises CryptoError unless `key` is one that signatures are taken of: 32 bytes, canonical, not of small order.

    Whether there is such a point at all only a signature tells.
    """
    if len(key) != KEY_SIZE or not _is_usable(key):
        raise CryptoError("this is not a usable Ed25519 key")


def verifies(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the holder of `key` signed `message`. False for whatever is no key or no signature."""
    if len(key) != KEY_SIZE or len(signature) != SIGNATURE_SIZE:
        return False
    point, scalar = signature[:KEY_SIZE], int.from_bytes(signature[KEY_SIZE:], "little")
    if not (_is_usable(key) and _is_usable(point) and scalar < _ORDER):
        return False
    try:
        VerifyKey(key).verify(message, signature)
    except BadSignatureError:
        return False
    return True


def _is_usable(point: bytes) -> bool:
    y = int.from_bytes(point, "little") & _Y
    return y < _PRIME and y not in _SMALL_ORDER
