"""What a request may bring, and how its answer goes out: bounded in bytes, whoever asks.

Small bodies are read at once. Of those that are not small, few from one address are read and worked on together; the
others wait in the system's own buffers. An answer goes out in pieces, as fast as it is taken, so that what waits for a
slow reader waits here, where it counts as the account's turn, and not in the transport.
"""

import asyncio
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from safespace.api.problems import as_refusal, known, problem
from safespace.api.turns import Turns
from safespace.errors import SafeSpaceError
from safespace.share import ADDRESS, Work
from safespace.wire import MAX_COMMAS

MAX_BODY: Final = 640 * 1024
"""Bytes of a request's body; a larger one is refused before it is read to its end."""
SMALL: Final = 64 * 1024
"""Bytes of a body that is read at once."""
LARGE: Final = 4
"""Larger bodies from one address that are read and worked on together."""
WAITING: Final = 4
"""Larger bodies that wait for these; what comes besides is to come again, as a part of each has been read."""
PATIENCE: Final = 10.0
"""Seconds for which a larger body waits for others."""
PIECE: Final = 64 * 1024
"""Bytes of an answer that are handed over together."""


class Guard:
    """ASGI middleware: caps the body before anything reads it, paces the answer, and lets no exception out."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._large = Turns(LARGE, WAITING)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._socket(scope, receive, send)
            return
        started = False
        work: Work[None]

        async def paced(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            work.part()
            body = message.get("body", b"")
            for at in range(0, len(body) - PIECE, PIECE):
                await send({"type": "http.response.body", "body": body[at : at + PIECE], "more_body": True})
                await work.share.next_turn()
            if len(body) > PIECE:
                message = {**message, "body": body[(len(body) - 1) // PIECE * PIECE :]}
            await send(message)

        try:
            announced = _announced_length(scope)
            if announced > MAX_BODY:
                raise SafeSpaceError("too_large")
            async with AsyncExitStack() as stack:
                if announced > SMALL:
                    await self._enter(scope, stack)
                work = _work(scope, self._answer(scope, self._capped(scope, receive, stack, announced), paced))
                await work
        except Exception as error:
            refusal = known(error)
            if not started:
                answer = problem(refusal)
                answer.headers["Connection"] = "close"  # what was not read of the body is let go of with it
                await answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)

    def _capped(self, scope: Scope, receive: Receive, stack: AsyncExitStack, announced: int) -> Receive:
        """`receive`, which refuses what is too much; a place that a larger body needs is given up with `stack`."""
        received = commas = 0

        async def capped() -> Message:
            nonlocal received, commas
            message = await receive()
            body = message.get("body", b"")
            before = received
            received += len(body)
            commas += body.count(b",")
            if received > MAX_BODY or commas > MAX_COMMAS:
                raise HTTPException(413)
            if before <= SMALL < received and announced <= SMALL:
                await self._enter(scope, stack)
            if not message.get("more_body"):
                await scope["state"]["work"].share.due()
            return message

        return capped

    async def _enter(self, scope: Scope, stack: AsyncExitStack) -> None:
        address = scope["app"].state.limits.address(HTTPConnection(scope))
        try:
            async with asyncio.timeout(PATIENCE):
                await stack.enter_async_context(self._large.turn(address))
        except (TimeoutError, SafeSpaceError):
            raise HTTPException(503) from None

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            else:
                work = _work(scope, self._answer(scope, receive, send))
                await work.share.due()
                await work
        except Exception as error:
            if scope["type"] == "lifespan":
                raise
            as_refusal(error)


def _work(scope: Scope, doing: Coroutine[Any, Any, None]) -> Work[None]:
    """What is done for a peer of whom nothing but the address is known yet; `state.work` for who learns more."""
    state = scope["app"].state
    work = Work(state.shares.of(state.limits.address(HTTPConnection(scope)), ADDRESS), doing)
    scope.setdefault("state", {})["work"] = work
    return work


def _announced_length(scope: Scope) -> int:
    length = dict(scope["headers"]).get(b"content-length", b"0")
    return int(length) if length.isdigit() else 0
