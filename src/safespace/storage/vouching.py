"""Whose leaf could send a line: what the server can vouch for, in rooms that are and in passing rooms that are over.

Of a passing room a trace is left, for GRACE, and longer only where a report was filed in the group while the room
lasted, or within GRACE of its end: for as long as such a report is kept. The trace names nobody to who does not know
the leaf (docs/decisions/0023-whose-leaf-it-is.md).
"""

import hashlib
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, exists, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from safespace.crypto.encoding import lp
from safespace.storage.tables import Leaf, PastLeaf, Report, Room

GRACE = 600_000
"""Milliseconds for which a report of what was said in a passing room may be on its way once the room is over."""


async def was_theirs(
    connection: AsyncConnection, group: UUID, room: UUID, leaf: bytes, member: bytes, seq: int
) -> bool:
    """Whether the room is or was the group's, and the leaf the member's there when the line `seq` came."""
    here = (
        select(Leaf.room)
        .join(Room, Room.id == Leaf.room)
        .where(Leaf.room == room, Room.group == group, Leaf.identity == leaf, Leaf.member == member)
        .where(Leaf.joined_seq < seq, Room.head >= seq, or_(Leaf.left_seq.is_(None), Leaf.left_seq >= seq))
    )
    past = (
        select(PastLeaf.room)
        .where(PastLeaf.leaf == trace(room, leaf, member), PastLeaf.group == group)
        .where(PastLeaf.joined_seq < seq, PastLeaf.left_seq >= seq)
    )
    return (await connection.execute(here.union_all(past))).first() is not None


async def is_past(connection: AsyncConnection, room: UUID) -> bool:
    """Whether there is a trace of a room that is over."""
    query = select(PastLeaf.room).where(PastLeaf.room == room)
    return (await connection.execute(query.limit(1))).first() is not None


async def keep_traces(connection: AsyncConnection, rooms: Collection[UUID], now: int) -> None:
    """These passing rooms are over, and about to be deleted."""
    query = (
        select(Room.id, Room.group, Room.created, Room.head, Leaf.identity, Leaf.member, Leaf.joined_seq, Leaf.left_seq)
        .join(Leaf, Leaf.room == Room.id)
        .where(Room.id.in_(rooms))
    )
    traces = [
        {
            "leaf": trace(row.id, row.identity, row.member),
            "group": row.group,
            "room": row.id,
            "began": row.created,
            "ended": now,
            "joined_seq": row.joined_seq,
            "left_seq": row.head if row.left_seq is None else row.left_seq,
        }
        for row in await connection.execute(query)
    ]
    if traces:
        await connection.execute(insert(PastLeaf), traces)


async def forget(connection: AsyncConnection, now: int) -> None:
    """Delete the traces of rooms that no report which is kept can quote."""
    quoted = exists().where(
        Report.group == PastLeaf.group,
        Report.created >= PastLeaf.began,
        Report.created <= PastLeaf.ended + GRACE,
    )
    await connection.execute(delete(PastLeaf).where(PastLeaf.ended < now - GRACE, ~quoted))


def trace(room: UUID, leaf: bytes, member: bytes) -> bytes:
    return hashlib.sha256(lp("safespace past leaf") + lp(room.bytes) + lp(leaf) + lp(member)).digest()
