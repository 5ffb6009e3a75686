"""Hashes and signatures of cipher suite 0x0001: SHA-256 and Ed25519 (RFC 9420 section 5.1.2 and 5.2)."""

from hashlib import sha256
from typing import Final

from safespace.crypto import ed25519
from safespace.crypto.mls.codec import opaque
from safespace.crypto.mls.errors import MLSError

CIPHER_SUITE: Final = 0x0001
"""MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519."""
HASH_SIZE: Final = 32
KEY_SIZE: Final = 32
"""Bytes of an X25519 or Ed25519 public key."""


def sign_content(label: str, content: bytes) -> bytes:
    """The bytes SignWithLabel signs (section 5.1.2)."""
    return opaque(b"MLS 1.0 " + label.encode("ascii")) + opaque(content)


def verify_with_label(key: bytes, label: str, content: bytes, signature: bytes) -> None:
    """VerifyWithLabel (section 5.1.2). Raises MLSError `bad_signature`, also for keys of another length."""
    if not ed25519.verifies(key, sign_content(label, content), signature):
        raise MLSError("bad_signature", f"The {label} signature does not verify.")


def ref_hash(label: str, value: bytes) -> bytes:
    """RefHash (section 5.2): 32 bytes."""
    return sha256(opaque(label.encode("ascii")) + opaque(value)).digest()
