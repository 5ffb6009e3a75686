"""Members who are none any more, as far as it still matters who they were: on another device they are somebody else,
and what staff once wrote is not everybody's to take down. `web/src/room/former.ts` remembers alike.
"""

from safespace.fields import Role
from safespace.rooms.roles import STAFF
from safespace.rooms.state import MAX_FORMER, Former, State


def goes_on_as(state: State, id: str) -> str:
    """The member who somebody is now: another one, if they came back on another device."""
    return next((one.now for one in state.former if one.member == id and one.now is not None), id)


def ids_of(state: State, id: str) -> list[str]:
    """A member's id, and those that they had before."""
    return [id, *(one.member for one in state.former if one.now == id)]


def rank_of(state: State, id: str) -> Role | None:
    """The role that counts for what somebody once said: the one they have now, or the one of staff with which they
    went. None for everybody else who is gone."""
    member = state.members.get(goes_on_as(state, id))
    return member.role if member is not None else next((one.role for one in state.former if one.member == id), None)


def remembered(state: State, id: str, now: str | None) -> tuple[Former, ...]:
    """`state.former` once a member is none any more, but goes on as `now`, if given."""
    role = state.members[id].role
    moved = [one.model_copy(update={"now": now, "role": role}) if one.now == id else one for one in state.former]
    kept = [one for one in (*moved, Former(member=id, role=role, now=now)) if one.now is not None or one.role in STAFF]
    if len(kept) > MAX_FORMER:
        # The oldest who is not of staff is forgotten first, so that nobody can have a rank forgotten by coming back.
        held = ((one, state.members.get(one.now or "") or one) for one in kept)
        kept.remove(next((one for one, member in held if member.role not in STAFF), kept[0]))
    return tuple(kept)
