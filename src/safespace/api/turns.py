"""So many at a time for each key: whoever comes while all places are taken waits in line, and holds next to nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from safespace.errors import SafeSpaceError

AGAIN = 1
"""Seconds after which who was turned away should come again."""


class _Line(asyncio.Semaphore):
    waiting = 0


class Turns:
    """Places by key, `at_once` for each, and for as many as are `waiting`."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._at_once = at_once
        self._waiting = waiting
        self._lines: WeakValueDictionary[bytes, _Line] = WeakValueDictionary()

    @asynccontextmanager
    async def turn(self, key: bytes) -> AsyncIterator[None]:
        """Have a place while the block runs. Raises SafeSpaceError throttled where too many wait already."""
        line = self._lines.setdefault(key, _Line(self._at_once))
        if line.waiting >= self._waiting:
            raise SafeSpaceError("throttled", retry_after=AGAIN)
        line.waiting += 1
        try:
            await line.acquire()
        finally:
            line.waiting -= 1
        try:
            yield
        finally:
            line.release()
