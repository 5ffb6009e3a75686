"""Pools of KeyPackages, one for each (device, group)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from safespace.storage.groups import Member
from safespace.storage.tables import Device
from safespace.storage.tables import KeyPackage as Table

KEPT = 90 * 86_400_000
"""Milliseconds after which a package is not handed out any more."""


@dataclass(frozen=True, slots=True)
class KeyPackage:
    ref: bytes
    group: UUID
    device: UUID
    package: bytes
    endorsement: bytes
    identity: bytes
    member: bytes
    """Who endorsed it."""
    last_resort: bool
    created: int
    room: UUID | None = None
    """The passing room that it is for; None for one of the pool."""


async def add(connection: AsyncConnection, packages: Sequence[KeyPackage]) -> None:
    """Put packages in their pool; a new last-resort one takes the old one's place."""
    for package in packages:
        if package.last_resort:
            await connection.execute(
                delete(Table).where(
                    Table.device == package.device, Table.group == package.group, Table.last_resort.is_(True)
                )
            )
    if packages:
        await connection.execute(
            insert(Table), [{**asdict(package), "taken_for": None, "taken_by": None} for package in packages]
        )


async def available(connection: AsyncConnection, group: UUID, device: UUID, member: bytes, oldest: int) -> int:
    """How many single-use packages of this member made after `oldest` are left."""
    query = select(func.count()).where(
        Table.device == device,
        Table.group == group,
        Table.member == member,
        Table.taken_for.is_(None),
        Table.last_resort.is_(False),
        Table.room.is_(None),
        Table.created > oldest,
    )
    return int((await connection.execute(query)).scalar_one())


async def ref_known(connection: AsyncConnection, refs: Sequence[bytes]) -> bool:
    """Whether one of these references was ever in a pool and not withdrawn."""
    return (await connection.execute(select(Table.ref).where(Table.ref.in_(refs)).limit(1))).first() is not None


async def withdraw(connection: AsyncConnection, group: UUID, device: UUID) -> None:
    """Forget what nobody took of the pool."""
    untaken = delete(Table).where(Table.device == device, Table.group == group, Table.taken_for.is_(None))
    await connection.execute(untaken.where(Table.room.is_(None)))


async def forget_asked(connection: AsyncConnection, device: UUID, room: UUID) -> None:
    """Forget what a device asked to come into a room with, if nobody took it."""
    untaken = delete(Table).where(Table.device == device, Table.room == room, Table.taken_for.is_(None))
    await connection.execute(untaken)


async def taken_by(connection: AsyncConnection, group: UUID, account: UUID, since: int) -> int:
    """How many of the group's packages made after `since` the account took."""
    query = select(func.count()).where(Table.group == group, Table.taken_by == account, Table.created > since)
    return int((await connection.execute(query)).scalar_one())


@dataclass(frozen=True, slots=True)
class Taken:
    """A package that was handed out, and the account and the device whose it is."""

    ref: bytes
    package: bytes
    endorsement: bytes
    identity: bytes
    account: UUID
    device: UUID


_taken = (Table.ref, Table.package, Table.endorsement, Table.identity, Device.account, Table.device)


async def take(connection: AsyncConnection, owner: Member, *, room: UUID, taker: UUID, oldest: int) -> Taken | None:
    """One package that `owner` endorsed; the last-resort one comes last, once for each room. None if none is left."""
    pool = (
        select(*_taken)
        .join(Device, Device.id == Table.device)
        .where(Device.account == owner.account, Table.group == owner.group, Table.member == owner.member)
        .where(Table.room.is_(None), Table.created > oldest)
    )
    single = pool.where(Table.last_resort.is_(False), Table.taken_for.is_(None)).order_by(Table.created)
    last = pool.where(Table.last_resort.is_(True), (Table.taken_for != room) | Table.taken_for.is_(None))
    for query in (single, last):
        row = (await connection.execute(query.limit(1))).mappings().first()
        if row is not None:
            taken = Taken(**row)
            await connection.execute(update(Table).where(Table.ref == taken.ref).values(taken_for=room, taken_by=taker))
            return taken
    return None


async def take_asked(connection: AsyncConnection, room: UUID, owner: Member, taker: UUID) -> Taken | None:
    """The package with which `owner` asks to come into a passing room; None where they do not, any more."""
    asked = select(*_taken).join(Device, Device.id == Table.device)
    theirs = asked.where(Device.account == owner.account, Table.member == owner.member)
    query = theirs.where(Table.room == room, Table.taken_for.is_(None))
    row = (await connection.execute(query.order_by(Table.created.desc()).limit(1))).mappings().first()
    if row is None:
        return None
    taken = Taken(**row)
    await connection.execute(update(Table).where(Table.ref == taken.ref).values(taken_for=room, taken_by=taker))
    return taken


async def drop(connection: AsyncConnection, ref: bytes) -> None:
    """Forget one that is of no use."""
    await connection.execute(delete(Table).where(Table.ref == ref))


async def handed_out(connection: AsyncConnection, ref: bytes, room: UUID) -> Taken | None:
    """The package with this reference, if it was handed out for this room."""
    query = select(*_taken).join(Device, Device.id == Table.device).where(Table.ref == ref, Table.taken_for == room)
    row = (await connection.execute(query)).mappings().first()
    return None if row is None else Taken(**row)


async def delete_older(connection: AsyncConnection, oldest: int) -> None:
    """Forget what came in before `oldest`, taken or not."""
    await connection.execute(delete(Table).where(Table.created < oldest))
