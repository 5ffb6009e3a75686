"""Welcomes into further rooms that wait for the device they are for."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy import delete, exists, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from safespace.storage.paging import Page, fitting, size
from safespace.storage.tables import Leaf, Room
from safespace.storage.tables import Welcome as Table


@dataclass(frozen=True, slots=True)
class Welcome:
    """What a device needs to enter: `seq` is the commit's that added it, `tree` that of its epoch."""

    room: UUID
    device: UUID
    seq: int
    welcome: bytes
    tree: bytes


@dataclass(frozen=True, slots=True)
class Waiting:
    """A Welcome, and the group that its room is said to be of."""

    group: UUID
    room: UUID
    seq: int
    welcome: bytes
    tree: bytes


async def keep(connection: AsyncConnection, welcome: Welcome) -> None:
    """Keep it until it is fetched; an older one into the same room is of no use any more."""
    await forget(connection, welcome.room, [welcome.device])
    await connection.execute(insert(Table).values(**asdict(welcome)))


async def waiting(
    connection: AsyncConnection, device: UUID, *, after: UUID | None = None, limit: int = 50
) -> Page[Waiting]:
    """Those that wait for a device in the rooms where it has a place, in the order of the rooms' ids."""
    place = exists().where(
        Leaf.room == Table.room,
        Leaf.device == Table.device,
        Leaf.status == "active",
        Leaf.joined_seq == Table.seq,
    )
    sizes = select(Table.room, size(Table.welcome, Table.tree)).where(Table.device == device, place)
    sizes = sizes.order_by(Table.room)
    ids = await fitting(connection, sizes if after is None else sizes.where(Table.room > after), limit)
    query = (
        select(Room.group, Table.room, Table.seq, Table.welcome, Table.tree)
        .join(Room, Room.id == Table.room)
        .where(Table.device == device, Table.room.in_(ids.items))
        .order_by(Table.room)
    )
    return Page([Waiting(**row) for row in (await connection.execute(query)).mappings()], ids.more)


async def forget_removed(connection: AsyncConnection, room: UUID) -> None:
    """Whom they let in is out of the tree."""
    place = exists().where(Leaf.room == Table.room, Leaf.device == Table.device, Leaf.status != "removed")
    await connection.execute(delete(Table).where(Table.room == room, ~place))


async def forget(connection: AsyncConnection, room: UUID, devices: Sequence[UUID]) -> None:
    """They were fetched, or are for nobody any more."""
    await connection.execute(delete(Table).where(Table.room == room, Table.device.in_(devices)))
