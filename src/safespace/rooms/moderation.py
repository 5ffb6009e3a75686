"""The fold, for actions that say who may write, and which messages stay.

Times are the server's, as on the envelopes.
"""

from collections.abc import Mapping
from typing import Final

from safespace.fields import MuteLength, SaidKind
from safespace.rooms.actions import LetSpeak, Mute, MuteAll, Restore, TakeDown, Unmute
from safespace.rooms.former import rank_of
from safespace.rooms.live import hush
from safespace.rooms.roles import STAFF, may
from safespace.rooms.running import settle
from safespace.rooms.silence import is_muted, silence_of
from safespace.rooms.state import Member, Muted, PolicyError, State

LONGEST_SESSION: Final = 12 * 3600 * 1000
"""Milliseconds after which a mute for the session ends, session or not."""

SKEW: Final = 5_000
"""Milliseconds by which the clocks of one server's processes may differ."""
_FREE: Final[Mapping[SaidKind, tuple[str | None, ...]]] = {
    "message": (None,),
    "reaction": (None, "in_capsule", "closed", "not_your_turn"),
}
"""By kind, what keeps nobody from saying it."""


def due_refusal(state: State, id: str, kind: SaidKind, time: int) -> str | None:
    """Why the relay had to refuse what this member said at `time`; None where it could take it.

    By this devices notice what a relay lets through. Slow mode is the relay's alone, and so are a few seconds around
    the moment in which something begins or ends.
    """
    why, free = silence(state, id, time), _FREE[kind]
    if why in free or any(silence(state, id, near) in free for near in (time - SKEW, time + SKEW)):
        return None
    return why


def silence(state: State, id: str, time: int) -> str | None:
    """Why a member may not write at `time`; None where they may, unless in slow mode (`live.slowed_until`).

    `muted`, `listening`, `agree_first`, `quiet`, or what `live.hush` says.
    """
    state, member = settle(state, time), state.members[id]
    agreed = member.agreed == state.rules.version
    silenced = silence_of(is_muted(state, id, time), member.listening, agreed, state.quiet, member.role)
    return silenced or hush(state.live, state.floor, id, member.role, time)


def as_read_by(state: State, id: str) -> State:
    """What the group has agreed, as this member may read it: of a mute know the staff, and who is muted."""
    member = state.members.get(id)
    if member is not None and member.role in STAFF:
        return state
    mutes, silent = (
        {one: what for one, what in those.items() if one == id} for those in (state.mutes, state.floor.silent)
    )
    return state.model_copy(update={"mutes": mutes, "floor": state.floor.model_copy(update={"silent": silent})})


def muted_for(length: MuteLength, time: int) -> Muted:
    """The mute that begins at `time`."""
    if length == "lifted":
        return Muted(until=None, session=False)
    if length == "session":
        return Muted(until=time + LONGEST_SESSION, session=True)
    return Muted(until=time + length * 1000, session=False)


def outlasts(until: int | None, other: int | None) -> bool:
    """Whether a mute until `until` ends later than one until `other`; None is for as long as nobody lifts it."""
    return other is not None and (until is None or until > other)


def mute(state: State, actor: Member, action: Mute, time: int) -> State:
    """Raises PolicyError unknown_member, rank_too_low or already_muted. A mute is only ever made longer."""
    _check_rank(state, actor, action)
    muted = muted_for(action.length, time)
    if is_muted(state, action.target, time) and not outlasts(muted.until, state.mutes[action.target].until):
        raise PolicyError("already_muted")
    return state.model_copy(update={"mutes": {**state.mutes, action.target: muted}})


def unmute(state: State, actor: Member, action: Unmute, time: int) -> State:
    """Raises PolicyError unknown_member, rank_too_low or not_muted."""
    _check_rank(state, actor, action)
    if not is_muted(state, action.target, time):
        raise PolicyError("not_muted")
    mutes = {id: muted for id, muted in state.mutes.items() if id != action.target}
    return state.model_copy(update={"mutes": mutes})


def mute_all(state: State, action: MuteAll) -> State:
    """Raises PolicyError unchanged."""
    if state.quiet == action.on:
        raise PolicyError("unchanged")
    return state.model_copy(update={"quiet": action.on})


def let_speak(state: State, actor: Member, action: LetSpeak) -> State:
    """Raises PolicyError unknown_member, rank_too_low or not_listening."""
    target = _check_rank(state, actor, action)
    if not target.listening:
        raise PolicyError("not_listening")
    speaking = target.model_copy(update={"listening": False})
    return state.model_copy(update={"members": {**state.members, action.target: speaking}})


def take_down(state: State, actor: Member, action: TakeDown | Restore) -> State:
    """Changes no state: which messages are down is in the log. Raises PolicyError rank_too_low.

    Whose message it was, and whether it stood, the relay checks, and every device that has it.
    """
    if not may(actor.role, action.action, rank_of(state, action.target)):
        raise PolicyError("rank_too_low")
    return state


def _check_rank(state: State, actor: Member, action: Mute | Unmute | LetSpeak) -> Member:
    target = state.members.get(action.target)
    if target is None:
        raise PolicyError("unknown_member")
    if not may(actor.role, action.action, target.role):
        raise PolicyError("rank_too_low")
    return target
