"""uvicorn's WebSocket protocol for the handshake alone; a `Line` takes the transport over from there.

Given to uvicorn by its `ws=` option. See docs/decisions/0009-sockets-after-the-handshake.md.
"""

import contextlib
from typing import cast

from starlette.websockets import WebSocket
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

from safespace.api.line import Line, Listener
from safespace.share import Share

EXTENSION = "safespace.upgrade"
"""Where the ASGI scope carries the protocol (ASGI's own place for what a server can do besides)."""


class Upgrade(WebSocketsSansIOProtocol):
    """Answers the handshake as the application says, reading nothing more until a line is there."""

    _line: Line | None = None

    def handle_connect(self, event: Request) -> None:
        self.transport.pause_reading()
        super().handle_connect(event)
        if not self.close_sent:
            extensions = cast(dict[str, object], self.scope["extensions"])
            extensions[EXTENSION] = self

    async def run_asgi(self) -> None:
        """As uvicorn's, but a transport that was handed on outlives the application's task."""
        try:
            with contextlib.suppress(ClientDisconnected):
                await self.app(self.scope, self.receive, self.send)
        finally:
            if self._line is None:
                self.send_500_response()  # unless the application has answered
                self.transport.close()

    def hand_on(self, listener: Listener, share: Share) -> Line:
        """Let a line take the transport over; nothing may have been awaited since the handshake was accepted."""
        self.stop_keepalive()
        self.connections.discard(self)
        self._line = Line(
            self.transport,
            listener,
            self.connections,
            share,
            max_size=self.config.ws_max_size,
            ping_interval=self.config.ws_ping_interval,
        )
        return self._line


async def accept(websocket: WebSocket, listener: Listener, share: Share) -> Line:
    """Accept a handshake; what comes then goes to `listener`, and is paid for from `share`.

    Raises ClientDisconnected when the client is gone.
    """
    await websocket.accept()
    upgrade = websocket.scope["extensions"][EXTENSION]
    return cast(Upgrade, upgrade).hand_on(listener, share)
