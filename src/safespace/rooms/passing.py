"""Rooms that last for a while of a session: a capsule, in which it is held and of which nothing is kept, and breakouts.

Pure. They are announced by policy in main, so time and policy alone say which there are and who belongs in them; see
docs/protocol.md, "Passing rooms". `web/src/room/passing.ts` has the same.
"""

from collections.abc import Mapping
from uuid import UUID

from safespace.errors import PolicyError
from safespace.fields import Passing, Role
from safespace.rooms.floor import Floor
from safespace.rooms.live import MINUTE, Breakouts, Live, Table
from safespace.rooms.roles import RANKS


def announced(live: Live) -> Mapping[UUID, Passing]:
    """The passing rooms that there are; `live` is settled."""
    rooms: dict[UUID, Passing] = {}
    if live.session is not None and live.session.capsule is not None:
        rooms[live.session.capsule] = "capsule"
    if live.breakouts is not None:
        rooms |= dict.fromkeys(live.breakouts.rooms, "breakout")
    return rooms


def has_place(live: Live, room: UUID, member: str, role: Role) -> bool:
    """Whether a member belongs in a passing room: everyone in the capsule; in a breakout who was sent there, or anyone
    where nobody was; who was sent nowhere, as they came late, chooses; facilitators and above visit. `live` is settled.
    """
    if announced(live).get(room) != "breakout":
        return room in announced(live)
    rooms = live.breakouts.rooms if live.breakouts is not None else {}
    sent = rooms[room]
    late = not any(member in those for those in rooms.values())
    return not sent or member in sent or late or RANKS[role] >= RANKS["facilitator"]


def closing(live: Live, room: UUID) -> int | None:
    """When a passing room closes by itself; None where there is no such room. `live` is settled."""
    kind = announced(live).get(room)
    ends = [on.closes for on in (live.session, live.breakouts if kind == "breakout" else None) if on is not None]
    return min(ends) if kind is not None else None


def ends(live: Live) -> list[int]:
    """When the session that is on, and its small rooms, close by themselves. `live` is settled."""
    return [on.closes for on in (live.session, live.breakouts) if on is not None]


def hold(live: Live, into: UUID) -> Live:
    """Hold the session in a capsule from now on. Raises PolicyError no_session or unchanged."""
    if live.session is None:
        raise PolicyError("no_session")
    if live.session.capsule is not None:
        raise PolicyError("unchanged")
    return live.model_copy(update={"session": live.session.model_copy(update={"capsule": into})})


def break_out(live: Live, rooms: Mapping[UUID, tuple[str, ...]], minutes: int, time: int) -> Live:
    """Go into small rooms for so many minutes. Raises PolicyError no_session, unchanged or invalid_field."""
    if live.session is None:
        raise PolicyError("no_session")
    if live.breakouts is not None:
        raise PolicyError("unchanged")
    if rooms.keys() & announced(live):
        raise PolicyError("invalid_field")
    return live.model_copy(update={"breakouts": Breakouts(rooms=dict(rooms), closes=time + minutes * MINUTE)})


def call_back(live: Live) -> Live:
    """Close the small rooms now. Raises PolicyError unchanged."""
    if live.breakouts is None:
        raise PolicyError("unchanged")
    return live.model_copy(update={"breakouts": None})


def renew(live: Live, old: UUID, into: UUID, member: str, role: Role) -> Live:
    """Another room in the place of one in which nobody holds the keys any more.

    Raises PolicyError unknown_room, does_not_belong or invalid_field.
    """
    if old not in announced(live):
        raise PolicyError("unknown_room")
    if not has_place(live, old, member, role):
        raise PolicyError("does_not_belong")
    if into in announced(live):
        raise PolicyError("invalid_field")
    if live.session is not None and live.session.capsule == old:
        return live.model_copy(update={"session": live.session.model_copy(update={"capsule": into})})
    assert live.breakouts is not None  # noqa: S101 - or it would not be announced
    rooms = {into if room == old else room: sent for room, sent in live.breakouts.rooms.items()}
    return live.model_copy(update={"breakouts": live.breakouts.model_copy(update={"rooms": rooms})})


def table_within(live: Live, floor: Floor, room: UUID) -> Table:
    """Session and floor as they bind in a passing room: in a capsule as they are, in a breakout a pause alone.

    Once the room is over, nobody but staff writes, until it is gone.
    """
    ends = closing(live, room)
    if live.session is None or ends is None:
        return Live(between=False), Floor()
    session = live.session.model_copy(update={"capsule": None, "closes": ends})
    within = Live(session=session, between=False, paused=live.paused)
    if announced(live)[room] == "breakout":
        return within, Floor()
    return within.model_copy(update={"slow": live.slow, "terms": live.terms}), floor
