"""A room's log."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from safespace import wire
from safespace.fields import b64encode
from safespace.storage.paging import Page, fitting, size
from safespace.storage.tables import Envelope as Table


@dataclass(frozen=True, slots=True)
class Envelope:
    """One line of the log, as stored."""

    room: UUID
    seq: int
    time: int
    kind: str
    leaf: bytes
    epoch: int
    client_id: UUID
    part: int
    body: bytes | None
    commitment: bytes | None = None
    stamp: bytes | None = None
    policy: dict[str, object] | None = None
    taken_down: int | None = None
    expires: int = 0

    def to_wire(self) -> dict[str, Any]:
        """What clients are sent, as JSON values (`wire.Envelope`): of what was taken down, the place alone."""
        shown = None if self.taken_down is not None else self.body
        return {
            "t": "envelope",
            "room": str(self.room),
            "seq": self.seq,
            "time": self.time,
            "kind": self.kind,
            "leaf": b64encode(self.leaf),
            "epoch": self.epoch,
            "client_id": str(self.client_id),
            "body": _b64(shown),
            "commitment": None if shown is None else _b64(self.commitment),
            "stamp": None if shown is None else _b64(self.stamp),
            "policy": self.policy,
        }


def _b64(data: bytes | None) -> str | None:
    return None if data is None else b64encode(data)


SAID = ("message", "reaction")
"""Kinds of lines that end with the group's retention."""

_columns = Table.__table__.columns
_AFTER = and_(Table.room == bindparam("room"), Table.seq > bindparam("after"))
_KEPT = or_(Table.kind.not_in(SAID), Table.time >= bindparam("since"))
_SIZES = select(Table.seq, size(Table.body, Table.policy)).where(_AFTER).order_by(Table.seq)
_SIZES_SINCE = _SIZES.where(_KEPT)
_PAGE = select(*_columns).where(_AFTER, Table.seq <= bindparam("until")).order_by(Table.seq)
_PAGE_SINCE = _PAGE.where(_KEPT)


DAY = 86_400_000
"""Milliseconds."""


def since(days: int, now: int) -> int:
    """The time from which on messages are kept, where they are kept for so many days; 0 is for ever."""
    return now - days * DAY if days else 0


def is_expired(line: Envelope, days: int, now: int) -> bool:
    """Whether a line is kept no longer, gone or not."""
    return line.kind in SAID and line.time < since(days, now)


async def append(connection: AsyncConnection, envelopes: Sequence[Envelope]) -> None:
    """Add lines whose seqs follow the room's head."""
    await connection.execute(insert(Table), [asdict(envelope) for envelope in envelopes])


async def page(connection: AsyncConnection, room: UUID, after: int, limit: int, *, since: int = 0) -> Page[Envelope]:
    """At most `limit` lines with a seq above `after`, in order; messages from before `since` are expired."""
    sizes, query, values = _SIZES, _PAGE, {"room": room, "after": after}
    if since:
        sizes, query, values = _SIZES_SINCE, _PAGE_SINCE, {**values, "since": since}
    seqs = await fitting(connection, sizes, limit, values)
    if not seqs.items:
        return Page([], False)
    rows = await connection.execute(query, {**values, "until": seqs.items[-1]})
    return Page([Envelope(**row) for row in rows.mappings()], seqs.more)


def with_gaps(lines: Iterable[Envelope], after: int, until: int | None, room: UUID) -> Iterator[Envelope | wire.Gap]:
    """The lines of a page after `after`, and gaps where some are missing; up to `until`, the head read before it, where
    the page is the last."""
    at = after
    for line in lines:
        if line.seq > at + 1:
            yield wire.Gap(room=room, after=at, until=line.seq - 1)
        yield line
        at = line.seq
    if until is not None and until > at:
        yield wire.Gap(room=room, after=at, until=until)


async def one(connection: AsyncConnection, room: UUID, seq: int) -> Envelope | None:
    row = (await connection.execute(select(*_columns).where(Table.room == room, Table.seq == seq))).mappings().first()
    return None if row is None else Envelope(**row)


async def take_down(connection: AsyncConnection, room: UUID, seq: int, when: int | None) -> None:
    """Hand the body to nobody from `when` on; None gives it back."""
    await connection.execute(update(Table).where(Table.room == room, Table.seq == seq).values(taken_down=when))


async def is_to_forget(connection: AsyncConnection, before: int) -> bool:
    """Whether a body is still there of what was taken down before then."""
    query = select(Table.seq).where(Table.taken_down < before, Table.body.is_not(None)).limit(1)
    return (await connection.execute(query)).first() is not None


async def forget_taken_down(connection: AsyncConnection, before: int) -> None:
    """Delete for good the bodies of what was taken down before then."""
    gone = update(Table).where(Table.taken_down < before, Table.body.is_not(None))
    await connection.execute(gone.values(body=None, commitment=None, stamp=None))


async def first_of(connection: AsyncConnection, room: UUID, client_id: UUID) -> Envelope | None:
    """The first line stored under this client_id, if any."""
    query = select(*_columns).where(Table.room == room, Table.client_id == client_id).order_by(Table.part).limit(1)
    row = (await connection.execute(query)).mappings().first()
    return None if row is None else Envelope(**row)
