"""Rosa's server: passes everything on to the real one, and changes what a test asks for on the way back."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from evening import Evening
from safespace.sdk import Room
from serving import ServerProcess, free_port

Frame = dict[str, Any]


class Rosa:
    """`answer` changes REST answers, `frame` turns each frame of the real server into those a client gets.

    Both are told who it is for: the handle up to its first hyphen.
    """

    def __init__(self, target: str) -> None:
        self.answer: Callable[[str, str, Any], Any] = lambda who, path, answer: answer
        self.frame: Callable[[str, Frame], list[Frame]] = lambda who, frame: [frame]
        self._target = target
        self._http = httpx.AsyncClient(base_url=target, trust_env=False, timeout=30)
        self._names: dict[str, str] = {}
        self._sockets: dict[str, WebSocket] = {}
        self.url = ""

    async def say(self, who: str, frame: Frame) -> None:
        """Send a frame that no real server sent."""
        await self._sockets[who].send_text(json.dumps(frame))

    async def drop(self, who: str) -> None:
        """Break someone's connection; they come back."""
        await self._sockets[who].close(1012)

    async def _rest(self, request: Request) -> Response:
        body = await request.body()
        kept = {name: value for name, value in request.headers.items() if name in ("authorization", "content-type")}
        answer = await self._http.request(
            request.method, request.url.path, params=request.query_params, content=body, headers=kept
        )
        if not answer.content:
            return Response(status_code=answer.status_code)
        content = answer.json()
        if "token" in content:
            self._names[f"Bearer {content['token']}"] = json.loads(body)["handle"].partition("-")[0]
        who = self._names.get(kept.get("authorization", ""), "")
        if answer.is_success:
            content = self.answer(who, request.url.path, content)
        return Response(json.dumps(content), answer.status_code, media_type=answer.headers["content-type"])

    async def _socket(self, websocket: WebSocket) -> None:
        authorization = websocket.headers["authorization"]
        who = self._names[authorization]
        await websocket.accept()
        self._sockets[who] = websocket
        address = self._target.replace("http", "ws", 1) + "/v1/socket"
        async with connect(
            address, additional_headers={"Authorization": authorization}, compression=None, proxy=None, max_size=None
        ) as upstream:
            up = asyncio.create_task(_pump_up(websocket, upstream))
            try:
                async for text in upstream:
                    for frame in self.frame(who, json.loads(text)):
                        await websocket.send_text(json.dumps(frame))
            except (ConnectionClosed, WebSocketDisconnect, RuntimeError):
                pass
            finally:
                up.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await up
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):
            await websocket.close(upstream.close_code or 1012)


async def _pump_up(websocket: WebSocket, upstream: ClientConnection) -> None:
    with contextlib.suppress(WebSocketDisconnect, ConnectionClosed):
        while True:
            await upstream.send(await websocket.receive_text())
    await upstream.close()


@asynccontextmanager
async def rosa(target: str) -> AsyncIterator[Rosa]:
    """Rosa's server in front of the real one at `target`, on a port of its own."""
    server = Rosa(target)
    port = free_port()
    app = Starlette(
        routes=[
            WebSocketRoute("/v1/socket", server._socket),
            Route("/{path:path}", server._rest, methods=["GET", "POST", "DELETE"]),
        ]
    )
    config = uvicorn.Config(
        app,
        "127.0.0.1",
        port,
        log_level="error",
        ws="websockets-sansio",
        lifespan="off",
        timeout_graceful_shutdown=2,
    )
    serving = uvicorn.Server(config)
    running = asyncio.create_task(serving.serve())
    while not serving.started:  # noqa: ASYNC110 - uvicorn offers nothing to wait for
        await asyncio.sleep(0.02)
    server.url = f"http://127.0.0.1:{port}"
    try:
        yield server
    finally:
        serving.should_exit = True
        await running
        await server._http.aclose()


@asynccontextmanager
async def hostile_evening(server: ServerProcess, folder: Path, *names: str) -> AsyncIterator[tuple[Rosa, Evening]]:
    """An evening over Rosa's server, which behaves until told otherwise."""
    async with rosa(server.url) as hostess, Evening.of(hostess.url, folder, *names) as evening:
        yield hostess, evening


def codes(room: Room) -> list[str]:
    """What a room warned of, in order."""
    return [warning.code for warning in room.warnings()]


def without(kept: Callable[[Frame], bool]) -> Callable[[Frame], list[Frame]]:
    """Leave out the envelopes that are not kept, and close the gap in `seq` (and in `caught_up`)."""
    dropped = 0

    def change(frame: Frame) -> list[Frame]:
        nonlocal dropped
        if frame["t"] == "envelope":
            if not kept(frame):
                dropped += 1
                return []
            return [frame | {"seq": frame["seq"] - dropped}]
        if frame["t"] == "caught_up":
            return [frame | {"head": frame["head"] - dropped}]
        return [frame]

    return change
