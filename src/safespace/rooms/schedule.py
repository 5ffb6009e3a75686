"""When sessions begin: recurrences (RFC 5545 section 3.3.10) in a time zone, worked out to instants.

Pure, but for the time zone tables of the machine. Whoever plans works this out once; everybody else has the instants.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil.rrule import rrulestr

from safespace.errors import PolicyError
from safespace.fields import MAX_STARTS, MAX_TIME

REPEATS: Final = {
    "daily": "FREQ=DAILY",
    "weekly": "FREQ=WEEKLY",
    "fortnightly": "FREQ=WEEKLY;INTERVAL=2",
    "monthly": "FREQ=MONTHLY",
}
"""Plain words for rules. Monthly is on the same day of the month, and passes over months that are too short."""
FEW: Final = 8
"""A plan of which fewer dates are left is planned anew."""
HORIZON: Final = timedelta(days=5 * 366)
"""How far ahead dates are looked for: the next February 29th is within it."""
_COMMON: Final = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"}
_PARTS: Final = {
    "DAILY": _COMMON,
    "WEEKLY": _COMMON | {"BYDAY"},
    "MONTHLY": _COMMON | {"BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS"},
    "YEARLY": _COMMON | {"BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS"},
}
"""By frequency, what a rule may say: of what no date fits, that is known soon."""
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,2}").fullmatch


def starts(first: datetime, zone: str, rule: str | None, after: int) -> tuple[int, ...]:
    """The next instants (milliseconds, later than `after`) at which sessions begin, 64 at most.

    `first` is the local time in `zone`, without one of its own. A time that the clocks skip counts as before they were
    put forward; of one that comes twice it is the first (RFC 5545 section 3.3.5). Raises PolicyError invalid_field for
    a zone or a rule that there is not, or a date after MAX_TIME, impossible_recurrence where no date within five years
    fits it, in_the_past.
    """
    place = _zone(zone)
    dates = iter((first,)) if rule is None else _dates(first, place, rule)
    past, coming = False, [after]
    try:
        for date in dates:
            instant = round(date.replace(tzinfo=place, fold=0).timestamp() * 1000)
            if instant > MAX_TIME:
                if len(coming) == 1:
                    raise PolicyError("invalid_field")
                break
            # Two dates are one instant where a country leaves out a day.
            if instant > coming[-1]:
                coming.append(instant)
            past = past or instant <= after
            if len(coming) > MAX_STARTS:
                break
    except (ValueError, OverflowError) as error:
        raise PolicyError("invalid_field") from error
    if len(coming) == 1:
        raise PolicyError("in_the_past" if past else "impossible_recurrence")
    return tuple(coming[1:])


def going_on(planned: Sequence[int], zone: str, rule: str, now: int) -> tuple[int, ...]:
    """The starts of a plan that goes on by its rule: those of `planned` (not empty, rising) later than `now`, and what
    follows on them. A rule that counts its dates is over with them. Raises PolicyError invalid_field.

    Single dates may have been moved, so the rule is followed from the start from which it says the most of the others.
    """
    left = tuple(at for at in planned if at > now)
    if "COUNT" in rule:
        return left
    newest = planned[-FEW:]

    def fitting(first: int) -> int:
        said = set(starts(local(first, zone).replace(tzinfo=None), zone, rule, first - 1))
        return len(said.intersection(newest))

    first = max(newest, key=fitting)
    try:
        more = starts(local(first, zone).replace(tzinfo=None), zone, rule, max(now, planned[-1]))
    except PolicyError as error:
        if error.code == "invalid_field":
            raise
        return left  # the rule has come to its end
    return (*left, *more)[:MAX_STARTS]


def local(instant: int, zone: str) -> datetime:
    """An instant (milliseconds) by the clocks of a zone. Raises PolicyError invalid_field."""
    try:
        return datetime.fromtimestamp(instant / 1000, UTC).astimezone(_zone(zone))
    except (ValueError, OverflowError, OSError) as error:
        raise PolicyError("invalid_field") from error


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise PolicyError("invalid_field") from error


def _dates(first: datetime, zone: ZoneInfo, rule: str) -> Iterator[datetime]:
    """Local times by the rule, without zone. Raises PolicyError invalid_field; ValueError while it is gone through."""
    pairs = [part.partition("=")[::2] for part in rule.split(";")]
    parts = dict(pairs)
    if len(parts) < len(pairs) or not parts.keys() <= _PARTS.get(parts.get("FREQ", ""), set()):
        raise PolicyError("invalid_field")
    if {"COUNT", "UNTIL"} <= parts.keys() or not all(_NUMBER(parts.get(name, "1")) for name in ("COUNT", "INTERVAL")):
        raise PolicyError("invalid_field")
    try:
        most = int(parts.pop("COUNT")) if "COUNT" in parts else None
        last = first + HORIZON
        if "UNTIL" in parts:
            last = min(last, _until(parts.pop("UNTIL"), zone))
        text = ";".join(f"{name}={value}" for name, value in parts.items())
        # Without an end of its own an impossible rule would be followed through to the year 9999.
        dates = iter(rrulestr(f"{text};UNTIL={last:%Y%m%dT%H%M%S}", dtstart=first))
    except (ValueError, TypeError, OverflowError) as error:
        raise PolicyError("invalid_field") from error
    return islice(dates, most)


def _until(text: str, zone: ZoneInfo) -> datetime:
    """The end of a rule, in local time: a date, a local time, or an instant in UTC. Raises ValueError."""
    if text.endswith("Z"):
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
    if len(text) == len("20260101"):
        return datetime.strptime(text, "%Y%m%d").replace(hour=23, minute=59, second=59)  # noqa: DTZ007 - local time
    return datetime.strptime(text, "%Y%m%dT%H%M%S")  # noqa: DTZ007 - local time
