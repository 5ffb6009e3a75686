"""A group's main room as people use it: what the group has agreed, and keeping it a good place."""

from collections.abc import Callable
from typing import Literal
from uuid import UUID

from uuid6 import uuid7

from safespace.fields import b64decode
from safespace.rooms.actions import (
    Leave,
    LetSpeak,
    Mute,
    MuteAll,
    Remove,
    Restore,
    SealedReason,
    TakeDown,
    Unmute,
)
from safespace.rooms.roles import CARDS, RANKS
from safespace.sdk.any_room import AnyRoom, Member
from safespace.sdk.booth import Booth
from safespace.sdk.conversation import Message
from safespace.sdk.copies import Copies
from safespace.sdk.deciding import acting
from safespace.sdk.errors import Refused
from safespace.sdk.farewells import Farewells
from safespace.sdk.filing import Filing
from safespace.sdk.group_crypto import Commit, GroupCrypto
from safespace.sdk.log import RoomLog
from safespace.sdk.parting import Parting
from safespace.sdk.place import Place
from safespace.sdk.reasons import sealed_reason
from safespace.sdk.rest import Rest
from safespace.sdk.said import AwayMessage, CardMessage, Reaction
from safespace.sdk.sealing import Pending, seal_act
from safespace.sdk.store import Store
from safespace.wire import Frame


class Room(Parting):
    """`Group.main`."""

    def __init__(
        self,
        place: Place,
        store: Store,
        rest: Rest,
        post: Callable[[Frame], None],
        update_jitter: tuple[float, float] | None,
    ) -> None:
        super().__init__(place, store, post, update_jitter)
        self.place = place
        """What this device knows of the room, keys included."""
        self.filing = Filing(rest, store, self.log, place)
        self.booth = Booth(rest, store, self.log, place)
        self.farewells = Farewells(self)
        self.copies = Copies(self, rest)
        self.beside: Callable[[UUID], AnyRoom | None] = lambda _: None
        """A further room of the group on this device."""

    async def send(self, text: str, note: str | None = None) -> int:
        seq = await super().send(text, note)
        await self.spoken()
        return seq

    async def step_out(self, away: bool = True) -> None:
        """Tell the room that one steps out for a while and is all right, or is back. Raises what `send` does; it is
        taken while the room is closed or slow, or the floor is another's."""
        await self.react(AwayMessage(away=away))

    async def react(self, said: Reaction) -> None:
        """Say what is taken where messages may not be. Raises what `send` does."""
        self.log.check_usable()
        await self.log.deliver(Pending(uuid7(), content=said.written(), kind="reaction"))

    async def send_card(self, title: str, text: str, answers: Message | None = None) -> int:
        """Send a resource card: what is known about something, in answer to a message or not. Returns its seq.

        For facilitators and above; others' devices show it from nobody else. Raises as `send` does, and Refused
        `forbidden`.
        """
        self.log.check_usable()
        me = self.place.member(self.place.me)
        if me is None or RANKS[me.role] < RANKS[CARDS]:
            raise Refused("forbidden")
        try:
            line = None if answers is None else answers.seq
            content = CardMessage(line=line, title=title, text=text).written()
        except ValueError as error:
            raise Refused("invalid_field", "A text is empty or too long.") from error
        return await self._say(content, answers)

    async def mute(
        self,
        member: Member,
        minutes: float = 5,
        *,
        length: Literal["session", "lifted"] | None = None,
        reason: str | None = None,
    ) -> None:
        """Keep a member from writing for `minutes` (to the second, up to a day), or, with `length`, until the session
        ends or someone lifts it. The reason is for them, and for those who keep the room.

        Returns once the relay took it; nothing they send is taken from then on. Raises Refused (`forbidden`,
        `rank_too_low`, `unknown_member`, `already_muted`, `invalid_field`), Removed, Left, Moved or UntrustedServer;
        so do the following, with codes of their own.
        """
        seconds = length or _seconds(minutes)
        await self._decide(lambda: acting(Mute, target=member.id, length=seconds, reason=self._why(member.id, reason)))

    async def unmute(self, member: Member) -> None:
        """Let someone write again. Refused: `not_muted`, …"""
        await self.do(acting(Unmute, target=member.id))

    async def mute_all(self, on: bool = True) -> None:
        """While on, only moderators and above write. Refused: `unchanged`, …"""
        await self.do(acting(MuteAll, on=on))

    async def let_speak(self, member: Member) -> None:
        """Let a newcomer who listens write. Refused: `not_listening`, …"""
        await self.do(acting(LetSpeak, target=member.id))

    async def take_down(self, message: Message, reason: str | None = None) -> None:
        """Take down a message of this room: devices forget its text, the server deletes it, its place stays.

        Refused: `already_taken_down`, `rank_too_low`, `unknown_line` (or said in another room), …
        """
        self._check_said_here(message)
        target, line = message.member, message.seq
        await self._decide(lambda: acting(TakeDown, target=target, line=line, reason=self._why(target, reason)))

    async def restore(self, message: Message) -> None:
        """Undo it, within 30 seconds. Refused: `too_late`, `not_taken_down`, …"""
        self._check_said_here(message)
        await self.do(acting(Restore, target=message.member, line=message.seq))

    async def remove(self, member: Member, *, ban: bool = False, reason: str | None = None) -> None:
        """Remove a member; returns once the relay took it, and the keys are changed with it.

        With `ban` their account may not ask again, and every invite that they came by, or that came of them, is taken
        back. Refused: `forbidden`, `rank_too_low`, `unknown_member`, …
        """

        def make(client_id: UUID) -> Pending:
            entry = self.place.member(member.id)
            if entry is None:
                raise Refused("unknown_member")
            leaves = [self.place.leaf_in_tree(b64decode(leaf)) for leaf in entry.leaves]
            keys = [(leaf.identity, leaf.signature_key) for leaf in leaves if leaf is not None]
            action = acting(Remove, target=member.id, ban=ban, reason=self._why(member.id, reason))
            return seal_act(self.place, client_id, action, lambda crypto: crypto.remove(keys))

        await self.act(make)

    async def report(self, message: Message, note: str = "", context: int = 3) -> UUID:
        """Tell those who keep the room about a message, with up to `context` (0 to 19) messages nearest to it.

        It may have been said in any room of the group, as long as this device keeps it. Whoever wrote it is not told,
        and does not get it; about a moderator or above it goes to the owners. Of a capsule, what is reported outlasts
        the session, with those who can read the report. Raises Refused: `unknown_line` (it is kept no longer),
        `no_recipient`, `throttled`, `quota_reached`, `invalid_field`.
        """
        return await self.filing.report_message("message", message, note, context, self._log_with(message))

    async def ask_to_check(self, message: Message, note: str = "", context: int = 0) -> UUID:
        """Ask facilitators and above to check what a message claims. Raises as `report` does."""
        return await self.filing.report_message("check", message, note, context, self._log_with(message))

    async def report_person(self, member: Member, note: str, context: int = 0) -> UUID:
        """Report a member, with the newest `context` (0 to 20) messages. Raises as `report` does."""
        return await self.filing.report("person", member.id, note, context)

    async def report_situation(self, note: str, context: int = 0) -> UUID:
        """Report what happens here, with the newest `context` (0 to 20) messages. Raises as `report` does."""
        return await self.filing.report("situation", None, note, context)

    async def leave(self) -> None:
        """Leave the group. Raises Refused `last_owner` for its only owner."""
        await self.do(Leave())

    def log_of(self, room: UUID) -> RoomLog | None:
        """What this device has read of this room, or of a further one."""
        found = self if room == self.id else self.beside(room)
        return None if found is None else found.log

    def _log_with(self, message: Message) -> RoomLog:
        """The log of the room in which it was said. Raises Refused unknown_line where that is gone."""
        log = self.log_of(message.room)
        if log is None:
            raise Refused("unknown_line")
        return log

    def _why(self, target: str, reason: str | None) -> SealedReason | None:
        return sealed_reason(self.log.unreached, self.place.state, target, reason)

    def _seal_commit(self, client_id: UUID, make: Callable[[GroupCrypto], Commit]) -> Pending:
        return seal_act(self.place, client_id, None, make)


def _seconds(minutes: float) -> int:
    """Raises Refused `invalid_field` for what no clock can count."""
    try:
        return round(minutes * 60)
    except (TypeError, ValueError, OverflowError) as error:
        raise Refused("invalid_field") from error
