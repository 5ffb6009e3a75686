"""Groups: `/v1/groups`."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from safespace import wire
from safespace.api.auth import Caller, CallerPart
from safespace.api.parts import DatabasePart, LimitsPart, Now, Size
from safespace.budgets import QUOTAS
from safespace.crypto.mls import PublicGroup
from safespace.errors import SafeSpaceError
from safespace.fields import B64, Digest, Id, Role, b64decode, b64encode
from safespace.relay.commits import found
from safespace.storage import accounts, groups, identities, rooms
from safespace.storage.database import Database

MAX_FIRST_TREE = 4096
"""Bytes of a tree with one leaf."""

router = APIRouter(tags=["groups"])
Limit = Annotated[int, Query(ge=1, le=100)]


class NewGroup(wire.Frame):
    """A group as its creator's device made it: `tree` has the creator's leaf alone, in epoch 0."""

    id: Id
    room: Id
    tree: B64
    confirmation_tag: Digest
    presence: bool


class RoomHead(BaseModel):
    id: UUID
    head: int
    epoch: int
    policy_seq: int


class GroupItem(BaseModel):
    """A group as the caller's device sees it; `leaf` and `joined_seq` are null where this device holds no keys.

    `room` is null for someone who left or was removed.
    """

    id: UUID
    member: str
    role: Role
    status: str
    presence: bool
    room: RoomHead | None
    leaf: str | None
    joined_seq: int | None


class GroupList(BaseModel):
    items: list[GroupItem]
    next: UUID | None


def _item(listed: groups.Listed) -> GroupItem:
    room = RoomHead(id=listed.room, head=listed.head, epoch=listed.epoch, policy_seq=listed.policy_seq)
    return GroupItem(
        id=listed.id,
        member=b64encode(listed.member),
        role=listed.role,
        status=listed.status,
        presence=listed.presence,
        room=room if listed.status == "member" else None,
        leaf=None if listed.leaf is None else b64encode(listed.leaf),
        joined_seq=listed.joined_seq,
    )


@router.post("/groups", status_code=201)
async def create(
    body: NewGroup, caller: CallerPart, database: DatabasePart, limits: LimitsPart, now: Now, size: Size
) -> GroupItem:
    """Make a group with its main room. Making the very same again is answered alike."""
    tree = b64decode(body.tree)
    if len(tree) > MAX_FIRST_TREE:
        raise SafeSpaceError("too_large")
    async with limits.making("groups", caller.account, size):
        first = await found(body.room.bytes, tree, b64decode(body.confirmation_tag))
        return await _create(body, first, caller, database, now)


async def _create(body: NewGroup, first: PublicGroup, caller: Caller, database: Database, now: int) -> GroupItem:
    identity = first.leaves()[0].identity
    async with database.write() as db:
        await accounts.lock(db, caller.account)
        if await groups.exists(db, body.id) or await rooms.room_exists(db, body.room):
            same = await groups.listed(db, caller.account, caller.device, group=body.id)
            if same and same[0].room == body.room and same[0].leaf == identity:
                return _item(same[0])
            raise SafeSpaceError("group_exists")
        QUOTAS["groups"].check(await groups.owned_by(db, caller.account))
        if not await identities.claim(db, identity, body.id, caller.account):
            raise SafeSpaceError("duplicate_identity")
        await groups.create(db, body.id, body.presence, now)
        await rooms.create(
            db,
            rooms.Public(
                id=body.room,
                group=body.id,
                head=0,
                epoch=first.epoch,
                policy_seq=0,
                tree=first.export_tree(),
                confirmed_transcript_hash=first.confirmed_transcript_hash,
                confirmation_tag=first.confirmation_tag,
            ),
            now,
        )
        await groups.add_member(db, groups.Member(body.id, identity, caller.account, "owner", "member"), now)
        await rooms.add_leaf(
            db, rooms.Leaf(body.room, identity, identity, caller.account, caller.device, "active", joined_seq=0)
        )
        made = await groups.listed(db, caller.account, caller.device, group=body.id)
    return _item(made[0])


@router.get("/groups")
async def own(caller: CallerPart, database: DatabasePart, cursor: Id | None = None, limit: Limit = 50) -> GroupList:
    """The caller's groups, those left included."""
    async with database.read() as db:
        listed = await groups.listed(db, caller.account, caller.device, after=cursor, limit=limit + 1)
    items = [_item(one) for one in listed[:limit]]
    return GroupList(items=items, next=items[-1].id if len(listed) > limit else None)


@router.get("/groups/{group}")
async def one(group: Id, caller: CallerPart, database: DatabasePart) -> GroupItem:
    """One of the caller's groups."""
    async with database.read() as db:
        listed = await groups.listed(db, caller.account, caller.device, group=group)
    if not listed:
        raise SafeSpaceError("not_found")
    return _item(listed[0])
