"""Both databases: an SQLite file and a PostgreSQL of the tests' own."""

import os
import pwd
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from safespace.storage.database import Database
from serving import free_port

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL of the tests' own; it refuses to run as root, so then it is somebody else's."""
    if not BINARIES:
        pytest.skip("PostgreSQL is not installed")
    if os.getuid() == 0 and "postgres" not in {entry.pw_name for entry in pwd.getpwall()}:
        pytest.skip("PostgreSQL does not run as root, and there is no user postgres")
    folder = tmp_path_factory.mktemp("postgres")
    user = "postgres" if os.getuid() == 0 else None
    for parent in (folder, *folder.parents):
        if parent.name.startswith("pytest"):
            parent.chmod(0o755)
    if user:
        shutil.chown(folder, user)
    port = free_port()

    def run(name: str, *arguments: str) -> None:
        subprocess.run([BINARIES[-1] / name, *arguments], user=user, cwd=folder, check=True, capture_output=True)

    data = str(folder / "data")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync=off"
    run("initdb", "-D", data, "-U", "safespace", "-A", "trust")
    run("pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")
    yield f"postgresql+asyncpg://safespace@127.0.0.1:{port}/postgres"
    run("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    if request.param == "sqlite":
        database = Database(f"sqlite+aiosqlite:///{tmp_path / 'safespace.db'}")
    else:
        database = Database(request.getfixturevalue("postgres"))
        async with database.write() as connection:
            await connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            await connection.exec_driver_sql("CREATE SCHEMA public")
    yield database
    await database.close()
