"""Who was told no at a group's door, how often and when last: so that the same account waits before it asks again."""

from uuid import UUID

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from safespace.storage.tables import Decline as Table

KEPT = 60 * 86_400_000
"""Milliseconds after which a no is forgotten, unless it was for good."""


async def add(connection: AsyncConnection, group: UUID, account: UUID, now: int, *, final: bool) -> None:
    """Somebody was told no, with `final` for good."""
    here = (Table.group == group, Table.account == account)
    more = {"count": Table.count + 1, "last": now} | ({"final": True} if final else {})
    changed = await connection.execute(update(Table).where(*here).values(**more))
    if changed.rowcount == 0:
        new = {"group": group, "account": account, "count": 1, "last": now, "final": final}
        await connection.execute(insert(Table).values(**new))


async def of(connection: AsyncConnection, group: UUID, account: UUID) -> tuple[int, int, bool]:
    """How often an account was told no, when last, and whether for good."""
    query = select(Table.count, Table.last, Table.final).where(Table.group == group, Table.account == account)
    row = (await connection.execute(query)).first()
    return (0, 0, False) if row is None else (row[0], row[1], row[2])


async def count_final(connection: AsyncConnection, group: UUID) -> int:
    """How many accounts are not to ask again."""
    query = select(func.count()).where(Table.group == group, Table.final)
    return int((await connection.execute(query)).scalar_one())


async def forgive(connection: AsyncConnection, group: UUID, account: UUID | None = None) -> None:
    """Forget that this account was told no, or that any was."""
    mine = [] if account is None else [Table.account == account]
    await connection.execute(delete(Table).where(Table.group == group, *mine))


async def forget(connection: AsyncConnection, oldest: int) -> None:
    """Forget what was said before `oldest`, but for what was for good."""
    await connection.execute(delete(Table).where(Table.last < oldest, Table.final.is_(False)))
