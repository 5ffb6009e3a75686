"""What the relay asks of devices in a room: to change the keys where leaves departed, to bring in who is missing."""

from uuid import UUID

from safespace import wire
from safespace.clock import Clock
from safespace.fields import PASSING, b64encode
from safespace.relay.asking import Question
from safespace.rooms.roles import STAFF
from safespace.storage import acts, further, key_packages, passing, rooms
from safespace.storage.database import Database


def rekey(database: Database) -> Question:
    """To commit the removal of the departed leaves that are still in the tree."""

    async def question(room: UUID) -> wire.Rekey | None:
        async with database.read() as db:
            departed = {leaf.identity for leaf in await rooms.leaves(db, room, "departed")}
            departed |= await acts.accepted(db, room)
        leaves = sorted(b64encode(leaf) for leaf in departed)
        return wire.Rekey(room=room, leaves=leaves) if leaves else None

    return question


def bring(database: Database, clock: Clock) -> Question:
    """To bring into a staff room the moderators who are not in it, as far as their devices have KeyPackages to give;
    into a passing room who asks to come."""

    async def question(room: UUID) -> wire.BringIn | None:
        async with database.read() as db:
            head = await rooms.head(db, room)
            if head is None or head.purpose not in ("staff", *PASSING):
                return None
            if head.purpose == "staff":
                oldest = clock() - key_packages.KEPT
                missing = await further.missing(db, head.group, room, sorted(STAFF), oldest)
            else:
                missing = list(await passing.asking(db, room))
        return wire.BringIn(room=room, members=[b64encode(one) for one in missing]) if missing else None

    return question
