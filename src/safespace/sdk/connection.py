"""The socket: connect, read frames, write frames, and come back with jitter whenever it breaks.

What is in a frame is the rooms' matter. A frame posted while there is no connection is dropped: on the next
connection the rooms say again what still matters.
"""

import asyncio
import contextlib
import random
from collections.abc import Callable
from typing import Any

from pydantic import ValidationError
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from safespace.errors import CODES
from safespace.sdk.errors import Refused
from safespace.wire import Frame, server_frame
from safespace.wire import Refused as RefusedFrame

_MAX_SERVER_FRAME = 1024 * 1024
_PING = 10.0
"""Seconds between two pings, and for the answer to one: a line that is dead is noticed within both."""
_CLOSE = 2.0
"""Seconds to wait for the other side to close as well; one that is dead never does."""
_LOGGED_OUT = CODES["unauthenticated"].close


class Connection:
    """A connection that lasts until `run` is cancelled or the login is refused.

    `opened` is called on each connection made, `received` with each frame, `closed` when it broke.
    `backoff` are seconds: the first pause and the longest.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        opened: Callable[[], None],
        received: Callable[[Any], None],
        closed: Callable[[], None],
        backoff: tuple[float, float],
    ) -> None:
        self._address = url.replace("http", "ws", 1) + "/v1/socket"
        self._headers = {"Authorization": f"Bearer {token}"}
        self._opened = opened
        self._received = received
        self._closed = closed
        self._backoff = backoff
        self._outgoing: asyncio.Queue[str] | None = None

    def post(self, frame: Frame) -> None:
        """Queue a frame for the connection of this moment, if there is one."""
        if self._outgoing is not None:
            self._outgoing.put_nowait(frame.model_dump_json(exclude_none=True))

    async def run(self) -> None:
        """Stay connected. Raises Refused when the login is no longer good."""
        pause, longest = self._backoff
        while True:
            pause = self._backoff[0] if await self._once() else min(pause * 2, longest)
            await asyncio.sleep(random.uniform(pause / 2, pause))  # noqa: S311 - jitter, not a secret

    async def _once(self) -> bool:
        """One connection, from handshake to close. Whether it was good for anything."""
        good = False
        try:
            async with connect(
                self._address,
                additional_headers=self._headers,
                compression=None,
                max_size=_MAX_SERVER_FRAME,
                proxy=None,
                open_timeout=10,
                ping_interval=_PING,
                ping_timeout=_PING,
                close_timeout=_CLOSE,
            ) as socket:
                self._outgoing = asyncio.Queue()
                writing = asyncio.create_task(self._write(socket, self._outgoing))
                try:
                    self._opened()
                    async for text in socket:
                        good = self._receive(text) or good
                finally:
                    self._outgoing = None
                    writing.cancel()
                    # Not by catching CancelledError: it may be this connection that is cancelled now.
                    await asyncio.gather(writing, return_exceptions=True)
                    self._closed()
        except ConnectionClosed as error:
            if error.rcvd is not None and error.rcvd.code == _LOGGED_OUT:
                raise Refused("unauthenticated") from error
        except InvalidStatus as error:
            if error.response.status_code in (401, 403):
                raise Refused("unauthenticated") from error
        except (OSError, TimeoutError, InvalidHandshake, EOFError):
            pass
        return good

    def _receive(self, text: str | bytes) -> bool:
        """Hand a frame on. Whether it was anything but a refusal."""
        try:
            frame = server_frame.validate_json(text)
        except ValidationError:
            return False  # a frame of a later version
        self._received(frame)
        return not isinstance(frame, RefusedFrame)

    @staticmethod
    async def _write(socket: ClientConnection, outgoing: asyncio.Queue[str]) -> None:
        with contextlib.suppress(ConnectionClosed):
            while True:
                await socket.send(await outgoing.get())
