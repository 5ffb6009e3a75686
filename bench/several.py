"""One, two and four processes of SafeSpace on one PostgreSQL and one Redis."""

import shutil
import statistics
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from backing import BINARIES, Postgres, Redis
from bench.generator import Run
from bench.processes import Process, cpu_of
from bench.safespace import SafeSpace
from bench.scenarios import ROOMS50X20, Ratio

COUNTS = (1, 2, 4)
AHEAD = 20
SECONDS = 3.0


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
    """A run, and the CPU seconds that PostgreSQL and Redis took for a million deliveries."""

    run: Run
    database: float
    redis: float


def several(folder: Path, rounds: int) -> tuple[dict[int, list[Measured]], list[Ratio]]:
    """50 rooms of 20 by 1, 2 and 4 processes in turn; the others are not there meanwhile."""
    found: dict[int, list[Measured]] = {count: [] for count in COUNTS}
    if (lacks := Several.lacks()) is not None:
        print(f"Skipped: {Several.title}, as {lacks}.")
        return {}, []
    server = Several(folder)
    try:
        server.rooms(ROOMS50X20.rooms, ROOMS50X20.people)
        for number in range(rounds):
            for count in COUNTS[:: -1 if number % 2 else 1]:
                server.end()
                server.workers = count
                found[count].append(_measure(server))
    finally:
        server.remove()
    return found, [_ratio(count, found) for count in COUNTS[1:]]


def _measure(server: Several) -> Measured:
    with closing(server.entered(ROOMS50X20)) as generator:
        generator.run(1, ahead=AHEAD)
        before = cpu_of(server.postgres.pid), cpu_of(server.redis.pid)
        run = generator.run(SECONDS, ahead=AHEAD)
        after = cpu_of(server.postgres.pid), cpu_of(server.redis.pid)
    database, redis = ((b - a) / run.deliveries * 1e6 for a, b in zip(before, after, strict=True))
    return Measured(run, database, redis)


def _ratio(count: int, found: Mapping[int, list[Measured]]) -> Ratio:
    pairs = [more.run.rate / one.run.rate for more, one in zip(found[count], found[1], strict=True)]
    return Ratio(
        name=f"processes.{count}_vs_1",
        ratio=float(f"{statistics.median(pairs):.4g}"),
        unit="deliveries/s",
        against="one process on PostgreSQL",
        median_of=len(pairs),
    )


def figures(made: list[Measured]) -> dict[str, Any]:
    """The medians of several runs, for people to read."""

    def median(values: list[float]) -> float:
        return statistics.median(values)

    return {
        "deliveries/s": f"{median([one.run.rate for one in made]):,.0f}",
        "CPU s per million": f"{median([one.run.cpu_per_million for one in made]):,.2f}",
        "of PostgreSQL": f"{median([one.database for one in made]):,.2f}",
        "of Redis": f"{median([one.redis for one in made]):,.2f}",
        "p50 ms": f"{median([one.run.p50 for one in made]):,.1f}",
        "p99 ms": f"{median([one.run.p99 for one in made]):,.1f}",
    }
