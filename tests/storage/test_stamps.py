"""Stamp keys: a new one now and then, old ones for as long as a report may need them."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import insert, select
from uuid6 import uuid7

from safespace.crypto.franking import stamp, verify_stamp
from safespace.storage import groups, reports, stamps, tables
from safespace.storage.database import Database
from safespace.storage.envelopes import DAY
from safespace.storage.migrations import upgrade
from safespace.storage.stamps import PERIOD, StampKey, StampKeys

NOW = 1_800_000_000_000
WHERE = {"commitment": b"c" * 32, "room": b"r" * 16, "leaf": b"l" * 16, "epoch": 3, "seq": 4, "time": 5}


@pytest.fixture
async def migrated(database: Database) -> Database:
    await upgrade(database)
    return database


async def rotate(database: Database, now: int) -> StampKey:
    async with database.write() as db:
        await stamps.rotate(db, now)
    async with database.read() as db:
        return await stamps.newest(db)


async def forget(database: Database, now: int) -> list[int]:
    """Ids of the keys that are left."""
    async with database.write() as db:
        await stamps.forget(db, now)
    async with database.read() as db:
        return sorted((await db.execute(select(tables.StampKey.id))).scalars())


def stamped(key: StampKey) -> bytes:
    return stamp(key.key, key.id, **WHERE)  # type: ignore[arg-type]


async def known(database: Database, made: bytes) -> bool:
    async with database.read() as db:
        return verify_stamp(await stamps.keys(db), made, **WHERE)  # type: ignore[arg-type]


async def test_a_key_is_new_for_its_time_and_old_ones_still_verify(migrated: Database) -> None:
    first = await rotate(migrated, NOW)
    assert await rotate(migrated, NOW + PERIOD - 1) == first
    second = await rotate(migrated, NOW + PERIOD)
    assert (first.id, second.id) == (1, 2)
    assert first.key != second.key
    assert await known(migrated, stamped(first))
    assert await known(migrated, stamped(second))
    assert not await known(migrated, bytes([2]) + stamped(first)[1:])


async def test_processes_that_rotate_at_once_make_one_key(migrated: Database) -> None:
    for turn in range(5):
        await asyncio.gather(*(rotate(migrated, NOW + turn * PERIOD) for _ in range(8)))
    async with migrated.read() as db:
        assert sorted((await db.execute(select(tables.StampKey.id))).scalars()) == [1, 2, 3, 4, 5]


async def test_a_process_goes_on_with_its_key_until_it_looks(migrated: Database) -> None:
    keys = await StampKeys.begin(migrated, NOW)
    first = keys.current()
    second = await rotate(migrated, NOW + PERIOD)
    assert keys.current() == first
    await keys.look()
    assert keys.current() == second
    await keys.stop()
    again = await StampKeys.begin(migrated, NOW + PERIOD)
    assert again.current() == second
    await again.stop()


async def test_ids_begin_again_and_every_stamp_still_verifies(migrated: Database) -> None:
    made = [await rotate(migrated, NOW + turn * PERIOD) for turn in range(260)]
    assert [key.id for key in made[253:257]] == [254, 255, 1, 2]
    for key in (made[0], made[254], made[255], made[259]):
        assert await known(migrated, stamped(key))
    assert not await known(migrated, stamp(b"x" * 32, 1, **WHERE))  # type: ignore[arg-type]


async def new_group(database: Database, created: int, days: int) -> UUID:
    group = UUID(int=uuid7().int)
    async with database.write() as db:
        await groups.create(db, group, presence=False, now=created)
        await groups.set_days(db, group, days)
    return group


async def test_keys_are_kept_while_a_message_or_a_report_may_need_them(migrated: Database) -> None:
    """Keys 1 to 10 are made 30 days apart; it is the day the tenth was made."""
    for turn in range(10):
        await rotate(migrated, NOW + turn * PERIOD)
    today = NOW + 9 * PERIOD
    await new_group(migrated, created=NOW + 8 * PERIOD, days=7)
    brief = await new_group(migrated, created=NOW, days=45)
    # 45 days and one for good measure back is in the time of key 8.
    async with migrated.read() as db:
        assert await groups.kept_since(db, brief, today) == today - 45 * DAY
    account = UUID(int=uuid7().int)
    report = reports.Report(UUID(int=uuid7().int), brief, account, b"-", NOW, reaches=NOW + 4 * PERIOD + 2 * DAY)
    async with migrated.write() as db:
        await db.execute(insert(tables.Account).values(id=account, handle=account.hex, verifier="", created=NOW))
        await reports.create(db, report, {b"m" * 16: b"box"})
    # The report reaches back into the time of key 5.
    assert await forget(migrated, today) == [5, 6, 7, 8, 9, 10]
    async with migrated.write() as db:
        await reports.set_status(db, report.id, "resolved", today)
        await reports.forget_resolved(db, today + 1)
    assert await forget(migrated, today) == [8, 9, 10]
    await new_group(migrated, created=NOW + 6 * PERIOD + 2 * DAY, days=0)
    assert await forget(migrated, today + 400 * DAY) == [8, 9, 10], "it keeps its messages for ever"


async def test_the_newest_key_stays_where_nothing_is_kept(migrated: Database) -> None:
    await rotate(migrated, NOW)
    await rotate(migrated, NOW + PERIOD)
    assert await forget(migrated, NOW + 100 * PERIOD) == [2]
