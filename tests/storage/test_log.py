"""The writer: order, repeats and refusals are those of one sender after another, on both databases, come what may."""

import asyncio
import secrets
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text, update
from uuid6 import uuid7

from desk import KEY, NOW, Desk, message
from safespace.crypto.franking import verify_stamp
from safespace.errors import SafeSpaceError
from safespace.storage import append_sqlite, changes, groups, rooms, tables
from safespace.storage.database import SQLITE_PRAGMAS, Database


async def test_what_arrives_together_is_stored_together_and_in_order(desk: Desk) -> None:
    rooms = [await desk.room(b"a" * 16) for _ in range(3)]
    entries = [message(rooms[number % 3]) for number in range(200)]
    await desk.say(*entries)
    assert [entry for batch in desk.batches for entry in batch] == entries
    assert len(desk.batches) <= 2, "all that waits is one commit"
    for room in rooms:
        stored = await desk.stored(room)
        mine = [entry for entry in entries if entry.room == room]
        assert [row["seq"] for row in stored] == [entry.seq for entry in mine] == list(range(1, len(mine) + 1))
        assert await desk.head(room) == len(mine)
        for row, entry in zip(stored, mine, strict=True):
            assert (row["body"], row["client_id"], row["time"], row["part"]) == (entry.body, entry.client_id, NOW, 0)
            assert row["stamp"] == entry.stamp
            assert verify_stamp(
                {1: [KEY.key]}, entry.stamp, entry.commitment, room.bytes, entry.leaf, 0, entry.seq, NOW
            )


async def test_nobody_waits_behind_many_of_another_senders(desk: Desk) -> None:
    room = await desk.room(b"a" * 16)
    greedy = [message(room, body=secrets.token_bytes(30_000)) for _ in range(40)]
    others = [message(room, sender=UUID(int=uuid7().int)) for _ in range(3)]
    await desk.say(*greedy, *others)
    assert set(others) <= set(desk.batches[0])
    assert [entry for batch in desk.batches for entry in batch if entry in greedy] == greedy


LEAVES = [bytes([number]) * 16 for number in range(3)]
MUTES = [0, NOW - 1, NOW, NOW + 1, groups.FOREVER]
CLIENT_IDS = [UUID(int=uuid7().int) for _ in range(6)]


@dataclass
class Model:
    """A room, told in the plainest way."""

    epoch: int = 0
    status: dict[bytes, str] = field(default_factory=lambda: dict.fromkeys(LEAVES, "active"))
    lines: list[tuple[bytes, str, UUID]] = field(default_factory=list)
    muted: dict[bytes, int] = field(default_factory=lambda: dict.fromkeys(LEAVES, 0))
    listening: set[bytes] = field(default_factory=set)
    staff: set[bytes] = field(default_factory=set)
    quiet: bool = False
    author: bytes | None = None
    """Whose change of keys nobody else has written after."""

    def take(self, leaf: bytes, kind: str, client_id: UUID, epoch: int, faulty: bool) -> tuple[str | None, int]:
        """The code of the refusal, or None and the seq."""
        if self.status[leaf] != "active":
            return "not_a_member", 0
        for seq, (first_leaf, first_kind, first_id) in enumerate(self.lines, 1):
            if first_id == client_id:
                return (None, seq) if (first_leaf, first_kind) == (leaf, kind) else ("client_id_reused", 0)
        if self.muted[leaf] > NOW:
            return "muted", 0
        if leaf in self.listening:
            return "listening", 0
        if self.quiet and leaf not in self.staff:
            return "quiet", 0
        if "departed" in self.status.values():
            return "rekey_required", 0
        if epoch != self.epoch:
            return ("stale_epoch" if epoch < self.epoch else "wrong_epoch"), 0
        if leaf == self.author:
            return "epoch_unconfirmed", 0
        if faulty:
            return "mls_malformed", 0
        self.author = None
        self.lines.append((leaf, kind, client_id))
        return None, len(self.lines)


said = st.tuples(
    st.just("say"),
    st.lists(
        st.tuples(
            st.integers(0, 1),
            st.sampled_from(LEAVES),
            st.sampled_from(["message", "reaction"]),
            st.sampled_from(CLIENT_IDS),
            st.integers(0, 2),
            st.sampled_from([False, False, False, True]),
        ),
        min_size=1,
        max_size=12,
    ),
)
changed = st.one_of(
    st.tuples(st.just("epoch"), st.integers(0, 1), st.one_of(st.none(), st.sampled_from(LEAVES))),
    st.tuples(st.sampled_from(["active", "departed", "removed"]), st.integers(0, 1), st.sampled_from(LEAVES)),
    st.tuples(st.just("mute"), st.integers(0, 1), st.sampled_from(LEAVES), st.sampled_from(MUTES)),
    st.tuples(st.sampled_from(["listen", "staff"]), st.integers(0, 1), st.sampled_from(LEAVES), st.booleans()),
    st.tuples(st.just("quiet"), st.integers(0, 1), st.booleans()),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(story=st.lists(st.one_of(said, said, changed), max_size=8))
async def test_any_story_ends_as_if_everyone_had_waited_for_the_one_before(desk: Desk, story: list[Any]) -> None:
    rooms = [await desk.room(*LEAVES) for _ in range(2)]
    models = [Model(), Model()]
    for step in story:
        if step[0] == "say":
            expected, entries = [], []
            for at, leaf, kind, client_id, epoch, faulty in step[1]:
                fault = SafeSpaceError("mls_malformed") if faulty else None
                entries.append(message(rooms[at], leaf, kind=kind, client_id=client_id, epoch=epoch, fault=fault))
                expected.append(models[at].take(leaf, kind, client_id, epoch, faulty))
            await desk.say(*entries)
            assert [(entry.error and entry.error.code, entry.seq) for entry in entries] == expected
        else:
            await _change(desk, rooms[step[1]], models[step[1]], step)
    for room, model in zip(rooms, models, strict=True):
        stored = [(row["leaf"], row["kind"], row["client_id"]) for row in await desk.stored(room)]
        assert stored == model.lines
        assert await desk.head(room) == len(model.lines)


async def _change(desk: Desk, room: UUID, model: Model, step: Any) -> None:
    """What acts do, in a transaction that takes its turn."""
    async with desk.log.transaction() as db:
        match step:
            case ["epoch", _, author]:
                model.epoch += 1
                model.author = author
                values = {"epoch": model.epoch, "unconfirmed": NOW + 1 if author else NOW}
                await db.execute(update(tables.Room).where(tables.Room.id == room).values(values))
                change = changes.Change(room, 1, 1, author or b"", 0, model.epoch - 1, b"", b"", b"", [], [])
                await changes.begin(db, change)
            case ["quiet", _, quiet]:
                model.quiet = quiet
                await groups.set_quiet(db, room, quiet)
            case [status, _, leaf]:
                model.status[leaf] = status
                one = (tables.Leaf.room == room, tables.Leaf.identity == leaf)
                await db.execute(update(tables.Leaf).where(*one).values(status=status))
            case [what, _, leaf, value]:
                member = await groups.member(db, room, leaf)
                assert member is not None
                await groups.change(db, _said_of(model, member, what, value))


def _said_of(model: Model, member: groups.Member, what: str, value: int) -> groups.Member:
    leaf = member.member
    if what == "mute":
        model.muted[leaf] = value
        return replace(member, muted_until=value)
    kept = model.listening if what == "listen" else model.staff
    (kept.add if value else kept.discard)(leaf)
    if what == "listen":
        return replace(member, listening=bool(value))
    return replace(member, role="moderator" if value else "member")


@pytest.mark.parametrize(
    ("until", "retry_after"), [(NOW + 1, 1), (NOW + 1000, 1), (NOW + 1001, 2), (groups.FOREVER, None)]
)
async def test_who_is_muted_is_told_how_long_and_where_it_was_said(
    desk: Desk, until: int, retry_after: int | None
) -> None:
    room, muted, other = await desk.room(*LEAVES), message(UUID(int=0), LEAVES[0]), message(UUID(int=0), LEAVES[1])
    muted.room = other.room = room
    async with desk.log.transaction() as db:
        member = await groups.member(db, room, LEAVES[0])
        assert member is not None
        await groups.change(db, replace(member, muted_until=until))
        await db.execute(update(tables.Room).where(tables.Room.id == room).values(policy_seq=7))
    await desk.say(muted, other)
    assert muted.error is not None
    assert (muted.error.code, muted.error.retry_after, muted.error.policy_seq) == ("muted", retry_after, 7)
    assert other.error is None


async def test_outside_of_the_main_room_nobody_is_silenced(desk: Desk) -> None:
    room = await desk.room(*LEAVES)
    async with desk.log.transaction() as db:
        await db.execute(update(tables.Room).where(tables.Room.id == room).values(purpose="aside"))
        await groups.set_quiet(db, room, True)
        member = await groups.member(db, room, LEAVES[0])
        assert member is not None
        await groups.change(db, replace(member, muted_until=groups.FOREVER, listening=True))
    entries = [message(room, leaf) for leaf in LEAVES]
    await desk.say(*entries)
    assert [entry.error for entry in entries] == [None, None, None]


async def test_a_transaction_takes_its_turn_among_the_batches(desk: Desk) -> None:
    room = await desk.room(b"a" * 16)
    before, after = [message(room) for _ in range(50)], [message(room) for _ in range(50)]

    async def next_epoch() -> None:
        async with desk.log.transaction() as db:
            await db.execute(update(tables.Room).where(tables.Room.id == room).values(epoch=1))

    saying = asyncio.create_task(desk.say(*before))
    await asyncio.sleep(0)
    changing = asyncio.create_task(next_epoch())
    await changing
    await saying
    await desk.say(*after)
    stored = [entry for entry in before if entry.error is None]
    refused = [entry.error.code for entry in [*before, *after] if entry.error is not None]
    assert before[: len(stored)] == stored
    assert set(refused) == {"stale_epoch"}
    assert len(refused) >= 50
    assert await desk.head(room) == len(stored) == len(await desk.stored(room))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_full_disk_acknowledges_nothing_and_is_got_over(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    room = await desk.room(b"a" * 16)
    async with desk.database.read() as db:
        pages = (await db.execute(text("PRAGMA page_count"))).scalar_one()
    monkeypatch.setattr(append_sqlite, "SQLITE_PRAGMAS", (*SQLITE_PRAGMAS, f"max_page_count={pages + 8}"))
    entries = [message(room, body=secrets.token_bytes(5000)) for _ in range(30)]
    for entry in entries:
        await desk.say(entry)
    stored = [entry for entry in entries if entry.error is None]
    assert 0 < len(stored) < 30
    assert {entry.error.code for entry in entries if entry.error is not None} == {"storage_full"}
    assert [row["client_id"] for row in await desk.stored(room)] == [entry.client_id for entry in stored]
    monkeypatch.undo()
    again = [message(room, client_id=entry.client_id) for entry in entries]
    await desk.say(*again)
    assert [entry.error for entry in again] == [None] * 30
    assert [entry.repeated for entry in again] == [entry in stored for entry in entries]
    assert len(await desk.stored(room)) == await desk.head(room) == 30


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_a_connection_that_is_lost_is_opened_again(desk: Desk) -> None:
    room = await desk.room(b"a" * 16)
    await desk.say(message(room))
    async with desk.database.write() as db:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        await db.exec_driver_sql(others + " AND backend_type = 'client backend'")
    lost = message(room)
    await desk.say(lost)
    assert lost.error is not None
    assert lost.error.code == "unavailable"
    await desk.say(again := message(room, client_id=lost.client_id))
    assert (again.error, again.seq, again.repeated) == (None, 2, False)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_several_processes_share_one_order(desk: Desk) -> None:
    rooms = [await desk.room(b"a" * 16) for _ in range(3)]
    others = [Desk(Database(desk.database.engine.url.render_as_string(hide_password=False))) for _ in range(3)]
    desks = [desk, *others]
    entries = [[message(rooms[number % 3]) for number in range(90)] for _ in desks]
    for at in range(0, 90, 9):
        await asyncio.gather(*(one.say(*mine[at : at + 9]) for one, mine in zip(desks, entries, strict=True)))
    for room in rooms:
        assert [row["seq"] for row in await desk.stored(room)] == list(range(1, 121))
        assert await desk.head(room) == 120
    assert all(entry.error is None for mine in entries for entry in mine)
    for other in others:
        await other.log.close()
        await other.database.close()


async def test_a_provisional_epoch_is_opened_by_somebody_else(desk: Desk) -> None:
    author, newcomer, other = LEAVES
    room = await desk.room(*LEAVES)
    async with desk.log.transaction() as db:
        await changes.begin(db, changes.Change(room, 7, 8, author, NOW + 1, 0, b"", b"", b"", [], []))
        await rooms.hold_back(db, room, NOW + 1)
        leaf = (tables.Leaf.room == room, tables.Leaf.identity == newcomer)
        await db.execute(update(tables.Leaf).where(*leaf).values(joined_seq=7))
    malformed = SafeSpaceError("mls_malformed")
    senders = [author, newcomer, other, author, newcomer, other, author, newcomer]
    entries = [message(room, leaf, fault=malformed if at == 2 else None) for at, leaf in enumerate(senders)]
    for entry in entries:
        await desk.say(entry)
    early = "epoch_unconfirmed"
    codes = [entry.error and entry.error.code for entry in entries]
    assert codes == [early, early, "mls_malformed", early, early, None, None, None]
    async with desk.database.read() as db:
        head = await rooms.head(db, room)
    assert head is not None
    assert head.unconfirmed == 0
