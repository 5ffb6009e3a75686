"""Guests go when their time has ended, and nobody has to think of it."""

import asyncio
import contextlib
import random
from typing import TYPE_CHECKING, Final

from safespace.rooms.guests import done_with, guests_of
from safespace.rooms.roles import may
from safespace.rooms.running import settle
from safespace.sdk.errors import ClientError

if TYPE_CHECKING:
    from safespace.sdk.room import Room

_SOON: Final = (0.2, 3.0)
"""Seconds: the devices of several of the staff do not all begin at once."""
_LOOK: Final = 5.0
"""Seconds between two looks whether a session ended by itself."""


class Farewells:
    """What a device of the staff does about guests: it removes, without a ban, those whose time has ended.

    Several may try: the first removal stands, and the others find nobody left.
    """

    def __init__(self, room: "Room") -> None:
        self._room = room
        room.log.watchers.append(self.look)

    def look(self) -> None:
        """See whether there is anything to do, now or when the session will have ended."""
        log, place = self._room.log, self._room.place
        me = place.member(place.me)
        if not log.live or place.state is None or me is None or not may(me.role, "remove", "guest"):
            return
        if self._due():
            log.chores.start(self._thank(), "thank guests")
        elif guests_of(place.state) and place.state.live.session is not None:
            log.chores.start(self._wait(), "wait for guests")

    def _due(self) -> list[str]:
        """The guests whose time has ended, those of them who still are here."""
        place = self._room.place
        if place.state is None:
            return []
        ended = done_with(place.state, settle(place.state, place.session_time()))
        return [id for id in guests_of(place.state) if id in place.leaving or id in ended]

    async def _thank(self) -> None:
        await asyncio.sleep(random.uniform(*_SOON))  # noqa: S311 - jitter, not a secret
        for id in self._due():
            with contextlib.suppress(ClientError):  # another device was quicker, or somebody else will see to it
                member = self._room.member(id)
                if member is not None:
                    await self._room.remove(member)

    async def _wait(self) -> None:
        while not self._due():
            await asyncio.sleep(_LOOK)
            state = self._room.place.state
            if state is None or not guests_of(state) or state.live.session is None:
                return
        await self._thank()
