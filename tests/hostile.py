"""Rosa's server: passes everything on to the real one, and changes what a test asks for on the way back."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from evening import Evening
from in_process import running
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
        kept = {name: value for name, value in request.headers.items() if name in _PASSED_ON}
        if "origin" in request.headers:
            kept["origin"] = self._target
        answer = await self._http.request(
            request.method, request.url.path, params=request.query_params, content=body, headers=kept
        )
        headers = {name: value for name, value in answer.headers.items() if name not in _NOT_PASSED_BACK}
        if not answer.content or not request.url.path.startswith("/v1/"):
            return Response(answer.content, answer.status_code, headers)
        content = answer.json()
        if answer.is_success and request.url.path in ("/v1/accounts", "/v1/login"):
            login = f"Bearer {content['token']}" if "token" in content else headers["set-cookie"].partition(";")[0]
            self._names[login] = json.loads(body)["handle"].partition("-")[0]
        who = self._names.get(_login(request), "")
        if answer.is_success:
            content = self.answer(who, request.url.path, content)
        return Response(json.dumps(content), answer.status_code, headers)

    async def _socket(self, websocket: WebSocket) -> None:
        who = self._names[_login(websocket)]
        await websocket.accept()
        self._sockets[who] = websocket
        address = self._target.replace("http", "ws", 1) + "/v1/socket"
        headers = {name: websocket.headers[name] for name in ("authorization", "cookie") if name in websocket.headers}
        if "origin" in websocket.headers:
            headers["Origin"] = self._target
        async with connect(
            address, additional_headers=headers, compression=None, proxy=None, max_size=None
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


_PASSED_ON = {"authorization", "content-type", "cookie", "x-safespace", "accept", "sec-fetch-mode"}
_NOT_PASSED_BACK = {"content-length", "content-encoding", "transfer-encoding", "connection", "date", "server"}


def _login(connection: HTTPConnection) -> str:
    """What shows who someone is: the SDK's token, or a browser's cookie."""
    return connection.headers.get("authorization") or connection.headers.get("cookie", "")


async def _pump_up(websocket: WebSocket, upstream: ClientConnection) -> None:
    with contextlib.suppress(WebSocketDisconnect, ConnectionClosed, RuntimeError):
        while True:
            await upstream.send(await websocket.receive_text())
    await upstream.close()


class Splice:
    """Lines of Rosa's own in the log that one person gets, or some left out: the rest is numbered as if it were all.

    `change` turns each genuine frame for them, before it is numbered. `lines` are the genuine ones, as they came.
    """

    def __init__(self, hostess: Rosa, who: str, head: int = 0) -> None:
        self.lines: list[Frame] = []
        self.change: Callable[[Frame], list[Frame]] = lambda frame: [frame]
        self._hostess = hostess
        self._who = who
        self._added = 0
        self._head = head
        hostess.frame = self._pass

    async def add(self, like: Frame, **changes: Any) -> int:
        """Say a line like this one, with the next seq, which is returned."""
        self._added += 1
        self._head += 1
        await self._hostess.say(self._who, like | {"seq": self._head, "client_id": str(uuid4())} | changes)
        return self._head

    def action(self, action: str) -> Frame:
        """The newest genuine decision of this kind."""
        return next(line for line in reversed(self.lines) if line["policy"] and line["policy"]["action"] == action)

    def _pass(self, who: str, frame: Frame) -> list[Frame]:
        if who != self._who:
            return [frame]
        changed = self.change(frame)
        if frame["t"] == "envelope" and not any(one["t"] in ("envelope", "gap") for one in changed):
            self._added -= 1
        return [self._moved(one) for one in changed]

    def _moved(self, frame: Frame) -> Frame:
        if frame["t"] == "envelope":
            self.lines.append(frame)
            self._head = max(self._head, frame["seq"] + self._added)
        moved = {name: frame[name] + self._added for name in ("seq", "head", "after", "until") if name in frame}
        return frame | moved


@asynccontextmanager
async def rosa(target: str) -> AsyncIterator[Rosa]:
    """Rosa's server in front of the real one at `target`, on a port of its own."""
    server = Rosa(target)
    port = free_port()
    app = Starlette(
        routes=[
            WebSocketRoute("/v1/socket", server._socket),
            Route("/{path:path}", server._rest, methods=["GET", "HEAD", "POST", "DELETE"]),
        ]
    )
    config = uvicorn.Config(
        app,
        "127.0.0.1",
        port,
        log_level="error",
        ws="websockets-sansio",
        timeout_keep_alive=20,  # longer than clients keep a connection that they do not use
        lifespan="off",
        timeout_graceful_shutdown=2,
    )
    server.url = f"http://127.0.0.1:{port}"
    try:
        async with running(config):
            yield server
    finally:
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
