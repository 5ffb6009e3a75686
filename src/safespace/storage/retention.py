"""Messages that are kept no longer are deleted, a batch in each transaction. On PostgreSQL see `storage.partitions`.

SQLite overwrites what is deleted (`secure_delete`); what the write-ahead log still holds goes with `truncate_wal`.
"""

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from safespace.storage.database import Database
from safespace.storage.envelopes import DAY, SAID
from safespace.storage.tables import Envelope, Group, Room

BATCH = 500
"""Lines deleted at once."""


async def delete_expired(connection: AsyncConnection, now: int) -> bool:
    """Delete the oldest expired messages of one room; whether there was anything to delete."""
    oldest = (
        select(Envelope.time)
        .where(Envelope.room == Room.id, Envelope.seq > Room.expired_to, Envelope.kind.in_(SAID))
        .order_by(Envelope.seq)
        .limit(1)
        .scalar_subquery()
    )
    due = (
        select(Room.id, Room.expired_to, Group.days)
        .join(Group, Group.id == Room.group)
        .where(Group.days > 0, oldest < now - Group.days * DAY)
        .limit(1)
    )
    room = (await connection.execute(due)).first()
    if room is None:
        return False
    lines = (
        select(Envelope.seq, Envelope.time, Envelope.kind)
        .where(Envelope.room == room.id, Envelope.seq > room.expired_to)
        .order_by(Envelope.seq)
        .limit(BATCH)
    )
    expired_to = room.expired_to
    for line in await connection.execute(lines):
        if line.kind in SAID and line.time >= now - room.days * DAY:
            break
        expired_to = line.seq
    await connection.execute(
        delete(Envelope).where(
            Envelope.room == room.id,
            Envelope.seq > room.expired_to,
            Envelope.seq <= expired_to,
            Envelope.kind.in_(SAID),
        )
    )
    await connection.execute(update(Room).where(Room.id == room.id).values(expired_to=expired_to))
    return True


async def truncate_wal(database: Database) -> bool:
    """Empty SQLite's write-ahead log, unless someone reads just now; whether it is empty."""
    async with database.turn(), database.engine.connect() as connection:
        row = (await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")).one()
    return bool(row[0] == 0)
