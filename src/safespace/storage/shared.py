"""Random bytes that all processes of a server share."""

import secrets

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from safespace.storage.tables import Secret as Table

_KEEP = text("INSERT INTO secrets (name, secret) VALUES (:name, :secret) ON CONFLICT DO NOTHING")


async def secret(connection: AsyncConnection, name: str) -> bytes:
    """32 bytes for this purpose, made when they are first asked for."""
    query = select(Table.secret).where(Table.name == name)
    known = (await connection.execute(query)).scalar_one_or_none()
    if known is not None:
        return known
    await connection.execute(_KEEP, {"name": name, "secret": secrets.token_bytes(32)})
    return (await connection.execute(query)).scalar_one()
