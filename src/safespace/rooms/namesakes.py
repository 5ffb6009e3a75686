"""Two people with one name: who comes later has a number behind it. `web/src/room/namesakes.ts` numbers alike."""

from collections.abc import Sequence
from typing import Final

from safespace.rooms.names import taken

_LONGEST: Final = 40
_MOST: Final = 99


def free(pseudonym: str, others: Sequence[str]) -> str | None:
    """The name as it was asked for, or the first of "Hazel 2" to "Hazel 99" that nobody has; None where there is none.

    `others` are the members' names.
    """
    names = [pseudonym, *(f"{pseudonym} {number}" for number in range(2, _MOST + 1))]
    return next((name for name in names if len(name) <= _LONGEST and not taken(name, others)), None)


def is_as_asked(given: str, asked: str) -> bool:
    """Whether somebody who asked for one name may be given the other."""
    return given == asked or given in {f"{asked} {number}" for number in range(2, _MOST + 1)}
