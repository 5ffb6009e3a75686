"""The line between a socket and the server: it speaks RFC 6455 as Autobahn's cases demand."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import uvicorn
from kosoku import FailureError, run_fuzzingclient
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from in_process import running
from safespace.api import line
from safespace.api.line import Line
from safespace.api.upgrade import Upgrade, accept
from safespace.framing import Message, Opcode, frame
from safespace.share import Shares
from serving import free_port


class Echo:
    """Says what it hears."""

    line: Line

    def heard(self, message: Message) -> None:
        self.line.write(frame(Opcode(message.opcode), message.data or b""))

    def held(self, size: int) -> None: ...

    def stalled(self) -> None: ...

    def flowing(self) -> None: ...

    def lost(self) -> None: ...


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        listener = Echo()
        listener.line = await accept(WebSocket(scope, receive, send), listener, Shares().of(b"echo"))


@asynccontextmanager
async def serving(ping_interval: float = 20) -> AsyncIterator[int]:
    """An echo on a port of its own."""
    port = free_port()
    config = uvicorn.Config(
        echo,
        port=port,
        ws=Upgrade,
        ws_ping_interval=ping_interval,
        ws_per_message_deflate=False,
        lifespan="off",
        log_config=None,
    )
    async with running(config):
        yield port


async def test_autobahns_cases_pass() -> None:
    """All but those about compression (12 and 13), which is not offered."""
    async with serving() as port:
        try:
            results = await run_fuzzingclient(f"127.0.0.1:{port}", exclude_cases=["12.*", "13.*"])
        except FailureError as failure:
            pytest.fail("; ".join(f"{result.case_id}: {result.description}" for result in failure.results))
    assert len(results) > 200


async def test_a_peer_that_answers_no_ping_is_closed() -> None:
    async with (
        serving(ping_interval=0.2) as port,
        connect(f"ws://127.0.0.1:{port}", proxy=None) as silent,
        connect(f"ws://127.0.0.1:{port}", proxy=None) as other,
    ):
        silent.transport.pause_reading()
        for _ in range(10):
            await asyncio.sleep(0.1)
            await other.send("here")
            assert await other.recv() == "here"
        silent.transport.resume_reading()
        with pytest.raises(ConnectionClosed):
            await silent.recv()
        assert silent.close_code == 1011


async def test_only_a_peer_that_was_silent_is_asked_whether_it_is_there() -> None:
    async with serving(ping_interval=0.3) as port, asyncio.timeout(60):
        reader, writer = await _open_raw(port)
        said = 0
        while said < 100:  # for three intervals, unless this machine was busy elsewhere for one
            writer.write(b"\x81\x85\0\0\0\0hello")
            answer = await reader.readexactly(2)
            said = 0 if answer == b"\x89\x00" else said + 1
            if said:
                assert await reader.readexactly(5) == b"hello"
            else:
                await reader.readexactly(7)
            await asyncio.sleep(0.01)
        assert await reader.readexactly(2) == b"\x89\x00"
        writer.close()


async def test_a_peer_that_breaks_the_protocol_can_read_why_whatever_it_sends_on() -> None:
    async with serving() as port:
        reader, writer = await _open_raw(port)
        for _ in range(200):
            writer.write(b"\x81\x05hello" * 1000)
        async with asyncio.timeout(30):
            assert await reader.read() == b"\x88\x02\x03\xea", "1002, as the frames have no mask"
        writer.close()


async def test_a_peer_that_never_answers_a_close_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "CLOSE_PATIENCE", 0.2)
    async with serving() as port:
        reader, writer = await _open_raw(port)
        writer.write(b"\x89\x80\0\0\0\0")
        assert await reader.readexactly(2) == b"\x8a\x00"
    async with asyncio.timeout(30):
        with contextlib.suppress(ConnectionResetError):
            assert await reader.read() == b"\x88\x02\x03\xf4", "1012, as the server stops"
    writer.close()


async def test_a_peer_that_takes_nothing_is_cut_off_though_it_answers_pings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "TAKING", 0.3)
    async with serving(ping_interval=0.2) as port, connect(f"ws://127.0.0.1:{port}", proxy=None) as other:
        reader, writer = await _open_raw(port)
        said = b"\x82\xfe\xff\xff\0\0\0\0" + bytes(65_535)
        gone = asyncio.create_task(writer.wait_closed())
        async with asyncio.timeout(30):
            with contextlib.suppress(ConnectionError):
                while not gone.done():
                    writer.write(said + b"\x8a\x80\0\0\0\0")
                    await asyncio.wait([gone, asyncio.ensure_future(writer.drain())], timeout=0.05)
                    await other.send("here")
                    assert await other.recv() == "here"
            with contextlib.suppress(ConnectionError):
                await gone
        assert writer.transport.is_closing()
        del reader


async def test_many_frames_of_one_peer_hold_up_nobody() -> None:
    async with serving() as port, connect(f"ws://127.0.0.1:{port}", proxy=None) as other:
        reader, writer = await _open_raw(port)
        writer.write(b"\x89\x80\0\0\0\0" * 20_000 + b"\x81\x83\0\0\0\0end")
        await other.send("here")
        assert await other.recv() == "here"
        async with asyncio.timeout(30):
            assert await reader.readexactly(40_005) == b"\x8a\0" * 20_000 + b"\x81\x03end"
        writer.close()


async def _open_raw(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection whose handshake is done."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 101")
    return reader, writer
