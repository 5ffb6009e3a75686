"""The keys that stamp envelopes."""

import secrets
from dataclasses import dataclass

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from safespace.storage.tables import StampKey as Table


@dataclass(frozen=True, slots=True)
class StampKey:
    """K_id: 32 bytes under an id of 1 to 255."""

    id: int
    key: bytes


async def current(connection: AsyncConnection, now: int) -> StampKey:
    """The newest key; the first one is made here."""
    row = (await connection.execute(select(Table.id, Table.key).order_by(Table.id.desc()).limit(1))).first()
    if row is not None:
        return StampKey(row.id, row.key)
    made = StampKey(1, secrets.token_bytes(32))
    await connection.execute(insert(Table).values(id=made.id, key=made.key, created=now))
    return made
