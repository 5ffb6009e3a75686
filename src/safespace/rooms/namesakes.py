"""Two people with one name: who comes later has a number behind it. `web/src/room/namesakes.ts` numbers alike.

A name that is only drawn like another's gets none: nobody comes upon such a name by chance.
"""

import unicodedata
from collections.abc import Sequence
from typing import Final

from safespace.errors import PolicyError
from safespace.rooms.names import refusal

_LONGEST: Final = 40
_NUMBERS: Final = range(2, 100)


def settled(pseudonym: str, others: Sequence[str]) -> str:
    """The name as it was asked for, or, where somebody has the same, the first of "Hazel 2" to "Hazel 99" that is free.

    Raises PolicyError pseudonym_reserved or pseudonym_taken.
    """
    code = refusal(pseudonym, others)
    if code is None:
        return pseudonym
    if code == "pseudonym_taken" and _plain(pseudonym) in map(_plain, others):
        for number in _NUMBERS:
            name = f"{pseudonym} {number}"
            if len(name) <= _LONGEST and refusal(name, others) is None:
                return name
    raise PolicyError(code)


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def is_as_asked(given: str, asked: str) -> bool:
    """Whether somebody who asked for one name may be given the other."""
    return given == asked or given in {f"{asked} {number}" for number in _NUMBERS}
