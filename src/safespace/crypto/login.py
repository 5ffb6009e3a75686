"""From a passphrase to two keys: one proves the login to the server, one never leaves the device.

See docs/protocol.md, "Accounts". The parameters are constants, so that no server can weaken them.
"""

import hashlib
import re
import unicodedata
from typing import Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from nacl.pwhash import argon2id

from safespace.crypto.encoding import lp
from safespace.crypto.errors import CryptoError

_HANDLE: Final = re.compile(r"[a-z0-9-]{3,32}")
_BLANKS: Final = " \t\n\r\u00a0\u200b\u3000\ufeff"
"""What keyboards and clipboards put before or behind a word."""
_DEFAULT_PORTS = {"http": 80, "https": 443}
LOOPBACK = {"127.0.0.1", "::1"}


def is_handle(text: str) -> bool:
    """Whether an account can have this handle."""
    return _HANDLE.fullmatch(text) is not None


def typed_handle(text: str) -> str:
    """What somebody typed, in small letters and without blanks around it. A blank inside is none of a handle's letters,
    and is not made into one."""
    return text.strip(_BLANKS).lower()


def normal_origin(url: str) -> str:
    """The origin of `url` as browsers write it (RFC 6454 section 6.2), loopback addresses as `localhost`.

    Raises CryptoError unless it is http or https with an ASCII host.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise CryptoError("this is not the address of a server") from error
    if parts.scheme not in _DEFAULT_PORTS or not host or not host.isascii():
        raise CryptoError("this is not the address of a server")
    if host in LOOPBACK:
        host = "localhost"
    elif ":" in host:
        host = f"[{host}]"
    return f"{parts.scheme}://{host}" + ("" if port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{port}")


def stretch(origin: str, handle: str, passphrase: str) -> tuple[bytes, bytes]:
    """login_key and vault_key, 32 bytes each. Takes 64 MiB and, on purpose, a while.

    `origin` is of `normal_origin`. Raises CryptoError for a handle that no account can have, or no passphrase.
    """
    if not is_handle(handle):
        raise CryptoError("this is not a handle")
    if not passphrase:
        raise CryptoError("there is no passphrase")
    salt = hashlib.sha256(lp("safespace account 1") + lp(origin) + lp(handle)).digest()[: argon2id.SALTBYTES]
    stretched = argon(passphrase, salt)
    return _expand(stretched, b"safespace login"), _expand(stretched, b"safespace vault")


def argon(passphrase: str, salt: bytes) -> bytes:
    """32 bytes by Argon2id v1.3 (RFC 9106), of a passphrase however it is typed and a salt of 16 bytes."""
    secret = unicodedata.normalize("NFKC", passphrase).encode()
    return argon2id.kdf(32, secret, salt, opslimit=3, memlimit=64 * 1024 * 1024)


def _expand(key: bytes, info: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=b"", info=info).derive(key)
