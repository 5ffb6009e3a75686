"""The migrations, applied by Alembic over the server's own engine: at start, and by `safespace migrate`."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from safespace.storage.database import Database

POSTGRES_LOCK = 0x5AFE5BACE
"""The advisory lock that lets one process migrate at a time; on SQLite the write lock does."""


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _upgrade(connection: Connection) -> None:
    command.upgrade(_config(connection), "head")


def _at_head(connection: Connection) -> bool:
    heads = ScriptDirectory.from_config(_config(connection)).get_heads()
    return set(MigrationContext.configure(connection).get_current_heads()) == set(heads)


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
    """Whether the tables are those of this version; takes the write lock for a moment, so a full stop shows."""
    async with database.write() as connection:
        return await connection.run_sync(_at_head)
