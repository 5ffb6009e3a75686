"""The floor: who may write now, and who is next.

Pure, and alike at the relay and on every device (`web/src/room/floor.ts`; vectors in `tests/vectors/policy.json`).
Where the floor is not open, whoever is first in the queue and may speak has it as soon as nobody else has: while
anyone waits who may, someone holds it, and never two. Who may not (`safespace.rooms.silence`) keeps the place and is
passed over until they may. Each turn has a number, so a turn that is passed twice is passed once.
"""

from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import Field

from safespace.crypto.sealed import Sealed
from safespace.errors import PolicyError
from safespace.fields import Count, FloorMode, Grace, Identity, Role, TurnSeconds
from safespace.rooms.roles import RANKS

MAX_QUEUE: Final = 200
"""Members who wait at once."""


Silences = Mapping[str, int | None]
"""Members who cannot use the floor, and from when time alone lets them (milliseconds); None where somebody has to."""


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
    silent: Annotated[dict[Identity, Count | None], Field(max_length=MAX_QUEUE)] = Field(default_factory=dict)
    """Those in the queue who cannot use the floor, and from when they can by time alone; None is when somebody says so.
    Worked out anew with every act (`heeding`)."""


def advanced(terms: Terms, floor: Floor, time: int) -> Floor:
    """The floor at `time`: turns longer than their time and the grace are over, and who may speak again does."""
    while (at := next_change(terms, floor)) is not None and at <= time:
        floor = _next(floor, at)
    return floor


def next_change(terms: Terms, floor: Floor) -> int | None:
    """When time alone passes the floor on; None for never."""
    if terms.mode == "open":
        return None
    if floor.holder is None:
        return min((at for at in floor.silent.values() if at is not None), default=None)
    if terms.seconds == 0 or terms.grace is None:
        return None
    return floor.since + (terms.seconds + terms.grace) * 1000


def heeding(terms: Terms, floor: Floor, silences: Silences, time: int) -> Floor:
    """The floor where `silences` hold at `time`: whose turn it is and may not speak waits in front of the others."""
    if floor.holder is not None and floor.holder in silences:
        floor = floor.model_copy(update={"queue": (floor.holder, *floor.queue), "holder": None})
    waiting = floor.queue if terms.mode != "open" else ()
    silent = {one: silences[one] for one in waiting if one in silences}
    return filled(terms, floor.model_copy(update={"silent": silent}), time)


def set_floor(terms: Terms, floor: Floor, new: Terms, time: int) -> Floor:
    """The floor under new terms. Hands that are up stay up. Raises PolicyError unchanged."""
    if new == terms:
        raise PolicyError("unchanged")
    if terms.mode == "round":
        floor = floor.model_copy(update={"queue": (), "too": (), "silent": {}})
    if new.mode == "open" or terms.mode == "round":
        return filled(new, floor.model_copy(update={"holder": None}), time)
    return filled(new, floor.model_copy(update={"since": time} if floor.holder else {}), time)


def start_round(terms: Terms, floor: Floor, order: tuple[str, ...], silences: Silences, time: int) -> Floor:
    """Everyone in `order` has a turn, one after another."""
    silent = {one: silences[one] for one in order if one in silences}
    return filled(terms, Floor(turn=floor.turn, queue=order, silent=silent), time)


def give_floor(terms: Terms, floor: Floor, target: str, silences: Silences, time: int) -> Floor:
    """Ends the turn that is on. Raises PolicyError floor_open, unchanged or cannot_speak."""
    if terms.mode == "open":
        raise PolicyError("floor_open")
    if floor.holder == target:
        raise PolicyError("unchanged")
    if target in silences:
        raise PolicyError("cannot_speak")
    waiting = _lowered(floor, target)
    return waiting.model_copy(update={"turn": floor.turn + 1, "holder": target, "since": time})


def raise_hand(terms: Terms, floor: Floor, member: str, too: bool, silences: Silences, time: int) -> Floor:
    """Raises PolicyError hand_up."""
    if member == floor.holder or member in floor.queue or len(floor.queue) + (floor.holder is not None) >= MAX_QUEUE:
        raise PolicyError("hand_up")
    raised: dict[str, object] = {"queue": (*floor.queue, member), "too": (*floor.too, member) if too else floor.too}
    if member in silences and terms.mode != "open":
        raised["silent"] = {**floor.silent, member: silences[member]}
    return filled(terms, floor.model_copy(update=raised), time)


def lower_hand(floor: Floor, member: str) -> Floor:
    """Raises PolicyError no_hand."""
    if member not in floor.queue:
        raise PolicyError("no_hand")
    return _lowered(floor, member)


def lower_hands(floor: Floor) -> Floor:
    """Nobody waits any more; whose turn it is has it. Raises PolicyError no_hand."""
    if not floor.queue:
        raise PolicyError("no_hand")
    return floor.model_copy(update={"queue": (), "too": (), "silent": {}})


def pass_turn(floor: Floor, actor: str, role: Role, turn: int, later: bool, absent: bool, time: int) -> Floor:
    """End this turn: its holder does, or a facilitator and above; anyone where its holder is `absent`, which the relay
    knows. With `later` its holder waits for another one.

    Raises PolicyError turn_over or not_your_turn.
    """
    if floor.holder is None or turn != floor.turn:
        raise PolicyError("turn_over")
    if actor != floor.holder and RANKS[role] < RANKS["facilitator"] and not absent:
        raise PolicyError("not_your_turn")
    if later:
        floor = floor.model_copy(update={"queue": (*floor.queue, floor.holder)})
    return _next(floor, time)


def without(terms: Terms, floor: Floor, member: str, time: int) -> Floor:
    """After a member went."""
    floor = _lowered(floor, member)
    return filled(terms, floor.model_copy(update={"holder": None}), time) if floor.holder == member else floor


def renamed(floor: Floor, old: str, new: str) -> Floor:
    """After a member came back as another."""

    def now(one: str) -> str:
        return new if one == old else one

    return floor.model_copy(
        update={
            "holder": None if floor.holder is None else now(floor.holder),
            "queue": tuple(map(now, floor.queue)),
            "too": tuple(map(now, floor.too)),
            "silent": {now(one): at for one, at in floor.silent.items()},
        }
    )


def filled(terms: Terms, floor: Floor, time: int) -> Floor:
    """Nobody who may speak waits for a floor that nobody has."""
    return _next(floor, time) if terms.mode != "open" and floor.holder is None else floor


def _next(floor: Floor, time: int) -> Floor:
    """The turn begins of the first who may speak by `time`, or nobody's."""
    for holder in floor.queue:
        at = floor.silent.get(holder, 0)
        if at is not None and at <= time:
            return _lowered(floor, holder).model_copy(update={"turn": floor.turn + 1, "holder": holder, "since": time})
    return floor.model_copy(update={"holder": None})


def _lowered(floor: Floor, member: str) -> Floor:
    queue, too = (tuple(one for one in those if one != member) for those in (floor.queue, floor.too))
    silent = {one: at for one, at in floor.silent.items() if one != member}
    return floor.model_copy(update={"queue": queue, "too": too, "silent": silent})
