"""Handover notes on both databases: for whom they are sealed to, until they have expired."""

from uuid import UUID

from desk import LEAF, NOW, Desk
from safespace.relay.forgetting import forget
from safespace.storage import handovers
from safespace.storage.handovers import Handover

FERN, SOL = LEAF, b"s" * 16
HOUR = 3_600_000


async def shown(desk: Desk, group: UUID, who: bytes, time: int) -> list[int]:
    async with desk.database.read() as db:
        return [one.handover.id.int for one in await handovers.readable(db, group, who, time)]


async def test_notes_are_for_whom_they_are_sealed_to_and_end_in_time(desk: Desk) -> None:
    room = await desk.room(FERN, SOL)
    async with desk.database.write() as db:
        for number, hours, readers in ((1, 1, (FERN, SOL)), (2, 2, (FERN,)), (3, 3, (SOL,))):
            note = Handover(UUID(int=number), room, FERN, b"sealed", NOW, NOW + hours * HOUR)
            await handovers.create(db, note, dict.fromkeys(readers, b"box"))
        assert await handovers.count(db, room, NOW) == 3
    assert await shown(desk, room, FERN, NOW) == [2, 1]
    assert await shown(desk, room, SOL, NOW) == [3, 1]
    assert await shown(desk, room, SOL, NOW + HOUR) == [3], "before anything was deleted"
    await forget(desk.database, NOW + HOUR)
    assert await shown(desk, room, FERN, NOW) == [2]
    async with desk.database.write() as db:
        await handovers.remove(db, UUID(int=2))
        assert await handovers.find(db, UUID(int=2)) is None
    await forget(desk.database, NOW + 3 * HOUR)
    assert await shown(desk, room, SOL, 0) == []
