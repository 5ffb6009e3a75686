"""The server is killed again and again while five people chat: everyone converges, on every message, shown once."""

import asyncio
import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from campaign import rounds
from faults.crowd import Crowd, spread
from serving import ServerProcess

KILLS = rounds(7, 200)
EARLY = 0.2
"""Share of the kills that come while the server starts or people come back."""


@pytest.mark.campaign
@pytest.mark.timeout(5400)
async def test_the_server_is_killed_while_five_people_chat(
    server: ServerProcess, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    rng = random.Random(KILLS)
    from_kill: list[float] = []
    from_start: list[float] = []
    talked = 0.0
    async with Crowd.of(server.url, tmp_path) as crowd:
        crowd.begin()
        began = time.monotonic()
        kills = 0
        while kills < KILLS:
            await asyncio.sleep(rng.uniform(0.1, 0.8))
            killed = time.monotonic()
            talked += killed - began
            await asyncio.to_thread(server.kill)
            kills += 1
            if rng.random() < EARLY and kills < KILLS:
                server.launch()
                await asyncio.sleep(rng.uniform(0, 3))
                await asyncio.to_thread(server.kill)
                kills += 1
            await asyncio.to_thread(server.start)
            began = time.monotonic()
            from_start.append(await crowd.converged(server.database_file))
            from_kill.append(time.monotonic() - killed)
        await crowd.end()
        talked += time.monotonic() - began
        await crowd.check(server.database_file)
    record_property("kills", kills)
    record_property("messages_a_second", round(crowd.asked / talked, 1))
    record_property("acknowledged", len(crowd.acknowledged))
    for name in ("acknowledged_and_lost", "shown_twice", "holes"):
        record_property(name, 0)  # else `check` had failed
    for name, seconds in {"from_kill_s": from_kill, "from_start_s": from_start}.items():
        record_property(f"converged_{name}", spread(seconds))
