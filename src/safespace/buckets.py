"""Token buckets, in memory or shared by several processes."""

from __future__ import annotations

import math
from collections import OrderedDict
from typing import TYPE_CHECKING

from safespace.budgets import Budget, Whose
from safespace.clock import Clock
from safespace.errors import SafeSpaceError

if TYPE_CHECKING:  # needs what is not installed where there is one process
    from safespace.tally import Tally

HOUR = 3_600_000
MOST_KEYS = 20_000
COMMON = 1_024
"""Buckets that those share for whom there is no room."""
LOOKS = 4
"""Old buckets that are looked at for one that is full again, when there is no room for a new one."""


class _Bucket:
    __slots__ = ("level", "needed", "then")

    def __init__(self, level: float, then: int) -> None:
        self.level = level
        self.then = then
        self.needed = 0
        """Tokens that must be there before any is given again."""


class Buckets:
    """A bucket for each key, refilled evenly. Only one that is full again is forgotten.

    So a flood of new keys flushes nobody's: while there is no room, what is new shares COMMON buckets, each key always
    the same one. Python hashes bytes under a key of the process, so nobody can aim at one.
    """

    def __init__(self, budget: Budget, whose: Whose, clock: Clock, most: int = MOST_KEYS) -> None:
        self.rate = budget.rates[whose]
        self._words = budget.words(whose)
        self._size = float(self.rate.at_once)
        self._per_ms = self.rate.per_hour / HOUR
        self._clock = clock
        self._most = most
        self._own: OrderedDict[bytes, _Bucket] = OrderedDict()
        self._common: dict[int, _Bucket] = {}

    def take(self, key: bytes, tokens: int = 1) -> None:
        """Take tokens. Raises SafeSpaceError `throttled` with the limit and the seconds until there are enough."""
        bucket = self._refilled(key)
        level = bucket.level
        if level >= tokens and level >= bucket.needed:
            bucket.level = level - tokens
            bucket.needed = 0
            return
        # Nothing may be larger than the bucket: then it takes all of it.
        if tokens > self._size <= level:
            bucket.level = 0.0
            return
        bucket.needed = max(bucket.needed, self.rate.again, min(tokens, self.rate.at_once))
        raise self.refusal((bucket.needed - level) / self._per_ms)

    def give_back(self, key: bytes, tokens: int = 1) -> None:
        """Undo one `take`."""
        bucket = self._refilled(key)
        bucket.level = min(self._size, bucket.level + tokens)

    def refusal(self, wait: float) -> SafeSpaceError:
        """What is told where tokens are missing for so many milliseconds."""
        return SafeSpaceError("throttled", self._words, retry_after=max(1, math.ceil(wait / 1000)))

    def __len__(self) -> int:
        return len(self._own) + len(self._common)

    def _refilled(self, key: bytes) -> _Bucket:
        now = self._clock()
        bucket = self._own.get(key)
        if bucket is None:
            return self._new(key, now)
        if now != bucket.then:
            self._refill(bucket, now)
        return bucket

    def _refill(self, bucket: _Bucket, now: int) -> None:
        # After a clock has jumped back, time counts from there.
        if now > bucket.then and bucket.level < self._size:
            level = bucket.level + (now - bucket.then) * self._per_ms
            bucket.level = level if level < self._size else self._size
        bucket.then = now

    def _new(self, key: bytes, now: int) -> _Bucket:
        shared = self._common.get(place := hash(key) % COMMON)
        if shared is not None:
            self._refill(shared, now)
            if shared.level >= self._size:
                del self._common[place]
                shared = None
        if len(self._own) >= self._most and not self._forget_one(now):
            if shared is None:
                shared = self._common[place] = _Bucket(self._size, now)
            return shared
        made = self._own[key] = _Bucket(self._size if shared is None else shared.level, now)
        return made

    def _forget_one(self, now: int) -> bool:
        """Make room for one, where one of the next few is full again."""
        for _ in range(LOOKS):
            key, bucket = next(iter(self._own.items()))
            self._refill(bucket, now)
            if bucket.level >= self._size:
                del self._own[key]
                return True
            self._own.move_to_end(key)
        return False


class SharedBuckets:
    """Buckets that all processes take from. Without others, or while Redis is away, those of this process alone.

    This process's are taken from first: so a flood of keys is held back here, and fills no Redis.
    """

    def __init__(self, name: str, whose: Whose, budget: Budget, clock: Clock, tally: Tally | None) -> None:
        self._name = f"{name} {whose}"
        self._buckets = Buckets(budget, whose, clock)
        self._tally = tally

    async def take(self, key: bytes, tokens: int = 1) -> None:
        """Take tokens. Raises SafeSpaceError `throttled` with the limit and the seconds until there are enough."""
        self._buckets.take(key, tokens)
        if self._tally is None:
            return
        wait = await self._tally.take(self._name, key, self._buckets.rate, tokens)
        if wait:
            self._buckets.give_back(key, tokens)
            raise self._buckets.refusal(wait)

    async def give_back(self, key: bytes, tokens: int = 1) -> None:
        """Undo one `take`."""
        self._buckets.give_back(key, tokens)
        if self._tally is not None:
            await self._tally.take(self._name, key, self._buckets.rate, -tokens)
