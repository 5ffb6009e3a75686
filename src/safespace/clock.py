"""Time is passed in: a `Clock` gives integer milliseconds since 1970."""

import time
from collections.abc import Callable

Clock = Callable[[], int]


def wall_clock() -> int:
    """The machine's own clock, in milliseconds since 1970."""
    return time.time_ns() // 1_000_000
