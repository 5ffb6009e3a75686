"""Acts whose effect may still be taken back (`storage.undoing`): docs/protocol.md, "When nobody can follow an act"."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from safespace.storage import rooms, undoing
from safespace.storage.tables import Act as Table
from safespace.storage.tables import Leaf, Room


@dataclass(frozen=True, slots=True)
class Act:
    """See `tables.Act`."""

    room: UUID
    seq: int
    author: bytes
    rank: int
    created: int
    until: int = 0
    folded: bool = False
    undone: bool = False

    @property
    def settled(self) -> bool:
        """Whether it stands for good: nobody waits for leaves that departed by it."""
        return self.folded and not self.until


_columns = Table.__table__.columns


async def add(connection: AsyncConnection, act: Act) -> None:
    await connection.execute(insert(Table).values(**asdict(act)))


async def one(connection: AsyncConnection, room: UUID, seq: int) -> Act | None:
    row = (await connection.execute(select(*_columns).where(Table.room == room, Table.seq == seq))).mappings().first()
    return None if row is None else Act(**row)


async def some(connection: AsyncConnection, room: UUID, seqs: Collection[int]) -> Sequence[Act]:
    """Those of these acts of which something may be taken back, the newest first."""
    query = select(*_columns).where(Table.room == room, Table.seq.in_(seqs)).order_by(Table.seq.desc())
    return [Act(**row) for row in (await connection.execute(query)).mappings()]


async def doubted(connection: AsyncConnection, room: UUID, *, before: int | None, limit: int) -> Sequence[Act]:
    """The acts of a room that somebody doubted, the newest first; those before a seq, if it is given."""
    query = select(*_columns).where(Table.room == room, Table.until > 0).order_by(Table.seq.desc()).limit(limit)
    if before is not None:
        query = query.where(Table.seq < before)
    return [Act(**row) for row in (await connection.execute(query)).mappings()]


async def decide(connection: AsyncConnection, act: Act) -> None:
    """Write down what was decided about an act."""
    values = {"until": act.until, "folded": act.folded, "undone": act.undone}
    await connection.execute(update(Table).where(Table.room == act.room, Table.seq == act.seq).values(**values))


async def end(connection: AsyncConnection, room: UUID, seq: int) -> None:
    """Nothing of it is taken back any more."""
    await connection.execute(delete(Table).where(Table.room == room, Table.seq == seq))


async def forget(connection: AsyncConnection, before: int) -> None:
    """What was done before then stands."""
    await connection.execute(delete(Table).where(Table.created < before))


async def contest(connection: AsyncConnection, act: Act) -> None:
    """Nobody waits for the leaves that departed by a doubted act."""
    for room, identity in await undoing.leaves(connection, act.room, act.seq):
        leaf = update(Leaf).where(Leaf.room == room, Leaf.identity == identity, Leaf.status.in_(rooms.GONE))
        await connection.execute(leaf.values(status="contested"))


async def contest_again(connection: AsyncConnection, group: UUID) -> None:
    """A commit by which contested leaves were out of the tree is voided: they are contested as before."""
    query = (
        select(*_columns)
        .join(Room, Room.id == Table.room)
        .where(Room.group == group, Table.until > 0, Table.undone.is_(False))
    )
    for row in (await connection.execute(query)).mappings().all():
        await contest(connection, Act(**row))


async def accepted(connection: AsyncConnection, room: UUID) -> set[bytes]:
    """The contested leaves of a room that departed by what somebody folded, who can change the keys without them."""
    group = select(Room.group).where(Room.id == room).scalar_subquery()
    folded = (
        select(Table.room, Table.seq)
        .join(Room, Room.id == Table.room)
        .where(Room.group == group, Table.until > 0, Table.folded, Table.undone.is_(False))
    )
    acts = (await connection.execute(folded)).all()
    named = {leaf for act in acts for place, leaf in await undoing.leaves(connection, *act) if place == room}
    return named & {leaf.identity for leaf in await rooms.leaves(connection, room, "contested")}


async def rooms_of(connection: AsyncConnection, group: UUID) -> Sequence[UUID]:
    """All rooms of a group, which an act in main may reach."""
    return (await connection.execute(select(Room.id).where(Room.group == group).order_by(Room.id))).scalars().all()
