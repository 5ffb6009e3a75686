"""Text under a passphrase, to be kept as a file. The pages read and write the same.

See docs/protocol.md, "A locked file".
"""

import json
import os
from typing import Annotated, Final, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from safespace.crypto.encoding import lp
from safespace.crypto.errors import CryptoError
from safespace.crypto.invites import One
from safespace.crypto.login import argon
from safespace.fields import B64, b64decode, b64encode

_LABEL: Final = "safespace locked file"
_SALT, _NONCE = 16, 12
"""Bytes."""


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    v: One
    kind: Literal["safespace locked file"]
    salt: Annotated[B64, Field(min_length=22, max_length=22)]
    nonce: Annotated[B64, Field(min_length=16, max_length=16)]
    sealed: B64


def lock(text: str, passphrase: str) -> str:
    """The file's content. Takes 64 MiB and, on purpose, a while."""
    salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
    sealed = AESGCM(_key(passphrase, salt)).encrypt(nonce, text.encode(), lp(_LABEL))
    file = {
        "v": 1,
        "kind": _LABEL,
        "salt": b64encode(salt),
        "nonce": b64encode(nonce),
        "sealed": b64encode(sealed),
    }
    return json.dumps(file, indent=1) + "\n"


def unlock(file: str, passphrase: str) -> str:
    """What was locked. Raises CryptoError for another passphrase or another file."""
    try:
        read = _File.model_validate_json(file)
    except ValidationError as error:
        raise CryptoError("this is no locked file") from error
    aead = AESGCM(_key(passphrase, b64decode(read.salt)))
    try:
        return aead.decrypt(b64decode(read.nonce), b64decode(read.sealed), lp(_LABEL)).decode()
    except (InvalidTag, ValueError) as error:
        raise CryptoError("this passphrase does not open the file") from error


def _key(passphrase: str, salt: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=b"", info=_LABEL.encode()).derive(argon(passphrase, salt))
