"""What people do in any room: send, read along, see who is here."""

import asyncio
import contextlib
import random
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from uuid import UUID

from uuid6 import uuid7

from safespace.fields import Role, b64decode
from safespace.rooms.healing import is_due
from safespace.rooms.roles import STAFF
from safespace.rooms.state import PolicyError
from safespace.sdk.any_place import AnyPlace
from safespace.sdk.conversation import Message
from safespace.sdk.errors import ClientError, Left, Refused, RoomWarning
from safespace.sdk.group_crypto import Commit, GroupCrypto, GroupCryptoError
from safespace.sdk.log import RoomLog, TooLate
from safespace.sdk.said import NoteMessage, TextMessage
from safespace.sdk.sealing import MAX_CONTENT, Pending
from safespace.sdk.store import Store
from safespace.wire import Frame


@dataclass(frozen=True, slots=True)
class Member:
    """Someone who holds the keys. `me` says whether it is this device's own."""

    id: str
    pseudonym: str
    role: Role
    me: bool
    away: bool = field(default=False, compare=False)
    """Whether they stepped out for a while and are all right."""
    muted: bool = field(default=False, compare=False)
    """Whether somebody keeps them from writing here: of others only moderators and above see it."""


class AnyRoom(ABC):
    """`id` is the room's UUID."""

    def __init__(
        self, place: AnyPlace, store: Store, post: Callable[[Frame], None], update_jitter: tuple[float, float] | None
    ) -> None:
        self.log = RoomLog(place, store, post, self._asked_to_rekey, self._consider_update)
        self._update_jitter = update_jitter
        self._acting = asyncio.Lock()

    @property
    def id(self) -> UUID:
        return self.log.place.room

    async def send(self, text: str, note: str | None = None) -> int:
        """Send a message; returns its seq once the relay has it on disk. Waits through reconnects.

        `note` says in up to 80 characters what it is about: others see that first, and the text when they want to.
        Raises Refused (then nothing is kept to be sent later), Removed, Left, Moved or UntrustedServer. Cancelled, or
        closed with the client, before it was sealed, it is never sent; after that it may be, at the latest when the
        store is opened again.
        """
        self.log.check_usable()
        try:
            content = TextMessage(text=text, note=note).written()
        except ValueError as error:
            raise Refused("invalid_field", "Nothing of it would be seen, or the note is too long.") from error
        if len(content) > MAX_CONTENT:
            raise Refused("too_large")
        return await self._say(content)

    async def annotate(self, message: Message, note: str | None) -> None:
        """Fold a message away under a content note, or open it again with None: one's own, or anyone's for moderators
        and above; others' devices follow it from nobody else.

        Raises as `send` does, and Refused `forbidden`, or `unknown_line` for what was said in another room.
        """
        self.log.check_usable()
        me = self.log.place.me
        if me is None or not (message.me or self.log.place.role_of(me) in STAFF):
            raise Refused("forbidden")
        try:
            content = NoteMessage(line=message.seq, note=note).written()
        except ValueError as error:
            raise Refused("invalid_field", "The note is empty or too long.") from error
        await self._say(content, message)

    async def _say(self, content: bytes, about: Message | None = None) -> int:
        """Have the relay take what a member says; returns its seq. A message that it is `about` is of this room."""
        if about is not None:
            self._check_said_here(about)
        return await self.log.deliver(Pending(uuid7(), content=content))

    def _check_said_here(self, message: Message) -> None:
        """Its number is that of another message in every other room. Raises Refused unknown_line."""
        if message.room != self.id:
            raise Refused("unknown_line", "This was said in another room.")

    async def messages(self) -> AsyncIterator[Message]:
        """Every message that this device keeps of the room, from its first on, then each new one, own ones included.

        Ends when this member left or the client is closed. Raises Removed, Moved, Ended or UntrustedServer once all is
        shown.
        """
        number = 0
        while self.log.ended is None:
            number = max(number, self.log.conversation.first)
            if number < self.log.place.shown:
                yield self.log.conversation.message(number)
                number += 1
            elif (trouble := self.log.trouble()) is None:
                await self.log.change()
            elif isinstance(trouble, Left):
                return
            else:
                raise trouble

    @abstractmethod
    def members(self) -> list[Member]:
        """Who holds the keys, by pseudonym."""

    @abstractmethod
    def member(self, id: str) -> Member | None:
        """The member with this id, if there is one now."""

    def here(self) -> list[Member]:
        """Who is connected now, where the group shows that."""
        return [member for member in self.members() if member.id in self.log.present]

    def warnings(self) -> list[RoomWarning]:
        """What the server or a member did that an honest one would not."""
        return list(self.log.place.warnings)

    async def refresh_keys(self) -> None:
        """Take new keys for this device's leaf, so that a stolen copy of the old ones is of no more use."""
        await self.act(lambda client_id: self._seal_commit(client_id, lambda crypto: crypto.update()))

    async def entered(self) -> None:
        """Wait until it is known what the room has agreed. Raises what stands in the way."""
        await self.log.until(lambda: self.log.place.known)

    async def act(self, make: Callable[[UUID], Pending | None], *, rekeying: bool = False) -> None:
        """Do what `make` seals, anew on what the room has become whenever something else came first.

        `make` returns None when there is nothing left to do. Only `rekeying` may act while departed leaves are in the
        tree. Raises Refused, Removed, Left or UntrustedServer.
        """
        pause = 0.05
        while True:
            await self.log.until(lambda: self._may_act(rekeying))
            async with self._acting:
                if not self._may_act(rekeying):
                    continue
                self.log.check_usable()
                try:
                    pending = make(uuid7())
                except PolicyError as error:
                    raise Refused(error.code) from error
                except GroupCryptoError as error:
                    raise Refused("mls_malformed") from error
                if pending is None:
                    return
                with contextlib.suppress(TooLate):
                    await self.log.deliver(pending)
                    return
            await asyncio.sleep(random.uniform(pause, 2 * pause))  # noqa: S311 - jitter, not a secret
            pause = min(2 * pause, 2.0)

    def _may_act(self, rekeying: bool) -> bool:
        place = self.log.place
        return self.log.live and not place.between and not place.stuck and (rekeying or not place.departed)

    @abstractmethod
    def _seal_commit(self, client_id: UUID, make: Callable[[GroupCrypto], Commit]) -> Pending:
        """An act that is a commit alone."""

    def _seal_removal(self, client_id: UUID, named: set[bytes]) -> Pending | None:
        """Take departed leaves with these identities out of the tree; None where there are none."""
        departed = [leaf for leaf in self.log.place.departed if leaf.identity in named]
        keys = [(leaf.identity, leaf.signature_key) for leaf in departed]
        return self._seal_commit(client_id, lambda crypto: crypto.remove(keys)) if keys else None

    def _asked_to_rekey(self, leaves: list[str]) -> None:
        self.log.chores.start(self._rekey({b64decode(leaf) for leaf in leaves}), "rekey")

    async def _rekey(self, named: set[bytes]) -> None:
        """Take out of the tree the leaves that the relay names and this device knows as departed."""
        with contextlib.suppress(ClientError):  # someone else will be asked
            await self.act(lambda client_id: self._seal_removal(client_id, named), rekeying=True)

    def _consider_update(self) -> None:
        """Take new keys some time soon, if they are due."""
        place = self.log.place
        now = place.clock.now()
        if not place.renewed:  # from when on this device looks
            place.renewed = now
        if is_due(place.since_update, place.renewed, now):
            self.some_time_soon(self.refresh_keys, "update")

    def some_time_soon(self, work: Callable[[], Awaitable[None]], name: str) -> None:
        """Do what is due after a pause, as not all devices should at once; not again while that is under way."""
        if self._update_jitter is not None:
            self.log.chores.start(_after(random.uniform(*self._update_jitter), work), name)  # noqa: S311 - jitter


async def _after(pause: float, work: Callable[[], Awaitable[None]]) -> None:
    await asyncio.sleep(pause)
    with contextlib.suppress(ClientError):  # it stays due
        await work()
