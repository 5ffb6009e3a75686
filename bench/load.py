"""The load: the same for every server. Everyone in a room reads; one of them writes.

Clients are as cheap as they can be: frames are built beforehand, and deliveries are counted by a mark in the raw bytes
that come in, without parsing. A client's frames are masked with zeros, which is allowed and leaves them as they are.
"""

import asyncio
import os
import secrets
import time
from base64 import b64encode
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

AHEAD = 16
"""Frames a writer has under way at most."""
MARK = b'"t":"envelope"'
"""What each delivery has once, and nothing else."""


@dataclass(frozen=True)
class Measured:
    """Of one run: deliveries counted, seconds it took, the server's CPU seconds, and echo times in seconds, sorted."""

    deliveries: int
    seconds: float
    cpu: float
    own_cpu: float
    echoes: list[float]

    @property
    def rate(self) -> float:
        """Deliveries a second."""
        return self.deliveries / self.seconds

    @property
    def cpu_per_million(self) -> float:
        """CPU seconds of the server for a million deliveries."""
        return self.cpu / self.deliveries * 1e6

    def echo(self, share: float) -> float:
        """The echo time in milliseconds that `share` of all stay below."""
        return self.echoes[min(len(self.echoes) - 1, int(len(self.echoes) * share))] * 1000


def cpu_seconds(pid: int) -> float:
    """CPU time of a process, from Linux's /proc (proc(5): utime and stime)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident(pid: int) -> int:
    """Resident bytes of a process, from Linux's /proc (proc(5): statm)."""
    return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def masked(text: str) -> bytes:
    """A client's text frame (RFC 6455 section 5.2), masked with zeros."""
    payload = text.encode()
    size = len(payload)
    head = bytes([0x81, 0x80 | size]) if size < 126 else b"\x81\xfe" + size.to_bytes(2, "big")
    assert size < 1 << 16
    return head + bytes(4) + payload


class Client(asyncio.Protocol):
    """A WebSocket that counts what it gets. `await opened` first; `await until(n)` waits for n deliveries in all."""

    def __init__(self, path: str, port: int, token: str | None) -> None:
        key = b64encode(secrets.token_bytes(16)).decode()
        login = f"Authorization: Bearer {token}\r\n" if token else ""
        self._hello = (
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n{login}\r\n"
        ).encode()
        loop = asyncio.get_running_loop()
        self.opened: asyncio.Future[None] = loop.create_future()
        self.count = 0
        self.echoes: list[float] = []
        self.sent: deque[float] = deque()
        self._tail = b""
        self._goal: tuple[int, asyncio.Future[None]] | None = None
        self.on_echo: Callable[[int], None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.transport.write(self._hello)

    def data_received(self, data: bytes) -> None:
        if not self.opened.done():
            self._tail += data
            if b"\r\n\r\n" in self._tail:
                assert self._tail.startswith(b"HTTP/1.1 101"), self._tail[:200]
                self._tail = b""
                self.opened.set_result(None)
            return
        data = self._tail + data
        new = data.count(MARK)
        # A mark that is cut is counted with the next bytes; one that is whole must not be counted twice.
        self._tail = data[-(len(MARK) - 1) :]
        if new:
            self._delivered(new)

    def _delivered(self, new: int) -> None:
        self.count += new
        if self.sent:
            now = time.perf_counter()
            self.echoes += [now - self.sent.popleft() for _ in range(min(new, len(self.sent)))]
            if self.on_echo is not None:
                self.on_echo(new)
        if self._goal is not None and self.count >= self._goal[0] and not self._goal[1].done():
            self._goal[1].set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._goal is not None and not self._goal[1].done():
            self._goal[1].set_exception(ConnectionError("the server closed the connection"))

    def say(self, frame: bytes) -> None:
        self.transport.write(frame)

    async def until(self, count: int) -> None:
        """Wait for this many deliveries in all."""
        if self.count < count:
            self._goal = (count, asyncio.get_running_loop().create_future())
            await self._goal[1]


async def open_client(port: int, path: str, token: str | None = None) -> Client:
    _, client = await asyncio.get_running_loop().create_connection(lambda: Client(path, port, token), "127.0.0.1", port)
    await client.opened
    return client


async def _ahead(client: Client, frames: Sequence[bytes]) -> None:
    """Keep AHEAD frames under way until all are sent."""
    left = iter(frames)

    def more(count: int) -> None:
        for _, frame in zip(range(count), left, strict=False):
            client.sent.append(time.perf_counter())
            client.say(frame)

    client.on_echo = more
    more(AHEAD)


async def _paced(client: Client, frames: Sequence[bytes], pause: float, late: float) -> None:
    """Send a frame every `pause` seconds, `late` after the others began; a server that is slow is not waited for."""
    begin = time.perf_counter() + late
    for number, frame in enumerate(frames):
        await asyncio.sleep(max(0.0, begin + number * pause - time.perf_counter()))
        client.sent.append(max(begin + number * pause, time.perf_counter()))
        client.say(frame)


async def measure(
    rooms: Sequence[Sequence[Client]], frames: Callable[[int], Sequence[str]], pid: int, rate: float | None = None
) -> Measured:
    """Send `frames(room)` into each room at once; ends when everyone has had all of them.

    `rate` is deliveries a second in all; without it each writer goes as fast as its echoes come.
    """
    prepared = [[masked(text) for text in frames(number)] for number in range(len(rooms))]
    count = len(prepared[0])
    before = {client: client.count for room in rooms for client in room}
    for room in rooms:
        room[0].echoes, room[0].sent, room[0].on_echo = [], deque(), None
    cpu, own, start = cpu_seconds(pid), time.process_time(), time.perf_counter()
    if rate is None:
        await asyncio.gather(*[_ahead(room[0], texts) for room, texts in zip(rooms, prepared, strict=True)])
    else:
        pause = sum(map(len, rooms)) / rate
        await asyncio.gather(
            *[
                _paced(room[0], texts, pause, pause * number / len(rooms))
                for number, (room, texts) in enumerate(zip(rooms, prepared, strict=True))
            ]
        )
    await asyncio.gather(*[client.until(before[client] + count) for room in rooms for client in room])
    seconds = time.perf_counter() - start
    return Measured(
        deliveries=count * len(before),
        seconds=seconds,
        cpu=cpu_seconds(pid) - cpu,
        own_cpu=time.process_time() - own,
        echoes=sorted(echo for room in rooms for echo in room[0].echoes),
    )
