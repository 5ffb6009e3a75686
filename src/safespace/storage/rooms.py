"""Rooms, the devices' leaves in them, and what the relay knows of each room's public group."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import and_, bindparam, case, exists, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from safespace.storage import vouching
from safespace.storage.tables import Group, Member
from safespace.storage.tables import Leaf as LeafTable
from safespace.storage.tables import Room as Table

GONE: Final = ("departed", "contested")
"""Leaves in the tree that are to be removed."""
HELD: Final = ("active", *GONE)
"""Leaves in the tree."""


@dataclass(frozen=True, slots=True)
class Head:
    """Where a room's log and group stand."""

    id: UUID
    group: UUID
    purpose: str
    """`main`, or one of `fields.Purpose`."""
    about: bytes | None
    presence: bool
    days: int
    quiet: bool
    head: int
    epoch: int
    policy_seq: int
    hand_seq: int
    live: str | None
    unconfirmed: int
    """Until when nothing is taken in this epoch."""
    departed: bool
    """Whether a departed leaf is still in the tree."""


@dataclass(frozen=True, slots=True)
class Public:
    """A room's public MLS group at `epoch`, and the room's `head` at that moment."""

    id: UUID
    group: UUID
    head: int
    epoch: int
    policy_seq: int
    tree: bytes
    confirmed_transcript_hash: bytes
    confirmation_tag: bytes


@dataclass(frozen=True, slots=True)
class Leaf:
    """A device's place in a room."""

    room: UUID
    identity: bytes
    member: bytes
    account: UUID
    device: UUID
    status: str
    joined_seq: int


class Departure(NamedTuple):
    """A leaf that is gone, the last seq that is for it, and what became of its member."""

    leaf: bytes
    until: int
    status: str


_leaf = (
    LeafTable.room,
    LeafTable.identity,
    LeafTable.member,
    LeafTable.account,
    LeafTable.device,
    LeafTable.status,
    LeafTable.joined_seq,
)
_public = (
    Table.id,
    Table.group,
    Table.head,
    Table.epoch,
    Table.policy_seq,
    Table.tree,
    Table.confirmed_transcript_hash,
    Table.confirmation_tag,
)

# What every connection asks on its way in is put together once, as doing so anew costs three times what asking does.
_HEAD = (
    select(
        Table.id,
        Table.group,
        Table.purpose,
        Table.about,
        Group.presence,
        Group.days,
        Group.quiet,
        Table.head,
        Table.epoch,
        Table.policy_seq,
        Table.hand_seq,
        Table.live,
        Table.unconfirmed,
        exists().where(LeafTable.room == Table.id, LeafTable.status == "departed").label("departed"),
    )
    .join(Group, Group.id == Table.group)
    .where(Table.id == bindparam("room"))
)
_LEAF_OF = (
    select(*_leaf)
    .where(LeafTable.room == bindparam("room"), LeafTable.device == bindparam("device"), LeafTable.status == "active")
    .limit(1)
)
_DEPARTURES = (
    select(LeafTable.identity, LeafTable.left_seq, case((Table.purpose == "main", Member.status), else_="ended"))
    .join(Table, Table.id == LeafTable.room)
    .join(Member, (Member.group == Table.group) & (Member.member == LeafTable.member))
    .where(LeafTable.room == bindparam("room"), LeafTable.left_seq >= bindparam("after"))
)
_DEPARTURE = _DEPARTURES.where(LeafTable.identity == bindparam("leaf"))


async def create(
    connection: AsyncConnection, room: Public, now: int, *, purpose: str = "main", about: bytes | None = None
) -> None:
    """A room with an empty log."""
    await connection.execute(
        insert(Table).values(
            id=room.id,
            group=room.group,
            purpose=purpose,
            about=about,
            head=room.head,
            epoch=room.epoch,
            policy_seq=room.policy_seq,
            hand_seq=0,
            gated=False,
            tree=room.tree,
            confirmed_transcript_hash=room.confirmed_transcript_hash,
            confirmation_tag=room.confirmation_tag,
            created=now,
            expired_to=0,
            filed=0,
            unconfirmed=0,
        )
    )


async def room_exists(connection: AsyncConnection, room: UUID) -> bool:
    """Whether there is a room with this id, or a trace of one."""
    found = (await connection.execute(select(Table.id).where(Table.id == room))).first()
    return found is not None or await vouching.is_past(connection, room)


async def lock(connection: AsyncConnection, *rooms: UUID) -> None:
    """Keep others from appending to these rooms, and from changing them, until the transaction ends."""
    # In the order of their ids, as whoever appends to several rooms does.
    await connection.execute(select(Table.id).where(Table.id.in_(rooms)).order_by(Table.id).with_for_update())


async def head(connection: AsyncConnection, room: UUID) -> Head | None:
    row = (await connection.execute(_HEAD, {"room": room})).mappings().first()
    return None if row is None else Head(**row)


async def main_head(connection: AsyncConnection, group: UUID) -> Head:
    """The head of a group's main room."""
    main = (
        await connection.execute(select(Table.id).where(Table.group == group, Table.purpose == "main"))
    ).scalar_one()
    found = await head(connection, main)
    assert found is not None  # noqa: S101 - it was found by its id
    return found


async def public(connection: AsyncConnection, room: UUID) -> Public | None:
    row = (await connection.execute(select(*_public).where(Table.id == room))).mappings().first()
    return None if row is None else Public(**row)


async def public_for(connection: AsyncConnection, room: UUID, account: UUID) -> Public | None:
    """The same, if the account is in the room: a member of the group whose main it is, or one with a leaf in it."""
    member = exists().where(Member.group == Table.group, Member.account == account, Member.status == "member")
    leaf = exists().where(LeafTable.room == Table.id, LeafTable.account == account, LeafTable.status == "active")
    query = select(*_public).where(Table.id == room, or_(and_(Table.purpose == "main", member), leaf))
    row = (await connection.execute(query)).mappings().first()
    return None if row is None else Public(**row)


async def advance(
    connection: AsyncConnection, room: UUID, *, head: int, to: int, policy_seq: int, hand_seq: int
) -> bool:
    """Move the log's head by compare-and-set; False when somebody else was first.

    With a line after it, the commit that made the room's epoch is confirmed.
    """
    result = await connection.execute(
        update(Table)
        .where(Table.id == room, Table.head == head)
        .values(head=to, policy_seq=policy_seq, hand_seq=hand_seq, unconfirmed=0)
    )
    return result.rowcount == 1


async def change_keys(connection: AsyncConnection, before: int, after: Public) -> bool:
    """Replace the public group of epoch `before` by compare-and-set; False when somebody else was first."""
    result = await connection.execute(
        update(Table)
        .where(Table.id == after.id, Table.epoch == before)
        .values(
            epoch=after.epoch,
            tree=after.tree,
            confirmed_transcript_hash=after.confirmed_transcript_hash,
            confirmation_tag=after.confirmation_tag,
        )
    )
    return result.rowcount == 1


async def hold_back(connection: AsyncConnection, room: UUID, until: int) -> None:
    """Take nothing in the room's epoch until then; 0 takes it at once."""
    await connection.execute(update(Table).where(Table.id == room).values(unconfirmed=until))


async def add_leaf(connection: AsyncConnection, leaf: Leaf) -> None:
    await connection.execute(
        insert(LeafTable).values(
            room=leaf.room,
            identity=leaf.identity,
            member=leaf.member,
            account=leaf.account,
            device=leaf.device,
            status=leaf.status,
            joined_seq=leaf.joined_seq,
        )
    )


async def leaf_of(connection: AsyncConnection, room: UUID, device: UUID) -> Leaf | None:
    """The device's active leaf in the room."""
    row = (await connection.execute(_LEAF_OF, {"room": room, "device": device})).mappings().first()
    return None if row is None else Leaf(**row)


async def member_of(connection: AsyncConnection, room: UUID, leaf: bytes) -> bytes | None:
    """Whose leaf this is or was."""
    query = select(LeafTable.member).where(LeafTable.room == room, LeafTable.identity == leaf)
    return (await connection.execute(query)).scalar_one_or_none()


async def was_in(connection: AsyncConnection, room: UUID, device: UUID) -> bool:
    """Whether the device has or had a leaf in the room."""
    query = select(LeafTable.identity).where(LeafTable.room == room, LeafTable.device == device)
    return (await connection.execute(query.limit(1))).first() is not None


async def holds(connection: AsyncConnection, room: UUID, identity: bytes) -> bool:
    """Whether a leaf with this identity is or was in the room."""
    query = select(LeafTable.identity).where(LeafTable.room == room, LeafTable.identity == identity)
    return (await connection.execute(query)).first() is not None


async def main_leaf(connection: AsyncConnection, group: UUID, device: UUID) -> Leaf | None:
    """The device's active leaf in the group's main room."""
    query = (
        select(*_leaf)
        .join(Table, Table.id == LeafTable.room)
        .where(Table.group == group, Table.purpose == "main")
        .where(LeafTable.device == device, LeafTable.status == "active")
    )
    row = (await connection.execute(query.limit(1))).mappings().first()
    return None if row is None else Leaf(**row)


async def leaves(connection: AsyncConnection, room: UUID, *status: str, member: bytes | None = None) -> list[Leaf]:
    """The room's leaves with one of these statuses, of one member if given."""
    query = select(*_leaf).where(LeafTable.room == room, LeafTable.status.in_(status))
    if member is not None:
        query = query.where(LeafTable.member == member)
    return [Leaf(**row) for row in (await connection.execute(query)).mappings()]


async def departures(
    connection: AsyncConnection, room: UUID, *, after: int = 0, leaf: bytes | None = None
) -> list[Departure]:
    """The leaves that departed, and whose last seq is not before one; of those one, if `leaf` is given."""
    values = {"room": room, "after": after}
    if leaf is None:
        rows = await connection.execute(_DEPARTURES, values)
    else:
        rows = await connection.execute(_DEPARTURE, values | {"leaf": leaf})
    return [Departure(leaf, until or 0, status) for leaf, until, status in rows]


async def heads(connection: AsyncConnection, among: Sequence[UUID]) -> dict[UUID, int]:
    """The last seq of each of these rooms."""
    rows = await connection.execute(select(Table.id, Table.head).where(Table.id.in_(among)))
    return {row.id: row.head for row in rows}


async def part_with(connection: AsyncConnection, room: UUID, identities: Iterable[bytes], until: int) -> None:
    """Mark leaves as departed; what comes after `until` is not for them."""
    gone = update(LeafTable).where(LeafTable.room == room, LeafTable.identity.in_(list(identities)))
    await connection.execute(gone.values(status="departed", left_seq=func.coalesce(LeafTable.left_seq, until)))


async def keep(connection: AsyncConnection, room: UUID, identity: bytes) -> None:
    """A leaf did not depart after all, if it is in the tree."""
    leaf = update(LeafTable).where(LeafTable.room == room, LeafTable.identity == identity, LeafTable.status.in_(GONE))
    await connection.execute(leaf.values(status="active", left_seq=None))


async def mark_removed(connection: AsyncConnection, room: UUID, identities: Iterable[bytes]) -> None:
    """These departed leaves are out of the tree."""
    gone = update(LeafTable).where(LeafTable.room == room, LeafTable.identity.in_(list(identities)))
    await connection.execute(gone.values(status="removed"))


async def take_back(connection: AsyncConnection, room: UUID, identity: bytes, until: int) -> None:
    """A leaf never came into the tree after all; what comes after `until` is not for it."""
    leaf = update(LeafTable).where(LeafTable.room == room, LeafTable.identity == identity)
    await connection.execute(leaf.values(status="removed", left_seq=until))
