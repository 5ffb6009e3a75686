"""Session and floor at the writer: who is refused, on both databases. The rules are in `tests/vectors/policy.json`."""

from uuid import UUID

from sqlalchemy import select, update

from desk import LEAF, NOW, Desk, message
from safespace.fields import b64encode
from safespace.rooms import floor as floors
from safespace.rooms import live as rules
from safespace.rooms.floor import Floor, Terms
from safespace.rooms.live import Live, Times
from safespace.storage import lives, tables

FERN, WREN = LEAF, b"w" * 16
PLAN = UUID(int=7)


async def set_table(desk: Desk, room: UUID, live: Live, floor: Floor | None = None) -> None:
    async with desk.database.write() as db:
        await lives.write(db, room, (live, floor or Floor()), desk.now)


async def said(desk: Desk, room: UUID, leaf: bytes = FERN, kind: str = "message") -> tuple[str | None, int | None]:
    """The refusal's code, and after how many seconds it may come again."""
    entry = message(room, leaf, kind=kind)
    await desk.say(entry)
    return (None, None) if entry.error is None else (entry.error.code, entry.error.retry_after)


async def test_only_who_has_the_floor_writes_until_the_turn_runs_out(desk: Desk) -> None:
    room = await desk.room(FERN, WREN)
    terms = Terms(mode="round", seconds=60, grace=10)
    round_ = floors.start_round(terms, Floor(), (b64encode(FERN), b64encode(WREN)), {}, NOW)
    await set_table(desk, room, Live(terms=terms), round_)
    assert await said(desk, room, FERN) == (None, None)
    assert await said(desk, room, WREN) == ("not_your_turn", None)
    assert await said(desk, room, WREN, "reaction") == (None, None)
    desk.now = NOW + 70_000
    assert await said(desk, room, FERN) == ("not_your_turn", None)
    assert await said(desk, room, WREN) == (None, None)
    desk.now = NOW + 140_000
    assert await said(desk, room, WREN) == ("not_your_turn", None)
    async with desk.database.write() as db:
        await db.execute(update(tables.Member).where(tables.Member.member == WREN).values(role="facilitator"))
    assert await said(desk, room, WREN) == (None, None), "those who run the room may always write"


async def test_slow_mode_counts_for_a_member_and_outlives_the_writers_memory(desk: Desk) -> None:
    room, other = await desk.room(FERN, WREN), await desk.room(FERN)
    assert await said(desk, room) == (None, None)
    await set_table(desk, room, rules.slow_mode(Live(), 30))
    assert await said(desk, room) == (None, None), "what was said before does not count"
    desk.now = NOW + 10_001
    assert await said(desk, room) == ("slow_mode", 20)
    assert await said(desk, room, kind="reaction") == (None, None)
    assert await said(desk, room, WREN) == (None, None)
    assert await said(desk, other) == (None, None)
    await set_table(desk, room, rules.slow_mode(Live(), 20))  # another connection: what the writer knew is read anew
    assert await said(desk, room) == ("slow_mode", 10)
    desk.now = NOW + 20_000
    assert await said(desk, room) == (None, None)
    assert await said(desk, room) == ("slow_mode", 20)
    desk.now = NOW - 86_400_000
    assert await said(desk, room) == (None, None), "a clock that went back makes nobody wait"


async def test_a_pause_and_the_time_between_sessions_are_for_reading(desk: Desk) -> None:
    room = await desk.room(FERN)
    hour = 3_600_000
    planned = rules.plan(Live(between=False), PLAN, Times(starts=(NOW + hour,), minutes=60, clock=True), NOW)
    await set_table(desk, room, planned)
    assert await said(desk, room) == ("closed", None)
    desk.now = NOW + hour
    assert await said(desk, room) == (None, None), "the clock begins it, whoever writes it down"
    await set_table(
        desk, room, rules.pause(rules.settled(planned, Floor(), desk.now)[0], b64encode(FERN), None, desk.now)
    )
    assert await said(desk, room) == ("paused", None)
    assert await said(desk, room, kind="reaction") == ("paused", None)
    desk.now = NOW + 2 * hour
    assert await said(desk, room) == ("closed", None)


async def test_who_has_not_agreed_to_the_rules_there_are_is_asked_to(desk: Desk) -> None:
    room = await desk.room(FERN, WREN)
    async with desk.database.write() as db:
        await lives.ask_to_agree(db, room, WREN)
    assert await said(desk, room, FERN) == ("agree_first", None)
    assert await said(desk, room, WREN) == (None, None)


async def test_nothing_is_kept_where_nothing_is_decided(desk: Desk) -> None:
    room = await desk.room(FERN)
    columns = tables.Room.live, tables.Room.gated, tables.Room.due
    for table, row in (
        ((Live(), Floor()), (None, False, None)),
        ((Live(slow=5), Floor()), (True, True, None)),
        ((rules.open_session(Live(), None, 1, b64encode(FERN), NOW), Floor()), (True, False, NOW + 60_000)),
    ):
        await set_table(desk, room, *table)
        async with desk.database.read() as db:
            live, *rest = (await db.execute(select(*columns).where(tables.Room.id == room))).one()
        assert (live and True, *rest) == row
        assert lives.read(live) == table


async def test_a_guest_writes_in_a_session_alone(desk: Desk) -> None:
    room = await desk.room(FERN, WREN)
    async with desk.database.write() as db:
        await db.execute(update(tables.Member).where(tables.Member.member == WREN).values(role="guest"))
    await set_table(desk, room, Live())
    assert await said(desk, room, WREN) == ("closed", None)
    assert await said(desk, room, FERN) == (None, None)
    await set_table(desk, room, rules.open_session(Live(), None, 60, b64encode(FERN), NOW))
    assert await said(desk, room, WREN) == (None, None)
    desk.now = NOW + 3_600_000
    assert await said(desk, room, WREN) == ("closed", None), "it ended by itself"
