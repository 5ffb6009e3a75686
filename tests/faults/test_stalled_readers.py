"""A fifth of a room stops reading: the others hardly notice, memory is bounded, and who stalled resumes with all."""

import asyncio
import json
import re
import socket
import statistics
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Self

import pytest
from bench.generator import Generator, Run, compiled, compiler, masked, upgrade
from bench.safespace import SafeSpace, found

from campaign import rounds
from evening import until
from safespace.errors import CLOSE_RESUME
from safespace.framing import close_frame
from serving import resident

PEOPLE, READING, STALLED = 20, 40, 10
"""People, their connections that the load generator reads, and those that stall."""
RATE, SIZE = 5_000, 8_000
"""Deliveries a second to those who read, and bytes of a message: that is more than a megabyte a second for each."""
BEFORE, SECONDS = rounds(3, 10), 10
"""Of a run before anyone stalls, and of one in which they do, and are closed within it."""
PAIRS = rounds(1, 5)
SPACE = 64 * 1024 * 1024
"""Bytes that ten who stall may take."""
SMALL = 64 * 1024
"""Bytes that the system keeps unread for each of them."""
PING, PONG = b"\x89\x00", b"\x8a\x80\0\0\0\0"
SEQ = re.compile(rb'"seq":(\d+),')


class Reader(asyncio.Protocol):
    """A line that notes the seqs it gets."""

    transport: asyncio.Transport

    def __init__(self, seqs: list[int], enter: bytes) -> None:
        self.seqs = seqs
        self._enter = enter
        self.lost = False
        self._tail = b""

    @classmethod
    async def enter(cls, port: int, room: str, token: str, seqs: list[int]) -> Self:
        """Come in, with all up to the last of `seqs`."""
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
        line.setblocking(False)
        await asyncio.get_running_loop().sock_connect(line, ("127.0.0.1", port))
        enter = masked(json.dumps({"t": "enter", "room": room, "after": seqs[-1]}))
        transport, reader = await asyncio.get_running_loop().create_connection(lambda: cls(seqs, enter), sock=line)
        reader.transport = transport
        transport.write(upgrade("/v1/socket", port, token)[0].encode())
        return reader

    @property
    def told_to_resume(self) -> bool:
        """Whether the last that came was a close frame with CLOSE_RESUME."""
        return self._tail.endswith(close_frame(CLOSE_RESUME))

    def data_received(self, data: bytes) -> None:
        if self._enter and b"\r\n\r\n" in data:
            self.transport.write(self._enter)
            self._enter = b""
        if PING in data:
            self.transport.write(PONG)
        data = self._tail + data
        end = 0
        for match in SEQ.finditer(data):
            self.seqs.append(int(match[1]))
            end = match.end()
        self._tail = data[max(end, len(data) - 40) :]

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = True


@pytest.mark.alone
@pytest.mark.campaign
@pytest.mark.timeout(5400)
@pytest.mark.skipif(compiler() is None, reason="the load generator is written in C and there is no compiler")
async def test_a_fifth_of_a_room_stops_reading(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    peer = SafeSpace(tmp_path)
    try:
        process = await asyncio.to_thread(peer.start)
        (room,) = await found(peer.url, 1, PEOPLE, SIZE)
        first = peer.head(room)
        tokens = room.tokens[:STALLED]
        clients = [peer.client(0, room, token, first) for token in room.tokens * (READING // PEOPLE)]
        seqs: list[list[int]] = [[first] for _ in tokens]

        async def come_in() -> list[Reader]:
            entering = [Reader.enter(peer.port, room.id, token, had) for token, had in zip(tokens, seqs, strict=True)]
            return await asyncio.gather(*entering)

        readers = await come_in()
        ratios: list[float] = []
        runs: list[tuple[Run, Run]] = []
        taken = 0
        with closing(Generator(compiled("load", tmp_path), process, peer.port, clients, websocket=True)) as generator:
            await load(generator, 2.0)
            for _ in range(PAIRS):
                before = await load(generator, BEFORE)
                memory = resident(process.pid)
                for reader in readers:
                    reader.transport.pause_reading()
                running = asyncio.create_task(load(generator, SECONDS))
                while not running.done():
                    taken = max(taken, resident(process.pid) - memory)
                    await asyncio.wait([running], timeout=0.5)
                runs.append((before, running.result()))
                ratios.append(running.result().p99 / before.p99)
                for reader in readers:
                    reader.transport.resume_reading()
                await until(lambda: all(reader.lost for reader in readers))  # noqa: B023 - called before the next turn
                assert all(reader.told_to_resume for reader in readers)
                readers = await come_in()
                head = peer.head(room)
                await until(lambda: all(had[-1] >= head for had in seqs))  # noqa: B023 - as above
        assert all(had == list(range(first, head + 1)) for had in seqs)
        for reader in readers:
            reader.transport.abort()
    finally:
        peer.end()
    assert taken < SPACE
    record_property("pairs", PAIRS)
    record_property("p99_before_ms", statistics.median(before.p99 for before, _ in runs))
    record_property("p99_stalled_ms", statistics.median(stalled.p99 for _, stalled in runs))
    record_property("p99_stalled_to_before", round(statistics.median(ratios), 3))
    cpu = [stalled.cpu_per_million / before.cpu_per_million for before, stalled in runs]
    record_property("cpu_stalled_to_before", round(statistics.median(cpu), 3))
    record_property("p99_ratios", [round(ratio, 2) for ratio in ratios])
    record_property("memory_mib", round(taken / 2**20, 1))


async def load(generator: Generator, seconds: float) -> Run:
    """Talk at RATE, away from the event loop."""
    return await asyncio.to_thread(generator.run, seconds, deliveries=RATE, spin=False)
