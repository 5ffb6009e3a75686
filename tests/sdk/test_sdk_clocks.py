"""A promise that something is gone after its time does not hang on a server's clock alone."""

import itertools
import time
from datetime import UTC, datetime, timedelta

import pytest

from safespace.sdk.clocks import SURE, Countdown, ServerClock, date_of, own_clock

MINUTE = 60_000
START = 1_800_000_000_000
HOUR = START + 60 * MINUTE
"""When a session of an hour closes, by the server."""


class Device:
    """A device whose own clock is moved by hand, and what it makes of a server's."""

    def __init__(self, wrong: int = 0) -> None:
        self.own = START + wrong
        self.clock = ServerClock(lambda: self.own)
        self.clock.heard(START)
        self.countdown = Countdown()

    def passes(self, minutes: float, server: int | None) -> None:
        """Time goes by here, and the server says this, or nothing."""
        self.own += int(minutes * MINUTE)
        if server is not None:
            self.clock.heard(server)

    def is_over(self, closes: int = HOUR, heard: int = START) -> bool:
        return self.countdown.now(self.clock, [closes], heard) >= closes


@pytest.mark.parametrize("wrong", [0, -5 * 365 * 24 * 60 * MINUTE, 3 * 60 * MINUTE])
@pytest.mark.parametrize(
    "says",
    [
        lambda _: START,  # it stands still
        lambda minutes: START + minutes * MINUTE // 2,  # it is slow
        lambda minutes: START - minutes * MINUTE,  # it goes back
        lambda minutes: START + min(minutes, 59) * MINUTE,  # it stands still just before the end
    ],
    ids=["still", "slow", "back", "at the last minute"],
)
def test_an_end_comes_whatever_the_server_says(says: object, wrong: int) -> None:
    device = Device(wrong)
    over = []
    for minute in range(63):
        over.append(device.is_over())
        device.passes(1, says(minute + 1))  # type: ignore[operator]
    assert not any(over[:60]), "nothing ends too early"
    assert over[62]


def test_a_silent_server_puts_nothing_off() -> None:
    device = Device()
    assert not device.is_over()
    device.passes(60, None)
    assert device.is_over()


def test_a_line_from_the_future_makes_no_session_longer() -> None:
    """The server stamps the opening a day ahead, and says the true time again once the device has read it."""
    device = Device()
    ahead = 24 * 60 * MINUTE
    assert not device.is_over(HOUR + ahead, START + ahead)
    device.passes(62, START + 62 * MINUTE)
    assert device.is_over(HOUR + ahead, START + ahead)


def test_a_session_that_is_made_longer_goes_on() -> None:
    device = Device()
    assert not device.is_over()
    device.passes(50, START)
    later = HOUR + 30 * MINUTE
    assert not device.is_over(later, START + 50 * MINUTE)
    device.passes(20, START)
    assert not device.is_over(later, START + 50 * MINUTE)
    device.passes(22, START)
    assert device.is_over(later, START + 50 * MINUTE)


def test_an_honest_clock_ends_nothing_otherwise() -> None:
    device = Device()
    for minute in range(60):
        assert not device.is_over()
        assert device.countdown.left() == (60 - minute) * MINUTE + SURE
        device.passes(1, START + (minute + 1) * MINUTE)
    assert device.is_over()


def test_what_expires_does_so_though_the_server_goes_back() -> None:
    device = Device()
    device.passes(10, START)
    assert device.clock.now() == START
    assert device.clock.at_least() == START + 10 * MINUTE - SURE


def test_the_own_clock_is_right_and_never_goes_back() -> None:
    assert abs(own_clock() - time.time_ns() // 1_000_000) < 60_000
    assert all(before <= after for before, after in itertools.pairwise([own_clock() for _ in range(1000)]))


@pytest.mark.parametrize("given", [9 * 10**15, 2**53 - 1, 253_402_300_740_000, -1, -(10**18)])
def test_a_time_that_there_is_not_is_the_nearest_that_there_is(given: int) -> None:
    """A message, a deed, a plan may come with any number."""
    assert date_of(given).year in (1970, 2100)
    assert date_of(given) + timedelta(minutes=720)
    assert date_of(1_800_000_000_000) == datetime(2027, 1, 15, 8, tzinfo=UTC)
