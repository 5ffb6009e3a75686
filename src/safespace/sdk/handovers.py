"""Handover notes as people use them: from facilitators and above, to facilitators and above."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from uuid6 import uuid7

from safespace.crypto.errors import CryptoError
from safespace.crypto.handovers import HandoverContent, read_handover
from safespace.rooms.roles import may
from safespace.rooms.roll import role_at
from safespace.sdk.clocks import date_of
from safespace.sdk.errors import Refused
from safespace.sdk.reach import reachable
from safespace.sdk.reports import Someone
from safespace.sdk.rest import Rest
from safespace.sdk.room import Room
from safespace.sdk.statements import Statements

DAY = 24 * 3600 * 1000
"""Milliseconds."""
MOST_DAYS = 90


@dataclass(frozen=True, slots=True)
class Handover:
    """A note that this member can read. Times are in milliseconds."""

    id: UUID
    by: Someone
    text: str
    time: int
    expires: int
    mine: bool
    _rest: Rest = field(repr=False, compare=False)
    _path: str = field(repr=False, compare=False)

    @property
    def written_at(self) -> datetime:
        """When the server took it."""
        return date_of(self.time)

    @property
    def expires_at(self) -> datetime:
        """When it is deleted."""
        return date_of(self.expires)

    async def delete(self) -> None:
        """Take back a note of one's own. Raises Refused `handover_unknown`."""
        await self._rest.call("DELETE", f"{self._path}/{self.id}")


class Handovers:
    """A group's handover notes."""

    main: Room
    _rest: Rest

    async def write_handover(self, text: str, days: float = 14) -> Handover:
        """Leave a note (1 to 2,000 characters) for the group's facilitators and owners, oneself included, for `days`,
        at most 90. Raises Refused (`forbidden`, `invalid_field`, `quota_reached`, …).
        """
        self.main.log.check_usable()
        place, statements = self.main.place, Statements(self.main.place)
        state, me, id = statements.state, statements.me, uuid7()
        if not may(state.members[me].role, "read_handovers"):
            raise Refused("forbidden")
        if not 0 < days <= MOST_DAYS:
            raise Refused("invalid_field", "A note is kept for at most 90 days.")
        expires = place.clock.now() + int(days * DAY)
        try:
            content = HandoverContent(id=id, seq=place.policy_seq, expires=expires, text=text)
        except ValidationError as error:
            raise Refused("invalid_field", "A note is empty or too long.") from error
        to = [one for one, member in state.members.items() if may(member.role, "read_handovers")]
        to = reachable(self.main.log.unreached, state, to)
        sealed, boxes = statements.seal("safespace handover", id, content.written(), to)
        body = {"id": str(id), "sealed": sealed, "boxes": boxes, "expires": expires}
        item = await self._rest.call("POST", self._path, body)
        return self._shown(statements.someone(me), content, item)

    async def handovers(self) -> list[Handover]:
        """The notes that were left for this member, the newest first. What no facilitator wrote is left out, with a
        warning. Raises Refused `forbidden`."""
        found = []
        async for item in self._rest.items(self._path):
            try:
                if (note := self._read(item)) is not None:
                    found.append(note)
            except CryptoError:
                self.main.log.warn("handover_forged")
        return found

    @property
    def _path(self) -> str:
        return f"/groups/{self.main.place.group}/handovers"

    def _read(self, item: Any) -> Handover | None:
        place, id = self.main.place, UUID(item["id"])
        said, author = Statements(place).unseal("safespace handover", id, item["sealed"], item["box"])
        content = read_handover(said)
        role = role_at(place.roll, author.id, content.seq)
        if content.id != id or role is None or not may(role, "read_handovers"):
            raise CryptoError("no facilitator left this note")
        return self._shown(author, content, item) if content.expires > place.clock.at_least() else None

    def _shown(self, author: Someone, content: HandoverContent, item: Any) -> Handover:
        mine = author.id == self.main.place.me
        return Handover(
            content.id, author, content.text, item["created"], content.expires, mine, _rest=self._rest, _path=self._path
        )
