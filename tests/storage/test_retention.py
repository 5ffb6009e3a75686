"""Messages end with their group's retention on both databases; policy and changes of keys stay."""

import asyncio
import secrets
import sqlite3
from uuid import UUID

import pytest
from sqlalchemy import select, text, update
from uuid6 import uuid7

from desk import LEAF, NOW, Desk, message
from safespace.relay import balloting, running
from safespace.relay.expiring import expire, forget_taken_down
from safespace.relay.moderating import RESTORABLE
from safespace.storage import envelopes, groups, partitions, tables
from safespace.storage.envelopes import DAY, Envelope


async def kept(desk: Desk, room: UUID) -> list[int]:
    return [row["seq"] for row in await desk.stored(room)]


async def line(desk: Desk, room: UUID, kind: str) -> int:
    """Something that is no message, in a transaction of its own."""
    async with desk.log.transaction() as db:
        head = (await db.execute(select(tables.Room.head).where(tables.Room.id == room))).scalar_one()
        made = Envelope(room, head + 1, desk.now, kind, LEAF, 0, UUID(int=uuid7().int), 0, b"act")
        await envelopes.append(db, [made])
        await db.execute(update(tables.Room).where(tables.Room.id == room).values(head=head + 1))
    return head + 1


async def test_messages_end_and_acts_stay(desk: Desk) -> None:
    week, month, ever = [await desk.room(LEAF) for _ in range(3)]
    async with desk.log.transaction() as db:
        await groups.set_days(db, week, 7)
        await groups.set_days(db, month, 30)
    for room in (week, month, ever):
        await desk.say(message(room), message(room, kind="reaction"))
        await line(desk, room, "policy")
        await line(desk, room, "handshake")
    desk.now = NOW + 3 * DAY
    for room in (week, month, ever):
        await desk.say(message(room))
    await expire(desk.database, NOW + 7 * DAY - 1)
    assert [await kept(desk, room) for room in (week, month, ever)] == [[1, 2, 3, 4, 5]] * 3
    await expire(desk.database, NOW + 8 * DAY)
    assert [await kept(desk, room) for room in (week, month, ever)] == [[3, 4, 5], [1, 2, 3, 4, 5], [1, 2, 3, 4, 5]]
    await expire(desk.database, NOW + 40 * DAY)
    assert [await kept(desk, room) for room in (week, month, ever)] == [[3, 4], [3, 4], [1, 2, 3, 4, 5]]
    async with desk.log.transaction() as db:
        lines = await envelopes.page(db, week, 0, 10)
    gaps = [one for one in envelopes.with_gaps(lines, 0, 5, week) if not isinstance(one, Envelope)]
    assert [(gap.after, gap.until) for gap in gaps] == [(0, 2), (4, 5)]


async def test_what_has_ended_is_handed_out_no_more_though_it_be_there(desk: Desk) -> None:
    room = await desk.room(LEAF)
    async with desk.log.transaction() as db:
        await groups.set_days(db, room, 1)
    await desk.say(message(room))
    await line(desk, room, "policy")
    async with desk.database.read() as db:
        for now, seqs in ((NOW + DAY, [1, 2]), (NOW + DAY + 1, [2])):
            page = await envelopes.page(db, room, 0, 10, since=envelopes.since(1, now))
            assert [one.seq for one in page] == seqs


async def test_a_change_of_retention_holds_for_what_is_there(desk: Desk) -> None:
    room = await desk.room(LEAF)
    for day in range(6):
        desk.now = NOW + day * DAY
        await desk.say(*[message(room) for _ in range(3)])
    for days, now, left in ((3, 5, 9), (30, 5, 9), (0, 5, 9), (2, 5, 6), (2, 8, 0)):
        async with desk.log.transaction() as db:
            await groups.set_days(db, room, days)
        await expire(desk.database, NOW + now * DAY + DAY // 2)
        assert len(await kept(desk, room)) == left, (days, now)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_lines_are_in_the_partition_of_the_day_they_end_which_is_dropped_whole(desk: Desk) -> None:
    room = await desk.room(LEAF)
    async with desk.log.transaction() as db:
        await groups.set_days(db, room, 7)
    await expire(desk.database, NOW)
    await desk.say(message(room))
    day = partitions.day_of_end(NOW, 7)
    assert [row["expires"] for row in await desk.stored(room)] == [day]

    async def dropped() -> bool:
        async with desk.database.read() as db:
            return (await db.execute(text(f"SELECT to_regclass('envelopes_day_{day}')"))).scalar_one() is None

    assert not await dropped()
    await expire(desk.database, day * DAY - 1)
    assert not await dropped()
    await expire(desk.database, day * DAY)
    assert await dropped()
    assert await kept(desk, room) == []


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_a_repeat_is_known_however_old_and_wherever_it_is_kept(desk: Desk) -> None:
    room = await desk.room(LEAF)
    said = [message(room) for _ in range(3)]
    for at, days in enumerate((0, 7, 30)):
        async with desk.log.transaction() as db:
            await groups.set_days(db, room, days)
        await desk.say(said[at])
        again = [message(room, client_id=one.client_id) for one in said[: at + 1]]
        await desk.say(*again)
        assert [(one.repeated, one.seq) for one in again] == [(True, seq + 1) for seq in range(at + 1)], "moving"
        await expire(desk.database, NOW)
        again = [message(room, client_id=one.client_id) for one in said[: at + 1]]
        await desk.say(*again)
        assert [(one.repeated, one.seq) for one in again] == [(True, seq + 1) for seq in range(at + 1)], "moved"
    desk.now = NOW + 20 * DAY
    again = [message(room, client_id=one.client_id) for one in said]
    await desk.say(*again)
    assert [(one.repeated, one.seq) for one in again] == [(True, 1), (True, 2), (True, 3)]


async def test_the_client_id_of_what_has_ended_is_forgotten(desk: Desk) -> None:
    room = await desk.room(LEAF)
    async with desk.log.transaction() as db:
        await groups.set_days(db, room, 1)
    first = message(room)
    await desk.say(first)
    await expire(desk.database, NOW + 3 * DAY)
    desk.now = NOW + 3 * DAY
    again = message(room, client_id=first.client_id)
    await desk.say(again)
    assert (again.repeated, again.seq, again.error) == (False, 2, None)


async def test_what_was_taken_down_is_deleted_for_good_when_it_can_be_restored_no_more(desk: Desk) -> None:
    room = await desk.room(LEAF)
    await desk.say(message(room), message(room), message(room))
    async with desk.log.transaction() as db:
        await envelopes.take_down(db, room, 1, NOW)
        await envelopes.take_down(db, room, 2, NOW)
        await envelopes.take_down(db, room, 2, None)
    await forget_taken_down(desk.database, NOW + RESTORABLE)
    assert [row["body"] is None for row in await desk.stored(room)] == [False, False, False]
    await forget_taken_down(desk.database, NOW + RESTORABLE + 1)
    assert [row["body"] is None for row in await desk.stored(room)] == [True, False, False]
    [first, *_] = await desk.stored(room)
    assert (first["commitment"], first["stamp"], first["seq"]) == (None, None, 1), "its place stays"


async def test_where_nothing_is_due_no_message_waits_for_the_clock(desk: Desk) -> None:
    async with asyncio.timeout(60), desk.log.transaction():  # somebody is writing all the while
        for look in (forget_taken_down, balloting.look_after, running.look_after):
            await look(desk.database, NOW)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_nothing_of_it_is_left_in_the_files(desk: Desk) -> None:
    canary = secrets.token_bytes(200)
    room = await desk.room(LEAF)
    async with desk.log.transaction() as db:
        await groups.set_days(db, room, 1)
    await desk.say(message(room, body=canary), *[message(room) for _ in range(50)])
    file = desk.database.engine.url.database
    assert file is not None

    def found() -> bool:
        data = b""
        for name in (file, f"{file}-wal"):
            with open(name, "rb") as opened:
                data += opened.read()
        return canary[:64] in data

    assert found()
    await expire(desk.database, NOW + 2 * DAY)
    assert await kept(desk, room) == []
    assert not found()
    with sqlite3.connect(file) as plain:
        assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)
