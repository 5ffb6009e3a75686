"""What is compared: the same rooms and messages through several servers, turn by turn in one run."""

import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypedDict

from bench import submitters
from bench.generator import Run
from bench.matrix import Synapse
from bench.peers import Bare, BareJoined, Broadcast, FastAPILoop, Peer, Shape
from bench.safespace import CommitEach, SafeSpace
from bench.xmpp import Ejabberd, Prosody

ROOM20 = Shape(1, 20, 20)
ROOMS50X20 = Shape(50, 20, 5)
IDLE = Shape(50, 40, 5)
SUBMITTERS = Shape(16, 4, 5)
"""64 connections that each wait for their own message before the next."""
WARM = {"seconds": 0.5}
"""What differs in the run before those that count."""

Runs = dict[type[Peer], list[Run]]


class Peers:
    """One of each server, started when first needed, ended by `end`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._peers: dict[type[Peer], Peer] = {}
        self.ours: SafeSpace = SafeSpace(folder)
        self._peers[SafeSpace] = self.ours
        self.missing: dict[type[Peer], str] = {}

    def get(self, kind: type[Peer]) -> Peer | None:
        """The server of this kind; None where what it needs is not installed."""
        if kind not in self._peers:
            if (lacks := kind.lacks()) is not None:
                if kind not in self.missing:
                    print(f"Skipped: {kind.title}, as {lacks}.")
                self.missing[kind] = lacks
                return None
            self._peers[kind] = kind(self.folder)
        return self._peers[kind]

    def end(self) -> None:
        """End them all."""
        for peer in self._peers.values():
            peer.end()


class Ratio(TypedDict):
    """A line of results.json: ours ÷ theirs, the median of so many pairs."""

    name: str
    ratio: float
    unit: str
    against: str
    median_of: int


@dataclass(frozen=True)
class Load:
    """What is sent in one run: see Generator.run."""

    seconds: float
    deliveries: float = 0
    ahead: int = 0
    spin: bool = True

    def __str__(self) -> str:
        rate = f"{self.deliveries:,.0f}/s" if self.deliveries else f"{self.ahead} under way in a room"
        return rate if self.spin else f"{rate}, load generator sleeps"


def side_by_side(peers: Peers, kinds: Sequence[type[Peer]], shape: Shape, load: Load, rounds: int) -> Runs:
    """Run the load through each server in turn, `rounds` times; every second time in the other order."""
    there = {kind: peer for kind in kinds if (peer := peers.get(kind)) is not None}
    runs: Runs = {kind: [] for kind in there}
    with ExitStack() as stack:
        generators = {kind: stack.enter_context(closing(peer.entered(shape))) for kind, peer in there.items()}
        for generator in generators.values():
            generator.run(**asdict(load) | WARM)
        for number in range(rounds):
            for kind in list(there)[:: -1 if number % 2 else 1]:
                runs[kind].append(generators[kind].run(**asdict(load)))
    return runs


def ratio(name: str, runs: Runs, against: type[Peer], unit: str, of: Callable[[Run], float]) -> Ratio:
    """The median of the ratios of runs that were made next to each other."""
    pairs = [of(ours) / of(theirs) for ours, theirs in zip(runs[SafeSpace], runs[against], strict=True)]
    return Ratio(name=name, ratio=_rounded(pairs), unit=unit, against=against.title, median_of=len(pairs))


@dataclass(frozen=True)
class Comparison:
    """A load that several servers get, and what is read off."""

    name: str
    kinds: Sequence[type[Peer]]
    shape: Shape
    load: Load
    ratios: Sequence[tuple[str, type[Peer], str, Callable[[Run], float]]]
    """What they are called, whom they are against, the unit, and what is compared."""

    def run(self, peers: Peers, rounds: int) -> tuple[Runs, list[Ratio]]:
        """The runs of each server, and the ratios that the peers at hand allow."""
        runs = side_by_side(peers, self.kinds, self.shape, self.load, rounds)
        return runs, [
            ratio(f"{self.name}.{name}", runs, against, unit, of)
            for name, against, unit, of in self.ratios
            if against in runs
        ]


def _rate(run: Run) -> float:
    return run.rate


def _cpu(run: Run) -> float:
    return run.cpu_per_million


FIXED = (
    ("p50_vs_fastapi_loop", FastAPILoop, "ms", lambda run: run.p50),
    ("p99_vs_fastapi_loop", FastAPILoop, "ms", lambda run: run.p99),
    ("cpu_vs_fastapi_loop", FastAPILoop, "CPU s per delivery", _cpu),
)
COMPARISONS = (
    Comparison(
        "room20",
        (SafeSpace, Ejabberd, Prosody, Synapse),
        ROOM20,
        Load(2.5, ahead=80, spin=False),
        (
            ("deliveries_vs_ejabberd_sql", Ejabberd, "deliveries/s", _rate),
            ("deliveries_vs_prosody_archive", Prosody, "deliveries/s", _rate),
            ("deliveries_vs_synapse", Synapse, "deliveries/s", _rate),
            ("cpu_vs_ejabberd_sql", Ejabberd, "CPU s per delivery", _cpu),
            ("cpu_vs_prosody_archive", Prosody, "CPU s per delivery", _cpu),
        ),
    ),
    Comparison(
        "room20",
        (SafeSpace, Ejabberd, Prosody),
        ROOM20,
        Load(10, deliveries=400, spin=False),
        (
            ("cpu400_vs_ejabberd_sql", Ejabberd, "CPU s per delivery", _cpu),
            ("cpu400_vs_prosody_archive", Prosody, "CPU s per delivery", _cpu),
        ),
    ),
    Comparison(
        "rooms50x20",
        (SafeSpace, FastAPILoop, Broadcast, Bare, BareJoined),
        ROOMS50X20,
        Load(2, ahead=20),
        (
            ("cpu_vs_fastapi_loop", FastAPILoop, "CPU s per delivery", _cpu),
            ("deliveries_vs_websockets_broadcast", Broadcast, "deliveries/s", _rate),
            ("cpu_vs_bare_c", Bare, "CPU s per delivery", _cpu),
        ),
    ),
    Comparison("fixed10k", (SafeSpace, FastAPILoop), ROOMS50X20, Load(6, deliveries=10_000, spin=False), FIXED),
    Comparison("fixed10k-spinning", (SafeSpace, FastAPILoop), ROOMS50X20, Load(6, deliveries=10_000), FIXED),
)


def commits(peers: Peers, rounds: int) -> tuple[Runs, list[Ratio]]:
    """64 connections with one message under way each: commits for each message, and what sharing them gains."""
    each = peers.get(CommitEach)
    assert each is not None
    runs: Runs = {SafeSpace: [], CommitEach: []}
    shares: list[float] = []
    load = Load(2, ahead=SUBMITTERS.members)
    with closing(peers.ours.entered(SUBMITTERS)) as ours, closing(each.entered(SUBMITTERS)) as theirs:
        for members in (ours, theirs):
            members.run(**asdict(load) | WARM)
        for _ in range(rounds):
            before = peers.ours.commits()
            runs[SafeSpace].append(ours.run(**asdict(load)))
            shares.append((peers.ours.commits() - before) / runs[SafeSpace][-1].sent)
            runs[CommitEach].append(theirs.run(**asdict(load)))
    share = Ratio(
        name="commits_per_message",
        ratio=_rounded(shares),
        unit="commits",
        against="a commit for each message",
        median_of=rounds,
    )
    return runs, [
        share,
        ratio("commits.server_rate_vs_commit_each", runs, CommitEach, "deliveries/s", _rate),
        _writer(peers, rounds),
    ]


def _writer(peers: Peers, rounds: int) -> Ratio:
    """The same without the server around it, in its database."""
    peers.ours.end()
    pairs = []
    for _ in range(rounds):
        shared, alone = submitters.rate(peers.ours.database, 1.5), submitters.rate(peers.ours.database, 1.5, batch=1)
        print(f"The writer alone, 64 submitters: {shared:,.0f} messages a second, with a commit each {alone:,.0f}")
        pairs.append(shared / alone)
    return Ratio(
        name="commits.rate_vs_commit_each",
        ratio=_rounded(pairs),
        unit="messages/s",
        against="a commit for each message",
        median_of=rounds,
    )


def idle(peers: Peers, rounds: int) -> tuple[dict[type[Peer], float], list[Ratio]]:
    """What an idle connection keeps in memory, in bytes: 2,000 of them, each in a room, in a server just started."""
    bytes_each: dict[type[Peer], list[float]] = {SafeSpace: [], FastAPILoop: []}
    peers.ours.rooms(IDLE.rooms, IDLE.people)
    for _ in range(rounds):
        for kind, found in bytes_each.items():
            peer = peers.get(kind)
            assert peer is not None
            found.append(_memory(peer))
    ours, theirs = bytes_each.values()
    line = Ratio(
        name="idle.memory_vs_fastapi",
        ratio=_rounded([a / b for a, b in zip(ours, theirs, strict=True)]),
        unit="bytes per connection",
        against=FastAPILoop.title,
        median_of=rounds,
    )
    return {kind: statistics.median(found) for kind, found in bytes_each.items()}, [line]


def _memory(peer: Peer) -> float:
    peer.end()
    process = peer.start()
    with closing(peer.entered(Shape(1, 20, 20))):
        pass  # what is loaded and made ready with the first connections is not theirs
    time.sleep(0.5)
    before = process.memory()
    with closing(peer.entered(IDLE)):
        time.sleep(1)
        return (process.memory() - before) / (IDLE.rooms * IDLE.members)


def _rounded(values: Sequence[float]) -> float:
    return float(f"{statistics.median(values):.4g}")


def figures(runs: Sequence[Run]) -> dict[str, Any]:
    """The medians of several runs, for people to read."""

    def median(of: Callable[[Run], float]) -> float:
        return statistics.median(map(of, runs))

    return {
        "deliveries/s": f"{median(_rate):,.0f}",
        "CPU s per million": f"{median(_cpu):,.2f}",
        "p50 ms": f"{median(lambda run: run.p50):,.2f}",
        "p99 ms": f"{median(lambda run: run.p99):,.1f}",
        "generator at work": f"{median(lambda run: run.busy):.0%}",
    }
