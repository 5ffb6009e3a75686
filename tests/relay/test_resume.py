"""Enter and resume: every line exactly once, in order, however slow or unlucky the reader."""

import asyncio
import contextlib
import random

import pytest
from websockets.exceptions import ConnectionClosed

from campaign import rounds
from evening import until
from gathering import Frame, Gathering, Line, Person, act, talk
from serving import ServerProcess

LONG = "x" * 45_000


def seqs(frames: list[Frame]) -> list[int]:
    return [frame["seq"] for frame in frames if frame["t"] == "envelope"]


async def test_entering_while_others_talk_misses_and_repeats_nothing(standing_server: ServerProcess) -> None:
    g = await Gathering.begin(standing_server.url)
    ben = await g.admit("ben")
    await talk(g.ada, g.room, 300)
    done = asyncio.create_task(asyncio.wait_for(asyncio.gather(talk(g.ada, g.room, 150), talk(ben, g.room, 150)), 60))
    readers: list[asyncio.Task[list[int]]] = []
    while not done.done() and len(readers) < 12:
        readers.append(asyncio.create_task(_read(ben, g.room, ben.seen)))
        await asyncio.sleep(0.05)
    await done
    head = (await g.ada.ask("GET", f"/rooms/{g.room}"))["head"]
    async with g.ada.entered(g.room, g.ada.seen) as line:
        last = g.ada.message(g.room)
        await line.say(last)
        await line.until("envelope", client_id=last["client_id"])
    assert len(readers) > 1
    for reader in readers:
        assert await reader == list(range(ben.seen + 1, head + 2))


async def _read(person: Person, room: str, after: int) -> list[int]:
    """Enter and read until the one message that comes at the very end, and one is caught up."""
    async with person.line() as line:
        await line.say({"t": "enter", "room": room, "after": after})
        caught_up: Frame = {}
        while True:
            frame = await line.get()
            if frame["t"] == "caught_up":
                caught_up = frame
                assert (seqs(line.heard) or [after])[-1] == frame["head"]
            if caught_up and seqs(line.heard)[-1] - after > 600:
                return seqs(line.heard)


async def test_resuming_after_any_seq_gives_exactly_the_rest(standing_server: ServerProcess) -> None:
    g = await Gathering.begin(standing_server.url)
    await talk(g.ada, g.room, 450)
    head = 451
    for after in (0, 1, 199, 200, 201, 400, 450, 451):
        async with g.ada.entered(g.room, after) as line:
            assert seqs(line.heard) == list(range(after + 1, head + 1))
            caught_up = line.heard[-1]
            assert (caught_up["head"], caught_up["epoch"], caught_up["policy_seq"]) == (head, 0, 1)


async def test_nobody_reads_what_was_before_them(standing_server: ServerProcess) -> None:
    g = await Gathering.begin(standing_server.url)
    await talk(g.ada, g.room, 20)
    ben = await g.admit("ben")
    mine = await ben.ask("GET", f"/groups/{g.group}")
    async with ben.entered(g.room, 0) as line:
        assert seqs(line.heard) == [mine["joined_seq"] + 1]
        assert line.heard[0]["policy"]["action"] == "state"
    page = await ben.ask("GET", f"/rooms/{g.room}/envelopes?after=0")
    assert [item["seq"] for item in page["items"]] == [mine["joined_seq"] + 1]


async def test_a_reader_that_stalls_is_closed_with_4408_and_the_others_are_served(
    standing_server: ServerProcess,
) -> None:
    g = await Gathering.begin(standing_server.url)
    ben, cleo = await g.admit("ben"), await g.admit("cleo")
    async with cleo.entered(g.room, cleo.seen) as slow, ben.entered(g.room, ben.seen) as b:
        slow.socket.transport.pause_reading()
        frames = 400  # 24 MB: more than the queue and every buffer below it hold
        async with asyncio.TaskGroup() as others:
            others.create_task(_hear(b, frames))
            others.create_task(talk(g.ada, g.room, frames, LONG))
        slow.socket.transport.resume_reading()
        heard = seqs(await slow.rest())
        assert slow.close_code == 4408
        assert heard == list(range(cleo.seen + 1, cleo.seen + 1 + len(heard))), "no holes"
        assert len(heard) < frames
    async with cleo.entered(g.room, cleo.seen + len(heard)) as line:
        assert heard + seqs(line.heard) == list(range(cleo.seen + 1, cleo.seen + 1 + frames))


async def _hear(line: Line, count: int) -> None:
    for _ in range(count):
        await line.until("envelope")


async def test_a_long_history_does_not_close_a_slow_reader(standing_server: ServerProcess) -> None:
    g = await Gathering.begin(standing_server.url)
    for _ in range(6):  # together they would be more than may wait for ada herself
        await talk(g.ada, g.room, 50, LONG)
    async with g.ada.line() as line:
        await line.say({"t": "enter", "room": g.room, "after": 0})
        await line.get()
        line.socket.transport.pause_reading()
        await talk(g.ada, g.room, 20)
        line.socket.transport.resume_reading()
        await line.until("caught_up")
        await _hear(line, 321 - len(seqs(line.heard)))
        assert seqs(line.heard) == list(range(1, 322))


@pytest.mark.campaign
async def test_killed_again_and_again_the_log_has_no_holes_and_loses_nothing_acknowledged(
    server: ServerProcess,
) -> None:
    g = await Gathering.begin(server.url)
    ben = await g.admit("ben")
    acknowledged: list[str] = []
    for _ in range(rounds(3, 100)):
        before = len(acknowledged)
        writing = [asyncio.create_task(_until_cut(person, g.room, acknowledged)) for person in (g.ada, ben)]
        await until(lambda before=before: len(acknowledged) > before + 3)  # type: ignore[misc]
        await asyncio.sleep(random.uniform(0, 0.7))
        await asyncio.to_thread(server.kill)
        await asyncio.gather(*writing)
        await asyncio.to_thread(server.start)
    async with g.ada.entered(g.room, 0) as line:
        log = [frame for frame in line.heard if frame["t"] == "envelope"]
    assert seqs(log) == list(range(1, len(log) + 1))
    client_ids = [frame["client_id"] for frame in log if frame["kind"] == "message"]
    assert len(set(client_ids)) == len(client_ids)
    assert set(acknowledged) <= set(client_ids)


async def _until_cut(person: Person, room: str, acknowledged: list[str]) -> None:
    """Talk until the line breaks, and note what was acknowledged."""
    with contextlib.suppress(OSError, EOFError, ConnectionClosed):
        async with person.entered(room, person.seen) as line:
            while True:
                frame = person.message(room)
                await line.say(frame)
                await line.until("envelope", client_id=frame["client_id"])
                acknowledged.append(frame["client_id"])


async def test_a_server_that_stops_tells_its_clients_to_come_back(server: ServerProcess) -> None:
    g = await Gathering.begin(server.url)
    async with g.ada.entered(g.room, 0) as line:
        await asyncio.to_thread(server.restart)
        await line.rest()
        assert line.close_code == 1012
    async with g.ada.entered(g.room, 0) as line:
        assert seqs(line.heard) == [1]


async def test_who_is_here_is_told_where_the_group_asked_for_it(standing_server: ServerProcess) -> None:
    quiet, open_ = await Gathering.begin(standing_server.url), await Gathering.begin(standing_server.url, presence=True)
    ben = await open_.admit("ben")
    both = sorted([open_.ada.member, ben.member])
    async with open_.ada.entered(open_.room, 0) as a:
        async with ben.entered(open_.room, ben.seen):
            assert (await a.until("here", members=both))["room"] == open_.room
        await a.until("here", members=[open_.ada.member])
        async with ben.entered(open_.room, ben.seen) as b:
            await a.until("here", members=both)
            await b.say(act(open_.room, policy=ben.policy(open_.room, "leave", open_.policy_seq)))
            await a.until("here", members=[open_.ada.member])
    async with quiet.ada.entered(quiet.room, 0) as line, quiet.ada.entered(quiet.room, 0):
        await talk(quiet.ada, quiet.room, 3)
        await _hear(line, 3)
        assert "here" not in {frame["t"] for frame in line.heard}
