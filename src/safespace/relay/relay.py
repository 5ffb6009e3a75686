"""Enter, send and act: what arrives on a socket, in the order in which it is committed.

Messages and acts take turns at the log (`safespace.storage.log`), and what a turn stored is published before the next
begins; so the order of a room's log, of its commits and of what is published is one and the same. A room's lock keeps
acts and those who enter apart.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import TYPE_CHECKING
from uuid import UUID
from weakref import WeakValueDictionary

from sqlalchemy.ext.asyncio import AsyncConnection

from safespace import wire
from safespace.buckets import SharedBuckets
from safespace.budgets import QUOTAS, Budget
from safespace.clock import Clock
from safespace.connection import Connection, Place
from safespace.crypto.franking import stamp
from safespace.errors import SafeSpaceError
from safespace.fanout import Lines
from safespace.fields import PASSING, b64decode
from safespace.framing import text_frame
from safespace.hub import MAX_CONNECTIONS, Hub
from safespace.relay import acts, further, messages, questions
from safespace.relay.asking import PAUSE, Asking
from safespace.relay.commits import Change, check_commit
from safespace.relay.confirming import Confirming
from safespace.relay.contesting import Contesting
from safespace.relay.copying import Copying
from safespace.relay.expiring import clear_wal
from safespace.relay.finding import answer_repeat, find
from safespace.relay.following import Following, see_departed
from safespace.relay.joining import Joining
from safespace.relay.lines import Stamp, text
from safespace.relay.link import Link
from safespace.relay.news import News
from safespace.relay.outcome import Actor, Outcome
from safespace.relay.reporting import Reporting
from safespace.relay.spending import Spending
from safespace.relay.voices import Voices
from safespace.storage import envelopes, groups, passing, rooms
from safespace.storage import further as further_rooms
from safespace.storage.append_postgres import PostgresAppender
from safespace.storage.append_sqlite import SqliteAppender
from safespace.storage.database import Database
from safespace.storage.log import Log
from safespace.storage.outages import FateUnknown
from safespace.storage.stamps import StampKey

if TYPE_CHECKING:  # needs what is not installed where there is one process
    from safespace.bus import Bus
    from safespace.tally import Tally

PAGE = 200
"""Lines of history read at once."""


class Relay:
    """The one writer of rooms. `joining`, `reporting` and `copying` hold the use cases around requests to join, reports
    and what is handed to those who take office later."""

    def __init__(
        self,
        database: Database,
        hub: Hub,
        clock: Clock,
        stamp_key: Callable[[], StampKey],
        budgets: Mapping[str, Budget],
        rekey_pause: float = PAUSE,
        bus: Bus | None = None,
        tally: Tally | None = None,
    ) -> None:
        self._database = database
        self._hub = hub
        self._clock = clock
        self._stamp_key = stamp_key
        self._locks: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()
        self._doing: set[asyncio.Task[None]] = set()
        self._log: Log[messages.Message] = Log(
            database, appender(database, stamp_key), clock, lambda batch: messages.tell(hub, self._publish, batch)
        )
        self._bus = bus
        self._tally = tally
        self._spending = Spending(budgets, clock)
        self._restless = SharedBuckets("restless", "device", budgets["restless"], clock, tally)
        self._rekeying = Asking(hub, questions.rekey(database), "rekey", rekey_pause, tally)
        self._bring = questions.bring(database, clock)
        self._bringing = Asking(hub, self._bring, "bring", rekey_pause, tally)
        self._following = Following(database, hub, clock, self._rekeying.ask, self._bringing.ask)
        hub.behind = self._following.check
        self.news = News(hub, bus)
        self.joining = Joining(database, self.news, clock)
        self._voices = Voices(hub, bus)
        self._contesting = Contesting(
            database,
            self._log,
            hub,
            clock,
            self.news,
            self.joining,
            self._voices,
            SharedBuckets("contested", "device", budgets["contested"], clock, tally),
            SharedBuckets("undone", "account", budgets["undone"], clock, tally),
            self._rekeying.begin,
        )
        self._confirming = Confirming(
            database,
            self._log,
            hub,
            clock,
            self.news,
            self.joining,
            self._voices,
            SharedBuckets("doubts", "device", budgets["doubts"], clock, tally),
            self._publish,
            self._rekeying.ask,
            self._bringing.ask,
            self._contesting.voided,
        )
        self.reporting = Reporting(database, self.news, clock)
        self.copying = Copying(database, clock, self.joining, self.reporting)
        self._link: Link | None = None
        if bus is not None and tally is not None:
            self._link = Link(
                bus,
                tally,
                hub,
                database,
                clock,
                self._following,
                [self.joining.tell_waiting_here, self.reporting.tell_open_here],
            )
            self._link.start()

    def connect(self, connection: Connection) -> None:
        """Register a socket. Raises SafeSpaceError quota_reached when its account has too many here."""
        if not self._hub.connect(connection):
            raise QUOTAS["sockets"].refusal()

    async def check_quota(self, account: UUID) -> None:
        """Raises SafeSpaceError quota_reached when an account has too many sockets in all processes together."""
        if self._tally is not None:
            there = await self._tally.attend(account, lambda: len(self._hub.connections(account)))
            if there is not None and there > MAX_CONNECTIONS:
                raise QUOTAS["sockets"].refusal()

    def disconnect(self, connection: Connection) -> None:
        """Forget a socket; where it was asked to do something, the next one is asked."""
        entered = list(connection.places)
        self._hub.disconnect(connection)
        for room in entered:
            self._rekeying.next(room)
            self._bringing.next(room)

    def start(self, doing: Coroutine[None, None, None]) -> None:
        """Do something to its end, even if whoever asked for it goes away."""
        task = asyncio.create_task(doing)
        self._doing.add(task)
        task.add_done_callback(self._doing.discard)

    async def stop(self) -> None:
        """Close every socket so that its client comes back, and end what runs."""
        await self._rekeying.stop()
        await self._bringing.stop()
        await self._voices.stop()
        self._hub.close_all()
        await asyncio.gather(*self._doing, return_exceptions=True)
        await self._log.close()
        await self._following.stop()
        if self._link is not None:
            await self._link.stop()

    async def enter(self, connection: Connection, frame: wire.Enter) -> None:
        """Send what the device missed since `after`, then `caught_up`, then keep it posted.

        Raises SafeSpaceError unknown_room, not_a_member, moved or removed.
        """
        async with connection.share.turn(), self._lock(frame.room):
            async with self._database.read() as db:
                head, leaf = await find(db, connection, frame.room)
                member = await groups.member(db, head.group, leaf.member)
            if connection.close_code is not None:
                return
            place = self._hub.enter(
                connection,
                frame.room,
                leaf=leaf.identity,
                member=leaf.member,
                group=head.group,
                after=min(max(frame.after, leaf.joined_seq), head.head),
                presence=head.presence,
            )
        caught_up = await self._catch_up(frame.room, place)
        if caught_up is None:
            return
        await self._contesting.tell_doubted(connection, frame.room)
        if caught_up.departed:
            self._rekeying.ask(frame.room)
        if head.purpose in ("staff", *PASSING):
            self._bringing.ask(frame.room)
        elif head.purpose == "main" and member is not None:
            await self.joining.tell_waiting(connection, head.group, member.role)

    async def _catch_up(self, room: UUID, place: Place) -> rooms.Head | None:
        """Pull history at the reader's speed, then go live; None when the connection or its place ended first."""
        connection = place.connection
        while connection.close_code is None and connection.places.get(room) is place:
            async with connection.share.turn(), self._database.read() as db:
                head = await rooms.head(db, room)
                if head is None:
                    return None
                since = envelopes.since(head.days, self._clock())
                lines = await envelopes.page(db, room, place.seen, PAGE, since=since)
                if not self._database.is_sqlite:  # another process may have stored the act
                    see_departed(self._hub, room, await rooms.departures(db, room, leaf=place.leaf))
            for line in envelopes.with_gaps(lines, place.seen, None if lines.more else head.head, room):
                last = line.until if isinstance(line, wire.Gap) else line.seq
                if place.until is not None and last > place.until:
                    break
                await connection.flows()
                if place.reread:  # what was read may have been taken down meanwhile
                    break
                connection.push(text_frame(line.model_dump_json() if isinstance(line, wire.Gap) else text(line)))
                place.seen = last
            if place.reread:
                place.reread = False
                continue
            if place.until is not None and place.seen >= place.until:
                self._hub.see_off(room, place)
            elif place.seen == head.head and self._hub.go_live(room, place):
                caught_up = wire.CaughtUp(room=room, head=head.head, epoch=head.epoch, policy_seq=head.policy_seq)
                connection.push(text_frame(caught_up.model_dump_json()))
                return head
        return None

    def send(self, connection: Connection, frame: wire.Send) -> None:
        """Have a message stored and published; what else becomes of it is answered too, once it is decided.

        Raises SafeSpaceError not_entered or throttled.
        """
        message = messages.received(connection, frame, self._spending)
        connection.begin(len(message.body))
        self._log.append(message)

    async def act(self, connection: Connection, frame: wire.Act) -> None:
        """Store one to three envelopes and what they change, or nothing. Raises SafeSpaceError."""
        place = connection.places.get(frame.room)
        if place is None:
            raise SafeSpaceError("not_entered")
        with self._spending.act(connection.account, place.group, frame):
            await self._act(connection, frame)

    async def _act(self, connection: Connection, frame: wire.Act) -> None:
        async with self._lock(frame.room):
            async with self._database.read() as db:
                head, leaf = await find(db, connection, frame.room)
                of_room = acts if head.purpose == "main" else further
                of_room.check_shape(frame)
                kind = "handshake" if frame.policy is None else "policy"
                if await answer_repeat(db, connection, leaf, frame.room, frame.client_id, kind):
                    return
                change = await self._check_commit(db, frame)
            goes = further.affected(frame, leaf.member) if head.purpose == "main" else None
            if frame.policy is not None and frame.policy.old is not None:
                await self._check_forsaken(frame.policy.old, leaf.member)
            # Nobody is kept from going; a leave that nobody folds is taken back as soon as somebody says so.
            if frame.policy is not None and frame.policy.action != "leave":
                await self._contesting.check(connection.account)
            if acts.is_restless(frame, change):
                await self._restless.take(leaf.identity)
            try:
                async with self._log.transaction() as db:
                    await groups.lock(db, head.group)
                    others = await passing.of_group(db, head.group) if head.purpose == "main" else ()
                    await rooms.lock(db, frame.room, *others, *await further.rooms_of(db, head.group, goes))
                    head, leaf = await find(db, connection, frame.room)
                    member = await groups.member(db, head.group, leaf.member)
                    if member is None:
                        raise SafeSpaceError("not_a_member")
                    here, _ = self._hub.everyone(frame.room)
                    actor = Actor(head, leaf, member, self._clock(), here)
                    before = await self._contesting.look(db, head, frame.policy)
                    outcome = await of_room.perform(db, actor, frame, change, self._stamper(frame.room))
                    if change is not None:
                        await self._confirming.begin(db, actor, change, outcome)
                    ended = await further.end(db, head.group, goes)
                    await self._contesting.begin(db, actor, frame.policy, outcome.lines[0].seq, before)
            except FateUnknown:
                self._hub.behind(frame.room)
                raise
            except BaseException:
                if acts.is_restless(frame, change):
                    await self._restless.give_back(leaf.identity)
                raise
            self._publish(frame.room, [(line.seq, text_frame(text(line))) for line in outcome.lines])
            if outcome.withheld:
                self._hub.reread(frame.room)
            if outcome.gone is not None:
                self._hub.depart(frame.room, outcome.departed, outcome.lines[-1].seq, outcome.gone)
            for end in ended:
                self._hub.depart(end.room, [end.leaf], end.until, wire.Gone(room=end.room, code="ended"))
        for over in outcome.over:
            self._hub.end(over)
        if outcome.over:
            self.start(clear_wal(self._database))
        await self._tell(frame.room, head.group, outcome, change)
        for end in ended:
            self._rekeying.ask(end.room)
        if frame.policy is not None and frame.policy.action == "accept":
            await self.look_for_staff(head.group)

    async def look_for_staff(self, group: UUID) -> None:
        """Have those of the group's staff who can be brought into its staff room brought."""
        async with self._database.read() as db:
            room = await further_rooms.staff_room(db, group)
        if room is not None:
            self._bringing.ask(room)

    async def look_for_asking(self, room: UUID) -> None:
        """Have those brought into a passing room who ask to come."""
        if self._hub.present(room) or self._bus is None:
            self._bringing.ask(room)
            return
        # Whoever is in it is at another process, which does not know that somebody asks.
        question = await self._bring(room)
        if question is not None:
            async with self._database.read() as db:
                inside = await passing.accounts_in(db, room)
            self.news.tell(inside, question.model_dump_json())

    async def _check_forsaken(self, room: UUID, member: bytes) -> None:
        """Raises SafeSpaceError room_held while somebody else is in a room."""
        present, _ = self._hub.everyone(room)
        elsewhere = self._bus is not None and (
            not self._bus.is_up or await self._bus.is_followed(room, here=bool(present))
        )
        if present - {member} or elsewhere:
            raise SafeSpaceError("room_held")

    async def _tell(self, room: UUID, group: UUID, outcome: Outcome, change: Change | None) -> None:
        """Tell those who are not in the room, and ask for what has to be done in it."""
        if outcome.departed - (change.removed if change else frozenset()):
            self._rekeying.ask(room)
        if outcome.admitted is not None:
            await self.joining.tell_answer(outcome.admitted, "admitted")
        if outcome.stranded:
            await self.joining.tell_stranded(group, outcome.stranded)
        if outcome.door:
            await self.joining.tell_of_the_door(group)
        if outcome.brought is not None:
            self.news.tell([outcome.brought], wire.Welcome(group=group, room=room).model_dump_json())

    async def hear_epoch(self, connection: Connection, frame: wire.Epoch) -> None:
        """Whether a device could apply another's commit. Who is not in the room is not heard, and not told so."""
        if frame.room in connection.places:
            await self._confirming.word(connection, frame)

    async def hear_folded(self, connection: Connection, frame: wire.Folded) -> None:
        """Whether a device could follow others' acts; heard as `hear_epoch` is."""
        if frame.room in connection.places:
            await self._contesting.hear(connection, frame)

    async def _check_commit(self, db: AsyncConnection, frame: wire.Act) -> Change | None:
        if frame.commit is None:
            return None
        public = await rooms.public(db, frame.room)
        if public is None:
            raise SafeSpaceError("unknown_room")
        if frame.commit.epoch != public.epoch:
            raise SafeSpaceError("epoch_taken" if frame.commit.epoch < public.epoch else "wrong_epoch")
        welcome = None if frame.commit.welcome is None else b64decode(frame.commit.welcome)
        return await check_commit(public, b64decode(frame.commit.body), welcome)

    def _lock(self, room: UUID) -> asyncio.Lock:
        return self._locks.setdefault(room, asyncio.Lock())

    def _stamper(self, room: UUID) -> Stamp:
        key = self._stamp_key()

        def made(commitment: bytes, leaf: bytes, epoch: int, seq: int, time: int) -> bytes:
            return stamp(key.key, key.id, commitment, room.bytes, leaf, epoch, seq, time)

        return made

    def _publish(self, room: UUID, lines: Lines) -> None:
        """Push what was committed here, and let the others know."""
        self._hub.publish(room, lines)
        if self._bus is not None:
            self._bus.announce(room, lines[-1][0])


def appender(database: Database, stamp_key: Callable[[], StampKey]) -> SqliteAppender | PostgresAppender:
    """The way to append to this database."""
    if database.is_sqlite:
        return SqliteAppender(database.engine.url.database or "", stamp_key)
    return PostgresAppender(database.engine, stamp_key)
