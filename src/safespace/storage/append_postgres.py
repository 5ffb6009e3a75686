"""Appending to PostgreSQL: the driver's own connection and arrays, correct with any number of processes.

The rooms' rows are locked first, in the order of their ids, so two batches cannot wait for each other; each later
statement then sees what was committed before the locks were given.
"""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from safespace import logs
from safespace.errors import SafeSpaceError
from safespace.storage.log import Entry, First, Standing, judge
from safespace.storage.stamps import StampKey

_LOCK = "SELECT id, head, epoch FROM rooms WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE"
_LEAVES = (
    "SELECT room, identity, status FROM leaves WHERE room = ANY($1::uuid[])"
    " AND (status = 'departed' OR status = 'active' AND identity = ANY($2::bytea[]))"
)
_FIRSTS = (
    "SELECT e.room, e.client_id, e.seq, e.time, e.leaf, e.kind"
    " FROM unnest($1::uuid[], $2::uuid[]) AS batch (room, client_id)"
    " JOIN envelopes AS e ON e.room = batch.room AND e.client_id = batch.client_id AND e.part = 0"
)
_INSERT = (
    "INSERT INTO envelopes (room, seq, time, kind, leaf, epoch, client_id, part, body, commitment, stamp)"
    " SELECT room, seq, time, kind, leaf, epoch, client_id, 0, body, commitment, stamp"
    " FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::text[], $5::bytea[], $6::bigint[], $7::uuid[],"
    " $8::bytea[], $9::bytea[], $10::bytea[])"
    " AS batch (room, seq, time, kind, leaf, epoch, client_id, body, commitment, stamp)"
)
_ADVANCE = (
    "UPDATE rooms SET head = batch.head FROM unnest($1::uuid[], $2::bigint[]) AS batch (id, head)"
    " WHERE rooms.id = batch.id"
)


class PostgresAppender:
    """Appends through a connection of the engine's pool that it keeps."""

    def __init__(self, engine: AsyncEngine, key: Callable[[], StampKey]) -> None:
        self._engine = engine
        self._key = key
        self._connection: AsyncConnection | None = None

    async def append(self, entries: Sequence[Entry], now: int) -> None:
        from asyncpg import (
            DiskFullError,
            InterfaceError,
            InternalClientError,
            PostgresError,
        )  # not installed where SQLite is used

        try:
            driver = await self._driver()
            async with driver.transaction():
                await self._append(driver, entries, now)
        except (PostgresError, InterfaceError, InternalClientError, OSError) as error:
            await self._let_go()
            full = isinstance(error, DiskFullError)
            logs.log.error("database", kind=type(error).__name__, full=full)
            raise SafeSpaceError("storage_full" if full else "unavailable", retry_after=1) from error
        except BaseException:
            await self._let_go()
            raise

    async def close(self) -> None:
        await self._let_go()

    async def _append(self, driver: Any, entries: Sequence[Entry], now: int) -> None:
        rooms = list({entry.room for entry in entries})
        standings = {row[0]: Standing(row[1], row[2], departed=False) for row in await driver.fetch(_LOCK, rooms)}
        for room, identity, status in await driver.fetch(_LEAVES, rooms, list({entry.leaf for entry in entries})):
            if status == "active":
                standings[room].active.add(identity)
            else:
                standings[room].departed = True
        names = [entry.room for entry in entries], [entry.client_id for entry in entries]
        firsts: dict[tuple[UUID, UUID], First] = {
            (row[0], row[1]): First(*row[2:]) for row in await driver.fetch(_FIRSTS, *names)
        }
        accepted = judge(entries, standings, firsts, self._key(), now)
        if not accepted:
            return
        await driver.execute(
            _INSERT,
            [entry.room for entry in accepted],
            [entry.seq for entry in accepted],
            [entry.time for entry in accepted],
            [entry.kind for entry in accepted],
            [entry.leaf for entry in accepted],
            [entry.epoch for entry in accepted],
            [entry.client_id for entry in accepted],
            [entry.body for entry in accepted],
            [entry.commitment for entry in accepted],
            [entry.stamp for entry in accepted],
        )
        heads = {entry.room: entry.seq for entry in accepted}
        await driver.execute(_ADVANCE, list(heads), list(heads.values()))

    async def _driver(self) -> Any:
        """asyncpg's own connection, as SQLAlchemy hands it out."""
        if self._connection is None:
            self._connection = await self._engine.connect()
        return (await self._connection.get_raw_connection()).driver_connection

    async def _let_go(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.invalidate()
            await connection.close()
