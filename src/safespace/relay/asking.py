"""What some device in a room has to do: one that is online is asked, then the next, until nothing is left to do.

Several processes take turns, as far as they can tell; a device asked in vain does no harm.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING
from uuid import UUID

from safespace import logs, wire
from safespace.connection import Connection
from safespace.framing import text_frame
from safespace.hub import Hub

if TYPE_CHECKING:  # needs what is not installed where there is one process
    from safespace.tally import Tally

PAUSE = 5.0
"""Seconds before the next device is asked."""
AGAIN = 1.0
"""Seconds before a database that was away is asked again."""
Question = Callable[[UUID], Awaitable[wire.Frame | None]]
"""What a device in this room is to be asked now; None for nothing."""


class Asking:
    """One task for each room in which there is something to do and somebody to ask."""

    def __init__(
        self, hub: Hub, question: Question, what: str, pause: float = PAUSE, tally: Tally | None = None
    ) -> None:
        self._hub = hub
        self._question = question
        self._what = what
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

    def begin(self, room: UUID) -> None:
        """Begin to ask, unless that is under way."""
        if room not in self._tasks:
            self.ask(room)

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
            await self._ask_until_done(room, self._news[room])
        finally:
            del self._tasks[room], self._news[room]

    async def _ask_until_done(self, room: UUID, news: asyncio.Event) -> None:
        asked: set[Connection] = set()
        while True:
            news.clear()
            question = await self._due(room)
            present = [place.connection for place in self._hub.present(room)]
            if question is None or not present:
                if news.is_set():
                    continue
                return
            round_is_over = asked.issuperset(present)
            if round_is_over:
                asked.clear()
            # Where others can ask too, they get their turn after each round here.
            if self._tally is None or (not round_is_over and await self._tally.claim(self._what, room, self._pause)):
                chosen = next(connection for connection in present if connection not in asked)
                asked.add(chosen)
                chosen.push(text_frame(question.model_dump_json()))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._pause):
                    await news.wait()

    async def _due(self, room: UUID) -> wire.Frame | None:
        """What there is to ask, whenever the database answers."""
        while True:
            try:
                return await self._question(room)
            except Exception as error:
                logs.log.warning(self._what, kind=type(error).__name__)
                await asyncio.sleep(AGAIN)
