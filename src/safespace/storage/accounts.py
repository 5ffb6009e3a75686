"""Accounts, their devices and their logins."""

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import and_, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection
from uuid6 import uuid7

from safespace.errors import SafeSpaceError
from safespace.storage.tables import Account, Device, KeyPackage, Login, Request


class AccountRow(NamedTuple):
    """`has_device`: whether the device that was asked for is the account's and was not revoked."""

    id: UUID
    verifier: str
    has_device: bool


class LoginRow(NamedTuple):
    account: UUID
    device: UUID
    expires: int


class DeviceRow(NamedTuple):
    id: UUID
    created: int
    seen: int


_FIND_LOGIN = select(Login.account, Login.device, Login.expires).where(
    Login.digest == bindparam("digest"), Login.expires > bindparam("now")
)


async def create_account(connection: AsyncConnection, handle: str, verifier: str, now: int) -> UUID:
    """A new account's id. Raises SafeSpaceError `handle_taken`."""
    account = UUID(int=uuid7().int)
    try:
        await connection.execute(insert(Account).values(id=account, handle=handle, verifier=verifier, created=now))
    except IntegrityError as error:
        raise SafeSpaceError("handle_taken") from error
    return account


async def lock(connection: AsyncConnection, account: UUID) -> None:
    """Keep others from deciding about what is the account's until the transaction ends."""
    await connection.execute(select(Account.id).where(Account.id == account).with_for_update(key_share=True))


async def find_account(connection: AsyncConnection, handle: str, device: UUID | None) -> AccountRow | None:
    """The account of a handle and the Argon2id of its login key."""
    mine = and_(Device.account == Account.id, Device.id == device, Device.revoked.is_(False))
    query = select(Account.id, Account.verifier, Device.id.is_not(None).label("has_device")).outerjoin(Device, mine)
    row = (await connection.execute(query.where(Account.handle == handle))).first()
    return AccountRow(row.id, row.verifier, bool(row.has_device)) if row else None


async def handle_of(connection: AsyncConnection, account: UUID) -> str:
    """The handle of an account that exists."""
    return (await connection.execute(select(Account.handle).where(Account.id == account))).scalar_one()


async def create_device(connection: AsyncConnection, account: UUID, now: int) -> UUID:
    """A new device's id."""
    device = UUID(int=uuid7().int)
    await connection.execute(insert(Device).values(id=device, account=account, created=now, seen=now, revoked=False))
    return device


async def has_device(connection: AsyncConnection, account: UUID, device: UUID) -> bool:
    """Whether the device is the account's and was not revoked."""
    found = select(Device.id).where(Device.id == device, Device.account == account, Device.revoked.is_(False))
    return (await connection.execute(found)).first() is not None


async def list_devices(connection: AsyncConnection, account: UUID, after: UUID | None, limit: int) -> list[DeviceRow]:
    """Up to `limit` devices in the order of their ids, those after `after`."""
    found = select(Device.id, Device.created, Device.seen).where(Device.account == account, Device.revoked.is_(False))
    if after is not None:
        found = found.where(Device.id > after)
    rows = await connection.execute(found.order_by(Device.id).limit(limit))
    return [DeviceRow(row.id, row.created, row.seen) for row in rows]


async def revoke_device(connection: AsyncConnection, account: UUID, device: UUID) -> list[bytes]:
    """Revoke a device, its logins, its requests to join and what is left of its KeyPackages.

    Gives the digests of the logins. Raises SafeSpaceError `not_found`.
    """
    revoked = await connection.execute(
        update(Device)
        .where(Device.id == device, Device.account == account, Device.revoked.is_(False))
        .values(revoked=True)
    )
    if revoked.rowcount == 0:
        raise SafeSpaceError("not_found")
    await connection.execute(delete(KeyPackage).where(KeyPackage.device == device, KeyPackage.taken_for.is_(None)))
    await connection.execute(delete(Request).where(Request.device == device, Request.status == "waiting"))
    digests = await connection.execute(delete(Login).where(Login.device == device).returning(Login.digest))
    return list(digests.scalars())


async def create_login(
    connection: AsyncConnection, digest: bytes, account: UUID, device: UUID, now: int, expires: int
) -> None:
    """Keep a login by the SHA-256 of its token, and drop the account's expired ones."""
    await connection.execute(delete(Login).where(Login.account == account, Login.expires <= now))
    await connection.execute(
        insert(Login).values(digest=digest, account=account, device=device, created=now, expires=expires)
    )
    await connection.execute(update(Device).where(Device.id == device).values(seen=now))


async def find_login(connection: AsyncConnection, digest: bytes, now: int) -> LoginRow | None:
    """The login of a digest, unless it has expired."""
    row = (await connection.execute(_FIND_LOGIN, {"digest": digest, "now": now})).first()
    return LoginRow(row.account, row.device, row.expires) if row else None


async def open_logins(connection: AsyncConnection, digests: Collection[bytes], now: int) -> set[bytes]:
    """Those of these logins that have not ended."""
    found = select(Login.digest).where(Login.digest.in_(list(digests)), Login.expires > now)
    return set((await connection.execute(found)).scalars())


async def slide_login(connection: AsyncConnection, digest: bytes, device: UUID, now: int, expires: int) -> None:
    """Move a login's end, and note that its device was seen."""
    await connection.execute(update(Login).where(Login.digest == digest).values(expires=expires))
    await connection.execute(update(Device).where(Device.id == device).values(seen=now))


async def delete_login(connection: AsyncConnection, digest: bytes) -> None:
    """Forget a login."""
    await connection.execute(delete(Login).where(Login.digest == digest))


async def delete_expired_logins(connection: AsyncConnection, now: int) -> None:
    """Forget the logins that have ended by themselves."""
    await connection.execute(delete(Login).where(Login.expires <= now))
