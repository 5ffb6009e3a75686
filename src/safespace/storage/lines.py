"""The lines of several rooms at once, each from where it was read to."""

import asyncio
from collections.abc import Mapping
from typing import Protocol
from uuid import UUID

from safespace.storage.database import Database
from safespace.storage.driver import PATIENCE, Driver
from safespace.storage.envelopes import Envelope, page

_AFTER = (
    "SELECT line.room, line.seq, line.time, line.kind, line.leaf, line.epoch, line.client_id, line.part, line.body,"
    " line.commitment, line.stamp, line.policy FROM unnest($1::uuid[], $2::bigint[]) AS due (room, mark)"
    " CROSS JOIN LATERAL (SELECT * FROM envelopes WHERE envelopes.room = due.room AND envelopes.seq > due.mark"
    " ORDER BY envelopes.seq LIMIT $3) AS line ORDER BY line.room, line.seq"
)


class Lines(Protocol):
    """A database's own way to read them."""

    async def after(self, marks: Mapping[UUID, int], limit: int) -> list[Envelope]:
        """Of each room at most `limit` lines with a seq above its mark, in the order of rooms and seqs."""

    async def close(self) -> None: ...


class SqliteLines:
    """Page by page: on SQLite lines are seldom missing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def after(self, marks: Mapping[UUID, int], limit: int) -> list[Envelope]:
        async with self._database.read() as db:
            return [line for room, mark in marks.items() for line in await page(db, room, mark, limit)]

    async def close(self) -> None: ...


class PostgresLines:
    """In one statement, through a connection of its own."""

    def __init__(self, database: Database) -> None:
        self._driver = Driver(database.engine)
        self._turn = asyncio.Lock()

    async def after(self, marks: Mapping[UUID, int], limit: int) -> list[Envelope]:
        async with self._turn:
            try:
                async with asyncio.timeout(PATIENCE):
                    connection = await self._driver.get()
                    rows = await connection.fetch(_AFTER, list(marks), list(marks.values()), limit)
            except BaseException:
                await self._driver.let_go()
                raise
        return [Envelope(*row) for row in rows]  # SQLAlchemy has told asyncpg what JSON is

    async def close(self) -> None:
        await self._driver.let_go()


def reader(database: Database) -> Lines:
    """The way to read from this database."""
    return SqliteLines(database) if database.is_sqlite else PostgresLines(database)
