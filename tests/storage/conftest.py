"""Both databases: an SQLite file and a PostgreSQL of the tests' own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from backing import Postgres
from blank import put_blank_database
from desk import Desk
from safespace.storage.database import Database


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    if request.param == "sqlite":
        database = Database(f"sqlite+aiosqlite:///{tmp_path / 'safespace.db'}")
    else:
        postgres: Postgres = request.getfixturevalue("postgres")
        database = Database(postgres.new_database())
    yield database
    await database.close()


@pytest.fixture
async def desk(database: Database, tmp_path: Path) -> AsyncIterator[Desk]:
    if database.is_sqlite:
        put_blank_database(tmp_path / "safespace.db")
    desk = Desk(database)
    await desk.open()
    yield desk
    await desk.log.close()
