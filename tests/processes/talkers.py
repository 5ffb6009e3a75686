"""People who talk and listen through several processes, come back when a line breaks, and notice what goes wrong."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

from uuid6 import uuid7
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from backing import Postgres, Redis
from evening import until
from gathering import Frame, Gathering, Line, Person
from serving import ServerProcess

AGAIN = frozenset({"unavailable", "storage_full", "not_entered", "internal", "rekey_required"})
"""Refusals after which a device tries again."""

TRIES = 10
"""Wrong logins for one handle in an hour, at all processes together."""


class Processes:
    """Several servers, each on a port of its own, on one database and one Redis."""

    def __init__(self, folder: Path, database: str, redis: Redis, count: int = 4, **settings: str) -> None:
        shared = {"SAFESPACE_DATABASE_URL": database, "SAFESPACE_REDIS_URL": redis.url, **settings}
        self.servers = [ServerProcess(folder / f"process{number}", None, **shared) for number in range(count)]

    async def start(self) -> None:
        """One after the other, so that on a slow machine each has its time."""
        try:
            for server in self.servers:
                await asyncio.to_thread(server.start)
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        await asyncio.gather(*(asyncio.to_thread(server.stop) for server in self.servers))

    @property
    def urls(self) -> list[str]:
        return [server.url for server in self.servers]


class Own:
    """A PostgreSQL, a Redis and processes of a test's own, to be stopped and killed."""

    def __init__(self, folder: Path, count: int = 4) -> None:
        self.postgres = Postgres()
        self.redis = Redis(folder)
        self.processes = Processes(folder, self.postgres.url(), self.redis, count, SAFESPACE_LOG_LEVEL="info")

    @classmethod
    @asynccontextmanager
    async def running(cls, folder: Path, count: int = 4) -> AsyncIterator[Self]:
        own = cls(folder, count)
        await asyncio.to_thread(own.postgres.start)
        await asyncio.to_thread(own.redis.start)
        await own.processes.start()
        try:
            yield own
        finally:
            await own.processes.stop()
            await asyncio.to_thread(own.redis.stop)
            await asyncio.to_thread(own.postgres.remove)


class Talker:
    """One socket after another of a person in a room, at one of several processes."""

    def __init__(self, person: Person, room: str, urls: Sequence[str], after: int = 0) -> None:
        self.person = person
        self.room = room
        self.seen = after
        self.lines: list[str] = []
        """The client_ids of the lines heard, in their order."""
        self.faults: list[str] = []
        self.acknowledged: set[str] = set()
        self.outbox: dict[str, Frame] = {}
        self.others: list[Frame] = []
        """Frames that are not lines."""
        self.closed: list[int | None] = []
        self.live = asyncio.Event()
        self._urls = urls
        self._message = person.message(room)
        self._line: Line | None = None
        self.task = asyncio.create_task(self._stay())

    async def say(self) -> str:
        """Send a message; it is sent again until it is acknowledged."""
        client_id = str(uuid7())
        self.outbox[client_id] = self._message | {"client_id": client_id}
        await self._send(client_id)
        return client_id

    async def stop(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

    async def _stay(self) -> None:
        while True:
            with contextlib.suppress(ConnectionClosed, InvalidHandshake, OSError, TimeoutError, EOFError):
                await self._once()
            self.live.clear()
            self._line = None
            if self.closed and self.closed[-1] in (4401, 4403):
                return
            await asyncio.sleep(random.uniform(0.02, 0.2))

    async def _once(self) -> None:
        self.person.url = random.choice(self._urls)
        async with self.person.line() as line:
            try:
                await line.say({"t": "enter", "room": self.room, "after": self.seen})
                while True:
                    await self._heard(line, await _next(line))
            finally:
                self.closed.append(line.close_code)

    async def _heard(self, line: Line, frame: Frame) -> None:
        match frame["t"]:
            case "envelope":
                if frame["seq"] != self.seen + 1:
                    self.faults.append(f"{frame['seq']} after {self.seen}")
                self.seen = frame["seq"]
                self.lines.append(frame["client_id"])
                if self.outbox.pop(frame["client_id"], None) is not None:
                    self.acknowledged.add(frame["client_id"])
            case "caught_up":
                if frame["head"] != self.seen:
                    self.faults.append(f"caught up to {frame['head']} with {self.seen}")
                self._line = line
                self.live.set()
                for client_id in list(self.outbox):
                    await self._send(client_id)
            case "sent":
                self.acknowledged.add(frame["client_id"])
                self.outbox.pop(frame["client_id"], None)
            case "refused":
                await self._refused(line, frame)
            case _:
                self.others.append(frame)

    async def _refused(self, line: Line, frame: Frame) -> None:
        if frame["code"] not in AGAIN:
            self.others.append(frame)
            return
        await asyncio.sleep(0.1)
        if "client_id" in frame:
            await self._send(frame["client_id"])
        else:
            await line.say({"t": "enter", "room": self.room, "after": self.seen})

    async def _send(self, client_id: str) -> None:
        if self._line is not None and client_id in self.outbox:
            with contextlib.suppress(ConnectionClosed):
                await self._line.say(self.outbox[client_id])


async def _next(line: Line) -> Frame:
    """The next frame, however long it takes."""
    while True:
        with contextlib.suppress(TimeoutError):
            return await line.get()


def at(person: Person, url: str) -> Person:
    """The same device, at another process."""
    there = Person.__new__(Person)
    there.__dict__.update(person.__dict__)
    there.url = url
    return there


async def here(line: Line, *people: Person) -> None:
    """Wait until just these people are told to be here."""
    wanted = sorted(person.member for person in people)
    while (await line.until("here"))["members"] != wanted:
        pass


@asynccontextmanager
async def crowd(
    gathering: Gathering, urls: Sequence[str], people: Iterable[Person], *, anywhere: bool = False
) -> AsyncIterator[list[Talker]]:
    """Each of the people at each of the processes, or as often `anywhere`, caught up; they hear what is new."""
    head = (await gathering.ada.ask("GET", f"/rooms/{gathering.room}"))["head"]
    talkers = [
        Talker(at(person, url), gathering.room, urls if anywhere else [url], head) for person in people for url in urls
    ]
    try:
        async with asyncio.timeout(60):
            for talker in talkers:
                await talker.live.wait()
        yield talkers
    finally:
        await asyncio.gather(*(talker.stop() for talker in talkers))


async def converged(talkers: Sequence[Talker]) -> None:
    """Wait until all that was said was acknowledged, and all have heard the same."""
    await until(lambda: not any(talker.outbox for talker in talkers))
    await until(lambda: len({len(talker.lines) for talker in talkers}) == 1)
    for talker in talkers:
        assert talker.faults == []
        assert talker.lines == talkers[0].lines
    said = {client_id for talker in talkers for client_id in talker.acknowledged}
    assert said <= set(talkers[0].lines)
    assert len(talkers[0].lines) == len(set(talkers[0].lines)) + repeats(talkers[0].lines)


def repeats(lines: Sequence[str]) -> int:
    """How many lines go on with the act of the line before."""
    return sum(one == other for one, other in pairwise(lines))


def said(frames: Sequence[Any], t: str) -> list[Any]:
    """Those of these frames that are of one type."""
    return [frame for frame in frames if frame["t"] == t]


def check_logs(postgres: Postgres) -> None:
    """No log in the database has a hole, or a line twice."""
    counts = (
        "SELECT count(*) FROM rooms JOIN"
        " (SELECT room, count(*) AS lines, max(seq) AS last FROM envelopes GROUP BY room) AS logs ON room = id"
        " WHERE head <> lines OR head <> last"
    )
    assert postgres.sql(counts) == "0"
