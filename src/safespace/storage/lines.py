"""The lines of several rooms at once, each from where it was read to."""

import asyncio
from collections.abc import Mapping
from typing import Protocol
from uuid import UUID

from safespace.storage.database import Database
from safespace.storage.driver import PATIENCE, Driver
from safespace.storage.envelopes import DAY, Envelope, page
from safespace.storage.paging import MAX_PAGE

_AFTER = (
    "SELECT line.room, line.seq, line.time, line.kind, line.leaf, line.epoch, line.client_id, line.part, line.body,"
    " line.commitment, line.stamp, line.policy, line.taken_down"
    " FROM unnest($1::uuid[], $2::bigint[]) AS due (room, mark)"
    ' JOIN rooms ON rooms.id = due.room JOIN groups ON groups.id = rooms."group"'
    " CROSS JOIN LATERAL (SELECT e.*, coalesce(sum(length(e.body)) OVER (ORDER BY e.seq"
    " ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before"
    " FROM envelopes AS e WHERE e.room = due.room AND e.seq > due.mark{recent}"
    " ORDER BY e.seq LIMIT $3) AS line WHERE line.before < {page} ORDER BY line.room, line.seq"
)
_EVER = _AFTER.format(recent="", page=MAX_PAGE)
_RECENT = _AFTER.format(
    page=MAX_PAGE,
    recent=" AND e.expires IN (0, $4 + groups.days - 1, $4 + groups.days, $4 + groups.days + 1,"
    " $4 + rooms.filed - 1, $4 + rooms.filed, $4 + rooms.filed + 1)",
)
"""What was stored within a day is in few partitions, whatever the retention."""


class Lines(Protocol):
    """A database's own way to read them."""

    async def after(self, marks: Mapping[UUID, int], limit: int, now: int | None) -> list[Envelope]:
        """Of each room at most `limit` lines with a seq above its mark, and what makes a page, in the order of rooms
        and seqs.

        Where it is said what time it is `now`, lines from before yesterday may be left out.
        """

    async def close(self) -> None: ...


class SqliteLines:
    """Page by page: on SQLite lines are seldom missing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def after(self, marks: Mapping[UUID, int], limit: int, now: int | None) -> list[Envelope]:
        async with self._database.read() as db:
            return [line for room, mark in marks.items() for line in await page(db, room, mark, limit)]

    async def close(self) -> None: ...


class PostgresLines:
    """In one statement, through a connection of its own."""

    def __init__(self, database: Database) -> None:
        self._driver = Driver(database.engine)
        self._turn = asyncio.Lock()

    async def after(self, marks: Mapping[UUID, int], limit: int, now: int | None) -> list[Envelope]:
        async with self._turn:
            try:
                async with asyncio.timeout(PATIENCE):
                    connection = await self._driver.get()
                    due = list(marks), list(marks.values()), limit
                    if now is None:
                        rows = await connection.fetch(_EVER, *due)
                    else:
                        rows = await connection.fetch(_RECENT, *due, -(-now // DAY))
            except BaseException:
                await self._driver.let_go()
                raise
        return [Envelope(*row) for row in rows]  # SQLAlchemy has told asyncpg what JSON is

    async def close(self) -> None:
        await self._driver.let_go()


def reader(database: Database) -> Lines:
    """The way to read from this database."""
    return SqliteLines(database) if database.is_sqlite else PostgresLines(database)
