"""KeyPackages: a pool for each (device, group) at `/v1/groups/{id}/key-packages`."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from safespace import wire
from safespace.api.auth import CallerPart
from safespace.api.parts import DatabasePart, Now
from safespace.api.requests import MAX_PACKAGE
from safespace.crypto.mls import check_key_package
from safespace.errors import SafeSpaceError
from safespace.relay.joining import DAY, current_member
from safespace.storage import groups, invites, key_packages, rooms

KEPT = 90 * DAY
"""Milliseconds after which a package is not handed out any more."""
MAX_POOL = 100
MAX_TAKEN = 100
"""Packages of one group that an account may take within KEPT."""

router = APIRouter(prefix="/groups/{group}/key-packages", tags=["key packages"])
Package = Annotated[wire.B64, Field(min_length=1, max_length=MAX_PACKAGE * 4 // 3 + 4)]


class NewPackages(wire.Frame):
    """KeyPackages as MLSMessages; the last-resort one is handed out when no other is left, once for each room."""

    packages: Annotated[list[Package], Field(max_length=MAX_POOL)]
    last_resort: Package | None = None


class Pool(BaseModel):
    """How many single-use packages of this device are left."""

    available: int


class Wanted(wire.Frame):
    member: wire.Identity
    room: wire.Id


class Taken(BaseModel):
    package: str


@router.post("")
async def publish(group: wire.Id, body: NewPackages, caller: CallerPart, database: DatabasePart, now: Now) -> Pool:
    """Add to this device's pool, all or none."""
    given = [(wire.b64decode(package), False) for package in body.packages]
    if body.last_resort is not None:
        given.append((wire.b64decode(body.last_resort), True))
    added = []
    for package, last_resort in given:
        checked = check_key_package(package, now // 1000)
        added.append(
            key_packages.KeyPackage(checked.ref, group, caller.device, package, checked.identity, last_resort, now)
        )
    refs = [package.ref for package in added]
    if len(set(refs)) != len(refs):
        raise SafeSpaceError("key_package_used")
    async with database.write() as db:
        await groups.lock(db, group)
        await current_member(db, group, caller.account)
        if await key_packages.ref_known(db, refs) or any([await invites.ref_known(db, ref) for ref in refs]):
            raise SafeSpaceError("key_package_used")
        available = await key_packages.available(db, group, caller.device, now - KEPT)
        if available + len(body.packages) > MAX_POOL:
            raise SafeSpaceError("quota_reached")
        await key_packages.add(db, added)
    return Pool(available=available + len(body.packages))


@router.get("")
async def pool(group: wire.Id, caller: CallerPart, database: DatabasePart, now: Now) -> Pool:
    """How full this device's pool is."""
    async with database.read() as db:
        await current_member(db, group, caller.account)
        return Pool(available=await key_packages.available(db, group, caller.device, now - KEPT))


@router.delete("", status_code=204)
async def withdraw(group: wire.Id, caller: CallerPart, database: DatabasePart) -> None:
    """Withdraw every package of this device that nobody took."""
    async with database.write() as db:
        await groups.lock(db, group)
        await current_member(db, group, caller.account)
        await key_packages.withdraw(db, group, caller.device)


@router.post("/take")
async def take(group: wire.Id, body: Wanted, caller: CallerPart, database: DatabasePart, now: Now) -> Taken:
    """Take one package of a member of the group for one of its rooms. None is ever handed out twice."""
    async with database.write() as db:
        await groups.lock(db, group)
        await current_member(db, group, caller.account)
        if not await rooms.is_of_group(db, body.room, group):
            raise SafeSpaceError("unknown_room")
        owner = await groups.member(db, group, wire.b64decode(body.member))
        if owner is None:
            raise SafeSpaceError("unknown_member")
        if await key_packages.taken_by(db, group, caller.account, now - KEPT) >= MAX_TAKEN:
            raise SafeSpaceError("quota_reached")
        package = await key_packages.take(
            db, group, owner.account, room=body.room, taker=caller.account, oldest=now - KEPT
        )
        if package is None:
            raise SafeSpaceError("key_package_exhausted")
    return Taken(package=wire.b64encode(package))
