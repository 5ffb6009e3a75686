"""The keys that stamp envelopes."""

import secrets
from dataclasses import dataclass

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from safespace.storage.tables import StampKey as Table

_FIRST = text("INSERT INTO stamp_keys (id, key, created) VALUES (1, :key, :created) ON CONFLICT DO NOTHING")


@dataclass(frozen=True, slots=True)
class StampKey:
    """K_id: 32 bytes under an id of 1 to 255."""

    id: int
    key: bytes


async def current(connection: AsyncConnection, now: int) -> StampKey:
    """The newest key; the first one is made here, by one of those who ask at once."""
    newest = select(Table.id, Table.key).order_by(Table.id.desc()).limit(1)
    if (await connection.execute(newest)).first() is None:
        await connection.execute(_FIRST, {"key": secrets.token_bytes(32), "created": now})
    row = (await connection.execute(newest)).one()
    return StampKey(row.id, row.key)
