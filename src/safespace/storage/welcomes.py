"""Welcomes into further rooms that wait for the device they are for."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from safespace.storage.tables import Room
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


async def waiting(connection: AsyncConnection, device: UUID) -> list[Waiting]:
    """Those that wait for a device."""
    query = (
        select(Room.group, Table.room, Table.seq, Table.welcome, Table.tree)
        .join(Room, Room.id == Table.room)
        .where(Table.device == device)
        .order_by(Table.room)
    )
    return [Waiting(**row) for row in (await connection.execute(query)).mappings()]


async def forget(connection: AsyncConnection, room: UUID, devices: Sequence[UUID]) -> None:
    """They were fetched, or are for nobody any more."""
    await connection.execute(delete(Table).where(Table.room == room, Table.device.in_(devices)))
