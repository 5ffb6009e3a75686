"""What some device in a room has to do: one that is online is asked, then the next, until nothing is left to do."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from uuid import UUID

from safespace import wire
from safespace.framing import text_frame
from safespace.hub import Connection, Hub

PAUSE = 5.0
"""Seconds before the next device is asked."""
Question = Callable[[UUID], Awaitable[wire.Frame | None]]
"""What a device in this room is to be asked now; None for nothing."""


class Asking:
    """One task for each room in which there is something to do and somebody to ask."""

    def __init__(self, hub: Hub, question: Question, pause: float = PAUSE) -> None:
        self._hub = hub
        self._question = question
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
            await self._ask_until_done(room, self._news[room])
        finally:
            del self._tasks[room], self._news[room]

    async def _ask_until_done(self, room: UUID, news: asyncio.Event) -> None:
        asked: set[Connection] = set()
        while True:
            news.clear()
            question = await self._question(room)
            present = [place.connection for place in self._hub.present(room)]
            if question is None or not present:
                if news.is_set():
                    continue
                return
            if asked.issuperset(present):
                asked.clear()
            chosen = next(connection for connection in present if connection not in asked)
            asked.add(chosen)
            chosen.push(text_frame(question.model_dump_json()))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._pause):
                    await news.wait()
