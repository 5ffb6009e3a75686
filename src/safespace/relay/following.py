"""Lines that are in the database and were not pushed here: read in their order and pushed.

Another process wrote them, or this one did and the answer to its commit was lost. Who departed by an act among them
gets nothing that comes after it.
"""

import asyncio
from collections.abc import Callable, Sequence
from itertools import groupby
from uuid import UUID

from safespace import logs, wire
from safespace.framing import text_frame
from safespace.hub import Hub
from safespace.relay.lines import text
from safespace.storage import envelopes, rooms
from safespace.storage.database import Database
from safespace.storage.envelopes import Envelope

PAGE = 200
"""Lines of a room read at once."""
ROOMS = 50
"""Rooms whose lines are read at once."""
HEADS = 500
"""Rooms whose heads are."""
PAUSES = (0.1, 1.0)
"""Seconds before a database that did not answer is asked again: the first pause, and the longest."""


class Following:
    """One task while there is anything to read. `parted` is told of rooms that somebody departed from."""

    def __init__(self, database: Database, hub: Hub, parted: Callable[[UUID], None]) -> None:
        self._database = database
        self._hub = hub
        self._parted = parted
        self._due: set[UUID] = set()
        self._task: asyncio.Task[None] | None = None

    def check(self, room: UUID) -> None:
        """Push what is in the log of a room and was not pushed, soon, whatever it takes."""
        self._due.add(room)
        if self._task is None:
            self._task = asyncio.create_task(self._read())

    async def catch_up(self, room: UUID) -> None:
        """Push what is in the log of a room now. Raises whatever keeps it from being read."""
        await self._push([room])

    async def check_heads(self) -> None:
        """Check the rooms here whose log has gone on."""
        here = self._hub.rooms()
        for start in range(0, len(here), HEADS):
            async with self._database.read() as db:
                heads = await rooms.heads(db, here[start : start + HEADS])
            for room, head in heads.items():
                published = self._hub.published(room)
                if published is not None and published < head:
                    self.check(room)

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _read(self) -> None:
        pause, longest = PAUSES
        while self._due:
            due = [self._due.pop() for _ in range(min(len(self._due), ROOMS))]
            try:
                await self._push(due)
                pause = PAUSES[0]
            except Exception as error:
                logs.log.warning("following", kind=type(error).__name__)
                self._due.update(due)
                await asyncio.sleep(pause)
                pause = min(2 * pause, longest)
        self._task = None

    async def _push(self, due: Sequence[UUID]) -> None:
        marks = {room: mark for room in due if (mark := self._hub.published(room)) is not None}
        if not marks:
            return
        async with self._database.read() as db:
            lines = await envelopes.after(db, marks, PAGE)
            found = {room: list(some) for room, some in groupby(lines, lambda line: line.room)}
            departed = {
                room: await rooms.departures(db, room, after=marks[room])
                for room, some in found.items()
                if any(line.kind == "policy" for line in some)
            }
        for room, some in found.items():
            self._publish(room, some, departed.get(room, ()))

    def _publish(self, room: UUID, lines: Sequence[Envelope], departed: Sequence[rooms.Departure]) -> None:
        see_departed(self._hub, room, departed)
        self._hub.publish(room, [(line.seq, text_frame(text(line))) for line in lines])
        if any(line.policy is not None and line.policy["action"] == "take_down" for line in lines):
            self._hub.reread(room)
        if departed:
            self._parted(room)
        if len(lines) == PAGE:
            self.check(room)


def see_departed(hub: Hub, room: UUID, departed: Sequence[rooms.Departure]) -> None:
    """Let nobody have anything that came after their departure."""
    for leaf, until, status in departed:
        hub.depart(room, [leaf], until, wire.Gone.model_validate({"room": room, "code": status}))
