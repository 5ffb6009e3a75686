"""SafeSpace with everything on: accounts with real logins, MLS groups, and on disk before it is handed on."""

import asyncio
import contextlib
import copy
import json
import sqlite3
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from bench.generator import NUMBER, SIZE, Client, masked, upgrade
from bench.peers import Connected, Shape
from gathering import Gathering, Person
from safespace.sdk.group_crypto import GroupCrypto, LeafKey, Newcomer
from serving import GENEROUS

SHARED = {1: 3, 5: 4, 20: 1}
"""By the people in a room: how many rooms the same ones are in. An account may have 32 sockets, and `Shape`s that are
measured open up to 10, 8 and 25 for each of these people in a room."""


class Founded(NamedTuple):
    """A room, the tokens of its members, and a message of the epoch they are all in."""

    id: str
    tokens: list[str]
    message: bytes


class SafeSpace(Connected):
    title = "SafeSpace"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._founded: dict[int, list[Founded]] = {}
        self.database = self.folder / "data" / "safespace.db"

    def command(self) -> Sequence[str]:
        return sys.executable, "-m", "safespace.cli", "serve"

    def environment(self) -> Mapping[str, str]:
        return GENEROUS | {
            "SAFESPACE_PORT": str(self.port),
            "SAFESPACE_DATA_DIR": str(self.folder / "data"),
            "SAFESPACE_CONNECTIONS": "20000",
            "SAFESPACE_LOG_LEVEL": "error",
        }

    def clients(self, shape: Shape) -> list[Client]:
        founded = self.rooms(shape.rooms, shape.people)
        heads = self._heads()
        each = -(-shape.members // shape.people)
        return [
            self.client(number, room, token, heads[UUID(room.id)])
            for number, room in enumerate(founded)
            for token in (room.tokens * each)[: shape.members]
        ]

    def rooms(self, count: int, people: int) -> list[Founded]:
        """So many rooms of that many people, founded when first asked for."""
        self.start()
        founded = self._founded.setdefault(people, [])
        if len(founded) < count:
            founded += asyncio.run(found(self.url, count - len(founded), people))
        return founded[:count]

    def client(self, number: int, room: Founded, token: str, after: int) -> Client:
        """A connection to a room that has its messages up to `after`."""
        enter = masked(json.dumps({"t": "enter", "room": room.id, "after": after}))
        return Client(number, [upgrade("/v1/socket", self.port, token), (enter, '"t":"caught_up"')], room.message)

    def head(self, room: Founded) -> int:
        """The number of the room's last message."""
        return self._heads()[UUID(room.id)]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def commits(self) -> int:
        """Commits to the database so far: `iChange` in the header of SQLite's WAL index (sqlite.org/walformat.html)."""
        with self.database.with_name(self.database.name + "-shm").open("rb") as index:
            return int.from_bytes(index.read(12)[8:], sys.byteorder)

    def size(self) -> int:
        """Bytes of the database that are in use, whether in its file or still in the log before it."""
        with contextlib.closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as database:
            words = ("page_count", "freelist_count", "page_size")
            pages, free, size = (database.execute(f"PRAGMA {word}").fetchone()[0] for word in words)
            return int((pages - free) * size)

    def _heads(self) -> dict[UUID, int]:
        with contextlib.closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as database:
            return {UUID(room): head for room, head in database.execute("SELECT id, head FROM rooms")}


class CommitEach(SafeSpace):
    """The same server, but that no two messages share a commit."""

    title = "SafeSpace, a commit for each message"

    def command(self) -> Sequence[str]:
        serve = "from safespace import cli; from safespace.storage import log; log.MAX_BATCH = 1; cli.main()"
        return sys.executable, "-c", serve, "serve"


async def found(url: str, rooms: int, people: int, size: int = SIZE) -> list[Founded]:
    """Groups of that many people, and messages of so many bytes of text."""
    founded: list[Founded] = []
    while len(founded) < rooms:
        accounts = [await Person.arrive(url, "member") for _ in range(people)]
        count = min(SHARED[people], rooms - len(founded))
        founded += await asyncio.gather(*[_found_room(url, accounts, size) for _ in range(count)])
        for account in accounts:
            await account.http.aclose()
    return founded


async def _found_room(url: str, people: Sequence[Person], size: int) -> Founded:
    """The first of the people makes a group and admits the others. They need not follow: nobody reads here."""
    if len(people) == 1:
        gathering = Gathering(url, copy.copy(people[0]))
        gathering.ada.crypto = GroupCrypto.create(LeafKey.fresh(), UUID(gathering.room).bytes)
        await gathering.ada.ask("POST", "/groups", gathering.new_group(gathering.ada))
    else:
        gathering = await Gathering.begin(url, ada=copy.copy(people[0]))
        await _admit(gathering, people[1:])
    # The relay cannot look into a body, so one does for all messages; the client_id is each message's own.
    message = gathering.ada.message(gathering.room, "x" * size, client_id=NUMBER)
    return Founded(gathering.room, [person.token for person in people], masked(json.dumps(message)))


async def _admit(gathering: Gathering, people: Sequence[Person]) -> None:
    ada = gathering.ada
    async with ada.entered(gathering.room) as line:
        for person in people:
            newcomer = Newcomer()
            request = gathering.new_request(newcomer)
            await person.ask("POST", f"/invites/{gathering.invite}/requests", request)
            frame, commit = gathering.admission(ada, newcomer, request)
            await line.say(frame)
            gathering.policy_seq = (await line.until("envelope", client_id=frame["client_id"]))["seq"]
            ada.took(commit)
