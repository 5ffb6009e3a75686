"""What is kept no longer is deleted for good: messages by the group's retention, and what was taken down."""

import asyncio

from safespace import logs
from safespace.relay.moderating import RESTORABLE
from safespace.storage import envelopes, partitions, retention
from safespace.storage.database import Database

EVERY = 60.0
"""Seconds between two looks for messages that have ended."""
TRIES = 120
AGAIN = 0.5
"""Seconds after which the write-ahead log is emptied that somebody has read meanwhile, and how often."""
EVERY_TAKEDOWN = 5.0
"""Seconds between two looks for messages that can be restored no more."""


async def expire(database: Database, now: int) -> None:
    """Delete the messages that ended by their group's retention."""
    if database.is_sqlite:
        await _delete(database, now)
        return
    await partitions.make_ahead(database, now)
    await partitions.move(database, now)
    await partitions.drop_ended(database, now)


async def _delete(database: Database, now: int) -> None:
    deleted = False
    while True:
        async with database.write() as db:
            if not await retention.delete_expired(db, now):
                break
        deleted = True
        await asyncio.sleep(0)  # messages go between
    if deleted:
        await retention.truncate_wal(database)


async def clear_wal(database: Database) -> None:
    """Empty SQLite's write-ahead log, as soon as nobody reads; on PostgreSQL that is the server's own to do."""
    if not database.is_sqlite:
        return
    for _ in range(TRIES):
        if await retention.truncate_wal(database):
            return
        await asyncio.sleep(AGAIN)
    logs.log.warning("wal", tries=TRIES)


async def forget_taken_down(database: Database, now: int) -> None:
    """Delete the bodies of messages that were taken down and can be restored no more."""
    async with database.read() as db:
        if not await envelopes.is_to_forget(db, now - RESTORABLE):
            return
    async with database.write() as db:
        await envelopes.forget_taken_down(db, now - RESTORABLE)
    if database.is_sqlite:
        await retention.truncate_wal(database)
