"""Further rooms of a group, and the Welcomes into them: `/v1/groups/{id}/rooms`, `/v1/welcomes`."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from safespace import wire
from safespace.api.auth import Caller, CallerPart
from safespace.api.groups import MAX_FIRST_TREE
from safespace.api.key_packages import check_endorsed, check_still, main_key
from safespace.api.parts import DatabasePart, LimitsPart, Now, Size
from safespace.crypto.mls import PublicGroup
from safespace.errors import SafeSpaceError
from safespace.fields import B64, PASSING, Digest, Id, Identity, Purpose, b64decode, b64encode
from safespace.relay.commits import found
from safespace.relay.further import check_place
from safespace.relay.joining import current_member
from safespace.rooms.further import belongs
from safespace.storage import further, groups, identities, lives, passing, rooms, welcomes
from safespace.storage.database import Database

router = APIRouter(tags=["further rooms"])
Limit = Annotated[int, Query(ge=1, le=100)]


class NewRoom(wire.Frame):
    """A further room as its creator's device made it: `tree` has the creator's leaf alone, in epoch 0.

    The leaf is endorsed with the leaf key that the device has in the group's main room.
    """

    id: Id
    purpose: Purpose
    about: Identity | None
    tree: B64
    confirmation_tag: Digest
    endorsement: Annotated[B64, Field(min_length=86, max_length=86)]


class FurtherRoom(BaseModel):
    """A further room that the caller's device is in; `leaf` is the device's."""

    id: UUID
    purpose: Purpose
    head: int
    epoch: int
    policy_seq: int
    leaf: str
    joined_seq: int


class FurtherRooms(BaseModel):
    items: list[FurtherRoom]
    next: UUID | None


class WaitingWelcome(BaseModel):
    """A Welcome for this device: `seq` is the commit's that added it, `tree` that of its epoch."""

    group: UUID
    room: UUID
    seq: int
    welcome: str
    tree: str


class WaitingWelcomes(BaseModel):
    items: list[WaitingWelcome]
    next: UUID | None


def _item(listed: further.Listed) -> FurtherRoom:
    return FurtherRoom.model_validate(
        {
            **{name: getattr(listed, name) for name in FurtherRoom.model_fields if name != "leaf"},
            "leaf": b64encode(listed.leaf),
        }
    )


@router.post("/groups/{group}/rooms", status_code=201)
async def create(
    group: Id, body: NewRoom, caller: CallerPart, database: DatabasePart, limits: LimitsPart, now: Now, size: Size
) -> FurtherRoom:
    """Make a further room with oneself in it. Making the very same again is answered alike.

    There is one staff room as long as somebody is in it. Nothing says how many asides there are. A passing room has the
    id that main announced.
    """
    tree = b64decode(body.tree)
    if len(tree) > MAX_FIRST_TREE:
        raise SafeSpaceError("too_large")
    if (body.about is not None) != (body.purpose == "aside"):
        raise SafeSpaceError("invalid_field", "An aside is about someone, and no other room is.")
    async with limits.making("rooms", caller.account, size, group):
        async with database.read() as db:
            member = await current_member(db, group, caller.account)
            key = await main_key(db, group, caller.device)
        first = await found(body.id.bytes, tree, b64decode(body.confirmation_tag))
        return await _create(group, body, first, member, key, caller, database, now)


async def _create(
    group: UUID,
    body: NewRoom,
    first: PublicGroup,
    member: groups.Member,
    key: bytes,
    caller: Caller,
    database: Database,
    now: int,
) -> FurtherRoom:
    identity = first.leaves()[0].identity
    about = None if body.about is None else b64decode(body.about)
    async with database.write() as db:
        await groups.lock(db, group)
        me = await current_member(db, group, caller.account)
        if await rooms.room_exists(db, body.id):
            same = await further.listed(db, group, caller.device, room=body.id)
            if same and same[0].leaf == identity:
                return _item(same[0])
            raise SafeSpaceError("group_exists")
        if await rooms.main_leaf(db, group, caller.device) is None:
            raise SafeSpaceError("not_found")
        if about is not None and await groups.member(db, group, about) is None:
            raise SafeSpaceError("unknown_member")
        if not belongs(body.purpose, body.about, b64encode(me.member), me.role):
            raise SafeSpaceError("does_not_belong")
        if body.purpose in PASSING and await check_place(db, group, body.id, me, now) != body.purpose:
            raise SafeSpaceError("invalid_field", "This room was announced as another.")
        if body.purpose == "staff" and await further.staff_room(db, group) is not None:
            raise SafeSpaceError("group_exists")
        await check_still(db, group, member)
        check_endorsed(b64decode(body.endorsement), key, group, first.leaves()[0])
        if not await identities.claim(db, identity, group, caller.account):
            raise SafeSpaceError("duplicate_identity")
        public = rooms.Public(
            id=body.id,
            group=group,
            head=0,
            epoch=first.epoch,
            policy_seq=0,
            tree=first.export_tree(),
            confirmed_transcript_hash=first.confirmed_transcript_hash,
            confirmation_tag=first.confirmation_tag,
        )
        await rooms.create(db, public, now, purpose=body.purpose, about=about)
        await rooms.add_leaf(
            db, rooms.Leaf(body.id, identity, me.member, caller.account, caller.device, "active", joined_seq=0)
        )
        if body.purpose in PASSING:
            main = await rooms.main_head(db, group)
            await passing.follow(db, group, lives.read(main.live), now)
        made = await further.listed(db, group, caller.device, room=body.id)
    return _item(made[0])


@router.get("/groups/{group}/rooms")
async def listed(
    group: Id,
    caller: CallerPart,
    database: DatabasePart,
    cursor: Id | None = None,
    limit: Limit = 50,
) -> FurtherRooms:
    """The further rooms of the group that this device is in."""
    async with database.read() as db:
        await current_member(db, group, caller.account)
        known = await further.listed(db, group, caller.device, after=cursor, limit=limit + 1)
    items = [_item(one) for one in known[:limit]]
    return FurtherRooms(items=items, next=items[-1].id if len(known) > limit else None)


@router.get("/welcomes")
async def waiting(
    caller: CallerPart, database: DatabasePart, cursor: Id | None = None, limit: Limit = 50
) -> WaitingWelcomes:
    """The Welcomes that wait for this device, of all its groups."""
    async with database.read() as db:
        found = await welcomes.waiting(db, caller.device, after=cursor, limit=limit)
    items = [
        WaitingWelcome(
            group=one.group,
            room=one.room,
            seq=one.seq,
            welcome=b64encode(one.welcome),
            tree=b64encode(one.tree),
        )
        for one in found
    ]
    return WaitingWelcomes(items=items, next=items[-1].room if found.more else None)


@router.delete("/welcomes/{room}", status_code=204)
async def fetched(room: Id, caller: CallerPart, database: DatabasePart) -> None:
    """This device has what it needs of the Welcome into a room, or can do nothing with it."""
    async with database.write() as db:
        await welcomes.forget(db, room, [caller.device])
