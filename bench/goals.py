"""What each ratio has to reach, and what it had better."""

from collections.abc import Sequence
from dataclasses import dataclass

from bench.scenarios import Ratio


@dataclass(frozen=True)
class Goal:
    """A bound for a ratio. Where `aim` is above `must`, more is better."""

    name: str
    must: float
    aim: float

    def allows(self, ratio: float) -> bool:
        """Whether the ratio is within `must`."""
        return ratio >= self.must if self.aim > self.must else ratio <= self.must

    def reaches(self, ratio: float) -> bool:
        """Whether the ratio is within `aim`."""
        return ratio >= self.aim if self.aim > self.must else ratio <= self.aim

    def __str__(self) -> str:
        return f"{'at least' if self.aim > self.must else 'at most'} {self.must:g}, better {self.aim:g}"


GOALS = (
    Goal("room20.deliveries_vs_ejabberd_sql", 20, 40),
    Goal("room20.deliveries_vs_prosody_archive", 30, 60),
    Goal("room20.deliveries_vs_synapse", 300, 1000),
    Goal("room20.cpu400_vs_ejabberd_sql", 0.6, 0.35),
    Goal("rooms50x20.cpu_vs_fastapi_loop", 0.5, 0.3),
    Goal("rooms50x20.deliveries_vs_websockets_broadcast", 1.5, 2),
    Goal("rooms50x20.cpu_vs_bare_c", 1.7, 1),
    Goal("fixed10k.p50_vs_fastapi_loop", 3, 1.8),
    Goal("fixed10k.p99_vs_fastapi_loop", 4, 1.7),
    Goal("commits_per_message", 0.2, 0.05),
    Goal("commits.rate_vs_commit_each", 5, 9),
    Goal("idle.memory_vs_fastapi", 1.25, 1),
    Goal("growth-room-size.last_vs_first", 1.2, 1),
    Goal("growth-rooms.last_vs_first", 1.2, 1),
    Goal("growth-catch-up.last_vs_first", 1.2, 1),
)


def judged(results: Sequence[Ratio]) -> list[tuple[Goal, float | None, str]]:
    """Each goal, what was got, and a word for it: `no`, `met`, `aim` where the better one is reached too, or `-`."""
    got = {line["name"]: line["ratio"] for line in results}
    return [(goal, got.get(goal.name), _word(goal, got.get(goal.name))) for goal in GOALS]


def _word(goal: Goal, ratio: float | None) -> str:
    if ratio is None:
        return "-"
    return "aim" if goal.reaches(ratio) else "met" if goal.allows(ratio) else "no"
