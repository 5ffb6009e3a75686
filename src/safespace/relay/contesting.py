"""Acts that devices cannot fold lose their effect: who is asked, what is decided, and when.

See docs/protocol.md, "When nobody can follow an act". What was said is in the database, so any process can decide.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID
from weakref import WeakValueDictionary

from sqlalchemy.ext.asyncio import AsyncConnection

from safespace import wire
from safespace.buckets import SharedBuckets
from safespace.clock import Clock
from safespace.connection import Connection
from safespace.errors import SafeSpaceError
from safespace.fields import b64decode
from safespace.framing import text_frame
from safespace.hub import Hub
from safespace.relay.joining import Joining
from safespace.relay.messages import Message
from safespace.relay.news import News
from safespace.relay.outcome import Actor
from safespace.relay.voices import PATIENCE, Voices, others
from safespace.rooms.roles import LOWEST, RANKS
from safespace.storage import acts, doubts, effects, groups, passing, rooms, undoing
from safespace.storage.acts import Act
from safespace.storage.database import Database
from safespace.storage.log import Log

PAGE: Final = 64
"""Acts of which a device is asked at once."""
_OWN: Final = RANKS["guest"]
"""What anybody may do concerns first who does it: everyone's doubt counts."""
_BY_COMMIT: Final = max(RANKS.values()) + 1
"""What stands and falls with its commit."""


class Contesting:
    """Keeps what each act changed, hears who could fold it, and takes it back where nobody could. `rekey` has devices
    asked to take contested leaves out."""

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
        undone: SharedBuckets,
        rekey: Callable[[UUID], None],
    ) -> None:
        self._database = database
        self._log = log
        self._hub = hub
        self._clock = clock
        self._news = news
        self._joining = joining
        self._voices = voices
        self._rekey = rekey
        self._turns: WeakValueDictionary[tuple[UUID, bool], asyncio.Lock] = WeakValueDictionary()
        self._doubting = doubting
        self._undone = undone

    async def check(self, account: UUID) -> None:
        """Raises SafeSpaceError throttled for who did too much that nobody could fold."""
        await self._undone.take(account.bytes)
        await self._undone.give_back(account.bytes)

    @staticmethod
    async def look(db: AsyncConnection, head: rooms.Head, policy: wire.PolicyPart | None) -> effects.Sight:
        """What an act may change, before it does."""
        return {} if policy is None else await effects.look(db, head, policy.action, policy.line)

    @staticmethod
    async def begin(
        db: AsyncConnection, actor: Actor, policy: wire.PolicyPart | None, seq: int, before: effects.Sight
    ) -> None:
        """In the act's transaction: keep what it changed."""
        head, author = actor.head, actor.member
        if policy is None:
            return
        after = await effects.look(db, head, policy.action, policy.line)
        by_commit = policy.action in ("admit", "bring")
        changed = effects.between(before, after, places_alone=by_commit)
        about = author.member if policy.target is None else b64decode(policy.target)
        known = {change.name for change in changed}
        again = set(await effects.set_by(db, head, policy.action, about, policy.plan, after)) - known
        changed += [effects.Change(name, after.get(name), after.get(name)) for name in sorted(again)]
        if not changed:
            return
        rank = _OWN if LOWEST.get(policy.action) == "guest" else RANKS[author.role]
        await acts.add(db, Act(head.id, seq, author.member, _BY_COMMIT if by_commit else rank, actor.now))
        await undoing.keep(db, head.group, head.id, seq, changed)

    async def hear(self, connection: Connection, frame: wire.Folded) -> None:
        """Somebody could fold these acts, or could not. What is of no use is passed over."""
        async with self._database.read() as db:
            leaf = await rooms.leaf_of(db, frame.room, connection.device)
            found = await acts.some(db, frame.room, frame.seqs)
        if leaf is None:
            return
        if frame.ok:
            await self._refute(frame, leaf)
        for act in found:
            # In turn, as a whole room says the same at once and the first word may be enough. One act at a time, and
            # doubts not behind the rest, so that no flood of words holds up the doubt that lets a room go on.
            async with self._turns.setdefault((frame.room, frame.ok), asyncio.Lock()):
                await self._hear(act.seq, leaf, ok=frame.ok)

    async def _hear(self, seq: int, leaf: rooms.Leaf, *, ok: bool) -> None:
        async with self._database.read() as db:
            act = await acts.one(db, leaf.room, seq)
        if act is None or act.author == leaf.member or leaf.joined_seq >= act.seq:
            return
        if ok and act.until:
            await self._believe(act)
        elif (
            not ok and not act.undone and not act.settled
        ):  # of what is undone devices speak each time they come: that uses nothing up
            await self._doubt(act, leaf)

    async def tell_doubted(self, connection: Connection, room: UUID) -> None:
        """Ask a device that has caught up what it says of what others doubt: of all that, at the reader's speed, as no
        flood of acts may hide one."""
        before = None
        while connection.close_code is None and room in connection.places:
            async with self._database.read() as db:
                doubted = await acts.doubted(db, room, before=before, limit=PAGE)
            await connection.flows()
            for act in doubted:
                connection.push(text_frame(_question(act)))
            if len(doubted) < PAGE:
                return
            before = doubted[-1].seq

    async def decide(self, room: UUID, seq: int, *, ended: bool = False) -> bool:
        """Take a doubted act back if all others who are here doubt it, or the time for them to speak has `ended`.

        Whether it was taken back by this.
        """
        async with self._log.transaction() as db:
            locked = await self._lock(db, room, seq)
            if locked is None:
                return False
            head, act = locked
            known = await others(db, room, act.author, seq)
            doubters = known & frozenset(await doubts.about(db, room, seq))
            live, all_known = self._voices.live(room)
            if act.folded or act.undone or not await _outweighs(db, head.group, doubters, act.rank):
                return False
            if not ended and self._clock() < act.until and (live & known - doubters or not all_known):
                return False
            over = await undoing.carry(db, head, act.seq, self._clock(), back=True)
            act = replace(act, undone=True)
            await acts.decide(db, act)
            blamed = await _blamed(db, head.group, act, doubters)
        if blamed is not None:
            with contextlib.suppress(SafeSpaceError):  # no more are taken already
                await self._undone.take(blamed.bytes)
        await self._tell(head, act, over)
        return True

    async def voided(self, room: UUID, seq: int) -> None:
        """The commit of this act is void. Whom it had put out is told once their leaf is in the tree again."""
        if not await self.decide(room, seq):
            async with self._database.read() as db:
                act = await acts.one(db, room, seq)
            if act is not None and act.undone:
                await self._ask(act)

    async def _refute(self, frame: wire.Folded, leaf: rooms.Leaf) -> None:
        """Somebody could apply a commit that was voided: that others could not proves nothing about its author."""
        seqs = [seq for seq in frame.seqs if seq > leaf.joined_seq]
        async with self._database.read() as db:
            if not await doubts.are_refuted(db, frame.room, seqs, leaf.member):
                return
        async with self._log.transaction() as db:
            await doubts.refute(db, frame.room, seqs, leaf.member)

    async def _doubt(self, act: Act, leaf: rooms.Leaf) -> None:
        # Departed leaves stop a room: that is said by whoever says it first, however much they doubted before.
        paid = bool(act.until) or not await self._leaves(act)
        if paid:
            try:
                await self._doubting.take(leaf.identity)
            except SafeSpaceError:
                return
        now = self._clock()
        async with self._log.transaction() as db:
            locked = await self._lock(db, act.room, act.seq)
            if locked is None:
                return
            head, act = locked
            doubt = doubts.Doubt(head.group, act.room, act.seq, leaf.member, act.author, "act", now)
            await doubts.remember(db, [doubt])
            first = not act.until
            if first:
                act = replace(act, until=now + int(PATIENCE * 1000))
                await acts.decide(db, act)
            if not act.undone:
                # Who folds it waits by itself for the keys to change; nobody else has to.
                await acts.contest(db, act)
        if first:
            await self._ask(act)
            self._voices.later(PATIENCE, lambda: self._settle(act, leaf, paid=paid, ended=True))
        await self._settle(act, leaf, paid=paid)

    async def _settle(self, act: Act, leaf: rooms.Leaf, *, paid: bool, ended: bool = False) -> None:
        """A doubt by which an act is taken back costs nothing: who floods a room uses up nobody's."""
        if await self.decide(act.room, act.seq, ended=ended) and paid:
            await self._doubting.give_back(leaf.identity)

    async def _believe(self, act: Act) -> None:
        """Somebody else folded it: it stands, and is done once more if it was taken back."""
        if not act.folded or act.undone:
            await self._redo(act)
        for room in {room for room, _ in await self._leaves(act)}:
            self._rekey(room)

    async def _leaves(self, act: Act) -> list[tuple[UUID, bytes]]:
        async with self._database.read() as db:
            return await undoing.leaves(db, act.room, act.seq)

    async def _redo(self, act: Act) -> None:
        over: tuple[UUID, ...] = ()
        async with self._log.transaction() as db:
            locked = await self._lock(db, act.room, act.seq)
            if locked is None:
                return
            head, act = locked
            was_undone = act.undone
            leaves = await undoing.leaves(db, act.room, act.seq)
            act = replace(act, folded=True, undone=False, until=act.until if leaves else 0)
            if was_undone:
                over = await undoing.carry(db, head, act.seq, self._clock(), back=False)
            await acts.contest(db, act)
            await acts.decide(db, act)
            blamed = await _blamed(db, head.group, act, frozenset(await doubts.about(db, act.room, act.seq)))
        if was_undone:
            if blamed is not None:
                await self._undone.give_back(blamed.bytes)
            await self._tell(head, act, over)

    @staticmethod
    async def _lock(db: AsyncConnection, room: UUID, seq: int) -> tuple[rooms.Head, Act] | None:
        head = await rooms.head(db, room)
        if head is None:
            return None
        await groups.lock(db, head.group)
        await rooms.lock(db, *await acts.rooms_of(db, head.group))
        head, act = await rooms.head(db, room), await acts.one(db, room, seq)
        return None if head is None or act is None else (head, act)

    async def _ask(self, act: Act) -> None:
        """Have everyone say what they make of it; who folds it does not blame the server then."""
        async with self._database.read() as db:
            accounts = await passing.accounts_in(db, act.room)
        self._news.tell(accounts, _question(act))

    async def _tell(self, head: rooms.Head, act: Act, over: Sequence[UUID]) -> None:
        await self._ask(act)
        for room in over:
            self._hub.end(room)
        async with self._database.read() as db:
            of_the_door = await undoing.has_set(db, act.room, act.seq, "live locked")
        if of_the_door:
            await self._joining.tell_of_the_door(head.group)


def _question(act: Act) -> str:
    return wire.Doubted(room=act.room, seq=act.seq, undone=act.undone).model_dump_json()


async def _outweighs(db: AsyncConnection, group: UUID, doubters: frozenset[bytes], rank: int) -> bool:
    """Whether one of them is of at least this rank: over whom somebody has power does not undo what they do."""
    for one in doubters:
        member = await groups.member(db, group, one)
        if member is not None and RANKS[member.role] >= rank:
            return True
    return False


async def _blamed(db: AsyncConnection, group: UUID, act: Act, doubters: frozenset[bytes]) -> UUID | None:
    """The account that did what is undone, if somebody of at least its rank doubts it: by the word of others alone,
    guests could keep whoever looks after them from doing anything about it."""
    author = await groups.member(db, group, act.author, past=True)
    if author is None or not await _outweighs(db, group, doubters, RANKS[author.role]):
        return None
    return author.account
