"""A group's sessions in calendar programs: an address that says when and nothing else, or a file with everything."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from icalendar import Calendar, Event

from safespace.sdk.rest import Rest
from safespace.sdk.sessions import Session, Sessions


class Calendars(Sessions):
    """A group's calendar. Raises Refused or Unreachable."""

    _rest: Rest
    _url: str

    @property
    def id(self) -> UUID:
        """The group's."""
        return self.main.place.group

    async def calendar_address(self) -> str:
        """An address that calendar programs can subscribe to. It tells when there is something, called "Appointment".

        Whoever knows it can read that, until `revoke_calendars`. Refused: `quota_reached`.
        """
        made = await self._rest.call("POST", "/calendars", {"group": str(self.id)})
        return f"{self._url}{made['path']}"

    async def revoke_calendars(self) -> None:
        """Have the addresses that this account made for this group tell nothing any more."""
        for calendar in (await self._rest.call("GET", "/calendars"))["items"]:
            if calendar["group"] == str(self.id):
                await self._rest.call("DELETE", f"/calendars/{calendar['id']}")

    def calendar_file(self) -> str:
        """The sessions that are planned with their titles and notes (RFC 5545), made on this device."""
        return _written(session for session in self.sessions() if session.plan is not None)


def _written(sessions: Iterable[Session]) -> str:
    made = Calendar()
    made.add("prodid", "-//SafeSpace//EN")
    made.add("version", "2.0")
    for session in sessions:
        event = Event()
        event.add("uid", f"{session.plan}-{session.starts:%Y%m%dT%H%M%SZ}")
        event.add("dtstamp", session.starts)
        event.add("dtstart", session.starts)
        event.add("dtend", session.starts + timedelta(minutes=session.minutes))
        event.add("summary", session.title)
        if session.note:
            event.add("description", session.note)
        made.add_component(event)
    return str(made.to_ical().decode())
