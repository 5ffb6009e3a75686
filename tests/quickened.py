"""A server, and people's clocks, for which an hour is minutes: everything by the clock happens FACTOR times as soon."""

import os
import sys
import time
from functools import partial
from pathlib import Path
from typing import Final

from serving import ServerProcess

FACTOR: Final = 15
_BASE: Final = "SAFESPACE_TEST_BASE"
_now = time.time


def base() -> float:
    """The moment at which the quick clocks were right; of the whole test run."""
    return float(os.environ.setdefault(_BASE, str(_now())))


def quick_clock(factor: int = FACTOR) -> int:
    """What everyone's clock says, milliseconds."""
    return int(quick_time(factor) * 1000)


def quick_time(factor: int = FACTOR) -> float:
    return base() + (_now() - base()) * factor


def quick_page(factor: int = FACTOR) -> str:
    """For a browser: a script that goes before a page's own and quickens its clock, though not its timers."""
    start = base() * 1000
    return f"{{ const now = Date.now; Date.now = () => Math.round({start} + (now() - {start}) * {factor}); }}"


class QuickServer(ServerProcess):
    """`safespace serve`, on the quick clock; slower than FACTOR where people at browsers have to keep up with it."""

    command = (sys.executable, str(Path(__file__)), "serve")

    def __init__(self, data_dir: Path, port: int | None = None, *, factor: int = FACTOR, **settings: str) -> None:
        more = {"SAFESPACE_TEST_TIME": f"{base()} {factor}", "PYTHONPATH": os.pathsep.join(sys.path)}
        super().__init__(data_dir, port, **settings, **more)


if __name__ == "__main__":
    os.environ[_BASE], asked = os.environ.pop("SAFESPACE_TEST_TIME").split()
    time.time = partial(quick_time, int(asked))
    time.time_ns = lambda: int(quick_time(int(asked)) * 1e9)

    from safespace.cli import main

    main()
