"""Requests to join: made with an invite, answered by those who admit."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from safespace import wire
from safespace.api.answers import in_writing
from safespace.api.auth import CallerPart
from safespace.api.parts import DatabasePart, LimitsPart, Now, RelayPart, Size
from safespace.crypto.invites import MAX_WORD
from safespace.errors import SafeSpaceError
from safespace.fields import B64, Count, Digest, Id, b64decode, b64encode
from safespace.relay.joining import admitter
from safespace.storage import invites, lives
from safespace.storage.groups import FOREVER

MAX_SEALED = 16 * 1024
MAX_PACKAGE = 4096
SealedWord = Annotated[B64, Field(min_length=1, max_length=MAX_WORD * 4 // 3 + 4)]

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


class Answer(wire.Frame):
    """A word to someone who waits, sealed to them; null where nothing is said."""

    word: SealedWord | None = None
    final: bool = False
    """Whether they are not to ask again."""


class Answers(wire.Frame):
    """Several requests that are answered alike."""

    requests: Annotated[list[Id], Field(min_length=1, max_length=200)]


class Refusals(BaseModel):
    """How many accounts were asked not to ask again."""

    count: int


class Word(wire.Frame):
    """A word to someone who waits, sealed to them."""

    word: SealedWord


class OwnRequest(BaseModel):
    """One's own request. Once admitted the last five are there: `seq` is the commit's, `tree` that of its epoch.

    `locked` says whether the group lets nobody in for now, `word` what one who admits said last, `ended` why it ended
    where nobody decided about it, and `seen` whether a device of somebody who admits has seen it; null in groups that
    do not share who is there.
    """

    id: UUID
    invite: UUID
    group: UUID
    status: Literal["waiting", "admitted", "declined", "withdrawn", "ended", "undone"]
    ended: invites.Ending | None
    seen: bool | None
    locked: bool
    word: str | None
    room: UUID | None
    seq: int | None
    welcome: str | None
    tree: str | None
    reply: str | None


class OwnRequests(BaseModel):
    items: list[OwnRequest]
    next: UUID | None


class Muted(BaseModel):
    """A mute that ends at `until`, or, for null, when somebody lifts it; with `session` when the session ends, too."""

    until: int | None
    session: bool


class WaitingRequest(BaseModel):
    """Someone who waits, as those who admit see them.

    `replaces` is the member who comes back, if it is one, `was` the one who the account last was, if it is none;
    `removed` says whether the account was removed once; `muted` is a mute that held when it went and would still hold,
    `listening` whether it only listened then. It comes back with both.
    """

    id: UUID
    invite: UUID
    package: str
    sealed: str
    expires: int
    mac: str
    created: int
    replaces: str | None
    was: str | None
    removed: bool
    muted: Muted | None
    listening: bool


class WaitingRequests(BaseModel):
    items: list[WaitingRequest]
    next: UUID | None


def _own(answer: invites.Answer, locked: bool) -> OwnRequest:
    return OwnRequest.model_validate(
        {
            "id": answer.id,
            "invite": answer.invite,
            "group": answer.group,
            "status": answer.status,
            "ended": answer.ended,
            "seen": answer.seen,
            "locked": locked,
            "room": answer.room,
            "seq": answer.seq,
            **{name: _b64(getattr(answer, name)) for name in ("word", "welcome", "tree", "reply")},
        }
    )


def _b64(data: bytes | None) -> str | None:
    return None if data is None else b64encode(data)


@router.post("/invites/{invite}/requests", status_code=201)
async def ask(
    invite: Id,
    body: NewRequest,
    caller: CallerPart,
    relay: RelayPart,
    database: DatabasePart,
    limits: LimitsPart,
    now: Now,
    size: Size,
) -> OwnRequest:
    """Ask to join, or, as a member without keys on this device, to come back.

    An older request of the same account in the group is withdrawn.
    """
    async with database.read() as db:
        group = await invites.group_of(db, invite)
    async with limits.making("requests", caller.account, size, group, invite=None if group is None else invite):
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
    async with database.read() as db:
        locked = await lives.locked(db, [answer.group], now)
    return _own(answer, answer.group in locked)


@router.get("/requests", response_model=OwnRequests)
async def own(
    caller: CallerPart, database: DatabasePart, now: Now, cursor: Id | None = None, limit: Limit = 50
) -> Response:
    """The caller's own requests."""
    async with database.read() as db:
        found = await invites.answers(db, caller.account, after=cursor, limit=limit)
        locked = await lives.locked(db, [one.group for one in found], now)

    def listed() -> OwnRequests:
        items = [_own(one, one.group in locked) for one in found]
        return OwnRequests(items=items, next=items[-1].id if found.more else None)

    return await in_writing(listed)


@router.get("/requests/{request}")
async def own_one(request: Id, caller: CallerPart, database: DatabasePart, now: Now) -> OwnRequest:
    """One of the caller's own requests."""
    async with database.read() as db:
        found = await invites.answer(db, caller.account, request)
        if found is None:
            raise SafeSpaceError("request_unknown")
        locked = await lives.locked(db, [found.group], now)
    return _own(found, bool(locked))


@router.delete("/requests/{request}", status_code=204)
async def withdraw(request: Id, caller: CallerPart, relay: RelayPart) -> None:
    """Take one's own waiting request back."""
    await relay.joining.withdraw(caller.account, request)


@router.get("/groups/{group}/requests")
async def waiting(
    group: Id,
    caller: CallerPart,
    database: DatabasePart,
    relay: RelayPart,
    now: Now,
    cursor: Id | None = None,
    limit: Limit = 50,
) -> WaitingRequests:
    """Those who wait to be admitted, for those who admit. That they were seen, they are told."""
    if cursor is None:
        await relay.joining.look(caller.account, group)
    async with database.read() as db:
        await admitter(db, group, caller.account)
        found = await invites.waiting_in(db, group, now, after=cursor, limit=limit)
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
            was=_b64(listed.was),
            removed=listed.removed,
            muted=_muted(listed),
            listening=listed.listening,
        )
        for listed in found
        for one in (listed.request,)
    ]
    return WaitingRequests(items=items, next=items[-1].id if found.more else None)


@router.post("/groups/{group}/requests/{request}/decline", status_code=204)
async def decline(group: Id, request: Id, caller: CallerPart, relay: RelayPart, body: Answer | None = None) -> None:
    """Tell someone no, with a word if there is one."""
    word = None if body is None or body.word is None else b64decode(body.word)
    await relay.joining.decline(caller.account, group, request, word, final=body is not None and body.final)


@router.post("/groups/{group}/requests/decline", status_code=204)
async def decline_all(group: Id, body: Answers, caller: CallerPart, relay: RelayPart) -> None:
    """Tell all of these no who still wait, without a word."""
    await relay.joining.decline_all(caller.account, group, body.requests)


@router.get("/groups/{group}/refusals")
async def refusals(group: Id, caller: CallerPart, relay: RelayPart) -> Refusals:
    """How many were asked not to ask again, for those who admit."""
    return Refusals(count=await relay.joining.refused(caller.account, group))


@router.delete("/groups/{group}/refusals", status_code=204)
async def forgive(group: Id, caller: CallerPart, relay: RelayPart) -> None:
    """Let everyone ask again who was told no."""
    await relay.joining.forgive(caller.account, group)


@router.post("/groups/{group}/requests/{request}/word", status_code=204)
async def tell(
    group: Id, request: Id, body: Word, caller: CallerPart, relay: RelayPart, limits: LimitsPart, size: Size
) -> None:
    """Tell someone who waits a word. It takes the place of the one before."""
    async with limits.making("entries", caller.account, size, group):
        await relay.joining.say(caller.account, group, request, b64decode(body.word))


def _muted(listed: invites.Waiting) -> Muted | None:
    if listed.muted_until is None:
        return None
    until = None if listed.muted_until == FOREVER else listed.muted_until
    return Muted(until=until, session=listed.muted_session)
