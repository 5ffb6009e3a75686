"""Passing rooms at the writer: what binds there, and that nothing is left once they are over, on both databases."""

from uuid import UUID

from sqlalchemy import func, select
from uuid6 import uuid7

from desk import LEAF, NOW, Desk, message
from safespace.fields import Passing, b64encode
from safespace.relay import running
from safespace.rooms import floor as floors
from safespace.rooms import live as rules
from safespace.rooms import passing as passing_rules
from safespace.rooms.floor import Floor, Terms
from safespace.rooms.live import Live
from safespace.storage import lives, passing, rooms, tables

FERN, WREN = LEAF, b"w" * 16
MINUTE = 60_000


async def beside(desk: Desk, main: UUID, room: UUID, purpose: Passing) -> None:
    """A passing room of main's group in which both are."""
    made = rooms.Public(room, main, 0, 0, 0, b"", b"", b"")
    async with desk.database.write() as db:
        await rooms.create(db, made, NOW, purpose=purpose)
        for leaf in (FERN, WREN):
            await rooms.add_leaf(db, rooms.Leaf(room, leaf, leaf, desk.account, desk.device, "active", 0))


async def decide(desk: Desk, main: UUID, live: Live, floor: Floor | None = None) -> tuple[UUID, ...]:
    """What is on in main now; the passing rooms that are over by that."""
    table = live, floor or Floor()
    async with desk.database.write() as db:
        await lives.write(db, main, table, desk.now)
        return await passing.follow(db, main, table, desk.now)


async def code(desk: Desk, room: UUID, leaf: bytes = FERN) -> str | None:
    entry = message(room, leaf)
    await desk.say(entry)
    return None if entry.error is None else entry.error.code


async def left(desk: Desk, *of: UUID) -> int:
    """Rows of these rooms."""
    async with desk.database.read() as db:
        counts = [
            (await db.execute(select(func.count()).where(column.in_(of)))).scalar_one()
            for column in (tables.Room.id, tables.Envelope.room, tables.Leaf.room)
        ]
    return sum(counts)


async def test_the_floor_of_main_binds_in_a_capsule_and_main_is_silent(desk: Desk) -> None:
    main, capsule, small = await desk.room(FERN, WREN), UUID(int=uuid7().int), UUID(int=uuid7().int)
    await beside(desk, main, capsule, "capsule")
    await beside(desk, main, small, "breakout")
    terms = Terms(mode="round", seconds=0, grace=None)
    live = passing_rules.hold(rules.open_session(Live(), None, 60, b64encode(FERN), NOW), capsule)
    live = passing_rules.break_out(live.model_copy(update={"terms": terms}), {small: ()}, 10, NOW)
    round_ = floors.start_round(terms, Floor(), (b64encode(FERN),), {}, NOW)
    assert await decide(desk, main, live, round_) == ()
    assert [await code(desk, main, leaf) for leaf in (FERN, WREN)] == ["in_capsule", "in_capsule"]
    assert [await code(desk, capsule, leaf) for leaf in (FERN, WREN)] == [None, "not_your_turn"]
    assert [await code(desk, small, leaf) for leaf in (FERN, WREN)] == [None, None]
    await decide(desk, main, rules.pause(live, b64encode(FERN), None, NOW), round_)
    assert [await code(desk, room) for room in (capsule, small)] == ["paused", "paused"]


async def test_the_clock_ends_them_and_leaves_nothing(desk: Desk) -> None:
    main, other = await desk.room(FERN, WREN), await desk.room(FERN)
    capsule, small = UUID(int=uuid7().int), UUID(int=uuid7().int)
    await beside(desk, main, capsule, "capsule")
    await beside(desk, main, small, "breakout")
    live = passing_rules.hold(rules.open_session(Live(), None, 60, b64encode(FERN), NOW), capsule)
    await decide(desk, main, passing_rules.break_out(live, {small: ()}, 10, NOW))
    assert [await code(desk, room) for room in (capsule, small, other)] == [None, None, None]
    desk.now = NOW + 10 * MINUTE
    assert await code(desk, small) == "closed", "before anyone has looked after it"
    await running.look_after(desk.database, desk.now)
    assert await left(desk, small) == 0
    assert await code(desk, small) == "unknown_room"
    assert await left(desk, capsule) > 0
    desk.now = NOW + 60 * MINUTE
    await running.look_after(desk.database, desk.now)
    await running.look_after(desk.database, desk.now)
    assert await left(desk, capsule, small) == 0
    assert await code(desk, main) is None
    assert await left(desk, other) > 0
