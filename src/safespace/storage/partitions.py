"""Retention on PostgreSQL: lines that end are in a partition for the day on which they do, which is dropped whole.

Days are counted from 1970 in UTC; `expires` is the day of a line's partition, 0 for what is kept. See
docs/decisions/0011-who-may-what.md.
"""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from safespace.storage import groups, rooms
from safespace.storage.database import Database
from safespace.storage.envelopes import DAY, SAID, since
from safespace.storage.tables import Envelope, Group, Room

LOCK = 0x5AFE5BACF
"""The advisory lock that lets one process at a time make or drop partitions."""
BATCH = 1000
"""Lines moved at once."""
_PREFIX = "envelopes_day_"
_TABLES = text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
_MOVE = text(
    "UPDATE envelopes SET expires = moved.expires"
    " FROM unnest(CAST(:seqs AS bigint[]), CAST(:days AS bigint[])) AS moved (seq, expires)"
    " WHERE room = :room AND envelopes.seq = moved.seq AND envelopes.expires <> moved.expires"
)


def day_of_end(time: int, days: int) -> int:
    """The day by which a line of this time (ms), kept for so many days, has ended; 0 where it is kept for ever."""
    return -(-time // DAY) + days if days else 0


async def make(engine: AsyncEngine, days: Iterable[int]) -> None:
    """Make the partitions for these days that are not there yet."""
    async with engine.begin() as connection:
        await connection.execute(select(func.pg_advisory_xact_lock(LOCK)))
        known = await _known(connection)
        for day in sorted(set(days) - known - {0}):
            # Attaching a table keeps no writer waiting, as making a partition outright would.
            await connection.exec_driver_sql(f"CREATE TABLE {_PREFIX}{day} (LIKE envelopes INCLUDING DEFAULTS)")
            await connection.exec_driver_sql(
                f"ALTER TABLE envelopes ATTACH PARTITION {_PREFIX}{day} FOR VALUES IN ({day})"
            )


async def make_ahead(database: Database, now: int) -> None:
    """Make the partitions that today's and tomorrow's messages will need."""
    async with database.read() as connection:
        kept = set((await connection.execute(select(Group.days).where(Group.days > 0).distinct())).scalars())
    await make(database.engine, [day_of_end(time, days) for days in kept for time in (now, now + DAY)])


async def drop_ended(database: Database, now: int) -> None:
    """Drop the partitions whose day has come."""
    async with database.read() as connection:
        ended = [day for day in await _known(connection) if day * DAY <= now]
    for day in ended:
        async with database.write() as connection:
            # Whoever comes behind a lock that waits has to wait too, so it does not wait long.
            await connection.exec_driver_sql("SET LOCAL lock_timeout = '2s'")
            await connection.execute(select(func.pg_advisory_xact_lock(LOCK)))
            await connection.exec_driver_sql(f"DROP TABLE IF EXISTS {_PREFIX}{day}")


async def move(database: Database, now: int) -> None:
    """Move the messages of rooms whose group has another retention now."""
    async with database.read() as connection:
        query = select(Room.id, Room.group).join(Group, Group.id == Room.group).where(Room.filed != Group.days)
        stale = (await connection.execute(query)).all()
    for room, group in stale:
        mark: int | None = 0
        while mark is not None:
            mark = await _move_some(database, room, group, mark, now)


async def _move_some(database: Database, room: UUID, group: UUID, mark: int, now: int) -> int | None:
    """Move the next messages after the seq `mark`; the next mark, or None where all is done or to be done anew."""
    lines = (
        select(Envelope.seq, Envelope.time)
        .where(Envelope.room == room, Envelope.seq > mark, Envelope.kind.in_(SAID))
        .order_by(Envelope.seq)
        .limit(BATCH)
    )
    async with database.read() as connection:
        days = await _days_of(connection, group)
        found = (await connection.execute(lines)).all()
    await make(database.engine, [day_of_end(line.time, days) for line in found])
    async with database.write() as connection:
        await groups.lock(connection, group)
        await rooms.lock(connection, room)
        if await _days_of(connection, group) != days:
            return None
        ended = [line.seq for line in found if line.time < since(days, now)]
        await connection.execute(delete(Envelope).where(Envelope.room == room, Envelope.seq.in_(ended)))
        left = [line for line in found if line.time >= since(days, now)]
        seqs, ends = [line.seq for line in left], [day_of_end(line.time, days) for line in left]
        await connection.execute(_MOVE, {"room": room, "seqs": seqs, "days": ends})
        if len(found) == BATCH:
            return int(found[-1].seq)
        await connection.execute(update(Room).where(Room.id == room).values(filed=days))
    return None


async def _days_of(connection: AsyncConnection, group: UUID) -> int:
    return (await connection.execute(select(Group.days).where(Group.id == group))).scalar_one()


async def _known(connection: AsyncConnection) -> set[int]:
    """The days that have a partition."""
    names = (await connection.execute(_TABLES)).scalars()
    return {int(name.removeprefix(_PREFIX)) for name in names if name.startswith(_PREFIX)}
