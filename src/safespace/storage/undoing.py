"""What acts set, in the order in which they did, so that any of them can be taken back, and done again.

Whatever an act sets is what the newest act that stands made of it. So what a later act has set stays when an earlier
one is taken back, be it the very same value; and where that one is taken back as well, what was before both is there
again. What time alone has changed since is left as it is.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, insert, not_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from safespace.storage import effects, envelopes, lives, passing, rooms
from safespace.storage.effects import Change
from safespace.storage.tables import Act, Group, Invite, Member
from safespace.storage.tables import Effect as Table


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing that an act set."""

    id: int
    name: str
    before: object
    after: object


async def keep(connection: AsyncConnection, group: UUID, room: UUID, seq: int, changes: Sequence[Change]) -> None:
    """An act set this."""
    rows = [{"group": group, "room": room, "seq": seq, **change._asdict()} for change in changes]
    if rows:
        await connection.execute(insert(Table), rows)


async def left(connection: AsyncConnection, room: UUID, seq: int) -> list[Effect]:
    """What an act set and no later act that stands has set since."""
    query = select(Table.id, Table.name, Table.before, Table.after).where(Table.room == room, Table.seq == seq)
    found = [Effect(*row) for row in await connection.execute(query)]
    if not found:
        return []
    group = select(Table.group).where(Table.id == found[0].id).scalar_subquery()
    later = (
        select(Table.name)
        .join(Act, (Act.room == Table.room) & (Act.seq == Table.seq))
        .where(Table.group == group, Table.name.in_([one.name for one in found]))
        .where(Table.id > max(one.id for one in found), Act.undone.is_(False))
    )
    newer = set((await connection.execute(later)).scalars())
    return [one for one in found if one.name not in newer]


async def leaves(connection: AsyncConnection, room: UUID, seq: int) -> list[tuple[UUID, bytes]]:
    """The leaves that departed by an act, and by no later one, with their rooms."""
    return [leaf for one in await left(connection, room, seq) if (leaf := effects.leaf(one.name)) is not None]


async def has_set(connection: AsyncConnection, room: UUID, seq: int, name: str) -> bool:
    query = select(Table.id).where(Table.room == room, Table.seq == seq, Table.name == name)
    return (await connection.execute(query.limit(1))).first() is not None


async def set_otherwise(connection: AsyncConnection, group: UUID, names: Collection[str]) -> None:
    """Somebody has decided about these in another way than by an act: no act is taken back there any more."""
    await connection.execute(delete(Table).where(Table.group == group, Table.name.in_(names)))


async def carry(connection: AsyncConnection, head: rooms.Head, seq: int, now: int, *, back: bool) -> tuple[UUID, ...]:
    """Take back what an act set, or make it once more: the passing rooms that end by it. All rooms are locked."""
    mine = await left(connection, head.id, seq)
    before = await _before(connection, head.group, mine)
    wanted = {one.name: (one.after, before[one.name]) if back else (before[one.name], one.after) for one in mine}
    table = {name: one for name, one in wanted.items() if name.startswith(("live ", "floor "))}
    over, done = await _carry_table(connection, head, table, now) if table else ((), set())
    for name, (expected, value) in wanted.items():
        if name not in table and await _set(connection, head, name, expected, value, now):
            done.add(name)
    missed = [one.id for one in mine if one.name not in done]
    await connection.execute(delete(Table).where(Table.id.in_(missed)))
    return over


async def _before(connection: AsyncConnection, group: UUID, mine: Sequence[Effect]) -> dict[str, object]:
    """What was before these, and before all that came right before them and is taken back."""
    before = {one.name: one.before for one in mine}
    act = (Act.room == Table.room) & (Act.seq == Table.seq)
    for one in mine:
        named = Table.group == group, Table.name == one.name, Table.id < one.id
        stands = select(func.max(Table.id)).join(Act, act).where(*named, Act.undone.is_(False))
        newest = (await connection.execute(stands)).scalar()
        query = select(Table.before).join(Act, act).where(*named, Table.id > (newest or 0)).order_by(Table.id).limit(1)
        first = (await connection.execute(query)).first()
        if first is not None:
            before[one.name] = first[0]
    return before


async def _set(
    connection: AsyncConnection, head: rooms.Head, name: str, expected: object, value: object, now: int
) -> bool:
    """Set one thing, if it is as expected."""
    match name.split():
        case ["member", member, field]:
            return await _set_member(connection, head.group, bytes.fromhex(member), field, expected, value)
        case ["group", field]:
            column = getattr(Group, field)
            group = update(Group).where(Group.id == head.group, column == expected).values({column: value})
            return (await connection.execute(group)).rowcount == 1
        case ["invite", id]:
            usable = Invite.ended.is_(None)
            invite = update(Invite).where(Invite.id == UUID(id), not_(usable) if expected else usable)
            ended = "invite_revoked" if value else None
            return (await connection.execute(invite.values(ended=ended))).rowcount == 1
        case ["line", seq]:
            said = await envelopes.one(connection, head.id, int(seq))
            if said is None or (said.taken_down is None) != (expected is None):
                return False
            # Its body goes a while after this moment, not after the one at which it was taken down first.
            await envelopes.take_down(connection, head.id, int(seq), None if value is None else now)
            return True
        case ["leaf", room, leaf]:
            await _set_leaf(connection, UUID(room), bytes.fromhex(leaf), active=value == "active")
    return True


async def _set_leaf(connection: AsyncConnection, room: UUID, leaf: bytes, *, active: bool) -> None:
    """One that is out of the tree meanwhile stays out of it."""
    if active:
        await rooms.keep(connection, room, leaf)
    elif (there := await rooms.head(connection, room)) is not None:
        held = {one.identity for one in await rooms.leaves(connection, room, "active")}
        await rooms.part_with(connection, room, held & {leaf}, there.head)


async def _set_member(
    connection: AsyncConnection, group: UUID, member: bytes, field: str, expected: object, value: object
) -> bool:
    column = getattr(Member, field)
    if field == "offered_by":
        expected, value = (one and bytes.fromhex(str(one)) for one in (expected, value))
    unchanged = column.is_(None) if expected is None else column == expected
    row = update(Member).where(Member.group == group, Member.member == member, unchanged)
    return (await connection.execute(row.values({column: value}))).rowcount == 1


async def _carry_table(
    connection: AsyncConnection, head: rooms.Head, wanted: dict[str, tuple[object, object]], now: int
) -> tuple[tuple[UUID, ...], set[str]]:
    live, floor = lives.read(head.live)
    kept = {"live": live.model_dump(mode="json"), "floor": floor.model_dump(mode="json")}
    done = set()
    for name, (expected, value) in wanted.items():
        *path, field = name.split()
        place = kept[path[0]] if len(path) == 1 else kept[path[0]][path[1]]
        if place.get(field) == expected:
            place[field] = value
            done.add(name)
    # A plan that is not there any more.
    kept["live"]["times"] = {plan: times for plan, times in kept["live"]["times"].items() if times is not None}
    table = lives.read(json.dumps(kept))
    await lives.write(connection, head.id, table, now)
    return await passing.follow(connection, head.group, table, now), done
