"""What is sealed to some of a group's members: to each in a box of their own."""

from typing import Annotated, Final

from pydantic import AfterValidator, Field

from safespace.crypto.sealed import Sealed
from safespace.fields import B64, Identity

MAX_BOXES: Final = 64
"""Members that one thing is sealed to."""


class Box(Sealed):
    """Bytes sealed to one member's policy key."""

    member: Identity
    box: Annotated[B64, Field(max_length=2048)]


def _is_sorted(boxes: tuple[Box, ...]) -> tuple[Box, ...]:
    members = [box.member for box in boxes]
    if members != sorted(set(members)):
        raise ValueError("boxes are sorted by member, one for each")
    return boxes


Boxes = Annotated[tuple[Box, ...], Field(min_length=1, max_length=MAX_BOXES), AfterValidator(_is_sorted)]
