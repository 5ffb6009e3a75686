"""Handover notes: what a facilitator leaves for the next. The server can read none of it, and deletes it in time."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy import and_, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from safespace.storage.paging import Page, fitting, size
from safespace.storage.tables import Handover as Table
from safespace.storage.tables import HandoverBox


@dataclass(frozen=True, slots=True)
class Handover:
    """As stored. `author` is a member id; times are in milliseconds."""

    id: UUID
    group: UUID
    author: bytes
    sealed: bytes
    created: int
    expires: int


@dataclass(frozen=True, slots=True)
class Readable:
    """A note as one of those it was sealed to sees it."""

    handover: Handover
    box: bytes


_names = tuple(Handover.__dataclass_fields__)
_columns = tuple(getattr(Table, name) for name in _names)


async def create(connection: AsyncConnection, handover: Handover, boxes: Mapping[bytes, bytes]) -> None:
    """A note with its boxes by member id."""
    await connection.execute(insert(Table).values(**asdict(handover)))
    await connection.execute(
        insert(HandoverBox),
        [{"handover": handover.id, "member": member, "box": box} for member, box in boxes.items()],
    )


async def find(connection: AsyncConnection, id: UUID) -> Handover | None:
    row = (await connection.execute(select(*_columns).where(Table.id == id))).mappings().first()
    return None if row is None else Handover(**row)


async def count(connection: AsyncConnection, group: UUID, now: int) -> int:
    """How many notes a group has that have not expired."""
    query = select(func.count()).where(Table.group == group, Table.expires > now)
    return int((await connection.execute(query)).scalar_one())


async def readable(
    connection: AsyncConnection, group: UUID, member: bytes, now: int, *, before: UUID | None = None, limit: int = 50
) -> Page[Readable]:
    """What was sealed to this member and has not expired, the newest id first."""
    boxed = and_(HandoverBox.handover == Table.id, HandoverBox.member == member)
    sizes = select(Table.id, size(Table.sealed)).join(HandoverBox, boxed)
    sizes = sizes.where(Table.group == group, Table.expires > now).order_by(Table.id.desc())
    ids = await fitting(connection, sizes if before is None else sizes.where(Table.id < before), limit)
    query = select(*_columns, HandoverBox.box).join(HandoverBox, boxed).where(Table.id.in_(ids.items))
    rows = (await connection.execute(query.order_by(Table.id.desc()))).mappings()
    return Page([Readable(Handover(**{name: row[name] for name in _names}), row["box"]) for row in rows], ids.more)


async def remove(connection: AsyncConnection, id: UUID) -> None:
    """Delete a note, with its boxes."""
    await connection.execute(delete(Table).where(Table.id == id))


async def forget_expired(connection: AsyncConnection, now: int) -> None:
    """Delete what has expired, with its boxes."""
    await connection.execute(delete(Table).where(Table.expires <= now))
