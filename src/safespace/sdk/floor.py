"""Whose turn it is to speak in a room, and how the room is kept calm."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from safespace.fields import FloorMode
from safespace.rooms.live_actions import (
    GiveFloor,
    Lock,
    LowerHand,
    LowerHands,
    Pace,
    PassTurn,
    Pause,
    RaiseHand,
    Resume,
    SetFloor,
    SetPace,
    SlowMode,
    StartRound,
)
from safespace.rooms.silence import silences
from safespace.sdk.any_room import Member
from safespace.sdk.clocks import date_of
from safespace.sdk.deciding import Deciding, acting
from safespace.sdk.errors import ClientError, Refused


@dataclass(frozen=True, slots=True)
class Floor:
    """Whose turn it is. In an open floor it is nobody's, and the queue are the hands that are up.

    `until` is when the turn is meant to be over, if it has a time. `absent` is whether its holder is not connected,
    where the group shows who is. `passed_over` are those in the queue who keep their place, and cannot speak now:
    moderators and above read all of them, others themselves alone.
    """

    mode: FloorMode
    holder: Member | None
    queue: tuple[Member, ...]
    until: datetime | None
    absent: bool = False
    passed_over: tuple[Member, ...] = ()


class Turns(Deciding):
    """Speaking in turn."""

    @property
    def floor(self) -> Floor:
        """The floor now. Raises as `send` does where this device cannot know."""
        state = self.now()
        floor, terms = state.floor, state.live.terms
        holder = None if floor.holder is None else self.member(floor.holder)
        begun = date_of(floor.since)
        until = begun + timedelta(seconds=terms.seconds) if holder and terms.seconds else None
        queue = tuple(one for id in floor.queue if (one := self.member(id)))
        absent = holder is not None and self._is_absent(holder.id)
        return Floor(terms.mode, holder, queue, until, absent, tuple(one for one in queue if one.id in floor.silent))

    async def raise_hand(self, *, too: bool = False) -> None:
        """Ask for a turn; `too` says that it is about what is being said. It comes down by itself
        after the next message in an open floor. Refused: `hand_up`, `muted`, `listening`, `agree_first`, `closed`."""
        await self.do(RaiseHand(too=too))

    async def lower_hand(self, member: Member | None = None) -> None:
        """Ask no more, or, in a round, be skipped this time; facilitators and above lower another's.

        Refused: `no_hand`, `forbidden`.
        """
        await self.do(acting(LowerHand, target=None if member is None else member.id))

    async def lower_hands(self) -> None:
        """Nobody waits any more; whose turn it is has it. Refused: `no_hand`, `forbidden`."""
        await self.do(LowerHands())

    async def spoken(self) -> None:
        """One has spoken: in an open floor one's hand comes down."""
        state, me = self._read(), self.place.me
        if state is not None and state.live.terms.mode == "open" and me in state.floor.queue:
            with contextlib.suppress(ClientError):  # lowered meanwhile, or not to be said now
                await self.do(LowerHand(target=None))

    async def pass_turn(self, *, later: bool = False) -> None:
        """End the turn that is on: one's own, to the next in the queue; for facilitators and above, anyone's. With
        `later` its holder is asked again, after the others.

        A turn that ends meanwhile has ended as it should. Refused: `not_your_turn`, and `turn_over` where none is on.
        """
        await self._pass(later=later, absent=False)

    async def skip_absent(self) -> None:
        """End the turn of somebody who is not connected. They are asked again after the others, where others wait who
        are here. Anyone may, where the group shows who is here.

        Refused: `still_here`, `turn_over`, `forbidden` where it does not show that.
        """
        floor = self.now().floor
        waits = any(not self._is_absent(one) and one not in floor.silent for one in floor.queue)
        await self._pass(later=waits, absent=True)

    async def _pass(self, *, later: bool, absent: bool) -> None:
        floor = self.now().floor
        try:
            await self.do(PassTurn(turn=floor.turn, later=later, absent=absent))
        except Refused as refused:
            if refused.code != "turn_over" or floor.holder is None:
                raise

    def _is_absent(self, member: str) -> bool:
        """Whether a member is not connected, as far as the group shows that."""
        return self.now().presence and member not in self.log.present

    async def give_floor(self, member: Member) -> None:
        """Let someone speak now.

        Refused: `floor_open`, `unchanged`, `cannot_speak` (muted, listening, not agreed to the rules, or the room is
        quiet), `unknown_member`, `forbidden`.
        """
        await self.do(acting(GiveFloor, target=member.id))

    async def start_round(
        self, seconds: int = 120, *, grace: int | None = 30, order: Sequence[Member] | None = None
    ) -> None:
        """Go round: everyone in `order` has a turn, by default who is here (where the group does not show that, who is
        in the group) but oneself and who cannot speak. Whoever in `order` cannot is passed over, and keeps the place
        until they can.

        A turn is over `grace` seconds after its `seconds`; with None, or 0 seconds, when its holder passes it on.
        Raising a hand asks to be in the round. Refused: `unknown_member`, `invalid_field` for nobody, `forbidden`.
        """
        if order is None:
            state = self.now()
            unable = silences(state, self.place.session_time())
            order = [one for one in self.here() or self.members() if not (one.me or one.id in unable)]
        await self.do(acting(StartRound, order=tuple(one.id for one in order), seconds=seconds, grace=grace))

    async def go_by_hands(self, seconds: int = 0, *, grace: int | None = None) -> None:
        """The floor goes to whoever raised a hand first, for `seconds` each, 0 for as long as it takes."""
        await self.do(acting(SetFloor, mode="hands", seconds=seconds, grace=grace))

    async def open_floor(self) -> None:
        """Everyone may speak. Refused: `unchanged`, `forbidden`."""
        await self.do(SetFloor(mode="open", seconds=0, grace=None))

    async def pause(self, note: str | None = None) -> None:
        """Nobody but staff writes; `note` says why it is quiet. Refused: `unchanged`, `invalid_field`, `forbidden`."""
        await self.do(acting(Pause, note=note))

    async def resume(self) -> None:
        """Go on: whose turn it is has as long as was left. Refused: `unchanged`, `forbidden`."""
        await self.do(Resume())

    async def slow_mode(self, seconds: int) -> None:
        """Everyone but staff waits so long between two messages, 0 ends it. Refused: `unchanged`, `invalid_field`, …"""
        await self.do(acting(SlowMode, seconds=seconds))

    async def set_pace(self, pace: Pace) -> None:
        """What the room asks of people today: `usual` or `gentle`. Refused: `unchanged`, `forbidden`."""
        await self.do(acting(SetPace, pace=pace))

    async def lock(self, on: bool = True) -> None:
        """While the door is locked nobody new is let in; who waits goes on waiting. Refused: `unchanged`, …"""
        await self.do(acting(Lock, on=on))
