"""One socket's outgoing side, with a bounded queue for a reader that is slow; what an account's sockets hold together;
and a socket's place in a room."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from safespace import wire
from safespace.errors import CLOSE_RESUME
from safespace.share import Share

MAX_WAITING = 4 * 1024 * 1024
"""Bytes that may wait for one connection, besides what its transport holds."""
MAX_GOING = 2 * MAX_WAITING
"""Bytes that may wait for all connections of an account."""
MAX_COMING = 8 * 1024 * 1024
"""Bytes that all connections of an account may have sent and that are not whole, or wait for earlier ones."""
MAX_WORKING = 1024 * 1024
"""Bytes of an account's messages and acts whose fate may be open; further ones wait, in all its connections."""


@dataclass(eq=False, slots=True)
class Load:
    """Bytes that the connections of one account hold here: `coming` and not begun, `working`, and `going` out.

    `waiting` are to be called once less is at work.
    """

    coming: int = 0
    working: int = 0
    going: int = 0
    waiting: dict[Callable[[], None], None] = field(default_factory=dict)

    @property
    def is_full(self) -> bool:
        """Whether nothing further may begin."""
        return self.working >= MAX_WORKING

    @contextmanager
    def at_work(self, size: int) -> Iterator[None]:
        """So much is at work while the block runs."""
        self.working += size
        try:
            yield
        finally:
            self.done(size)

    def done(self, size: int) -> None:
        """So much less is at work: whoever waits may go on, in the order in which they came."""
        self.working -= size
        while self.waiting and not self.is_full:
            proceed = next(iter(self.waiting))
            del self.waiting[proceed]
            proceed()


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
        "load",
        "login",
        "on_settled",
        "places",
        "sending",
        "share",
    )

    def __init__(
        self, account: UUID, device: UUID, login: bytes, share: Share, outlet: Outlet, on_settled: Callable[[], None]
    ) -> None:
        self.account = account
        self.device = device
        self.login = login
        self.share = share
        """The account's, of the loop's time."""
        self.load = Load()
        """Shared by the connections of the account, once the hub knows of this one."""
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
        self.load.going += len(frames)
        if self._bytes > MAX_WAITING or self.load.going > MAX_GOING:
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
            self.load.going -= len(frames)
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
        self.load.going -= self._bytes
        self._bytes = 0
        if self.close_code is None:
            self.finish(code)
        else:
            self._outlet.close(self.close_code)

    def begin(self, size: int) -> None:
        """A message of this connection, of so many bytes, is to be decided."""
        self.sending += 1
        self.load.working += size

    def settled(self, size: int) -> None:
        """It was."""
        self.sending -= 1
        self.load.done(size)
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
