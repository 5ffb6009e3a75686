"""Passing rooms as the relay keeps them: who asks to come in, by what main binds in them, and that nothing stays."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from safespace.fields import PASSING
from safespace.rooms.live import Table, settled
from safespace.rooms.passing import announced, table_within
from safespace.storage import lives, vouching
from safespace.storage.tables import Change, Device, Envelope, KeyPackage, Leaf, Member, Room, Welcome


async def of_group(connection: AsyncConnection, group: UUID) -> Sequence[UUID]:
    """The passing rooms of a group that somebody has made, over or not."""
    query = select(Room.id).where(Room.group == group, Room.purpose.in_(PASSING)).order_by(Room.id)
    return (await connection.execute(query)).scalars().all()


async def follow(connection: AsyncConnection, group: UUID, table: Table, time: int) -> tuple[UUID, ...]:
    """Do what main's `table` means for the group's passing rooms: those that are over are deleted but for a trace, and
    returned; what binds in the others is written down with them. The rooms are locked."""
    live, floor = settled(*table, time)
    there = announced(live)
    over = []
    for room in await of_group(connection, group):
        if room not in there:
            over.append(room)
            continue
        text = lives.written(table_within(live, floor, room))
        await connection.execute(update(Room).where(Room.id == room).values(live=text, gated=True))
    if over:
        await vouching.keep_traces(connection, over, time)
        await _delete(connection, over)
    return tuple(over)


async def _delete(connection: AsyncConnection, rooms: Collection[UUID]) -> None:
    """Everything of these rooms."""
    for table in (Envelope, Leaf, Welcome, Change):
        await connection.execute(delete(table).where(table.room.in_(rooms)))
    await connection.execute(delete(KeyPackage).where(KeyPackage.room.in_(rooms)))
    await connection.execute(delete(Room).where(Room.id.in_(rooms)))


async def asking(connection: AsyncConnection, room: UUID) -> Sequence[bytes]:
    """The members who ask to come into a room, and for whom nobody has taken the KeyPackage yet."""
    query = (
        select(Member.member)
        .join(Device, Device.account == Member.account)
        .join(KeyPackage, KeyPackage.device == Device.id)
        .where(KeyPackage.room == room, KeyPackage.taken_for.is_(None))
        .where(Member.group == KeyPackage.group, Member.status == "member")
        .order_by(KeyPackage.created, Member.member)
    )
    return (await connection.execute(query)).scalars().all()


async def accounts_in(connection: AsyncConnection, room: UUID) -> Sequence[UUID]:
    """The accounts that have a leaf in a room."""
    query = select(Leaf.account).where(Leaf.room == room, Leaf.status == "active").distinct()
    return (await connection.execute(query)).scalars().all()
