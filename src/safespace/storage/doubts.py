"""Who could not apply a commit that was voided, or could not fold an act. Doubts count for a day."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from safespace.storage.envelopes import DAY
from safespace.storage.tables import Doubt as Table
from safespace.storage.tables import Member

ENOUGH = 2
"""So many others who could not apply what was voided bar a member from committing."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Member `by` could not follow what `author` did at this line."""

    group: UUID
    room: UUID
    seq: int
    by: bytes
    author: bytes
    about: Literal["commit", "act"]
    created: int


async def remember(connection: AsyncConnection, doubts: Iterable[Doubt]) -> None:
    """Keep doubts, each once."""
    for doubt in doubts:
        if doubt.by not in await about(connection, doubt.room, doubt.seq):
            await connection.execute(insert(Table).values(**asdict(doubt)))


async def about(connection: AsyncConnection, room: UUID, seq: int) -> Collection[bytes]:
    """The members who doubt a line."""
    return (await connection.execute(select(Table.by).where(Table.room == room, Table.seq == seq))).scalars().all()


async def are_refuted(connection: AsyncConnection, room: UUID, seqs: Collection[int], by: bytes) -> bool:
    """Whether there are doubts about any of these lines that a member's word ends."""
    query = select(Table.seq).where(*_refuted(room, seqs, by)).limit(1)
    return (await connection.execute(query)).first() is not None


async def refute(connection: AsyncConnection, room: UUID, seqs: Collection[int], by: bytes) -> None:
    """A member could apply these commits: nobody's doubts count against them."""
    await connection.execute(delete(Table).where(*_refuted(room, seqs, by)))


def _refuted(room: UUID, seqs: Collection[int], by: bytes) -> tuple[ColumnElement[bool], ...]:
    """The doubts about commits that the member neither made nor doubted."""
    doubted = select(Table.seq).where(Table.room == room, Table.by == by)
    return (
        Table.room == room,
        Table.seq.in_(seqs),
        Table.about == "commit",
        Table.author != by,
        Table.seq.not_in(doubted),
    )


async def of_group(connection: AsyncConnection, group: UUID, now: int) -> Sequence[Doubt]:
    """Those that count, the newest first."""
    query = (
        select(*Table.__table__.columns)
        .where(Table.group == group, Table.created > now - DAY)
        .order_by(Table.created.desc(), Table.room, Table.seq, Table.by)
        .limit(200)
    )
    return [Doubt(**row) for row in (await connection.execute(query)).mappings()]


async def is_barred(connection: AsyncConnection, group: UUID, author: bytes, now: int) -> bool:
    """Whether enough people who are members now could not apply what the member committed."""
    query = (
        select(func.count(Member.account.distinct()))
        .join(Table, (Table.group == Member.group) & (Table.by == Member.member))
        .where(Table.group == group, Table.author == author, Table.about == "commit", Table.created > now - DAY)
        .where(Member.status == "member")
    )
    return int((await connection.execute(query)).scalar_one()) >= ENOUGH


async def forget(connection: AsyncConnection, now: int) -> None:
    """Drop those that count no more."""
    await connection.execute(delete(Table).where(Table.created <= now - DAY))
