"""A session in a capsule, and going into small rooms for a while, as people use them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from uuid6 import uuid7

from safespace.rooms.live_actions import BreakOut, CallBack
from safespace.sdk.any_room import Member
from safespace.sdk.clocks import date_of
from safespace.sdk.conversation import Message
from safespace.sdk.deciding import acting
from safespace.sdk.errors import Left, Refused
from safespace.sdk.floor import Turns

if TYPE_CHECKING:
    from safespace.sdk.further_room import FurtherRoom
    from safespace.sdk.passing_rooms import PassingRooms

_SEEN_SOON = 5.0
"""Seconds in which this device reads that the session is held in a capsule, once the relay has refused for that."""


@dataclass(frozen=True, slots=True)
class Breakout:
    """A small room that the session has gone into. Where nobody was `sent`, whoever wants to may go there."""

    id: UUID
    title: str
    sent: tuple[Member, ...]
    closes: datetime
    _rooms: PassingRooms = field(repr=False, compare=False)

    async def enter(self) -> FurtherRoom:
        """Go in: who was sent there, facilitators and above, and anyone where nobody was. `FurtherRoom.leave` goes out.

        Nothing of it is kept. Raises Refused: `does_not_belong`, `unknown_room` once it is over.
        """
        return await self._rooms.come_in(self.id)


class Parting(Turns):
    """While a session is held in a capsule, what is said goes there, and is read with the rest."""

    passing: PassingRooms | None = None

    async def break_out(
        self, rooms: Sequence[Sequence[Member]], minutes: int, *, titles: Sequence[str] = ()
    ) -> list[Breakout]:
        """Go into small rooms for so many minutes, each for these members; an empty one is for whoever comes.

        Facilitators and above may visit any. `titles` say what each is about. Refused: `no_session`, `unchanged` where
        there are some already, `invalid_field` (someone twice, more than 20), `forbidden`.
        """
        ids = [uuid7() for _ in rooms]
        names = [*titles, *(str(number + 1) for number in range(len(titles), len(ids)))]
        sent = {id: tuple(one.id for one in members) for id, members in zip(ids, rooms, strict=True)}
        words = dict(zip(ids, names, strict=False))
        await self.do(acting(BreakOut, rooms=sent, minutes=minutes, titles=words))
        return self.breakouts

    async def call_back(self) -> None:
        """Close the small rooms now. Refused: `unchanged` where there are none, `forbidden`."""
        await self.do(CallBack())

    @property
    def breakouts(self) -> list[Breakout]:
        """The small rooms there are now, the first made first. Raises as `send` does where this device cannot know."""
        state, rooms = self.now(), self.passing
        if state.live.breakouts is None or rooms is None:
            return []
        closes = date_of(state.live.breakouts.closes)
        return [
            Breakout(id, state.themes[id], tuple(one for who in sent if (one := self.member(who))), closes, rooms)
            for id, sent in sorted(state.live.breakouts.rooms.items())
        ]

    @property
    def capsule(self) -> FurtherRoom | None:
        """The room in which the session is held that is on, unless that is main, once this device is in it."""
        id = None if self.passing is None else self.passing.capsule
        return None if id is None or self.passing is None else self.passing.get(id)

    async def messages(self) -> AsyncIterator[Message]:
        """Every message that this device keeps of the room, from its first on, then each new one, own ones included.

        Those of a capsule among them, while it lasts: what nobody has taken from here by then is gone. Ends when this
        member left or the client is closed. Raises Removed, Moved or UntrustedServer once all is shown.
        """
        number, said = 0, dict[UUID, int]()
        while self.log.ended is None:
            number = max(number, self.log.conversation.first)
            capsule = self.capsule
            if number < self.log.place.shown:
                yield self.log.conversation.message(number)
                number += 1
            elif capsule is not None and _next_of(capsule, said) < capsule.place.shown:
                there = _next_of(capsule, said)
                said[capsule.id] = there + 1
                yield capsule.log.conversation.message(there)
            elif (trouble := self.log.trouble()) is None:
                await self.log.change()
            elif isinstance(trouble, Left):
                return
            else:
                raise trouble

    async def _say(self, content: bytes, about: Message | None = None) -> int:
        while True:
            try:
                if self.passing is None or self.passing.capsule is None:
                    return await super()._say(content, about)
                await self.log.until(lambda: self.capsule is not None or self._holds_no_capsule())
                if (capsule := self.capsule) is not None:
                    return await capsule._say(content, about)
            except Refused as refused:
                if refused.code != "in_capsule" or not await self._sees_capsule():
                    raise

    def _holds_no_capsule(self) -> bool:
        return self.passing is None or self.passing.capsule is None

    async def _sees_capsule(self) -> bool:
        """Whether it turns out that the session is held in a capsule, as the relay says."""
        try:
            async with asyncio.timeout(_SEEN_SOON):
                await self.log.until(lambda: not self._holds_no_capsule())
        except TimeoutError:
            return False
        return True


def _next_of(capsule: FurtherRoom, said: dict[UUID, int]) -> int:
    return max(said.get(capsule.id, 0), capsule.log.conversation.first)
