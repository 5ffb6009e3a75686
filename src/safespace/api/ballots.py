"""Ballots: `/v1/groups/{id}/ballots` for who asks and is asked, `/v1/ballots/{id}/answers` for nobody in particular.

An answer comes without a login, and is refused with one: whose it is, is not to be known here.
"""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from safespace import wire
from safespace.api.auth import COOKIE, CallerPart
from safespace.api.parts import DatabasePart, LimitsPart, Now, Size
from safespace.crypto.ballots import MESSAGE, SEALED
from safespace.crypto.blind_rsa import SIZE
from safespace.errors import SafeSpaceError
from safespace.fields import B64, Digest, Id, b64decode, b64encode
from safespace.relay import balloting
from safespace.rooms.ballots import MINIMUM
from safespace.storage.ballots import Ballot

router = APIRouter(tags=["ballots"])


def _of(size: int) -> object:
    length = -(-size * 4 // 3)
    return Field(min_length=length, max_length=length)


Number = Annotated[B64, _of(SIZE)]
"""As many bytes as the key's modulus has."""


class MadeBallot(BaseModel):
    """Open it in the room, with this key."""

    id: UUID
    token_key: str


class BallotStatus(BaseModel):
    """Whether it can be answered (`open`), answers are on their way (`coming`), or `came` of them are in: where those
    were `too_few`, they are deleted."""

    status: Literal["open", "coming", "in", "too_few"]
    came: int | None


class Blinded(wire.Frame):
    blinded: Number


class BlindSignature(BaseModel):
    signature: str


class NewAnswer(wire.Frame):
    """A token, its signature, and an answer sealed to the ballot's key; all of them are of one size."""

    message: Annotated[B64, _of(MESSAGE)]
    signature: Number
    sealed: Annotated[B64, _of(SEALED)]


class AnswerItem(BaseModel):
    message: str
    signature: str
    sealed: str


class AnswerList(BaseModel):
    items: list[AnswerItem]
    next: str | None


@router.post("/groups/{group}/ballots", status_code=201)
async def make(
    group: Id, caller: CallerPart, database: DatabasePart, limits: LimitsPart, now: Now, size: Size
) -> MadeBallot:
    """Make a key for a ballot, to be opened within ten minutes."""
    async with limits.making("ballots", caller.account, size, group):
        made = await balloting.make(database, caller.account, group, now)
    return MadeBallot(id=made.id, token_key=b64encode(made.public))


@router.get("/groups/{group}/ballots/{ballot}")
async def status(group: Id, ballot: Id, caller: CallerPart, database: DatabasePart, now: Now) -> BallotStatus:
    """How far a ballot is."""
    found = await balloting.look_at(database, caller.account, group, ballot)
    return BallotStatus(status=_status(found, now), came=found.came)


def _status(ballot: Ballot, now: int) -> Literal["open", "coming", "in", "too_few"]:
    if ballot.came is None:
        return "open" if now < (ballot.closes or 0) else "coming"
    return "in" if ballot.came >= MINIMUM else "too_few"


@router.post("/groups/{group}/ballots/{ballot}/token")
async def token(
    group: Id, ballot: Id, body: Blinded, caller: CallerPart, database: DatabasePart, now: Now
) -> BlindSignature:
    """Have one's token signed, without showing it (RFC 9474): one for each member."""
    blinded = b64decode(body.blinded)
    return BlindSignature(
        signature=b64encode(await balloting.sign(database, caller.account, group, ballot, blinded, now))
    )


@router.get("/groups/{group}/ballots/{ballot}/answers")
async def answers(
    group: Id,
    ballot: Id,
    caller: CallerPart,
    database: DatabasePart,
    cursor: Digest | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 100,
) -> AnswerList:
    """The answers, in an order that says nothing, once all are in; none where they were too few."""
    after = None if cursor is None else b64decode(cursor)
    found = await balloting.read(database, caller.account, group, ballot, after=after, limit=limit)
    items = [
        AnswerItem(message=b64encode(one.message), signature=b64encode(one.signature), sealed=b64encode(one.sealed))
        for one in found
    ]
    return AnswerList(items=items, next=b64encode(found.items[-1].digest) if found.more else None)


@router.post("/ballots/{ballot}/answers", status_code=204)
async def take(ballot: Id, body: NewAnswer, request: Request, database: DatabasePart, now: Now) -> None:
    """Answer, without a login. One answer for each token, in the minute after the ballot closed."""
    if COOKIE in request.cookies or "authorization" in request.headers:
        raise SafeSpaceError("not_anonymous")
    message, signature = b64decode(body.message), b64decode(body.signature)
    await balloting.take(database, ballot, message, signature, b64decode(body.sealed), now)
