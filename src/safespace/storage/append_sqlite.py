"""Appending to SQLite: a thread with a connection of its own, few statements whatever the size of the batch.

Every step of a statement lets go of Python's lock, and a busy event loop is slow to give it back; so rows go in many
at a time, and what the last batch learned is kept as long as nobody else has written.
"""

import json
import sqlite3
from collections.abc import Callable, Sequence
from uuid import UUID

from safespace import logs
from safespace.errors import SafeSpaceError
from safespace.storage import lives
from safespace.storage.database import SQLITE_PRAGMAS
from safespace.storage.log import Entry, First, Standing, Voice, judge, voice_in
from safespace.storage.stamps import StampKey
from safespace.storage.thread import Thread

MAX_KEPT = 10_000
"""Rooms whose standing is kept between batches."""
CACHE = "cache_size=-32768"
"""KiB of pages the writer keeps, where SQLite has 2,000: each room appends to pages of its own in two indexes."""
_ROW = "(?,?,?,?,?,?,?,0,?,?,?,0)"
_CHUNKS = (64, 8, 1)
"""Rows of one INSERT; few sizes, so that each is prepared once."""
_INSERT = (
    "INSERT INTO envelopes"
    " (room, seq, time, kind, leaf, epoch, client_id, part, body, commitment, stamp, expires) VALUES "
)
_STANDING = (
    "SELECT head, epoch, EXISTS (SELECT 1 FROM leaves WHERE room = rooms.id AND status = 'departed'),"
    " max(policy_seq, hand_seq), quiet AND purpose IN ('main', 'capsule'), unconfirmed, CASE WHEN gated THEN live END"
    ' FROM rooms JOIN groups ON groups.id = rooms."group" WHERE rooms.id = ?'
)
_ACTIVE = (
    "SELECT m.muted_until, m.listening, m.role, m.agreed, m.member, m.spoke, r.purpose"
    " FROM leaves AS l JOIN rooms AS r ON r.id = l.room"
    ' LEFT JOIN members AS m ON m."group" = r."group" AND m.member = l.member'
    " WHERE l.room = ? AND l.identity = ? AND l.status = 'active'"
)
_FIRSTS = (
    "SELECT e.room, e.client_id, e.seq, e.time, e.leaf, e.kind FROM json_each(?) AS batch CROSS JOIN envelopes AS e"
    " WHERE e.room = json_extract(batch.value, '$[0]') AND e.client_id = json_extract(batch.value, '$[1]')"
    " AND e.part = 0"
)
_FOLLOWERS = (
    "SELECT l.identity FROM leaves AS l JOIN changes AS c ON c.room = l.room"
    " WHERE l.room = ? AND l.status = 'active' AND l.member <> c.author AND l.joined_seq < c.seq"
)
_ADVANCE = (
    "UPDATE rooms SET head = json_extract(batch.value, '$[1]'), unconfirmed = 0 FROM json_each(?) AS batch"
    " WHERE rooms.id = json_extract(batch.value, '$[0]')"
)
_SPOKE = 'UPDATE members SET spoke = ? WHERE "group" = (SELECT "group" FROM rooms WHERE id = ?) AND member = ?'


class SqliteAppender:
    """Appends to the database in `file`. One at a time: the caller has the database's turn."""

    def __init__(self, file: str, key: Callable[[], StampKey]) -> None:
        self._file = file
        self._key = key
        self._thread = Thread("safespace-log")
        self._connection: sqlite3.Connection | None = None
        self._standings: dict[UUID, Standing] = {}
        self._version: int | None = None

    async def append(self, entries: Sequence[Entry], now: int) -> None:
        await self._thread.call(self._append, entries, now)

    async def close(self) -> None:
        await self._thread.call(self._let_go)
        self._thread.end()

    def _append(self, entries: Sequence[Entry], now: int) -> None:
        try:
            db = self._connection or self._open()
            db.execute("BEGIN IMMEDIATE")
            self._forget_if_changed(db)
            standings = {room: self._standing(db, room) for room in {entry.room for entry in entries}}
            known = {room: standing for room, standing in standings.items() if standing is not None}
            for entry in entries:
                self._check_leaf(db, known.get(entry.room), entry)
            accepted = judge(entries, known, _firsts(db, entries), self._key(), now)
            _insert(db, accepted)
            heads = {entry.room.hex: entry.seq for entry in accepted}
            if heads:
                db.execute(_ADVANCE, (json.dumps(list(heads.items())),))
            for room, standing in known.items():
                # Those who spoke before are written again: in slow mode there are few of them.
                for member, spoke in standing.spoke.items():
                    db.execute(_SPOKE, (spoke, room.hex, member))
            db.execute("COMMIT")
        except sqlite3.Error as error:
            # A connection that failed to write is not asked what it still knows; the next batch opens another.
            self._let_go()
            full = error.sqlite_errorname == "SQLITE_FULL"
            logs.log.error("database", kind=error.sqlite_errorname, full=full)
            raise SafeSpaceError("storage_full" if full else "unavailable", retry_after=1) from error
        except BaseException:
            self._let_go()
            raise

    def _open(self) -> sqlite3.Connection:
        # Transactions are ours to begin and end.
        self._connection = db = sqlite3.connect(self._file, isolation_level=None)
        for pragma in (*SQLITE_PRAGMAS, CACHE):
            db.execute(f"PRAGMA {pragma}")
        return db

    def _let_go(self) -> None:
        """Close the connection, which rolls back what it had begun."""
        connection, self._connection = self._connection, None
        self._standings.clear()
        self._version = None
        if connection is not None:
            connection.close()

    def _forget_if_changed(self, db: sqlite3.Connection) -> None:
        """Another connection's commit changes `data_version`, one's own does not (sqlite.org/pragma.html)."""
        version = db.execute("PRAGMA data_version").fetchone()[0]
        if version != self._version or len(self._standings) > MAX_KEPT:
            self._standings.clear()
            self._version = version

    def _standing(self, db: sqlite3.Connection, room: UUID) -> Standing | None:
        standing = self._standings.get(room)
        if standing is None:
            row = db.execute(_STANDING, (room.hex,)).fetchone()
            if row is None:
                return None
            table = None if row[6] is None else lives.read(row[6])
            standing = Standing(row[0], row[1], bool(row[2]), row[3], bool(row[4]), row[5], table=table)
            if standing.unconfirmed:
                standing.followers = frozenset(leaf for (leaf,) in db.execute(_FOLLOWERS, (room.hex,)))
            self._standings[room] = standing
        return standing

    @staticmethod
    def _check_leaf(db: sqlite3.Connection, standing: Standing | None, entry: Entry) -> None:
        if standing is None or entry.leaf in standing.active:
            return
        row = db.execute(_ACTIVE, (entry.room.hex, entry.leaf)).fetchone()
        if row is not None:
            muted_until, listening, role, agreed, member, spoke, purpose = row
            voice = Voice(muted_until, bool(listening), role, bool(agreed), member, spoke)
            standing.active[entry.leaf] = voice_in(purpose, voice)


def _firsts(db: sqlite3.Connection, entries: Sequence[Entry]) -> dict[tuple[UUID, UUID], First]:
    names = json.dumps([(entry.room.hex, entry.client_id.hex) for entry in entries])
    return {
        (UUID(room), UUID(client_id)): First(seq, time, leaf, kind)
        for room, client_id, seq, time, leaf, kind in db.execute(_FIRSTS, (names,))
    }


def _insert(db: sqlite3.Connection, entries: Sequence[Entry]) -> None:
    at = 0
    for size in _CHUNKS:
        statement = _INSERT + ",".join([_ROW] * size)
        while len(entries) - at >= size:
            values: list[object] = []
            for entry in entries[at : at + size]:
                values += (
                    entry.room.hex,
                    entry.seq,
                    entry.time,
                    entry.kind,
                    entry.leaf,
                    entry.epoch,
                    entry.client_id.hex,
                    entry.body,
                    entry.commitment,
                    entry.stamp,
                )
            db.execute(statement, values)
            at += size
