"""The fold, for actions that say who may write, and which messages stay.

Times are the server's, as on the envelopes.
"""

from typing import Final

from safespace.rooms.actions import LetSpeak, Mute, MuteAll, Restore, TakeDown, Unmute
from safespace.rooms.roles import STAFF, may
from safespace.rooms.state import Member, Muted, PolicyError, State
from safespace.wire import MuteLength, Role

LONGEST_SESSION: Final = 12 * 3600 * 1000
"""Milliseconds after which a mute for the session ends, session or not."""


def silence(state: State, id: str, time: int) -> str | None:
    """Why a member may not write at `time`: `muted`, `listening` or `quiet`; None where they may."""
    member = state.members[id]
    return silence_of(is_muted(state, id, time), member.listening, state.quiet, member.role)


def silence_of(muted: bool, listening: bool, quiet: bool, role: Role) -> str | None:
    """The same, of someone of whom this is so."""
    if muted:
        return "muted"
    if listening:
        return "listening"
    if quiet and role not in STAFF:
        return "quiet"
    return None


def is_muted(state: State, id: str, time: int) -> bool:
    """Whether a mute of this member holds at `time`."""
    muted = state.mutes.get(id)
    return muted is not None and (muted.until is None or muted.until > time)


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
    author = state.members.get(action.target)
    if author is not None and not may(actor.role, action.action, author.role):
        raise PolicyError("rank_too_low")
    return state


def _check_rank(state: State, actor: Member, action: Mute | Unmute | LetSpeak) -> Member:
    target = state.members.get(action.target)
    if target is None:
        raise PolicyError("unknown_member")
    if not may(actor.role, action.action, target.role):
        raise PolicyError("rank_too_low")
    return target
