"""KeyPackages: a pool for each (device, group) at `/v1/groups/{id}/key-packages`."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncConnection

from safespace import wire
from safespace.api.auth import CallerPart
from safespace.api.parts import DatabasePart, LimitsPart, Now, RelayPart, Size
from safespace.api.requests import MAX_PACKAGE
from safespace.beside import beside
from safespace.budgets import QUOTAS
from safespace.crypto.endorsements import verify_endorsement
from safespace.crypto.errors import CryptoError
from safespace.crypto.mls import CheckedKeyPackage, Leaf, check_key_package
from safespace.errors import SafeSpaceError
from safespace.fields import B64, PASSING, Id, Identity, b64decode, b64encode
from safespace.relay.commits import signature_key
from safespace.relay.further import member_to_bring
from safespace.relay.joining import current_member
from safespace.rooms.roles import STAFF
from safespace.storage import groups, identities, invites, key_packages, rooms
from safespace.storage.key_packages import KEPT

POOL = QUOTAS["key_packages"]

router = APIRouter(prefix="/groups/{group}/key-packages", tags=["key packages"])


class NewPackage(wire.Frame):
    """A KeyPackage as an MLSMessage, endorsed with the leaf key that the device has in the group's main room."""

    package: Annotated[B64, Field(min_length=1, max_length=MAX_PACKAGE * 4 // 3 + 4)]
    endorsement: Annotated[B64, Field(min_length=86, max_length=86)]


class NewPackages(wire.Frame):
    """The last-resort one is handed out when no other is left, once for each room."""

    packages: Annotated[list[NewPackage], Field(max_length=POOL.most)]
    last_resort: NewPackage | None = None


class Pool(BaseModel):
    """How many single-use packages of this device are left."""

    available: int


class Wanted(wire.Frame):
    member: Identity
    room: Id


class Taken(BaseModel):
    package: str
    endorsement: str


@router.post("")
async def publish(
    group: Id,
    body: NewPackages,
    caller: CallerPart,
    database: DatabasePart,
    relay: RelayPart,
    limits: LimitsPart,
    now: Now,
    size: Size,
) -> Pool:
    """Add to this device's pool, all or none."""
    given = [(one, False) for one in body.packages]
    if body.last_resort is not None:
        given.append((body.last_resort, True))
    if len({one.package for one, _ in given}) != len(given):
        raise SafeSpaceError("key_package_used")
    async with limits.making("key_packages", caller.account, size, group, count=len(given)):
        async with database.read() as db:
            member = await current_member(db, group, caller.account)
            key = await main_key(db, group, caller.device)
            POOL.check(
                await key_packages.available(db, group, caller.device, member.member, now - KEPT), len(body.packages)
            )
        added = [await checked_package(member, caller.device, key, one, last, now) for one, last in given]
        refs = [package.ref for package in added]
        if len(set(refs)) != len(refs):
            raise SafeSpaceError("key_package_used")
        async with database.write() as db:
            await groups.lock(db, group)
            await check_still(db, group, member)
            if await key_packages.ref_known(db, refs) or any([await invites.ref_known(db, ref) for ref in refs]):
                raise SafeSpaceError("key_package_used")
            if await identities.known(db, [package.identity for package in added]):
                raise SafeSpaceError("duplicate_identity")
            available = await key_packages.available(db, group, caller.device, member.member, now - KEPT)
            POOL.check(available, len(body.packages))
            await key_packages.add(db, added)
    if member.role in STAFF:
        await relay.look_for_staff(group)
    return Pool(available=available + len(body.packages))


async def check_still(db: AsyncConnection, group: UUID, before: groups.Member) -> None:
    """What they endorsed is theirs as long as they are that member. Raises SafeSpaceError not_found."""
    if (await current_member(db, group, before.account)).member != before.member:
        raise SafeSpaceError("not_found")


async def main_key(db: AsyncConnection, group: UUID, device: UUID) -> bytes:
    """The Ed25519 key of the device's leaf in main. Raises SafeSpaceError not_found where it has none."""
    leaf = await rooms.main_leaf(db, group, device)
    public = None if leaf is None else await rooms.public(db, leaf.room)
    if leaf is None or public is None:
        raise SafeSpaceError("not_found")
    return await signature_key(public.tree, leaf.identity)


async def checked_package(
    member: groups.Member,
    device: UUID,
    main_key: bytes,
    given: NewPackage,
    last_resort: bool,
    now: int,
    room: UUID | None = None,
) -> key_packages.KeyPackage:
    """One of the pool, or for a passing `room`, away from the event loop. What nobody would believe is not taken in: it
    would be laid at the server's door."""
    package, endorsement = b64decode(given.package), b64decode(given.endorsement)
    checked = await beside(check_key_package, package, now // 1000)
    check_endorsed(endorsement, main_key, member.group, checked)
    return key_packages.KeyPackage(
        ref=checked.ref,
        group=member.group,
        device=device,
        package=package,
        endorsement=endorsement,
        identity=checked.identity,
        member=member.member,
        last_resort=last_resort,
        created=now,
        room=room,
    )


def check_endorsed(endorsement: bytes, main_key: bytes, group: UUID, leaf: Leaf | CheckedKeyPackage) -> None:
    """Raises SafeSpaceError bad_signature unless who has `main_key` in main said that this leaf is theirs."""
    try:
        verify_endorsement(endorsement, main_key, group.bytes, leaf.identity, leaf.signature_key)
    except CryptoError:
        raise SafeSpaceError("bad_signature") from None


@router.get("")
async def pool(group: Id, caller: CallerPart, database: DatabasePart, now: Now) -> Pool:
    """How full this device's pool is."""
    async with database.read() as db:
        member = await current_member(db, group, caller.account)
        return Pool(available=await key_packages.available(db, group, caller.device, member.member, now - KEPT))


@router.delete("", status_code=204)
async def withdraw(group: Id, caller: CallerPart, database: DatabasePart) -> None:
    """Withdraw every package of this device that nobody took."""
    async with database.write() as db:
        await groups.lock(db, group)
        await current_member(db, group, caller.account)
        await key_packages.withdraw(db, group, caller.device)


@router.post("/take")
async def take(group: Id, body: Wanted, caller: CallerPart, database: DatabasePart, now: Now) -> Taken:
    """Take one package of a member who may be brought into a further room that one is in. None is handed out twice.

    Into a passing room, the one that the member asks to come with. One whose identity has become another's since it
    came in is dropped, so that it is in no other's way.
    """
    async with database.write() as db:
        await groups.lock(db, group)
        await current_member(db, group, caller.account)
        head = await rooms.head(db, body.room)
        inside = await rooms.leaf_of(db, body.room, caller.device) is not None
        if head is None or not inside or head.group != group or head.purpose == "main":
            raise SafeSpaceError("unknown_room")
        owner = await member_to_bring(db, head, b64decode(body.member), now)
        QUOTAS["taken_packages"].check(await key_packages.taken_by(db, group, caller.account, now - KEPT))
        while True:
            if head.purpose in PASSING:
                taken = await key_packages.take_asked(db, body.room, owner, caller.account)
            else:
                taken = await key_packages.take(db, owner, room=body.room, taker=caller.account, oldest=now - KEPT)
            # Others see its identity from now on.
            if taken is None or await identities.is_theirs(db, taken.identity, group, owner.account):
                break
            await key_packages.drop(db, taken.ref)
    if taken is None:
        raise SafeSpaceError("key_package_exhausted")
    return Taken(package=b64encode(taken.package), endorsement=b64encode(taken.endorsement))
