"""A wiretap on loopback: forwards TCP to the server and keeps every byte that passed, both ways."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Wiretap:
    """What passed. `heard()` gives it with the masks of client frames (RFC 6455 section 5.3) taken off."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._sent: list[bytearray] = []
        self._received: list[bytearray] = []
        self._open: set[asyncio.Task[None]] = set()
        """What is forwarded now: nobody else holds these tasks."""
        self.port = 0

    def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Forward a connection that came in."""
        task = asyncio.create_task(self._forward(reader, writer))
        self._open.add(task)
        task.add_done_callback(self._open.discard)

    async def stop(self) -> None:
        """Close what is still open."""
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        sent, received = bytearray(), bytearray()
        self._sent.append(sent)
        self._received.append(received)
        try:
            upstream_reader, upstream_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.close()
            return
        try:
            await asyncio.gather(_pump(reader, upstream_writer, sent), _pump(upstream_reader, writer, received))
        finally:
            writer.close()
            upstream_writer.close()

    def heard(self) -> bytes:
        """All streams, one after the other."""
        return b"\n".join([bytes(stream) for stream in self._received] + [unmasked(stream) for stream in self._sent])


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, kept: bytearray) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(65536):
            kept += data
            writer.write(data)
            await writer.drain()
    with contextlib.suppress(OSError, RuntimeError):
        writer.write_eof()


def unmasked(stream: bytes | bytearray) -> bytes:
    """A client's stream with the payload of its WebSocket frames in clear; a stream without an upgrade as it is."""
    head, separator, frames = bytes(stream).partition(b"\r\n\r\n")
    if b"upgrade: websocket" not in head.lower():
        return bytes(stream)
    heard, position = bytearray(head + separator), 0
    while position + 2 <= len(frames):
        length, start = frames[position + 1] & 0x7F, position + 2
        extended = {126: 2, 127: 8}.get(length, 0)
        if extended:
            length = int.from_bytes(frames[start : start + extended], "big")
        mask = frames[start + extended : start + extended + 4]
        payload = frames[start + extended + 4 : start + extended + 4 + length]
        heard += bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload)) + b"\n"
        position = start + extended + 4 + length
    return bytes(heard)


@asynccontextmanager
async def wiretap(port: int) -> AsyncIterator[Wiretap]:
    """A wiretap in front of the server on `port`; its own port is `.port`."""
    tap = Wiretap(port)
    listener = await asyncio.start_server(tap.take, "127.0.0.1", 0)
    tap.port = listener.sockets[0].getsockname()[1]
    try:
        yield tap
    finally:
        listener.close()
        await tap.stop()
