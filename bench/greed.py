"""What one account can take from the others: the relay's memory, and everybody else's time, while it does its worst.

    PYTHONPATH=tests .venv/bin/python -m bench.greed

A room of 20 talks at a steady rate and is timed, before and while an account with 32 sockets and 32 requests sends all
it can and reads nothing, in each of the ways of tests/faults/test_greed.py. The account's own work gives way to the
server's and to the others', as it would on a machine of its own; and each measurement begins once the server has done
with what came before.
"""

import asyncio
import os
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from bench.generator import Generator, compiled
from bench.peers import Shape
from bench.processes import Process
from bench.safespace import SafeSpace
from faults.test_greed import WORST, Stage, prepare
from greedy import let_go
from serving import resident

OTHERS = Shape(1, 20, 20)
RATE = 2_000
"""Deliveries a second to the others."""
SECONDS = 2.0
ROUNDS = 5
LOOK = 0.3
"""Seconds between two looks whether the server is idle."""
IDLE = 0.02
"""Seconds of its CPU in between, at most, where it is."""


class Taken(NamedTuple):
    name: str
    before: float
    """The others' p99 in milliseconds, the median of the rounds."""
    meanwhile: float
    ratio: float
    """The median of each round's meanwhile to its before."""
    memory: int


async def measure(folder: Path) -> list[Taken]:
    peer = SafeSpace(folder)
    try:
        process = await asyncio.to_thread(peer.start)
        clients = await asyncio.to_thread(peer.clients, OTHERS)
        stage = await prepare(peer.url, peer.port, peer.database, process.pid)
        generator = Generator(compiled("load", folder), process, peer.port, clients, websocket=True)
        os.nice(10)  # this thread, and those it starts: the server and the load generator run already
        with closing(generator):
            await asyncio.to_thread(generator.run, 2.0, deliveries=RATE, spin=False)
            return [await taken(stage, process, generator, name) for name in WORST]
    finally:
        peer.end()


async def taken(stage: Stage, process: Process, generator: Generator, name: str) -> Taken:
    rounds = [await once(stage, process, generator, name) for _ in range(ROUNDS)]
    before, meanwhile, memory = zip(*rounds, strict=True)
    ratio = median(late / early for early, late, _ in rounds)
    return Taken(name, median(before), median(meanwhile), ratio, max(memory))


async def idle(process: Process) -> None:
    """Wait until the server has nothing to do."""
    then, now = -1.0, process.cpu()
    while now - then > IDLE:
        await asyncio.sleep(LOOK)
        then, now = now, process.cpu()


async def once(stage: Stage, process: Process, generator: Generator, name: str) -> tuple[float, float, int]:
    await idle(process)
    before = await asyncio.to_thread(generator.run, SECONDS, deliveries=RATE, spin=False)
    running = asyncio.create_task(asyncio.to_thread(generator.run, SECONDS, deliveries=RATE, spin=False))
    doing = asyncio.ensure_future(WORST[name](stage))
    most = 0
    while not running.done():
        most = max(most, resident(stage.pid) - stage.memory)
        await asyncio.wait([running], timeout=0.1)
    let_go(await doing)
    return before.p99, running.result().p99, most


def main() -> None:
    console = Console(width=None if sys.stdout.isatty() else 140)
    table = Table("", title=f"A room of 20 at {RATE:,} deliveries a second", title_justify="left")
    for heading in ("p99 ms before", "meanwhile", "meanwhile to before", "MiB more than at first"):
        table.add_column(heading, justify="right")
    with tempfile.TemporaryDirectory(prefix="safespace-greed-") as folder:
        for one in asyncio.run(measure(Path(folder))):
            table.add_row(
                one.name, f"{one.before:.1f}", f"{one.meanwhile:.1f}", f"{one.ratio:.2f}", f"{one.memory / 2**20:.1f}"
            )
    console.print(table)


if __name__ == "__main__":
    main()
