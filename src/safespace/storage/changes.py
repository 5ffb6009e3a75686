"""Commits that are provisional.

See docs/protocol.md, "When a change of keys cannot be processed".
"""

from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from safespace.storage.tables import Change as Table
from safespace.storage.tables import Leaf


@dataclass(frozen=True, slots=True)
class Change:
    """A room's newest commit: its line, the last line of its act, and the public group before it.

    `removed` are leaves and `doubts` members, both in hexadecimal; `until` is when silence confirms it.
    """

    room: UUID
    seq: int
    last: int
    author: bytes
    until: int
    epoch: int
    tree: bytes
    confirmed_transcript_hash: bytes
    confirmation_tag: bytes
    removed: list[str]
    doubts: list[str]
    opened: bool = False


async def begin(connection: AsyncConnection, change: Change) -> None:
    """A provisional commit, in place of the one before."""
    await end(connection, change.room)
    await connection.execute(insert(Table).values(**asdict(change)))


async def newest(connection: AsyncConnection, room: UUID) -> Change | None:
    """The room's commit that can be voided, if there is one."""
    row = (await connection.execute(select(*Table.__table__.columns).where(Table.room == room))).mappings().first()
    return None if row is None else Change(**row)


async def followers(connection: AsyncConnection, room: UUID) -> frozenset[bytes]:
    """The leaves whose word about the room's newest commit counts: others than the author's, there before it."""
    query = (
        select(Leaf.identity)
        .join(Table, Table.room == Leaf.room)
        .where(Leaf.room == room, Leaf.status == "active", Leaf.member != Table.author, Leaf.joined_seq < Table.seq)
    )
    return frozenset((await connection.execute(query)).scalars())


async def doubt(connection: AsyncConnection, change: Change, member: bytes) -> Change:
    """One more member could not apply it."""
    doubts = sorted({*change.doubts, member.hex()})
    await connection.execute(update(Table).where(Table.room == change.room).values(doubts=doubts))
    return Change(**(asdict(change) | {"doubts": doubts}))


async def open(connection: AsyncConnection, room: UUID) -> None:
    """Whom the commit lets in could open it."""
    await connection.execute(update(Table).where(Table.room == room).values(opened=True))


async def end(connection: AsyncConnection, room: UUID) -> None:
    """The commit stands, or was voided."""
    await connection.execute(delete(Table).where(Table.room == room))
