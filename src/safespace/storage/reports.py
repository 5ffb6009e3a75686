"""Reports, their boxes, and what those who may read them write about them. The server can read none of it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from safespace.storage.paging import Page, fitting, size
from safespace.storage.tables import Member, ReportBox, ReportEntry, ReportEntryBox
from safespace.storage.tables import Report as Table

Status = Literal["open", "resolved"]


@dataclass(frozen=True, slots=True)
class Report:
    """A report as stored. `account` is who filed it; nobody in the group is told. `reaches` is the time before which
    no line of it was sent."""

    id: UUID
    group: UUID
    account: UUID
    sealed: bytes
    created: int
    reaches: int
    status: Status = "open"
    resolved: int | None = None


@dataclass(frozen=True, slots=True)
class Own:
    """A report as who filed it sees it."""

    id: UUID
    created: int
    status: Status


@dataclass(frozen=True, slots=True)
class Readable:
    """A report as one of its recipients sees it."""

    id: UUID
    created: int
    status: Status
    resolved: int | None
    sealed: bytes
    box: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """What `author`, a member id, wrote about a report; `answer` is for who filed it."""

    id: UUID
    report: UUID
    author: bytes
    created: int
    sealed: bytes
    answer: bytes | None


@dataclass(frozen=True, slots=True)
class ReadableEntry:
    """An entry as one member sees it; `box` is None for what was written before they could read it."""

    id: UUID
    report: UUID
    created: int
    sealed: bytes
    box: bytes | None


_columns = tuple(getattr(Table, name) for name in Report.__dataclass_fields__)


async def create(connection: AsyncConnection, report: Report, boxes: Mapping[bytes, bytes]) -> None:
    """A report with its boxes by member id."""
    await connection.execute(insert(Table).values(**asdict(report)))
    await connection.execute(
        insert(ReportBox), [{"report": report.id, "member": member, "box": box} for member, box in boxes.items()]
    )


async def find(connection: AsyncConnection, id: UUID) -> Report | None:
    row = (await connection.execute(select(*_columns).where(Table.id == id))).mappings().first()
    return None if row is None else Report(**row)


async def recipients(connection: AsyncConnection, report: UUID) -> set[bytes]:
    """The members it was sealed to, those who are gone included."""
    query = select(ReportBox.member).where(ReportBox.report == report)
    return set((await connection.execute(query)).scalars())


async def open_of(connection: AsyncConnection, group: UUID, account: UUID) -> int:
    """How many open reports an account has in a group."""
    query = select(func.count()).where(Table.group == group, Table.account == account, Table.status == "open")
    return int((await connection.execute(query)).scalar_one())


async def own(
    connection: AsyncConnection, group: UUID, account: UUID, *, before: UUID | None = None, limit: int = 50
) -> Page[Own]:
    """What an account filed in a group, the newest id first."""
    sizes = select(Table.id, _written(size(ReportEntry.answer))).where(Table.group == group, Table.account == account)
    sizes = sizes.order_by(Table.id.desc())
    ids = await fitting(connection, sizes if before is None else sizes.where(Table.id < before), limit)
    query = select(Table.id, Table.created, Table.status).where(Table.id.in_(ids.items)).order_by(Table.id.desc())
    return Page([Own(**row) for row in (await connection.execute(query)).mappings()], ids.more)


async def answers(connection: AsyncConnection, reports: Sequence[UUID]) -> dict[UUID, list[bytes]]:
    """What was answered to those who filed these reports, oldest first."""
    query = (
        select(ReportEntry.report, ReportEntry.answer)
        .where(ReportEntry.report.in_(reports), ReportEntry.answer.is_not(None))
        .order_by(ReportEntry.created, ReportEntry.id)
    )
    found: dict[UUID, list[bytes]] = {}
    for row in await connection.execute(query):
        found.setdefault(row.report, []).append(row.answer)
    return found


async def readable(
    connection: AsyncConnection, group: UUID, member: bytes, *, before: UUID | None = None, limit: int = 10
) -> Page[Readable]:
    """The reports that were sealed to this member, the newest id first."""
    boxed = and_(ReportBox.report == Table.id, ReportBox.member == member)
    whole = size(Table.sealed) + _written(size(ReportEntry.sealed))
    sizes = select(Table.id, whole).join(ReportBox, boxed).where(Table.group == group).order_by(Table.id.desc())
    ids = await fitting(connection, sizes if before is None else sizes.where(Table.id < before), limit)
    query = (
        select(Table.id, Table.created, Table.status, Table.resolved, Table.sealed, ReportBox.box)
        .join(ReportBox, boxed)
        .where(Table.id.in_(ids.items))
    )
    rows = (await connection.execute(query.order_by(Table.id.desc()))).mappings()
    return Page([Readable(**row) for row in rows], ids.more)


def _written(bytes_: ColumnElement[int]) -> ColumnElement[int]:
    """How many such bytes the entries about a report have together."""
    whole = select(func.coalesce(func.sum(bytes_), 0)).where(ReportEntry.report == Table.id)
    return whole.correlate(Table).scalar_subquery()


async def entries(connection: AsyncConnection, reports: Sequence[UUID], member: bytes) -> list[ReadableEntry]:
    """The entries of these reports with this member's boxes, oldest first."""
    query = (
        select(ReportEntry.id, ReportEntry.report, ReportEntry.created, ReportEntry.sealed, ReportEntryBox.box)
        .outerjoin(ReportEntryBox, and_(ReportEntryBox.entry == ReportEntry.id, ReportEntryBox.member == member))
        .where(ReportEntry.report.in_(reports))
        .order_by(ReportEntry.created, ReportEntry.id)
    )
    return [ReadableEntry(**row) for row in (await connection.execute(query)).mappings()]


async def add_entry(connection: AsyncConnection, entry: Entry, boxes: Mapping[bytes, bytes]) -> None:
    """An entry with its boxes by member id."""
    await connection.execute(insert(ReportEntry).values(**asdict(entry)))
    await connection.execute(
        insert(ReportEntryBox), [{"entry": entry.id, "member": member, "box": box} for member, box in boxes.items()]
    )


async def entry(connection: AsyncConnection, id: UUID) -> Entry | None:
    columns = tuple(getattr(ReportEntry, name) for name in Entry.__dataclass_fields__)
    row = (await connection.execute(select(*columns).where(ReportEntry.id == id))).mappings().first()
    return None if row is None else Entry(**row)


async def written_about(connection: AsyncConnection, report: UUID) -> tuple[int, int]:
    """How many entries there are about a report, and their bytes."""
    whole = func.coalesce(func.sum(size(ReportEntry.sealed, ReportEntry.answer)), 0)
    row = (await connection.execute(select(func.count(), whole).where(ReportEntry.report == report))).one()
    return int(row[0]), int(row[1])


async def set_status(connection: AsyncConnection, report: UUID, status: Status, now: int) -> None:
    resolved = now if status == "resolved" else None
    await connection.execute(update(Table).where(Table.id == report).values(status=status, resolved=resolved))


async def open_by_member(connection: AsyncConnection, group: UUID, members: Sequence[bytes]) -> dict[bytes, int]:
    """How many open reports each of these members can read."""
    query = (
        select(ReportBox.member, func.count())
        .join(Table, Table.id == ReportBox.report)
        .where(Table.group == group, Table.status == "open", ReportBox.member.in_(members))
        .group_by(ReportBox.member)
    )
    counts = {member: int(count) for member, count in await connection.execute(query)}
    return {member: counts.get(member, 0) for member in members}


async def open_for(
    connection: AsyncConnection, accounts: Sequence[UUID], roles: Sequence[str]
) -> list[tuple[UUID, UUID, int]]:
    """How many open reports each of these accounts can read in each group where it has one of these roles, if any."""
    query = (
        select(Member.account, Table.group, func.count())
        .join(ReportBox, ReportBox.report == Table.id)
        .join(Member, and_(Member.group == Table.group, Member.member == ReportBox.member))
        .where(
            Table.status == "open",
            Member.account.in_(accounts),
            Member.status == "member",
            Member.role.in_(list(roles)),
        )
        .group_by(Member.account, Table.group)
    )
    return [(account, group, int(count)) for account, group, count in await connection.execute(query)]


async def forget_resolved(connection: AsyncConnection, before: int) -> None:
    """Delete what was resolved before this time, with boxes and entries."""
    await connection.execute(delete(Table).where(Table.status == "resolved", Table.resolved < before))
