"""Who gets a report. See docs/protocol.md, "Reports"; `web/src/room/recipients.ts` decides alike."""

from collections.abc import Collection, Mapping
from typing import Literal

from safespace.fields import Role
from safespace.rooms.former import goes_on_as, ids_of
from safespace.rooms.roles import RANKS, STAFF, may
from safespace.rooms.roll import Roll
from safespace.rooms.state import PolicyError, State

ReportKind = Literal["message", "person", "situation", "check"]


def recipients(roles: Mapping[str, Role], kind: ReportKind, accused: str | None, reporter: str) -> list[str]:
    """Member ids, sorted; never the accused. `roles` are those of all members.

    Raises PolicyError no_recipient where nobody but the reporter is left.
    """

    def those(*wanted: Role) -> set[str]:
        return {id for id, role in roles.items() if role in wanted and id != accused}

    if accused is not None and roles.get(accused) in STAFF:
        found = those("owner")
        if found <= {reporter}:
            found |= those("facilitator")
    elif kind == "check":
        found = those("owner", "facilitator")
    else:
        found = those(*STAFF)
    if found <= {reporter}:
        raise PolicyError("no_recipient")
    return sorted(found)


def later_recipients(
    state: State, roll: Roll, kind: ReportKind, accused: str | None, reporter: str, to: Collection[str]
) -> set[str]:
    """The members to whom a report that waits may be handed on: those to whom it would go if it were filed now, and
    whoever of `to` is of staff, also as whom they go on. Never the accused.

    Who was ever of staff, as far as this device saw it, is reported on as of staff: whoever was kept from a report
    about one of their own does not get it because that one stepped down.
    """
    about = None if accused is None else goes_on_as(state, accused)
    roles = {id: member.role for id, member in state.members.items()}
    if about is not None:
        held = _roles_ever(state, roll, about)
        if held:
            roles[about] = max(held, key=lambda role: RANKS[role])
    try:
        found = set(recipients(roles, kind, about, goes_on_as(state, reporter)))
    except PolicyError:
        found = set()
    addressed = {goes_on_as(state, id) for id in to}
    staff = {id for id, member in state.members.items() if may(member.role, "read_reports")}
    return ((found | addressed) & staff) - {about}


def may_have_read(state: State, roll: Roll, member: str, accused: str | None, to: Collection[str]) -> bool:
    """Whether somebody can have been a reader of a report: it was sealed to them, or they once were of staff and may
    have been handed it; the accused never."""
    if accused is not None and goes_on_as(state, member) == goes_on_as(state, accused):
        return False
    return member in to or any(may(role, "read_reports") for role in _roles_ever(state, roll, member))


def _roles_ever(state: State, roll: Roll, id: str) -> list[Role]:
    """The roles that somebody has or had here, also under ids that they had before."""
    now = [state.members[one].role for one in ids_of(state, id) if one in state.members]
    known = [roll[one] for one in ids_of(state, id) if one in roll]
    return now + [since.role for one in known for since in one.roles if since.role is not None]
