"""Every leaf identity that ever came to somebody else's knowledge, so that none ever means two people.

What is kept says nothing to those who do not know an identity: a hash of it, and one of it with whose it is. So it can
outlast the room, the group and the account (docs/decisions/0023-whose-leaf-it-is.md).
"""

import hashlib
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from safespace.crypto.encoding import lp
from safespace.storage.tables import LeafIdentity as Table

_INSERT = text("INSERT INTO leaf_identities (identity, owner) VALUES (:identity, :owner) ON CONFLICT DO NOTHING")


async def known(connection: AsyncConnection, identities: Collection[bytes]) -> bool:
    """Whether one of these is somebody's."""
    query = select(Table.identity).where(Table.identity.in_([hidden(identity) for identity in identities]))
    return (await connection.execute(query.limit(1))).first() is not None


async def claim(connection: AsyncConnection, identity: bytes, group: UUID, account: UUID) -> bool:
    """Make a fresh identity this account's in this group, for ever; False where it is somebody's already."""
    values = {"identity": hidden(identity), "owner": owner(identity, group, account)}
    return (await connection.execute(_INSERT, values)).rowcount == 1


async def is_theirs(connection: AsyncConnection, identity: bytes, group: UUID, account: UUID) -> bool:
    """The same for one that may be this account's in this group already, as a KeyPackage of last resort is."""
    if await claim(connection, identity, group, account):
        return True
    query = select(Table.owner).where(Table.identity == hidden(identity))
    return (await connection.execute(query)).scalar_one() == owner(identity, group, account)


def hidden(identity: bytes) -> bytes:
    return hashlib.sha256(lp("safespace identity") + lp(identity)).digest()


def owner(identity: bytes, group: UUID, account: UUID) -> bytes:
    whose = lp(identity) + lp(group.bytes) + lp(account.bytes)
    return hashlib.sha256(lp("safespace identity owner") + whose).digest()
