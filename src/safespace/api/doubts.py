"""Doubts: `/v1/groups/{id}/doubts`, for moderators and above: whose devices could not follow what others did."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from safespace.api.auth import CallerPart
from safespace.api.parts import DatabasePart, Now
from safespace.errors import SafeSpaceError
from safespace.fields import Id, b64encode
from safespace.relay.joining import current_member
from safespace.rooms.roles import STAFF
from safespace.storage import doubts

router = APIRouter(prefix="/groups/{group}/doubts", tags=["doubts"])


class DoubtItem(BaseModel):
    """Member `by` could not follow what `author` did. `barred`: no more commits of the author are taken for now."""

    room: UUID
    seq: int
    by: str
    author: str
    about: Literal["commit", "act"]
    created: int
    barred: bool


class DoubtList(BaseModel):
    """There are no more than fit on one page."""

    items: list[DoubtItem]
    next: None = None


@router.get("")
async def listed(group: Id, caller: CallerPart, database: DatabasePart, now: Now) -> DoubtList:
    """The doubts of the last 24 hours, the newest first."""
    async with database.read() as db:
        reader = await current_member(db, group, caller.account)
        if reader.role not in STAFF:
            raise SafeSpaceError("forbidden")
        found = await doubts.of_group(db, group, now)
        barred = {author for author in {one.author for one in found} if await doubts.is_barred(db, group, author, now)}
    return DoubtList(
        items=[
            DoubtItem(
                room=one.room,
                seq=one.seq,
                by=b64encode(one.by),
                author=b64encode(one.author),
                about=one.about,
                created=one.created,
                barred=one.author in barred,
            )
            for one in found
        ]
    )
