"""The one background task: jobs that are due now and then, done by one process however many there are.

Processes on PostgreSQL share a lease. Its holder renews it every BEAT seconds, and leads; whoever has seen it stand
still for LEASE seconds takes it over. Each counts the seconds by itself, so the machines' clocks need not agree.
After a change of leaders a job may be done again, for a moment even by two at once: it must do no harm then.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from uuid6 import uuid7

from safespace import logs
from safespace.clock import Clock
from safespace.storage import leases
from safespace.storage.database import Database

BEAT = 1.0
LEASE = 5.0
NAME = "clockwork"

Job = Callable[[int], Awaitable[None]]
"""Called with the time, milliseconds since 1970. What it raises is logged; it is called again when it is next due."""


@dataclass(slots=True)
class _Scheduled:
    job: Job
    every: float
    due: float = 0.0


class Clockwork:
    """Does its jobs in turn while this process leads. Register them with `every`, then `start`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._me = UUID(int=uuid7().int)
        self._jobs: list[_Scheduled] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._seen: leases.Lease | None = None
        self._seen_at = 0.0
        self._leads_until = 0.0
        self._leading = asyncio.Event()

    def every(self, seconds: float, job: Job) -> None:
        """Have a job done at once when this process comes to lead, and then every so many seconds."""
        self._jobs.append(_Scheduled(job, seconds))

    def start(self) -> None:
        """Lead, or stand ready to."""
        if self._database.is_sqlite:  # one process
            self._leads_until = float("inf")
            self._leading.set()
        else:
            self._tasks.append(asyncio.create_task(self._keep_lease()))
        self._tasks.append(asyncio.create_task(self._work()))

    async def stop(self) -> None:
        """End what runs, and leave the lead to another."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if not self._database.is_sqlite and self._leading.is_set():
            with contextlib.suppress(Exception):  # or they find out after LEASE seconds
                async with self._database.write() as db:
                    await leases.let_go(db, NAME, self._me)

    async def _work(self) -> None:
        while True:
            await self._leading.wait()
            for scheduled in self._jobs:
                if scheduled.due <= time.monotonic() < self._leads_until:
                    scheduled.due = time.monotonic() + scheduled.every
                    await self._do(scheduled.job)
            next_due = min((scheduled.due for scheduled in self._jobs), default=float("inf"))
            await asyncio.sleep(max(0.0, min(next_due - time.monotonic(), BEAT)))

    async def _do(self, job: Job) -> None:
        try:
            await job(self._clock())
        except Exception as error:
            logs.log.error("job", kind=type(error).__name__, place=logs.place_of(error.__traceback__))

    async def _keep_lease(self) -> None:
        while True:
            began = time.monotonic()
            try:
                leads = await self._renew() or await self._take()
            except Exception as error:  # a database that is away; nobody can lead now
                logs.log.warning("lease", kind=type(error).__name__)
                leads = False
            if leads:
                self._leads_until = began + LEASE
            self._say(time.monotonic() < self._leads_until)
            await asyncio.sleep(BEAT)

    async def _renew(self) -> bool:
        if not self._leading.is_set():
            return False
        async with self._database.write() as db:
            renewed = await leases.renew(db, NAME, self._me)
        if not renewed:  # another one took over while this process was held up
            self._leads_until = 0.0
        return renewed

    async def _take(self) -> bool:
        async with self._database.read() as db:
            lease = await leases.find(db, NAME)
        if lease != self._seen:
            self._seen, self._seen_at = lease, time.monotonic()
        free = lease is None or lease.holder is None
        if not free and time.monotonic() < self._seen_at + LEASE:
            return False
        async with self._database.write() as db:
            return await leases.take(db, NAME, self._me, lease)

    def _say(self, leads: bool) -> None:
        if leads == self._leading.is_set():
            return
        logs.log.info("clockwork", leads=leads)
        if leads:
            self._leading.set()
        else:
            self._leading.clear()
