"""uvicorn's HTTP protocol with deadlines and a cap on sockets.

A request is received, headers and body together, and an answer is taken, within a while; what is not is cut off.
"""

import asyncio
import hashlib
import secrets
from weakref import WeakKeyDictionary

import h11
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from safespace.api.problems import problem
from safespace.errors import SafeSpaceError
from safespace.share import ADDRESS, Share, Shares, beginning

SECONDS = 20.0
"""From a connection's beginning, or a request's first byte, to its last."""
TAKING = 30.0
"""In which a peer takes what waits for it."""
SOCKETS = 0.9
"""Share of the connections that may be sockets, so that requests are answered however many there are."""
AGAIN = 10
"""Seconds after which who was turned away should come again."""


_peers: WeakKeyDictionary[ServerState, Shares] = WeakKeyDictionary()
"""The shares of the peers of each server."""
_KEY = secrets.token_bytes(32)
"""Under which addresses are hashed: nothing here keeps one."""


class _Flow(FlowControl):
    """uvicorn's, but that nothing is read while `held`."""

    def __init__(self, transport: asyncio.Transport) -> None:
        super().__init__(transport)
        self.held = False
        self._wanted = True

    def pause_reading(self) -> None:
        self._wanted = False
        super().pause_reading()

    def resume_reading(self) -> None:
        self._wanted = True
        if not self.held:
            super().resume_reading()

    def hold(self, held: bool) -> None:
        self.held = held
        if held:
            super().pause_reading()
        elif self._wanted:
            super().resume_reading()


class DeadlineProtocol(H11Protocol):
    """Closes connections that send a request or take an answer slowly; without this they would be kept for ever.

    What a peer's connections have read and parsed is paid for from the peer's share. Behind a proxy these are many
    people's; so nobody else is at work as far as these shares know, and they only take turns.
    """

    flow: _Flow
    _share: Share
    _receiving: asyncio.TimerHandle | None = None
    _taking: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.flow = _Flow(transport)
        peers = _peers.setdefault(self.server_state, Shares())
        host = self.client[0] if self.client else ""
        self._share = peers.of(hashlib.blake2b(host.encode(), key=_KEY, digest_size=16).digest(), ADDRESS)
        self._share.readers.add(self)
        self._arm()

    def data_received(self, data: bytes) -> None:
        began = beginning(len(data))
        super().data_received(data)
        upgraded = self.transport.get_protocol() is not self
        if not upgraded and self.conn.their_state in (h11.IDLE, h11.SEND_BODY):
            self._arm()
        else:
            self._disarm()
        self._share.spend(began, self)

    def hold(self) -> None:
        """Read on when it is due."""
        if not self.flow.held:
            self.flow.hold(True)
            self._share.when_due(self._read_on)

    def _read_on(self) -> None:
        if self in self._share.readers and not self.transport.is_closing():
            self._share.let_pass(self)
            self.flow.hold(False)

    def connection_lost(self, exc: Exception | None) -> None:
        self._share.readers.discard(self)
        self._disarm()
        self._taken()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._taken()
        self._taking = self.loop.call_later(TAKING, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._taken()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._end_if_closing()

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._end_if_closing()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        # uvicorn's own limit is for requests alone. What a peer has not taken yet would count for no line.
        full = self.limit_concurrency is not None and len(self.connections) > SOCKETS * self.limit_concurrency
        if full or self.transport.get_write_buffer_size():
            self._turn_away()
        else:
            self._share.readers.discard(self)
            super().handle_websocket_upgrade(event)

    def _turn_away(self) -> None:
        answer = problem(SafeSpaceError("unavailable", retry_after=AGAIN))
        headers = [*answer.raw_headers, (b"connection", b"close")]
        for part in (
            h11.Response(status_code=answer.status_code, headers=headers),
            h11.Data(data=bytes(answer.body)),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(part) or b"")
        self.transport.close()
        self._end_if_closing()

    def _arm(self) -> None:
        if self._receiving is None:
            self._receiving = self.loop.call_later(SECONDS, self._expire)

    def _disarm(self) -> None:
        if self._receiving is not None:
            self._receiving.cancel()
            self._receiving = None

    def _expire(self) -> None:
        self._receiving = None
        self.transport.close()
        self._end_if_closing()

    def _taken(self) -> None:
        if self._taking is not None:
            self._taking.cancel()
            self._taking = None

    def _end_if_closing(self) -> None:
        """A transport that is closing waits for its peer to take what is left, for ever."""
        if self._taking is None and self.transport.is_closing() and self.transport.get_write_buffer_size():
            self._taking = self.loop.call_later(TAKING, self.transport.abort)
