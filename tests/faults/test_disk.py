"""The disk is full or broken for a while: nothing is acknowledged that is not stored, all that is there can be read,
and everything goes on by itself once the disk does."""

import asyncio
import contextlib
import random
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from campaign import rounds
from evening import until
from faults.crowd import Crowd, look_at_a_copy, spread
from faults.machine import Machine
from gathering import Person
from safespace.sdk import Room
from safespace.sdk.errors import Refused

ROUNDS = rounds(6, 60)
FAULTS: dict[str, dict[str, Any]] = {
    "files cannot grow": {"full": 1},
    "nothing can be written": {"full": 2},
    "writing fails": {"bad_write": True},
    "syncing fails": {"bad_sync": True},
}
CUT = 0.25
"""Share of the faults that end with a power cut."""


@pytest.mark.campaign
@pytest.mark.timeout(1800)
async def test_the_disk_fails_while_five_people_chat(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    rng = random.Random(ROUNDS)
    machine = Machine(tmp_path / "data")
    machine.start()
    recovered: list[float] = []
    cuts = 0
    async with Crowd.of(machine.url, tmp_path) as crowd:
        crowd.begin()
        for number in range(ROUNDS):
            await asyncio.sleep(rng.uniform(0.2, 0.6))
            machine.faults(**list(FAULTS.values())[number % len(FAULTS)])
            changing = asyncio.create_task(change_keys(crowd.evening.rooms["Moss"]))
            await asyncio.sleep(rng.uniform(0.3, 1.5))
            await read_along(crowd)
            if rng.random() < CUT:
                cuts += 1
                await asyncio.to_thread(machine.cut_power, rng)
                look_at_a_copy(machine, crowd.room, crowd.last_known)
                machine.faults()
                await asyncio.to_thread(machine.start)
            machine.faults()
            mended = time.monotonic()
            said = len(crowd.acknowledged)
            await until(lambda: len(crowd.acknowledged) > said)  # noqa: B023 - called before the next turn
            recovered.append(time.monotonic() - mended)
            await changing
        await crowd.converged(machine.database_file)
        await crowd.end()
        await crowd.check(machine.database_file)
    machine.stop()
    record_property("faults", ROUNDS)
    record_property("power_cuts_during_them", cuts)
    record_property("acknowledged", len(crowd.acknowledged))
    record_property("refused", dict(Counter(crowd.refused.values())))
    for name in ("acknowledged_and_lost", "shown_twice", "holes"):
        record_property(name, 0)  # else `check` had failed
    record_property("first_message_after_it_s", spread(recovered))


async def change_keys(room: Room) -> None:
    """An act, in a transaction of its own. It may be refused, and is not half done."""
    with contextlib.suppress(Refused):
        await room.refresh_keys()


async def read_along(crowd: Crowd) -> None:
    """Someone comes with a new connection and reads the last lines, over the socket and over REST."""
    wren = Person(crowd.evening.url, "wren")
    wren.token = crowd.evening.clients["Wren"]._store.get("login")["token"]
    wren.http.headers["Authorization"] = f"Bearer {wren.token}"
    known = crowd.last_known
    async with wren.entered(str(crowd.room), known - 20) as line:
        seqs = [frame["seq"] for frame in line.heard if frame["t"] == "envelope"]
    assert seqs[:20] == list(range(known - 19, known + 1))
    page = await wren.ask("GET", f"/rooms/{crowd.room}/envelopes?after={known - 20}&limit=20")
    assert [item["seq"] for item in page["items"]] == seqs[:20]
