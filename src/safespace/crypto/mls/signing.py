"""Hashes and signatures of cipher suite 0x0001: SHA-256 and Ed25519 (RFC 9420 section 5.1.2 and 5.2)."""

from hashlib import sha256
from typing import Final

from nacl.bindings import crypto_scalarmult
from nacl.exceptions import BadSignatureError
from nacl.exceptions import RuntimeError as SodiumError
from nacl.signing import VerifyKey

from safespace.crypto.mls.codec import opaque
from safespace.crypto.mls.errors import MLSError

CIPHER_SUITE: Final = 0x0001
"""MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519."""
HASH_SIZE: Final = 32
KEY_SIZE: Final = 32
"""Bytes of an X25519 or Ed25519 public key."""
SIGNATURE_SIZE: Final = 64
_ANY_SCALAR: Final = b"\x01" * KEY_SIZE


def sign_content(label: str, content: bytes) -> bytes:
    """The bytes SignWithLabel signs (section 5.1.2)."""
    return opaque(b"MLS 1.0 " + label.encode("ascii")) + opaque(content)


def verify_with_label(key: bytes, label: str, content: bytes, signature: bytes) -> None:
    """VerifyWithLabel (section 5.1.2). Raises MLSError `bad_signature`, also for keys of another length."""
    if len(key) != KEY_SIZE or len(signature) != SIGNATURE_SIZE:
        raise MLSError("bad_signature")
    try:
        VerifyKey(key).verify(sign_content(label, content), signature)
    except BadSignatureError:
        raise MLSError("bad_signature", f"The {label} signature does not verify.") from None


def ref_hash(label: str, value: bytes) -> bytes:
    """RefHash (section 5.2): 32 bytes."""
    return sha256(opaque(label.encode("ascii")) + opaque(value)).digest()


def is_hpke_key(key: bytes) -> bool:
    """Whether something can be sealed to this X25519 key: 32 bytes, not a point of small order (RFC 9180 7.1.4).

    One such key in the tree would keep everybody else from committing.
    """
    if len(key) != KEY_SIZE:
        return False
    try:
        crypto_scalarmult(_ANY_SCALAR, key)
    except SodiumError:
        return False
    return True
