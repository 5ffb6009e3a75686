"""When sessions begin, by rule and zone: weekends on which clocks change, in four zones, and rules drawn by lot."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from safespace.errors import PolicyError
from safespace.rooms.schedule import REPEATS, starts

CHANGES = {
    "Europe/London": [(2027, 3, 28, 1, 30), (2027, 10, 31, 1, 30)],
    "America/New_York": [(2027, 3, 14, 2, 30), (2027, 11, 7, 1, 30)],
    "Australia/Lord_Howe": [(2027, 4, 4, 1, 45), (2027, 10, 3, 2, 15)],
    "Pacific/Auckland": [(2027, 4, 4, 2, 30), (2027, 9, 26, 2, 30)],
}
"""By zone, local times of 2027 that come twice or not at all. One of them changes by half an hour."""
DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
WRONG = [
    "",
    "every week",
    "FREQ=SECONDLY",
    "FREQ=DAILY;BYDAY=TU",
    "FREQ=DAILY;COUNT=3;UNTIL=20280101",
    "FREQ=DAILY;UNTIL=20260101",
    "FREQ=DAILY;UNTIL=20270931",
    "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6",
    "FREQ=MONTHLY;BYMONTH=4;BYMONTHDAY=31",
    "FREQ=WEEKLY;BYDAY=XX",
    "FREQ=WEEKLY;BYHOUR=3",
    "FREQ=WEEKLY;COUNT=0",
    "FREQ=WEEKLY;FREQ=DAILY",
    "FREQ=WEEKLY;INTERVAL=-1",
    "FREQ=WEEKLY;INTERVAL=1000",
    "FREQ=WEEKLY;UNTIL=soon",
]
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - local times have no zone


def make() -> dict[str, Any]:
    lot = Random(2027)
    cases = []
    for zone, changes in CHANGES.items():
        for change in changes:
            at = datetime(*change)  # noqa: DTZ001
            cases.append(_case(at, zone, None, 0))
            cases += [_case(at - timedelta(weeks=2), zone, rule, 0) for rule in REPEATS.values()]
        cases += [_case(_any_time(lot), zone, _any_rule(lot), 0) for _ in range(40)]
        late = 1_830_000_000_000
        cases += [_case(_any_time(lot), zone, _any_rule(lot), late) for _ in range(10)]
    cases += [_case(datetime(2027, 1, 31, 19), "Europe/London", rule, 0) for rule in WRONG]  # noqa: DTZ001
    cases.append(_case(datetime(2027, 1, 31, 19), "Europe/Atlantis", None, 0))  # noqa: DTZ001
    return {"cases": cases}


def _case(first: datetime, zone: str, rule: str | None, after: int) -> dict[str, Any]:
    """`first` is the local time, in milliseconds as if it were UTC."""
    given = {"first": (first - EPOCH) // timedelta(milliseconds=1), "zone": zone, "rule": rule, "after": after}
    try:
        return {**given, "starts": starts(first, zone, rule, after), "code": None}
    except PolicyError as error:
        return {**given, "starts": None, "code": error.code}


def _any_time(lot: Random) -> datetime:
    return datetime(2026, 11, 1) + timedelta(minutes=15 * lot.randrange(40_000))  # noqa: DTZ001


def _any_rule(lot: Random) -> str:
    frequency = lot.choice(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"])
    parts = [f"FREQ={frequency}"]
    if lot.random() < 0.5:
        parts.append(f"INTERVAL={lot.randint(1, 5)}")
    if frequency == "WEEKLY" and lot.random() < 0.6:
        parts.append(f"BYDAY={','.join(lot.sample(DAYS, lot.randint(1, 3)))}")
    if frequency == "WEEKLY" and lot.random() < 0.3:
        parts.append(f"WKST={lot.choice(DAYS)}")
    if frequency in ("MONTHLY", "YEARLY"):
        parts += _of_months(lot)
    if lot.random() < 0.2:
        parts.append(f"COUNT={lot.randint(1, 70)}")
    elif lot.random() < 0.2:
        end = _any_time(lot) + timedelta(days=200)
        parts.append(f"UNTIL={end:{lot.choice(['%Y%m%d', '%Y%m%dT%H%M%S', '%Y%m%dT%H%M%SZ'])}}")
    return ";".join(parts)


def _of_months(lot: Random) -> list[str]:
    parts = []
    if lot.random() < 0.4:
        parts.append(f"BYMONTH={','.join(map(str, lot.sample(range(1, 13), 3)))}")
    match lot.randrange(4):
        case 0:
            nth = lot.choice([1, 2, 3, 4, -1])
            parts.append(f"BYDAY={nth}{lot.choice(DAYS)}")
        case 1:
            parts.append(f"BYMONTHDAY={','.join(map(str, lot.sample([1, 15, 28, 29, 31, -1], 2)))}")
        case 2:
            parts.append(f"BYDAY={','.join(lot.sample(DAYS, 3))};BYSETPOS={lot.choice([1, 2, -1])}")
    return parts
