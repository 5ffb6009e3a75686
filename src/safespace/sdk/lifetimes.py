"""For how long KeyPackages are valid. All judge that by the server's clock, but for mls-rs, which has this device's.

So a device whose clock is fast makes none that others could use, and one whose clock is slow can add none that are new.
"""

import asyncio
import time

from safespace.crypto.mls import CheckedKeyPackage
from safespace.crypto.mls.profile import CLOCK_SKEW
from safespace.sdk.clocks import ServerClock
from safespace.sdk.errors import ClockWrong


def check_fresh(made: CheckedKeyPackage, clock: ServerClock) -> None:
    """Raises ClockWrong where nobody else could use a KeyPackage that was made here just now."""
    lifetime = made.package.leaf.lifetime
    if lifetime is None or not lifetime.not_before - CLOCK_SKEW <= clock.now() // 1000 < lifetime.not_after:
        raise ClockWrong


async def until_usable(package: CheckedKeyPackage) -> None:
    """Wait the moment by which this machine's clock is behind that of who made it.

    Raises ClockWrong where it is more than a moment, or long past.
    """
    lifetime = package.package.leaf.lifetime
    if lifetime is None or not lifetime.not_before - CLOCK_SKEW <= time.time() < lifetime.not_after:
        raise ClockWrong
    while time.time() < lifetime.not_before:  # noqa: ASYNC110 - it is the clock that is waited for
        await asyncio.sleep(0.1)
