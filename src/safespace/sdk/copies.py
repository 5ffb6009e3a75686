"""Who takes office is handed what was sealed to those in office before, by the devices of these."""

import asyncio
import contextlib
import random
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from safespace.crypto.errors import CryptoError
from safespace.crypto.invites import open_material, seal_material
from safespace.crypto.reports import About, ReportContent, Use, hand_on, read
from safespace.fields import Role, b64decode, b64encode
from safespace.rooms.reports import later_recipients
from safespace.rooms.roles import STAFF, Deed, may
from safespace.sdk.errors import ClientError, Refused
from safespace.sdk.reach import reachable
from safespace.sdk.rest import Rest
from safespace.sdk.statements import Statements

if TYPE_CHECKING:
    from safespace.sdk.room import Room

_SOON: Final = (0.1, 1.5)
"""Seconds: the devices of several in office do not all begin at once."""
_PASSED: Final = frozenset({"invite_unknown", "report_unknown", "handover_unknown", "unknown_member"})
"""What does not wait any more, or is for somebody who left office meanwhile."""
_FOR: Final[dict[str, Deed]] = {"invite": "admit", "report": "read_reports", "handover": "read_handovers"}
"""What those may do for whom each is."""
_USES: Final[dict[str, Use]] = {
    "report": "safespace report",
    "entry": "safespace report entry",
    "handover": "safespace handover",
}


class Copies:
    """Looks whether anybody in office lacks what this member holds, when it comes and whenever somebody takes office.

    Several devices may do it: who has a box keeps it, and the others find nobody who lacks one.
    """

    def __init__(self, room: "Room", rest: Rest) -> None:
        self._room = room
        self._rest = rest
        self._statements = Statements(room.place)
        self._looked: dict[str, Role] = {}
        """Who was in office at the last look."""
        self._due = False
        room.log.watchers.append(self.look)

    def look(self) -> None:
        """See whether somebody took office since the last look, or this device was away."""
        log, place = self._room.log, self._room.place
        if not log.live or place.state is None:
            self._looked = {}
            return
        now = {id: member.role for id, member in place.state.members.items() if member.role in STAFF}
        if now == self._looked or place.me not in now:
            return
        self._looked, self._due = now, True
        if len(now) > 1:
            log.chores.start(self._hand_on(), "hand on")

    async def _hand_on(self) -> None:
        while self._due:
            await asyncio.sleep(random.uniform(*_SOON))  # noqa: S311 - jitter, not a secret
            self._due = False
            with contextlib.suppress(ClientError):  # what cannot be done now is done when this device comes again
                async for item in self._rest.items(self._path):
                    await self._see_to(item)

    @property
    def _path(self) -> str:
        return f"/groups/{self._room.place.group}/copies"

    async def _see_to(self, item: Any) -> None:
        of, id = item["of"], UUID(item["id"])
        try:
            readers = self._readers(of, id, item)
        except CryptoError:
            return  # what is not genuine is nobody's
        await self._give(of, id, item, readers)
        for entry in item["entries"]:
            await self._give("entry", UUID(entry["id"]), entry, readers)

    def _readers(self, of: str, id: UUID, item: Any) -> set[str]:
        """The members whom it is for. Raises CryptoError."""
        state, roll = self._statements.state, self._room.place.roll
        if of != "report":
            return {one for one, member in state.members.items() if may(member.role, _FOR[of])}
        said, reporter = self._statements.unseal("safespace report", id, item["sealed"], item["box"])
        report = read(ReportContent, said)
        return later_recipients(state, roll, report.kind, report.accused, reporter.id, report.to)

    async def _give(self, of: str, id: UUID, item: Any, readers: set[str]) -> None:
        state, private, held = self._statements.state, self._room.place.policy_private, b64decode(item["box"])
        boxes = []
        for one in reachable(self._room.log.unreached, state, [one for one in item["members"] if one in readers]):
            key = b64decode(state.members[one].key)
            try:
                box = _another(of, state.group, id, held, private, key)
            except CryptoError:
                return  # the own box does not open
            boxes.append({"member": one, "box": b64encode(box)})
        if not boxes:
            return
        try:
            await self._rest.call("POST", self._path, {"of": of, "id": str(id), "boxes": boxes})
        except Refused as refused:
            if refused.code not in _PASSED:
                raise


def _another(of: str, group: UUID, id: UUID, box: bytes, private: bytes, key: bytes) -> bytes:
    """The same box for another policy key. Raises CryptoError."""
    if of == "invite":
        return seal_material(key, id.bytes, open_material(private, id.bytes, box))
    return hand_on(About(_USES[of], group, id), box, private, key)
