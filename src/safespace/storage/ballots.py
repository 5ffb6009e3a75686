"""Ballots: their keys, the tokens that members took, and answers of which nobody knows whose they are."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy import and_, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from safespace.fields import Asks
from safespace.rooms import ballots as rules
from safespace.storage.paging import Page, fitting, size
from safespace.storage.tables import Ballot as Table
from safespace.storage.tables import BallotAnswer, BallotToken, Member


@dataclass(frozen=True, slots=True)
class Ballot:
    """`asks`, `opened` and `closes` are None until it is opened, `came` until all answers are in."""

    id: UUID
    group: UUID
    public: bytes
    private: bytes | None
    created: int
    asks: Asks | None = None
    opened: int | None = None
    closes: int | None = None
    came: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came with a token: `digest` is the SHA-256 of the token's message."""

    digest: bytes
    message: bytes
    signature: bytes
    sealed: bytes


_columns = Table.__table__.columns
_answer = tuple(getattr(BallotAnswer, name) for name in Answer.__dataclass_fields__)


async def create(connection: AsyncConnection, ballot: Ballot) -> None:
    await connection.execute(insert(Table).values(**asdict(ballot)))


async def find(connection: AsyncConnection, id: UUID, *, lock: bool = False) -> Ballot | None:
    """With `lock`, nobody else changes it until the transaction ends."""
    query = select(*_columns).where(Table.id == id)
    row = (await connection.execute(query.with_for_update() if lock else query)).mappings().first()
    return None if row is None else Ballot(**row)


async def follow(connection: AsyncConnection, ballots: Mapping[UUID, rules.Ballot]) -> None:
    """Keep what a room says of its ballots."""
    for id, ballot in ballots.items():
        said = {"asks": ballot.asks, "opened": ballot.opened, "closes": ballot.closes}
        changed = or_(Table.closes.is_(None), Table.closes != ballot.closes)
        await connection.execute(update(Table).where(Table.id == id, changed).values(**said))


async def was_there(connection: AsyncConnection, group: UUID, account: UUID, opened: int) -> bool:
    """Whether the account is the member it was when the ballot was opened."""
    query = select(Member.account).where(
        Member.group == group, Member.account == account, Member.status == "member", Member.created <= opened
    )
    return (await connection.execute(query)).first() is not None


async def token(connection: AsyncConnection, ballot: UUID, account: UUID) -> tuple[bytes, bytes] | None:
    """What the account had signed, and the blind signature."""
    query = select(BallotToken.blinded, BallotToken.signature).where(
        BallotToken.ballot == ballot, BallotToken.account == account
    )
    row = (await connection.execute(query)).first()
    return None if row is None else (row.blinded, row.signature)


async def give_token(
    connection: AsyncConnection, ballot: UUID, account: UUID, blinded: bytes, signature: bytes
) -> None:
    given = {"ballot": ballot, "account": account, "blinded": blinded, "signature": signature}
    await connection.execute(insert(BallotToken).values(**given))


async def answer(connection: AsyncConnection, ballot: UUID, digest: bytes) -> Answer | None:
    query = select(*_answer).where(BallotAnswer.ballot == ballot, BallotAnswer.digest == digest)
    row = (await connection.execute(query)).mappings().first()
    return None if row is None else Answer(**row)


async def add_answer(connection: AsyncConnection, ballot: UUID, answer: Answer) -> None:
    await connection.execute(insert(BallotAnswer).values(ballot=ballot, **asdict(answer)))


async def answers(
    connection: AsyncConnection, ballot: UUID, *, after: bytes | None = None, limit: int = 100
) -> Page[Answer]:
    """In the order of their digests, which says nothing."""
    of = BallotAnswer.ballot == ballot
    sizes = select(BallotAnswer.digest, size(BallotAnswer.sealed)).where(of).order_by(BallotAnswer.digest)
    digests = await fitting(connection, sizes if after is None else sizes.where(BallotAnswer.digest > after), limit)
    query = select(*_answer).where(of, BallotAnswer.digest.in_(digests.items)).order_by(BallotAnswer.digest)
    return Page([Answer(**row) for row in (await connection.execute(query)).mappings()], digests.more)


async def over(connection: AsyncConnection, closed: int) -> Sequence[UUID]:
    """The ballots that closed by then, and whose answers are not counted yet."""
    query = select(Table.id).where(Table.closes <= closed, Table.came.is_(None))
    return (await connection.execute(query)).scalars().all()


async def settle(connection: AsyncConnection, ballot: UUID, minimum: int) -> None:
    """Nothing more is taken: the private key and the list of tokens are deleted, and answers that are too few."""
    count = select(func.count()).where(BallotAnswer.ballot == ballot)
    came = int((await connection.execute(count)).scalar_one())
    await connection.execute(update(Table).where(Table.id == ballot).values(private=None, came=came))
    await connection.execute(delete(BallotToken).where(BallotToken.ballot == ballot))
    if came < minimum:
        await connection.execute(delete(BallotAnswer).where(BallotAnswer.ballot == ballot))


async def forgettable(connection: AsyncConnection, kept: Mapping[Asks, int], unopened: int) -> Sequence[UUID]:
    """Ballots that closed before `kept` says for what they ask, or that nobody opened since `unopened`."""
    old = [and_(Table.asks == asks, Table.closes < before, Table.came.is_not(None)) for asks, before in kept.items()]
    never = and_(Table.opened.is_(None), Table.created < unopened)
    return (await connection.execute(select(Table.id).where(or_(never, *old)))).scalars().all()


async def forget(connection: AsyncConnection, ids: Sequence[UUID]) -> None:
    await connection.execute(delete(Table).where(Table.id.in_(ids)))
