"""Leases: rows by which processes agree on one of them. The holder changes its row again and again to keep it."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from safespace.storage.tables import Lease as Table


class Lease(NamedTuple):
    """Who holds it, None after it was let go, and how often it was renewed."""

    holder: UUID | None
    beat: int


async def renew(connection: AsyncConnection, name: str, holder: UUID) -> bool:
    """Show that the holder lives; False when somebody else holds the lease."""
    renewed = update(Table).where(Table.name == name, Table.holder == holder).values(beat=Table.beat + 1)
    return (await connection.execute(renewed)).rowcount == 1


async def find(connection: AsyncConnection, name: str) -> Lease | None:
    row = (await connection.execute(select(Table.holder, Table.beat).where(Table.name == name))).first()
    return None if row is None else Lease(row.holder, row.beat)


async def take(connection: AsyncConnection, name: str, holder: UUID, seen: Lease | None) -> bool:
    """Take a lease that still is as it was `seen`; False when somebody else was first."""
    if seen is None:
        try:
            await connection.execute(insert(Table).values(name=name, holder=holder, beat=0))
        except IntegrityError:
            return False
        return True
    same = Table.holder.is_(None) if seen.holder is None else Table.holder == seen.holder
    taken = update(Table).where(Table.name == name, same, Table.beat == seen.beat)
    return (await connection.execute(taken.values(holder=holder, beat=seen.beat + 1))).rowcount == 1


async def let_go(connection: AsyncConnection, name: str, holder: UUID) -> None:
    """Leave the lease to whoever comes next."""
    await connection.execute(update(Table).where(Table.name == name, Table.holder == holder).values(holder=None))
