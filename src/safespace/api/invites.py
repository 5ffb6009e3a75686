"""Invites: `/v1/groups/{id}/invites` for those who admit, `/v1/invites/{id}` for those who are invited."""

from collections.abc import Iterable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from safespace import wire
from safespace.api.auth import CallerPart
from safespace.api.limits import Cost
from safespace.api.parts import DatabasePart, LimitsPart, Now, RelayPart, Size
from safespace.budgets import QUOTAS
from safespace.errors import SafeSpaceError
from safespace.fields import B64, Count, Id, Identity, b64decode, b64encode
from safespace.relay.joining import ADMITTERS, DAY, admitter, check_usable
from safespace.storage import copies, groups, invites

MAX_USES = 500
MAX_LIFE = 366 * DAY
MAX_CARD = 16 * 1024
MAX_BOX = 256

router = APIRouter(tags=["invites"])


class Box(wire.Frame):
    """The invite's material, sealed to the policy key of one admitter."""

    member: Identity
    box: Annotated[B64, Field(min_length=1, max_length=MAX_BOX * 4 // 3 + 4)]


class NewInvite(wire.Frame):
    id: Id
    card: Annotated[B64, Field(min_length=1, max_length=MAX_CARD * 4 // 3 + 4)]
    uses: Annotated[int, Field(ge=1, le=MAX_USES)]
    expires: Count
    sealed: Annotated[list[Box], Field(min_length=1, max_length=500)]


class InviteItem(BaseModel):
    """An invite of a group, with its sealed card.

    `box` is the caller's own; null where they took office after it was made and none of `holders`, who are in office
    and have it, has handed it on yet.
    """

    id: UUID
    uses: int
    used: int
    expires: int
    revoked: bool
    card: str
    box: str | None
    holders: list[str]


class InviteList(BaseModel):
    items: list[InviteItem]
    next: UUID | None


class Card(BaseModel):
    """What someone with the link sees before asking to join; `card` opens with the link's secret."""

    id: UUID
    group: UUID
    card: str
    expires: int


def _item(invite: invites.Boxed, holders: Iterable[bytes]) -> InviteItem:
    return InviteItem(
        id=invite.id,
        uses=invite.uses,
        used=invite.used,
        expires=invite.expires,
        revoked=invite.ended is not None,
        card=b64encode(invite.card),
        box=None if invite.box is None else b64encode(invite.box),
        holders=sorted(map(b64encode, holders)),
    )


@router.post("/groups/{group}/invites", status_code=201)
async def create(
    group: Id, body: NewInvite, caller: CallerPart, database: DatabasePart, limits: LimitsPart, now: Now, size: Size
) -> InviteItem:
    """Make an invite. Its material must be sealed to current admitters, the caller among them."""
    boxes = {b64decode(box.member): b64decode(box.box) for box in body.sealed}
    if len(boxes) != len(body.sealed):
        raise SafeSpaceError("invalid_field", "sealed: a member stands there twice.")
    if not now < body.expires <= now + MAX_LIFE:
        raise SafeSpaceError("invalid_field", "expires: between now and 366 days from now.")
    card = b64decode(body.card)
    async with limits.making("invites", caller.account, size, group), database.write() as db:
        await groups.lock(db, group)
        member = await admitter(db, group, caller.account)
        admitters = {one.member for one in await groups.with_roles(db, group, ADMITTERS)}
        if not boxes.keys() <= admitters:
            raise SafeSpaceError("unknown_member")
        if member.member not in boxes:
            raise SafeSpaceError("invalid_field", "sealed: the caller's own box is missing.")
        known = await invites.invite(db, body.id)
        if known is None:
            QUOTAS["invites"].check(await invites.open_in(db, group, now))
            made = invites.Invite(body.id, group, card, body.uses, 0, body.expires, None, member.member)
            await invites.create(db, made, list(boxes.items()), now)
        elif (known.group, known.card) != (group, card):
            raise SafeSpaceError("client_id_reused")
        else:
            made = known
    own = boxes[member.member]
    return _item(invites.Boxed(made.id, made.uses, made.used, made.expires, made.ended, made.card, own), boxes)


@router.get("/groups/{group}/invites")
async def of_group(
    group: Id,
    caller: CallerPart,
    database: DatabasePart,
    cursor: Id | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> InviteList:
    """The group's invites, for those who admit."""
    async with database.read() as db:
        member = await admitter(db, group, caller.account)
        found = await invites.of_group(db, group, member.member, after=cursor, limit=limit)
        boxes = await copies.boxes(db, "invite", [one.id for one in found])
        admitters = {one.member for one in await groups.with_roles(db, group, ADMITTERS)}
    items = [_item(one, boxes.get(one.id, {}).keys() & admitters) for one in found]
    return InviteList(items=items, next=items[-1].id if found.more else None)


@router.delete("/groups/{group}/invites/{invite}", status_code=204)
async def revoke(group: Id, invite: Id, caller: CallerPart, relay: RelayPart) -> None:
    """Take an invite back. Those who wait because of it are told so, and wait no longer."""
    await relay.joining.revoke(caller.account, group, invite)


@router.get("/invites/{invite}")
async def card(invite: Id, request: Request, database: DatabasePart, limits: LimitsPart, now: Now) -> Card:
    """What an invite says, sealed. Needs no login."""
    async with database.read() as db:
        found = await invites.invite(db, invite)
    # Strangers who try names keep nobody at the same address from one that there is.
    address = limits.address(request)
    cost = Cost("lookups", "address", address) if found is None else Cost("lookups", "invite", address + invite.bytes)
    async with limits.spend([cost], on="either"):
        usable = check_usable(found, now)
    return Card(id=usable.id, group=usable.group, card=b64encode(usable.card), expires=usable.expires)
