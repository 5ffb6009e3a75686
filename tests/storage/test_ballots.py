"""Ballots on both databases: what is kept of them, for how long, and that it is kept in no order of its own."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, update
from uuid6 import uuid7

from desk import LEAF, NOW, Desk
from safespace.crypto import blind_rsa
from safespace.errors import SafeSpaceError
from safespace.fields import Asks, b64encode
from safespace.relay import balloting
from safespace.relay.balloting import KEPT, UNOPENED
from safespace.rooms.ballots import MINIMUM, WINDOW
from safespace.rooms.ballots import Ballot as Opened
from safespace.storage import ballots, groups, tables

CLOSES = NOW + 60_000


class Asked:
    """A ballot that was opened at NOW, and the tokens of those who vote."""

    def __init__(self, desk: Desk, group: UUID, made: ballots.Ballot) -> None:
        self.database, self.account, self.group, self.id = desk.database, desk.account, group, made.id
        self.tokens = [blind_rsa.prepare(made.id.bytes) for _ in range(MINIMUM)]
        self.public, self._private = made.public, made.private or b""

    @classmethod
    async def by(cls, desk: Desk, asks: Asks = "questions") -> "Asked":
        group = await desk.room(LEAF)
        async with desk.database.write() as db:
            await db.execute(update(tables.Member).values(role="owner"))
        made = await balloting.make(desk.database, desk.account, group, NOW)
        opened = Opened(asks=asks, token_key=b64encode(made.public), opened=NOW, closes=CLOSES, voters=MINIMUM)
        async with desk.database.write() as db:
            await ballots.follow(db, {made.id: opened})
        return cls(desk, group, made)

    async def vote(self, token: bytes, now: int = CLOSES, sealed: bytes = b"sealed") -> None:
        """By a server that signs what it likes."""
        blinded, inverse = blind_rsa.blind(self.public, token)
        signed = blind_rsa.sign_blinded(self._private, blinded)
        signature = blind_rsa.finalize(self.public, token, signed, inverse)
        await balloting.take(self.database, self.id, token, signature, sealed, now)

    async def read(self) -> list[ballots.Answer]:
        return list(await balloting.read(self.database, self.account, self.group, self.id))

    async def row(self) -> ballots.Ballot | None:
        async with self.database.read() as db:
            return await ballots.find(db, self.id)


async def code(doing: Any) -> str:
    with pytest.raises(SafeSpaceError) as refused:
        await doing
    return refused.value.code


async def test_answers_are_handed_out_together_and_in_no_order(desk: Desk) -> None:
    asked = await Asked.by(desk)
    assert await code(asked.vote(asked.tokens[0], CLOSES - 1)) == "ballot_not_over"
    for token in asked.tokens:
        await asked.vote(token)
        await asked.vote(token)
    assert await code(asked.read()) == "ballot_not_over"
    await balloting.look_after(desk.database, CLOSES + WINDOW - 1)
    assert await code(asked.read()) == "ballot_not_over"
    assert await code(asked.vote(blind_rsa.prepare(asked.id.bytes), CLOSES + WINDOW)) == "ballot_over"
    await balloting.look_after(desk.database, CLOSES + WINDOW)
    answers = await asked.read()
    assert {answer.message for answer in answers} == set(asked.tokens)
    assert [answer.digest for answer in answers] == sorted(answer.digest for answer in answers)
    row = await asked.row()
    assert row is not None
    assert (row.private, row.came) == (None, MINIMUM)
    assert await code(asked.vote(blind_rsa.prepare(asked.id.bytes))) == "ballot_over"


async def test_too_few_answers_are_deleted(desk: Desk) -> None:
    asked = await Asked.by(desk)
    for token in asked.tokens[1:]:
        await asked.vote(token)
    await balloting.look_after(desk.database, CLOSES + WINDOW)
    row = await asked.row()
    assert row is not None
    assert row.came == MINIMUM - 1
    assert await asked.read() == []


async def test_tokens_are_forgotten_with_the_key(desk: Desk) -> None:
    asked = await Asked.by(desk)
    blinded, _ = blind_rsa.blind(asked.public, asked.tokens[0])
    signed = await balloting.sign(desk.database, desk.account, asked.group, asked.id, blinded, NOW)
    assert await balloting.sign(desk.database, desk.account, asked.group, asked.id, blinded, CLOSES) == signed
    await balloting.look_after(desk.database, CLOSES + WINDOW)
    assert await code(balloting.sign(desk.database, desk.account, asked.group, asked.id, blinded, NOW)) == "ballot_over"
    async with desk.database.read() as db:
        assert await ballots.token(db, asked.id, desk.account) is None


@pytest.mark.parametrize("asks", ["questions", "feedback"])
async def test_ballots_are_forgotten_in_time(desk: Desk, asks: Asks) -> None:
    asked = await Asked.by(desk, asks)
    for token in asked.tokens:
        await asked.vote(token)
    await balloting.look_after(desk.database, CLOSES + WINDOW)
    await balloting.look_after(desk.database, CLOSES + KEPT[asks])
    assert len(await asked.read()) == MINIMUM
    await balloting.look_after(desk.database, CLOSES + KEPT[asks] + 1)
    assert await asked.row() is None
    assert await code(asked.read()) == "ballot_unknown"


async def test_a_ballot_that_nobody_opened_is_forgotten(desk: Desk) -> None:
    group = await desk.room(LEAF)
    async with desk.database.write() as db:
        await db.execute(update(tables.Member).values(role="owner"))
    made = await balloting.make(desk.database, desk.account, group, NOW)
    for later, is_kept in ((UNOPENED, True), (UNOPENED + 1, False)):
        await balloting.look_after(desk.database, NOW + later)
        async with desk.database.read() as db:
            assert (await ballots.find(db, made.id) is not None) == is_kept


async def test_who_came_after_the_opening_gets_no_token(desk: Desk) -> None:
    asked = await Asked.by(desk)
    late = UUID(int=uuid7().int)
    async with desk.database.write() as db:
        await db.execute(insert(tables.Account).values(id=late, handle=late.hex, verifier="", created=NOW))
        await groups.add_member(db, groups.Member(asked.group, b"b" * 16, late, "member", "member"), NOW + 1)
    blinded, _ = blind_rsa.blind(asked.public, asked.tokens[0])
    signing = balloting.sign(desk.database, late, asked.group, asked.id, blinded, NOW + 2)
    assert await code(signing) == "ballot_unknown"
