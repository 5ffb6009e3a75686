"""Connections that say nothing, requests that never end, sockets beyond the cap, fragments without end: the others
are served."""

import asyncio
import contextlib
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from campaign import rounds
from faults.crowd import spread
from gathering import Gathering, Line, Person
from serving import ServerProcess

SLOW = rounds(300, 3000)
"""Connections of the flood."""
BEGINNINGS = (
    b"",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
    b"POST /v1/login HTTP/1.1\r\nContent-Length: 9\r\n",
)
PATIENCE = 120.0
SPACE = 64 * 1024 * 1024
"""Bytes that a flood may take."""


@pytest.mark.campaign
async def test_connections_that_never_say_what_they_want(
    server: ServerProcess, record_property: Callable[[str, object], None]
) -> None:
    g = await Gathering.begin(server.url)
    ben = await g.admit("ben")
    async with g.ada.entered(g.room, g.ada.seen) as a, ben.entered(g.room, ben.seen) as b:
        before = [await say(ben, g.room, b, a) for _ in range(50)]
        memory = server.memory()
        flood = [await asyncio.open_connection("127.0.0.1", server.port) for _ in range(SLOW)]
        for number, (_, writer) in enumerate(flood):
            writer.write(BEGINNINGS[number % len(BEGINNINGS)])
        ended = asyncio.gather(*[_end(reader) for reader, _ in flood])
        during: list[float] = []
        taken = 0
        async with asyncio.timeout(PATIENCE):
            while not ended.done():
                during.append(await say(ben, g.room, b, a))
                await g.ada.ask("GET", "/me")
                taken = max(taken, server.memory() - memory)
                await asyncio.wait([ended], timeout=0.05)
        for _, writer in flood:
            writer.close()
    assert taken < SPACE
    record_property("connections", SLOW)
    record_property("a_message_before_ms", spread(before))
    record_property("a_message_meanwhile_ms", spread(during))
    record_property("memory_mib", round(taken / 2**20, 1))


async def say(person: Person, room: str, line: Line, other: Line) -> float:
    """Milliseconds until somebody else has a message."""
    began = time.monotonic()
    await line.say(frame := person.message(room))
    for one in {line, other}:
        await one.until("envelope", client_id=frame["client_id"])
    return 1000 * (time.monotonic() - began)


async def _end(reader: asyncio.StreamReader) -> None:
    with contextlib.suppress(ConnectionError):
        await reader.read()


async def test_requests_are_answered_however_many_sockets_there_are(tmp_path: Path) -> None:
    server = ServerProcess(tmp_path / "data", SAFESPACE_CONNECTIONS="20")
    await asyncio.to_thread(server.start)
    ada = await Person.arrive(server.url, "ada")
    async with contextlib.AsyncExitStack() as stack:
        lines = [await stack.enter_async_context(ada.line()) for _ in range(18)]
        with pytest.raises(InvalidStatus) as refused:
            await stack.enter_async_context(ada.line())
        assert refused.value.response.status_code == 503
        assert refused.value.response.headers["Retry-After"] == "10"
        assert b'"unavailable"' in refused.value.response.body
        await ada.ask("GET", "/me")
        assert await lines[0].refusal({"t": "shout"}) == "unknown_frame"
        await lines.pop().socket.close()
        lines.append(await stack.enter_async_context(ada.line()))
    await asyncio.to_thread(server.stop)


class Cramped(ServerProcess):
    """Begins with fewer open files than it may have, as processes on many systems do."""

    command = (
        sys.executable,
        "-c",
        "import resource as r, sys; r.setrlimit(r.RLIMIT_NOFILE, (128, 1024)); from safespace.cli import main; main()",
        "serve",
    )


async def test_more_connections_than_files_at_first(tmp_path: Path) -> None:
    server = Cramped(tmp_path / "data")
    await asyncio.to_thread(server.start)
    async with contextlib.AsyncExitStack() as stack:
        for name in ("ada", "ben", "cleo", "dan", "eve"):
            person = await Person.arrive(server.url, name)
            lines = [await stack.enter_async_context(person.line()) for _ in range(30)]
        assert await lines[-1].refusal({"t": "shout"}) == "unknown_frame"
        await person.ask("GET", "/me")
    await asyncio.to_thread(server.stop)


async def test_fragments_without_end_and_compression(standing_server: ServerProcess) -> None:
    g = await Gathering.begin(standing_server.url)
    ben = await g.admit("ben")
    address = standing_server.url.replace("http", "ws", 1) + "/v1/socket"
    headers = {"Authorization": f"Bearer {ben.token}"}
    async with (
        g.ada.entered(g.room, g.ada.seen) as line,
        connect(address, additional_headers=headers, proxy=None, compression="deflate") as squeezed,
    ):
        assert squeezed.protocol.extensions == [], "nothing is inflated here"
        memory = standing_server.memory()
        for opening in (b"\x01\x81\0\0\0\0{", b"\x01\x80\0\0\0\0"):
            reader, writer = await asyncio.open_connection("127.0.0.1", standing_server.port)
            request = (
                "GET /v1/socket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                f"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"
                f"Authorization: Bearer {ben.token}\r\n\r\n"
            )
            writer.write(request.encode())
            await reader.readuntil(b"\r\n\r\n")
            more = b"\0" + opening[1:]
            writer.write(opening)
            for _ in range(300):
                writer.write(more * 1000)
                await writer.drain()
            await say(g.ada, g.room, line, line)
            assert standing_server.memory() - memory < SPACE
            writer.close()
