"""Handover notes: `/v1/groups/{id}/handovers`, from facilitators and above to facilitators and above."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncConnection

from safespace import wire
from safespace.api.auth import CallerPart
from safespace.api.parts import DatabasePart, LimitsPart, Now, Size
from safespace.api.reports import Boxes, by_member
from safespace.budgets import QUOTAS
from safespace.errors import SafeSpaceError
from safespace.fields import B64, Count, Id, b64decode, b64encode
from safespace.relay.joining import DAY, current_member
from safespace.rooms.roles import RANKS, may
from safespace.storage import groups, handovers

MAX_SEALED = 16 * 1024
MAX_LIFE = 90 * DAY
_MINUTE = 60_000
"""What a device's clock may be ahead."""
READERS = tuple(role for role in RANKS if may(role, "read_handovers"))

router = APIRouter(prefix="/groups/{group}/handovers", tags=["handovers"])


class NewHandover(wire.Frame):
    """A note, sealed to members who may read it, the caller among them. It is deleted at `expires`."""

    id: Id
    sealed: Annotated[B64, Field(min_length=1, max_length=MAX_SEALED * 4 // 3 + 4)]
    boxes: Boxes
    expires: Count


class HandoverItem(BaseModel):
    """A note as the caller can open it; `mine` says whether they may take it back."""

    id: UUID
    created: int
    expires: int
    sealed: str
    box: str
    mine: bool


class HandoverList(BaseModel):
    items: list[HandoverItem]
    next: UUID | None


def _item(note: handovers.Handover, box: bytes, reader: groups.Member) -> HandoverItem:
    return HandoverItem(
        id=note.id,
        created=note.created,
        expires=note.expires,
        sealed=b64encode(note.sealed),
        box=b64encode(box),
        mine=note.author == reader.member,
    )


async def _reader(db: AsyncConnection, group: UUID, account: UUID) -> groups.Member:
    member = await current_member(db, group, account)
    if member.role not in READERS:
        raise SafeSpaceError("forbidden")
    return member


@router.post("", status_code=201)
async def write(
    group: Id, body: NewHandover, caller: CallerPart, database: DatabasePart, limits: LimitsPart, now: Now, size: Size
) -> HandoverItem:
    """Leave a note for those who run the group's sessions. The very same again is answered alike."""
    boxes, sealed = by_member(body.boxes), b64decode(body.sealed)
    async with limits.making("entries", caller.account, size, group), database.write() as db:
        await groups.lock(db, group)
        author = await _reader(db, group, caller.account)
        known = await handovers.find(db, body.id)
        if known is None:
            if not now < body.expires <= now + MAX_LIFE + _MINUTE:
                raise SafeSpaceError("invalid_field", "expires: between now and 90 days from now.")
            if author.member not in boxes:
                raise SafeSpaceError("invalid_field", "boxes: the caller's own box is missing.")
            if not boxes.keys() <= {one.member for one in await groups.with_roles(db, group, READERS)}:
                raise SafeSpaceError("unknown_member")
            QUOTAS["handovers"].check(await handovers.count(db, group, now))
            known = handovers.Handover(body.id, group, author.member, sealed, now, body.expires)
            await handovers.create(db, known, boxes)
        elif (known.group, known.author, known.sealed) != (group, author.member, sealed):
            raise SafeSpaceError("client_id_reused")
    return _item(known, boxes.get(author.member, b""), author)


@router.get("")
async def readable(
    group: Id,
    caller: CallerPart,
    database: DatabasePart,
    now: Now,
    cursor: Id | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> HandoverList:
    """The notes that were sealed to the caller and have not expired, the newest first."""
    async with database.read() as db:
        reader = await _reader(db, group, caller.account)
        found = await handovers.readable(db, group, reader.member, now, before=cursor, limit=limit)
    items = [_item(one.handover, one.box, reader) for one in found]
    return HandoverList(items=items, next=items[-1].id if found.more else None)


@router.delete("/{handover}", status_code=204)
async def take_back(group: Id, handover: Id, caller: CallerPart, database: DatabasePart) -> None:
    """Delete a note of one's own."""
    async with database.write() as db:
        await groups.lock(db, group)
        author = await _reader(db, group, caller.account)
        known = await handovers.find(db, handover)
        if known is None or (known.group, known.author) != (group, author.member):
            raise SafeSpaceError("handover_unknown")
        await handovers.remove(db, handover)
