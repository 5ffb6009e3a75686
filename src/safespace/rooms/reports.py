"""Who gets a report. See docs/protocol.md, "Reports"; `web/src/room/recipients.ts` decides alike."""

from collections.abc import Mapping
from typing import Literal

from safespace.fields import Role
from safespace.rooms.roles import STAFF
from safespace.rooms.state import PolicyError

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
