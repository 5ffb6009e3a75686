"""The server's clock jumps a day forth and back while five people chat: order is by seq, and nobody is shut out."""

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from campaign import rounds
from evening import until
from faults.crowd import Crowd
from faults.machine import Machine

DAY = 24 * 3600.0
JUMPS = rounds(4, 40)


@pytest.mark.campaign
@pytest.mark.timeout(5400)
async def test_the_clock_jumps_while_five_people_chat(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    machine = Machine(tmp_path / "data")
    await asyncio.to_thread(machine.start)
    async with Crowd.of(machine.url, tmp_path) as crowd:
        crowd.begin()
        for number in range(JUMPS):
            machine.faults(clock=(DAY, -DAY)[number % 2])
            said = len(crowd.acknowledged)
            await until(lambda: len(crowd.acknowledged) > said + 20)  # noqa: B023 - called before the next turn
            if number % 4 == 2:
                await asyncio.to_thread(machine.restart)
        # A disk that is full as well: logins would be made to last longer by now, and cannot be.
        machine.faults(clock=2 * DAY, full=2)
        wren = crowd.reader("Wren")
        await wren.ask("GET", "/me")
        async with wren.entered(str(crowd.room), crowd.last_known):
            pass
        machine.faults()
        await crowd.converged(machine.database_file)
        await crowd.end()
        await crowd.check(machine.database_file)
        with contextlib.closing(sqlite3.connect(machine.database_file)) as database:
            query = "SELECT time FROM envelopes WHERE room = ? ORDER BY seq"
            times = [time for (time,) in database.execute(query, (crowd.room.hex,))]
    await asyncio.to_thread(machine.stop)
    back = sum(later < earlier for earlier, later in pairwise(times))
    assert back >= JUMPS // 2
    record_property("jumps", JUMPS)
    record_property("times_that_go_back", back)
    record_property("acknowledged", len(crowd.acknowledged))
    for name in ("misordered", "shown_twice", "holes"):
        record_property(name, 0)  # else `check` had failed
