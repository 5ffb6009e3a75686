"""Groups and the accounts in them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import cast
from uuid import UUID

from sqlalchemy import and_, bindparam, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from safespace.fields import Role
from safespace.storage.envelopes import DAY
from safespace.storage.tables import Group, Leaf, Room
from safespace.storage.tables import Member as Table


@dataclass(frozen=True, slots=True)
class Member:
    """An account's membership. `member` is the leaf identity it was first admitted with, `person` that of the first of
    all, where the account came back on another device."""

    group: UUID
    member: bytes
    account: UUID
    role: Role
    status: str
    muted_until: int = 0
    muted_session: bool = False
    listening: bool = False
    agreed: bool = True
    spoke: int = 0
    offered: Role | None = None
    offered_by: bytes | None = None
    came_by: UUID | None = None
    banned: bool = False
    person: bytes | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A group as one device sees it; `leaf` and `joined_seq` are of the device's leaf in the main room."""

    id: UUID
    presence: bool
    member: bytes
    role: Role
    status: str
    room: UUID
    head: int
    epoch: int
    policy_seq: int
    leaf: bytes | None
    joined_seq: int | None


FOREVER = 2**53 - 1
"""When a mute ends that someone has to lift."""

_names = tuple(Member.__dataclass_fields__)
_member = tuple(getattr(Table, name) for name in _names)
_EVER_MEMBER = select(*_member).where(Table.group == bindparam("group"), Table.member == bindparam("member"))
_MEMBER = _EVER_MEMBER.where(Table.status == "member")


async def create(connection: AsyncConnection, group: UUID, presence: bool, now: int) -> None:
    """A group without members."""
    await connection.execute(insert(Group).values(id=group, presence=presence, days=0, quiet=False, created=now))


async def exists(connection: AsyncConnection, group: UUID) -> bool:
    return (await connection.execute(select(Group.id).where(Group.id == group))).first() is not None


async def kept_since(connection: AsyncConnection, group: UUID, now: int) -> int:
    """The time before which nothing was sent that the group still keeps."""
    row = (await connection.execute(select(Group.created, Group.days).where(Group.id == group))).one()
    return int(row.created if row.days == 0 else max(row.created, now - row.days * DAY))


async def lock(connection: AsyncConnection, group: UUID) -> None:
    """Keep others from deciding about the group's members, invites and requests until the transaction ends."""
    await connection.execute(select(Group.id).where(Group.id == group).with_for_update(key_share=True))


async def owned_by(connection: AsyncConnection, account: UUID) -> int:
    """How many groups this account owns."""
    query = select(func.count()).where(Table.account == account, Table.role == "owner", Table.status == "member")
    return int((await connection.execute(query)).scalar_one())


async def count(connection: AsyncConnection, group: UUID) -> int:
    """How many members a group has."""
    query = select(func.count()).where(Table.group == group, Table.status == "member")
    return int((await connection.execute(query)).scalar_one())


async def add_member(connection: AsyncConnection, member: Member, now: int) -> None:
    await connection.execute(insert(Table).values(**asdict(member), created=now))


async def change(connection: AsyncConnection, member: Member) -> None:
    """Store a member as they are now."""
    values = {name: value for name, value in asdict(member).items() if name not in ("group", "member", "account")}
    await connection.execute(
        update(Table).where(Table.group == member.group, Table.member == member.member).values(**values)
    )


async def set_days(connection: AsyncConnection, group: UUID, days: int) -> None:
    """Keep messages for so many days; what there is follows soon."""
    await connection.execute(update(Group).where(Group.id == group).values(days=days))


async def set_quiet(connection: AsyncConnection, group: UUID, quiet: bool) -> None:
    await connection.execute(update(Group).where(Group.id == group).values(quiet=quiet))


async def membership(connection: AsyncConnection, group: UUID, account: UUID) -> Member | None:
    """The account's place in the group: the current one, else the newest past one, else None."""
    query = (
        select(*_member)
        .where(Table.group == group, Table.account == account)
        .order_by((Table.status == "member").desc(), Table.created.desc())
        .limit(1)
    )
    row = (await connection.execute(query)).mappings().first()
    return None if row is None else Member(**row)


async def is_barred(connection: AsyncConnection, group: UUID, account: UUID) -> bool:
    """Whether the account is banned from the group."""
    query = select(Table.member).where(Table.group == group, Table.account == account, Table.banned)
    return (await connection.execute(query.limit(1))).first() is not None


async def set_barred(connection: AsyncConnection, group: UUID, account: UUID, barred: bool) -> None:
    """Ban an account from the group, as every member it was, or end that."""
    await connection.execute(update(Table).where(Table.group == group, Table.account == account).values(banned=barred))


async def ever(connection: AsyncConnection, group: UUID) -> list[Member]:
    """All who are or were members."""
    return [
        Member(**row) for row in (await connection.execute(select(*_member).where(Table.group == group))).mappings()
    ]


async def member(connection: AsyncConnection, group: UUID, identity: bytes, *, past: bool = False) -> Member | None:
    """A current member by member id; with `past`, one who left or was removed too."""
    query = _EVER_MEMBER if past else _MEMBER
    row = (await connection.execute(query, {"group": group, "member": identity})).mappings().first()
    return None if row is None else Member(**row)


async def rank_of(connection: AsyncConnection, author: Member) -> Role:
    """The role that counts for what somebody said: the one they have now, under whatever member id, or had last."""
    first = author.person or author.member
    query = (
        select(Table.role)
        .where(Table.group == author.group, or_(Table.member == first, Table.person == first))
        .order_by((Table.status == "member").desc(), Table.created.desc())
    )
    return cast(Role, (await connection.execute(query.limit(1))).scalar_one())


async def members(connection: AsyncConnection, group: UUID) -> list[Member]:
    """The current members."""
    query = select(*_member).where(Table.group == group, Table.status == "member")
    return [Member(**row) for row in (await connection.execute(query)).mappings()]


async def with_roles(connection: AsyncConnection, group: UUID, roles: Sequence[str]) -> list[Member]:
    """The current members who have one of these roles."""
    query = select(*_member).where(Table.group == group, Table.status == "member", Table.role.in_(roles))
    return [Member(**row) for row in (await connection.execute(query)).mappings()]


async def listed(
    connection: AsyncConnection,
    account: UUID,
    device: UUID,
    *,
    group: UUID | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Listed]:
    """The account's groups in the order of their ids, past ones included; one group if `group` is given."""
    newest = select(
        *_member,
        func.row_number()
        .over(partition_by=Table.group, order_by=((Table.status == "member").desc(), Table.created.desc()))
        .label("rank"),
    ).where(Table.account == account)
    mine = newest.subquery()
    at = Room.__table__.alias("at")
    leaf = (
        select(Leaf.room, Leaf.identity, Leaf.joined_seq)
        .where(Leaf.device == device, Leaf.status == "active")
        .subquery()
    )
    query = (
        select(
            Group.id,
            Group.presence,
            mine.c.member,
            mine.c.role,
            mine.c.status,
            at.c.id.label("room"),
            at.c.head,
            at.c.epoch,
            at.c.policy_seq,
            leaf.c.identity.label("leaf"),
            leaf.c.joined_seq,
        )
        .join(mine, and_(mine.c.group == Group.id, mine.c.rank == 1))
        .join(at, and_(at.c.group == Group.id, at.c.purpose == "main"))
        .outerjoin(leaf, leaf.c.room == at.c.id)
        .order_by(Group.id)
        .limit(limit)
    )
    if group is not None:
        query = query.where(Group.id == group)
    if after is not None:
        query = query.where(Group.id > after)
    return [Listed(**row) for row in (await connection.execute(query)).mappings()]
