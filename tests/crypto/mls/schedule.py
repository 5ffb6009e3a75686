"""The key schedule of RFC 9420 (sections 7.4, 8 and 12.4.3.1) in cipher suite 0x0001, for members that tests play."""

import hashlib
import hmac
from dataclasses import dataclass
from functools import cached_property

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

from safespace.crypto import hpke
from safespace.crypto.mls.codec import opaque, u16
from safespace.crypto.mls.commit import HPKECiphertext

ZERO = bytes(32)
_KEM = b"HPKE-v1KEM" + u16(0x0020)


def extract(salt: bytes, material: bytes) -> bytes:
    return HKDF.extract(SHA256(), salt, material)


def expand(secret: bytes, label: str, context: bytes = b"", length: int = 32) -> bytes:
    """ExpandWithLabel; with no context and 32 bytes it is DeriveSecret."""
    info = u16(length) + opaque(b"MLS 1.0 " + label.encode()) + opaque(context)
    return HKDFExpand(SHA256(), length, info).derive(secret)


def mac(key: bytes, data: bytes) -> bytes:
    return hmac.digest(key, data, "sha256")


def key_pair(secret: bytes) -> tuple[bytes, bytes]:
    """DeriveKeyPair of DHKEM(X25519, HKDF-SHA256): private and public half."""
    prk = extract(b"", _KEM + b"dkp_prk" + secret)
    private = HKDFExpand(SHA256(), 32, u16(32) + _KEM + b"sk").derive(prk)
    return private, X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def seal(public: bytes, label: str, context: bytes, plaintext: bytes) -> HPKECiphertext:
    """EncryptWithLabel."""
    box = hpke.seal(public, opaque(b"MLS 1.0 " + label.encode()) + opaque(context), plaintext)
    return HPKECiphertext(box[:32], box[32:])


def confirmed_hash(before: bytes, tag: bytes, confirmed_input: bytes) -> bytes:
    """The confirmed transcript hash after a commit."""
    interim = hashlib.sha256(before + opaque(tag)).digest()
    return hashlib.sha256(interim + confirmed_input).digest()


@dataclass(frozen=True)
class Epoch:
    """What the members of an epoch share."""

    secret: bytes

    @cached_property
    def init(self) -> bytes:
        return expand(self.secret, "init")

    @cached_property
    def membership(self) -> bytes:
        return expand(self.secret, "membership")

    def confirmation(self, confirmed: bytes) -> bytes:
        """The confirmation tag."""
        return mac(expand(self.secret, "confirm"), confirmed)


@dataclass(frozen=True)
class Joiner:
    """What a Welcome gives: from it both the epoch and the key of the sealed GroupInfo come."""

    secret: bytes

    @classmethod
    def after(cls, before: Epoch, commit_secret: bytes, context: bytes) -> "Joiner":
        return cls(expand(extract(before.init, commit_secret), "joiner", context))

    def epoch(self, context: bytes) -> Epoch:
        return Epoch(expand(extract(self.secret, ZERO), "epoch", context))

    def seal_info(self, info: bytes) -> bytes:
        welcome = expand(extract(self.secret, ZERO), "welcome")
        return AESGCM(expand(welcome, "key", length=16)).encrypt(expand(welcome, "nonce", length=12), info, b"")
