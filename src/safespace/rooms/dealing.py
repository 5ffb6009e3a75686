"""What an action does to the session and the floor: the one table that the relay and every device go by.

The relay has of an action what it shows, and that is enough; what it does not show (`note`, `too`) decides nothing.
"""

from typing import Final, TypeVar

from safespace.errors import PolicyError
from safespace.fields import FurtherAction, PolicyAction, Role
from safespace.rooms import floor as floors
from safespace.rooms import live as lives
from safespace.rooms import passing
from safespace.rooms.ballots import Ballot
from safespace.rooms.floor import Floor, Silences, Terms
from safespace.rooms.live import MINUTE, Live, Table, Times
from safespace.rooms.roles import RANKS
from safespace.wire import Shown

T = TypeVar("T")

NOBODY: Final[Silences] = {}


def deal(
    live: Live,
    floor: Floor,
    actor: str,
    role: Role,
    action: PolicyAction | FurtherAction,
    shown: Shown,
    time: int,
    *,
    note: str | None = None,
    too: bool = False,
    members: int = 0,
    silences: Silences = NOBODY,
) -> Table:
    """What is after `actor` did this at `time`, in a group of so many members, of whom some cannot use the floor.

    The two are settled already, and whom it names are members.

    Actions of other kinds change nothing. Raises PolicyError with a code of the rule's own, forbidden or invalid_field.
    """
    match action:
        case "plan":
            times = Times(starts=_is(shown.starts), minutes=_is(shown.minutes), clock=_is(shown.clock))
            return lives.plan(live, _is(shown.plan), times, time), floor
        case "unplan":
            return lives.unplan(live, _is(shown.plan)), floor
        case "open_session":
            return lives.open_session(live, shown.plan, _is(shown.minutes), actor, time), floor
        case "extend_session":
            return lives.extend_session(live, _is(shown.minutes), time), floor
        case "take_lead":
            return lives.take_lead(live, actor), floor
        case "close_session":
            return lives.close_session(live, floor, time)
        case "between_sessions":
            return lives.between_sessions(live, _is(shown.on)), floor
        case "lock":
            return lives.lock(live, _is(shown.on)), floor
        case "pause":
            return lives.pause(live, actor, note, time), floor
        case "resume":
            return lives.resume(live, floor, time)
        case "slow_mode":
            return lives.slow_mode(live, _is(shown.seconds)), floor
        case "set_floor":
            terms = Terms(mode=_is(shown.mode), seconds=_is(shown.seconds), grace=shown.grace)
            if terms.mode == "round":
                raise PolicyError("invalid_field")
            return _under(live, terms), floors.set_floor(live.terms, floor, terms, time)
        case "start_round":
            terms = Terms(mode="round", seconds=_is(shown.seconds), grace=shown.grace)
            return _under(live, terms), floors.start_round(terms, floor, _is(shown.order), silences, time)
        case "give_floor":
            return live, floors.give_floor(live.terms, floor, _is(shown.target), silences, time)
        case "raise_hand":
            return live, floors.raise_hand(live.terms, floor, actor, too, silences, time)
        case "lower_hand":
            if shown.target not in (None, actor) and RANKS[role] < RANKS["facilitator"]:
                raise PolicyError("forbidden")
            return live, floors.lower_hand(floor, shown.target or actor)
        case "lower_hands":
            return live, floors.lower_hands(floor)
        case "pass_turn":
            turn, later, absent = _is(shown.turn), _is(shown.later), _is(shown.absent)
            return live, floors.pass_turn(floor, actor, role, turn, later, absent, time)
        case "open_ballot":
            ballot = Ballot(
                asks=_is(shown.asks),
                token_key=_is(shown.token_key),
                opened=time,
                closes=time + _is(shown.minutes) * MINUTE,
                voters=members,
            )
            return lives.open_ballot(live, _is(shown.ballot), ballot), floor
        case "close_ballot":
            return lives.close_ballot(live, _is(shown.ballot), time), floor
        case "capsule":
            return passing.hold(live, _is(shown.into)), floor
        case "break_out":
            return passing.break_out(live, _is(shown.rooms), _is(shown.minutes), time), floor
        case "call_back":
            return passing.call_back(live), floor
        case "renew_room":
            return passing.renew(live, _is(shown.old), _is(shown.into), actor, role), floor
    return live, floor


def _under(live: Live, terms: Terms) -> Live:
    return live.model_copy(update={"terms": terms})


def _is(given: T | None) -> T:
    if given is None:
        raise PolicyError("invalid_field")
    return given
