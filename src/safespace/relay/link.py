"""What a process tells the others and hears from them: that a log has gone on, who is there, what is for an account.

All that matters is in the database: whoever was not told looks there, at once when there is a connection again, and now
and then in any case.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from safespace import logs
from safespace.clock import Clock
from safespace.hub import Hub
from safespace.relay.following import Following
from safespace.storage import accounts
from safespace.storage.database import Database

if TYPE_CHECKING:  # needs what is not installed where there is one process
    from safespace.bus import Bus
    from safespace.tally import Tally

BEAT = 2.0
"""Seconds between two times this process says that it is alive."""
LOOK = (0.5, 5.0)
"""Seconds between two looks at the heads of the rooms here: without a connection to the others, and with one."""
MOST = 500
"""Accounts looked up at once."""
AGAIN = 1.0
"""Seconds before presence is told that could not be told, as the database was away."""


class Link:
    """The hub's watcher and the bus' listener. `tell_again` tell accounts here what they may have missed."""

    def __init__(
        self,
        bus: Bus,
        tally: Tally,
        hub: Hub,
        database: Database,
        clock: Clock,
        following: Following,
        tell_again: Sequence[Callable[[Sequence[UUID]], Awaitable[None]]],
    ) -> None:
        self._bus = bus
        self._tally = tally
        self._hub = hub
        self._database = database
        self._clock = clock
        self._following = following
        self._tell_again = tell_again
        self._doing: set[asyncio.Task[None]] = set()
        self._shown: dict[UUID, frozenset[str]] = {}
        """Whom the others believe to be in the rooms here."""
        self._telling: set[UUID] = set()
        """Rooms in which presence is about to be told."""
        self._missed: set[UUID] = set()
        """Processes that did not say of late that they are alive."""

    def start(self) -> None:
        self._hub.watcher = self
        self._bus.start(self)
        self._do(self._beat())
        self._do(self._look())

    async def stop(self) -> None:
        for room in self._hub.rooms():
            self._bus.tell_present(room, ())
        for task in self._doing:
            task.cancel()
        await asyncio.gather(*self._doing, return_exceptions=True)
        await self._bus.stop()
        await self._tally.leave()

    # hub.Watcher

    def opened(self, room: UUID) -> None:
        self._bus.follow(room)

    def live(self, room: UUID) -> None:
        self._following.check(room)

    def closed(self, room: UUID) -> None:
        if self._shown.pop(room, None):
            self._bus.tell_present(room, ())
        self._bus.unfollow(room)

    def presence(self, room: UUID) -> None:
        if room not in self._telling:
            self._telling.add(room)
            self._do(self._tell_presence(room))

    def attended(self, account: UUID) -> None:
        if self._hub.connections(account):
            self._bus.attend(account)
        else:
            self._bus.unattend(account)
        self._do(self._count(account))

    # bus.Listener

    def up(self) -> None:
        self._shown.clear()
        self._do(self._make_good())

    def down(self) -> None:
        """The database is looked at more often now; see `_look`."""

    def followed(self, room: UUID) -> None:
        self._following.check(room)
        if self._hub.members(room):
            self._bus.ask(room)
            self.asked(room)

    def announced(self, room: UUID, head: int) -> None:
        published = self._hub.published(room)
        if published is not None and published < head:
            self._following.check(room)

    def asked(self, room: UUID) -> None:
        members = self._hub.members(room)
        if members:
            self._shown[room] = members
            self._bus.tell_present(room, members)

    def present(self, room: UUID, process: UUID, members: frozenset[str]) -> None:
        self._hub.present_elsewhere(room, process, members)

    def told(self, account: UUID, text: str) -> None:
        self._hub.tell([account], text)

    def logins_changed(self, account: UUID) -> None:
        self._do(self._check_logins([account]))

    # What takes a while

    def _do(self, doing: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(self._logged(doing))
        self._doing.add(task)
        task.add_done_callback(self._doing.discard)

    @staticmethod
    async def _logged(doing: Coroutine[None, None, None]) -> None:
        try:
            await doing
        except Exception as error:
            logs.log.error("link", kind=type(error).__name__, place=logs.place_of(error.__traceback__))

    async def _tell_presence(self, room: UUID) -> None:
        members = self._hub.members(room)
        if members != self._shown.get(room):
            self._shown[room] = members
            self._bus.tell_present(room, members)
        while True:
            try:
                # Whoever departed by what another process stored is seen off before they hear who is there.
                await self._following.catch_up(room)
                break
            except Exception:
                await asyncio.sleep(AGAIN)
        self._telling.discard(room)
        self._hub.tell_presence(room)

    async def _count(self, account: UUID) -> None:
        await self._tally.attend(account, lambda: len(self._hub.connections(account)))

    async def _check_logins(self, of: Sequence[UUID]) -> None:
        """Close the sockets of logins that are not in the database any more."""
        for start in range(0, len(of), MOST):
            digests = {
                connection.login
                for account in of[start : start + MOST]
                for connection in self._hub.connections(account)
            }
            async with self._database.read() as db:
                open_ones = await accounts.open_logins(db, digests, self._clock())
            self._hub.close_logins(digests - open_ones)

    async def _make_good(self) -> None:
        """Find out what was said while nobody could be heard. Lines and presence are seen to as rooms are followed."""
        here = self._hub.accounts()
        await self._tally.live()
        await self._check_logins(here)
        for start in range(0, len(here), MOST):
            for tell in self._tell_again:
                await tell(here[start : start + MOST])
        for account in here:
            await self._count(account)

    async def _beat(self) -> None:
        while True:
            await self._tally.live()
            silent = await self._tally.dead(self._hub.processes()) if self._bus.is_up else self._hub.processes()
            self._hub.forget_processes(silent & self._missed)
            self._missed = silent
            await asyncio.sleep(BEAT)

    async def _look(self) -> None:
        """Look at what may have been missed."""
        while True:
            try:
                await self._following.check_heads()
                if not self._bus.is_up:
                    await self._check_logins(self._hub.accounts())
            except Exception as error:  # the database is away; there is another time
                logs.log.warning("link", kind=type(error).__name__)
            await asyncio.sleep(LOOK[self._bus.is_up])
