"""Bytes and ids that look random and are the same each time."""

import hashlib
from uuid import UUID

from safespace.fields import b64encode


def fixed(label: str, length: int) -> bytes:
    return hashlib.shake_256(label.encode()).digest(length)


def b64(label: str, length: int) -> str:
    return b64encode(fixed(label, length))


def public_key(label: str) -> str:
    """Something can be sealed to it, as to any 32 bytes whose number is below 2^255 - 19, but for a few."""
    data = bytearray(fixed(label, 32))
    data[31] &= 0x7F
    return b64encode(bytes(data))


def uuid(label: str) -> str:
    """A UUIDv7 by form."""
    data = bytearray(fixed(label, 16))
    data[6] = data[6] & 0x0F | 0x70
    data[8] = data[8] & 0x3F | 0x80
    return str(UUID(bytes=bytes(data)))
