"""Doubts, and taking an act's changes back, on both databases."""

from typing import Any
from uuid import UUID

from sqlalchemy import insert

from desk import NOW, Desk, message
from safespace.relay.forgetting import forget
from safespace.rooms.live import Live
from safespace.storage import doubts, effects, envelopes, groups, lives, rooms, tables
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
        # Neither who made the commit nor who doubted it can end that, nor have the database locked for it.
        for member in (REED, FERN):
            assert not await doubts.are_refuted(db, room, [7], member)
            await doubts.refute(db, room, [7], member)
        assert await doubts.are_refuted(db, room, [7], MOSS)
        await doubts.refute(db, room, [7], MOSS)
        assert not await doubts.are_refuted(db, room, [7], MOSS)


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


async def test_what_somebody_has_changed_since_is_not_made_once_more(desk: Desk) -> None:
    """Moss is given a role, muted, banned and taken out, and a message taken down; then others decide anew. Doubts
    about the old, and then the true word that it was followed, leave what is newer."""
    room = await desk.room(FERN, MOSS)
    await desk.say(message(room, FERN))
    line = await desk.head(room)
    async with desk.database.read() as db:
        head = await rooms.head(db, room)
        member = await groups.member(db, room, MOSS)
    assert head is not None
    assert member is not None
    moss = f"member {MOSS.hex()}"
    changed: list[effects.Change] = [
        [f"{moss} role", "member", "moderator"],
        [f"{moss} muted_until", 0, groups.FOREVER],
        [f"{moss} banned", False, True],
        [f"{moss} offered", "moderator", None],
        ["group quiet", False, True],
        ["live slow", 0, 30],
        [f"line {line}", None, NOW],
        [f"leaf {room.hex} {MOSS.hex()}", "active", "departed"],
    ]
    async with desk.database.write() as db:
        # By now all is as before, but for the keys, which were changed.
        await groups.change(db, groups.Member(**{**_as_dict(member), "offered": "facilitator"}))
        await rooms.mark_removed(db, room, [MOSS])
        back = await effects.carry(db, head, changed, NOW, back=True)
        assert [name for name, _, _ in back.kept] == [f"leaf {room.hex} {MOSS.hex()}"]
        await groups.change(db, groups.Member(**{**_as_dict(member), "offered": "moderator"}))
    async with desk.database.write() as db:
        await effects.carry(db, head, back.kept, NOW, back=False)
        assert await groups.member(db, room, MOSS) == groups.Member(**{**_as_dict(member), "offered": "moderator"})
        assert [leaf.identity for leaf in await rooms.leaves(db, room, "removed")] == [MOSS]
        after = await rooms.head(db, room)
        assert after is not None
        assert (after.quiet, after.live) == (head.quiet, head.live)


async def test_a_message_taken_down_anew_stays_down(desk: Desk) -> None:
    """Of an older decision about it, nothing is taken back; of the newest, all."""
    room = await desk.room(FERN, MOSS)
    await desk.say(message(room, FERN))
    line = await desk.head(room)

    async def down() -> int | None:
        said = await envelopes.one(db, room, line)
        assert said is not None
        return said.taken_down

    async with desk.database.write() as db:
        head = await rooms.head(db, room)
        assert head is not None
        await envelopes.take_down(db, room, line, NOW + 2)
        first, restored, second = [None, NOW], [NOW, None], [None, NOW + 2]
        for old in (first, restored):
            assert (await effects.carry(db, head, [[f"line {line}", *old]], NOW + 3, back=True)).kept == []
            assert await down() == NOW + 2
        back = await effects.carry(db, head, [[f"line {line}", *second]], NOW + 3, back=True)
        assert await down() is None
        await effects.carry(db, head, back.kept, NOW + 4, back=False)
        assert await down() == NOW + 4
        # It was given back, which nobody could follow: it is down from that moment, and given back with a later word.
        await envelopes.take_down(db, room, line, None)
        back = await effects.carry(db, head, [[f"line {line}", *restored]], NOW + 5, back=True)
        assert await down() == NOW + 5
        await effects.carry(db, head, back.kept, NOW + 6, back=False)
        assert await down() is None


def _as_dict(member: groups.Member) -> dict[str, Any]:
    return {name: getattr(member, name) for name in member.__dataclass_fields__}
