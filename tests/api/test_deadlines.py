"""Connections that send a request slowly are cut off; those that wait for messages are not."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import uvicorn
from websockets.asyncio.client import connect

from asking import bearer, credentials, key, settings_in
from greedy import connected, get
from in_process import running
from safespace.api import deadlines, guard
from safespace.api.upgrade import Upgrade
from safespace.app import create_app
from serving import free_port

PATIENCE = 30.0


@pytest.fixture
async def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[uvicorn.Server]:
    """A server whose deadline is a moment."""
    monkeypatch.setattr(deadlines, "SECONDS", 0.5)
    monkeypatch.setattr(deadlines, "TAKING", 0.5)
    port = free_port()
    config = uvicorn.Config(
        create_app(settings_in(tmp_path, port=port)),
        port=port,
        http=deadlines.DeadlineProtocol,
        ws=Upgrade,
        log_config=None,
        timeout_graceful_shutdown=5,
    )
    async with running(config) as server:
        yield server


@pytest.fixture
def port(server: uvicorn.Server) -> int:
    return server.config.port


async def rest(reader: asyncio.StreamReader) -> bytes:
    """What comes until the other side closes."""
    async with asyncio.timeout(PATIENCE):
        return await reader.read()


@pytest.mark.parametrize(
    "beginning",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
        b"POST /v1/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n\r\n{",
    ],
    ids=["nothing", "headers", "body"],
)
async def test_slow_requests_are_cut_off_and_others_are_served(port: int, beginning: bytes) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        made = (await client.post("/v1/accounts", json=credentials("ada", key()))).json()
        address = f"ws://127.0.0.1:{port}/v1/socket"
        async with connect(address, additional_headers=bearer(made["token"]), proxy=None) as socket:
            slow = [await asyncio.open_connection("127.0.0.1", port) for _ in range(50)]
            for _, writer in slow:
                writer.write(beginning)
            assert (await client.get("/healthz")).status_code == 200
            ends = await asyncio.gather(*(rest(reader) for reader, _ in slow))
            assert set(ends) == {b""}
            for _, writer in slow:
                writer.close()
            assert (await client.get("/healthz")).status_code == 200
            async with asyncio.timeout(PATIENCE):
                await (await socket.ping())


OPENAPI = b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n"


@pytest.mark.parametrize("times", [1, 3, 100])
async def test_who_takes_no_answer_is_cut_off_and_others_are_served(server: uvicorn.Server, times: int) -> None:
    url = f"http://127.0.0.1:{server.config.port}"
    async with httpx.AsyncClient(base_url=url, trust_env=False) as client:
        asked = (OPENAPI + b"\r\n") * times + OPENAPI + b"Connection: close\r\n\r\n"
        slow = [await connected(server.config.port, asked) for _ in range(10)]
        assert (await client.get("/openapi.json")).status_code == 200
        async with asyncio.timeout(PATIENCE):
            while len(server.server_state.connections) > 1:
                await asyncio.sleep(0.1)
                assert (await client.get("/healthz")).status_code == 200
        for _, writer in slow:
            writer.transport.abort()


async def test_an_answer_in_pieces_is_whole(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadlines, "TAKING", PATIENCE)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        whole = (await client.get("/openapi.json")).content
    assert len(whole) > guard.PIECE
    reader, writer = await connected(port, OPENAPI + b"Connection: close\r\n\r\n")
    came = await rest(reader)
    assert came.partition(b"\r\n\r\n")[2] == whole
    writer.close()


UPGRADE = get("/socket", "nothing")[:-2] + (
    b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n"
    b"Sec-WebSocket-Version: 13\r\n\r\n"
)


async def test_a_socket_behind_answers_that_nobody_took_is_turned_away(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much the peer's system holds: the transport says that something of an answer has not left yet."""
    monkeypatch.setattr(deadlines, "TAKING", PATIENCE)
    held = asyncio.selector_events._SelectorSocketTransport  # type: ignore[attr-defined]
    monkeypatch.setattr(held, "get_write_buffer_size", lambda _: 1)
    reader, writer = await connected(port, OPENAPI + b"\r\n" + UPGRADE)
    came = await rest(reader)
    assert came.count(b"HTTP/1.1 200 OK") == 1
    assert came.rpartition(b"HTTP/1.1 ")[2].startswith(b"503")
    assert b'"code":"unavailable"' in came.replace(b" ", b"")
    writer.close()
    await writer.wait_closed()


async def test_a_socket_behind_answers_that_were_taken_is_opened(port: int) -> None:
    reader, writer = await connected(port, (OPENAPI + b"\r\n") * 3 + UPGRADE)
    came = b""
    async with asyncio.timeout(PATIENCE):
        while b'"code":"unauthenticated"' not in came:
            came += await reader.read(65_536)
    assert came.count(b"HTTP/1.1 200 OK") == 3
    assert came.rpartition(b"HTTP/1.1 ")[2].startswith(b"101")
    writer.close()
    await writer.wait_closed()
