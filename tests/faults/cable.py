"""A cable between clients and the server that can go dead: nothing passes any more, and nobody is told."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Cable:
    """Forwards from `port` to the server's. `go_dead` is for the connections there are; later ones pass."""

    def __init__(self, server: int) -> None:
        self._server = server
        self._pumps: set[asyncio.Task[None]] = set()
        self._writers: list[asyncio.StreamWriter] = []
        self.port = 0

    @classmethod
    @asynccontextmanager
    async def to(cls, server: int) -> AsyncIterator["Cable"]:
        """A cable to a port of this machine."""
        cable = cls(server)
        listener = await asyncio.start_server(cable._accept, "127.0.0.1", 0)
        cable.port = listener.sockets[0].getsockname()[1]
        try:
            yield cable
        finally:
            listener.close()
            cable.go_dead()
            for writer in cable._writers:
                writer.transport.abort()

    def go_dead(self) -> None:
        """Leave every connection open on both sides, and carry nothing."""
        for pump in self._pumps:
            pump.cancel()
        self._pumps.clear()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self._server)
        except OSError:
            writer.close()
            return
        self._writers += [writer, back]
        self._pumps |= {asyncio.create_task(_pump(reader, back)), asyncio.create_task(_pump(there, writer))}


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()
