"""Commits are provisional until somebody else could apply them: who is asked, what is decided, and when.

See docs/protocol.md, "When a change of keys cannot be processed". What was said is in the database, so any process can
decide; after a restart the next word, or silence, does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID
from weakref import WeakValueDictionary

from sqlalchemy.ext.asyncio import AsyncConnection

from safespace import wire
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
from safespace.relay.voices import PATIENCE, Voices, others
from safespace.relay.voiding import Voided, announcement, let_in, void
from safespace.storage import acts, changes, groups, rooms
from safespace.storage.database import Database
from safespace.storage.log import Log

MAX_KNOWN = 10_000
"""Rooms of which it is known up to where commits are settled."""


class Confirming:
    """`publish` pushes lines, `parted` is told of rooms in which leaves are departed, `staffed` of staff rooms in which
    somebody may be missing again, `voided` of the policy message whose commit was voided.
    """

    def __init__(
        self,
        database: Database,
        log: Log[Message],
        hub: Hub,
        clock: Clock,
        news: News,
        joining: Joining,
        voices: Voices,
        doubting: SharedBuckets,
        publish: Callable[[UUID, Lines], None],
        parted: Callable[[UUID], None],
        staffed: Callable[[UUID], None],
        voided: Callable[[UUID, int], Awaitable[object]],
    ) -> None:
        self._database = database
        self._log = log
        self._hub = hub
        self._clock = clock
        self._news = news
        self._joining = joining
        self._voices = voices
        self._publish = publish
        self._parted = parted
        self._staffed = staffed
        self._voided = voided
        self._doubting = doubting
        self._settled: dict[UUID, int] = {}
        self._turns: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()

    async def begin(self, db: AsyncConnection, actor: Actor, change: Change, outcome: Outcome) -> None:
        """In the act's transaction: hold the new epoch back where somebody else can say whether they follow."""
        room, author = actor.head.id, actor.leaf.member
        commit = next(line for line in outcome.lines if line.kind == "handshake")
        asked = await others(db, room, author, commit.seq)
        if not asked:
            return
        live, all_known = self._voices.live(room)
        heard = bool(live & asked) or not (all_known or await self._voices.alone(room))
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

    async def _hear(self, connection: Connection, frame: wire.Epoch) -> None:
        async with self._database.read() as db:
            head, leaf = await rooms.head(db, frame.room), await rooms.leaf_of(db, frame.room, connection.device)
            change = await changes.newest(db, frame.room)
        if head is None or leaf is None or frame.seq > head.head:
            return
        if change is None or change.seq > frame.seq:
            self._settle(frame.room, frame.seq)
        elif change.seq == frame.seq == leaf.joined_seq:
            if frame.ok:
                await self._opened(change)
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

    async def _opened(self, change: changes.Change) -> None:
        """Whom it lets in could open it: that shows nothing of the others' part, and that its author meant well."""
        async with self._log.transaction() as db:
            await rooms.lock(db, change.room)
            current = await changes.newest(db, change.room)
            if current is None or current.seq != change.seq:
                return
            await changes.open(db, change.room)
        await self._decide(change.room, change.seq)

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
            pause = (current.until - now) / 1000
            self._voices.later(pause, lambda: self._decide(change.room, change.seq, ended=True))

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
            await rooms.lock(db, *await acts.rooms_of(db, head.group))
            head, change = await rooms.head(db, room), await changes.newest(db, room)
            if head is None or change is None or change.seq != seq or not _can_go_back(head, change):
                return
            live, all_known = self._voices.live(room)
            doubters = {bytes.fromhex(one) for one in change.doubts}
            silent = (live & await others(db, room, change.author, seq)) - doubters
            awaited = silent or (undone is not None and not change.opened)
            if not ended and self._clock() < change.until and (awaited or not all_known):
                return
            voided = await void(db, head, change, announced, self._clock())
            parted = await further.end(db, head.group, undone)
        if announced is not None:
            await self._voided(room, seq - 1)
        if voided.back is not None:
            # Whoever could not read that they were replaced is in the room as before.
            again = wire.Doubted(room=room, seq=seq - 1, undone=True)
            self._news.tell([voided.back], again.model_dump_json())
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

    def _settle(self, room: UUID, seq: int) -> None:
        if len(self._settled) >= MAX_KNOWN:
            self._settled.clear()
        self._settled[room] = max(seq, self._settled.get(room, 0))


def _can_go_back(head: rooms.Head, change: changes.Change) -> bool:
    """Whether nothing came after the commit's act."""
    return (head.head, head.epoch) == (change.last, change.epoch + 1)
