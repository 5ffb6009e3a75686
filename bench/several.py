"""One, two and four processes of SafeSpace on one PostgreSQL and one Redis.

Two cores hold everything, so each number is measured twice: with all the CPU the processes get, and with a fixed share
of a core for each, where what they can do together is seen although the cores are few.
"""

import shutil
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from backing import BINARIES, Postgres, Redis
from bench import rations
from bench.generator import Generator, Run
from bench.peers import Shape
from bench.processes import Process, cpu_of, tree
from bench.safespace import SafeSpace
from bench.scenarios import ROOMS50X20, Ratio

COUNTS = (1, 2, 4)
CROWD = Shape(10, 20, 5)
"""Who enters while it is timed."""
AHEAD = 20
SECONDS = 3.0
SHARE = 0.2
"""Of a core, for each process that has a fixed one: four of them leave room for PostgreSQL and the load."""


class Several(SafeSpace):
    """SafeSpace as `workers` processes that share a port, started anew for each number of them."""

    title = "SafeSpace on PostgreSQL"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.workers = 1
        # `synchronous_commit` and `fsync` are on, as they are by default.
        self.postgres = Postgres("shared_buffers=256MB")
        self.redis = Redis(self.folder)
        self.postgres.start()
        self.redis.start()

    @classmethod
    def lacks(cls) -> str | None:
        if not BINARIES or shutil.which("redis-server") is None:
            return "PostgreSQL or Redis is not installed"
        return None

    def environment(self) -> Mapping[str, str]:
        return {
            **super().environment(),
            "SAFESPACE_DATABASE_URL": self.postgres.url(),
            "SAFESPACE_REDIS_URL": self.redis.url,
            "SAFESPACE_WORKERS": str(self.workers),
        }

    def start(self) -> Process:
        process = super().start()
        process.wait_for("SafeSpace is at")
        return process

    def serving(self) -> list[int]:
        """The ids of the processes that have the connections."""
        process = self.start()
        return tree(process.pid)[1:] or [process.pid]

    def remove(self) -> None:
        """End it, and what it stands on."""
        self.end()
        self.redis.stop()
        self.postgres.remove()

    def _heads(self) -> dict[UUID, int]:
        rows = self.postgres.sql("SELECT id, head FROM rooms").splitlines()
        return {UUID(room): int(head) for room, _, head in (row.partition("|") for row in rows)}


@dataclass(frozen=True)
class Measured:
    """How many people entered in a second, a run, and the CPU seconds that PostgreSQL and Redis took for a million
    deliveries."""

    entering: float
    run: Run
    database: float
    redis: float


KINDS: Sequence[tuple[str, str, Callable[[Measured], float]]] = (
    ("", "deliveries/s", lambda made: made.run.rate),
    ("_entering", "people who enter/s", lambda made: made.entering),
)
"""What is compared."""

Found = dict[float, dict[int, list[Measured]]]
"""What was measured, by the share of a core that a process had (1: whatever it got) and the number of processes."""


def several(folder: Path, rounds: int) -> tuple[Found, list[Ratio]]:
    """50 rooms of 20 by 1, 2 and 4 processes in turn; the others are not there meanwhile."""
    if (lacks := Several.lacks()) is not None:
        print(f"Skipped: {Several.title}, as {lacks}.")
        return {}, []
    found: Found = {1: {count: [] for count in COUNTS}}
    if (lacks := rations.lacks()) is None:
        found[SHARE] = {count: [] for count in COUNTS}
    else:
        print(f"Skipped: {Several.title} with a fixed share of a core for each process, as {lacks}.")
    server = Several(folder)
    try:
        server.rooms(ROOMS50X20.rooms, ROOMS50X20.people)
        for number in range(rounds):
            for count in COUNTS[:: -1 if number % 2 else 1]:
                server.end()
                server.workers = count
                with closing(server.entered(ROOMS50X20)) as generator:
                    for share, made in found.items():
                        with nullcontext() if share == 1 else rations.rationed(server.serving(), share):
                            made[count].append(_measure(server, generator, spin=share == 1))
    finally:
        server.remove()
    return found, [
        _ratio(f"processes{'' if share == 1 else '-rationed'}.{count}_vs_1{suffix}", unit, of, made[count], made[1])
        for share, made in found.items()
        for count in COUNTS[1:]
        for suffix, unit, of in KINDS
    ]


def _measure(server: Several, generator: Generator, *, spin: bool) -> Measured:
    began = time.monotonic()
    with closing(server.entered(CROWD)):
        entering = CROWD.rooms * CROWD.members / (time.monotonic() - began)
    generator.run(1, ahead=AHEAD, spin=spin)
    before = cpu_of(server.postgres.pid), cpu_of(server.redis.pid)
    run = generator.run(SECONDS, ahead=AHEAD, spin=spin)
    after = cpu_of(server.postgres.pid), cpu_of(server.redis.pid)
    database, redis = ((b - a) / run.deliveries * 1e6 for a, b in zip(before, after, strict=True))
    return Measured(entering, run, database, redis)


def _ratio(
    name: str, unit: str, of: Callable[[Measured], float], more: Sequence[Measured], one: Sequence[Measured]
) -> Ratio:
    pairs = [of(a) / of(b) for a, b in zip(more, one, strict=True)]
    return Ratio(
        name=name,
        ratio=float(f"{statistics.median(pairs):.4g}"),
        unit=unit,
        against="one process on PostgreSQL",
        median_of=len(pairs),
    )


def figures(made: list[Measured]) -> dict[str, Any]:
    """The medians of several runs, for people to read."""

    def median(values: list[float]) -> float:
        return statistics.median(values)

    return {
        "people who enter/s": f"{median([one.entering for one in made]):,.0f}",
        "deliveries/s": f"{median([one.run.rate for one in made]):,.0f}",
        "CPU s per million": f"{median([one.run.cpu_per_million for one in made]):,.2f}",
        "of PostgreSQL": f"{median([one.database for one in made]):,.2f}",
        "of Redis": f"{median([one.redis for one in made]):,.2f}",
        "p50 ms": f"{median([one.run.p50 for one in made]):,.1f}",
        "p99 ms": f"{median([one.run.p99 for one in made]):,.1f}",
    }
