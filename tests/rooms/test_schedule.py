"""Recurrences worked out to instants: on the weekends when clocks change, in four zones, and what cannot be."""

import contextlib
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safespace.errors import PolicyError
from safespace.rooms.schedule import REPEATS, local, starts

ZONES = {
    # zone: the days in 2027 on which its clocks are put forward, and back
    "Europe/London": ((3, 28), (10, 31)),
    "America/New_York": ((3, 14), (11, 7)),
    "Australia/Lord_Howe": ((10, 3), (4, 4)),
    "Africa/Nairobi": ((3, 28), (10, 31)),  # they are not
}
HOUR = 3_600_000


def at(*date: int) -> datetime:
    return datetime(*date)  # type: ignore[arg-type]  # noqa: DTZ001 - local time


def ms(instant: datetime) -> int:
    return round(instant.timestamp() * 1000)


@pytest.mark.parametrize(
    ("zone", "first", "instant"),
    [
        ("Europe/London", at(2027, 3, 28, 0, 30), "2027-03-28T00:30"),
        ("Europe/London", at(2027, 3, 28, 1, 30), "2027-03-28T01:30"),  # skipped: half past two, as it then is
        ("Europe/London", at(2027, 3, 28, 2, 30), "2027-03-28T01:30"),
        ("Europe/London", at(2027, 10, 31, 1, 30), "2027-10-31T00:30"),  # twice: the first
        ("America/New_York", at(2027, 3, 14, 2, 30), "2027-03-14T07:30"),
        ("America/New_York", at(2027, 11, 7, 1, 30), "2027-11-07T05:30"),
        ("Australia/Lord_Howe", at(2027, 10, 3, 2, 15), "2027-10-02T15:45"),  # half an hour is skipped
        ("Australia/Lord_Howe", at(2027, 4, 4, 1, 45), "2027-04-03T14:45"),
        ("Africa/Nairobi", at(2027, 3, 28, 2, 30), "2027-03-27T23:30"),
    ],
)
def test_times_that_clocks_skip_or_show_twice(zone: str, first: datetime, instant: str) -> None:
    assert starts(first, zone, None, 0) == (ms(datetime.fromisoformat(f"{instant}Z")),)


@pytest.mark.parametrize("zone", ZONES)
@given(data=st.data())
def test_every_week_is_at_the_same_time_on_the_wall(zone: str, data: st.DataObject) -> None:
    """Through the weekends on which clocks change; only what they skip is later on the wall."""
    month, day = data.draw(st.sampled_from(ZONES[zone]))
    changes = at(2027, month, day, data.draw(st.integers(0, 23)), data.draw(st.integers(0, 59)))
    first = changes - timedelta(weeks=data.draw(st.integers(1, 30)))
    after = ms(first.replace(tzinfo=UTC)) - 48 * HOUR
    found = starts(first, zone, REPEATS["weekly"], after)
    assert len(found) == 64
    assert list(found) == sorted(set(found))
    for number, instant in enumerate(found):
        wall = local(instant, zone).replace(tzinfo=None)
        due = first + timedelta(weeks=number)
        there = due.replace(tzinfo=ZoneInfo(zone))
        if there.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) == due:
            assert wall == due
        else:
            assert timedelta() < wall - due <= timedelta(hours=1)
    # Looked at later, the rest is the same.
    later = data.draw(st.integers(0, 40))
    assert starts(first, zone, REPEATS["weekly"], found[later])[: 63 - later] == found[later + 1 :]


def test_what_a_rule_says() -> None:
    def days(rule: str, month: int = 1) -> list[str]:
        found = starts(at(2027, month, 31, 19), "Europe/London", rule, 0)[:4]
        return [f"{local(instant, 'Europe/London'):%m-%d %H}" for instant in found]

    assert days("FREQ=MONTHLY") == ["01-31 19", "03-31 19", "05-31 19", "07-31 19"]
    assert days("FREQ=MONTHLY;BYDAY=-1TU") == ["02-23 19", "03-30 19", "04-27 19", "05-25 19"]
    assert days("FREQ=WEEKLY;BYDAY=TU,TH;COUNT=3") == ["02-02 19", "02-04 19", "02-09 19"]
    assert days("FREQ=DAILY;UNTIL=20270202") == ["01-31 19", "02-01 19", "02-02 19"]
    assert days("FREQ=DAILY;UNTIL=20270601T180000Z", 5) == ["05-31 19", "06-01 19"]
    assert days("FREQ=DAILY;UNTIL=20270601T175959Z", 5) == ["05-31 19"]
    assert days("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29")[0] == "02-29 19"


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "impossible_recurrence"),
        ("FREQ=MONTHLY;BYMONTH=4;BYMONTHDAY=31", "impossible_recurrence"),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6", "impossible_recurrence"),
        ("FREQ=DAILY;UNTIL=20260101", "impossible_recurrence"),
        ("FREQ=SECONDLY", "invalid_field"),
        ("FREQ=WEEKLY;BYHOUR=3", "invalid_field"),
        ("FREQ=WEEKLY;COUNT=0", "invalid_field"),
        ("FREQ=WEEKLY;COUNT=3;UNTIL=20280101", "invalid_field"),
        ("FREQ=WEEKLY;FREQ=DAILY", "invalid_field"),
        ("FREQ=WEEKLY;INTERVAL=0", "invalid_field"),
        ("FREQ=WEEKLY;INTERVAL=-1", "invalid_field"),
        ("FREQ=WEEKLY;INTERVAL=1000", "invalid_field"),
        ("FREQ=DAILY;BYDAY=TU", "invalid_field"),
        ("FREQ=WEEKLY;BYDAY=XX", "invalid_field"),
        ("FREQ=WEEKLY;UNTIL=soon", "invalid_field"),
        ("every week", "invalid_field"),
        ("", "invalid_field"),
    ],
)
def test_what_cannot_be_is_refused(rule: str, code: str) -> None:
    with pytest.raises(PolicyError, match=code):
        starts(at(2027, 1, 31, 19), "Europe/London", rule, 0)


def test_other_zones_and_the_past_are_refused() -> None:
    for zone in ("Europe/Atlantis", "../../etc/passwd", "", "/etc/localtime"):
        with pytest.raises(PolicyError, match="invalid_field"):
            starts(at(2027, 1, 31, 19), zone, None, 0)
    over = ms(datetime(2028, 1, 1, tzinfo=UTC))
    for rule in (None, "FREQ=DAILY;COUNT=3"):
        with pytest.raises(PolicyError, match="in_the_past"):
            starts(at(2027, 1, 31, 19), "Europe/London", rule, over)


@pytest.mark.parametrize("year", [2100, 2500, 9999])
def test_a_date_that_no_calendar_shall_write_is_refused(year: int) -> None:
    for rule in (None, "FREQ=WEEKLY"):
        with pytest.raises(PolicyError, match="invalid_field"):
            starts(at(year, 12, 31, 23), "Europe/London", rule, 0)


def test_a_rule_ends_with_the_dates_that_there_are() -> None:
    assert len(starts(at(2099, 12, 20, 19), "UTC", "FREQ=DAILY", 0)) == 12


@pytest.mark.parametrize("instant", [2**53, 10**18, -(10**18)])
def test_an_instant_that_there_is_not_is_refused(instant: int) -> None:
    with pytest.raises(PolicyError, match="invalid_field"):
        local(instant, "Europe/London")


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789=;,:+-", max_size=60))
def test_any_other_rule_is_refused_with_a_code(rule: str) -> None:
    with contextlib.suppress(PolicyError):
        found = starts(at(2027, 1, 31, 19), "Europe/London", f"FREQ=WEEKLY;{rule}", 0)
        assert found == tuple(sorted(set(found)))
