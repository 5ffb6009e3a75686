"""Departed leaves: one online device at a time is asked to commit their removal, until they are out of the tree."""

import asyncio
import contextlib
from uuid import UUID

from safespace import wire
from safespace.framing import text_frame
from safespace.hub import Connection, Hub
from safespace.storage import rooms
from safespace.storage.database import Database

PAUSE = 5.0
"""Seconds before the next device is asked."""


class Rekeying:
    """One task for each room that has departed leaves and somebody to ask."""

    def __init__(self, database: Database, hub: Hub, pause: float = PAUSE) -> None:
        self._database = database
        self._hub = hub
        self._pause = pause
        self._tasks: dict[UUID, asyncio.Task[None]] = {}
        self._news: dict[UUID, asyncio.Event] = {}

    def ask(self, room: UUID) -> None:
        """Begin to ask, or ask the next one now."""
        if room in self._tasks:
            self.next(room)
            return
        self._news[room] = asyncio.Event()
        self._tasks[room] = asyncio.create_task(self._ask_in_turn(room))

    def next(self, room: UUID) -> None:
        """Somebody went away: if a device was asked, ask the next one."""
        if room in self._news:
            self._news[room].set()

    async def stop(self) -> None:
        """End every task."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _ask_in_turn(self, room: UUID) -> None:
        try:
            await self._ask_until_gone(room, self._news[room])
        finally:
            del self._tasks[room], self._news[room]

    async def _ask_until_gone(self, room: UUID, news: asyncio.Event) -> None:
        asked: set[Connection] = set()
        while True:
            news.clear()
            async with self._database.read() as db:
                departed = await rooms.leaves(db, room, status="departed")
            present = [place.connection for place in self._hub.present(room)]
            if not departed or not present:
                if news.is_set():
                    continue
                return
            if asked.issuperset(present):
                asked.clear()
            chosen = next(connection for connection in present if connection not in asked)
            asked.add(chosen)
            leaves = sorted(wire.b64encode(leaf.identity) for leaf in departed)
            chosen.push(text_frame(wire.Rekey(room=room, leaves=leaves).model_dump_json()))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._pause):
                    await news.wait()
