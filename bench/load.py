"""The load: the same for both servers. Everyone in a room reads; one of them writes, a few frames ahead of the echo."""

import asyncio
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from websockets.asyncio.client import ClientConnection

AHEAD = 16
"""Frames a writer has under way at most."""


@dataclass(frozen=True)
class Measured:
    """Of one run: deliveries counted, seconds it took, the server's CPU seconds, and echo times in seconds, sorted."""

    deliveries: int
    seconds: float
    cpu: float
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


async def measure(
    rooms: Sequence[Sequence[ClientConnection]], frames: Callable[[int], Sequence[str]], count: int, pid: int
) -> Measured:
    """Send `count` frames into each room at once; ends when everyone has had all of them.

    `frames(room)` are the frames to send. Connections are in their room already; every text they get is a delivery.
    """
    echoes: list[float] = []

    async def read(connection: ClientConnection) -> None:
        for _ in range(count):
            await connection.recv()

    async def write(connection: ClientConnection, texts: Sequence[str]) -> None:
        sent: list[float] = []

        async def read_own() -> None:
            for number in range(count):
                await connection.recv()
                echoes.append(time.perf_counter() - sent[number])
                free.release()

        free = asyncio.Semaphore(AHEAD)
        reading = asyncio.create_task(read_own())
        for text in texts:
            await free.acquire()
            sent.append(time.perf_counter())
            await connection.send(text)
        await reading

    prepared = [frames(number) for number in range(len(rooms))]
    cpu, start = cpu_seconds(pid), time.perf_counter()
    work = [write(room[0], texts) for room, texts in zip(rooms, prepared, strict=True)]
    await asyncio.gather(*work, *[read(connection) for room in rooms for connection in room[1:]])
    seconds = time.perf_counter() - start
    return Measured(
        deliveries=count * sum(map(len, rooms)), seconds=seconds, cpu=cpu_seconds(pid) - cpu, echoes=sorted(echoes)
    )
