"""Who acts, in what, and what comes of it."""

from dataclasses import dataclass
from uuid import UUID

from safespace import wire
from safespace.storage import groups, invites, rooms
from safespace.storage.envelopes import Envelope


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and what the room was when they did."""

    head: rooms.Head
    leaf: rooms.Leaf
    member: groups.Member
    now: int
    here: frozenset[bytes]
    """The members known to be in the room."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was stored, and who must hear of it."""

    lines: list[Envelope]
    departed: frozenset[bytes] = frozenset()
    """Leaves that get nothing after the last line."""
    gone: wire.Gone | None = None
    admitted: invites.Request | None = None
    stranded: tuple[invites.Request, ...] = ()
    """Who asked to join, and by this waits no longer, though nobody decided about them."""
    withheld: bool = False
    """Whether something was taken down that may be on its way to someone who reads slowly."""
    door: bool = False
    """Whether the door was locked or unlocked, which those who wait are told."""
    brought: UUID | None = None
    """The account that was brought into a further room."""
    over: tuple[UUID, ...] = ()
    """Passing rooms that are over by this, and gone."""
