"""A WebSocket after its handshake, on a transport of uvicorn's: frames in by callback, ready frames straight out.

See docs/decisions/0009-sockets-after-the-handshake.md.
"""

import asyncio
from typing import Any, Protocol

from safespace.errors import CLOSE_RESTART, CLOSE_RESUME
from safespace.framing import FRAGMENT, FrameReader, Message, Opcode, ProtocolError, close_code, close_frame, frame
from safespace.share import Share, beginning

HIGH_WATER = 128 * 1024
"""Bytes in the transport's own buffer above which it takes no more; what follows waits where it can be let go."""
AT_ONCE = 64
"""Frames of one peer that are read before others have their turn."""
MOST_AT_ONCE = 96 * 1024
"""Bytes of them, after which no further one is."""
TAKING = 60.0
"""Seconds in which a peer takes what the transport holds, or is cut."""
CLOSE_PATIENCE = 10.0
"""Seconds for the peer to take the close frame and answer it, before the transport is cut."""
LINGER = 2.0
"""Seconds for a peer that broke the protocol or answers nothing to read why, or for any while the server stops."""
PING_SLACK = 0.1
"""Share of the ping interval by which a ping may come early, so that an answer does not put off the next one."""
CLOSE_LOST = 1011
"""Close code for a peer that no longer answers pings; where something waits for it as well, it fell behind."""


class Listener(Protocol):
    """Who uses the line. No method may raise."""

    def heard(self, message: Message) -> None:
        """A text or binary message came."""

    def held(self, size: int) -> None:
        """So many bytes of the peer's are kept here, as they are not whole, or not wanted yet."""

    def stalled(self) -> None:
        """The peer reads too slowly: write no more until `flowing`."""

    def flowing(self) -> None:
        """Write again."""

    def lost(self) -> None:
        """The line is gone. Called once, last."""


class Line(asyncio.Protocol):
    """Takes over a transport whose handshake is done. In `connections` while it lives, where uvicorn shuts it down."""

    __slots__ = (
        "_asked",
        "_closing",
        "_connections",
        "_deaf",
        "_heard",
        "_held",
        "_listener",
        "_loop",
        "_paused",
        "_ping_interval",
        "_pong",
        "_reader",
        "_reading",
        "_share",
        "_stalled",
        "_timer",
        "_transport",
        "_turn",
    )

    def __init__(
        self,
        transport: asyncio.Transport,
        listener: Listener,
        connections: set[Any],
        share: Share,
        *,
        max_size: int,
        ping_interval: float | None,
    ) -> None:
        self._transport = transport
        self._listener = listener
        self._connections = connections
        self._share = share
        self._reader = FrameReader(max_size)
        self._ping_interval = ping_interval or 0.0
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._asked = False
        self._heard = self._loop.time()
        self._closing = False
        self._deaf = False
        self._reading = True
        self._paused = False
        self._held = 0
        self._turn = False
        """Whether messages are being read, or will be when it is due."""
        self._stalled: float | None = None
        """Since when the peer takes nothing."""
        self._pong: bytes | None = None
        """The answer to a ping, for a peer that takes nothing now."""
        connections.add(self)
        share.readers.add(self)
        transport.set_write_buffer_limits(high=HIGH_WATER)
        transport.set_protocol(self)
        transport.resume_reading()
        if self._ping_interval:
            self._set_timer(self._ping_interval, self._ping)

    @property
    def is_lost(self) -> bool:
        """Whether the listener was told so."""
        return self not in self._connections

    def write(self, frames: bytes) -> None:
        """Write whole frames."""
        if not self._closing:
            self._transport.write(frames)

    def close(self, code: int | None) -> None:
        """Close with this code once what was written is sent; the peer has CLOSE_PATIENCE to answer."""
        if self._closing:
            return
        self._transport.write(close_frame(code))
        self._closing = True
        self._reader.keep_nothing()
        self.read(True)
        self._set_timer(CLOSE_PATIENCE, self._transport.abort)

    def read(self, wanted: bool) -> None:
        """Whether messages are wanted now; a peer that sends on meanwhile is held back by TCP."""
        wanted = wanted or self._closing
        if wanted != self._reading:
            self._reading = wanted
            if not wanted:
                self._pause(True)
            else:
                self.hold()

    def hold(self) -> None:
        """Read on when it is due."""
        if self._reading and not self._turn:
            self._pause(True)
            self._turn = True
            self._share.when_due(self._read)

    def shutdown(self) -> None:
        """Tell the peer to come back; uvicorn calls this when the server stops, and waits."""
        self.close(CLOSE_RESTART)
        self._set_timer(LINGER, self._transport.abort)

    # asyncio.Protocol

    def data_received(self, data: bytes) -> None:
        began = beginning(len(data))
        if self._deaf:
            self._share.spend(began, self)
            return
        self._asked = False
        self._heard = self._loop.time()
        self._reader.feed(data)
        if self._reading and not self._turn:
            self._read(began)

    def _read(self, began: float | None = None) -> None:
        """Hand over what came, as long as it is wanted; after AT_ONCE others have their turn first."""
        self._turn = True
        came = began is not None
        began = began or beginning()
        left, size = AT_ONCE, 0
        try:
            while self._reading and left and not self._deaf and (message := self._reader.next()) is not None:
                size += len(message.data or b"")
                left = left - 1 if size < MOST_AT_ONCE else 0
                if message.opcode > Opcode.BINARY:
                    self._control(message.opcode, message.data or b"")
                elif message is not FRAGMENT and not self._closing:
                    self._listener.heard(message)
        except ProtocolError as violation:
            self._fail(violation.code)
        self._turn = False
        if came or left < AT_ONCE:
            self._share.spend(began, self)
        else:
            self._share.let_pass(self)
        if not left:
            self.hold()
        elif self._reading and not self._turn:
            self._pause(False)
        if self._deaf:
            return
        if self._reader.held != self._held:
            self._held = self._reader.held
            self._listener.held(self._held)

    def eof_received(self) -> None:
        """The peer is gone: the transport closes itself."""

    def pause_writing(self) -> None:
        self._stalled = self._loop.time()
        self._listener.stalled()

    def resume_writing(self) -> None:
        self._stalled = None
        if self._pong is not None:
            self.write(self._pong)
            self._pong = None
        self._listener.flowing()

    def connection_lost(self, exc: Exception | None) -> None:
        self._closing = self._deaf = self._reading = True
        self._set_timer(None)
        self._connections.discard(self)
        self._share.readers.discard(self)
        self._reader = FrameReader(0)  # the line and its listener hold each other: what was not read would stay a while
        self._listener.lost()

    def _pause(self, paused: bool) -> None:
        if paused != self._paused and not self._transport.is_closing():
            self._paused = paused
            if paused:
                self._transport.pause_reading()
            else:
                self._transport.resume_reading()

    def _control(self, opcode: int, payload: bytes) -> None:
        if opcode == Opcode.CLOSE:
            self._deaf = True
            if not self._closing:
                self.close(close_code(payload))
            self._transport.close()
        elif opcode == Opcode.PING:
            pong = frame(Opcode.PONG, payload)
            if self._stalled is None:
                self.write(pong)
            else:  # the last of many is enough (RFC 6455 section 5.5.3)
                self._pong = pong

    def _fail(self, code: int) -> None:
        """Say why, and close from this side; read nothing more, but let the peer read that."""
        self._deaf = True
        self.close(code)
        if self._transport.can_write_eof():
            self._transport.write_eof()
            self._set_timer(LINGER, self._transport.abort)
        else:
            self._transport.close()

    def _ping(self) -> None:
        """Ask a peer that was silent for the interval whether it is there; it has the interval to answer."""
        if self._stalled is not None and self._loop.time() - self._stalled > TAKING:
            self._transport.abort()
            return
        # While reading is held back by this side, an answer cannot have been read.
        if self._asked and self._reading and not self._turn:
            self.close(CLOSE_RESUME if self._transport.get_write_buffer_size() else CLOSE_LOST)
            self._set_timer(LINGER, self._transport.abort)
            return
        left = self._heard + self._ping_interval - self._loop.time()
        if left > self._ping_interval * PING_SLACK:
            self._set_timer(left, self._ping)
            return
        self._asked = True
        self.write(frame(Opcode.PING, b""))
        self._set_timer(self._ping_interval, self._ping)

    def _set_timer(self, seconds: float | None, then: Any = None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None if seconds is None else self._loop.call_later(seconds, then)
