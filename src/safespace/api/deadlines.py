"""uvicorn's HTTP protocol with a deadline for receiving a request, headers and body together, and a cap on sockets."""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from safespace.api.problems import problem
from safespace.errors import SafeSpaceError

SECONDS = 20.0
"""From a connection's beginning, or a request's first byte, to its last."""
SOCKETS = 0.9
"""Share of the connections that may be sockets, so that requests are answered however many there are."""
AGAIN = 10
"""Seconds after which who was turned away should come again."""


class DeadlineProtocol(H11Protocol):
    """Closes connections that send a request slowly; without this they would be kept for ever."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._arm()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        upgraded = self.transport.get_protocol() is not self
        if not upgraded and self.conn.their_state in (h11.IDLE, h11.SEND_BODY):
            self._arm()
        else:
            self._disarm()

    def connection_lost(self, exc: Exception | None) -> None:
        self._disarm()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        # uvicorn's own limit is for requests alone.
        if self.limit_concurrency is not None and len(self.connections) > SOCKETS * self.limit_concurrency:
            self._turn_away()
        else:
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

    def _arm(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(SECONDS, self._expire)

    def _disarm(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _expire(self) -> None:
        self._deadline = None
        self.transport.close()
