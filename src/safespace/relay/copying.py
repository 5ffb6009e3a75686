"""What was sealed to those in office before somebody took office: who lacks it, and copies for them."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from safespace.clock import Clock
from safespace.errors import SafeSpaceError
from safespace.fields import Role
from safespace.relay.joining import Joining, current_member
from safespace.relay.reporting import Reporting
from safespace.rooms.roles import LOWEST, RANKS, Deed, may
from safespace.storage import copies, groups
from safespace.storage.database import Database

_FOR: Final[Mapping[copies.Of, Deed]] = {
    "invite": "admit",
    "report": "read_reports",
    "entry": "read_reports",
    "handover": "read_handovers",
}
"""What those may do for whom each is."""
_UNKNOWN: Final[Mapping[copies.Of, str]] = {
    "invite": "invite_unknown",
    "report": "report_unknown",
    "entry": "report_unknown",
    "handover": "handover_unknown",
}


class Copying:
    """The use cases around copies, each one transaction and then the news of it."""

    def __init__(self, database: Database, clock: Clock, joining: Joining, reporting: Reporting) -> None:
        self._database = database
        self._clock = clock
        self._joining = joining
        self._reporting = reporting

    async def lacking(self, account: UUID, group: UUID, *, after: UUID | None, limit: int) -> copies.Found:
        """What the caller holds, and others in office lack. Raises SafeSpaceError not_found or forbidden."""
        async with self._database.read() as db:
            caller = await current_member(db, group, account)
            for_me = [of for of, deed in _FOR.items() if may(caller.role, deed)]
            if not for_me:
                raise SafeSpaceError("forbidden")
            in_office = {of: await _in_office(db, group, of) for of in for_me}
            return await copies.lacking(db, group, caller.member, in_office, self._clock(), after=after, limit=limit)

    async def add(self, account: UUID, group: UUID, of: copies.Of, id: UUID, boxes: Mapping[bytes, bytes]) -> None:
        """Keep boxes for others in office; who has one keeps it.

        Raises SafeSpaceError not_found, forbidden, unknown_member (a box for someone whom it is not for), or
        invite_unknown, report_unknown or handover_unknown where it does not wait, or the caller does not hold it.
        """
        async with self._database.write() as db:
            await groups.lock(db, group)
            caller = await current_member(db, group, account)
            if not may(caller.role, _FOR[of]):
                raise SafeSpaceError("forbidden")
            if not await copies.held(db, of, group, id, caller.member, self._clock()):
                raise SafeSpaceError(_UNKNOWN[of])
            report = await copies.report_of(db, id) if of == "entry" else id
            allowed = await _in_office(db, group, of)
            if report is not None and of == "entry":
                allowed &= (await copies.boxes(db, "report", [report]))[report].keys()
            if not boxes.keys() <= allowed:
                raise SafeSpaceError("unknown_member")
            new = await copies.add(db, of, id, boxes)
        if new and of == "invite":
            await self._joining.tell_admitters(group)
        elif new and of in ("report", "entry") and report is not None:
            await self._reporting.tell_readers(group, report)


async def _in_office(db: AsyncConnection, group: UUID, of: copies.Of) -> set[bytes]:
    roles: list[Role] = [role for role in RANKS if RANKS[role] >= RANKS[LOWEST[_FOR[of]]]]
    return {one.member for one in await groups.with_roles(db, group, roles)}
