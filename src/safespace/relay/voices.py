"""Whose word counts when a device says whether it could follow something, and who is there to be waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from safespace import logs
from safespace.hub import Hub
from safespace.storage import rooms

if TYPE_CHECKING:  # needs what is not installed where there is one process
    from safespace.bus import Bus

PATIENCE = 2.0
"""Seconds after which nobody is waited for any more."""


class Voices:
    """Who is in a room, here and elsewhere."""

    def __init__(self, hub: Hub, bus: Bus | None) -> None:
        self._hub = hub
        self._bus = bus
        self._waiting: set[asyncio.Task[None]] = set()

    def live(self, room: UUID) -> tuple[frozenset[bytes], bool]:
        """The members known to be in the room, and whether there are no others."""
        members, shown = self._hub.everyone(room)
        return members, self._bus is None or (shown and self._bus.is_up)

    async def alone(self, room: UUID) -> bool:
        """Whether nobody is in the room at another process."""
        return self._bus is not None and self._bus.is_up and not await self._bus.is_followed(room)

    def later(self, pause: float, decide: Callable[[], Awaitable[object]]) -> None:
        """Decide in so many seconds. Should that fail, whoever speaks next decides."""
        task = asyncio.create_task(self._later(pause, decide))
        self._waiting.add(task)
        task.add_done_callback(self._waiting.discard)

    async def stop(self) -> None:
        """Leave what is open to whoever comes next."""
        for task in self._waiting:
            task.cancel()
        await asyncio.gather(*self._waiting, return_exceptions=True)

    async def _later(self, pause: float, decide: Callable[[], Awaitable[object]]) -> None:
        await asyncio.sleep(pause)
        try:
            await decide()
        except Exception as error:
            logs.log.warning("deciding", kind=type(error).__name__, place=logs.place_of(error.__traceback__))


async def others(db: AsyncConnection, room: UUID, author: bytes, seq: int) -> frozenset[bytes]:
    """The members who hold keys of the room, were there before the line `seq`, and are not the author."""
    held = await rooms.leaves(db, room, "active")
    return frozenset(leaf.member for leaf in held if leaf.joined_seq < seq and leaf.member != author)
