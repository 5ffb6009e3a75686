"""Whose time as a guest is over between two states, for every pair of an evening's states."""

from itertools import product
from typing import Any

from safespace.fields import b64encode
from safespace.rooms.actions import Remove
from safespace.rooms.guests import done_with
from safespace.rooms.live_actions import CloseSession, MoveOn, Segment, TakeLead, WriteRunSheet
from safespace.rooms.state import State, StateMessage
from vectors.policy_people import HOUR, T, admitting, everyone, folded, id_of, opening

SHEET = WriteRunSheet(
    segments=(
        Segment(title="Arriving", minutes=10, kind="welcome"),
        Segment(title="A nurse", minutes=20, kind="guest"),
        Segment(title="A friend", minutes=20, kind="guest"),
        Segment(title="Closing", minutes=10, kind="closing"),
    )
)


def states() -> dict[str, State]:
    before = everyone()
    on = folded(before, ("facilitator", opening()), ("facilitator", SHEET))
    nurse = folded(on, ("facilitator", MoveOn(at=1)))
    closed = folded(nurse, ("owner", CloseSession()), time=T + HOUR)
    return {
        "before": before,
        "on": on,
        "the nurse": nurse,
        "another leads": folded(nurse, ("owner", TakeLead())),
        "the friend": folded(nurse, ("facilitator", MoveOn(at=2))),
        "the closing": folded(nurse, ("facilitator", MoveOn(at=3))),
        "back to the beginning": folded(nurse, ("facilitator", MoveOn(at=None))),
        "a new sheet": folded(nurse, ("facilitator", SHEET)),
        "two guests": folded(nurse, ("owner", admitting("late", "guest"))),
        "nobody": folded(nurse, ("owner", Remove(target=id_of("guest")))),
        "closed": closed,
        "the next": folded(closed, ("owner", opening()), time=T + 2 * HOUR),
    }


def make() -> dict[str, Any]:
    known = states()
    return {
        "states": {name: b64encode(StateMessage(state=state).written()) for name, state in known.items()},
        "cases": [
            {"before": before, "after": after, "done": done_with(known[before], known[after])}
            for before, after in product(known, known)
        ],
    }
