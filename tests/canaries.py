"""Words that stand nowhere else, and whether they are found where they should not be."""

import base64
import os
import re
import secrets
from collections.abc import Iterator


def canaries(count: int) -> list[str]:
    return [f"canary{secrets.token_hex(10)}" for _ in range(count)]


class Words:
    """What is said in an evening: each has a word in it that stands nowhere else, and those are in `said`."""

    def __init__(self) -> None:
        self._fresh = iter(canaries(200))
        self.said: list[str] = []

    def next(self) -> str:
        self.said.append(next(self._fresh))
        return self.said[-1]

    def after(self, text: str) -> str:
        """A sentence that ends with such a word."""
        return f"{text} {self.next()}"


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


def found_of(words: list[str], places: list[bytes]) -> set[str]:
    """Which of at least two canaries are found: in one pass over each place, for large ones."""
    disguised = {disguise: word for word in words for disguise in disguises(word)}
    # Letter by letter is just what is wanted.
    stems = [os.path.commonprefix(alike) for alike in zip(*map(disguises, words), strict=True)]  # noqa: RUF071
    stem = re.compile(b"|".join(re.escape(one) for one in stems))
    sizes = {len(disguise) for disguise in disguised}
    return {
        disguised[part]
        for place in places
        for match in stem.finditer(place)
        for size in sizes
        if (part := place[match.start() : match.start() + size]) in disguised
    }
