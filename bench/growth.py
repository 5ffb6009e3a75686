"""How the cost of a delivery grows: with the size of a room, the rate, the history and the number of rooms."""

import statistics
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass

from bench.generator import Generator, compiled
from bench.peers import FastAPILoop, Shape
from bench.safespace import SafeSpace
from bench.scenarios import ROOMS50X20, Load, Peers, Ratio, side_by_side

TOTAL = 10_000
"""Deliveries a second in all, where the rate is not what grows."""
SECONDS = 1.2
ROUNDS = 5

Line = list[tuple[float, float]]


@dataclass(frozen=True)
class Curve:
    """A picture: its file's name, its title, its axes, and lines of (x, y) by what they are of."""

    name: str
    title: str
    x: str
    y: str
    lines: Mapping[str, Line]

    def ratio(self) -> Ratio:
        """Ours at the far end to ours at the near end."""
        (first, low), *_, (last, high) = self.lines[SafeSpace.title]
        return Ratio(
            name=f"{self.name}.last_vs_first",
            ratio=float(f"{high / low:.4g}"),
            unit=f"{self.y}, {last:,g} {self.x}",
            against=f"SafeSpace, {first:,g} {self.x}",
            median_of=ROUNDS,
        )


CPU = "CPU seconds per million deliveries"


def room_size(peers: Peers) -> list[Curve]:
    """One room, more and more members, fewer and fewer messages."""
    steps = {size: (Shape(1, size, 20), TOTAL) for size in (10, 50, 200, 500)}
    return [_curve(peers, "growth-room-size", "One room, 10,000 deliveries a second", "members", steps)]


def rooms(peers: Peers) -> list[Curve]:
    """More and more rooms of 10."""
    steps = {count: (Shape(count, 10, 1), TOTAL) for count in (50, 200, 1000)}
    return [_curve(peers, "growth-rooms", "Rooms of 10, 10,000 deliveries a second", "rooms", steps)]


def rate(peers: Peers) -> list[Curve]:
    """More and more messages, 50 rooms of 20."""
    steps = {total: (ROOMS50X20, total) for total in (1_000, 3_000, 10_000, 30_000)}
    return [_curve(peers, "growth-rate", "50 rooms of 20", "deliveries a second", steps)]


def history(peers: Peers) -> list[Curve]:
    """A longer and longer log: what a delivery costs, and what a catch-up on the whole of it does."""
    shape = Shape(1, 10, 1)
    room = peers.ours.rooms(1, 1)[0]
    start = peers.ours.head(room)
    deliveries: Line = []
    catching_up: Line = []
    for length in (1_000, 10_000, 30_000, 100_000):
        _fill(peers.ours, start + length)
        with closing(peers.ours.entered(shape)) as generator:
            generator.run(0.5, deliveries=TOTAL)
            costs = [generator.run(SECONDS, deliveries=TOTAL).cpu_per_million for _ in range(ROUNDS)]
        deliveries.append((length, statistics.median(costs)))
        catching_up.append((length, _catch_up(peers.ours, length)))
    return [
        Curve(
            "growth-history",
            "A room of 10, 10,000 deliveries a second",
            "messages in the room's log",
            CPU,
            {SafeSpace.title: deliveries},
        ),
        Curve(
            "growth-catch-up",
            "Catching up",
            "messages missed",
            "CPU seconds per million messages",
            {SafeSpace.title: catching_up},
        ),
    ]


def _curve(peers: Peers, name: str, title: str, x: str, steps: Mapping[int, tuple[Shape, int]]) -> Curve:
    """The cost at each step (by x: rooms, deliveries a second), beside FastAPI's, which tells of the machine."""
    lines: dict[str, Line] = {SafeSpace.title: [], FastAPILoop.title: []}
    for at, (shape, total) in steps.items():
        runs = side_by_side(peers, (SafeSpace, FastAPILoop), shape, Load(SECONDS, deliveries=total), ROUNDS)
        for kind, made in runs.items():
            lines[kind.title].append((at, statistics.median(run.cpu_per_million for run in made)))
    return Curve(name, title, x, CPU, lines)


def _fill(ours: SafeSpace, head: int) -> None:
    """Write into the first room of one until its log has come so far."""
    room = ours.rooms(1, 1)[0]
    with closing(ours.entered(Shape(1, 1, 1))) as generator:
        while ours.head(room) < head:
            generator.run(0.5, ahead=400)


def _catch_up(ours: SafeSpace, missed: int) -> float:
    """CPU seconds of the server for a million missed messages."""
    room, process = ours.rooms(1, 1)[0], ours.start()
    cost = []
    for _ in range(ROUNDS):
        client = ours.client(0, room, room.tokens[0], ours.head(room) - missed)
        cpu = process.cpu()
        with closing(Generator(compiled("load", ours.programs), process, ours.port, [client], websocket=True)):
            cost.append((process.cpu() - cpu) / missed * 1e6)
    return statistics.median(cost)
