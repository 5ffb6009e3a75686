"""Processes end: workers are started again and end together, and what a killed process did is done by another."""

import asyncio
import os
import signal
from pathlib import Path

from backing import Postgres, Redis
from evening import until
from gathering import Gathering
from processes.talkers import Processes, at, converged, crowd, here
from serving import ServerProcess


def children(pid: int) -> set[int]:
    """The processes that a process started and that run."""
    return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except FileNotFoundError:
        return False


async def test_workers_share_a_port_and_are_started_again(tmp_path: Path, postgres: Postgres, redis: Redis) -> None:
    shared = {"SAFESPACE_DATABASE_URL": postgres.new_database(), "SAFESPACE_REDIS_URL": redis.url}
    server = ServerProcess(tmp_path / "data", None, SAFESPACE_WORKERS="2", **shared)
    await asyncio.to_thread(server.start)
    try:
        workers = children(server.pid)
        assert len(workers) == 2
        gathering = await Gathering.begin(server.url)
        ben = await gathering.admit("ben")
        async with crowd(gathering, [server.url] * 6, [gathering.ada, ben]) as talkers:
            for talker in talkers:
                await talker.say()
            os.kill(min(workers), signal.SIGKILL)
            for talker in talkers:
                await talker.say()
            await converged(talkers)
            assert 0 < sum(len(talker.closed) for talker in talkers) < 12, "some were at the other"
            await until(lambda: len(children(server.pid) - {min(workers)}) == 2)
        workers = children(server.pid)
        await asyncio.to_thread(server.stop)
        assert not any(map(runs, workers))
        await asyncio.to_thread(server.start)
        workers = children(server.pid)
        await asyncio.to_thread(server.kill)
        await until(lambda: not any(map(runs, workers)))
    finally:
        await asyncio.to_thread(server.stop)
    assert "Traceback" not in server.log()


async def test_what_a_killed_process_did_is_done_by_another(tmp_path: Path, postgres: Postgres, redis: Redis) -> None:
    processes = Processes(tmp_path, postgres.new_database(), redis, 2)
    await processes.start()
    try:
        await until(lambda: any('"leads": true' in server.log() for server in processes.servers))
        leader, other = sorted(processes.servers, key=lambda server: '"leads": true' not in server.log())
        gathering = await Gathering.begin(other.url, presence=True)
        ben = await gathering.admit("ben")
        async with gathering.ada.entered(gathering.room) as line:
            async with at(ben, leader.url).entered(gathering.room, ben.seen):
                await here(line, gathering.ada, ben)
                await asyncio.to_thread(leader.kill)
            await here(line, gathering.ada)
        await until(lambda: '"leads": true' in other.log())
    finally:
        await processes.stop()
