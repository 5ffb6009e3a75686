"""Connections that send a request slowly are cut off; those that wait for messages are not."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import uvicorn
from websockets.asyncio.client import connect

from asking import bearer, credentials, key, settings_in
from safespace.api import deadlines
from safespace.api.upgrade import Upgrade
from safespace.app import create_app
from serving import free_port

PATIENCE = 30.0


@pytest.fixture
async def port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    """A server whose deadline is a moment."""
    monkeypatch.setattr(deadlines, "SECONDS", 0.5)
    port = free_port()
    config = uvicorn.Config(
        create_app(settings_in(tmp_path, port=port)),
        port=port,
        http=deadlines.DeadlineProtocol,
        ws=Upgrade,
        log_config=None,
        timeout_graceful_shutdown=5,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  # uvicorn tells it in no other way
        await asyncio.sleep(0.01)
    yield port
    server.should_exit = True
    await serving


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
