"""The fold, for what the group and its members are called. `web/src/room/naming.ts` has the same."""

from typing import Final

from safespace.errors import PolicyError
from safespace.rooms.actions import Rename, RenameGroup, WriteWelcome
from safespace.rooms.silence import is_muted, silence_of
from safespace.rooms.state import MAX_NAMES, OldName, State

KEPT: Final = 30 * 24 * 3600 * 1000
"""Milliseconds for which an old pseudonym is nobody else's."""
MOST: Final = 3
"""Old pseudonyms that one member has at once: who has so many takes no other."""


def rename_group(state: State, action: RenameGroup) -> State:
    """Raises PolicyError unchanged."""
    if action.name == state.name:
        raise PolicyError("unchanged")
    return state.model_copy(update={"name": action.name})


def write_welcome(state: State, action: WriteWelcome) -> State:
    """Raises PolicyError unchanged."""
    if action.welcome == state.welcome:
        raise PolicyError("unchanged")
    return state.model_copy(update={"welcome": action.welcome})


def rename(state: State, id: str, action: Rename, time: int) -> State:
    """One's own old name one may take again. Raises PolicyError unchanged, pseudonym_taken, renamed_often, or why the
    member may say nothing, not even by a name.
    """
    me, new = state.members[id], action.pseudonym
    agreed = me.agreed == state.rules.version
    if (why := silence_of(is_muted(state, id, time), me.listening, agreed, state.quiet, me.role)) is not None:
        raise PolicyError(why)
    if new == me.pseudonym:
        raise PolicyError("unchanged")
    check_free(state, new, id)
    others = tuple(one for one in state.names if one.pseudonym != new)
    if sum(one.member == id for one in others) >= MOST:
        raise PolicyError("renamed_often")
    old = OldName(member=id, pseudonym=me.pseudonym, until=time + KEPT)
    renamed = me.model_copy(update={"pseudonym": new})
    return state.model_copy(
        update={"members": {**state.members, id: renamed}, "names": (*others, old)[-MAX_NAMES:]},
    )


def check_free(state: State, pseudonym: str, id: str | None) -> None:
    """Raises PolicyError pseudonym_taken where somebody but this member is, or was of late, called so."""
    called = {one.pseudonym for member, one in state.members.items() if member != id}
    if pseudonym in called or any(one.pseudonym == pseudonym and one.member != id for one in state.names):
        raise PolicyError("pseudonym_taken")


def settled(names: tuple[OldName, ...], time: int) -> tuple[OldName, ...]:
    """The old names that are kept at `time`; the very same where that is all of them."""
    kept = tuple(one for one in names if one.until > time)
    return names if len(kept) == len(names) else kept
