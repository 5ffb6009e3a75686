"""The keys that stamp envelopes. Every PERIOD there is a new one; old ones stay while a report may need them."""

import asyncio
import secrets
from dataclasses import dataclass
from typing import Self

from sqlalchemy import case, delete, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from safespace import logs
from safespace.storage.database import Database
from safespace.storage.envelopes import DAY
from safespace.storage.tables import Group, Report
from safespace.storage.tables import StampKey as Table

PERIOD = 30 * DAY
"""Milliseconds a key is new for."""
LOOK = 600_000
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
    """The key that this process stamps with: the newest, as of the last look."""

    def __init__(self, database: Database, first: StampKey) -> None:
        self._database = database
        self._current = first
        self._following: asyncio.Task[None] | None = None

    @classmethod
    async def begin(cls, database: Database, now: int) -> Self:
        """With the newest key, or the first one, and looking for newer ones from here on."""
        async with database.write() as connection:
            await rotate(connection, now)
        async with database.read() as connection:
            keys = cls(database, await newest(connection))
        keys._following = asyncio.create_task(keys._follow())
        return keys

    def current(self) -> StampKey:
        return self._current

    async def look(self) -> None:
        """Look for a newer key. What was made with the old one stays good."""
        async with self._database.read() as connection:
            self._current = await newest(connection)

    async def stop(self) -> None:
        """Look no more."""
        if self._following is not None:
            self._following.cancel()
            await asyncio.gather(self._following, return_exceptions=True)

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(LOOK / 1000)
            try:
                await self.look()
            except Exception as error:
                logs.log.warning("stamps", kind=type(error).__name__)


async def newest(connection: AsyncConnection) -> StampKey:
    """The newest key there is."""
    row = (await connection.execute(_newest)).one()
    return StampKey(_id(row.id), row.key)


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
