"""The clock of the server stands still. What was to be gone by an hour is gone from devices by then all the same."""

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from evening import Evening, until
from guests import gone, guest_comes
from safespace.sdk import Segment
from safespace.sdk.clocks import own_clock
from scenarios.test_a_capsule import inside
from serving import ServerProcess

MINUTE = 60_000


class Standing(Evening):
    """An evening with a server that says it is the time it was. Devices count on by their own clocks."""

    gone_by = 0

    def own(self) -> int:
        """What a device's own clock says."""
        return own_clock() + self.gone_by

    async def wait(self, minutes: float) -> None:
        """So long goes by here, and at the server nothing."""
        self.gone_by += int(minutes * MINUTE)
        for room in self.rooms.values():
            room.place.clock.heard(time.time_ns() // 1_000_000)
            assert room.passing is not None
            room.passing._time_went_on()  # as its timer does


@pytest.fixture
async def evening(standing_server: ServerProcess, tmp_path: Path) -> AsyncIterator[Standing]:
    """Fern, Wren and Moss."""
    async with Standing.elsewhere(standing_server.url, tmp_path) as evening:
        evening._clock = evening.own
        host = await evening.arrive("Fern")
        evening.group = await host.create_group("Tuesday evening", rules="It stays here.", pseudonym="Fern")
        evening.groups["Fern"], evening.rooms["Fern"] = evening.group, evening.group.main
        for name in ("Wren", "Moss"):
            await evening.seat(name)
        yield evening


async def test_a_capsule_is_gone_from_every_device(evening: Standing) -> None:
    rooms = list(evening.rooms.values())
    await evening.group.open_session(minutes=30, capsule=True)
    await inside(*rooms)
    ids = {room.capsule.id for room in rooms if room.capsule is not None}
    await evening.wait(30.5)
    assert all(room.capsule is not None for room in rooms), "a little is the server's to be wrong by"
    await evening.wait(1)
    for name, room in evening.rooms.items():
        assert room.capsule is None
        assert room.passing is not None
        assert not room.passing.announced
        [id] = ids
        further = evening.clients[name]._further[room.id]
        assert further.get(id) is None
        assert id not in further._memories, "keys and words"
        assert room.now().live.session is None
    assert [room.warnings() for room in rooms] == [[]] * 3


async def test_small_rooms_are_gone_and_the_session_goes_on(evening: Standing) -> None:
    fern = evening.rooms["Fern"]
    await evening.group.open_session(minutes=60)
    [small] = await fern.break_out([[]], minutes=10)
    for name in ("Fern", "Wren"):
        await until(lambda name=name: bool(evening.rooms[name].breakouts))  # type: ignore[misc]
        await evening.rooms[name].breakouts[0].enter()
    await evening.wait(11.5)
    for name in ("Fern", "Wren"):
        assert evening.rooms[name].breakouts == []
        assert evening.clients[name]._further[evening.rooms[name].id].get(small.id) is None
        assert evening.rooms[name].now().live.session is not None


async def test_a_session_that_is_made_longer_keeps_its_capsule(evening: Standing) -> None:
    rooms = list(evening.rooms.values())
    session = await evening.group.open_session(minutes=30, capsule=True)
    await inside(*rooms)
    await evening.wait(25)
    await session.extend(30)
    await until(lambda: len({room.place.policy_seq for room in rooms}) == 1)
    await evening.wait(20)
    assert all(room.capsule is not None for room in rooms)
    await evening.wait(12)
    assert all(room.capsule is None for room in rooms)


async def test_a_guests_time_ends(evening: Standing) -> None:
    session = await evening.group.open_session(minutes=30)
    part = Segment(title="Pacing, with a nurse", minutes=20, kind="guest")
    await session.write_run_sheet([part])
    await guest_comes(evening, evening.group, "Gus", part)
    await evening.wait(31.5)
    await gone(evening, "Gus")
    assert evening.rooms["Fern"].warnings() == []
