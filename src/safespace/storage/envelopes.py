"""A room's log."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, bindparam, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from safespace import wire
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
    body: bytes
    commitment: bytes | None = None
    stamp: bytes | None = None
    policy: dict[str, object] | None = None

    def to_wire(self) -> dict[str, Any]:
        """What clients are sent, as JSON values (`wire.Envelope`)."""
        return {
            "t": "envelope",
            "room": str(self.room),
            "seq": self.seq,
            "time": self.time,
            "kind": self.kind,
            "leaf": wire.b64encode(self.leaf),
            "epoch": self.epoch,
            "client_id": str(self.client_id),
            "body": wire.b64encode(self.body),
            "commitment": None if self.commitment is None else wire.b64encode(self.commitment),
            "stamp": None if self.stamp is None else wire.b64encode(self.stamp),
            "policy": self.policy,
        }


_columns = Table.__table__.columns
_PAGE = (
    select(*_columns)
    .where(Table.room == bindparam("room"), Table.seq > bindparam("after"))
    .order_by(Table.seq)
    .limit(bindparam("limit", type_=BigInteger))
)


async def append(connection: AsyncConnection, envelopes: Sequence[Envelope]) -> None:
    """Add lines whose seqs follow the room's head."""
    await connection.execute(insert(Table), [asdict(envelope) for envelope in envelopes])


async def page(connection: AsyncConnection, room: UUID, after: int, limit: int) -> list[Envelope]:
    """At most `limit` lines with a seq above `after`, in order."""
    rows = await connection.execute(_PAGE, {"room": room, "after": after, "limit": limit})
    return [Envelope(**row) for row in rows.mappings()]


async def first_of(connection: AsyncConnection, room: UUID, client_id: UUID) -> Envelope | None:
    """The first line stored under this client_id, if any."""
    query = select(*_columns).where(Table.room == room, Table.client_id == client_id).order_by(Table.part).limit(1)
    row = (await connection.execute(query)).mappings().first()
    return None if row is None else Envelope(**row)
