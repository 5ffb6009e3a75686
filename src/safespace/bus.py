"""The hub's link to other processes, over Redis' publish and subscribe. Absent where there is one process.

What it carries may be lost: each process finds out from the database what it was not told. Names of channels are keyed
hashes, so Redis sees no ids of rooms and accounts, and servers that share one do not meet.
"""

import asyncio
import contextlib
import hashlib
from collections.abc import Awaitable, Iterable
from typing import Any, Protocol, cast
from uuid import UUID

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from safespace import logs

TIMEOUT = 1.0
"""Seconds for Redis to connect, and to answer."""
SILENCE = 15.0
"""Seconds after which a connection on which nothing comes, not even the answer to a ping, is given up."""
PING = 5.0
PAUSE = 0.2
"""Seconds between two tries to connect."""
MOST = 1000
"""Channels subscribed to at once."""


class Listener(Protocol):
    """Who uses the bus. No method may raise."""

    def up(self) -> None:
        """There is a connection; whatever was said before may have been missed."""

    def down(self) -> None:
        """There is none."""

    def followed(self, room: UUID) -> None:
        """What is said in the room from now on will be heard."""

    def announced(self, room: UUID, head: int) -> None:
        """The room's log has gone on up to `head`."""

    def asked(self, room: UUID) -> None:
        """Another process wants to know who is in the room."""

    def present(self, room: UUID, process: UUID, members: frozenset[str]) -> None:
        """Who is in the room in another process."""

    def told(self, account: UUID, text: str) -> None:
        """A frame for every connection of the account."""

    def logins_changed(self, account: UUID) -> None:
        """A login of the account has ended."""


def connect(url: str) -> Redis:
    """A client that tries once, and not for long."""
    once = Retry(NoBackoff(), 0)
    return Redis.from_url(url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT, retry=once)


def name(key: bytes, kind: str, id: bytes) -> bytes:
    """What something is called in Redis: a keyed hash that tells nothing."""
    digest = hashlib.blake2b(kind.encode() + b"\0" + id, key=key, digest_size=16)
    return b"safespace:" + digest.hexdigest().encode()


class Bus:
    """Says and hears. Only `is_followed` waits for Redis; heads that could not be told are kept until they can be."""

    def __init__(self, client: Redis, key: bytes, process: UUID) -> None:
        self.is_up = False
        self._client = client
        self._key = key
        self._process = process
        self._listener: Listener
        self._base = name(key, "process", process.bytes)
        self._wanted: dict[bytes, tuple[bool, UUID]] = {}
        """Channels by name: whether of a room, and of which one or which account."""
        self._subscribed: set[bytes] = set()
        self._changed: set[bytes] = set()
        self._heads: dict[UUID, int] = {}
        self._said: list[tuple[bytes, bytes]] = []
        self._news = asyncio.Event()
        self._pubsub: PubSub | None = None
        self._tasks: list[asyncio.Task[None]] = []

    def start(self, listener: Listener) -> None:
        """Connect, and stay connected until `stop`."""
        self._listener = listener
        for doing in (self._listen(), self._speak(), self._ping()):
            self._tasks.append(asyncio.create_task(doing))

    async def stop(self) -> None:
        """Say what is still to be said, and let go."""
        if self.is_up:
            with contextlib.suppress(RedisError, OSError):
                await self._flush()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def follow(self, room: UUID) -> None:
        """Hear what is said in a room."""
        self._want(self._room(room), (True, room))

    def unfollow(self, room: UUID) -> None:
        self._heads.pop(room, None)
        self._want(self._room(room), None)

    async def is_followed(self, room: UUID, *, here: bool = True) -> bool:
        """Whether another process hears what is said in a room; `here`: this one does, too. True where Redis does not
        say."""
        try:
            counts = await cast(Awaitable[list[tuple[bytes, int]]], self._client.pubsub_numsub(self._room(room)))
        except (RedisError, OSError):
            return True
        return any(count > here for _, count in counts)

    def attend(self, account: UUID) -> None:
        """Hear what is said to an account."""
        self._want(self._account(account), (False, account))

    def unattend(self, account: UUID) -> None:
        self._want(self._account(account), None)

    def announce(self, room: UUID, head: int) -> None:
        """Tell the others that a room's log has gone on; of several heads that wait only the last is told."""
        self._heads[room] = head
        self._news.set()

    def ask(self, room: UUID) -> None:
        """Ask the others who is in a room."""
        self._say(self._room(room), b"?", "")

    def tell_present(self, room: UUID, members: Iterable[str]) -> None:
        """Tell the others who is in a room in this process."""
        self._say(self._room(room), b"p", " ".join(members))

    def tell(self, account: UUID, text: str) -> None:
        """Tell the others a frame for an account."""
        self._say(self._account(account), b"t", text)

    def tell_logins(self, account: UUID) -> None:
        """Tell the others that a login of an account has ended."""
        self._say(self._account(account), b"l", "")

    def _room(self, room: UUID) -> bytes:
        return name(self._key, "room", room.bytes)

    def _account(self, account: UUID) -> bytes:
        return name(self._key, "account", account.bytes)

    def _want(self, channel: bytes, what: tuple[bool, UUID] | None) -> None:
        if what is None:
            self._wanted.pop(channel, None)
        else:
            self._wanted[channel] = what
        self._changed.add(channel)
        self._news.set()

    def _say(self, channel: bytes, what: bytes, words: str) -> None:
        if self.is_up:
            self._said.append((channel, what + self._process.bytes + words.encode()))
            self._news.set()

    async def _speak(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            if not self.is_up:
                continue
            try:
                await self._flush()
            except (RedisError, OSError) as error:
                logs.log.warning("redis", kind=type(error).__name__)
                await asyncio.sleep(PAUSE)
                self._news.set()

    async def _flush(self) -> None:
        await self._subscribe()
        heads, self._heads = self._heads, {}
        said, self._said = self._said, []
        if not heads and not said:
            return
        try:
            async with self._client.pipeline(transaction=False) as pipeline:
                for room, head in heads.items():
                    pipeline.publish(self._room(room), b"%d" % head)
                for channel, words in said:
                    pipeline.publish(channel, words)
                await pipeline.execute()
        except BaseException:
            self._heads = heads | self._heads
            raise

    async def _subscribe(self) -> None:
        pubsub, changed, self._changed = self._pubsub, self._changed, set()
        if pubsub is None:
            return
        more = [channel for channel in changed if channel in self._wanted and channel not in self._subscribed]
        fewer = [channel for channel in changed if channel not in self._wanted and channel in self._subscribed]
        self._subscribed.update(more)
        self._subscribed.difference_update(fewer)
        for start in range(0, len(more), MOST):
            await cast(Awaitable[Any], pubsub.subscribe(*more[start : start + MOST]))
        if fewer:
            await pubsub.unsubscribe(*fewer)

    async def _listen(self) -> None:
        while True:
            try:
                await self._hear()
            except (RedisError, OSError) as error:
                if self.is_up:
                    logs.log.warning("redis", kind=type(error).__name__)
            if self.is_up:
                self.is_up = False
                self._listener.down()
            await asyncio.sleep(PAUSE)

    async def _hear(self) -> None:
        """One connection, until it breaks or is silent."""
        async with self._client.pubsub() as pubsub:
            await cast(Awaitable[Any], pubsub.subscribe(self._base))
            self._subscribed = set()
            self._changed = set(self._wanted)
            self._pubsub = pubsub
            try:
                while (message := await pubsub.get_message(timeout=SILENCE)) is not None:
                    self._heard(message["type"], message["channel"], message["data"])
            finally:
                self._pubsub = None

    def _heard(self, kind: str, channel: bytes, data: Any) -> None:
        if kind == "subscribe" and channel == self._base:
            logs.log.info("redis", up=True)
            self.is_up = True
            self._said.clear()
            self._listener.up()
            self._news.set()
            return
        of_room, id = self._wanted.get(channel, (False, None))
        if id is None:
            return
        if kind == "subscribe" and of_room:
            self._listener.followed(id)
        elif kind == "message" and of_room and data.isdigit():
            self._listener.announced(id, int(data))
        elif kind == "message" and data[1:17] != self._process.bytes:
            self._heard_words(id, data[:1], data[1:17], data[17:].decode())

    def _heard_words(self, id: UUID, what: bytes, process: bytes, words: str) -> None:
        match what:
            case b"?":
                self._listener.asked(id)
            case b"p":
                self._listener.present(id, UUID(bytes=process), frozenset(words.split()))
            case b"t":
                self._listener.told(id, words)
            case b"l":
                self._listener.logins_changed(id)

    async def _ping(self) -> None:
        """What is never answered is not a connection."""
        while True:
            await asyncio.sleep(PING)
            if self._pubsub is not None:
                with contextlib.suppress(RedisError, OSError):
                    await self._pubsub.ping()
