"""Four processes on PostgreSQL and Redis while eight devices chat: whatever stops, no message is lost or told twice."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from campaign import rounds
from evening import until
from faults.crowd import spread
from gathering import Gathering
from processes.talkers import Own, Talker, check_logs, converged, crowd

PAUSE = 0.15
"""Seconds between two messages of a device: eight of them send about 50 a second."""

Figures = Callable[[str, object], None]


async def chat(talker: Talker) -> None:
    while True:
        await talker.say()
        await asyncio.sleep(random.uniform(0, 2 * PAUSE))


async def campaign(
    own: Own, times: int, fault: Callable[[], Awaitable[None]], figures: Figures, *, anywhere: bool = False
) -> None:
    """Have a fault so many times under load, and see that everyone has everything each time."""
    urls = own.processes.urls
    gathering = await Gathering.begin(urls[0])
    ben = await gathering.admit("ben")
    seconds = []
    async with crowd(gathering, urls, [gathering.ada, ben], anywhere=anywhere) as talkers:
        chatting = [asyncio.create_task(chat(talker)) for talker in talkers]
        began = time.monotonic()
        for _ in range(times):
            await asyncio.sleep(random.uniform(0.3, 1.5))
            await fault()
            healed = time.monotonic()
            asked = {client_id for talker in talkers for client_id in talker.outbox}
            await until(lambda asked=asked: not any(asked & set(talker.outbox) for talker in talkers))  # type: ignore[misc]
            seconds.append(time.monotonic() - healed)
        for task in chatting:
            task.cancel()
        await asyncio.gather(*chatting, return_exceptions=True)
        lasted = time.monotonic() - began
        await converged(talkers)
        check_logs(own.postgres)
        told = len(talkers[0].lines)
    figures("times", times)
    figures("messages_a_second", round(told / lasted, 1))
    figures("acknowledged", told)
    for name in ("acknowledged_and_lost", "shown_twice", "holes"):
        figures(name, 0)  # else `converged` had failed
    figures("everyone_has_everything_s", spread(seconds))


@pytest.mark.campaign
@pytest.mark.timeout(5400)
async def test_redis_is_killed_and_started(tmp_path: Path, record_property: Figures) -> None:
    async with Own.running(tmp_path) as own:

        async def fault() -> None:
            await asyncio.to_thread(own.redis.stop)
            await asyncio.sleep(random.choice((0, 1, 3)))
            await asyncio.to_thread(own.redis.start)

        await campaign(own, rounds(2, 20), fault, record_property)


@pytest.mark.campaign
@pytest.mark.timeout(5400)
async def test_postgres_is_stopped_at_once_and_started(tmp_path: Path, record_property: Figures) -> None:
    async with Own.running(tmp_path) as own:

        async def fault() -> None:
            await asyncio.to_thread(own.postgres.stop)
            await asyncio.sleep(random.uniform(0, 1))
            await asyncio.to_thread(own.postgres.start)

        await campaign(own, rounds(2, 20), fault, record_property)


@pytest.mark.campaign
@pytest.mark.timeout(5400)
async def test_a_process_is_killed_and_started(tmp_path: Path, record_property: Figures) -> None:
    async with Own.running(tmp_path) as own:

        async def fault() -> None:
            server = random.choice(own.processes.servers)
            await asyncio.to_thread(server.kill)
            await asyncio.to_thread(server.start)

        await campaign(own, rounds(2, 20), fault, record_property, anywhere=True)
