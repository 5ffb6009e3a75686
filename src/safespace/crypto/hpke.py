"""HPKE (RFC 9180), base mode, single shot, empty aad: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM."""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from safespace.crypto import x25519
from safespace.crypto.errors import CryptoError

_suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_128_GCM)


def generate() -> tuple[bytes, bytes]:
    """A fresh key pair: private and public half, 32 bytes each."""
    private = X25519PrivateKey.generate()
    return private.private_bytes_raw(), private.public_key().public_bytes_raw()


def seal(public: bytes, info: bytes, plaintext: bytes) -> bytes:
    """enc ‖ ciphertext (48 bytes longer than `plaintext`). Raises CryptoError for an unusable public key."""
    x25519.check_public_key(public)
    try:
        return _suite.encrypt(plaintext, X25519PublicKey.from_public_bytes(public), info)
    except ValueError as error:
        raise CryptoError("this is not a usable public key") from error


def open(private: bytes, info: bytes, box: bytes) -> bytes:
    """The plaintext of what was sealed to `private` with the same `info`. Raises CryptoError for anything else."""
    x25519.check_public_key(box[: x25519.KEY_SIZE])
    try:
        return _suite.decrypt(box, X25519PrivateKey.from_private_bytes(private), info)
    except (InvalidTag, ValueError) as error:
        raise CryptoError("this box does not open") from error
