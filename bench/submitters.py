"""The writer by itself: 64 who each wait until their message is on disk before they send the next.

What the server does besides hides what a commit costs, so here the log is called directly, on a server's own database,
as it is and with batches of one.
"""

import asyncio
import secrets
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import uvloop
from sqlalchemy import select
from uuid6 import uuid7

from safespace.clock import wall_clock
from safespace.relay.relay import appender
from safespace.storage import log
from safespace.storage.database import Database
from safespace.storage.log import Entry, Log
from safespace.storage.stamps import StampKeys
from safespace.storage.tables import Leaf, Room

COUNT = 64


def rate(file: Path, seconds: float, batch: int = log.MAX_BATCH) -> float:
    """Messages stored a second, into the rooms of this SQLite database, with at most so many in a commit."""
    whole, log.MAX_BATCH = log.MAX_BATCH, batch
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(_rate(file, seconds))
    finally:
        log.MAX_BATCH = whole


async def _rate(file: Path, seconds: float) -> float:
    loop = asyncio.get_running_loop()
    database = Database(f"sqlite+aiosqlite:///{file}")
    waiting: dict[UUID, asyncio.Future[None]] = {}

    def told(batch: Sequence[Entry]) -> None:
        for entry in batch:
            assert entry.error is None
            waiting.pop(entry.client_id).set_result(None)

    async def submit(room: UUID, epoch: int, leaf: bytes) -> int:
        sent = 0
        while loop.time() < end:
            entry = Entry(
                sender=room,
                room=room,
                kind="message",
                leaf=leaf,
                epoch=epoch,
                client_id=UUID(int=uuid7().int),
                body=secrets.token_bytes(600),
                commitment=secrets.token_bytes(32),
                fault=None,
            )
            done = waiting[entry.client_id] = loop.create_future()
            writer.append(entry)
            await done
            sent += 1
        return sent

    keys = await StampKeys.begin(database, wall_clock())
    writer: Log[Entry] = Log(database, appender(database, keys.current), wall_clock, told)
    async with database.read() as db:
        active = select(Room.id, Room.epoch, Leaf.identity).join(Leaf, Leaf.room == Room.id)
        places = (await db.execute(active.where(Leaf.status == "active").limit(COUNT))).all()
    began = loop.time()
    end = began + seconds
    sent = sum(await asyncio.gather(*[submit(*places[number % len(places)]) for number in range(COUNT)]))
    took = loop.time() - began
    await writer.close()
    await keys.stop()
    await database.close()
    return sent / took
