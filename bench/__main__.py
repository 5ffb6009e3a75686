"""Runs the comparisons and draws the curves. See bench/README.md."""

import argparse
import json
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import growth, rekeying, scenarios, several
from bench.costs import costs
from bench.generator import compiler
from bench.goals import judged
from bench.growth import Curve
from bench.peers import Peer
from bench.plot import svg
from bench.scenarios import ROOMS50X20, Peers, Ratio

RESULTS = Path(__file__).with_name("results.json")
PICTURES = Path(__file__).parents[1] / "docs" / "images"
GROWTH: Mapping[str, Callable[[Peers], Sequence[Curve]]] = {
    "room-size": growth.room_size,
    "rooms": growth.rooms,
    "rate": growth.rate,
    "history": growth.history,
}
PARTS = (
    *dict.fromkeys(comparison.name for comparison in scenarios.COMPARISONS),
    *("commits", "idle", "costs", "processes", "rekeying"),
    *GROWTH,
)

console = Console(width=None if sys.stdout.isatty() else 140)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Compare the relay with its peers.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all when none is given")
    parser.add_argument("--rounds", type=int, default=5, help="pairs of runs of which the median is taken")
    words = parser.parse_args()
    parts = words.parts or PARTS
    if unknown := set(parts) - set(PARTS):
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    if compiler() is None:
        sys.exit("Nothing is measured without a C compiler (cc): the load generator is written in C.")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the servers are ended too
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="safespace-bench-") as name:
        peers = Peers(Path(name))
        try:
            results = measure(peers, parts, words.rounds)
        finally:
            peers.end()
    if results:
        RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
        show_ratios(results)
        show_goals(results)
    console.print(f"{time.monotonic() - began:.0f} s in all.")


def measure(peers: Peers, parts: Sequence[str], rounds: int) -> list[Ratio]:
    """Go through the parts in turn, printing each."""
    results: list[Ratio] = []
    for comparison in scenarios.COMPARISONS:
        if comparison.name in parts:
            runs, ratios = comparison.run(peers, rounds)
            show_runs(f"{comparison.shape}, {comparison.load}", runs)
            results += ratios
    if "commits" in parts:
        runs, ratios = scenarios.commits(peers, rounds)
        show_runs("64 connections with one message under way each", runs)
        results += ratios
    if "idle" in parts:
        sizes, ratios = scenarios.idle(peers, rounds)
        show_sizes(sizes)
        results += ratios
    if "processes" in parts:
        measured, ratios = several.several(peers.folder, rounds)
        for share, made in measured.items():
            show_processes(share, made)
        results += ratios
    if "rekeying" in parts:
        removals, ratios = rekeying.rekeying(rounds)
        show_removals(removals)
        results += ratios
    if "costs" in parts:
        show_costs(costs(peers))
    for part, draw in GROWTH.items():
        if part in parts:
            for curve in draw(peers):
                (PICTURES / f"{curve.name}.svg").write_text(svg(curve), encoding="utf-8")
                show_curve(curve)
                results.append(curve.ratio())
    return results


def show_runs(title: str, runs: scenarios.Runs) -> None:
    rows = {kind.title: scenarios.figures(made) for kind, made in runs.items()}
    table = Table(title=title, title_justify="left")
    table.add_column("")
    for heading in next(iter(rows.values())):
        table.add_column(heading, justify="right")
    for name, figures in rows.items():
        table.add_row(name, *figures.values())
    console.print(table)


def show_processes(share: float, measured: Mapping[int, list[several.Measured]]) -> None:
    title = f"{ROOMS50X20}, {several.AHEAD} under way in a room" + (f", {share} cores each" if share < 1 else "")
    table = Table("processes", title=title, title_justify="left")
    rows = {count: several.figures(made) for count, made in measured.items()}
    for heading in rows[several.COUNTS[0]]:
        table.add_column(heading, justify="right")
    for count, figures in rows.items():
        table.add_row(str(count), *figures.values())
    console.print(table)


def show_removals(removals: Mapping[int, rekeying.Pairs]) -> None:
    rows = {size: rekeying.figures(pairs) for size, pairs in removals.items()}
    table = Table("members", title="Taking somebody out: CPU of the devices, and what they send", title_justify="left")
    for heading in rows[rekeying.SIZES[0]]:
        table.add_column(heading, justify="right")
    for size, figures in rows.items():
        table.add_row(str(size), *figures.values())
    console.print(table)


def show_sizes(sizes: Mapping[type[Peer], float]) -> None:
    table = Table("", "KiB per idle connection", title="2,000 idle connections", title_justify="left")
    for kind, size in sizes.items():
        table.add_row(kind.title, f"{size / 1024:.1f}")
    console.print(table)


def show_costs(found: Mapping[str, str]) -> None:
    table = Table("", "cost", title="By itself", title_justify="left")
    for name, cost in found.items():
        table.add_row(name, cost)
    console.print(table)


def show_curve(curve: Curve) -> None:
    table = Table(curve.x, title=f"{curve.title}: {curve.y}", title_justify="left")
    for name in curve.lines:
        table.add_column(name, justify="right")
    for points in zip(*curve.lines.values(), strict=True):
        table.add_row(f"{points[0][0]:,g}", *[f"{y:,.2f}" for _, y in points])
    console.print(table)


def show_ratios(results: list[Ratio]) -> None:
    table = Table("name", title="SafeSpace ÷ the other", title_justify="left")
    table.add_column("ratio", justify="right")
    for heading in ("of", "against", "median of"):
        table.add_column(heading)
    for line in results:
        table.add_row(line["name"], f"{line['ratio']:g}", line["unit"], line["against"], str(line["median_of"]))
    console.print(table)


def show_goals(results: list[Ratio]) -> None:
    table = Table("goal", "ratio", title="Goals", title_justify="left")
    table.add_column("got", justify="right")
    table.add_column("met")
    for goal, ratio, word in judged(results):
        table.add_row(goal.name, str(goal), "" if ratio is None else f"{ratio:g}", word)
    console.print(table)


if __name__ == "__main__":
    main()
