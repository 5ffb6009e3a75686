"""Accounts, logins and devices: `/v1/accounts`, `/v1/login`, `/v1/logout`, `/v1/me`."""

import hashlib
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from safespace.api.auth import COOKIE, CallerPart, check_origin, check_page, drop_cookie, open_login, set_cookie
from safespace.api.limits import Cost, Limits
from safespace.api.parts import DatabasePart, LimitsPart, Now, RelayPart, SettingsPart
from safespace.api.verifier import make_verifier, verifies
from safespace.crypto.login import is_handle
from safespace.errors import SafeSpaceError
from safespace.fields import Digest, b64decode
from safespace.settings import Settings
from safespace.storage import accounts

router = APIRouter(tags=["accounts"])


class Credentials(BaseModel):
    """A handle, its login key, and how the login is to be handed out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    handle: str = Field(max_length=64)
    login_key: Digest
    kind: Literal["cookie", "token"] = Field(alias="as")


class KnownCredentials(Credentials):
    device: UUID | None = None
    """The device this was before, so that it stays the same one."""


class LoggedIn(BaseModel):
    """A new login. `token` is there when one was asked for."""

    account: UUID
    device: UUID
    token: str | None = None


class Me(BaseModel):
    account: UUID
    handle: str
    device: UUID


class DeviceItem(BaseModel):
    """A device of one's own; `created` and `seen` are milliseconds since 1970."""

    id: UUID
    created: int
    seen: int
    this: bool


class DeviceList(BaseModel):
    items: list[DeviceItem]
    next: UUID | None


def _check_page(request: Request, settings: Settings, kind: Literal["cookie", "token"]) -> None:
    if kind == "cookie":
        check_page(request, settings)
    else:
        check_origin(request, settings)


def _hand_out(response: Response, body: Credentials, account: UUID, device: UUID, token: str) -> LoggedIn:
    if body.kind == "token":
        return LoggedIn(account=account, device=device, token=token)
    set_cookie(response, token)
    return LoggedIn(account=account, device=device)


@router.post("/accounts", status_code=201, response_model_exclude_none=True)
async def register(
    body: Credentials,
    request: Request,
    response: Response,
    database: DatabasePart,
    settings: SettingsPart,
    limits: LimitsPart,
    now: Now,
) -> LoggedIn:
    """Make an account and log its first device in."""
    _check_page(request, settings, body.kind)
    if not is_handle(body.handle):
        raise SafeSpaceError("handle_invalid")
    async with limits.spend([Cost("registrations", "address", limits.address(request))], on="either"):
        verifier = await make_verifier(b64decode(body.login_key))
        async with database.write() as connection:
            account = await accounts.create_account(connection, body.handle, verifier, now)
            device = await accounts.create_device(connection, account, now)
            token = await open_login(connection, account, device, now)
    return _hand_out(response, body, account, device, token)


@router.post("/login", response_model_exclude_none=True)
async def login(
    body: KnownCredentials,
    request: Request,
    response: Response,
    database: DatabasePart,
    settings: SettingsPart,
    limits: LimitsPart,
    now: Now,
) -> LoggedIn:
    """Log a device in. A handle nobody has and a wrong login key get the same answer after the same work."""
    _check_page(request, settings, body.kind)
    async with database.read() as connection:
        # One question, whoever is asked for.
        found = await accounts.find_account(connection, body.handle, body.device) if is_handle(body.handle) else None
    known = body.device if found is not None and found.has_device else None
    async with limits.spend(_tries(limits, request, body.handle, known), on="refusal"):
        if not await verifies(found.verifier if found else None, b64decode(body.login_key)) or found is None:
            raise SafeSpaceError("wrong_login")
    async with (
        limits.spend([Cost("sessions", "account", found.id.bytes)], on="success"),
        database.write() as connection,
    ):
        await accounts.lock(connection, found.id)
        # It may have been revoked meanwhile.
        same = known is not None and await accounts.has_device(connection, found.id, known)
        device = known if known and same else await accounts.create_device(connection, found.id, now)
        token = await open_login(connection, found.id, device, now)
    return _hand_out(response, body, found.id, device, token)


def _tries(limits: Limits, request: Request, handle: str, known: UUID | None) -> list[Cost]:
    """What a try costs if it is wrong. A device that was here before has a bucket of its own: however many strangers
    guess, and from wherever, it can log in."""
    if known is not None:
        return [Cost("logins", "device", known.bytes)]
    # Who is throttled by address takes nothing from the handle.
    name = hashlib.sha256(handle.encode("utf-8", "surrogatepass")).digest()
    return [Cost("logins", "address", limits.address(request)), Cost("logins", "handle", name)]


@router.post("/logout", status_code=204)
async def logout(caller: CallerPart, response: Response, database: DatabasePart, relay: RelayPart) -> None:
    """End this login; its open sockets close with 4401."""
    async with database.write() as connection:
        await accounts.delete_login(connection, caller.login)
    relay.news.end_logins(caller.account, [caller.login])
    if caller.via == "cookie":
        drop_cookie(response)


@router.get("/me")
async def me(caller: CallerPart, request: Request, response: Response, database: DatabasePart) -> Me:
    """Who one is here. A browser's cookie is given its full lifetime again."""
    async with database.read() as connection:
        handle = await accounts.handle_of(connection, caller.account)
    if caller.via == "cookie":
        set_cookie(response, request.cookies[COOKIE])
    return Me(account=caller.account, handle=handle, device=caller.device)


@router.get("/me/devices")
async def devices(
    caller: CallerPart,
    database: DatabasePart,
    cursor: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> DeviceList:
    """The devices of one's account, oldest first."""
    async with database.read() as connection:
        found = await accounts.list_devices(connection, caller.account, cursor, limit + 1)
    items = [DeviceItem(id=d.id, created=d.created, seen=d.seen, this=d.id == caller.device) for d in found[:limit]]
    return DeviceList(items=items, next=items[-1].id if len(found) > limit else None)


@router.delete("/me/devices/{device}", status_code=204)
async def revoke(device: UUID, caller: CallerPart, database: DatabasePart, relay: RelayPart) -> None:
    """Revoke a device of one's own: its logins end and its open sockets close with 4401."""
    async with database.write() as connection:
        await accounts.lock(connection, caller.account)
        digests = await accounts.revoke_device(connection, caller.account, device)
    relay.news.end_logins(caller.account, digests)
