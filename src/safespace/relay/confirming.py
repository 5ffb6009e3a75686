"""Commits are provisional until somebody else could apply them: who is asked, what is decided, and when.

See docs/protocol.md, "When a change of keys cannot be processed". What was said is in the database, so any process can
decide; after a restart the next word, or silence, does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID
from weakref import WeakValueDictionary

from sqlalchemy.ext.asyncio import AsyncConnection

from safespace import logs, wire
from safespace.buckets import SharedBuckets
from safespace.clock import Clock
from safespace.connection import Connection
from safespace.errors import SafeSpaceError
from safespace.fanout import Lines
from safespace.framing import text_frame
from safespace.hub import Hub
from safespace.relay import further
from safespace.relay.commits import Change
from safespace.relay.joining import Joining
from safespace.relay.lines import text
from safespace.relay.messages import Message
from safespace.relay.news import News
from safespace.relay.outcome import Actor, Outcome
from safespace.relay.voiding import Voided, announcement, let_in, void
from safespace.storage import changes, groups, rooms
from safespace.storage.database import Database
from safespace.storage.log import Log

if TYPE_CHECKING:  # needs what is not installed where there is one process
    from safespace.bus import Bus

PATIENCE = 2.0
"""Seconds for which nothing is taken while nobody says a word, and after which one who could not apply is believed."""
MAX_KNOWN = 10_000
"""Rooms of which it is known up to where commits are settled."""


class Confirming:
    """`publish` pushes lines, `parted` is told of rooms in which leaves are departed, `staffed` of staff rooms in which
    somebody may be missing again.
    """

    def __init__(
        self,
        database: Database,
        log: Log[Message],
        hub: Hub,
        clock: Clock,
        news: News,
        joining: Joining,
        bus: Bus | None,
        doubting: SharedBuckets,
        publish: Callable[[UUID, Lines], None],
        parted: Callable[[UUID], None],
        staffed: Callable[[UUID], None],
    ) -> None:
        self._database = database
        self._log = log
        self._hub = hub
        self._clock = clock
        self._news = news
        self._joining = joining
        self._bus = bus
        self._publish = publish
        self._parted = parted
        self._staffed = staffed
        self._doubting = doubting
        self._settled: dict[UUID, int] = {}
        self._turns: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()
        self._waiting: set[asyncio.Task[None]] = set()

    async def begin(self, db: AsyncConnection, actor: Actor, change: Change, outcome: Outcome) -> None:
        """In the act's transaction: hold the new epoch back where somebody else can say whether they follow."""
        room, author = actor.head.id, actor.leaf.member
        commit = next(line for line in outcome.lines if line.kind == "handshake")
        others = await _others(db, room, author, commit.seq)
        if not others:
            return
        live, all_known = self._live(room)
        heard = bool(live & others) or not (all_known or await self._alone(room))
        until = actor.now + int(PATIENCE * 1000) if heard else 0
        before = change.before
        await changes.begin(
            db,
            changes.Change(
                room,
                commit.seq,
                outcome.lines[-1].seq,
                author,
                until,
                before.epoch,
                before.tree,
                before.confirmed_transcript_hash,
                before.confirmation_tag,
                sorted(leaf.hex() for leaf in change.removed),
                [],
            ),
        )
        await rooms.hold_back(db, room, until)

    async def word(self, connection: Connection, frame: wire.Epoch) -> None:
        """Somebody could apply a commit, or could not. What is of no use is passed over."""
        # In turn, as a whole room says the same at once and the first word may be enough.
        async with self._turns.setdefault(frame.room, asyncio.Lock()):
            if frame.seq > self._settled.get(frame.room, 0):
                await self._hear(connection, frame)

    async def stop(self) -> None:
        """Leave what is open to whoever comes next."""
        for task in self._waiting:
            task.cancel()
        await asyncio.gather(*self._waiting, return_exceptions=True)

    async def _hear(self, connection: Connection, frame: wire.Epoch) -> None:
        async with self._database.read() as db:
            head, leaf = await rooms.head(db, frame.room), await rooms.leaf_of(db, frame.room, connection.device)
            change = await changes.newest(db, frame.room)
        if head is None or leaf is None or frame.seq > head.head:
            return
        if change is None or change.seq > frame.seq:
            self._settle(frame.room, frame.seq)
        elif change.seq == frame.seq and leaf.member != change.author and leaf.joined_seq < change.seq:
            if frame.ok:
                await self._confirm(change)
                return
            try:
                await self._doubting.take(leaf.identity)
            except SafeSpaceError:
                return
            await self._doubt(change, leaf.member)

    async def _confirm(self, change: changes.Change) -> None:
        async with self._log.transaction() as db:
            await rooms.lock(db, change.room)
            current = await changes.newest(db, change.room)
            if current is None or current.seq != change.seq:
                return
            await changes.end(db, change.room)
            await rooms.hold_back(db, change.room, 0)
            head = await rooms.head(db, change.room)
            author = None if head is None else await groups.member(db, head.group, change.author)
        self._settle(change.room, change.seq)
        if author is not None:
            self._news.tell([author.account], wire.Confirmed(room=change.room, seq=change.seq).model_dump_json())

    async def _doubt(self, change: changes.Change, member: bytes) -> None:
        now = self._clock()
        async with self._log.transaction() as db:
            await rooms.lock(db, change.room)
            current, head = await changes.newest(db, change.room), await rooms.head(db, change.room)
            if head is None or current is None or current.seq != change.seq or not _can_go_back(head, current):
                self._settle(change.room, change.seq)
                return
            current = await changes.doubt(db, current, member)
            # Until it is decided: by all who are here, or when the time is over.
            await rooms.hold_back(db, change.room, max(now, current.until) + int(PATIENCE * 1000))
        await self._decide(change.room, change.seq)
        if now < current.until:
            task = asyncio.create_task(self._decide_later(current, (current.until - now) / 1000))
            self._waiting.add(task)
            task.add_done_callback(self._waiting.discard)

    async def _decide_later(self, change: changes.Change, pause: float) -> None:
        await asyncio.sleep(pause)
        try:
            await self._decide(change.room, change.seq, ended=True)
        except Exception as error:  # whoever speaks next decides
            logs.log.warning("confirming", kind=type(error).__name__, place=logs.place_of(error.__traceback__))

    async def _decide(self, room: UUID, seq: int, *, ended: bool = False) -> None:
        """Void a doubted commit if all others who are here doubt it, or the time for them to speak has `ended`."""
        async with self._log.transaction() as db:
            head = await rooms.head(db, room)
            if head is None:
                return
            await groups.lock(db, head.group)
            change = await changes.newest(db, room)
            if change is None or change.seq != seq or not change.doubts:
                return
            announced = await announcement(db, change)
            undone = None if announced is None else let_in(announced)
            await rooms.lock(db, room, *await further.rooms_of(db, head.group, undone))
            head, change = await rooms.head(db, room), await changes.newest(db, room)
            if head is None or change is None or change.seq != seq or not _can_go_back(head, change):
                return
            live, all_known = self._live(room)
            doubters = {bytes.fromhex(one) for one in change.doubts}
            silent = (live & await _others(db, room, change.author, seq)) - doubters
            if not ended and self._clock() < change.until and (silent or not all_known):
                return
            voided = await void(db, head, change, announced, self._clock())
            parted = await further.end(db, head.group, undone)
        await self._tell(head, voided, [end.room for end in parted] + ([room] if change.removed else []))
        for end in parted:
            self._hub.depart(end.room, [end.leaf], end.until, wire.Gone(room=end.room, code="ended"))

    async def _tell(self, head: rooms.Head, voided: Voided, parted: list[UUID]) -> None:
        line = voided.line
        self._settle(line.room, line.seq)
        self._publish(line.room, [(line.seq, text_frame(text(line)))])
        if voided.leaf is not None:
            gone = wire.Gone(room=line.room, code="left" if head.purpose == "main" else "ended")
            self._hub.depart(line.room, [voided.leaf], line.seq, gone)
        for room in parted:
            self._parted(room)
        if head.purpose == "staff":
            self._staffed(line.room)
        if voided.request is not None:
            await self._joining.tell_answer(voided.request, "undone")

    def _live(self, room: UUID) -> tuple[frozenset[bytes], bool]:
        """The members known to be in the room, and whether there are no others."""
        members, shown = self._hub.everyone(room)
        return members, self._bus is None or (shown and self._bus.is_up)

    async def _alone(self, room: UUID) -> bool:
        """Whether nobody is in the room at another process."""
        return self._bus is not None and self._bus.is_up and not await self._bus.is_followed(room)

    def _settle(self, room: UUID, seq: int) -> None:
        if len(self._settled) >= MAX_KNOWN:
            self._settled.clear()
        self._settled[room] = max(seq, self._settled.get(room, 0))


async def _others(db: AsyncConnection, room: UUID, author: bytes, seq: int) -> frozenset[bytes]:
    """The members who hold keys of the room, were there before the line `seq`, and are not the author."""
    held = await rooms.leaves(db, room, status="active")
    return frozenset(leaf.member for leaf in held if leaf.joined_seq < seq and leaf.member != author)


def _can_go_back(head: rooms.Head, change: changes.Change) -> bool:
    """Whether nothing came after the commit's act."""
    return (head.head, head.epoch) == (change.last, change.epoch + 1)
