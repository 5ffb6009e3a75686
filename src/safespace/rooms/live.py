"""The live session: when there is one, whether the room is paused, slow or locked, and who may write meanwhile.

Pure. The relay, the browser and the SDK hold the same two values and change them by the same rules: `Live` is what
those who run the room decided, `Floor` (in `safespace.rooms.floor`) is whose turn that makes it. Times are the
server's, as on the envelopes, in milliseconds: what ends by itself is worked out from them (`settled`), so nobody has
to say that it ended, and no state depends on when it is looked at. See docs/protocol.md, "The live session".
"""

from itertools import pairwise
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import Field

from safespace.crypto.sealed import Sealed
from safespace.crypto.texts import PauseNote
from safespace.errors import PolicyError
from safespace.fields import MAX_PARTIES, Count, Id, Identity, Minutes, Role, SlowSeconds, Starts
from safespace.rooms import ballots as asked
from safespace.rooms import floor as floors
from safespace.rooms.ballots import AFTER, MAX_BALLOTS, Ballot
from safespace.rooms.floor import Floor, Terms
from safespace.rooms.roles import RANKS, STAFF

MINUTE: Final = 60_000
MAX_PLANS: Final = 16
"""Plans a group has at once."""

Hush = Literal["in_capsule", "closed", "paused", "not_your_turn"]
"""Why someone may not write who else may."""


class Times(Sealed):
    """When a planned session takes place: so many `minutes` from each of `starts`, in milliseconds, earliest first."""

    starts: Starts
    minutes: Minutes
    clock: bool
    """Whether it begins by itself; else a facilitator opens it."""


class Session(Sealed):
    """The session that is on."""

    plan: Id | None
    start: Count
    """When it was to begin: a start of its plan; without one, when it was opened."""
    opened: Count
    closes: Count
    """When it ends by itself."""
    lead: Identity | None
    """Who runs it; None while nobody has taken it on."""
    capsule: Id | None = None
    """The room, of which nothing is kept, in which it is held; None where it is held in main."""


class Breakouts(Sealed):
    """The small rooms that the session has gone into, until they close. See `safespace.rooms.passing`."""

    rooms: Annotated[dict[Id, tuple[Identity, ...]], Field(min_length=1, max_length=MAX_PARTIES)]
    closes: Count


class Paused(Sealed):
    since: Count
    by: Identity
    note: PauseNote | None
    """Why, in the words of who did it; the relay never has it."""


class Live(Sealed):
    """What those who run the room decided about the session and the floor."""

    times: Annotated[dict[Id, Times], Field(max_length=MAX_PLANS)] = Field(default_factory=dict)
    session: Session | None = None
    ended: Count = 0
    """No start up to here is begun by the clock any more."""
    between: bool = True
    """Whether everyone may write while no session is on."""
    locked: bool = False
    """Whether nobody new is let in."""
    paused: Paused | None = None
    slow: SlowSeconds = 0
    """Seconds each has to wait between two messages; 0 for none."""
    terms: Terms = Terms()
    ballots: Annotated[dict[Id, Ballot], Field(max_length=MAX_BALLOTS)] = Field(default_factory=dict)
    breakouts: Breakouts | None = None


Table = tuple[Live, Floor]


def settled(live: Live, floor: Floor, time: int) -> Table:
    """What they are at `time`: sessions begin and end, one after the other, and turns run out."""
    while (on := live.session or _due(live, time)) is not None and on.closes <= time:
        if live.paused is None:
            floor = floors.advanced(live.terms, floor, on.closes)
        live, floor = closed(live.model_copy(update={"session": on}), floor, on.closes)
    live = live.model_copy(update={"session": on})
    if live.breakouts is not None and live.breakouts.closes <= time:
        live = live.model_copy(update={"breakouts": None})
    if live.paused is None:
        floor = floors.advanced(live.terms, floor, time)
    return live, floor


def first_end(live: Live, time: int) -> int | None:
    """When the session ends that is on, or that the clock has begun by `time`."""
    session = live.session or _due(live, time)
    return None if session is None else session.closes


def hush(live: Live, floor: Floor, member: str, role: Role, time: int) -> Hush | None:
    """Why a member may not write at `time`, of what the session and the floor say; None where they may."""
    live, floor = settled(live, floor, time)
    if live.session is not None and live.session.capsule is not None:
        return "in_capsule"
    if role == "guest" and live.session is None:
        return "closed"
    if role not in STAFF:
        if live.session is None and not live.between:
            return "closed"
        if live.paused is not None:
            return "paused"
    if live.terms.mode != "open" and floor.holder != member and RANKS[role] < RANKS["facilitator"]:
        return "not_your_turn"
    return None


def slowed_until(live: Live, floor: Floor, spoke: int, role: Role, time: int) -> int | None:
    """When a member who last wrote at `spoke` may write again in slow mode; None where they may now."""
    slow = settled(live, floor, time)[0].slow * 1000
    # A server's clock that went back does not make anyone wait longer.
    return spoke + slow if role not in STAFF and 0 <= time - spoke < slow else None


def is_gated(live: Live) -> bool:
    """Whether there may ever be a member who may not write, as long as nothing else is decided."""
    capsule = live.session is not None and live.session.capsule is not None
    return live.terms.mode != "open" or live.paused is not None or live.slow > 0 or not live.between or capsule


def next_change(live: Live, time: int) -> int | None:
    """When, after `time`, a session ends or begins by itself next, or the small rooms close."""
    ends = [on.closes for on in (live.session, live.breakouts) if on is not None]
    begins = [at for times in live.times.values() if times.clock for at in times.starts if at > max(time, live.ended)]
    return min(ends + begins, default=None)


def plan(live: Live, id: UUID, times: Times, time: int) -> Live:
    """Raises PolicyError in_the_past, overlapping or too_many_plans. A plan of this id is replaced."""
    if times.starts[0] < time:
        raise PolicyError("in_the_past")
    planned = {**live.times, id: times}
    if len(planned) > MAX_PLANS:
        raise PolicyError("too_many_plans")
    _check_apart(planned, time)
    return live.model_copy(update={"times": planned})


def unplan(live: Live, id: UUID) -> Live:
    """Raises PolicyError unknown_plan."""
    if id not in live.times:
        raise PolicyError("unknown_plan")
    return live.model_copy(update={"times": {one: times for one, times in live.times.items() if one != id}})


def open_session(live: Live, id: UUID | None, minutes: int, lead: str, time: int) -> Live:
    """Begin one now: the next of a plan, or one out of turn. Raises PolicyError session_open or unknown_plan."""
    if live.session is not None:
        raise PolicyError("session_open")
    start = time
    if id is not None:
        times = live.times.get(id)
        coming = [at for at in times.starts if at > live.ended and at + times.minutes * MINUTE > time] if times else []
        if not coming:
            raise PolicyError("unknown_plan")
        start = coming[0]
    session = Session(plan=id, start=start, opened=time, closes=time + minutes * MINUTE, lead=lead)
    return live.model_copy(update={"session": session})


def extend_session(live: Live, minutes: int, time: int) -> Live:
    """Let it end so many minutes from now, sooner or later than before. Raises PolicyError no_session."""
    return _with_session(live, closes=time + minutes * MINUTE)


def take_lead(live: Live, member: str) -> Live:
    """Raises PolicyError no_session or unchanged."""
    if live.session is not None and live.session.lead == member:
        raise PolicyError("unchanged")
    return _with_session(live, lead=member)


def close_session(live: Live, floor: Floor, time: int) -> Table:
    """Raises PolicyError no_session."""
    if live.session is None:
        raise PolicyError("no_session")
    return closed(live, floor, time)


def lock(live: Live, on: bool) -> Live:
    """Raises PolicyError unchanged."""
    return _changed(live, locked=on)


def between_sessions(live: Live, on: bool) -> Live:
    """Raises PolicyError unchanged."""
    return _changed(live, between=on)


def slow_mode(live: Live, seconds: int) -> Live:
    """Raises PolicyError unchanged."""
    return _changed(live, slow=seconds)


def pause(live: Live, by: str, note: str | None, time: int) -> Live:
    """Raises PolicyError unchanged."""
    if live.paused is not None:
        raise PolicyError("unchanged")
    return live.model_copy(update={"paused": Paused(since=time, by=by, note=note)})


def resume(live: Live, floor: Floor, time: int) -> Table:
    """Whose turn it is has as long as was left; who may speak again meanwhile begins. Raises PolicyError unchanged."""
    if live.paused is None:
        raise PolicyError("unchanged")
    stood = max(0, time - max(floor.since, live.paused.since))
    resumed = floor if floor.holder is None else floor.model_copy(update={"since": floor.since + stood})
    return live.model_copy(update={"paused": None}), floors.filled(live.terms, resumed, time)


def open_ballot(live: Live, id: UUID, ballot: Ballot) -> Live:
    """Raises PolicyError no_session, and what `ballots.opened` raises."""
    lately = ballot.asks == "feedback" and live.ended > 0 and ballot.opened - live.ended <= AFTER
    if live.session is None and not lately:
        raise PolicyError("no_session")
    return live.model_copy(update={"ballots": asked.opened(live.ballots, id, ballot)})


def close_ballot(live: Live, id: UUID, time: int) -> Live:
    """Raises PolicyError ballot_unknown or ballot_over."""
    return live.model_copy(update={"ballots": asked.closed(live.ballots, id, time)})


def closed(live: Live, floor: Floor, time: int) -> Table:
    """After the session: nothing of what was decided for its evening stays, but what people were asked."""
    ended = max(time, live.session.start if live.session else 0)
    ballots = asked.after_session(live.ballots, time)
    after = Live(times=live.times, ended=ended, between=live.between, ballots=ballots)
    return after, Floor(turn=floor.turn)


def without(live: Live, floor: Floor, member: str, time: int) -> Table:
    """After a member went: their turn is over, and nobody waits for them."""
    if live.session is not None and live.session.lead == member:
        live = _with_session(live, lead=None)
    return live, floors.without(live.terms, floor, member, time)


def renamed(live: Live, floor: Floor, old: str, new: str) -> Table:
    """After a member came back as another: place and turn are kept."""
    if live.session is not None and live.session.lead == old:
        live = _with_session(live, lead=new)
    if live.breakouts is not None:
        # The old one stays: what was done under it before is judged by this, too.
        rooms = {room: (*sent, new) if old in sent else sent for room, sent in live.breakouts.rooms.items()}
        live = live.model_copy(update={"breakouts": live.breakouts.model_copy(update={"rooms": rooms})})
    return live, floors.renamed(floor, old, new)


def _due(live: Live, time: int) -> Session | None:
    """The first session that the clock has begun by `time`."""
    begun = [
        Session(plan=id, start=at, opened=at, closes=at + times.minutes * MINUTE, lead=None)
        for id, times in live.times.items()
        if times.clock
        for at in times.starts
        if live.ended < at <= time
    ]
    return min(begun, key=lambda session: session.start, default=None)


def _check_apart(planned: dict[UUID, Times], time: int) -> None:
    spans = sorted(
        (at, at + times.minutes * MINUTE)
        for times in planned.values()
        for at in times.starts
        if at + times.minutes * MINUTE > time
    )
    for (_, end), (start, _) in pairwise(spans):
        if start < end:
            raise PolicyError("overlapping")


def _with_session(live: Live, **changes: object) -> Live:
    if live.session is None:
        raise PolicyError("no_session")
    return live.model_copy(update={"session": live.session.model_copy(update=changes)})


def _changed(live: Live, **changes: object) -> Live:
    if all(getattr(live, name) == value for name, value in changes.items()):
        raise PolicyError("unchanged")
    return live.model_copy(update=changes)
