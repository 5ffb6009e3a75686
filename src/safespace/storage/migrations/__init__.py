"""The migrations, applied by Alembic over the server's own engine: at start, and by `safespace migrate`."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from safespace.beside import beside
from safespace.storage.database import Database

FOLDER = Path(__file__).parent
POSTGRES_LOCK = 0x5AFE5BACE
"""The advisory lock that lets one process migrate at a time; on SQLite the write lock does."""


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _upgrade(connection: Connection) -> None:
    command.upgrade(_config(connection), "head")


@cache
def _heads() -> frozenset[str]:
    """The newest migrations. Reads all of them, once."""
    return frozenset(ScriptDirectory(str(FOLDER)).get_heads())


def _current(connection: Connection) -> frozenset[str]:
    return frozenset(MigrationContext.configure(connection).get_current_heads())


async def upgrade(database: Database) -> None:
    """Bring the tables to this version, all steps or none."""
    async with database.engine.connect() as connection:
        if database.is_sqlite:
            # Remaking a table drops the old one, and would delete what refers to it. Has no effect in a transaction.
            await connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            await connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            await connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({POSTGRES_LOCK})")
        await connection.run_sync(_upgrade)
        await connection.commit()
        if database.is_sqlite:
            await connection.exec_driver_sql("PRAGMA foreign_keys=ON")


async def is_current(database: Database) -> bool:
    """Whether the tables are those of this version."""
    heads = await beside(_heads)
    async with database.read() as connection:
        return await connection.run_sync(_current) == heads
