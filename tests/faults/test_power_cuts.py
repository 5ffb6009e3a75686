"""The power fails again and again while five people chat: what was acknowledged is on disk, nothing is half there."""

import asyncio
import random
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from campaign import rounds
from faults.crowd import Crowd, head_of, look_at_a_copy
from faults.machine import Loss, Machine
from gathering import Gathering

CUTS = rounds(4, 100)
SLOW = 0.05
"""Seconds that a sync takes at most: the slower, the more cuts fall between a write and its sync."""
EARLY = 0.2
"""Share of the cuts that come while the server starts."""
CONTROLS = rounds(1, 5)
CARELESS = """
import sys
from safespace import cli
from safespace.storage import append_sqlite, database
careful = [line for line in database.SQLITE_PRAGMAS if not line.startswith("synchronous")]
database.SQLITE_PRAGMAS = append_sqlite.SQLITE_PRAGMAS = (*careful, "synchronous=" + sys.argv.pop(1))
cli.main()
"""


@pytest.mark.campaign
@pytest.mark.timeout(5400)
async def test_the_power_fails_while_five_people_chat(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    rng = random.Random(CUTS)
    machine = Machine(tmp_path / "data")
    machine.start()
    losses: list[Loss] = []
    async with Crowd.of(machine.url, tmp_path) as crowd:
        crowd.begin()
        while len(losses) < CUTS:
            machine.faults(slow_sync=rng.uniform(0, SLOW))
            if machine.running():
                await asyncio.sleep(rng.uniform(0.2, 1.5))
            else:
                machine.launch()
                await asyncio.sleep(rng.uniform(0, 2))
            losses.append(await asyncio.to_thread(machine.cut_power, rng))
            look_at_a_copy(machine, crowd.room, crowd.last_known)
            if rng.random() > EARLY:
                await asyncio.to_thread(machine.start)
        if not machine.running():
            await asyncio.to_thread(machine.start)
        await crowd.converged(machine.database_file)
        await crowd.end()
        await crowd.check(machine.database_file)
    machine.stop()
    record_property("cuts", len(losses))
    record_property("blocks_not_synced", sum(loss.blocks for loss in losses))
    record_property("of_them_lost", sum(loss.lost for loss in losses))
    record_property("acknowledged", len(crowd.acknowledged))
    record_property("acknowledged_and_lost", 0)
    record_property("shown_twice", 0)
    record_property("holes", 0)


class Careless(Machine):
    """Does not wait for the disk as it should: the campaign must be able to find that."""

    command = (sys.executable, "-c", CARELESS, "NORMAL", "serve")


class MoreCareless(Machine):
    command = (sys.executable, "-c", CARELESS, "OFF", "serve")


@pytest.mark.campaign
@pytest.mark.parametrize("kind", [Machine, Careless, MoreCareless])
async def test_losses_are_seen_where_the_disk_is_not_waited_for(
    kind: type[Machine], tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    rng = random.Random(CONTROLS)
    acknowledged = lost = 0
    for number in range(CONTROLS):
        machine = kind(tmp_path / f"{number}")
        await asyncio.to_thread(machine.start)
        gathering = await Gathering.begin(machine.url)
        async with gathering.ada.entered(gathering.room) as line:
            for _ in range(50):
                await line.say(frame := gathering.ada.message(gathering.room))
                last = (await line.until("envelope", client_id=frame["client_id"]))["seq"]
        machine.cut_power(rng)
        acknowledged += last
        try:
            lost += last - head_of(machine.database_file, UUID(gathering.room))
        except (sqlite3.DatabaseError, TypeError):  # not even the room is there
            lost += last
    record_property("acknowledged", acknowledged)
    record_property("acknowledged_and_lost", lost)
    assert (lost > 0) == (kind is not Machine)
