"""Coming into a passing room: `/v1/groups/{id}/rooms/{room}/ask`."""

from fastapi import APIRouter
from pydantic import BaseModel

from safespace.api.auth import CallerPart
from safespace.api.key_packages import NewPackage, check_still, checked_package, main_key
from safespace.api.limits import Cost
from safespace.api.parts import DatabasePart, LimitsPart, Now, RelayPart
from safespace.errors import SafeSpaceError
from safespace.fields import Id
from safespace.relay.further import check_place
from safespace.relay.joining import current_member
from safespace.storage import groups, identities, invites, key_packages, rooms

router = APIRouter(tags=["further rooms"])


class Asked(BaseModel):
    """Whether somebody has made the room, who is now asked to bring the caller; else the caller may make it."""

    made: bool


@router.post("/groups/{group}/rooms/{room}/ask")
async def ask(
    group: Id,
    room: Id,
    body: NewPackage,
    caller: CallerPart,
    database: DatabasePart,
    limits: LimitsPart,
    relay: RelayPart,
    now: Now,
) -> Asked:
    """Ask those who are in a passing room to bring this device. The KeyPackage is for this room alone.

    Asking anew takes the place of asking before.
    """
    async with limits.spend([Cost("asks", "account", caller.account.bytes)], on="either"):
        async with database.read() as db:
            member = await current_member(db, group, caller.account)
            await check_place(db, group, room, member, now)
            key = await main_key(db, group, caller.device)
        package = await checked_package(member, caller.device, key, body, False, now, room=room)
        async with database.write() as db:
            await groups.lock(db, group)
            await check_still(db, group, member)
            await check_place(db, group, room, member, now)
            if await key_packages.ref_known(db, [package.ref]) or await invites.ref_known(db, package.ref):
                raise SafeSpaceError("key_package_used")
            if await identities.known(db, [package.identity]):
                raise SafeSpaceError("duplicate_identity")
            await key_packages.forget_asked(db, caller.device, room)
            made = await rooms.room_exists(db, room)
            if made:
                await key_packages.add(db, [package])
    if made:
        await relay.look_for_asking(room)
    return Asked(made=made)
