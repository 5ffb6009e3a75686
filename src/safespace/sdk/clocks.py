"""What time it is at the server. Times in a group are the server's; a device's own clock may be wrong."""

import time

UNSURE = 3_600_000
"""Milliseconds by which a device's clock may be wrong before the server was heard."""
SURE = 60_000
"""The same, after."""


class ServerClock:
    """Milliseconds since 1970, by the newest line that came as it was sent."""

    def __init__(self) -> None:
        self._ahead: int | None = None

    def heard(self, now: int) -> None:
        """A line came just after the server gave it this time."""
        self._ahead = now - own_clock()

    def now(self) -> int:
        """What the server's clock says, as far as is known."""
        return own_clock() + (self._ahead or 0)

    @property
    def error(self) -> int:
        """How far off `now` may be, milliseconds."""
        return UNSURE if self._ahead is None else SURE


def own_clock() -> int:
    """The device's own clock, milliseconds since 1970."""
    return time.time_ns() // 1_000_000
