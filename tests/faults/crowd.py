"""People who chat through the SDK at a steady rate, whatever happens to the server, and keep account of it."""

import asyncio
import contextlib
import shutil
import sqlite3
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

from evening import Evening, until
from gathering import Person
from safespace.sdk import Room
from safespace.sdk.errors import Refused
from serving import ServerProcess

RATE = 50
"""Messages a second that they send together while the server answers."""
PEOPLE = ("Wren", "Moss", "Ada", "Ivy")
"""Besides Fern."""


class Crowd:
    """`acknowledged` are the texts by seq, `refused` the codes by text, `asked` the messages sent so far."""

    def __init__(self, evening: Evening) -> None:
        self.evening = evening
        self.listeners = evening.listen()
        self.acknowledged: dict[int, str] = {}
        self.refused: dict[str, str] = {}
        self.asked = 0
        self._under_way: set[str] = set()
        self._chatting: list[asyncio.Task[None]] = []

    @classmethod
    @asynccontextmanager
    async def of(cls, url: str, folder: Path) -> AsyncIterator["Crowd"]:
        """Five people in a room, silent yet."""
        async with Evening.of(url, folder, *PEOPLE) as evening:
            crowd = cls(evening)
            try:
                yield crowd
            finally:
                for task in crowd._chatting:
                    task.cancel()
                await asyncio.gather(*crowd._chatting, return_exceptions=True)

    @property
    def room(self) -> UUID:
        return self.evening.group.main.id

    @property
    def last_known(self) -> int:
        """The highest seq that anyone has been told or shown."""
        return max(room.place.cursor for room in self.evening.rooms.values())

    def reader(self, name: str) -> Person:
        """Someone's login, for a further connection beside their client's."""
        person = Person(self.evening.url, name)
        person.token = self.evening.clients[name]._store.get("login")["token"]
        person.http.headers["Authorization"] = f"Bearer {person.token}"
        return person

    def begin(self) -> None:
        """Talk from now on. Each waits for the last message to be acknowledged before the next."""
        pause = len(self.evening.rooms) / RATE
        self._chatting = [
            asyncio.create_task(self._chat(name, room, pause)) for name, room in self.evening.rooms.items()
        ]

    async def end(self) -> None:
        """Finish the last message, and talk no more."""
        chatting, self._chatting = self._chatting, []
        stopped = asyncio.gather(*chatting)
        self._ending = True
        await stopped

    async def converged(self, server_file: Path) -> float:
        """Seconds until everyone has all that was on its way at the call, and all that the server holds now."""
        began = time.monotonic()
        head = head_of(server_file, self.room)
        on_its_way = set(self._under_way)
        await until(lambda: self._nobody_warned() and not on_its_way & self._under_way)
        expected = max([head, *self.acknowledged])
        await until(lambda: min(room.place.cursor for room in self.evening.rooms.values()) >= expected)
        return time.monotonic() - began

    async def check(self, server_file: Path) -> None:
        """Everybody was shown each acknowledged message, once, in one order; the log has no hole; nobody is warned."""
        texts = list(self.acknowledged.values())
        assert len(set(texts)) == len(texts)
        for listener in self.listeners.values():
            await listener.hears(*texts)
            shown = [(one.seq, one.text) for one in listener.heard]
            assert shown == sorted(self.acknowledged.items())
        assert self._nobody_warned()
        assert not set(self.refused) & set(texts)
        check_database(server_file, self.room, self.last_known)

    _ending = False

    def _nobody_warned(self) -> bool:
        """Fails with the warnings if there are any: who was warned may have stopped sending."""
        for name, room in self.evening.rooms.items():
            assert room.warnings() == [], name
        return True

    async def _chat(self, name: str, room: Room, pause: float) -> None:
        number = 0
        due = time.monotonic()
        while not self._ending:
            text = f"{name} {number}"
            number += 1
            self.asked += 1
            self._under_way.add(text)
            try:
                self.acknowledged[await room.send(text)] = text
            except Refused as refused:
                self.refused[text] = refused.code
            self._under_way.discard(text)
            # What was missed while the server was away is not made up for.
            due = max(due + pause, time.monotonic() - pause)
            await asyncio.sleep(due - time.monotonic())


def head_of(file: Path, room: UUID) -> int:
    """The seq of the last line that is on disk."""
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        return int(database.execute("SELECT head FROM rooms WHERE id = ?", (room.hex,)).fetchone()[0])


def check_database(file: Path, room: UUID, last_known: int) -> None:
    """The database is whole, its logs have no holes, and the room's reaches as far as anyone has been told."""
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        logs = (
            "SELECT rooms.id, head, count(seq), coalesce(max(seq), 0) FROM rooms"
            " LEFT JOIN envelopes ON room = id GROUP BY id"
        )
        heads = {id: (head, count, last) for id, head, count, last in database.execute(logs)}
    assert all(head == count == last for head, count, last in heads.values()), heads
    assert heads[room.hex][0] >= last_known


def look_at_a_copy(server: ServerProcess, room: UUID, last_known: int) -> None:
    """Check what the power cut left, without mending it by looking."""
    copy = server.data_dir.with_name("found")
    shutil.copytree(server.data_dir, copy)
    try:
        check_database(copy / server.database_file.name, room, last_known)
    finally:
        shutil.rmtree(copy)


def spread(values: list[float]) -> dict[str, float]:
    """Median, 95th percentile and maximum."""
    ordered = sorted(values)
    found = {"median": statistics.median(values), "p95": ordered[int(0.95 * (len(ordered) - 1))], "max": ordered[-1]}
    return {name: round(value, 2) for name, value in found.items()}
