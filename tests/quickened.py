"""A server, and people's clocks, for which an hour is minutes: everything by the clock happens FACTOR times as soon."""

import os
import sys
import time
from pathlib import Path
from typing import Final

from serving import ServerProcess

FACTOR: Final = 6
_BASE: Final = "SAFESPACE_TEST_BASE"
_now = time.time


def base() -> float:
    """The moment at which the quick clocks were right; of the whole test run."""
    return float(os.environ.setdefault(_BASE, str(_now())))


def quick_clock() -> int:
    """What everyone's clock says, milliseconds."""
    return int(quick_time() * 1000)


def quick_time() -> float:
    return base() + (_now() - base()) * FACTOR


def quick_page() -> str:
    """For a browser: a script that goes before a page's own and quickens its clock, though not its timers."""
    start = base() * 1000
    return f"{{ const now = Date.now; Date.now = () => Math.round({start} + (now() - {start}) * {FACTOR}); }}"


class QuickServer(ServerProcess):
    """`safespace serve`, on the quick clock."""

    command = (sys.executable, str(Path(__file__)), "serve")

    def __init__(self, data_dir: Path, port: int | None = None, **settings: str) -> None:
        super().__init__(
            data_dir, port, **settings, SAFESPACE_TEST_TIME=str(base()), PYTHONPATH=os.pathsep.join(sys.path)
        )


if __name__ == "__main__":
    os.environ[_BASE] = os.environ.pop("SAFESPACE_TEST_TIME")
    time.time = quick_time
    time.time_ns = lambda: int(quick_time() * 1e9)

    from safespace.cli import main

    main()
