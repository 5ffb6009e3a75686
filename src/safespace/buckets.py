"""Token buckets in memory."""

import math
from collections import OrderedDict

from safespace.clock import Clock
from safespace.errors import SafeSpaceError

HOUR = 3_600_000
MOST_KEYS = 20_000


class Buckets:
    """A bucket of `per_hour` tokens for each key, refilled evenly; the least recently used are forgotten."""

    def __init__(self, per_hour: int, clock: Clock, most: int = MOST_KEYS) -> None:
        self._size = per_hour
        self._clock = clock
        self._most = most
        self._levels: OrderedDict[bytes, tuple[float, int]] = OrderedDict()

    def take(self, key: bytes) -> None:
        """Take one token. Raises SafeSpaceError `throttled` with the seconds until there is one."""
        level = self._level(key)
        # Kept also when nothing is taken: after a clock has jumped back, time counts from here.
        self._keep(key, level - 1 if level >= 1 else level)
        if level < 1:
            seconds = math.ceil((1 - level) * HOUR / self._size / 1000)
            raise SafeSpaceError("throttled", retry_after=max(1, seconds))

    def give_back(self, key: bytes) -> None:
        """Undo one `take`."""
        self._keep(key, min(self._size, self._level(key) + 1))

    def __len__(self) -> int:
        return len(self._levels)

    def _level(self, key: bytes) -> float:
        level, then = self._levels.get(key, (float(self._size), 0))
        return min(self._size, level + max(0, self._clock() - then) * self._size / HOUR)

    def _keep(self, key: bytes, level: float) -> None:
        self._levels[key] = (level, self._clock())
        self._levels.move_to_end(key)
        if len(self._levels) > self._most:
            self._levels.popitem(last=False)
