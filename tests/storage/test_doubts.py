"""Doubts, and taking an act's changes back, on both databases."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, Self
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from desk import NOW, Desk, message
from safespace.relay.forgetting import forget
from safespace.rooms.floor import Floor
from safespace.rooms.live import Live, Times
from safespace.storage import acts, doubts, effects, envelopes, groups, invites, lives, rooms, tables, undoing
from safespace.storage.acts import Act
from safespace.storage.doubts import Doubt
from safespace.storage.envelopes import DAY

FERN, MOSS, REED = b"f" * 16, b"m" * 16, b"r" * 16
PLAN, OTHER = UUID(int=1), UUID(int=2)
TIMES = Times(starts=(NOW + DAY,), minutes=60, clock=False)


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


class Acts:
    """Acts in a room with Fern and Moss in it, each kept with what it set."""

    def __init__(self, desk: Desk, room: UUID) -> None:
        self.desk = desk
        self.room = room
        self.seq = 100

    @classmethod
    async def begin(cls, desk: Desk) -> Self:
        return cls(desk, await desk.room(FERN, MOSS))

    async def head(self, db: AsyncConnection) -> rooms.Head:
        head = await rooms.head(db, self.room)
        assert head is not None
        return head

    async def sight(self) -> effects.Sight:
        async with self.desk.database.read() as db:
            return await effects.look(db, await self.head(db), "leave", None)

    async def done(self, doing: Callable[[AsyncConnection], Awaitable[object]], *again: str) -> int:
        """Something is done, which sets what it changes, and `again` what was so before."""
        self.seq += 1
        before = await self.sight()
        async with self.desk.database.write() as db:
            await doing(db)
        after = await self.sight()
        changed = effects.between(before, after, places_alone=False)
        known = {change.name for change in changed}
        changed += [effects.Change(name, after[name], after[name]) for name in again if name not in known]
        async with self.desk.database.write() as db:
            await acts.add(db, Act(self.room, self.seq, FERN, 0, NOW))
            await undoing.keep(db, self.room, self.room, self.seq, changed)
        return self.seq

    async def carry(self, seq: int, *, back: bool, now: int = NOW) -> None:
        async with self.desk.database.write() as db:
            await undoing.carry(db, await self.head(db), seq, now, back=back)
            act = await acts.one(db, self.room, seq)
            assert act is not None
            await acts.decide(db, replace(act, undone=back))

    async def gone(self, seq: int) -> list[bytes]:
        async with self.desk.database.read() as db:
            return [leaf for _, leaf in await undoing.leaves(db, self.room, seq)]

    async def moss(self, **fields: Any) -> int:
        """Something is decided about Moss."""

        async def change(db: AsyncConnection) -> None:
            member = await groups.member(db, self.room, MOSS, past=True)
            assert member is not None
            await groups.change(db, replace(member, **fields))

        return await self.done(change, *(f"member {MOSS.hex()} {field}" for field in fields))

    async def about_moss(self, field: str) -> object:
        return (await self.sight())[f"member {MOSS.hex()} {field}"]


async def test_changes_are_taken_back_and_made_again(desk: Desk) -> None:
    """All of them: membership, role, silence, session, invites and leaves."""
    a = await Acts.begin(desk)
    invite = UUID(int=7)

    async def junk(db: AsyncConnection) -> None:
        member = await groups.member(db, a.room, MOSS)
        assert member is not None
        gone = replace(member, status="left", role="moderator", offered="facilitator", offered_by=FERN)
        await groups.change(db, replace(gone, muted_until=NOW))
        await groups.set_quiet(db, a.room, True)
        await lives.write(db, a.room, (Live(locked=True, slow=5, times={PLAN: TIMES}), lives.NOTHING[1]), NOW)
        await rooms.part_with(db, a.room, [MOSS], 0)
        await invites.revoke_held_by(db, a.room, MOSS)

    async with desk.database.write() as db:
        made = invites.Invite(invite, a.room, b"card", 5, 0, NOW + DAY, None, MOSS)
        await invites.create(db, made, [(MOSS, b"box"), (FERN, b"box")], NOW)
    before = await a.sight()
    seq = await a.done(junk)
    after = await a.sight()
    assert await a.gone(seq) == [MOSS]
    assert before[effects.invite(invite)] is False
    for back, expected in ((True, before), (False, after), (True, before), (False, after)):
        await a.carry(seq, back=back)
        assert await a.sight() == expected

    async def later(db: AsyncConnection) -> None:
        await lives.write(db, a.room, (Live(slow=9, locked=True, times={PLAN: TIMES, OTHER: TIMES}), Floor()), NOW)

    await a.done(later)
    await a.carry(seq, back=True)
    now = await a.sight()
    assert (now["live slow"], now["live locked"], now["group quiet"]) == (9, False, False)
    assert f"live times {OTHER}" in now
    assert f"live times {PLAN}" not in now, "another plan that came since is no reason to keep this one"


async def test_the_same_value_by_a_later_act_stays(desk: Desk) -> None:
    """Moss is muted by junk, let speak, and muted just so again; agrees by junk, and then in earnest; is offered a role
    by junk, and the same in earnest. The junk is taken back, and put back, and taken back: what came later stays."""
    a = await Acts.begin(desk)
    muted = {"muted_until": groups.FOREVER, "muted_session": False}
    junk = [await a.moss(**muted)]
    await a.moss(muted_until=0)
    await a.moss(**muted)
    junk.append(await a.moss(agreed=False))
    await a.moss(agreed=False)
    junk.append(await a.moss(offered="moderator", offered_by=FERN))
    await a.moss(offered="moderator", offered_by=FERN)
    standing = await a.sight()
    for back in (True, False, True):
        for seq in junk:
            await a.carry(seq, back=back)
            assert await a.sight() == standing


async def test_of_several_that_are_taken_back_nothing_is_left(desk: Desk) -> None:
    """Whichever is taken back first; and the one of them that holds after all is what there is then."""
    for order in ((0, 1, 2), (2, 1, 0), (1, 2, 0), (1, 0, 2), (0, 2, 1), (2, 0, 1)):
        a = await Acts.begin(desk)
        junk = [await a.moss(role=role) for role in ("facilitator", "guest", "moderator")]
        for number in order:
            await a.carry(junk[number], back=True)
        assert await a.about_moss("role") == "member"
        await a.carry(junk[1], back=False)
        assert await a.about_moss("role") == "guest"
        await a.carry(junk[0], back=False)
        assert await a.about_moss("role") == "guest", "the later one stands"
        await a.carry(junk[1], back=True)
        assert await a.about_moss("role") == "facilitator"


async def test_a_removal_in_earnest_outlasts_a_leave_that_nobody_folded(desk: Desk) -> None:
    """Moss leaves by junk, and is removed in earnest while the leave is doubted."""
    a = await Acts.begin(desk)
    leaf = f"leaf {a.room.hex} {MOSS.hex()}"

    async def leave(db: AsyncConnection) -> None:
        await rooms.part_with(db, a.room, [MOSS], 0)

    junk = await a.done(leave)
    removal = await a.done(leave, leaf)
    await a.carry(junk, back=True)
    assert (await a.sight())[leaf] == "departed"
    async with desk.database.write() as db:
        act = await acts.one(db, a.room, junk)
        assert act is not None
        await acts.contest(db, act)
    assert (await a.sight())[leaf] == "departed", "its keys are waited for"
    assert (await a.gone(junk), await a.gone(removal)) == ([], [MOSS])


async def test_what_time_or_somebody_has_changed_since_is_left(desk: Desk) -> None:
    """A mute has ended, a lock was lifted at the end of a session, an invite was taken back by hand, the keys were
    changed: none of it is undone with the old act, nor made once more."""
    a = await Acts.begin(desk)
    invite = UUID(int=8)
    async with desk.database.write() as db:
        made = invites.Invite(invite, a.room, b"card", 5, 0, NOW + DAY, None, MOSS)
        await invites.create(db, made, [(MOSS, b"box")], NOW)

    async def junk(db: AsyncConnection) -> None:
        await lives.write(db, a.room, (Live(locked=True), Floor()), NOW)
        await invites.revoke_held_by(db, a.room, MOSS)
        await rooms.part_with(db, a.room, [MOSS], 0)

    mute = await a.moss(muted_until=NOW + DAY)
    other = await a.done(junk)
    async with desk.database.write() as db:
        member = await groups.member(db, a.room, MOSS)
        assert member is not None
        await groups.change(db, replace(member, muted_until=NOW))
        await lives.write(db, a.room, (Live(), Floor()), NOW)
        await undoing.set_otherwise(db, a.room, [effects.invite(invite)])
        await rooms.mark_removed(db, a.room, [MOSS])
    there = await a.sight()
    for back in (True, False):
        for seq in (mute, other):
            await a.carry(seq, back=back)
            assert await a.sight() == there


async def test_a_message_taken_down_anew_stays_down(desk: Desk) -> None:
    """Of an older decision about it, nothing is taken back; of the newest, all."""
    a = await Acts.begin(desk)
    await desk.say(message(a.room, FERN))
    line = await desk.head(a.room)

    async def down() -> int | None:
        async with desk.database.read() as db:
            said = await envelopes.one(db, a.room, line)
            assert said is not None
            return said.taken_down

    async def decided(before: int | None, after: int | None) -> int:
        seq = await a.done(lambda db: envelopes.take_down(db, a.room, line, after))
        async with desk.database.write() as db:
            await undoing.keep(db, a.room, a.room, seq, [effects.Change(f"line {line}", before, after)])
        return seq

    first, restored, second = [await decided(*one) for one in ((None, NOW), (NOW, None), (None, NOW + 2))]
    for old in (first, restored):
        await a.carry(old, back=True, now=NOW + 3)
        assert await down() == NOW + 2
    for old in (restored, first):
        await a.carry(old, back=False, now=NOW + 3)
        assert await down() == NOW + 2
    await a.carry(second, back=True, now=NOW + 3)
    assert await down() is None
    await a.carry(second, back=False, now=NOW + 4)
    assert await down() == NOW + 4, "from that moment"
