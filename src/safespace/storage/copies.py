"""Copies of what waits for those in office: links, open reports with what is written about them, and handover notes.

Each was sealed to those who were in office then. Whoever holds it can have it sealed to who took office later, too.
"""

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import Select, and_, insert, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from safespace.storage.paging import fitting, size
from safespace.storage.tables import (
    Handover,
    HandoverBox,
    Invite,
    InviteBox,
    Report,
    ReportBox,
    ReportEntry,
    ReportEntryBox,
)

Of = Literal["invite", "report", "entry", "handover"]
_BOXES: Final[Mapping[Of, tuple[Any, str]]] = {
    "invite": (InviteBox, "invite"),
    "report": (ReportBox, "report"),
    "entry": (ReportEntryBox, "entry"),
    "handover": (HandoverBox, "handover"),
}
"""The table of the boxes of each, and its column that says what they are of."""


@dataclass(frozen=True, slots=True)
class Found:
    """A part of what somebody lacks. `after` is the id after which to go on; None where that was all."""

    things: Sequence["Lacking"]
    after: UUID | None


@dataclass(frozen=True, slots=True)
class Lacking:
    """Something that waits, the box of one who holds it, and who is in office and has none; `sealed` is a report's."""

    of: Of
    id: UUID
    box: bytes
    members: Sequence[bytes]
    sealed: bytes | None = None
    entries: Sequence["Lacking"] = ()


def _waiting(of: Of, group: UUID, now: int) -> Select[UUID, int]:
    """Id, and bytes of what is sealed, of what is still of use to those in office."""
    match of:
        case "invite":
            usable = and_(Invite.ended.is_(None), Invite.expires > now, Invite.used < Invite.uses)
            return select(Invite.id, literal(0)).where(Invite.group == group, usable)
        case "handover":
            return select(Handover.id, literal(0)).where(Handover.group == group, Handover.expires > now)
        case "report":
            open_ones = (Report.group == group, Report.status == "open")
            return select(Report.id, size(Report.sealed)).where(*open_ones)
        case "entry":
            entries = select(ReportEntry.id, literal(0)).join(Report, Report.id == ReportEntry.report)
            return entries.where(Report.group == group, Report.status == "open")


async def held(connection: AsyncConnection, of: Of, group: UUID, id: UUID, member: bytes, now: int) -> bool:
    """Whether it waits in this group, and this member has a box of it."""
    waiting = _waiting(of, group, now).subquery()
    found = await connection.execute(select(waiting.c[0]).where(waiting.c[0] == id))
    return found.first() is not None and member in (await boxes(connection, of, [id])).get(id, {})


async def boxes(connection: AsyncConnection, of: Of, ids: Collection[UUID]) -> dict[UUID, dict[bytes, bytes]]:
    """The boxes of these, by member; nothing for what has none."""
    table, thing = _BOXES[of]
    found: dict[UUID, dict[bytes, bytes]] = {}
    query = select(getattr(table, thing), table.member, table.box).where(getattr(table, thing).in_(ids))
    for id, member, box in await connection.execute(query):
        found.setdefault(id, {})[member] = box
    return found


async def add(connection: AsyncConnection, of: Of, id: UUID, more: Mapping[bytes, bytes]) -> bool:
    """Boxes for those who have none yet: a copy never takes the place of what somebody holds. True if any is new."""
    table, thing = _BOXES[of]
    there = (await boxes(connection, of, [id])).get(id, {})
    new = [{thing: id, "member": member, "box": box} for member, box in more.items() if member not in there]
    if new:
        await connection.execute(insert(table), new)
    return bool(new)


async def report_of(connection: AsyncConnection, entry: UUID) -> UUID | None:
    """The report that an entry is about."""
    return (await connection.execute(select(ReportEntry.report).where(ReportEntry.id == entry))).scalar_one_or_none()


async def lacking(
    connection: AsyncConnection,
    group: UUID,
    holder: bytes,
    in_office: Mapping[Of, AbstractSet[bytes]],
    now: int,
    *,
    after: UUID | None,
    limit: int,
) -> Found:
    """What this member holds, others in office do not, and still waits, in the order of ids: of the next `limit` that
    wait. `in_office` are the members whom each kind is for.

    Entries come with their report.
    """
    kinds = [of for of in in_office if of != "entry"]
    waiting = union_all(*(_waiting(of, group, now) for of in kinds)).subquery()
    sizes = select(waiting.c[0], waiting.c[1]).order_by(waiting.c[0])
    ids = await fitting(connection, sizes if after is None else sizes.where(waiting.c[0] > after), limit)
    found = []
    for of in kinds:
        for id, held_by in (await boxes(connection, of, ids.items)).items():
            if holder not in held_by:
                continue
            entries = await _entries(connection, id, holder, in_office["entry"]) if of == "report" else []
            members = sorted(in_office[of] - held_by.keys())
            if members or entries:
                sealed = await _sealed(connection, id) if of == "report" else None
                found.append(Lacking(of, id, held_by[holder], members, sealed, entries))
    return Found(sorted(found, key=lambda one: one.id), ids.items[-1] if ids.more else None)


async def _entries(
    connection: AsyncConnection, report: UUID, holder: bytes, in_office: AbstractSet[bytes]
) -> list[Lacking]:
    """What was written about a report that one of its readers holds and others in office do not."""
    ids = (await connection.execute(select(ReportEntry.id).where(ReportEntry.report == report))).scalars().all()
    found = (await boxes(connection, "entry", ids)).items()
    return [
        Lacking("entry", id, held_by[holder], members)
        for id, held_by in sorted(found)
        if holder in held_by and (members := sorted(in_office - held_by.keys()))
    ]


async def _sealed(connection: AsyncConnection, report: UUID) -> bytes:
    return bytes((await connection.execute(select(Report.sealed).where(Report.id == report))).scalar_one())
