"""Guests: someone who is there for a part of one session, speaks while it is on, and then is thanked and gone.

Pure, and alike on every device (`web/src/room/guests.ts`). A guest's time ends with the session, or when the room moves
on from a part of the evening that was for a guest. Nobody has to think of it: the devices of those who keep the room
remove them then (docs/protocol.md, "Guests").
"""

from safespace.rooms.state import State


def guests_of(state: State) -> list[str]:
    """The guests' member ids."""
    return [id for id, member in state.members.items() if member.role == "guest"]


def done_with(before: State | None, after: State) -> list[str]:
    """The guests whose time ended between two states, one read after the other."""
    if before is None or not (_session_ended(before, after) or _moved_on(before, after)):
        return []
    there = guests_of(before)
    return [id for id in guests_of(after) if id in there]


def _session_ended(before: State, after: State) -> bool:
    was, is_on = before.live.session, after.live.session
    return was is not None and (is_on is None or was.opened != is_on.opened)


def _moved_on(before: State, after: State) -> bool:
    return _is_for_a_guest(before) and after.sheet.at is not None and not _is_for_a_guest(after)


def _is_for_a_guest(state: State) -> bool:
    sheet = state.sheet
    return sheet.at is not None and sheet.segments[sheet.at].kind == "guest"
