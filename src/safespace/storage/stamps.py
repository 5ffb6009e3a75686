"""The keys that stamp envelopes. Every PERIOD there is a new one; old ones stay while a report may need them."""

import secrets
from dataclasses import dataclass

from sqlalchemy import case, delete, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from safespace.clock import Clock
from safespace.storage.database import Database
from safespace.storage.tables import Group, Report
from safespace.storage.tables import StampKey as Table

DAY = 86_400_000
PERIOD = 30 * DAY
"""Milliseconds a key is new for."""
LOOK = 3_600_000
"""Milliseconds after which a process looks for a new key; until then it goes on with the one it knows."""
LAG = DAY
"""Milliseconds that a message may be kept too long, or a key used."""
IDS = 255
_INSERT = text("INSERT INTO stamp_keys (id, key, created) VALUES (:id, :key, :created) ON CONFLICT DO NOTHING")


@dataclass(frozen=True, slots=True)
class StampKey:
    """K_id: 32 bytes under an id of 1 to 255, which in time is used again."""

    id: int
    key: bytes


class StampKeys:
    """The key that this process stamps with."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._key: StampKey | None = None
        self._look_at = 0

    async def current(self) -> StampKey:
        """The newest key, as of LOOK ago at the latest."""
        now = self._clock()
        if self._key is None or now >= self._look_at:
            async with self._database.read() as connection:
                row = (await connection.execute(_newest)).one()
            self._key, self._look_at = StampKey(_id(row.id), row.key), now + LOOK
        return self._key


_newest = select(Table.id, Table.key, Table.created).order_by(Table.id.desc()).limit(1)


async def rotate(connection: AsyncConnection, now: int) -> None:
    """Make a key if there is none, or none that is new; of those who do so at once one succeeds."""
    row = (await connection.execute(_newest)).first()
    if row is None or row.created <= now - PERIOD:
        number = 1 if row is None else row.id + 1
        await connection.execute(_INSERT, {"id": number, "key": secrets.token_bytes(32), "created": now})


async def keys(connection: AsyncConnection) -> dict[int, list[bytes]]:
    """All keys there are, by id."""
    found: dict[int, list[bytes]] = {}
    for number, key in await connection.execute(select(Table.id, Table.key)):
        found.setdefault(_id(number), []).append(key)
    return found


async def forget(connection: AsyncConnection, now: int) -> None:
    """Delete the keys of which no message is kept any more, nor was when a report was filed that is kept."""
    since = case((Group.days == 0, Group.created), else_=now - Group.days * DAY)
    kept = (await connection.execute(select(func.min(since)))).scalar_one()
    reported = (await connection.execute(select(func.min(Report.reaches)))).scalar_one()
    oldest = min(time for time in (kept, reported, now) if time is not None) - LAG
    newest_before = (await connection.execute(select(func.max(Table.id)).where(Table.created < oldest))).scalar_one()
    if newest_before is not None:
        # That one stamped what came next; those before it were over by then.
        await connection.execute(delete(Table).where(Table.id < newest_before))


def _id(number: int) -> int:
    return (number - 1) % IDS + 1
