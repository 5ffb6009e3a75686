"""Requests to join: made with an invite, answered by those who admit."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from safespace import wire
from safespace.api.auth import CallerPart
from safespace.api.parts import DatabasePart, Now, RelayPart
from safespace.errors import SafeSpaceError
from safespace.fields import B64, Count, Digest, Id, b64decode, b64encode
from safespace.relay.joining import admitter
from safespace.storage import invites

MAX_SEALED = 16 * 1024
MAX_PACKAGE = 4096

router = APIRouter(tags=["requests"])
Limit = Annotated[int, Query(ge=1, le=100)]


class NewRequest(wire.Frame):
    id: Id
    package: Annotated[B64, Field(min_length=1, max_length=MAX_PACKAGE * 4 // 3 + 4)]
    sealed: Annotated[B64, Field(min_length=1, max_length=MAX_SEALED * 4 // 3 + 4)]
    expires: Count
    mac: Digest
    lost_keys: bool = False
    """Whether this device's leaf in the group, should it have one, is of no use to it: its keys are lost."""


class OwnRequest(BaseModel):
    """One's own request. Once admitted the last five are there: `seq` is the commit's, `tree` that of its epoch."""

    id: UUID
    invite: UUID
    group: UUID
    status: Literal["waiting", "admitted", "declined", "withdrawn", "undone"]
    room: UUID | None
    seq: int | None
    welcome: str | None
    tree: str | None
    reply: str | None


class OwnRequests(BaseModel):
    items: list[OwnRequest]
    next: UUID | None


class WaitingRequest(BaseModel):
    """Someone who waits, as those who admit see them.

    `replaces` is the member who comes back, if it is one; `removed` says whether the account was removed once.
    """

    id: UUID
    invite: UUID
    package: str
    sealed: str
    expires: int
    mac: str
    created: int
    replaces: str | None
    removed: bool


class WaitingRequests(BaseModel):
    items: list[WaitingRequest]
    next: UUID | None


def _own(answer: invites.Answer) -> OwnRequest:
    return OwnRequest.model_validate(
        {
            "id": answer.id,
            "invite": answer.invite,
            "group": answer.group,
            "status": answer.status,
            "room": answer.room,
            "seq": answer.seq,
            **{name: _b64(getattr(answer, name)) for name in ("welcome", "tree", "reply")},
        }
    )


def _b64(data: bytes | None) -> str | None:
    return None if data is None else b64encode(data)


@router.post("/invites/{invite}/requests", status_code=201)
async def ask(invite: Id, body: NewRequest, caller: CallerPart, relay: RelayPart) -> OwnRequest:
    """Ask to join, or, as a member without keys on this device, to come back.

    An older request of the same account in the group is withdrawn.
    """
    answer = await relay.joining.ask(
        caller.account,
        caller.device,
        id=body.id,
        invite=invite,
        package=b64decode(body.package),
        sealed=b64decode(body.sealed),
        expires=body.expires,
        mac=b64decode(body.mac),
        lost_keys=body.lost_keys,
    )
    return _own(answer)


@router.get("/requests")
async def own(caller: CallerPart, database: DatabasePart, cursor: Id | None = None, limit: Limit = 50) -> OwnRequests:
    """The caller's own requests."""
    async with database.read() as db:
        found = await invites.answers(db, caller.account, after=cursor, limit=limit + 1)
    items = [_own(one) for one in found[:limit]]
    return OwnRequests(items=items, next=items[-1].id if len(found) > limit else None)


@router.get("/requests/{request}")
async def own_one(request: Id, caller: CallerPart, database: DatabasePart) -> OwnRequest:
    """One of the caller's own requests."""
    async with database.read() as db:
        found = await invites.answers(db, caller.account, id=request)
    if not found:
        raise SafeSpaceError("request_unknown")
    return _own(found[0])


@router.delete("/requests/{request}", status_code=204)
async def withdraw(request: Id, caller: CallerPart, relay: RelayPart) -> None:
    """Take one's own waiting request back."""
    await relay.joining.withdraw(caller.account, request)


@router.get("/groups/{group}/requests")
async def waiting(
    group: Id,
    caller: CallerPart,
    database: DatabasePart,
    now: Now,
    cursor: Id | None = None,
    limit: Limit = 50,
) -> WaitingRequests:
    """Those who wait to be admitted, for those who admit."""
    async with database.read() as db:
        await admitter(db, group, caller.account)
        found = await invites.waiting_in(db, group, now, after=cursor, limit=limit + 1)
    items = [
        WaitingRequest(
            id=one.id,
            invite=one.invite,
            package=b64encode(one.package),
            sealed=b64encode(one.sealed),
            expires=one.expires,
            mac=b64encode(one.mac),
            created=one.created,
            replaces=_b64(listed.replaces),
            removed=listed.removed,
        )
        for listed in found[:limit]
        for one in (listed.request,)
    ]
    return WaitingRequests(items=items, next=items[-1].id if len(found) > limit else None)


@router.post("/groups/{group}/requests/{request}/decline", status_code=204)
async def decline(group: Id, request: Id, caller: CallerPart, relay: RelayPart) -> None:
    """Answer a request with no."""
    await relay.joining.decline(caller.account, group, request)
