"""Who may say nothing whatever the floor says, and so cannot use a turn: the one rule about that.

Pure. The relay asks it of its rows, every device of the state; `web/src/room/silence.ts` has the same.
"""

from safespace.fields import Role
from safespace.rooms.floor import Silences
from safespace.rooms.roles import STAFF
from safespace.rooms.state import State


def silence_of(muted: bool, listening: bool, agreed: bool, quiet: bool, role: Role) -> str | None:
    """Why somebody of whom this is so may not write; None for no such reason."""
    if muted:
        return "muted"
    if listening:
        return "listening"
    if not agreed:
        return "agree_first"
    if quiet and role not in STAFF:
        return "quiet"
    return None


def cannot_ask(muted: bool, listening: bool, agreed: bool, role: Role, in_session: bool) -> str | None:
    """Why somebody may not raise a hand. While the room is quiet hands go up, and wait."""
    if role == "guest" and not in_session:
        return "closed"
    return silence_of(muted, listening, agreed, quiet=False, role=role)


def speaks_from(
    muted_until: int | None, listening: bool, agreed: bool, quiet: bool, role: Role, *, in_session: bool, time: int
) -> int | None:
    """From when somebody can use the floor; 0 is now, None not by time alone. `muted_until` None is until lifted."""
    if cannot_ask(False, listening, agreed, role, in_session) or silence_of(False, False, True, quiet, role):
        return None
    return muted_until if muted_until is None or muted_until > time else 0


def is_muted(state: State, id: str, time: int) -> bool:
    """Whether a mute of this member holds at `time`."""
    muted = state.mutes.get(id)
    return muted is not None and (muted.until is None or muted.until > time)


def silences(state: State, time: int) -> Silences:
    """Everyone who cannot use the floor at `time`."""
    found: dict[str, int | None] = {}
    for id, member in state.members.items():
        muted = state.mutes.get(id)
        at = speaks_from(
            muted.until if muted else 0,
            member.listening,
            member.agreed == state.rules.version,
            state.quiet,
            member.role,
            in_session=state.live.session is not None,
            time=time,
        )
        if at != 0:
            found[id] = at
    return found
