"""Departed leaves: one online device at a time is asked to commit their removal, until they are out of the tree.

Several processes take turns, as far as they can tell; a device asked in vain does no harm.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING
from uuid import UUID

from safespace import logs, wire
from safespace.connection import Connection
from safespace.framing import text_frame
from safespace.hub import Hub
from safespace.storage import rooms
from safespace.storage.database import Database

if TYPE_CHECKING:  # needs what is not installed where there is one process
    from safespace.tally import Tally

PAUSE = 5.0
"""Seconds before the next device is asked."""
AGAIN = 1.0
"""Seconds before a database that was away is asked again."""


class Rekeying:
    """One task for each room that has departed leaves and somebody to ask."""

    def __init__(self, database: Database, hub: Hub, pause: float = PAUSE, tally: Tally | None = None) -> None:
        self._database = database
        self._hub = hub
        self._pause = pause
        self._tally = tally
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
            departed = await self._departed(room)
            present = [place.connection for place in self._hub.present(room)]
            if not departed or not present:
                if news.is_set():
                    continue
                return
            round_is_over = asked.issuperset(present)
            if round_is_over:
                asked.clear()
            # Where others can ask too, they get their turn after each round here.
            if self._tally is None or (not round_is_over and await self._tally.claim("rekey", room, self._pause)):
                chosen = next(connection for connection in present if connection not in asked)
                asked.add(chosen)
                leaves = sorted(wire.b64encode(leaf) for leaf in departed)
                chosen.push(text_frame(wire.Rekey(room=room, leaves=leaves).model_dump_json()))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._pause):
                    await news.wait()

    async def _departed(self, room: UUID) -> list[bytes]:
        """The leaves that are still in the tree, whenever the database answers."""
        while True:
            try:
                async with self._database.read() as db:
                    return [leaf.identity for leaf in await rooms.leaves(db, room, status="departed")]
            except Exception as error:
                logs.log.warning("rekey", kind=type(error).__name__)
                await asyncio.sleep(AGAIN)
