"""Words that stand nowhere else, and whether they are found where they should not be."""

import base64
import secrets
from collections.abc import Iterator


def canaries(count: int) -> list[str]:
    return [f"canary{secrets.token_hex(10)}" for _ in range(count)]


def disguises(canary: str) -> Iterator[bytes]:
    """The canary as text, hex, UTF-16 and base64 in each of its three alignments."""
    raw = canary.encode()
    yield raw
    yield raw.hex().encode()
    yield canary.encode("utf-16-le")
    yield canary.encode("utf-16-be")
    for shift in range(3):
        yield base64.urlsafe_b64encode(b"\0" * shift + raw)[4:-4]


def found(canary: str, places: list[bytes]) -> bool:
    return any(disguise in place for disguise in disguises(canary) for place in places)
