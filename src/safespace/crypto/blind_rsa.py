"""Blind signatures (RFC 9474), variant RSABSSA-SHA384-PSS-Randomized: the signer learns nothing of what is signed.

The randomized variant hides a message even from a signer that made its key to cheat (RFC 9474 section 7.2). Keys are of
2048 bits with exponent 65537, public ones as SubjectPublicKeyInfo (`KEY_SIZE` bytes), private ones as PKCS #8.
`web/src/crypto/blindRsa.ts` has the client's half.
"""

import hashlib
import math
import secrets

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA384
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_der_public_key,
)

from safespace.crypto.errors import CryptoError

BITS = 2048
SIZE = BITS // 8
"""Bytes of a blinded message, a signature and an inverse."""
KEY_SIZE = 294
"""Bytes of a public key."""
PREFIX = 32
"""Random bytes before each message (RFC 9474 section 4.1)."""
_EXPONENT = 65537
_SALT = _HASH = 48


def generate() -> tuple[bytes, bytes]:
    """A fresh key pair: private and public half."""
    private = generate_private_key(_EXPONENT, BITS)
    kept = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return kept, _written(private.public_key())


def prepare(message: bytes) -> bytes:
    """A message to be signed: no two are alike (RFC 9474 section 4.1)."""
    return secrets.token_bytes(PREFIX) + message


def blind(public: bytes, prepared: bytes) -> tuple[bytes, bytes]:
    """The blinded message, and the inverse that `finalize` needs (RFC 9474 section 4.2). Raises CryptoError for an
    unusable key."""
    key = read_public(public)
    r = 1 + secrets.randbelow(key.public_numbers().n - 1)
    return blind_with(key, prepared, r, secrets.token_bytes(_SALT))


def blind_with(key: RSAPublicKey, prepared: bytes, r: int, salt: bytes) -> tuple[bytes, bytes]:
    """`blind`, with the randomness given: for test vectors. Raises CryptoError."""
    numbers, size = key.public_numbers(), key.key_size // 8
    m = int.from_bytes(_encode(prepared, key.key_size - 1, salt), "big")
    if math.gcd(m, numbers.n) != 1 or math.gcd(r, numbers.n) != 1:
        raise CryptoError("this key is not a product of two large primes")
    blinded = m * pow(r, numbers.e, numbers.n) % numbers.n
    return blinded.to_bytes(size, "big"), pow(r, -1, numbers.n).to_bytes(size, "big")


def sign_blinded(private: bytes, blinded: bytes) -> bytes:
    """The blind signature (RFC 9474 section 4.3). Raises CryptoError for what is not a blinded message.

    What is signed comes from outside, and Python's numbers do not take the same time for all: so it is blinded once
    more for the private operation (section 7.1), whose result is checked before anyone sees it.
    """
    key = _read_private(private)
    if len(blinded) != key.key_size // 8:
        raise CryptoError("a blinded message is as long as the key")
    numbers = key.private_numbers()
    n, e = numbers.public_numbers.n, numbers.public_numbers.e
    m = int.from_bytes(blinded, "big")
    if m >= n or math.gcd(m, n) != 1:
        raise CryptoError("this is no blinded message for this key")
    while math.gcd(r := 1 + secrets.randbelow(n - 1), n) != 1:
        continue  # never, with a key that is any good
    hidden = m * pow(r, e, n) % n
    low, high = pow(hidden, numbers.dmq1, numbers.q), pow(hidden, numbers.dmp1, numbers.p)
    signed = low + numbers.q * ((high - low) * numbers.iqmp % numbers.p)  # RFC 8017 section 5.1.2
    s = signed * pow(r, -1, n) % n
    if pow(s, e, n) != m:
        raise CryptoError("signing failed")
    return s.to_bytes(len(blinded), "big")


def finalize(public: bytes, prepared: bytes, blind_signature: bytes, inverse: bytes) -> bytes:
    """The signature of `prepared` (RFC 9474 section 4.4). Raises CryptoError where it is not signed by this key."""
    return finalize_with(read_public(public), prepared, blind_signature, inverse)


def finalize_with(key: RSAPublicKey, prepared: bytes, blind_signature: bytes, inverse: bytes) -> bytes:
    """`finalize`, with a key of any size: for test vectors."""
    n, size = key.public_numbers().n, key.key_size // 8
    if len(blind_signature) != size or len(inverse) != size:
        raise CryptoError("a blind signature is as long as the key")
    s = int.from_bytes(blind_signature, "big") * int.from_bytes(inverse, "big") % n
    signature = s.to_bytes(size, "big")
    if not _is_signed(key, prepared, signature):
        raise CryptoError("this is not the signature that was asked for")
    return signature


def verify(public: bytes, prepared: bytes, signature: bytes) -> bool:
    """Whether `signature` is of `prepared`, by this key. Raises CryptoError for an unusable key."""
    return _is_signed(read_public(public), prepared, signature)


def read_public(public: bytes) -> RSAPublicKey:
    """Raises CryptoError for any key but those that `generate` makes."""
    try:
        key = load_der_public_key(public)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise CryptoError("this is not a public key") from error
    if (
        not isinstance(key, RSAPublicKey)
        or key.key_size != BITS
        or key.public_numbers().e != _EXPONENT
        or _written(key) != public
    ):
        raise CryptoError("this is not a key for blind signatures")
    return key


def _read_private(private: bytes) -> RSAPrivateKey:
    """Checking that it is a good one would take longer than signing, and `generate` made it."""
    key = load_der_private_key(private, None, unsafe_skip_rsa_key_validation=True)
    assert isinstance(key, RSAPrivateKey)  # noqa: S101 - `generate` makes no other
    return key


def _written(key: RSAPublicKey) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _is_signed(key: RSAPublicKey, prepared: bytes, signature: bytes) -> bool:
    try:
        key.verify(signature, prepared, PSS(MGF1(SHA384()), _SALT), SHA384())
    except InvalidSignature:
        return False
    return True


def _encode(message: bytes, bits: int, salt: bytes) -> bytes:
    """EMSA-PSS-ENCODE (RFC 8017 section 9.1.1)."""
    length = (bits + 7) // 8
    hashed = hashlib.sha384(bytes(8) + hashlib.sha384(message).digest() + salt).digest()
    block = bytes(length - len(salt) - _HASH - 2) + b"\1" + salt
    masked = bytearray(a ^ b for a, b in zip(block, _mask(hashed, len(block)), strict=True))
    masked[0] &= 0xFF >> (8 * length - bits)
    return bytes(masked) + hashed + b"\xbc"


def _mask(seed: bytes, length: int) -> bytes:
    """MGF1 (RFC 8017 appendix B.2.1)."""
    rounds = range(-(-length // _HASH))
    return b"".join(hashlib.sha384(seed + counter.to_bytes(4, "big")).digest() for counter in rounds)[:length]
