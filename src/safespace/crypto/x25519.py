"""Which X25519 public keys (RFC 7748) are taken, wherever one enters: the same in `web/src/crypto/x25519.ts`.

The libraries differ here: some take a key in any spelling, some find a key of small order only when they seal to it. So
a key is written in the one shortest way, and it is none of those for which everybody knows the shared secret.
"""

from typing import Annotated, Final

from pydantic import AfterValidator

from safespace.crypto.errors import CryptoError
from safespace.fields import Digest, b64decode

KEY_SIZE: Final = 32
_PRIME: Final = 2**255 - 19
_SMALL_ORDER: Final = frozenset(
    (
        0,
        1,
        0x00B8495F16056286FDB1329CEB8D09DA6AC49FF1FAE35616AEB8413B7C7AEBE0,
        0x57119FD0DD4E22D8868E1C58C45C44045BEF839C55B1D0B1248C50A3BC959C5F,
        _PRIME - 1,
    )
)
"""The u-coordinates of points whose order divides 8, on the curve and on its twist."""


def check_public_key(key: bytes) -> None:
    """Raises CryptoError unless something can be sealed to `key`: 32 bytes, canonical, not of small order."""
    u = int.from_bytes(key, "little")
    if len(key) != KEY_SIZE or u >= _PRIME or u in _SMALL_ORDER:
        raise CryptoError("this is not a usable X25519 key")


def _is_usable(key: str) -> str:
    check_public_key(b64decode(key))
    return key


PublicKey = Annotated[Digest, AfterValidator(_is_usable)]
"""A key that something is to be sealed to, wherever one is read."""
