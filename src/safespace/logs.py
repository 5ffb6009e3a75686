"""The log: JSON lines on standard error, without addresses, handles, bodies or the texts of exceptions."""

import asyncio
import logging
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from types import TracebackType
from typing import Any

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

MOST = 20
"""Lines of one kind in a minute."""
KINDS = 256
"""Kinds that are counted apart in a minute; all others are one."""

log = structlog.get_logger("safespace")


def place_of(trace: TracebackType | None) -> list[str]:
    """Where an exception came from: the last frames, without values."""
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)[-6:]]


def _kind_only(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """An exception's text may hold what a client sent: keep its class and its place."""
    error = event.pop("exc_info", None)
    error = sys.exc_info() if error is True else error
    if isinstance(error, tuple) and error[1] is not None:
        event["kind"], event["place"] = type(error[1]).__name__, place_of(error[2])
    return event


class Sparing(logging.Filter):
    """Lets through MOST lines of a kind in a minute and counts the rest, so that nobody's requests fill the disk.

    How many were left out is said with the first line of a later minute.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._minute = int(clock() // 60)
        self._seen: Counter[tuple[object, ...]] = Counter()

    def filter(self, record: logging.LogRecord) -> bool:
        minute = int(self._clock() // 60)
        if minute != self._minute:
            left_out = sum(max(0, times - MOST) for times in self._seen.values())
            self._minute, self._seen = minute, Counter()
            if left_out:
                log.warning("left out", lines=left_out)
        kind = _kind_of(record)
        if kind not in self._seen and len(self._seen) >= KINDS:
            kind = ()
        self._seen[kind] += 1
        return self._seen[kind] <= MOST


def _kind_of(record: logging.LogRecord) -> tuple[object, ...]:
    """What tells a line from those that say something else: never a value, but where it came from."""
    said = record.msg
    if not isinstance(said, dict):
        return record.name, record.levelno, str(said)
    place = said.get("place") or [None]
    return record.name, record.levelno, said.get("event"), said.get("kind"), said.get("code"), place[-1]


def configure(level: str) -> None:
    """Send structlog's and the standard library's records the same way. `level` as in `SAFESPACE_LOG_LEVEL`."""
    number = logging.getLevelNamesMapping()[level.upper()]
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _kind_only,
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.processors.JSONRenderer()],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    handler.addFilter(Sparing())
    logging.basicConfig(handlers=[handler], level=max(number, logging.WARNING), force=True)
    # Below warnings, uvicorn tells peers' addresses and SQLAlchemy values.
    logging.getLogger("safespace").setLevel(number)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def on_loop_error(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """The event loop's exception handler; asyncio's own would print the exception's text."""
    error = context.get("exception")
    trace = error.__traceback__ if error else None
    log.error("event loop", kind=type(error).__name__ if error else "", place=place_of(trace))
