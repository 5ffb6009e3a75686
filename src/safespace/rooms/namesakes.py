"""Two people with one name: who comes later has a number behind it. `web/src/room/namesakes.ts` numbers alike."""

from collections.abc import Sequence
from typing import Final

from safespace.errors import PolicyError
from safespace.rooms.names import refusal

_LONGEST: Final = 40
_NUMBERS: Final = range(2, 100)


def settled(pseudonym: str, others: Sequence[str]) -> str:
    """The name as it was asked for, or the first of "Hazel 2" to "Hazel 99" that can stand beside `others`.

    Raises PolicyError pseudonym_reserved, or pseudonym_taken where no number is free.
    """
    code = refusal(pseudonym, others)
    if code is None:
        return pseudonym
    if code == "pseudonym_taken":
        for number in _NUMBERS:
            name = f"{pseudonym} {number}"
            if len(name) <= _LONGEST and refusal(name, others) is None:
                return name
    raise PolicyError(code)


def is_as_asked(given: str, asked: str) -> bool:
    """Whether somebody who asked for one name may be given the other."""
    return given == asked or given in {f"{asked} {number}" for number in _NUMBERS}
