"""One account does its worst over 32 sockets and 32 requests, and reads nothing: memory stays bounded."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from uuid6 import uuid7

from gathering import Gathering, Person, junk
from greedy import (
    EMOJI,
    EMOJIS,
    PING,
    Line,
    connected,
    database,
    fill_log,
    fill_reports,
    fill_requests,
    get,
    header,
    let_go,
    masked,
    opened,
    post,
    pour,
)
from safespace.framing import Opcode
from serving import ServerProcess, resident

SPACE = 64 * 1024 * 1024
"""Bytes that one account may take, whatever it does."""
MANY = 32
PINGS = masked(Opcode.TEXT, b'{"t":"ping"}') * 1000
SECONDS = 0.8
"""For which it does its worst."""


class Stage(NamedTuple):
    """A server, and a group of Ada's, who is greedy; all that she may ask for is there in plenty."""

    g: Gathering
    mo: Person
    port: int
    pid: int
    memory: int
    """Bytes that the server had in memory before she did anything."""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    server = ServerProcess(tmp_path_factory.mktemp("greed") / "data")
    server.start()
    yield asyncio.run(prepare(server.url, server.port, server.database_file, server.pid))
    server.stop()


async def prepare(url: str, port: int, file: Path, pid: int) -> Stage:
    """Fill a server's database with all that one account may have."""
    g = await Gathering.begin(url)
    mo = await g.admit("mo", "facilitator")
    for by, to in ((mo, g.ada), (g.ada, mo)):
        report = {"id": str(uuid7()), "sealed": junk(264_000), "boxes": [{"member": to.member, "box": junk(80)}]}
        await by.ask("POST", f"/groups/{g.group}/reports", report)
    with database(file) as db:
        fill_log(db, g.room, 400, 160 * 1024)
        fill_requests(db, g.ada.account, 60, welcome=256 * 1024, tree=512 * 1024)
        fill_reports(db, g.group, 30, 15, 8 * 1024)
    return Stage(g, mo, port, pid, resident(pid))


async def on_sockets(stage: Stage, data: bytes, times: int, *, enter: bool = False) -> list[Line]:
    lines = [await opened(stage.port, stage.g.ada.token) for _ in range(MANY)]
    if enter:
        frame = json.dumps({"t": "enter", "room": stage.g.room, "after": 0}).encode()
        await pour(lines, masked(Opcode.TEXT, frame), 1, SECONDS)
    await pour(lines, data, times, SECONDS)
    return lines


async def unread(stage: Stage, *paths: str) -> list[Line]:
    """Requests on 32 connections, several on each, and no answer is read."""
    asked = b"".join([get(path, stage.g.ada.token) for path in paths]) * 4
    return [await connected(stage.port, asked) for _ in range(MANY)]


async def messages(stage: Stage) -> list[Line]:
    said = masked(Opcode.TEXT, json.dumps(stage.g.ada.message(stage.g.room, "x" * 45_000)).encode())
    return await on_sockets(stage, said, 100, enter=True)


async def bodies(stage: Stage) -> list[Line]:
    body = json.dumps({"id": "x" * 600_000}).encode()
    asked = post(f"/groups/{stage.g.group}/reports", stage.g.ada.token, body)
    lines = [await connected(stage.port, b"") for _ in range(MANY)]
    await pour(lines, asked, 4, SECONDS)
    return lines


async def an_upgrade_behind_an_answer(stage: Stage) -> list[Line]:
    """The answer fills the transport before the socket is there; what comes then is more of it."""
    first = get(f"/rooms/{stage.g.room}/envelopes?limit=1", stage.g.ada.token)
    upgrade = get("/socket", stage.g.ada.token)[:-2] + (
        b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n"
        b"Sec-WebSocket-Version: 13\r\n\r\n"
    )
    lines = [await connected(stage.port, first + upgrade) for _ in range(MANY)]
    await pour(lines, PING * 1000, 200, SECONDS)
    return lines


WORST: dict[str, Callable[[Stage], Awaitable[Sequence[Line]]]] = {
    "texts of a MiB with emoji": lambda stage: on_sockets(stage, EMOJIS, 64, enter=True),
    "texts of half a MiB of emoji, one byte short": lambda stage: on_sockets(
        stage, header(Opcode.TEXT, 1 << 19) + (EMOJI * (1 << 17))[:-1], 1
    ),
    "pages of the log": lambda stage: unread(stage, f"/rooms/{stage.g.room}/envelopes?limit=200"),
    "requests, Welcomes and reports": lambda stage: unread(
        stage, "/requests?limit=100", "/welcomes", f"/groups/{stage.g.group}/reports?limit=20"
    ),
    "own reports with answers": lambda stage: unread(stage, f"/groups/{stage.g.group}/reports/own?limit=100"),
    "fragments of two bytes": lambda stage: on_sockets(
        stage, masked(Opcode.CONTINUATION, b"  ", final=False) * 10_000, 26
    ),
    "a text in fragments of two bytes": lambda stage: on_sockets(
        stage, masked(Opcode.TEXT, b"  ", final=False) + masked(Opcode.CONTINUATION, b"  ", final=False) * 250_000, 1
    ),
    "pings": lambda stage: on_sockets(stage, PING * 1000, 200),
    "frames of one byte": lambda stage: on_sockets(stage, masked(Opcode.TEXT, b"1") * 10_000, 200),
    "a full room, entered": lambda stage: on_sockets(stage, PINGS, 50, enter=True),
    "messages of 60 KiB": messages,
    "bodies of a MB": bodies,
    "an upgrade behind an answer": an_upgrade_behind_an_answer,
}


@pytest.mark.alone
@pytest.mark.parametrize("what", WORST)
async def test_one_account_takes_little_memory_whatever_it_does(
    stage: Stage, what: str, record_property: Callable[[str, object], None]
) -> None:
    most = resident(stage.pid)
    doing = asyncio.ensure_future(WORST[what](stage))
    done = False
    for _ in range(60):
        done = doing.done()
        await asyncio.sleep(0.1)
        most = max(most, resident(stage.pid))
        if done:
            break
    lines = await doing
    for _ in range(5):
        await asyncio.sleep(0.1)
        most = max(most, resident(stage.pid))
    await stage.mo.ask("GET", "/me")
    let_go(lines)
    record_property("memory_mib", round((most - stage.memory) / 2**20, 1))
    assert most - stage.memory < SPACE


@pytest.mark.alone
@pytest.mark.parametrize("what", ["bodies of a MB", "a text in fragments of two bytes"])
async def test_what_one_account_brought_is_let_go_of_with_it(stage: Stage, what: str) -> None:
    """Again and again, each time on other lines: nothing of what was refused, or cut off, stays."""
    for _ in range(6):
        lines = await WORST[what](stage)
        await asyncio.sleep(1)
        let_go(lines)
        await asyncio.sleep(0.5)
    await stage.mo.ask("GET", "/me")
    assert resident(stage.pid) - stage.memory < SPACE


async def test_others_are_heard_after_all_of_it(stage: Stage) -> None:
    async with stage.mo.line() as line:
        assert await line.refusal({"t": "shout"}) == "unknown_frame"
