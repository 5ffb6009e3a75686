"""Token buckets, in memory or shared by several processes."""

from __future__ import annotations

import math
from collections import OrderedDict
from typing import TYPE_CHECKING

from safespace.clock import Clock
from safespace.errors import SafeSpaceError

if TYPE_CHECKING:  # needs what is not installed where there is one process
    from safespace.tally import Tally

HOUR = 3_600_000
MOST_KEYS = 20_000


class Buckets:
    """A bucket of `per_hour` tokens for each key, refilled evenly; the least recently used are forgotten."""

    def __init__(self, per_hour: int, clock: Clock, most: int = MOST_KEYS) -> None:
        self.size = per_hour
        self._clock = clock
        self._most = most
        self._levels: OrderedDict[bytes, tuple[float, int]] = OrderedDict()

    def take(self, key: bytes) -> None:
        """Take one token. Raises SafeSpaceError `throttled` with the seconds until there is one."""
        level = self._level(key)
        # Kept also when nothing is taken: after a clock has jumped back, time counts from here.
        self._keep(key, level - 1 if level >= 1 else level)
        if level < 1:
            seconds = math.ceil((1 - level) * HOUR / self.size / 1000)
            raise SafeSpaceError("throttled", retry_after=max(1, seconds))

    def give_back(self, key: bytes) -> None:
        """Undo one `take`."""
        self._keep(key, min(self.size, self._level(key) + 1))

    def __len__(self) -> int:
        return len(self._levels)

    def _level(self, key: bytes) -> float:
        level, then = self._levels.get(key, (float(self.size), 0))
        return min(self.size, level + max(0, self._clock() - then) * self.size / HOUR)

    def _keep(self, key: bytes, level: float) -> None:
        self._levels[key] = (level, self._clock())
        self._levels.move_to_end(key)
        if len(self._levels) > self._most:
            self._levels.popitem(last=False)


class SharedBuckets:
    """Buckets that all processes take from. Without others, or while Redis is away, those of this process alone."""

    def __init__(self, name: str, buckets: Buckets, tally: Tally | None) -> None:
        self._name = name
        self._buckets = buckets
        self._tally = tally

    async def take(self, key: bytes) -> None:
        """Take one token. Raises SafeSpaceError `throttled` with the seconds until there is one."""
        wait = None if self._tally is None else await self._tally.take(self._name, key, self._buckets.size)
        if wait is None:
            self._buckets.take(key)
        elif wait:
            raise SafeSpaceError("throttled", retry_after=math.ceil(wait / 1000))

    async def give_back(self, key: bytes) -> None:
        """Undo one `take`."""
        if self._tally is None or await self._tally.take(self._name, key, self._buckets.size, -1) is None:
            self._buckets.give_back(key)
