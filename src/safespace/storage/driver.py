"""asyncpg's own connection, where SQLAlchemy would take longer than PostgreSQL."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

PATIENCE = 30.0
"""Seconds after which a database that does not answer is given up; its host may be gone without a word."""


class Driver:
    """One connection of the engine's pool, kept from call to call until it is let go."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._connection: AsyncConnection | None = None

    async def get(self) -> Any:
        """The connection; another one if the last was let go. Raises what asyncpg or SQLAlchemy raises."""
        if self._connection is None:
            self._connection = await self._engine.connect()
        return (await self._connection.get_raw_connection()).driver_connection

    async def let_go(self) -> None:
        """Close the connection, which rolls back what it had begun."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.invalidate()
            await connection.close()
