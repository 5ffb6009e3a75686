"""The further rooms of a group (docs/protocol.md, "Further rooms")."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from safespace.storage.tables import Device, KeyPackage, Leaf, Member, Room


@dataclass(frozen=True, slots=True)
class Listed:
    """A further room that a device is in; `leaf` is the device's."""

    id: UUID
    purpose: str
    head: int
    epoch: int
    policy_seq: int
    leaf: bytes
    joined_seq: int


@dataclass(frozen=True, slots=True)
class Held:
    """A member's leaf in a further room, what the room is for and whom it is about, and the last seq of its log."""

    room: UUID
    purpose: str
    about: bytes | None
    head: int
    identity: bytes
    device: UUID


@dataclass(frozen=True, slots=True)
class Ended:
    """A leaf in a further room whose member no longer belongs there; nothing after `until` is for it."""

    room: UUID
    leaf: bytes
    until: int


_active = and_(Leaf.room == Room.id, Leaf.status == "active")


async def listed(
    connection: AsyncConnection,
    group: UUID,
    device: UUID,
    *,
    room: UUID | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Listed]:
    """The further rooms of a group that this device is in, in the order of their ids; one room if `room` is given."""
    mine = Leaf.identity.label("leaf"), Leaf.joined_seq
    query = (
        select(Room.id, Room.purpose, Room.head, Room.epoch, Room.policy_seq, *mine)
        .join(Leaf, _active)
        .where(Room.group == group, Room.purpose != "main", Leaf.device == device)
        .order_by(Room.id)
        .limit(limit)
    )
    if room is not None:
        query = query.where(Room.id == room)
    if after is not None:
        query = query.where(Room.id > after)
    return [Listed(**row) for row in (await connection.execute(query)).mappings()]


async def held_by(connection: AsyncConnection, group: UUID, member: bytes) -> list[Held]:
    """A member's active leaves in the group's further rooms, in the order of the rooms' ids."""
    query = (
        select(Room.id.label("room"), Room.purpose, Room.about, Room.head, Leaf.identity, Leaf.device)
        .join(Leaf, _active)
        .where(Room.group == group, Room.purpose != "main", Leaf.member == member)
        .order_by(Room.id)
    )
    return [Held(**row) for row in (await connection.execute(query)).mappings()]


async def ended(connection: AsyncConnection, main: UUID) -> list[Ended]:
    """The places in further rooms of a main room's group that ended and hold keys still; none for other rooms."""
    group = select(Room.group).where(Room.id == main, Room.purpose == "main").scalar_subquery()
    query = (
        select(Room.id.label("room"), Leaf.identity.label("leaf"), Leaf.left_seq.label("until"))
        .join(Leaf, and_(Leaf.room == Room.id, Leaf.status == "departed"))
        .where(Room.group == group, Room.purpose != "main")
    )
    return [Ended(**row) for row in (await connection.execute(query)).mappings()]


async def staff_room(connection: AsyncConnection, group: UUID) -> UUID | None:
    """The staff room that somebody is in."""
    query = select(Room.id).where(Room.group == group, Room.purpose == "staff", exists().where(_active))
    found: UUID | None = (await connection.execute(query.limit(1))).scalar()
    return found


async def staff_room_of(connection: AsyncConnection, main: UUID) -> UUID | None:
    """The staff room of a main room's group that somebody is in."""
    group = (await connection.execute(select(Room.group).where(Room.id == main))).scalar_one()
    return await staff_room(connection, group)


async def missing(
    connection: AsyncConnection, group: UUID, room: UUID, roles: Sequence[str], oldest: int
) -> list[bytes]:
    """The members of these roles who are not in a room, and have a package made after `oldest` to be brought by."""
    inside = exists().where(Leaf.room == room, Leaf.member == Member.member, Leaf.status != "removed")
    unused = or_(KeyPackage.taken_for.is_(None), and_(KeyPackage.last_resort.is_(True), KeyPackage.taken_for != room))
    pool = (
        select(KeyPackage.ref)
        .join(Device, Device.id == KeyPackage.device)
        .where(Device.account == Member.account, KeyPackage.member == Member.member)
        .where(KeyPackage.group == group, KeyPackage.room.is_(None))
        .where(KeyPackage.created > oldest, unused)
    )
    query = select(Member.member).where(
        Member.group == group, Member.status == "member", Member.role.in_(roles), ~inside, pool.exists()
    )
    return list((await connection.execute(query.order_by(Member.member))).scalars())
