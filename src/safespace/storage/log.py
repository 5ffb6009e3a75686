"""Appending messages to rooms' logs: one writer, one commit for all that arrived during the last one, no timer.

See docs/decisions/0008-group-commit.md. Acts (`safespace.relay.acts`) append in transactions of their own, which take
turns with the writer; so the order of commits in this process is the order in which they are told.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, Protocol, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from safespace import logs
from safespace.clock import Clock
from safespace.crypto.franking import stamp
from safespace.errors import SafeSpaceError
from safespace.fields import Role, b64encode
from safespace.rooms.live import Table, hush, slowed_until
from safespace.rooms.silence import silence_of
from safespace.storage.database import Database
from safespace.storage.groups import FOREVER
from safespace.storage.stamps import StampKey

MAX_BATCH = 128
"""Messages of one commit; telling them takes the event loop at once."""
MAX_BATCH_BYTES = 128 * 1024
"""Bytes of their bodies, after which no further one is taken."""


@dataclass(slots=True, eq=False, kw_only=True)
class Entry:
    """A message to append. The last five fields are what became of it."""

    sender: UUID
    """Whose account it came from."""
    room: UUID
    kind: str
    leaf: bytes
    epoch: int
    client_id: UUID
    body: bytes
    commitment: bytes
    fault: SafeSpaceError | None
    """What is wrong with the body; told only where nothing else keeps the message out."""
    seq: int = 0
    time: int = 0
    stamp: bytes = b""
    repeated: bool = False
    """The client_id was here before; `seq` and `time` are those of the first."""
    error: SafeSpaceError | None = None
    """Set when nothing was stored."""


class First(NamedTuple):
    """The first line stored under a client_id."""

    seq: int
    time: int
    leaf: bytes
    kind: str


class Voice(NamedTuple):
    """Who writes in a room, and what keeps them from it. `spoke` is when they last wrote in slow mode."""

    muted_until: int
    listening: bool
    role: Role
    agreed: bool
    member: bytes
    spoke: int


@dataclass(slots=True)
class Standing:
    """Where a room's log and group stand, and which of the leaves in question are active, with whose voice.

    In staff rooms and asides nobody is silenced: there `quiet` is False and each voice is FREE.
    """

    head: int
    epoch: int
    departed: bool
    policy_seq: int
    """The seq of the last policy message or hand."""
    quiet: bool
    unconfirmed: int = 0
    """Until when only these leaves may write in this epoch (`storage.changes`)."""
    followers: Collection[bytes] = ()
    table: Table | None = None
    """Session and floor, where they may be a reason to refuse a message."""
    active: dict[bytes, Voice] = field(default_factory=dict)
    spoke: dict[bytes, int] = field(default_factory=dict)
    """When members last wrote, of those who did in slow mode since their voices were read."""


FREE = Voice(0, False, "member", True, b"", 0)


def voice_in(purpose: str, voice: Voice) -> Voice:
    """What of a member's voice counts in a room: in main and in a capsule all of it, in a breakout mutes alone."""
    if purpose in ("main", "capsule"):
        return voice
    return voice._replace(listening=False, agreed=True) if purpose == "breakout" else FREE


E = TypeVar("E", bound=Entry)


def judge(
    entries: Sequence[E],
    standings: Mapping[UUID, Standing],
    firsts: Mapping[tuple[UUID, UUID], First],
    key: StampKey,
    now: int,
) -> list[E]:
    """Decide about each entry in order, in its own fields, and move the heads; the accepted ones in order.

    `firsts` are lines in the database by (room, client_id). What comes twice among the entries is a repeat as well.
    """
    accepted: list[E] = []
    mine: dict[tuple[UUID, UUID], E] = {}
    for entry in entries:
        standing = standings.get(entry.room)
        name = (entry.room, entry.client_id)
        if standing is None:
            entry.error = SafeSpaceError("unknown_room")
        elif (voice := standing.active.get(entry.leaf)) is None:
            entry.error = SafeSpaceError("not_a_member")
        elif (first := firsts.get(name) or mine.get(name)) is not None:
            if first.leaf != entry.leaf or first.kind != entry.kind:
                entry.error = SafeSpaceError("client_id_reused")
            else:
                entry.repeated, entry.seq, entry.time = True, first.seq, first.time
        elif (
            voice.muted_until or voice.listening or not voice.agreed or standing.quiet or standing.table is not None
        ) and (silenced := _silenced(entry, voice, standing, now)) is not None:
            entry.error = silenced
        elif standing.departed:
            entry.error = SafeSpaceError("rekey_required")
        elif entry.epoch != standing.epoch:
            entry.error = SafeSpaceError("stale_epoch" if entry.epoch < standing.epoch else "wrong_epoch")
        elif standing.unconfirmed > now and entry.leaf not in standing.followers:
            entry.error = SafeSpaceError("epoch_unconfirmed")
        elif entry.fault is not None:
            entry.error = entry.fault
        else:
            standing.unconfirmed = 0
            standing.head += 1
            entry.seq, entry.time = standing.head, now
            entry.stamp = stamp(
                key.key, key.id, entry.commitment, entry.room.bytes, entry.leaf, entry.epoch, entry.seq, now
            )
            mine[name] = entry
            if standing.table is not None and standing.table[0].slow and entry.kind != "reaction":
                standing.spoke[voice.member] = now
            accepted.append(entry)
    return accepted


def _silenced(entry: Entry, voice: Voice, standing: Standing, now: int) -> SafeSpaceError | None:
    """Why it is refused, and when it may come again, if that is known."""
    muted, ends = voice.muted_until > now, None
    code = silence_of(muted, voice.listening, voice.agreed, standing.quiet, voice.role)
    if code is None and standing.table is not None:
        code, ends = _hushed(entry, voice, standing.table, standing.spoke.get(voice.member, voice.spoke), now)
    elif muted and voice.muted_until != FOREVER:
        ends = voice.muted_until
    if code is None:
        return None
    retry_after = None if ends is None else -((now - ends) // 1000)
    return SafeSpaceError(code, retry_after=retry_after, policy_seq=standing.policy_seq)


def _hushed(entry: Entry, voice: Voice, table: Table, spoke: int, now: int) -> tuple[str | None, int | None]:
    code = hush(*table, b64encode(voice.member), voice.role, now)
    if entry.kind == "reaction":
        return (code if code == "paused" else None), None
    if code is not None:
        return code, None
    ends = slowed_until(*table, spoke, voice.role, now)
    return (None if ends is None else "slow_mode"), ends


class Appender(Protocol):
    """A database's own way to append."""

    async def append(self, entries: Sequence[Entry], now: int) -> None:
        """Judge and store in one commit.

        Raises SafeSpaceError storage_full or unavailable, when nothing is stored, or FateUnknown.
        """

    async def close(self) -> None: ...


class Log(Generic[E]):
    """The writer. `told` gets each batch, in the order of the commits, once it is decided and on disk.

    It must not raise; whatever it publishes is published before anything later can be committed.
    """

    def __init__(
        self, database: Database, appender: Appender, clock: Clock, told: Callable[[Sequence[E]], None]
    ) -> None:
        self._database = database
        self._appender = appender
        self._clock = clock
        self._told = told
        self._waiting: dict[UUID, deque[E]] = {}
        """By their senders, and these in the order of their turns."""
        self._turn = asyncio.Lock()
        self._writing: asyncio.Task[None] | None = None

    def append(self, entry: E) -> None:
        """Have an entry decided and stored; `told` hears what became of it."""
        self._waiting.setdefault(entry.sender, deque()).append(entry)
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that appends by itself, when its turn has come. What it did may be told once it has ended."""
        async with self._turn, self._database.write() as connection:
            yield connection

    async def close(self) -> None:
        """Store what waits, and let go of the database."""
        if self._writing is not None:
            await self._writing
        await self._appender.close()

    async def _write(self) -> None:
        try:
            while self._waiting:
                async with self._turn, self._database.turn():
                    batch = self._next_batch()
                    await self._store(batch)
                    self._told(batch)
        finally:
            self._writing = None

    def _next_batch(self) -> list[E]:
        """One of each sender in turn, so that nobody waits behind many of another's."""
        batch: list[E] = []
        size = 0
        while self._waiting and len(batch) < MAX_BATCH and size < MAX_BATCH_BYTES:
            sender, entries = next(iter(self._waiting.items()))
            del self._waiting[sender]
            batch.append(entry := entries.popleft())
            size += len(entry.body)
            if entries:
                self._waiting[sender] = entries
        return batch

    async def _store(self, batch: list[E]) -> None:
        try:
            await self._appender.append(batch, self._clock())
            return
        except SafeSpaceError as error:
            refused = error
        except Exception as error:
            logs.log.error("unexpected", kind=type(error).__name__, place=logs.place_of(error.__traceback__))
            refused = SafeSpaceError("internal")
        for entry in batch:
            entry.error = refused
