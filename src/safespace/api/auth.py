"""Who is asking: logins by cookie (browsers) or bearer token (the SDK), and which pages may ask.

A token is 32 random bytes; the database holds only its SHA-256. A token in an address is never read.
"""

import contextlib
import hashlib
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import Depends
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import HTTPConnection
from starlette.responses import Response

from safespace.api.parts import DatabasePart, Now, SettingsPart, SharesPart, TurnsPart
from safespace.errors import SafeSpaceError
from safespace.fields import b64decode, b64encode
from safespace.settings import Settings
from safespace.storage import accounts
from safespace.storage.database import Database
from safespace.storage.outages import FateUnknown

COOKIE = "__Host-safespace"
DAY = 86_400_000
LIFETIME = 90 * DAY
"""A login ends this long after it was last used, in milliseconds."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Caller:
    """A device that has shown its login. `login` is the 32-byte digest by which its sockets are closed."""

    account: UUID
    device: UUID
    login: bytes
    via: Literal["cookie", "token"]


def _presented(connection: HTTPConnection) -> tuple[str, Literal["cookie", "token"]] | None:
    header = connection.headers.get("authorization")
    if header is not None:
        scheme, _, token = header.partition(" ")
        return (token.strip(), "token") if scheme.lower() == "bearer" else None
    cookie = connection.cookies.get(COOKIE)
    return (cookie, "cookie") if cookie else None


def _digest(token: str) -> bytes | None:
    try:
        secret = b64decode(token)
    except ValueError:
        return None
    return hashlib.sha256(secret).digest() if len(secret) == 32 else None


async def authenticate(connection: HTTPConnection, database: Database, now: int) -> Caller:
    """The caller of a request or a WebSocket upgrade. Raises SafeSpaceError `unauthenticated`.

    Checks no origin: see `check_page` and `check_origin`. A login in use slides on, at most once a day.
    """
    presented = _presented(connection)
    digest = _digest(presented[0]) if presented else None
    if presented is None or digest is None:
        raise SafeSpaceError("unauthenticated")
    async with database.read() as reading:
        found = await accounts.find_login(reading, digest, now)
    if found is None:
        raise SafeSpaceError("unauthenticated")
    if found.expires < now + LIFETIME - DAY:
        # A database that cannot be written now can still be read.
        with contextlib.suppress(DBAPIError, OSError, FateUnknown):
            async with database.write() as writing:
                await accounts.slide_login(writing, digest, found.device, now, now + LIFETIME)
    return Caller(found.account, found.device, digest, presented[1])


def check_origin(connection: HTTPConnection, settings: Settings) -> None:
    """Refuse a foreign page: an `Origin`, where there is one, must be allowed. Raises SafeSpaceError `origin_refused`.

    Besides the configured origins a loopback page of this very port passes. Browsers always send `Origin` on a
    WebSocket upgrade and on unsafe requests; a cookie on an upgrade without one is refused.
    """
    origin = connection.headers.get("origin")
    if origin is None:
        if connection.scope["type"] == "websocket" and COOKIE in connection.cookies:
            raise SafeSpaceError("origin_refused")
        return
    if origin in settings.allowed_origins or (origin == _own_origin(connection, settings)):
        return
    raise SafeSpaceError("origin_refused")


def _own_origin(connection: HTTPConnection, settings: Settings) -> str | None:
    host = connection.headers.get("host", "")
    try:
        parts = urlsplit(f"http://{host}")
        if parts.hostname in LOOPBACK and parts.port == settings.port:
            return f"http://{host}"
    except ValueError:
        pass
    return None


def check_page(connection: HTTPConnection, settings: Settings) -> None:
    """What a request that uses a cookie must show besides: an allowed `Origin` and `X-SafeSpace: 1`.

    A foreign page can send neither without a preflight, which is never granted. Raises SafeSpaceError `origin_refused`.
    """
    check_origin(connection, settings)
    if "origin" not in connection.headers or connection.headers.get("x-safespace") != "1":
        raise SafeSpaceError("origin_refused")


async def _caller(
    connection: HTTPConnection,
    database: DatabasePart,
    settings: SettingsPart,
    now: Now,
    turns: TurnsPart,
    shares: SharesPart,
) -> AsyncIterator[Caller]:
    caller = await authenticate(connection, database, now)
    if connection.scope["method"] not in SAFE_METHODS:
        if caller.via == "cookie":
            check_page(connection, settings)
        else:
            check_origin(connection, settings)
    async with turns.turn(caller.account.bytes):  # until the answer is taken
        await connection.state.work.belongs_to(shares.of(caller.account.bytes))  # until it goes out
        yield caller


CallerPart = Annotated[Caller, Depends(_caller)]
"""The device a request comes from; a route that asks for it needs a login."""


async def open_login(connection: AsyncConnection, account: UUID, device: UUID, now: int) -> str:
    """A new login's token (b64 of 32 bytes), to be given away once."""
    secret = secrets.token_bytes(32)
    digest = hashlib.sha256(secret).digest()
    await accounts.create_login(connection, digest, account, device, now, now + LIFETIME)
    return b64encode(secret)


def set_cookie(response: Response, token: str) -> None:
    """Hand a token to a browser. `__Host-` binds it to this host over TLS or loopback."""
    response.set_cookie(COOKIE, token, max_age=LIFETIME // 1000, secure=True, httponly=True, samesite="strict")


def drop_cookie(response: Response) -> None:
    """Make a browser forget its token."""
    response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="strict")
