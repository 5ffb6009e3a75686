"""The migrations make exactly the tables that the code knows, on both databases."""

import asyncio
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.ext.asyncio import AsyncConnection

from safespace.storage.database import Database
from safespace.storage.migrations import is_current, upgrade
from safespace.storage.tables import Base


def differences(connection: Connection) -> list[object]:
    options = {"compare_type": True, "compare_server_default": True, "include_object": is_told_by_the_tables}
    context = MigrationContext.configure(connection, opts=options)
    return list(compare_metadata(context, Base.metadata))


def is_told_by_the_tables(thing: Any, name: str | None, kind: str, *_: object) -> bool:
    """On PostgreSQL envelopes are in partitions, whose key is part of every unique one."""
    if kind == "table":
        return not (name or "").startswith("envelopes_")
    return not (kind == "unique_constraint" and thing.table.name == "envelopes")


async def test_the_migrations_and_the_tables_say_the_same(database: Database) -> None:
    await upgrade(database)
    async with database.read() as connection:
        assert await connection.run_sync(differences) == []


async def test_a_difference_would_be_seen(database: Database) -> None:
    await upgrade(database)
    async with database.write() as connection:
        await connection.exec_driver_sql("DROP TABLE stamp_keys")
    async with database.read() as connection:
        assert len(await connection.run_sync(differences)) == 1


async def test_migrating_twice_changes_nothing(database: Database) -> None:
    assert not await is_current(database)
    await upgrade(database)
    assert await is_current(database)
    async with database.write() as connection:
        await insert_key(connection)
    await upgrade(database)
    assert await is_current(database)
    async with database.read() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM stamp_keys"))).scalar_one() == 1


async def test_processes_that_start_together_migrate_once(database: Database) -> None:
    await asyncio.gather(*(upgrade(database) for _ in range(4)))
    async with database.read() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM alembic_version"))).scalar_one() == 1


async def test_a_migration_that_fails_leaves_nothing(database: Database) -> None:
    def fail(_: object, __: object, statement: str, *___: object) -> None:
        if "CREATE TABLE requests" in statement:
            raise InterruptedError

    engine: Engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", fail)
    with pytest.raises(InterruptedError):
        await upgrade(database)
    event.remove(engine, "before_cursor_execute", fail)
    assert not await is_current(database)
    async with database.read() as connection:
        names = await connection.run_sync(lambda c: database.engine.dialect.get_table_names(c))
    assert names == []
    await upgrade(database)
    assert await is_current(database)


async def insert_key(connection: AsyncConnection) -> None:
    await connection.execute(text("INSERT INTO stamp_keys (id, key, created) VALUES (1, :key, 0)"), {"key": b"\0" * 32})
