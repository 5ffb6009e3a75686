"""The disk is full or broken for a while: nothing is acknowledged that is not stored, all that is there can be read,
and everything goes on by itself once the disk does."""

import asyncio
import contextlib
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from websockets.exceptions import ConnectionClosed, InvalidMessage

from campaign import rounds
from evening import until
from faults.crowd import Crowd, look_at_a_copy, spread
from faults.machine import Machine
from gathering import Gathering, Line, Person
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
@pytest.mark.timeout(5400)
async def test_the_disk_fails_while_five_people_chat(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    rng = random.Random(ROUNDS)
    machine = Machine(tmp_path / "data")
    machine.start()
    recovered: list[float] = []
    cuts = 0
    others = await Gathering.begin(machine.url)
    acknowledged: dict[str, int] = {}
    refused: Counter[str] = Counter()
    babbling = asyncio.create_task(babble(others.ada, others.room, acknowledged, refused))
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
            said = len(acknowledged)
            await until(lambda: len(acknowledged) > said)  # noqa: B023 - called before the next turn
            recovered.append(time.monotonic() - mended)
            await changing
        babbling.cancel()
        await asyncio.gather(babbling, return_exceptions=True)
        await crowd.converged(machine.database_file)
        await crowd.end()
        await crowd.check(machine.database_file)
    machine.stop()
    kept = stored(machine, others.room)
    assert {client_id: kept.get(client_id) for client_id in acknowledged} == acknowledged
    assert {"storage_full", "unavailable"} <= set(refused)
    record_property("faults", ROUNDS)
    record_property("power_cuts_during_them", cuts)
    record_property("acknowledged", len(crowd.acknowledged) + len(acknowledged))
    record_property("refused", dict(refused + Counter(crowd.refused.values())))
    for name in ("acknowledged_and_lost", "shown_twice", "holes"):
        record_property(name, 0)  # else `check` had failed
    record_property("first_message_after_it_s", spread(recovered))


async def babble(person: Person, room: str, acknowledged: dict[str, int], refused: Counter[str]) -> None:
    """Say something 25 times a second, whatever becomes of it, and come back whenever the line breaks."""

    async def hear(line: Line) -> None:
        while True:
            frame = await line.get()
            if frame["t"] == "refused":
                refused[frame["code"]] += 1
            elif frame["t"] == "envelope":
                acknowledged[frame["client_id"]] = frame["seq"]

    while True:
        with contextlib.suppress(OSError, EOFError, ConnectionClosed, InvalidMessage, ExceptionGroup):
            async with person.entered(room, max(acknowledged.values(), default=0)) as line, asyncio.TaskGroup() as both:
                both.create_task(hear(line))
                while True:
                    await line.say(person.message(room))
                    await asyncio.sleep(1 / 25)
        await asyncio.sleep(0.1)


def stored(machine: Machine, room: str) -> dict[str, int]:
    """The seqs of a room by client_id."""
    with contextlib.closing(sqlite3.connect(machine.database_file)) as database:
        rows = database.execute("SELECT client_id, seq FROM envelopes WHERE room = ?", (UUID(room).hex,))
        return {str(UUID(client_id)): seq for client_id, seq in rows}


async def change_keys(room: Room) -> None:
    """An act, in a transaction of its own. It may be refused, and is not half done."""
    with contextlib.suppress(Refused):
        await room.refresh_keys()


async def read_along(crowd: Crowd) -> None:
    """Someone comes with a new connection and reads the last lines, over the socket and over REST."""
    wren = crowd.reader("Wren")
    known = crowd.last_known
    async with wren.entered(str(crowd.room), known - 20) as line:
        seqs = [frame["seq"] for frame in line.heard if frame["t"] == "envelope"]
    assert seqs[:20] == list(range(known - 19, known + 1))
    page = await wren.ask("GET", f"/rooms/{crowd.room}/envelopes?after={known - 20}&limit=20")
    assert [item["seq"] for item in page["items"]] == seqs[:20]
