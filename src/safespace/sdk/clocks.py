"""What time it is at the server. Times in a group are the server's; a device's own clock may be wrong."""

import time
from collections.abc import Callable

UNSURE = 3_600_000
"""Milliseconds by which a device's clock may be wrong before the server was heard."""
SURE = 60_000
"""The same, after."""
_COARSE = 2_000
"""Milliseconds by which the date of an answer, and its way here, may be off."""


class ServerClock:
    """Milliseconds since 1970, by the newest answer, or line that came as it was sent. `own` is the device's clock."""

    def __init__(self, own: Callable[[], int] | None = None) -> None:
        self._own = own or own_clock
        self._ahead: int | None = None

    def heard(self, now: int) -> None:
        """The server gave this time just now."""
        self._ahead = now - self._own()

    def dated(self, now: int) -> None:
        """An answer of the server says that it is this time, to the second: that is worth something where it is new."""
        if self._ahead is None or abs(self.now() - now) > _COARSE:
            self.heard(now)

    def now(self) -> int:
        """What the server's clock says, as far as is known."""
        return self._own() + (self._ahead or 0)

    @property
    def error(self) -> int:
        """How far off `now` may be, milliseconds."""
        return UNSURE if self._ahead is None else SURE


def own_clock() -> int:
    """The device's own clock, milliseconds since 1970."""
    return time.time_ns() // 1_000_000
