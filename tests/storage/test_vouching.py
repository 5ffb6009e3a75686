"""What is left of a passing room so that reports of it stay provable: hidden, and no longer than they are kept."""

from uuid import UUID

import pytest
from sqlalchemy import delete, select
from uuid6 import uuid7

from desk import LEAF, NOW, Desk
from safespace.fields import b64encode
from safespace.rooms import live as rules
from safespace.rooms import passing as passing_rules
from safespace.rooms.floor import Floor
from safespace.rooms.live import Live
from safespace.storage import lives, passing, reports, rooms, tables, vouching
from safespace.storage.vouching import GRACE

FERNS, WRENS = b"f" * 16, b"w" * 16
"""Leaves in the capsule."""
FERN, WREN = LEAF, b"m" * 16
HOUR = 3_600_000
OVER = NOW + HOUR


async def group_with_capsule(desk: Desk) -> tuple[UUID, UUID]:
    """A group whose session is held in a capsule, of 9 lines: Fern made it, and Wren came by the third."""
    main, capsule = await desk.room(LEAF), UUID(int=uuid7().int)
    async with desk.database.write() as db:
        await rooms.create(db, rooms.Public(capsule, main, 9, 0, 0, b"", b"", b""), NOW, purpose="capsule")
        for leaf, member, joined in ((FERNS, FERN, 0), (WRENS, WREN, 3)):
            await rooms.add_leaf(db, rooms.Leaf(capsule, leaf, member, desk.account, desk.device, "active", joined))
    await session(desk, main, capsule, NOW)
    return main, capsule


async def session(desk: Desk, main: UUID, capsule: UUID | None, time: int) -> None:
    live = Live()
    if capsule is not None:
        live = passing_rules.hold(rules.open_session(live, None, 60, b64encode(FERN), NOW), capsule)
    async with desk.database.write() as db:
        await lives.write(db, main, (live, Floor()), time)
        await passing.follow(db, main, (live, Floor()), time)


async def report(desk: Desk, group: UUID, created: int) -> UUID:
    filed = reports.Report(UUID(int=uuid7().int), group, desk.account, b"-", created, reaches=NOW)
    async with desk.database.write() as db:
        await reports.create(db, filed, {WREN: b"-"})
    return filed.id


async def traces(desk: Desk, room: UUID) -> list[tuple[object, ...]]:
    async with desk.database.read() as db:
        query = select(*tables.PastLeaf.__table__.columns).where(tables.PastLeaf.room == room)
        return [tuple(row) for row in await db.execute(query)]


async def forget(desk: Desk, now: int) -> None:
    async with desk.database.write() as db:
        await vouching.forget(db, now)


@pytest.mark.parametrize("over", [False, True], ids=["while it lasts", "once it is over"])
async def test_it_vouches_for_who_was_there_when_the_line_came(desk: Desk, over: bool) -> None:
    group, capsule = await group_with_capsule(desk)
    other, _ = await group_with_capsule(desk)
    if over:
        await session(desk, group, None, OVER)
    async with desk.database.read() as db:
        for seq in (4, 9):
            assert await vouching.was_theirs(db, group, capsule, WRENS, WREN, seq)
        assert await vouching.was_theirs(db, group, capsule, FERNS, FERN, 1)
        for wrong in (
            (other, capsule, WRENS, WREN, 4),
            (group, group, WRENS, WREN, 4),
            (group, capsule, FERNS, WREN, 4),
            (group, capsule, WRENS, FERN, 4),
            (group, capsule, WRENS, WREN, 3),
            (group, capsule, WRENS, WREN, 10),
        ):
            assert not await vouching.was_theirs(db, *wrong), wrong
        # Its id is nobody else's as long as something is kept of it.
        assert await rooms.room_exists(db, capsule)
    left = await traces(desk, capsule)
    assert bool(left) is over
    for hidden in (FERNS, WRENS, FERN, WREN, desk.account, desk.device):
        assert repr(hidden) not in repr(left)


async def test_a_trace_is_gone_soon_where_nothing_was_reported(desk: Desk) -> None:
    """A report from before, one from after, and one of another group cannot be of it."""
    group, capsule = await group_with_capsule(desk)
    other, _ = await group_with_capsule(desk)
    await report(desk, group, NOW - 1)
    await report(desk, group, OVER + GRACE + 1)
    await report(desk, other, OVER)
    await session(desk, group, None, OVER)
    await forget(desk, OVER + GRACE)
    assert len(await traces(desk, capsule)) == 2
    await forget(desk, OVER + GRACE + 1)
    assert await traces(desk, capsule) == []


@pytest.mark.parametrize("created", [NOW, OVER - 1, OVER + GRACE], ids=["at its beginning", "in it", "on its way"])
async def test_a_trace_lasts_as_long_as_a_report_that_may_be_of_it(desk: Desk, created: int) -> None:
    group, capsule = await group_with_capsule(desk)
    await session(desk, group, None, OVER)
    filed = await report(desk, group, created)
    await forget(desk, OVER + 1000 * HOUR)
    assert len(await traces(desk, capsule)) == 2
    async with desk.database.write() as db:
        await db.execute(delete(tables.Report).where(tables.Report.id == filed))
    await forget(desk, OVER + 1000 * HOUR)
    assert await traces(desk, capsule) == []
