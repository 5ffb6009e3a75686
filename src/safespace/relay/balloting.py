"""Ballots: whose token is signed is known, whose answer it is that comes with a token is not.

Nothing here may join the two: the answers come without a login, and no time is kept with them.
"""

import hashlib
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection
from uuid6 import uuid7

from safespace import wire
from safespace.beside import beside
from safespace.crypto import blind_rsa
from safespace.crypto.errors import CryptoError
from safespace.errors import SafeSpaceError
from safespace.fields import Asks, b64decode
from safespace.relay.joining import DAY, current_member
from safespace.relay.outcome import Actor
from safespace.rooms.ballots import MINIMUM, WINDOW
from safespace.rooms.roles import may
from safespace.storage import ballots
from safespace.storage.ballots import Answer, Ballot
from safespace.storage.database import Database
from safespace.storage.paging import Page

EVERY = 5.0
"""Seconds between two looks for ballots whose answers are all in."""
KEPT: Final[dict[Asks, int]] = {"questions": DAY, "feedback": 30 * DAY}
"""Milliseconds for which answers are kept."""
UNOPENED: Final = 600_000
"""Milliseconds after which a ballot that nobody opened is forgotten."""


async def make(database: Database, account: UUID, group: UUID, now: int) -> Ballot:
    """A ballot that can be opened in the room, with a key of its own. Raises SafeSpaceError not_found or forbidden."""
    private, public = await beside(blind_rsa.generate)
    made = Ballot(UUID(int=uuid7().int), group, public, private, created=now)
    async with database.write() as db:
        await _asker(db, group, account)
        await ballots.create(db, made)
    return made


async def open_ballot(db: AsyncConnection, actor: Actor, policy: wire.PolicyPart) -> None:
    """Raises SafeSpaceError ballot_unknown for another key than was made for it."""
    found = None if policy.ballot is None else await ballots.find(db, policy.ballot, lock=True)
    if found is None or found.group != actor.head.group or found.opened is not None:
        raise SafeSpaceError("ballot_unknown")
    if found.public != b64decode(policy.token_key or ""):
        raise SafeSpaceError("ballot_unknown")


async def look_at(database: Database, account: UUID, group: UUID, id: UUID) -> Ballot:
    """Raises SafeSpaceError not_found or ballot_unknown."""
    async with database.read() as db:
        await current_member(db, group, account)
        return await _opened(db, group, id)


async def sign(database: Database, account: UUID, group: UUID, id: UUID, blinded: bytes, now: int) -> bytes:
    """The blind signature of one token, once for each who was a member when it was asked; the same again for the same.

    Raises SafeSpaceError not_found, ballot_unknown, ballot_over, token_given or invalid_field.
    """
    async with database.read() as db:
        given = await _token(db, account, group, id, blinded, now)
    if isinstance(given, bytes):
        return given
    try:
        signature = await beside(blind_rsa.sign_blinded, given.private or b"", blinded)
    except CryptoError as error:
        raise SafeSpaceError("invalid_field") from error
    async with database.write() as db:
        again = await _token(db, account, group, id, blinded, now, lock=True)
        if isinstance(again, bytes):
            return again
        await ballots.give_token(db, id, account, blinded, signature)
    return signature


async def _token(
    db: AsyncConnection, account: UUID, group: UUID, id: UUID, blinded: bytes, now: int, *, lock: bool = False
) -> bytes | Ballot:
    """The signature that was given for this token, or the ballot that is to sign it."""
    await current_member(db, group, account)
    ballot = await _opened(db, group, id, lock=lock)
    if not await ballots.was_there(db, group, account, ballot.opened or 0):
        raise SafeSpaceError("ballot_unknown")
    given = await ballots.token(db, id, account)
    if given is not None:
        if given[0] != blinded:
            raise SafeSpaceError("token_given")
        return given[1]
    if ballot.private is None or now >= (ballot.closes or 0):
        raise SafeSpaceError("ballot_over")
    return ballot


async def take(database: Database, id: UUID, message: bytes, signature: bytes, sealed: bytes, now: int) -> None:
    """Keep an answer; once for each token, and the same again is taken once.

    Raises SafeSpaceError ballot_unknown, ballot_not_over, ballot_over, token_invalid or token_used.
    """
    async with database.read() as db:
        ballot = await _opened(db, None, id)
    if message[blind_rsa.PREFIX :] != id.bytes or not blind_rsa.verify(ballot.public, message, signature):
        raise SafeSpaceError("token_invalid")
    answer = Answer(hashlib.sha256(message).digest(), message, signature, sealed)
    async with database.write() as db:
        ballot = await _opened(db, None, id, lock=True)
        closes = ballot.closes or 0
        if now < closes:
            raise SafeSpaceError("ballot_not_over", retry_after=-(-(closes - now) // 1000))
        known = await ballots.answer(db, id, answer.digest)
        if known is not None:
            if known.sealed != sealed:
                raise SafeSpaceError("token_used")
        elif ballot.came is not None or now >= closes + WINDOW:
            raise SafeSpaceError("ballot_over")
        else:
            await ballots.add_answer(db, id, answer)


async def read(
    database: Database, account: UUID, group: UUID, id: UUID, *, after: bytes | None = None, limit: int = 100
) -> Page[Answer]:
    """The answers once all are in; none where they were too few. Raises SafeSpaceError not_found, forbidden,
    ballot_unknown or ballot_not_over."""
    async with database.read() as db:
        await _asker(db, group, account)
        ballot = await _opened(db, group, id)
        if ballot.came is None:
            raise SafeSpaceError("ballot_not_over")
        return await ballots.answers(db, id, after=after, limit=limit)


async def look_after(database: Database, now: int) -> None:
    """Close the books of ballots whose answers are all in, and forget old ones."""
    async with database.read() as db:
        due = await ballots.over(db, now - WINDOW)
        old = await ballots.forgettable(db, {asks: now - kept for asks, kept in KEPT.items()}, now - UNOPENED)
    if not due and not old:
        return  # nobody's message waits for nothing
    async with database.write() as db:
        for id in due:
            await ballots.find(db, id, lock=True)
            await ballots.settle(db, id, MINIMUM)
        await ballots.forget(db, old)


async def _asker(db: AsyncConnection, group: UUID, account: UUID) -> None:
    if not may((await current_member(db, group, account)).role, "open_ballot"):
        raise SafeSpaceError("forbidden")


async def _opened(db: AsyncConnection, group: UUID | None, id: UUID, *, lock: bool = False) -> Ballot:
    ballot = await ballots.find(db, id, lock=lock)
    if ballot is None or ballot.opened is None or group not in (None, ballot.group):
        raise SafeSpaceError("ballot_unknown")
    return ballot
