"""Rooms: `/v1/rooms`. What changes a room comes over the socket."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from safespace import wire
from safespace.api.auth import CallerPart
from safespace.api.parts import DatabasePart, Now
from safespace.errors import SafeSpaceError
from safespace.fields import Count, Id, b64encode
from safespace.storage import envelopes, rooms

router = APIRouter(tags=["rooms"])


class RoomState(BaseModel):
    """Where a room stands, with its public MLS group; bytes are base64url."""

    id: UUID
    group: UUID
    head: int
    epoch: int
    policy_seq: int
    tree: str
    confirmed_transcript_hash: str
    confirmation_tag: str


class EnvelopePage(BaseModel):
    """Lines of the log in order, and a `gap` where some are kept no longer; `next` is the `after` of the next page."""

    items: list[dict[str, Any]]
    next: int | None


@router.get("/rooms/{room}")
async def state(room: Id, caller: CallerPart, database: DatabasePart) -> RoomState:
    """A room of one of the caller's groups."""
    async with database.read() as db:
        public = await rooms.public_for(db, room, caller.account)
    if public is None:
        raise SafeSpaceError("not_found")
    return RoomState(
        id=public.id,
        group=public.group,
        head=public.head,
        epoch=public.epoch,
        policy_seq=public.policy_seq,
        tree=b64encode(public.tree),
        confirmed_transcript_hash=b64encode(public.confirmed_transcript_hash),
        confirmation_tag=b64encode(public.confirmation_tag),
    )


@router.get("/rooms/{room}/envelopes")
async def log(
    room: Id,
    caller: CallerPart,
    database: DatabasePart,
    now: Now,
    after: Count = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> EnvelopePage:
    """What this device may read of the log, after a seq."""
    async with database.read() as db:
        leaf = await rooms.leaf_of(db, room, caller.device)
        if leaf is None:
            raise SafeSpaceError("not_found")
        head = await rooms.head(db, room)
        if head is None:
            raise SafeSpaceError("not_found")
        after = min(max(after, leaf.joined_seq), head.head)
        lines = await envelopes.page(db, room, after, limit, since=envelopes.since(head.days, now))
    until = None if lines.more else head.head
    items = [
        line.model_dump(mode="json") if isinstance(line, wire.Gap) else line.to_wire()
        for line in envelopes.with_gaps(lines, after, until, room)
    ]
    return EnvelopePage(items=items, next=lines.items[-1].seq if lines.more and lines.items else None)
