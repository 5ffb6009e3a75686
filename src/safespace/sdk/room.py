"""A room as people use it: send, read along, see who is here, remove someone.

What the server sends comes in through `opened`, `received` and `closed`, one thing after another; each envelope is read
and saved before anyone sees it, and whatever is sent is saved, as it is, before it is sent.
"""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from uuid6 import uuid7

from safespace.rooms.state import Create, Leave, PolicyError, Remove, State
from safespace.sdk.checks import Suspicion
from safespace.sdk.errors import ClientError, Left, Refused, Removed, RoomWarning, UntrustedServer
from safespace.sdk.group_crypto import Commit, GroupCrypto
from safespace.sdk.place import Place
from safespace.sdk.reading import Message, read
from safespace.sdk.sealing import Pending, seal_act, seal_text
from safespace.sdk.store import Store
from safespace.wire import (
    MAX_MESSAGE,
    CaughtUp,
    Enter,
    Envelope,
    Frame,
    Gone,
    Here,
    Rekey,
    Role,
    Sent,
    b64decode,
)
from safespace.wire import (
    Refused as RefusedFrame,
)

UPDATE_AFTER = 500
"""Own messages after which this leaf takes new keys."""
_MAX_TEXT = MAX_MESSAGE * 3 // 4
_LATE = frozenset({"stale_epoch", "epoch_taken", "stale_policy", "rekey_required"})
"""Refusals that say: look again. They are answered here and never shown."""
_NOT_HERE = frozenset({"removed", "not_a_member", "unknown_room"})


@dataclass(frozen=True, slots=True)
class Member:
    """Someone who holds the keys. `me` says whether it is this device's own."""

    id: str
    pseudonym: str
    role: Role
    me: bool


class _TooLate(Exception):  # noqa: N818 - never leaves this module
    """An act was refused because something else came first."""


class Room:
    """Made by a `Group`; `id` is the room's UUID."""

    def __init__(
        self, place: Place, store: Store, post: Callable[[Frame], None], update_jitter: tuple[float, float] | None
    ) -> None:
        self._place = place
        self._store = store
        self._post = post
        self._update_jitter = update_jitter
        saved = store.get("outbox", str(place.room)) or []
        self._outbox: dict[UUID, Pending] = {one.client_id: one for one in map(Pending.load, saved)}
        self._waiting: dict[UUID, asyncio.Future[int]] = {}
        self._in_flight: set[UUID] = set()
        self._live = False
        self._present: frozenset[str] = frozenset()
        self._refused: str | None = None
        self._ended: ClientError | None = None
        self._changed = asyncio.Event()
        self._acting = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    # What people do

    @property
    def id(self) -> UUID:
        return self._place.room

    async def send(self, text: str) -> int:
        """Send a message; returns its seq once the relay has it on disk. Waits through reconnects.

        Raises Refused (nothing is kept to be sent later), Removed, Left or UntrustedServer. Cancelled while it waits
        for a connection it is not sent; cancelled later it may have been.
        """
        self.check_usable()
        if not text or len(text.encode(errors="replace")) > _MAX_TEXT:
            raise Refused("too_large" if text else "invalid_field")
        pending = Pending(uuid7(), text=text)
        return await self._deliver(pending)

    async def messages(self) -> AsyncIterator[Message]:
        """Every message this device has read in the room, from its first on, then each new one, own ones included.

        Ends when this member left or the client is closed. Raises Removed or UntrustedServer once all is shown.
        """
        number = 0
        while True:
            while self._ended is None and number < self._place.shown:
                yield Message(**self._store.get("message", str(self.id), str(number)))
                number += 1
            if isinstance(trouble := self._trouble(), Left) or self._ended is not None:
                return
            if trouble is not None:
                raise trouble
            await self._changed.wait()

    def members(self) -> list[Member]:
        """Who holds the keys, by pseudonym."""
        state = self._place.state
        members = state.members.items() if state else ()
        listed = [Member(id, one.pseudonym, one.role, id == self._place.me) for id, one in members]
        return sorted(listed, key=lambda member: member.pseudonym)

    def here(self) -> list[Member]:
        """Who is connected now, where the group shows that."""
        return [member for member in self.members() if member.id in self._present]

    @property
    def policy(self) -> State | None:
        """What the group has agreed, folded from its policy messages."""
        return self._place.state

    @property
    def floor(self) -> str:
        """Who may speak: everyone (`open`)."""
        return "open"

    def warnings(self) -> list[RoomWarning]:
        """What the server or a member did that an honest one would not."""
        return list(self._place.warnings)

    async def remove(self, member: Member) -> None:
        """Remove a member; returns once the relay took it. The rest rekey before the next message.

        Raises Refused (`forbidden`, `rank_too_low`, …), Removed, Left or UntrustedServer.
        """

        def make(client_id: UUID) -> Pending | None:
            entry = self._place.member(member.id)
            if entry is None:
                return None  # someone else was faster
            leaves = [self._place.leaf_in_tree(b64decode(leaf)) for leaf in entry.leaves]
            keys = [(leaf.identity, leaf.signature_key) for leaf in leaves if leaf is not None]
            return seal_act(self._place, client_id, Remove(target=member.id), lambda crypto: crypto.remove(keys))

        if self._place.member(member.id) is None:
            raise Refused("unknown_member")
        await self._act(make)

    async def leave(self) -> None:
        """Leave the group. Raises Refused `last_owner` for its only owner."""
        await self._act(lambda client_id: seal_act(self._place, client_id, Leave()))

    async def refresh_keys(self) -> None:
        """Take new keys for this device's leaf, so that a stolen copy of the old ones is of no more use."""

        def update(crypto: GroupCrypto) -> Commit:
            return crypto.update()

        await self._act(lambda client_id: seal_act(self._place, client_id, None, update))

    # What groups do with it

    @property
    def place(self) -> Place:
        return self._place

    async def create(self, action: Create) -> None:
        """The first policy message of a new group."""
        await self._act(lambda client_id: seal_act(self._place, client_id, action))

    async def act(self, make: Callable[[UUID], Pending | None]) -> None:
        """Do what `make` seals, again on what the group has become whenever something else came first."""
        await self._act(make)

    async def entered(self) -> None:
        """Wait until the group's state is known. Raises what stands in the way."""
        await self._until(lambda: self._place.state is not None)

    def check_usable(self) -> None:
        """Raises what stands in the way of sending for good."""
        if (trouble := self._trouble()) is not None:
            raise trouble

    def warn(self, code: str, seq: int | None = None) -> None:
        """Note a warning, once, and keep it."""
        warning = RoomWarning(code, seq)
        if warning not in self._place.warnings:
            self._place.warnings.append(warning)
            self._save()
            self._notify()

    # What the connection does with it

    def opened(self) -> None:
        """A new connection: say how far the log was read."""
        if self._trouble() is None:
            self._post(Enter(t="enter", room=self.id, after=self._place.cursor))

    def closed(self) -> None:
        """The connection broke; everything unanswered is sent again after the next `caught_up`."""
        self._live = False
        self._in_flight.clear()
        self._present = frozenset()

    def received(self, frame: Any) -> None:
        """A frame that names this room."""
        match frame:
            case Envelope():
                self._envelope(frame)
            case CaughtUp():
                if self._trouble() is None and (frame.head > self._place.cursor or frame.gap is not None):
                    self.warn("seq_hole", self._place.cursor + 1)
                self._live = True
                self._notify()
                self._schedule_update()
                self._pump()
            case Sent():
                self._sent(frame)
            case RefusedFrame():
                self._was_refused(frame)
            case Here():
                self._present = frozenset(frame.members)
            case Rekey():
                self._start(self._rekey(frame.leaves))
            case Gone():
                self._gone(frame.code)

    def end(self, error: ClientError) -> None:
        """No more connections: whoever waits gets the error."""
        self._ended = self._ended or error
        self._live = False
        for task in self._tasks:
            task.cancel()
        self._notify()
        self._fail_all(error)

    async def stopped(self) -> None:
        """Wait until nothing of the room runs any more."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # Reading

    def _envelope(self, envelope: Envelope) -> None:
        place = self._place
        if place.halted or place.status != "member":
            return
        if envelope.seq != place.cursor + 1:
            self.warn("seq_repeat" if envelope.seq <= place.cursor else "seq_hole", envelope.seq)
            return
        own = self._outbox.get(envelope.client_id)
        shown = None
        epoch = place.public.epoch
        try:
            shown = read(place, envelope, own)
        except Suspicion as suspicion:
            warning = RoomWarning(suspicion.code, envelope.seq)
            place.warnings.append(warning)
            if warning.halting:
                self._save()
                self._notify()
                self._fail_all(UntrustedServer(warning))
                return
        place.cursor = envelope.seq
        done = own is not None and envelope.body == own.last_body
        if done:
            self._outbox.pop(envelope.client_id)
            self._in_flight.discard(envelope.client_id)
        self._save(shown, outbox=done)
        if done:
            self._settle(envelope.client_id, envelope.seq)
        self._notify()
        if (trouble := self._trouble()) is not None:
            self._fail_all(trouble)
        elif place.public.epoch != epoch and self._live:
            self._pump()

    def _gone(self, code: str) -> None:
        """The server says that this device is out; unless the group said so before, that is the server's word alone."""
        if self._place.status == "member":
            self._place.status = "refused"
            self._save()
        self._refused = code
        self._live = False
        self._notify()
        if (trouble := self._trouble()) is not None:
            self._fail_all(trouble)

    # Sending

    async def _deliver(self, pending: Pending) -> int:
        """Put it in the outbox and wait for its seq."""
        future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting[pending.client_id] = future
        self._outbox[pending.client_id] = pending
        if pending.frame is not None:
            self._save(outbox=True, durable=True)
        self._pump()
        try:
            return await future
        finally:
            self._waiting.pop(pending.client_id, None)
            if pending.frame is None:
                self._outbox.pop(pending.client_id, None)

    def _pump(self) -> None:
        """Send what is in the outbox and not on its way, sealing it again where the keys changed."""
        place = self._place
        if not self._live or self._trouble() is not None or place.between:
            return
        waiting = [one for one in self._outbox.values() if one.client_id not in self._in_flight]
        sealed = False
        ready = []
        for pending in waiting:
            if pending.text is not None:
                if place.departed or place.state is None:
                    continue
                if pending.frame is None or pending.frame_epoch != place.public.epoch:
                    seal_text(place, pending)
                    sealed = True
            ready.append(pending)
        if sealed:
            self._save(outbox=True, durable=True)
        for pending in ready:
            assert pending.frame is not None  # noqa: S101 - acts are made sealed, messages were sealed above
            self._in_flight.add(pending.client_id)
            self._post(pending.frame)
        self._schedule_update()

    def _sent(self, frame: Sent) -> None:
        """Accepted before. Its envelope comes or came; if it came as something else, the server lies."""
        if frame.client_id in self._outbox and frame.seq <= self._place.cursor:
            self._drop(frame.client_id, Refused("client_id_reused"))

    def _was_refused(self, frame: RefusedFrame) -> None:
        pending = None if frame.client_id is None else self._outbox.get(frame.client_id)
        if pending is None:
            if frame.client_id is None and frame.code in _NOT_HERE:
                self._gone(frame.code)
            elif frame.client_id is None and not self._live:
                self._later(self.opened, frame.retry_after or 1)
        elif frame.code in _LATE and pending.text is None:
            self._drop(pending.client_id, _TooLate(frame.code))
        elif frame.code in _LATE or frame.code == "not_entered":
            self._in_flight.discard(pending.client_id)
            if pending.frame_epoch != self._place.public.epoch and not self._place.departed:
                self._pump()
            else:
                self._later(self._pump, 0.3)
        else:
            self._drop(pending.client_id, Refused(frame.code, frame.detail, retry_after=frame.retry_after))

    def _drop(self, client_id: UUID, error: Exception) -> None:
        """Never to be sent again."""
        self._outbox.pop(client_id, None)
        self._in_flight.discard(client_id)
        self._save(outbox=True)
        future = self._waiting.get(client_id)
        if future is not None and not future.done():
            future.set_exception(error)

    def _settle(self, client_id: UUID, seq: int) -> None:
        future = self._waiting.get(client_id)
        if future is not None and not future.done():
            future.set_result(seq)

    def _fail_all(self, error: Exception) -> None:
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(error)

    async def _act(self, make: Callable[[UUID], Pending | None], *, rekeying: bool = False) -> None:
        """Seal and send an act once the room is ready for one; start over whenever something else came first."""
        pause = 0.05
        while True:
            await self._until(lambda: self._live and not self._place.between and (rekeying or not self._place.departed))
            async with self._acting:
                if not self._live or self._place.between or (self._place.departed and not rekeying):
                    continue
                self.check_usable()
                try:
                    pending = make(uuid7())
                except PolicyError as error:
                    raise Refused(error.code) from error
                if pending is None:
                    return
                try:
                    await self._deliver(pending)
                except _TooLate:
                    pass
                else:
                    return
            await asyncio.sleep(random.uniform(pause, 2 * pause))  # noqa: S311 - jitter, not a secret
            pause = min(2 * pause, 2.0)

    async def _rekey(self, leaves: Iterable[str]) -> None:
        """Take the departed leaves that the relay names, and the group knows as departed, out of the tree."""
        named = {b64decode(leaf) for leaf in leaves}

        def make(client_id: UUID) -> Pending | None:
            keys = [(leaf.identity, leaf.signature_key) for leaf in self._place.departed if leaf.identity in named]
            if not keys:
                return None
            return seal_act(self._place, client_id, None, lambda crypto: crypto.remove(keys))

        with contextlib.suppress(ClientError):  # someone else will be asked
            await self._act(make, rekeying=True)

    def _schedule_update(self) -> None:
        """Take new keys some time soon, if they are due."""
        if self._update_jitter is None or self._place.since_update < UPDATE_AFTER:
            return
        if not any(task.get_name() == "update" for task in self._tasks):
            self._start(self._update(random.uniform(*self._update_jitter)), "update")  # noqa: S311 - jitter

    async def _update(self, pause: float) -> None:
        await asyncio.sleep(pause)
        with contextlib.suppress(ClientError):  # it stays due
            await self.refresh_keys()

    # Small things

    def _trouble(self) -> ClientError | None:
        """Why nothing more can be sent here, if so."""
        place = self._place
        if (warning := place.halted) is not None:
            return UntrustedServer(warning)
        match place.status:
            case "left":
                return Left()
            case "removed":
                return Removed(announced=True)
            case "refused":
                return Removed(announced=False)
        return self._ended

    async def _until(self, ready: Callable[[], bool]) -> None:
        while True:
            self.check_usable()
            if ready():
                return
            await self._changed.wait()

    def _notify(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    def _later(self, call: Callable[[], None], pause: float) -> None:
        async def wait() -> None:
            await asyncio.sleep(pause * random.uniform(1, 2))  # noqa: S311 - jitter
            call()

        self._start(wait())

    def _start(self, work: Any, name: str | None = None) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _save(self, shown: Message | None = None, *, outbox: bool = False, durable: bool = False) -> None:
        """One transaction: keys, cursor, message and outbox."""
        place, name = self._place, str(self.id)
        with self._store.writing(durable=durable):
            if shown is not None:
                self._store.put(shown.dump(), "message", name, str(place.shown))
            if outbox:
                self._store.put([one.dump() for one in self._outbox.values() if one.frame], "outbox", name)
            self._store.put(place.dump() | {"shown": place.shown + (shown is not None)}, "place", name)
        place.shown += shown is not None
