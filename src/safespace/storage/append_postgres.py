"""Appending to PostgreSQL: the driver's own connection and arrays, correct with any number of processes.

The rooms' rows are locked first, in the order of their ids, so two batches cannot wait for each other; each later
statement then sees what was committed before the locks were given.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from safespace import logs
from safespace.storage import lives, partitions
from safespace.storage.driver import PATIENCE, Driver
from safespace.storage.envelopes import DAY
from safespace.storage.log import Entry, First, Standing, Voice, judge, voice_in
from safespace.storage.outages import FateUnknown, is_lost, meaning
from safespace.storage.partitions import day_of_end
from safespace.storage.stamps import StampKey

HOUR = 3_600_000
_LOCK = (
    "SELECT id, head, epoch, greatest(policy_seq, hand_seq), unconfirmed, CASE WHEN gated THEN live END, filed"
    " FROM rooms WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE"
)
_LEAVES = (
    "SELECT l.room, l.identity, l.status, r.purpose, g.quiet, g.days, m.muted_until, m.listening, m.role,"
    " m.agreed, m.member, m.spoke"
    ' FROM leaves AS l JOIN rooms AS r ON r.id = l.room JOIN groups AS g ON g.id = r."group"'
    ' LEFT JOIN members AS m ON m."group" = r."group" AND m.member = l.member'
    " WHERE l.room = ANY($1::uuid[])"
    " AND (l.status = 'departed' OR l.status = 'active' AND l.identity = ANY($2::bytea[]))"
)
_FOLLOWERS = (
    "SELECT l.room, array_agg(l.identity) FROM leaves AS l JOIN changes AS c ON c.room = l.room"
    " WHERE l.room = ANY($1::uuid[]) AND l.status = 'active' AND l.member <> c.author AND l.joined_seq < c.seq"
    " GROUP BY l.room"
)
_FIRSTS = (
    "SELECT first.* FROM unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS batch (room, client_id, day),"
    " LATERAL (SELECT e.room, e.client_id, e.seq, e.time, e.leaf, e.kind FROM envelopes AS e"
    " WHERE e.room = batch.room AND e.client_id = batch.client_id AND e.part = 0"
    " AND e.expires IN (0, batch.day - 1, batch.day) LIMIT 1) AS first"
)
"""What may have been stored within a day is in few partitions, whatever the retention."""
_FIRSTS_EVER = (
    "SELECT e.room, e.client_id, e.seq, e.time, e.leaf, e.kind"
    " FROM unnest($1::uuid[], $2::uuid[]) AS batch (room, client_id)"
    " JOIN envelopes AS e ON e.room = batch.room AND e.client_id = batch.client_id AND e.part = 0"
)
_STORE = (
    "WITH advanced AS (UPDATE rooms SET head = batch.head, unconfirmed = 0"
    " FROM unnest($12::uuid[], $13::bigint[]) AS batch (id, head) WHERE rooms.id = batch.id)"
    " INSERT INTO envelopes (room, seq, time, kind, leaf, epoch, client_id, part, body, commitment, stamp, expires)"
    " SELECT room, seq, time, kind, leaf, epoch, client_id, 0, body, commitment, stamp, expires"
    " FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::text[], $5::bytea[], $6::bigint[], $7::uuid[],"
    " $8::bytea[], $9::bytea[], $10::bytea[], $11::bigint[])"
    " AS batch (room, seq, time, kind, leaf, epoch, client_id, body, commitment, stamp, expires)"
)
_SPOKE = (
    "UPDATE members SET spoke = batch.spoke FROM rooms,"
    " unnest($1::uuid[], $2::bytea[], $3::bigint[]) AS batch (room, member, spoke)"
    ' WHERE rooms.id = batch.room AND members."group" = rooms."group" AND members.member = batch.member'
)


class PostgresAppender:
    """Appends through a connection of the engine's pool that it keeps."""

    def __init__(self, engine: AsyncEngine, key: Callable[[], StampKey]) -> None:
        self._engine = engine
        self._driver = Driver(engine)
        self._key = key
        self._made: set[int] = set()
        """Days whose partitions are there."""

    async def append(self, entries: Sequence[Entry], now: int) -> None:
        committing = False
        try:
            driver = await self._driver.get()
            while True:
                async with asyncio.timeout(PATIENCE):
                    transaction = driver.transaction()
                    await transaction.start()
                    missing = await self._append(driver, entries, now)
                    committing = not missing
                    await transaction.commit()
                if not missing:
                    return
                await partitions.make(self._engine, missing)
                self._made |= missing
        except Exception as error:
            await self._let_go()
            refusal = FateUnknown() if committing and is_lost(error) else meaning(error)
            if refusal is None:
                raise
            logs.log.error("database", kind=type(error).__name__, code=refusal.code)
            raise refusal from error
        except BaseException:
            await self._let_go()
            raise

    async def close(self) -> None:
        await self._let_go()

    async def _append(self, driver: Any, entries: Sequence[Entry], now: int) -> set[int]:
        """Judge and store; or say which partitions have to be made before, and do nothing."""
        rooms = list({entry.room for entry in entries})
        standings: dict[UUID, Standing] = {}
        filed: dict[UUID, int] = {}
        for id, head, epoch, policy_seq, unconfirmed, live, filed[id] in await driver.fetch(_LOCK, rooms):
            table = None if live is None else lives.read(live)
            standings[id] = Standing(head, epoch, False, policy_seq, quiet=False, unconfirmed=unconfirmed, table=table)
        if unsure := [id for id, standing in standings.items() if standing.unconfirmed]:
            for id, followers in await driver.fetch(_FOLLOWERS, unsure):
                standings[id].followers = frozenset(followers)
        days: dict[UUID, int] = {}
        moving: set[UUID] = set()
        leaves = await driver.fetch(_LEAVES, rooms, list({entry.leaf for entry in entries}))
        for room, identity, status, purpose, quiet, kept, *voice in leaves:
            standing = standings[room]
            days[room] = day_of_end(now, kept)
            if kept != filed[room]:
                moving.add(room)
            if status == "departed":
                standing.departed = True
                continue
            standing.quiet = quiet and purpose in ("main", "capsule")
            standing.active[identity] = voice_in(purpose, Voice(*voice))
        if missing := set(days.values()) - self._made - {0}:
            return missing
        accepted = judge(entries, standings, await _firsts(driver, entries, days, moving, now), self._key(), now)
        if not accepted:
            return set()
        heads = {entry.room: entry.seq for entry in accepted}
        await driver.execute(
            _STORE,
            [entry.room for entry in accepted],
            [entry.seq for entry in accepted],
            [entry.time for entry in accepted],
            [entry.kind for entry in accepted],
            [entry.leaf for entry in accepted],
            [entry.epoch for entry in accepted],
            [entry.client_id for entry in accepted],
            [entry.body for entry in accepted],
            [entry.commitment for entry in accepted],
            [entry.stamp for entry in accepted],
            [days[entry.room] for entry in accepted],
            list(heads),
            list(heads.values()),
        )
        await _keep_spoken(driver, standings)
        return set()

    async def _let_go(self) -> None:
        self._made.clear()
        await self._driver.let_go()


async def _keep_spoken(driver: Any, standings: Mapping[UUID, Standing]) -> None:
    """When members wrote, where there is slow mode."""
    spoken = [(room, *one) for room, standing in standings.items() for one in standing.spoke.items()]
    if spoken:
        await driver.execute(_SPOKE, *(list(column) for column in zip(*spoken, strict=True)))


async def _firsts(
    driver: Any, entries: Sequence[Entry], days: Mapping[UUID, int], moving: Collection[UUID], now: int
) -> dict[tuple[UUID, UUID], First]:
    """Lines stored under the entries' client_ids."""
    recent = [entry for entry in entries if entry.room not in moving and _is_recent(entry.client_id, now)]
    older = [entry for entry in entries if entry.room in moving or not _is_recent(entry.client_id, now)]
    rows = []
    if recent:
        names = [entry.room for entry in recent], [entry.client_id for entry in recent]
        rows += await driver.fetch(_FIRSTS, *names, [days.get(entry.room, 0) for entry in recent])
    if older:
        rows += await driver.fetch(_FIRSTS_EVER, [entry.room for entry in older], [entry.client_id for entry in older])
    return {(row[0], row[1]): First(*row[2:]) for row in rows}


def _is_recent(client_id: UUID, now: int) -> bool:
    """Whether a client made this id (a UUIDv7) within a day, so that it cannot have been stored longer ago.

    Clients' clocks may be wrong by an hour.
    """
    made = client_id.int >> 80
    return client_id.version == 7 and now - DAY + HOUR <= made <= now + HOUR
