"""Whose turn it is to speak in a room, and how the room is kept calm."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from safespace.fields import FloorMode
from safespace.rooms.live_actions import (
    GiveFloor,
    Lock,
    LowerHand,
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
from safespace.sdk.any_room import Member
from safespace.sdk.deciding import Deciding, acting
from safespace.sdk.errors import Refused


@dataclass(frozen=True, slots=True)
class Floor:
    """Whose turn it is. In an open floor it is nobody's, and the queue are the hands that are up.

    `until` is when the turn is meant to be over, if it has a time.
    """

    mode: FloorMode
    holder: Member | None
    queue: tuple[Member, ...]
    until: datetime | None


class Turns(Deciding):
    """Speaking in turn."""

    @property
    def floor(self) -> Floor:
        """The floor now. Raises as `send` does where this device cannot know."""
        state = self.now()
        floor, terms = state.floor, state.live.terms
        holder = None if floor.holder is None else self.member(floor.holder)
        begun = datetime.fromtimestamp(floor.since / 1000, UTC)
        until = begun + timedelta(seconds=terms.seconds) if holder and terms.seconds else None
        return Floor(terms.mode, holder, tuple(one for id in floor.queue if (one := self.member(id))), until)

    async def raise_hand(self, *, too: bool = False) -> None:
        """Ask for a turn; `too` says that it is about what is being said. Refused: `hand_up`, `listening`."""
        await self.do(RaiseHand(too=too))

    async def lower_hand(self, member: Member | None = None) -> None:
        """Ask no more; facilitators and above lower another's. Refused: `no_hand`, `forbidden`."""
        await self.do(acting(LowerHand, target=None if member is None else member.id))

    async def pass_turn(self, *, later: bool = False) -> None:
        """End the turn that is on: one's own, to the next in the queue; for facilitators and above, anyone's. With
        `later` its holder is asked again, after the others.

        A turn that ends meanwhile has ended as it should. Refused: `not_your_turn`, and `turn_over` where none is on.
        """
        floor = self.now().floor
        try:
            await self.do(PassTurn(turn=floor.turn, later=later))
        except Refused as refused:
            if refused.code != "turn_over" or floor.holder is None:
                raise

    async def give_floor(self, member: Member) -> None:
        """Let someone speak now. Refused: `floor_open`, `unchanged`, `unknown_member`, `forbidden`."""
        await self.do(acting(GiveFloor, target=member.id))

    async def start_round(
        self, seconds: int = 120, *, grace: int | None = 30, order: Sequence[Member] | None = None
    ) -> None:
        """Go round: everyone in `order` has a turn, by default who is here (where the group does not show that, who is
        in the group) but oneself and who listens.

        A turn is over `grace` seconds after its `seconds`; with None, or 0 seconds, when its holder passes it on.
        Raising a hand asks to be in the round. Refused: `unknown_member`, `invalid_field` for nobody, `forbidden`.
        """
        if order is None:
            members = self.now().members
            order = [one for one in self.here() or self.members() if not (one.me or members[one.id].listening)]
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
