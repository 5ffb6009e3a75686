"""Lines that are in the database and were not pushed here: read in their order and pushed.

Another process wrote them, or this one did and the answer to its commit was lost. Who departed by an act among them
gets nothing that comes after it, neither there nor in further rooms where their place ended with it.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby, islice
from uuid import UUID

from safespace import logs, wire
from safespace.clock import Clock
from safespace.framing import text_frame
from safespace.hub import Hub
from safespace.relay.lines import text
from safespace.storage import further, rooms
from safespace.storage.database import Database
from safespace.storage.envelopes import Envelope
from safespace.storage.lines import reader
from safespace.storage.paging import MAX_PAGE

PAGE = 200
"""Lines of a room read at once."""
ROOMS = 50
"""Rooms whose lines are read at once."""
HEADS = 500
"""Rooms whose heads are."""
PAUSES = (0.1, 1.0)
"""Seconds before a database that did not answer is asked again: the first pause, and the longest."""


class Following:
    """One task while there is anything to read.

    `parted` is told of rooms that somebody departed from, `staffed` of a staff room for which there is somebody new.
    """

    def __init__(
        self,
        database: Database,
        hub: Hub,
        clock: Clock,
        parted: Callable[[UUID], None],
        staffed: Callable[[UUID], None],
    ) -> None:
        self._database = database
        self._clock = clock
        self._lines = reader(database)
        self._hub = hub
        self._parted = parted
        self._staffed = staffed
        self._due: dict[UUID, bool] = {}
        """The rooms to be read, and whether what is missing may be old."""
        self._task: asyncio.Task[None] | None = None

    def check(self, room: UUID, *, old: bool = False) -> None:
        """Push what is in the log of a room and was not pushed, soon, whatever it takes; `old`: also of past days."""
        self._due[room] = old or self._due.get(room, False)
        if self._task is None:
            self._task = asyncio.create_task(self._read())

    async def catch_up(self, room: UUID) -> None:
        """Push what is in the log of a room now. Raises whatever keeps it from being read."""
        await self._push({room: False})

    async def check_heads(self) -> None:
        """Check the rooms here whose log has gone on."""
        here = self._hub.rooms()
        for start in range(0, len(here), HEADS):
            async with self._database.read() as db:
                heads = await rooms.heads(db, here[start : start + HEADS])
            for room, head in heads.items():
                published = self._hub.published(room)
                if published is not None and published < head:
                    self.check(room, old=True)

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._lines.close()

    async def _read(self) -> None:
        pause, longest = PAUSES
        while self._due:
            due = dict(islice(self._due.items(), ROOMS))
            for room in due:
                del self._due[room]
            try:
                await self._push(due)
                pause = PAUSES[0]
            except Exception as error:
                logs.log.warning("following", kind=type(error).__name__, place=logs.place_of(error.__traceback__))
                for room, old in due.items():
                    self.check(room, old=old)
                await asyncio.sleep(pause)
                pause = min(2 * pause, longest)
        self._task = None

    async def _push(self, due: Mapping[UUID, bool]) -> None:
        marks = {room: mark for room in due if (mark := self._hub.published(room)) is not None}
        if not marks:
            return
        lines = await self._lines.after(marks, PAGE, None if any(due.values()) else self._clock())
        found = {room: list(some) for room, some in groupby(lines, lambda line: line.room)}
        for room, some in found.items():
            whole = [line for number, line in enumerate(some, marks[room] + 1) if line.seq == number]
            if not whole:
                if self._hub.published(room) == marks[room]:
                    # What came between has expired: whoever comes again is told of the gap.
                    self._hub.close_room(room)
                continue
            acts = any(line.kind in ("policy", "handshake", "void") for line in whole)
            departed: Sequence[rooms.Departure] = ()
            ended: Sequence[further.Ended] = ()
            staff: UUID | None = None
            if acts:
                # A leaf that departed by an act elsewhere gets nothing more at the latest when it is out of the tree.
                async with self._database.read() as db:
                    departed = await rooms.departures(db, room, after=marks[room])
                    ended = await further.ended(db, room)
                    staff = await further.staff_room_of(db, room) if _accepts(whole) else None
            self._publish(room, whole, departed)
            for end in ended:
                self._hub.depart(end.room, [end.leaf], end.until, wire.Gone(room=end.room, code="ended"))
                self._parted(end.room)
            if staff is not None:
                self._staffed(staff)
            if len(whole) < len(some) or len(some) == PAGE or sum(len(line.body or b"") for line in some) >= MAX_PAGE:
                self.check(room)

    def _publish(self, room: UUID, lines: Sequence[Envelope], departed: Sequence[rooms.Departure]) -> None:
        see_departed(self._hub, room, departed)
        self._hub.publish(room, [(line.seq, text_frame(text(line))) for line in lines])
        if any(line.policy is not None and line.policy["action"] == "take_down" for line in lines):
            self._hub.reread(room)
        if departed:
            self._parted(room)


def _accepts(lines: Sequence[Envelope]) -> bool:
    return any(line.policy is not None and line.policy["action"] == "accept" for line in lines)


def see_departed(hub: Hub, room: UUID, departed: Sequence[rooms.Departure]) -> None:
    """Let nobody have anything that came after their departure."""
    for leaf, until, status in departed:
        hub.depart(room, [leaf], until, wire.Gone.model_validate({"room": room, "code": status}))
