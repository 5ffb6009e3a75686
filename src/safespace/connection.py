"""One socket's outgoing side, with a bounded queue for a reader that is slow, and its place in a room."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from safespace import wire
from safespace.errors import CLOSE_RESUME

MAX_WAITING = 4 * 1024 * 1024
"""Bytes that may wait for one connection, besides what its transport holds."""


class Outlet(Protocol):
    """Where a connection's frames go."""

    def write(self, frames: bytes) -> None:
        """Send whole frames."""

    def close(self, code: int) -> None:
        """Close with this code behind what was written."""


class Connection:
    """One socket's outgoing side. Whoever has the socket says when it is `stalled` and `flowing`."""

    __slots__ = (
        "_bytes",
        "_flow",
        "_outlet",
        "_stalled",
        "_waiting",
        "account",
        "close_code",
        "device",
        "login",
        "on_settled",
        "places",
        "sending",
    )

    def __init__(
        self, account: UUID, device: UUID, login: bytes, outlet: Outlet, on_settled: Callable[[], None]
    ) -> None:
        self.account = account
        self.device = device
        self.login = login
        self.places: dict[UUID, Place] = {}
        self.close_code: int | None = None
        self.sending = 0
        """Messages of this connection whose fate is open; `on_settled` is called when one is decided."""
        self.on_settled = on_settled
        self._outlet = outlet
        self._stalled = False
        self._waiting: deque[bytes] = deque()
        self._bytes = 0
        self._flow: asyncio.Event | None = None

    def push(self, frames: bytes) -> None:
        """Send frames, or queue them while the reader is slow; when too much waits it is closed with CLOSE_RESUME."""
        if self.close_code is not None:
            return
        if not self._stalled:
            self._outlet.write(frames)
            return
        self._waiting.append(frames)
        self._bytes += len(frames)
        if self._bytes > MAX_WAITING:
            self.drop(CLOSE_RESUME)

    async def flows(self) -> None:
        """Wait until the reader is not slow, or gone."""
        while self._stalled and self.close_code is None:
            if self._flow is None:
                self._flow = asyncio.Event()
            await self._flow.wait()

    @property
    def is_behind(self) -> bool:
        """Whether frames wait here for a slow reader."""
        return bool(self._waiting)

    def stalled(self) -> None:
        """The outlet takes no more for now."""
        self._stalled = True

    def flowing(self) -> None:
        """The outlet takes more."""
        self._stalled = False
        while self._waiting and not self._stalled:
            frames = self._waiting.popleft()
            self._bytes -= len(frames)
            self._outlet.write(frames)
        if not self._waiting and self.close_code is not None:
            self._outlet.close(self.close_code)
        if not self._stalled:
            self._wake()

    def finish(self, code: int) -> None:
        """Take no more; close with `code` once what waits is sent."""
        if self.close_code is None:
            self.close_code = code
            if not self._waiting:
                self._outlet.close(code)
            self._wake()

    def drop(self, code: int) -> None:
        """Close with `code` now, whatever waits."""
        self._waiting.clear()
        self._bytes = 0
        if self.close_code is None:
            self.finish(code)
        else:
            self._outlet.close(self.close_code)

    def settled(self) -> None:
        """A message of this connection was decided."""
        self.sending -= 1
        self.on_settled()

    def _wake(self) -> None:
        if self._flow is not None:
            self._flow.set()
            self._flow = None


@dataclass(eq=False, slots=True)
class Place:
    """A connection in a room of the group `group`, as the leaf `leaf` of the member `member`."""

    connection: Connection
    leaf: bytes
    member: bytes
    seen: int
    group: UUID
    live: bool = False
    reread: bool = False
    """Set where what was read of the log for this connection, and not sent yet, is not to be sent as it is."""
    until: int | None = None
    """The last seq this connection may have; set when its leaf departed while it was catching up."""
    gone: wire.Gone | None = None
