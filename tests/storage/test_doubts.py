"""Doubts, and taking an act's changes back, on both databases."""

from typing import Any
from uuid import UUID

from sqlalchemy import insert

from desk import NOW, Desk
from safespace.relay.forgetting import forget
from safespace.rooms.live import Live
from safespace.storage import doubts, effects, groups, lives, rooms, tables
from safespace.storage.doubts import Doubt
from safespace.storage.envelopes import DAY

FERN, MOSS, REED = b"f" * 16, b"m" * 16, b"r" * 16


async def test_doubts_end_after_a_day(desk: Desk) -> None:
    room = await desk.room(FERN)
    async with desk.database.write() as db:
        for number, (member, said) in enumerate(((MOSS, NOW), (REED, NOW + DAY // 2))):
            account = UUID(int=number + 1)
            await db.execute(insert(tables.Account).values(id=account, handle=str(number), verifier="", created=NOW))
            await groups.add_member(db, groups.Member(room, member, account, "member", "member"), NOW)
            await doubts.remember(db, [Doubt(room, room, 7, member, FERN, "commit", said)] * 2)
    async with desk.database.read() as db:
        assert await doubts.is_barred(db, room, FERN, NOW + DAY - 1)
        assert not await doubts.is_barred(db, room, FERN, NOW + DAY)
        assert [one.by for one in await doubts.of_group(db, room, NOW + DAY - 1)] == [REED, MOSS]
        assert [one.by for one in await doubts.of_group(db, room, NOW + DAY)] == [REED]
    await forget(desk.database, NOW + DAY)
    async with desk.database.read() as db:
        assert [one.by for one in await doubts.of_group(db, room, NOW)] == [REED]
    async with desk.database.write() as db:
        await doubts.refute(db, room, [7], REED)
        await doubts.refute(db, room, [7], FERN)
        assert await doubts.are_of_commits(db, room, [7])
        await doubts.refute(db, room, [7], MOSS)
        assert not await doubts.are_of_commits(db, room, [7])


async def test_changes_are_taken_back_and_made_again(desk: Desk) -> None:
    """All but what somebody else has changed since."""
    room = await desk.room(FERN, MOSS)

    async def sight() -> effects.Sight:
        async with desk.database.read() as db:
            head = await rooms.head(db, room)
            assert head is not None
            return await effects.look(db, head, "leave", None)

    before = await sight()
    async with desk.database.write() as db:
        member = await groups.member(db, room, MOSS)
        assert member is not None
        fields = {"status": "left", "role": "moderator", "offered": "facilitator", "offered_by": FERN}
        await groups.change(db, groups.Member(**{**_as_dict(member), **fields, "muted_until": NOW}))
        await groups.set_quiet(db, room, True)
        await lives.write(db, room, (Live(locked=True, slow=5), lives.NOTHING[1]), NOW)
        await rooms.part_with(db, room, [MOSS], 0)
    after = await sight()
    changed = effects.between(before, after, leaves_alone=False)
    assert len(changed) == 9
    assert [leaf for _, leaf in effects.leaves_of(changed)] == [MOSS]
    for back, expected in ((True, before), (False, after), (True, before)):
        async with desk.database.write() as db:
            head = await rooms.head(db, room)
            assert head is not None
            await effects.carry(db, head, changed, NOW, back=back)
        assert await sight() == expected
    async with desk.database.write() as db:
        await lives.write(db, room, (Live(slow=9), lives.NOTHING[1]), NOW)
        head = await rooms.head(db, room)
        assert head is not None
        await effects.carry(db, head, changed, NOW, back=False)
    now = await sight()
    assert (now["live slow"], now["live locked"], now["group quiet"]) == (9, True, True)


def _as_dict(member: groups.Member) -> dict[str, Any]:
    return {name: getattr(member, name) for name in member.__dataclass_fields__}
