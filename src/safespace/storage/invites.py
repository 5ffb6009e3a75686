"""Invites and the people who wait to be admitted."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import and_, bindparam, case, delete, exists, func, insert, not_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from safespace.storage.paging import Page, fitting, size
from safespace.storage.tables import Group, InviteBox, Member
from safespace.storage.tables import Invite as Table
from safespace.storage.tables import Request as RequestTable

Ending = Literal["rules_changed", "invite_revoked", "invite_used_up", "invite_banned", "staff_changed", "removed"]
"""Why a link is of no more use, and why those who wait by it do so no longer: the rules that it shows are changed, it
was taken back, its uses are used up, somebody who gave it out or came by it is banned, somebody who held it admits no
more; or, of a single request, that its asker was removed.
"""
Over = Literal["withdrawn", "declined", "ended"]
KEPT: Final = {"withdrawn": 6 * 3_600_000, "declined": 72 * 3_600_000, "ended": 72 * 3_600_000}
"""Milliseconds for which a request that ended is known, so that the asker's devices hear of it."""


@dataclass(frozen=True, slots=True)
class Invite:
    id: UUID
    group: UUID
    card: bytes
    uses: int
    used: int
    expires: int
    ended: str | None
    maker: bytes | None
    """The member who made it, where that is known."""


@dataclass(frozen=True, slots=True)
class Boxed:
    """An invite and its material, sealed to one member (None for a member who came later)."""

    id: UUID
    uses: int
    used: int
    expires: int
    ended: str | None
    card: bytes
    box: bytes | None


@dataclass(frozen=True, slots=True)
class Request:
    id: UUID
    invite: UUID
    group: UUID
    account: UUID
    device: UUID
    package: bytes
    package_ref: bytes
    identity: bytes
    sealed: bytes
    expires: int
    mac: bytes
    status: str
    created: int
    seen: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request as those who admit see it. `replaces` is the account's current member id, if it is in the group;
    `was` the one it last had, if it is not; `removed` says whether the account was ever removed from it. `muted_until`,
    with `muted_session`, is the end of a mute that held when it went and still would, if there is one; `listening` says
    whether it only listened then.
    """

    request: Request
    replaces: bytes | None
    was: bytes | None
    removed: bool
    muted_until: int | None
    muted_session: bool
    listening: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """One's own request, and what it brought once admitted."""

    id: UUID
    invite: UUID
    group: UUID
    status: str
    ended: str | None
    room: UUID | None
    seq: int | None
    welcome: bytes | None
    tree: bytes | None
    reply: bytes | None
    word: bytes | None
    """What they were last told, sealed."""
    seen: bool | None
    """Whether a device of somebody who admits has seen it; None where the group does not share who is there."""


_invite = tuple(getattr(Table, name) for name in Invite.__dataclass_fields__)
_names = tuple(Request.__dataclass_fields__)
_request = tuple(getattr(RequestTable, name) for name in _names)
_SEEN = case((Group.presence, RequestTable.seen), else_=None).label("seen")
_ANSWER = select(
    *(_SEEN if name == "seen" else getattr(RequestTable, name) for name in Answer.__dataclass_fields__)
).join(Group, Group.id == RequestTable.group)
_COUNT = select(func.count()).where(RequestTable.status == "waiting", RequestTable.expires > bindparam("now"))
_COUNT_IN = _COUNT.where(RequestTable.group == bindparam("group"))
_COUNT_BY = _COUNT.where(RequestTable.invite == bindparam("invite"))
_COUNT_OF = _COUNT.where(RequestTable.account == bindparam("account"))
_WAITING_FOR = (
    select(Member.account, RequestTable.group, func.count())
    .join(Member, Member.group == RequestTable.group)
    .where(RequestTable.status == "waiting", RequestTable.expires > bindparam("now"))
    .where(Member.account.in_(bindparam("accounts", expanding=True)), Member.status == "member")
    .where(Member.role.in_(bindparam("roles", expanding=True)))
    .group_by(Member.account, RequestTable.group)
)


async def create(connection: AsyncConnection, invite: Invite, boxes: Sequence[tuple[bytes, bytes]], now: int) -> None:
    """An invite with its (member, box) pairs."""
    await connection.execute(insert(Table).values(**asdict(invite), created=now))
    await connection.execute(
        insert(InviteBox), [{"invite": invite.id, "member": member, "box": box} for member, box in boxes]
    )


async def invite(connection: AsyncConnection, id: UUID) -> Invite | None:
    row = (await connection.execute(select(*_invite).where(Table.id == id))).mappings().first()
    return None if row is None else Invite(**row)


async def group_of(connection: AsyncConnection, id: UUID) -> UUID | None:
    """The group of an invite, whatever became of it."""
    return (await connection.execute(select(Table.group).where(Table.id == id))).scalar_one_or_none()


async def open_in(connection: AsyncConnection, group: UUID, now: int) -> int:
    """How many of the group's invites can still be used."""
    query = select(func.count()).where(
        Table.group == group, Table.ended.is_(None), Table.expires > now, Table.used < Table.uses
    )
    return int((await connection.execute(query)).scalar_one())


async def of_group(
    connection: AsyncConnection, group: UUID, member: bytes, *, after: UUID | None, limit: int
) -> Page[Boxed]:
    """The group's invites in the order of their ids, with this member's boxes."""
    sizes = select(Table.id, size(Table.card)).where(Table.group == group).order_by(Table.id)
    ids = await fitting(connection, sizes if after is None else sizes.where(Table.id > after), limit)
    query = (
        select(Table.id, Table.uses, Table.used, Table.expires, Table.ended, Table.card, InviteBox.box)
        .outerjoin(InviteBox, and_(InviteBox.invite == Table.id, InviteBox.member == member))
        .where(Table.id.in_(ids.items))
        .order_by(Table.id)
    )
    return Page([Boxed(**row) for row in (await connection.execute(query)).mappings()], ids.more)


async def makers(connection: AsyncConnection, group: UUID) -> list[tuple[UUID, bytes | None]]:
    """Who made each invite of the group."""
    return [
        (row.id, row.maker)
        for row in await connection.execute(select(Table.id, Table.maker).where(Table.group == group))
    ]


async def revoke(connection: AsyncConnection, ids: Collection[UUID], why: Ending) -> None:
    """Take invites back; those that ended before keep their reason. See `end_stranded`."""
    open_ones = update(Table).where(Table.id.in_(ids), Table.ended.is_(None))
    await connection.execute(open_ones.values(ended=why))


async def revoke_held_by(connection: AsyncConnection, group: UUID, member: bytes) -> None:
    """Take back every invite whose material this member holds."""
    held = select(InviteBox.invite).where(InviteBox.member == member)
    open_ones = update(Table).where(Table.group == group, Table.id.in_(held), Table.ended.is_(None))
    await connection.execute(open_ones.values(ended="staff_changed"))


async def end_stranded(connection: AsyncConnection, group: UUID, now: int) -> list[Request]:
    """End the requests of those who wait by a link that nobody can come by any more; gives these."""
    query = (
        select(*_request, Table.ended.label("why"))
        .join(Table, Table.id == RequestTable.invite)
        .where(RequestTable.group == group, RequestTable.status == "waiting")
        .where(or_(Table.ended.is_not(None), Table.used >= Table.uses))
    )
    rows = list((await connection.execute(query)).mappings())
    for row in rows:
        await end(connection, row["id"], "ended", now, why=row["why"] or "invite_used_up")
    return [Request(**{name: row[name] for name in _names}) for row in rows]


async def count_use(connection: AsyncConnection, id: UUID) -> None:
    await connection.execute(update(Table).where(Table.id == id).values(used=Table.used + 1))


async def ask(connection: AsyncConnection, request: Request) -> None:
    """Store a request; an older waiting one of the account in the group is withdrawn."""
    older = and_(RequestTable.group == request.group, RequestTable.account == request.account)
    await connection.execute(
        update(RequestTable)
        .where(older, RequestTable.status == "waiting")
        .values(**_ended("withdrawn", request.created))
    )
    await connection.execute(insert(RequestTable).values(**asdict(request)))


async def request(connection: AsyncConnection, id: UUID) -> Request | None:
    row = (await connection.execute(select(*_request).where(RequestTable.id == id))).mappings().first()
    return None if row is None else Request(**row)


async def ref_known(connection: AsyncConnection, ref: bytes) -> bool:
    """Whether a request ever carried this KeyPackage."""
    query = select(RequestTable.id).where(RequestTable.package_ref == ref)
    return (await connection.execute(query)).first() is not None


async def waiting_in(
    connection: AsyncConnection, group: UUID, now: int, *, after: UUID | None = None, limit: int = 100
) -> Page[Waiting]:
    """Those who wait in a group, in the order of their requests' ids."""
    sizes = (
        select(RequestTable.id, size(RequestTable.package, RequestTable.sealed))
        .where(RequestTable.group == group, RequestTable.status == "waiting", RequestTable.expires > now)
        .order_by(RequestTable.id)
    )
    ids = await fitting(connection, sizes if after is None else sizes.where(RequestTable.id > after), limit)
    current = and_(
        Member.group == RequestTable.group, Member.account == RequestTable.account, Member.status == "member"
    )
    past = aliased(Member)
    removed = exists().where(
        past.group == RequestTable.group, past.account == RequestTable.account, past.status == "removed"
    )
    before = aliased(Member)
    was = (
        select(before.member)
        .where(before.group == RequestTable.group, before.account == RequestTable.account, before.status != "member")
        .order_by(before.created.desc())
        .limit(1)
        .correlate(RequestTable)
        .scalar_subquery()
    )
    gone = aliased(Member)
    query = (
        select(
            *_request,
            Member.member.label("replaces"),
            gone.member.label("was"),
            removed.label("removed"),
            gone.muted_until,
            gone.muted_session,
            gone.listening,
        )
        .outerjoin(Member, current)
        .outerjoin(gone, and_(gone.group == RequestTable.group, gone.member == was, Member.member.is_(None)))
        .where(RequestTable.id.in_(ids.items))
        .order_by(RequestTable.id)
    )
    rows = (await connection.execute(query)).mappings()
    found = [
        Waiting(
            Request(**{name: row[name] for name in _names}),
            row["replaces"],
            row["was"],
            bool(row["removed"]),
            row["muted_until"] if (row["muted_until"] or 0) > now else None,
            bool(row["muted_session"]),
            bool(row["listening"]),
        )
        for row in rows
    ]
    return Page(found, ids.more)


async def waiting_of(connection: AsyncConnection, group: UUID, account: UUID) -> Request | None:
    """What the account asks of the group now; `ask` keeps it to one."""
    query = select(*_request).where(
        RequestTable.group == group, RequestTable.account == account, RequestTable.status == "waiting"
    )
    row = (await connection.execute(query.limit(1))).mappings().first()
    return None if row is None else Request(**row)


async def count_waiting(
    connection: AsyncConnection,
    now: int,
    *,
    group: UUID | None = None,
    account: UUID | None = None,
    invite: UUID | None = None,
) -> int:
    """How many requests wait: in a group, by an invite, or of an account."""
    if group is not None:
        found = await connection.execute(_COUNT_IN, {"now": now, "group": group})
    elif invite is not None:
        found = await connection.execute(_COUNT_BY, {"now": now, "invite": invite})
    else:
        found = await connection.execute(_COUNT_OF, {"now": now, "account": account})
    return int(found.scalar_one())


async def waiting_for(
    connection: AsyncConnection, accounts: Collection[UUID], roles: Collection[str], now: int
) -> list[tuple[UUID, UUID, int]]:
    """How many wait in groups in which these accounts have one of these roles: (account, group, count), none with 0."""
    values = {"accounts": list(accounts), "roles": list(roles), "now": now}
    return [(account, group, count) for account, group, count in await connection.execute(_WAITING_FOR, values)]


async def admit(connection: AsyncConnection, id: UUID) -> bool:
    """Say yes to a waiting request; False if it does not wait any more."""
    return await _change(connection, id, {"status": "admitted"})


async def end(
    connection: AsyncConnection, id: UUID, status: Over, now: int, *, word: bytes | None = None, why: str | None = None
) -> bool:
    """End a waiting request, and tell its asker `word`, and with `ended` why; False if it does not wait any more."""
    said = {} if word is None else {"word": word}
    return await _change(connection, id, _ended(status, now) | {"ended": why} | said)


async def tell(connection: AsyncConnection, id: UUID, word: bytes | None) -> bool:
    """Tell who waits `word`; False if they do not wait any more."""
    return await _change(connection, id, {"word": word})


def _ended(status: Over, now: int) -> dict[str, Any]:
    """What is left of a request that ended without a yes: the answer, for a while, and what shows that it was asked."""
    return {"status": status, "package": b"", "sealed": b"", "expires": now + KEPT[status]}


async def _change(connection: AsyncConnection, id: UUID, values: dict[str, Any]) -> bool:
    waiting = update(RequestTable).where(RequestTable.id == id, RequestTable.status == "waiting")
    return (await connection.execute(waiting.values(**values))).rowcount == 1


async def waiting_accounts(connection: AsyncConnection, group: UUID) -> list[tuple[UUID, UUID]]:
    """Who waits: (request, account)."""
    query = select(RequestTable.id, RequestTable.account)
    query = query.where(RequestTable.group == group, RequestTable.status == "waiting")
    return [(row.id, row.account) for row in await connection.execute(query)]


async def any_unseen(connection: AsyncConnection, group: UUID) -> bool:
    """Whether somebody waits whom nobody who admits has seen."""
    unseen = (RequestTable.group == group, RequestTable.status == "waiting", RequestTable.seen.is_(False))
    return (await connection.execute(select(RequestTable.id).where(*unseen).limit(1))).first() is not None


async def see(connection: AsyncConnection, group: UUID) -> list[tuple[UUID, UUID]]:
    """Somebody who admits looks who waits: (request, account) of those whom nobody had seen."""
    unseen = (RequestTable.group == group, RequestTable.status == "waiting", RequestTable.seen.is_(False))
    rows = await connection.execute(select(RequestTable.id, RequestTable.account).where(*unseen))
    found = [(row.id, row.account) for row in rows]
    if found:
        await connection.execute(update(RequestTable).where(*unseen).values(seen=True))
    return found


async def undo(connection: AsyncConnection, request: Request) -> None:
    """Take back what was handed over, and the invite's use: its asker has to ask again."""
    await connection.execute(
        update(RequestTable)
        .where(RequestTable.id == request.id)
        .values(status="undone", room=None, seq=None, welcome=None, tree=None, reply=None)
    )
    await connection.execute(update(Table).where(Table.id == request.invite).values(used=Table.used - 1))


async def hand_over(
    connection: AsyncConnection, id: UUID, *, room: UUID, seq: int, welcome: bytes, tree: bytes, reply: bytes
) -> None:
    """What an admitted joiner fetches."""
    await connection.execute(
        update(RequestTable)
        .where(RequestTable.id == id)
        .values(room=room, seq=seq, welcome=welcome, tree=tree, reply=reply)
    )


async def answer(connection: AsyncConnection, account: UUID, id: UUID) -> Answer | None:
    """One of the account's own requests."""
    query = _ANSWER.where(RequestTable.account == account, RequestTable.id == id)
    row = (await connection.execute(query)).mappings().first()
    return None if row is None else Answer(**row)


async def answers(
    connection: AsyncConnection, account: UUID, *, after: UUID | None = None, limit: int = 50
) -> Page[Answer]:
    """The account's own requests in the order of their ids."""
    sizes = (
        select(RequestTable.id, size(RequestTable.welcome, RequestTable.tree))
        .where(RequestTable.account == account)
        .order_by(RequestTable.id)
    )
    ids = await fitting(connection, sizes if after is None else sizes.where(RequestTable.id > after), limit)
    query = _ANSWER.where(RequestTable.id.in_(ids.items)).order_by(RequestTable.id)
    return Page([Answer(**row) for row in (await connection.execute(query)).mappings()], ids.more)


async def delete_requests(connection: AsyncConnection, oldest: int, now: int) -> None:
    """Forget the requests that were made before `oldest`, and those that ended or expired without a yes."""
    let_in = RequestTable.status.in_(("admitted", "undone"))
    over = and_(RequestTable.expires <= now, not_(let_in))
    await connection.execute(delete(RequestTable).where(or_(RequestTable.created < oldest, over)))
