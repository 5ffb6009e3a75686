"""What processes count together, in Redis: who is alive, connections, tokens of buckets, and who asks for new keys.

Where Redis does not answer, each process counts by itself. Names are keyed hashes, as in `safespace.bus`.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Final, TypeVar, cast
from uuid import UUID
from weakref import WeakValueDictionary

from redis.asyncio import Redis
from redis.exceptions import RedisError

from safespace import logs
from safespace.budgets import Rate
from safespace.bus import name

LIFE = 6_000
"""Milliseconds for which a process counts as alive after it said so; three times the pause between (`relay.link`)."""
KEPT = 7 * 86_400_000
"""Milliseconds for which an account's connections are remembered if no more come and go."""
AWAY = 1.0
"""Seconds for which Redis is left alone after it failed to answer."""

_TAKE: Final = """
local size, rate, wanted = tonumber(ARGV[1]), tonumber(ARGV[2]) / 3600000, tonumber(ARGV[3])
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local level, before = unpack(redis.call('HMGET', KEYS[1], 'level', 'then'))
level = math.min(size, (tonumber(level) or size) + math.max(0, now - (tonumber(before) or now)) * rate)
wanted = math.min(size, wanted)
local wait = 0
if level < wanted then
  wait = math.ceil((wanted - level) / rate)
else
  level = math.min(size, level - wanted)
end
if level < size then
  redis.call('HSET', KEYS[1], 'level', tostring(level), 'then', now)
  redis.call('PEXPIRE', KEYS[1], math.ceil((size - level) / rate))
else
  redis.call('DEL', KEYS[1])
end
return wait
"""
"""A bucket that is full again is forgotten."""

T = TypeVar("T")


class Tally:
    """Every method answers None, or as if this process were alone, while Redis is away."""

    def __init__(self, client: Redis, key: bytes, process: UUID) -> None:
        self._client = client
        self._key = key
        self._process = process
        self._take = client.register_script(_TAKE)
        self._away_until = 0.0
        self._locks: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()

    async def take(self, bucket: str, key: bytes, rate: Rate, tokens: int = 1) -> int | None:
        """Take tokens from a bucket, or give them back: the milliseconds until there are enough, or 0."""
        keys, values = [self._name(bucket, key)], [rate.at_once, rate.per_hour, tokens]
        return await self._try(lambda: cast(Awaitable[int], self._take(keys=keys, args=values)))

    async def attend(self, account: UUID, here: Callable[[], int]) -> int | None:
        """Say how many connections an account has here, and hear how many it has in all processes that are alive."""
        async with self._locks.setdefault(account, asyncio.Lock()):  # else an older number might come later
            counts = await self._try(lambda: self._count(self._name("sockets", account.bytes), here()))
        if counts is None:
            return None
        dead = await self.dead(counts.keys() - {self._process})
        return sum(count for process, count in counts.items() if process not in dead)

    async def _count(self, key: bytes, here: int) -> dict[UUID, int]:
        async with self._client.pipeline() as pipeline:
            if here:
                pipeline.hset(key, self._process.hex, str(here))
            else:
                pipeline.hdel(key, self._process.hex)
            pipeline.pexpire(key, KEPT)
            pipeline.hgetall(key)
            counts = (await pipeline.execute())[-1]
        return {UUID(process.decode()): int(count) for process, count in counts.items()}

    async def live(self) -> None:
        """Say that this process is alive."""
        await self._try(lambda: cast(Awaitable[Any], self._client.set(self._alive(self._process), b"", px=LIFE)))

    async def leave(self) -> None:
        """Say that this process ends."""
        await self._try(lambda: cast(Awaitable[Any], self._client.delete(self._alive(self._process))))

    async def dead(self, processes: Iterable[UUID]) -> set[UUID]:
        """Those of these processes that did not say for a while that they are alive."""
        asked = list(processes)
        if not asked:
            return set()
        names = [self._alive(process) for process in asked]
        found = await self._try(lambda: cast(Awaitable[list[bytes | None]], self._client.mget(names)))
        return set() if found is None else {one for one, alive in zip(asked, found, strict=True) if alive is None}

    async def claim(self, what: str, id: UUID, seconds: float) -> bool:
        """Whether this process is the one to do something for so long."""
        key, me = self._name(what, id.bytes), self._process.bytes
        px = int(1000 * seconds)
        holder = await self._try(lambda: cast(Awaitable[Any], self._client.set(key, me, px=px, nx=True, get=True)))
        return holder in (None, me)

    def _alive(self, process: UUID) -> bytes:
        return self._name("alive", process.bytes)

    def _name(self, kind: str, id: bytes) -> bytes:
        return name(self._key, kind, id)

    async def _try(self, ask: Callable[[], Awaitable[T]]) -> T | None:
        if time.monotonic() < self._away_until:
            return None
        try:
            return await ask()
        except (RedisError, OSError) as error:
            logs.log.warning("redis", kind=type(error).__name__)
            self._away_until = time.monotonic() + AWAY
            return None
