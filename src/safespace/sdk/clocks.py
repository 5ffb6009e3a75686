"""What time it is at the server. Times in a group are the server's; a device's own clock may be wrong."""

import time
from collections.abc import Callable, Collection
from datetime import UTC, datetime

from safespace.fields import MAX_TIME

UNSURE = 3_600_000
"""Milliseconds by which a device's clock may be wrong before the server was heard."""
SURE = 60_000
"""The same, after."""
TOLERATED = 300_000
"""Milliseconds by which a device's clock may be wrong without anybody being told."""
_COARSE = 2_000
"""Milliseconds by which the date of an answer, and its way here, may be off."""


def date_of(instant: int) -> datetime:
    """A time of the server's or of another member's client; one that there cannot be is the nearest that there can."""
    return datetime.fromtimestamp(min(max(instant, 0), MAX_TIME) / 1000, UTC)


class ServerClock:
    """Milliseconds since 1970, by the newest answer, or line that came as it was sent. `own` is the device's clock."""

    def __init__(self, own: Callable[[], int] | None = None) -> None:
        self.own = own or own_clock
        self._ahead: int | None = None
        self._most: int | None = None

    def heard(self, now: int) -> None:
        """The server gave this time just now."""
        self._ahead = now - self.own()
        self._most = max(self._ahead, self._ahead if self._most is None else self._most)

    def lined(self, now: int) -> None:
        """A line that came as it was sent is of this time. One far from all that is known tells of itself alone."""
        if self._ahead is None or abs(self.now() - now) <= UNSURE:
            self.heard(now)

    def dated(self, now: int) -> None:
        """An answer of the server says that it is this time, to the second: that is worth something where it is new."""
        if self._ahead is None or abs(self.now() - now) > _COARSE:
            self.heard(now)

    def now(self) -> int:
        """What the server's clock says, as far as is known."""
        return self.own() + (self._ahead or 0)

    @property
    def wrong_by(self) -> int:
        """By how many milliseconds the device's own clock is ahead; 0 where it is about right, or nothing is known."""
        ahead = -(self._ahead or 0)
        return ahead if abs(ahead) > TOLERATED else 0

    def at_least(self) -> int:
        """What time it is at least: what the server once said, and what went by here since."""
        return max(self.now(), self.own() + (self._most or 0) - self.error)

    @property
    def error(self) -> int:
        """How far off `now` may be, milliseconds."""
        return UNSURE if self._ahead is None else SURE


class Countdown:
    """Ends that a group has announced, counted down by the device's own clock as well: a server that stops its clock,
    or never says that something is over, puts none of them off by more than SURE.
    """

    def __init__(self) -> None:
        self._due: dict[int, int] = {}
        self._own: Callable[[], int] = own_clock

    def now(self, clock: ServerClock, ends: Collection[int], heard: int) -> int:
        """The server's time, but at least that of each end that has come by the device's own.

        `heard` is the time of the newest line: an end is never farther off than from there.
        """
        now, self._own = clock.now(), clock.own
        own = self._own()
        self._due = {end: self._due.get(end, own + max(0, end - max(now, heard)) + SURE) for end in ends}
        return max([now, *(end for end, due in self._due.items() if due <= own)])

    def left(self) -> int | None:
        """Milliseconds until the next of them has come by the device's own clock; None where there is none."""
        left = [due - self._own() for due in self._due.values()]
        return min((one for one in left if one > 0), default=None)


def own_clock() -> int:
    """The device's own clock, milliseconds since 1970: right when the program began, and steady from there on."""
    return (_BEGAN + _steady()) // 1_000_000


def _steady() -> int:
    """Nanoseconds that nobody sets, counted while the device sleeps as well, where the system can tell."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic_ns()


_BEGAN = time.time_ns() - _steady()
