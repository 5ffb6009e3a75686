"""A week of a million rooms that meet on the hour, second by second around the busiest moment: what the peak is
against the mean, and what opening the doors early or spreading reminders buys.

    python -m bench.peaks

Deterministic: who meets when is drawn from a fixed seed, and how people arrive is a curve, not a draw. What things cost
is measured (docs/scaling.md); what people do is assumed, and written down here.
"""

import math
import random
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rich.console import Console
from rich.table import Table

MINUTE, HOUR, DAY, WEEK = 60, 3600, 86_400, 604_800
"""In seconds."""


@dataclass(frozen=True)
class Costs:
    """CPU seconds of the server, measured by `make bench BENCH_ARGS="costs rate history"`."""

    enter: float = 0.009
    missed: float = 40e-6
    message: float = 300e-6
    """A message that shares its commit with few others, without its deliveries."""
    delivery: float = 8e-6
    """Writing a frame to one more connection."""
    silent: float = 8.5e-6
    """A connection, each second."""


@dataclass(frozen=True)
class Habits:
    """How rooms and their people behave."""

    rooms: int = 1_000_000
    sizes: Sequence[int] = (5, 6, 8, 8, 10, 10, 12, 12, 14, 15)
    """Members, each as likely as the others; 10 in the mean."""
    minutes: Sequence[tuple[int, float]] = ((0, 0.75), (30, 0.20), (15, 0.025), (45, 0.025))
    """When in the hour a meeting starts."""
    hours: Sequence[float] = (0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 4, 3, 4, 3, 3, 3, 4, 6, 12, 18, 16, 10, 3, 1)
    """How often a meeting starts in an hour of its own day, as weights."""
    days: Sequence[float] = (6, 7, 7, 7, 4, 3, 4)
    """The same for the days of the week, from Monday."""
    zones: Sequence[tuple[int, float]] = ((0, 1.0),)
    """Shares of the rooms by what their clock is ahead, in hours."""
    length: int = 75 * MINUTE
    come: float = 0.8
    """Share of the members who come to a meeting."""
    missed: int = 60
    """Messages that one who comes has missed since last time."""
    talk: float = 4 / MINUTE
    """Messages a second in a meeting."""
    around: float = 0.03
    """Share of all members who have a page open at any moment, meeting or not."""
    scatter: float = 60.0
    """Seconds: how far from the moment they were called people arrive (double exponential, as many before as after)."""
    doors: int = 0
    """Seconds before the start at which the room opens. Half of those who come drop in at some moment since."""
    jitter: int = 0
    """Seconds over which rooms spread the moment they call their people."""


@dataclass(frozen=True)
class Load:
    """What servers do in one second."""

    entering: float
    missed: float
    """Messages caught up."""
    presence: float
    """Frames that tell those in a room who is there."""
    messages: float
    deliveries: float
    connections: float

    def cpu(self, costs: Costs) -> float:
        """CPU seconds in that second: so many cores."""
        return (
            self.entering * costs.enter
            + self.missed * costs.missed
            + self.messages * costs.message
            + (self.deliveries + self.presence) * costs.delivery
            + self.connections * costs.silent
        )


@dataclass(frozen=True)
class Week:
    """The busiest second of a week, and the mean of all."""

    peak: Load
    mean: Load


@dataclass
class Start:
    """The meetings that start at one moment."""

    rooms: int = 0
    members: int = 0
    told: float = 0
    """Frames of presence until everyone is there: whoever comes is told to those who are, and to themselves."""

    def add(self, size: int, come: float) -> None:
        self.rooms += 1
        self.members += size
        self.told += come * size * (come * size + 1) / 2


def starts(habits: Habits, seed: int = 1) -> dict[int, Start]:
    """By the second of the week in UTC. Every room meets once a week."""
    draw = random.Random(seed)  # noqa: S311 - nobody is to be kept from guessing it
    slots = [
        (day * DAY + hour * HOUR + minute * MINUTE, a * b * c)
        for day, a in enumerate(habits.days)
        for hour, b in enumerate(habits.hours)
        for minute, c in habits.minutes
    ]
    ahead = draw.choices(*zip(*habits.zones, strict=True), k=habits.rooms)
    local = draw.choices(*zip(*slots, strict=True), k=habits.rooms)
    sizes = draw.choices(habits.sizes, k=habits.rooms)
    found: defaultdict[int, Start] = defaultdict(Start)
    for zone, start, size in zip(ahead, local, sizes, strict=True):
        found[(start - zone * HOUR) % WEEK].add(size, habits.come)
    return found


def arrivals(habits: Habits) -> dict[int, float]:
    """The share of those who come that arrives in each second, counted from the start. They add up to 1."""
    reach = int(8 * habits.scatter)
    shares = {at: math.exp(-abs(at) / habits.scatter) for at in range(-reach, reach + 1)}
    whole = sum(shares.values())
    shares = _spread({at: share / whole for at, share in shares.items()}, 0, habits.jitter)
    if habits.doors:
        early = _spread({0: 1.0}, -habits.doors, habits.doors)
        shares = {at: (shares.get(at, 0) + early.get(at, 0)) / 2 for at in sorted(shares.keys() | early.keys())}
    return shares


def _spread(shares: Mapping[int, float], first: int, seconds: int) -> dict[int, float]:
    """Each share spread evenly over so many seconds from `first` on."""
    width = max(seconds, 1)
    running = 0.0
    found: dict[int, float] = {}
    for at in range(min(shares), max(shares) + width):
        running += shares.get(at, 0) - shares.get(at - width, 0)
        found[at + first] = running / width
    return found


def simulate(habits: Habits, costs: Costs, seed: int = 1) -> Week:
    """The dearest second of the two hours around the fullest start, and the mean of the week."""
    found = starts(habits, seed)
    fullest = max(found, key=lambda start: (found[start].members, -start))
    near = {at: found[at % WEEK] for at in range(fullest - 4 * HOUR, fullest + 4 * HOUR) if at % WEEK in found}
    entering: defaultdict[int, float] = defaultdict(float)
    presence: defaultdict[int, float] = defaultdict(float)
    shares = arrivals(habits)
    for start, meetings in near.items():
        for at, share in shares.items():
            entering[start + at] += share * habits.come * meetings.members
            presence[start + at] += share * meetings.told
    online = habits.around * sum(meetings.members for meetings in found.values())

    def load(at: int) -> Load:
        running = [meetings for start, meetings in near.items() if start <= at < start + habits.length]
        rooms, members = sum(m.rooms for m in running), sum(m.members for m in running)
        return _load(habits, entering[at], presence[at], rooms, habits.come * members, online)

    peak = max(map(load, range(fullest - HOUR, fullest + HOUR)), key=lambda load: load.cpu(costs))
    members = sum(meetings.members for meetings in found.values())
    at_once = habits.length / WEEK
    mean = _load(
        habits,
        habits.come * members / WEEK,
        sum(meetings.told for meetings in found.values()) / WEEK,
        habits.rooms * at_once,
        habits.come * members * at_once,
        online,
    )
    return Week(peak, mean)


def _load(habits: Habits, entering: float, presence: float, rooms: float, people: float, online: float) -> Load:
    return Load(
        entering=entering,
        missed=entering * habits.missed,
        presence=presence,
        messages=rooms * habits.talk,
        deliveries=people * habits.talk,
        connections=people + online,
    )


ONE_ZONE = Habits()
SCENARIOS = {
    "one time zone, people come when the clock strikes": ONE_ZONE,
    "the same, called by their devices in the same second": replace(ONE_ZONE, scatter=10),
    "the same, calls spread over 5 minutes": replace(ONE_ZONE, scatter=10, jitter=5 * MINUTE),
    "doors open 10 minutes early": replace(ONE_ZONE, doors=10 * MINUTE),
    "doors 10 minutes early, calls spread over 5 minutes": replace(ONE_ZONE, doors=10 * MINUTE, jitter=5 * MINUTE),
    "three continents": replace(ONE_ZONE, zones=((-5, 0.35), (1, 0.4), (8, 0.25))),
    "three continents, doors and calls as above": replace(
        ONE_ZONE, zones=((-5, 0.35), (1, 0.4), (8, 0.25)), doors=10 * MINUTE, jitter=5 * MINUTE
    ),
}


def main() -> None:
    costs = Costs()
    table = Table("", title=f"{ONE_ZONE.rooms:,} rooms, the busiest second of a week", title_justify="left")
    for heading in ("entering", "caught up", "presence", "deliveries", "open", "cores", "mean cores", "peak to mean"):
        table.add_column(heading, justify="right")
    for name, habits in SCENARIOS.items():
        week = simulate(habits, costs)
        peak = week.peak
        cores, mean = peak.cpu(costs), week.mean.cpu(costs)
        figures = (peak.entering, peak.missed, peak.presence, peak.deliveries, peak.connections)
        table.add_row(
            name, *[f"{figure:,.0f}" for figure in figures], f"{cores:.0f}", f"{mean:.1f}", f"{cores / mean:.1f}"
        )
    Console(width=None if sys.stdout.isatty() else 160).print(table)


if __name__ == "__main__":
    main()
