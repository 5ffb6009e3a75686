"""The clockwork: one process at a time does the jobs, and another one soon does when it is gone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import insert, select
from uuid6 import uuid7

from backing import Postgres
from evening import until
from safespace import clockwork as module
from safespace.clockwork import Clockwork
from safespace.relay.forgetting import KNOWN, forget
from safespace.storage import accounts, tables
from safespace.storage.database import Database
from safespace.storage.migrations import upgrade

NOW = 1_800_000_000_000


@pytest.fixture
async def shared(postgres: Postgres) -> str:
    """The address of a migrated database."""
    url = postgres.new_database()
    database = Database(url)
    await upgrade(database)
    await database.close()
    return url


class Process:
    """What a process has of it."""

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        self.done = 0
        self.clockwork = Clockwork(self.database, lambda: NOW)
        self.clockwork.every(0.01, self._job)

    async def _job(self, now: int) -> None:
        assert now == NOW
        self.done += 1

    @classmethod
    @asynccontextmanager
    async def running(cls, url: str) -> AsyncIterator["Process"]:
        process = cls(url)
        process.clockwork.start()
        yield process
        await process.clockwork.stop()
        await process.database.close()


async def test_one_process_leads_and_when_it_stops_another_does(shared: str) -> None:
    async with Process.running(shared) as first:
        await until(lambda: first.done > 3)
        async with Process.running(shared) as second, Process.running(shared) as third:
            await until(lambda: first.done > 100)
            assert (second.done, third.done) == (0, 0)
            await first.clockwork.stop()
            done = first.done
            await until(lambda: second.done + third.done > 100)
            assert first.done == done
            assert 0 in (second.done, third.done)


async def test_a_leader_that_stands_still_is_followed_and_follows(shared: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BEAT", 0.05)
    monkeypatch.setattr(module, "LEASE", 0.4)
    async with Process.running(shared) as first:
        await until(lambda: first.done > 0)
        keeping, _ = first.clockwork._tasks
        keeping.cancel()
        async with Process.running(shared) as second:
            await until(lambda: second.done > 0)
            done = first.done
            await until(lambda: second.done > 50)
            assert first.done == done, "its lease had run out before the other took it"


async def test_a_leader_without_a_database_does_nothing_until_it_is_back(
    shared: str, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BEAT", 0.05)
    monkeypatch.setattr(module, "LEASE", 0.2)
    name = shared.rpartition("/")[2]
    async with Process.running(shared) as only:
        await until(lambda: only.done > 0)
        postgres.sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        postgres.sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")  # noqa: S608 - our own name
        await until(lambda: not only.clockwork._leading.is_set())
        done = only.done
        postgres.sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        await until(lambda: only.done > done)


async def test_a_job_that_fails_is_done_again_and_stops_no_other(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'safespace.db'}")
    clockwork = Clockwork(database, lambda: NOW)
    tries: list[int] = []
    others: list[int] = []

    async def fail(now: int) -> None:
        tries.append(now)
        raise RuntimeError

    async def succeed(now: int) -> None:
        others.append(now)

    clockwork.every(0.01, fail)
    clockwork.every(0.01, succeed)
    clockwork.start()
    await until(lambda: len(tries) > 3 and len(others) > 3)
    await clockwork.stop()
    await database.close()


@pytest.mark.parametrize("age", [KNOWN - 1, KNOWN + 1])
async def test_what_expired_is_forgotten_and_nothing_else(tmp_path: Path, age: int) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'safespace.db'}")
    await upgrade(database)
    device = UUID(int=uuid7().int)
    package = {
        "group": device,
        "device": device,
        "member": b"",
        "package": b"",
        "identity": b"",
        "endorsement": b"",
        "last_resort": False,
    }
    async with database.write() as db:
        account = await accounts.create_account(db, "ada", "", NOW)
        await db.execute(insert(tables.Device).values(id=device, account=account, created=NOW, seen=NOW, revoked=False))
        for digest, expires in ((b"past", NOW), (b"good", NOW + 1)):
            await accounts.create_login(db, digest, account, device, NOW - 1, expires)
        await db.execute(insert(tables.Group).values(id=device, presence=False, days=0, quiet=False, created=NOW))
        await db.execute(insert(tables.KeyPackage).values(ref=b"r", taken_for=device, created=NOW - age, **package))
    await forget(database, NOW)
    async with database.read() as db:
        logins = (await db.execute(select(tables.Login.digest))).scalars().all()
        packages = (await db.execute(select(tables.KeyPackage.ref))).scalars().all()
    assert logins == [b"good"]
    assert packages == ([b"r"] if age < KNOWN else [])
    await database.close()
