"""The engine and the transaction: the only place that commits."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from safespace.storage.outages import FateUnknown, is_lost

SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=10000",
    "secure_delete=ON",
    "wal_autocheckpoint=250",
    "cache_size=-1000",
)
"""What every connection to SQLite begins with. The commit that makes the log long copies it into the database, and what
comes behind it waits: 250 pages take 1 ms, SQLite's own 1,000 take 2.5 (docs/decisions/0008-group-commit.md). Each of
them keeps a MB of pages in memory; the system keeps the others."""
CONNECT = 10.0
"""Seconds to connect to PostgreSQL."""


def _sqlite_pragmas(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in SQLITE_PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


class Database:
    """One engine. `read()` and `write()` each open one transaction for one request or frame."""

    def __init__(self, url: str) -> None:
        self.is_sqlite = url.startswith("sqlite")
        wait = {} if self.is_sqlite else {"timeout": CONNECT}
        self.engine: AsyncEngine = create_async_engine(url, hide_parameters=True, connect_args=wait)
        self._turn = asyncio.Lock()
        if self.is_sqlite:
            self._reading = self.engine
            event.listen(self.engine.sync_engine, "connect", _sqlite_pragmas)
        else:
            self._reading = self.engine.execution_options(isolation_level="REPEATABLE READ")

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection for reading; what it sees is one moment's state."""
        async with self._reading.connect() as connection:
            yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A transaction, committed when the block ends and rolled back when it raises.

        On SQLite transactions run one after another. On PostgreSQL they run side by side, and what one has looked at
        another may change: whoever decides by what was read locks it first (`groups.lock`, `rooms.lock`,
        `accounts.lock`, in the order accounts, groups, rooms). Raises FateUnknown.
        """
        async with self.turn(), self.engine.connect() as connection:
            if self.is_sqlite:
                # The driver would otherwise upgrade a read lock late and fail with SQLITE_BUSY.
                await connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
            try:
                await connection.commit()
            except (DBAPIError, OSError) as error:
                if is_lost(error):
                    raise FateUnknown from error
                raise

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """While the block runs nobody else in this process writes to SQLite; PostgreSQL sorts that out by itself.

        SQLite has one writer: queue here, in order, rather than poll for its lock in threads.
        """
        if self.is_sqlite:
            async with self._turn:
                yield
        else:
            yield

    async def close(self) -> None:
        """Let go of every connection."""
        await self.engine.dispose()
