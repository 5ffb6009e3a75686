"""Calendars that an account subscribed to: what an address is for, and the sessions it tells of."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from safespace.rooms.live import Times
from safespace.storage import lives
from safespace.storage.paging import fitting, size
from safespace.storage.tables import Calendar as Table
from safespace.storage.tables import Member, Room

MAX_GROUPS = 100
"""Groups that one calendar tells of."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The sessions of one of the account's groups, or, without a `group`, of all. `digest` is of its secret."""

    id: UUID
    account: UUID
    group: UUID | None
    digest: bytes
    created: int


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan of a group the account is a member of."""

    id: UUID
    times: Times


_columns = Table.__table__.columns


async def create(connection: AsyncConnection, calendar: Calendar) -> None:
    await connection.execute(
        insert(Table).values(
            id=calendar.id,
            account=calendar.account,
            group=calendar.group,
            digest=calendar.digest,
            created=calendar.created,
        )
    )


async def count(connection: AsyncConnection, account: UUID) -> int:
    query = select(func.count()).where(Table.account == account)
    return int((await connection.execute(query)).scalar_one())


async def of_account(connection: AsyncConnection, account: UUID) -> list[Calendar]:
    """In the order in which they were made."""
    query = select(*_columns).where(Table.account == account).order_by(Table.id)
    return [Calendar(**row) for row in (await connection.execute(query)).mappings()]


async def revoke(connection: AsyncConnection, account: UUID, id: UUID) -> bool:
    """Whether there was one to revoke."""
    return bool((await connection.execute(delete(Table).where(Table.account == account, Table.id == id))).rowcount)


async def by_digest(connection: AsyncConnection, digest: bytes) -> Calendar | None:
    row = (await connection.execute(select(*_columns).where(Table.digest == digest))).mappings().first()
    return None if row is None else Calendar(**row)


async def live_texts(connection: AsyncConnection, calendar: Calendar) -> Sequence[str]:
    """What the rooms say of whose plans it is for: of the groups, of which the account is a member now, the newest."""
    sizes = (
        select(Room.id, size(Room.live))
        .join(Member, Member.group == Room.group)
        .where(Member.account == calendar.account, Member.status == "member", Room.purpose == "main")
        .where(Room.live.is_not(None))
        .order_by(Room.id.desc())
    )
    if calendar.group is not None:
        sizes = sizes.where(Room.group == calendar.group)
    rooms = await fitting(connection, sizes, MAX_GROUPS)
    query = select(Room.live).where(Room.id.in_(rooms.items)).order_by(Room.id)
    return [live for live in (await connection.execute(query)).scalars() if live is not None]


def plans_in(texts: Sequence[str]) -> list[Planned]:
    """The plans in what rooms say, but for rooms of which nothing can be read. Takes a while where there are many."""
    found = []
    for live in texts:
        with contextlib.suppress(ValueError):
            found += [Planned(id, times) for id, times in lives.read(live)[0].times.items()]
    return found
