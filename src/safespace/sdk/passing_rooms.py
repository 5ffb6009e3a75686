"""Capsules and breakouts of one group on this device: come into, and forgotten when they are over.

Their keys and all that is said in them are in this process's memory alone; see docs/protocol.md, "Passing rooms".
"""

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from uuid import UUID

from uuid6 import uuid7

from safespace.fields import Passing, b64encode
from safespace.rooms.live import Live
from safespace.rooms.live_actions import RenewRoom
from safespace.rooms.passing import announced, closing, has_place
from safespace.sdk.errors import ClientError, Refused
from safespace.sdk.further_room import FurtherRoom
from safespace.sdk.further_rooms import FurtherRooms
from safespace.sdk.group_crypto import Newcomer
from safespace.sdk.lifetimes import check_fresh
from safespace.sdk.pool import endorse
from safespace.sdk.rest import Rest
from safespace.sdk.room import Room

PATIENCE = 4.0
"""Seconds after which who was not brought asks again."""
TRIES = 2
"""Times one asks before another room takes the place of one in which nobody seems to be."""


class PassingRooms:
    """`main` is the group's main room, which announces them; `rooms` are the further rooms among which they live."""

    def __init__(self, main: Room, rest: Rest, rooms: FurtherRooms) -> None:
        self._main = main
        self._rest = rest
        self._rooms = rooms
        self._before: Live | None = None
        self._renewed: dict[UUID, UUID] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._coming: dict[UUID, asyncio.Task[FurtherRoom]] = {}
        main.passing = self
        main.log.watchers.append(self._look)

    @property
    def announced(self) -> Mapping[UUID, Passing]:
        """The passing rooms that there are now."""
        live = self._live()
        return {} if live is None else announced(live)

    @property
    def capsule(self) -> UUID | None:
        """The room in which the session is held that is on, unless that is main."""
        live = self._live()
        return None if live is None or live.session is None else live.session.capsule

    def get(self, id: UUID) -> FurtherRoom | None:
        """The room, once this device is in it."""
        room = self._rooms.get(id)
        return room if room is not None and room.place.known and room.log.trouble() is None else None

    async def come_in(self, id: UUID) -> FurtherRoom:
        """Be brought into a passing room, or make it where nobody has; gives it, or the one that took its place.

        Raises Refused: `unknown_room` once it is over, `does_not_belong`; and what ends main.
        """
        id = self._newest(id)
        if id not in self._coming:
            task = self._coming[id] = asyncio.create_task(self._come_in(id))
            task.add_done_callback(lambda done: self._came(id, done))
        return await asyncio.shield(self._coming[id])

    def close(self) -> None:
        """This process goes, and with it all that there was of them."""
        if self._timer is not None:
            self._timer.cancel()
        for task in self._coming.values():
            task.cancel()
        self._rooms.forget_passing(())

    def _came(self, id: UUID, task: "asyncio.Task[FurtherRoom]") -> None:
        self._coming.pop(id, None)
        if not task.cancelled():
            task.exception()  # whoever waits has it
        self._main.log.wake()

    async def _come_in(self, id: UUID) -> FurtherRoom:
        tries = 0
        while (room := self.get(id)) is None:
            live, me = self._live(), self._main.place.member(self._main.place.me)
            self._main.log.check_usable()
            if live is None or me is None or id not in announced(live):
                if (newest := self._newest(id)) != id:
                    return await self.come_in(newest)  # which may be under way by now
                raise Refused("unknown_room")
            if not has_place(live, id, self._main.place.me or "", me.role):
                raise Refused("does_not_belong")
            if not await self._ask(id):
                with contextlib.suppress(Refused):  # somebody was faster
                    return await self._rooms.open(announced(live)[id], None, id)
                continue
            if not await self._until(lambda: self.get(id) is not None or id not in self.announced):
                tries += 1
            if tries >= TRIES:
                with contextlib.suppress(Refused):  # somebody is there after all, or was faster
                    await self._main.do(RenewRoom(old=id, into=uuid7()))
                tries = 0
        return room

    async def _ask(self, id: UUID) -> bool:
        """Ask to be brought; False where nobody has made the room."""
        newcomer = Newcomer()
        check_fresh(newcomer.checked, self._rest.clock)
        body = {"package": b64encode(newcomer.package), "endorsement": endorse(self._main.place, newcomer.leaf)}
        self._rooms.expect(id, newcomer)
        answer = await self._rest.call("POST", f"/groups/{self._main.place.group}/rooms/{id}/ask", body)
        return bool(answer["made"])

    async def _until(self, ready: Callable[[], bool]) -> bool:
        """Whether it was so within PATIENCE seconds."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._main.log.until(ready)
        except TimeoutError:
            return False
        return True

    def _live(self) -> Live | None:
        if self._main.place.state is None or self._main.log.trouble() is not None:
            return None
        return self._main.now().live

    def _newest(self, id: UUID) -> UUID:
        while id in self._renewed:
            id = self._renewed[id]
        return id

    def _look(self) -> None:
        """Main was read further, or time went on: what is over is forgotten, a capsule come into."""
        live = self._live()
        there = {} if live is None else announced(live)
        self._rooms.forget_passing(there)
        self._follow_renewals(there)
        self._before = live
        if self._timer is not None:
            self._timer.cancel()
        ends = [] if live is None else [at for id in there if (at := closing(live, id)) is not None]
        if ends:
            place = self._main.place
            pauses = [min(ends) - place.clock.now(), place.countdown.left()]
            pause = min(one for one in pauses if one is not None) / 1000
            self._timer = asyncio.get_running_loop().call_later(max(pause, 0.0) + 0.01, self._time_went_on)
        capsule = None if live is None or live.session is None else live.session.capsule
        if capsule is not None and self._main.log.live and self.get(capsule) is None:
            self._main.log.chores.start(self._be_in(capsule), f"come into {capsule}")

    def _time_went_on(self) -> None:
        self._look()
        self._main.log.wake()

    async def _be_in(self, capsule: UUID) -> None:
        with contextlib.suppress(ClientError):  # over, or on the next connection
            await self.come_in(capsule)

    def _follow_renewals(self, there: Mapping[UUID, Passing]) -> None:
        """One room at a time takes another's place, and each line of main is looked at."""
        before = {} if self._before is None else announced(self._before)
        gone, come = before.keys() - there.keys(), there.keys() - before.keys()
        if len(gone) == len(come) == 1:
            self._renewed[gone.pop()] = come.pop()
