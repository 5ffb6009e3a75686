"""The plaintext of an application message: content, franking key and zeros up to a size class.

Padmé (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", 2019)
leaks O(log log n) bits of the length and adds at most 12 %.
"""

from safespace.crypto.encoding import lp
from safespace.crypto.errors import CryptoError

FLOOR = 256
"""Bytes of the smallest plaintext."""
KF_SIZE = 32
"""Bytes of a franking key."""


def padme(length: int) -> int:
    """The size class of `length` (at least 2): the next number whose low bits are zero."""
    exponent = length.bit_length() - 1
    mask = (1 << (exponent - exponent.bit_length())) - 1
    return (length + mask) & ~mask


def _padded(content_size: int) -> int:
    return padme(max(FLOOR, 4 + content_size + KF_SIZE))


def pad(content: bytes, kf: bytes) -> bytes:
    """lp(content) ‖ kf ‖ zeros. Raises CryptoError unless `kf` has 32 bytes."""
    if len(kf) != KF_SIZE:
        raise CryptoError("a franking key has 32 bytes")
    return (lp(content) + kf).ljust(_padded(len(content)), b"\0")


def unpad(plaintext: bytes) -> tuple[bytes, bytes]:
    """Content and kf of what `pad` wrote. Raises CryptoError for anything else."""
    size = int.from_bytes(plaintext[:4], "big")
    end = 4 + size + KF_SIZE
    if len(plaintext) < FLOOR or end > len(plaintext) or len(plaintext) != _padded(size) or any(plaintext[end:]):
        raise CryptoError("the padding is not of the agreed form")
    return plaintext[4 : 4 + size], plaintext[4 + size : end]
