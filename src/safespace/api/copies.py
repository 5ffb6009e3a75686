"""Copies: `/v1/groups/{id}/copies`, of what was sealed to those in office, for who took office later."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from safespace import wire
from safespace.api.auth import CallerPart
from safespace.api.parts import LimitsPart, RelayPart, Size
from safespace.api.reports import MemberBox, by_member
from safespace.crypto.reports import MAX_RECIPIENTS
from safespace.errors import SafeSpaceError
from safespace.fields import B64, Id, b64encode
from safespace.storage import copies

_SIZES = {"invite": 112, "report": 80, "entry": 80, "handover": 80}
"""Bytes of a box: the material of an invite, or a key, sealed with HPKE."""

router = APIRouter(prefix="/groups/{group}/copies", tags=["copies"])


class Box(MemberBox):
    """The same as one holds oneself, sealed to the policy key of another in office."""

    box: Annotated[B64, Field(min_length=107, max_length=150)]


class NewCopies(wire.Frame):
    """Boxes of one thing, for those who have none of it yet."""

    of: copies.Of
    id: Id
    boxes: Annotated[list[Box], Field(min_length=1, max_length=MAX_RECIPIENTS)]


class LackingEntry(BaseModel):
    """Something written about a report; as `LackingItem`."""

    id: UUID
    box: str
    members: list[str]


class LackingItem(BaseModel):
    """What waits and the caller holds, as `box`, and who is in office and has none. `sealed` is a report's: what is in
    it says who may have it."""

    of: copies.Of
    id: UUID
    box: str
    members: list[str]
    sealed: str | None
    entries: list[LackingEntry]


class LackingList(BaseModel):
    items: list[LackingItem]
    next: UUID | None


@router.get("")
async def lacking(
    group: Id,
    caller: CallerPart,
    relay: RelayPart,
    cursor: Id | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 500,
) -> LackingList:
    """Links that can be used, open reports and notes that the caller holds, and others in office do not."""
    found = await relay.copying.lacking(caller.account, group, after=cursor, limit=limit)
    items = [
        LackingItem(
            of=one.of,
            id=one.id,
            box=b64encode(one.box),
            members=[b64encode(member) for member in one.members],
            sealed=None if one.sealed is None else b64encode(one.sealed),
            entries=[
                LackingEntry(
                    id=entry.id, box=b64encode(entry.box), members=[b64encode(member) for member in entry.members]
                )
                for entry in one.entries
            ],
        )
        for one in found.things
    ]
    return LackingList(items=items, next=found.after)


@router.post("", status_code=204)
async def add(group: Id, body: NewCopies, caller: CallerPart, relay: RelayPart, limits: LimitsPart, size: Size) -> None:
    """Hand what waits on to those who took office later. Who has a box of it keeps that."""
    boxes = by_member(body.boxes)
    if any(len(box) != _SIZES[body.of] for box in boxes.values()):
        raise SafeSpaceError("invalid_field", f"boxes: {_SIZES[body.of]} bytes each.")
    async with limits.making("copies", caller.account, size, group):
        await relay.copying.add(caller.account, group, body.of, body.id, boxes)
