"""The floor: who may write now, and who is next.

Pure, and alike at the relay and on every device (`web/src/room/floor.ts`; vectors in `tests/vectors/policy.json`).
Where the floor is not open, whoever is first in the queue has it as soon as nobody else has: while anyone waits,
someone holds it, and never two. Each turn has a number, so a turn that is passed twice is passed once.
"""

from typing import Annotated, Final

from pydantic import Field

from safespace.crypto.sealed import Sealed
from safespace.errors import PolicyError
from safespace.fields import Count, FloorMode, Grace, Identity, Role, TurnSeconds
from safespace.rooms.roles import RANKS

MAX_QUEUE: Final = 200
"""Members who wait at once."""


class Terms(Sealed):
    """By what rule the floor goes round."""

    mode: FloorMode = "open"
    seconds: TurnSeconds = 0
    """How long a turn is meant to be; 0 is for as long as it takes."""
    grace: Grace | None = None
    """Seconds after which it goes on by itself, when those are over; None is never."""


class Floor(Sealed):
    """Whose turn it is. In an open floor nobody holds it, and the queue are the hands that are up."""

    turn: Count = 0
    """The number of the last turn that began."""
    holder: Identity | None = None
    since: Count = 0
    """When the turn began, milliseconds."""
    queue: Annotated[tuple[Identity, ...], Field(max_length=MAX_QUEUE)] = ()
    too: Annotated[tuple[Identity, ...], Field(max_length=MAX_QUEUE)] = ()
    """Those in the queue who would say something to the same; the relay does not know."""


def advanced(terms: Terms, floor: Floor, time: int) -> Floor:
    """The floor at `time`: turns that were longer than their time and the grace are over."""
    if terms.mode == "open" or terms.seconds == 0 or terms.grace is None:
        return floor
    length = (terms.seconds + terms.grace) * 1000
    while floor.holder is not None and floor.since + length <= time:
        floor = _next(floor, floor.since + length)
    return floor


def set_floor(terms: Terms, floor: Floor, new: Terms, time: int) -> Floor:
    """The floor under new terms. Hands that are up stay up. Raises PolicyError unchanged."""
    if new == terms:
        raise PolicyError("unchanged")
    if terms.mode == "round":
        floor = floor.model_copy(update={"queue": (), "too": ()})
    if new.mode == "open" or terms.mode == "round":
        return _filled(new, floor.model_copy(update={"holder": None}), time)
    return _filled(new, floor.model_copy(update={"since": time} if floor.holder else {}), time)


def start_round(terms: Terms, floor: Floor, order: tuple[str, ...], time: int) -> Floor:
    """Everyone in `order` has a turn, one after another."""
    return _filled(terms, Floor(turn=floor.turn, queue=order), time)


def give_floor(terms: Terms, floor: Floor, target: str, time: int) -> Floor:
    """Ends the turn that is on. Raises PolicyError floor_open or unchanged."""
    if terms.mode == "open":
        raise PolicyError("floor_open")
    if floor.holder == target:
        raise PolicyError("unchanged")
    waiting = _lowered(floor, target)
    return waiting.model_copy(update={"turn": floor.turn + 1, "holder": target, "since": time})


def raise_hand(terms: Terms, floor: Floor, member: str, too: bool, time: int) -> Floor:
    """Raises PolicyError hand_up."""
    if member == floor.holder or member in floor.queue or len(floor.queue) == MAX_QUEUE:
        raise PolicyError("hand_up")
    raised = {"queue": (*floor.queue, member), "too": (*floor.too, member) if too else floor.too}
    return _filled(terms, floor.model_copy(update=raised), time)


def lower_hand(floor: Floor, member: str) -> Floor:
    """Raises PolicyError no_hand."""
    if member not in floor.queue:
        raise PolicyError("no_hand")
    return _lowered(floor, member)


def pass_turn(floor: Floor, actor: str, role: Role, turn: int, later: bool, time: int) -> Floor:
    """End this turn: its holder does, or a facilitator and above. With `later` its holder waits for another one.

    Raises PolicyError turn_over or not_your_turn.
    """
    if floor.holder is None or turn != floor.turn:
        raise PolicyError("turn_over")
    if actor != floor.holder and RANKS[role] < RANKS["facilitator"]:
        raise PolicyError("not_your_turn")
    if later:
        floor = floor.model_copy(update={"queue": (*floor.queue, floor.holder)})
    return _next(floor, time)


def without(terms: Terms, floor: Floor, member: str, time: int) -> Floor:
    """After a member went."""
    floor = _lowered(floor, member)
    return _filled(terms, floor.model_copy(update={"holder": None}), time) if floor.holder == member else floor


def renamed(floor: Floor, old: str, new: str) -> Floor:
    """After a member came back as another."""
    queue, too = (tuple(new if one == old else one for one in those) for those in (floor.queue, floor.too))
    return floor.model_copy(update={"holder": new if floor.holder == old else floor.holder, "queue": queue, "too": too})


def _filled(terms: Terms, floor: Floor, time: int) -> Floor:
    """Nobody waits for a floor that nobody has."""
    return _next(floor, time) if terms.mode != "open" and floor.holder is None and floor.queue else floor


def _next(floor: Floor, time: int) -> Floor:
    """The next one's turn begins, or nobody's."""
    if not floor.queue:
        return floor.model_copy(update={"holder": None})
    holder = floor.queue[0]
    return _lowered(floor, holder).model_copy(update={"turn": floor.turn + 1, "holder": holder, "since": time})


def _lowered(floor: Floor, member: str) -> Floor:
    queue, too = (tuple(one for one in those if one != member) for those in (floor.queue, floor.too))
    return floor.model_copy(update={"queue": queue, "too": too})
