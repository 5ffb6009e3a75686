"""Reports: `/v1/groups/{id}/reports` for who files them and who reads them, and whether a stamp is right."""

from collections.abc import Sequence
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from safespace import wire
from safespace.api.answers import in_writing
from safespace.api.auth import CallerPart
from safespace.api.limits import Cost
from safespace.api.parts import DatabasePart, LimitsPart, RelayPart, Size
from safespace.crypto.franking import verify_stamp
from safespace.crypto.padding import padme
from safespace.crypto.reports import MAX_RECIPIENTS, MAX_SAID
from safespace.errors import SafeSpaceError
from safespace.fields import B64, Count, Digest, Id, Identity, Line, b64decode, b64encode
from safespace.relay.joining import current_member
from safespace.relay.reporting import reader_of_reports
from safespace.storage import copies, reports, stamps, vouching

MAX_SEALED = padme(MAX_SAID + 128) + 64
MAX_WRITTEN = 16 * 1024
"""Bytes of an entry, and of an answer."""

router = APIRouter(prefix="/groups/{group}", tags=["reports"])
KeyBox = Annotated[B64, Field(min_length=107, max_length=107)]
"""80 bytes: a report's key, sealed with HPKE."""


def _sealed(size: int) -> object:
    return Field(min_length=1, max_length=size * 4 // 3 + 4)


class MemberBox(wire.Frame):
    """Something sealed to the policy key of one member."""

    member: Identity
    box: B64


class Box(MemberBox):
    """A report's or an entry's key, sealed to one recipient."""

    box: KeyBox


Boxes = Annotated[list[Box], Field(min_length=1, max_length=MAX_RECIPIENTS)]


class NewReport(wire.Frame):
    id: Id
    sealed: Annotated[B64, _sealed(MAX_SEALED)]
    boxes: Boxes


class NewEntry(wire.Frame):
    """What a recipient writes. `status` is what becomes of the report (null: nothing), `answer` for who filed it."""

    id: Id
    sealed: Annotated[B64, _sealed(MAX_WRITTEN)]
    boxes: Boxes
    status: Literal["open", "resolved"] | None
    answer: Annotated[B64, _sealed(MAX_WRITTEN)] | None


class OwnReport(BaseModel):
    """One's own report, as far as the server knows it."""

    id: UUID
    created: int
    status: Literal["open", "resolved"]
    answers: list[str]


class OwnReports(BaseModel):
    items: list[OwnReport]
    next: UUID | None


class EntryItem(BaseModel):
    """`box` is the caller's own; null for what was written before the caller could read it."""

    id: UUID
    created: int
    sealed: str
    box: str | None


class ReportItem(BaseModel):
    """A report as one of its recipients sees it."""

    id: UUID
    created: int
    status: Literal["open", "resolved"]
    resolved: int | None
    sealed: str
    box: str
    readers: list[str]
    """The members who have a box of it."""
    entries: list[EntryItem]


class ReportList(BaseModel):
    items: list[ReportItem]
    next: UUID | None


class Stamped(wire.Frame):
    """What a stamp is said to be for, and whose leaf that is said to be."""

    room: Id
    leaf: Identity
    member: Identity
    epoch: Count
    seq: Line
    time: Count
    commitment: Digest
    stamp: Annotated[B64, Field(min_length=44, max_length=44)]


class Verdict(BaseModel):
    valid: bool


def by_member(boxes: Sequence[MemberBox]) -> dict[bytes, bytes]:
    """Boxes by member id. Raises SafeSpaceError invalid_field."""
    found = {b64decode(box.member): b64decode(box.box) for box in boxes}
    if len(found) != len(boxes):
        raise SafeSpaceError("invalid_field", "boxes: a member stands there twice.")
    return found


@router.post("/reports", status_code=201)
async def file(group: Id, body: NewReport, caller: CallerPart, relay: RelayPart, limits: LimitsPart) -> OwnReport:
    """Tell those who keep the group about something. Boxes are for them alone."""
    boxes = by_member(body.boxes)
    # Counted and not weighed: nothing else that was stored may keep somebody from reporting.
    async with limits.making("reports", caller.account, None, group):
        filed = await relay.reporting.file(caller.account, group, body.id, b64decode(body.sealed), boxes)
    return OwnReport(id=filed.id, created=filed.created, status=filed.status, answers=[])


@router.get("/reports/own", response_model=OwnReports)
async def own(
    group: Id,
    caller: CallerPart,
    database: DatabasePart,
    cursor: Id | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> Response:
    """What the caller filed, the newest first, and what was answered."""
    async with database.read() as db:
        await current_member(db, group, caller.account)
        found = await reports.own(db, group, caller.account, before=cursor, limit=limit)
        answers = await reports.answers(db, [one.id for one in found])

    def listed() -> OwnReports:
        items = [
            OwnReport(
                id=one.id,
                created=one.created,
                status=one.status,
                answers=[b64encode(answer) for answer in answers.get(one.id, ())],
            )
            for one in found
        ]
        return OwnReports(items=items, next=items[-1].id if found.more else None)

    return await in_writing(listed)


@router.get("/reports", response_model=ReportList)
async def readable(
    group: Id,
    caller: CallerPart,
    database: DatabasePart,
    cursor: Id | None = None,
    limit: Annotated[int, Query(ge=1, le=20)] = 10,
) -> Response:
    """The reports that were sealed to the caller, the newest first, with what was written about them."""
    async with database.read() as db:
        reader = await reader_of_reports(db, group, caller.account)
        found = await reports.readable(db, group, reader.member, before=cursor, limit=limit)
        entries = await reports.entries(db, [one.id for one in found], reader.member)
        boxes = await copies.boxes(db, "report", [one.id for one in found])

    def listed() -> ReportList:
        items = [
            ReportItem(
                id=one.id,
                created=one.created,
                status=one.status,
                resolved=one.resolved,
                sealed=b64encode(one.sealed),
                box=b64encode(one.box),
                readers=[b64encode(member) for member in sorted(boxes[one.id])],
                entries=[_entry(entry) for entry in entries if entry.report == one.id],
            )
            for one in found
        ]
        return ReportList(items=items, next=items[-1].id if found.more else None)

    return await in_writing(listed)


def _entry(entry: reports.ReadableEntry) -> EntryItem:
    return EntryItem(
        id=entry.id,
        created=entry.created,
        sealed=b64encode(entry.sealed),
        box=None if entry.box is None else b64encode(entry.box),
    )


@router.post("/reports/{report}/entries", status_code=201)
async def write(
    group: Id, report: Id, body: NewEntry, caller: CallerPart, relay: RelayPart, limits: LimitsPart, size: Size
) -> EntryItem:
    """Write about a report that the caller can read, for others who can."""
    boxes = by_member(body.boxes)
    async with limits.making("entries", caller.account, size, group):
        written = await relay.reporting.write(
            caller.account,
            group,
            body.id,
            report,
            b64decode(body.sealed),
            boxes,
            status=body.status,
            answer=None if body.answer is None else b64decode(body.answer),
        )
    own = next((box.box for box in body.boxes if b64decode(box.member) == written.author), None)
    return EntryItem(id=written.id, created=written.created, sealed=body.sealed, box=own)


@router.post("/stamps/verify")
async def verify(group: Id, body: Stamped, caller: CallerPart, database: DatabasePart, limits: LimitsPart) -> Verdict:
    """Whether the server stamped exactly this, in a room of this group, when the leaf was that member's there.

    A room that is not the group's gets the answer of one there is not.
    """
    leaf = b64decode(body.leaf)
    async with (
        limits.spend([Cost("verifications", "account", caller.account.bytes)], on="either"),
        database.read() as db,
    ):
        await reader_of_reports(db, group, caller.account)
        theirs = await vouching.was_theirs(db, group, body.room, leaf, b64decode(body.member), body.seq)
        keys = await stamps.keys(db)
    right = verify_stamp(
        keys,
        b64decode(body.stamp),
        b64decode(body.commitment),
        body.room.bytes,
        leaf,
        body.epoch,
        body.seq,
        body.time,
    )
    return Verdict(valid=right and theirs)
