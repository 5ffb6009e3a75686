"""A log in a real database, with rooms to write into: for the tests of storage."""

import asyncio
import secrets
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from uuid6 import uuid7

from safespace.relay.relay import appender
from safespace.storage import groups, tables
from safespace.storage.database import Database
from safespace.storage.log import Entry, Log
from safespace.storage.migrations import upgrade
from safespace.storage.stamps import StampKey

KEY = StampKey(1, b"k" * 32)
NOW = 1_800_000_000_000
LEAF = b"a" * 16
SENDER = UUID(int=uuid7().int)


class Desk:
    """A log, rooms to write into, and what was told."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.batches: list[list[Entry]] = []
        self.now = NOW
        self.log: Log[Entry] = Log(database, appender(database, lambda: KEY), lambda: self.now, self._told)
        self.account, self.device = UUID(int=uuid7().int), UUID(int=uuid7().int)
        self._left = 0
        self._all = asyncio.Event()

    def _told(self, batch: Sequence[Entry]) -> None:
        self.batches.append(list(batch))
        self._left -= len(batch)
        if self._left == 0:
            self._all.set()

    async def open(self) -> None:
        await upgrade(self.database)
        async with self.database.write() as db:
            await db.execute(
                insert(tables.Account).values(id=self.account, handle=self.account.hex, verifier="", created=NOW)
            )
            await db.execute(
                insert(tables.Device).values(id=self.device, account=self.account, created=NOW, seen=NOW, revoked=False)
            )

    async def room(self, *leaves: bytes) -> UUID:
        """A new room in epoch 0 with these leaves."""
        room = UUID(int=uuid7().int)
        async with self.database.write() as db:
            await db.execute(insert(tables.Group).values(id=room, presence=False, days=0, quiet=False, created=NOW))
            await db.execute(
                insert(tables.Room).values(
                    id=room,
                    group=room,
                    purpose="main",
                    head=0,
                    epoch=0,
                    policy_seq=0,
                    hand_seq=0,
                    gated=False,
                    tree=b"",
                    confirmed_transcript_hash=b"",
                    confirmation_tag=b"",
                    created=NOW,
                    expired_to=0,
                    filed=0,
                    unconfirmed=0,
                )
            )
            for leaf in leaves:
                await groups.add_member(db, groups.Member(room, leaf, self.account, "member", "member"), NOW)
                await db.execute(
                    insert(tables.Leaf).values(
                        room=room,
                        identity=leaf,
                        member=leaf,
                        account=self.account,
                        device=self.device,
                        status="active",
                        joined_seq=0,
                    )
                )
        return room

    async def say(self, *entries: Entry) -> None:
        """Append all at once, and wait until all are decided."""
        self._left += len(entries)
        self._all.clear()
        for entry in entries:
            self.log.append(entry)
        async with asyncio.timeout(30):
            await self._all.wait()

    async def stored(self, room: UUID) -> list[dict[str, Any]]:
        async with self.database.read() as db:
            query = select(*tables.Envelope.__table__.columns).where(tables.Envelope.room == room)
            return [dict(row) for row in (await db.execute(query.order_by(tables.Envelope.seq))).mappings()]

    async def head(self, room: UUID) -> int:
        async with self.database.read() as db:
            return int((await db.execute(select(tables.Room.head).where(tables.Room.id == room))).scalar_one())


def message(room: UUID, leaf: bytes = LEAF, **changes: Any) -> Entry:
    fields: dict[str, Any] = {
        "sender": SENDER,
        "room": room,
        "kind": "message",
        "leaf": leaf,
        "epoch": 0,
        "client_id": uuid7(),
        "body": secrets.token_bytes(300),
        "commitment": secrets.token_bytes(32),
        "fault": None,
    }
    return Entry(**(fields | changes))
