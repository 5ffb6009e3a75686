"""A connection that is ended just as the other side ends it."""

import asyncio
from asyncio import CancelledError, Queue

from websockets.asyncio.client import ClientConnection
from websockets.asyncio.server import ServerConnection, serve

from safespace.sdk.connection import Connection

PATIENCE = 10.0


class EndedMidway(Connection):
    """Somebody ends it while it is clearing up after the other side hung up."""

    running: "asyncio.Task[None]"

    async def _write(self, socket: ClientConnection, outgoing: Queue[str]) -> None:  # type: ignore[override]
        try:
            await Connection._write(socket, outgoing)
        except CancelledError:
            self.running.cancel()
            raise


async def test_ended_while_the_line_breaks_it_stays_ended() -> None:
    async def hang_up(socket: ServerConnection) -> None:
        await socket.close(4403)

    async with serve(hang_up, "127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        connection = EndedMidway(
            f"http://127.0.0.1:{port}",
            "",
            opened=lambda: None,
            received=lambda frame: None,
            closed=lambda: None,
            backoff=(60, 60),
        )
        connection.running = asyncio.create_task(connection.run())
        done, _ = await asyncio.wait([connection.running], timeout=PATIENCE)
        assert done, "it goes on"
        assert connection.running.cancelled()
