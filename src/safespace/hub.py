"""Connections by room and account, bounded queues, fan-out of ready texts. No SQL.

History is pulled, live envelopes are pushed: a connection that catches up reads the log at its own speed, and only
once it has seen all that was published does it go live. `Place.seen` makes each envelope arrive exactly once.
"""

import asyncio
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from safespace import wire
from safespace.errors import CLOSE_RESTART, CLOSE_RESUME, CODES

MAX_WAITING = 2_000
"""Texts that may wait for one connection."""
MAX_WAITING_CHARS = 4 * 1024 * 1024
"""Their length in all; frames are ASCII but for details."""
MAX_CONNECTIONS = 32
"""Open connections of one account."""
PRESENCE_PAUSE = 0.1
"""Seconds over which comings and goings are told together."""


class Connection:
    """One socket's outgoing side. `take` is called by its write loop alone."""

    def __init__(self, account: UUID, device: UUID, login: bytes) -> None:
        self.account = account
        self.device = device
        self.login = login
        self.places: dict[UUID, Place] = {}
        self.close_code: int | None = None
        self._texts: deque[str] = deque()
        self._chars = 0
        self._ready = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self.broken = asyncio.Event()
        """Set when the connection is to be closed without sending what still waits."""

    def push(self, text: str) -> None:
        """Queue a text. A reader so slow that the queue is full is closed with CLOSE_RESUME."""
        if self.close_code is not None:
            return
        self._texts.append(text)
        self._chars += len(text)
        if len(self._texts) > MAX_WAITING or self._chars > MAX_WAITING_CHARS:
            self.drop(CLOSE_RESUME)
            return
        if len(self._texts) > MAX_WAITING // 4 or self._chars > MAX_WAITING_CHARS // 4:
            self._room.clear()
        self._ready.set()

    async def push_slowly(self, text: str) -> None:
        """Queue a line of history once the queue is short."""
        await self._room.wait()
        self.push(text)

    def finish(self, code: int) -> None:
        """Take no more; close with `code` once what waits is sent."""
        if self.close_code is None:
            self.close_code = code
            self._ready.set()
            self._room.set()

    def drop(self, code: int) -> None:
        """Close with `code` now, whatever waits."""
        self.finish(code)
        self._texts.clear()
        self._chars = 0
        self.broken.set()

    async def take(self) -> str | None:
        """The next text; None when the connection is to be closed with `close_code`."""
        while not self._texts:
            if self.close_code is not None:
                return None
            self._ready.clear()
            await self._ready.wait()
        text = self._texts.popleft()
        self._chars -= len(text)
        if len(self._texts) <= MAX_WAITING // 8 and self._chars <= MAX_WAITING_CHARS // 8:
            self._room.set()
        return text


@dataclass(eq=False, slots=True)
class Place:
    """A connection in a room, as the leaf `leaf` of the member `member`."""

    connection: Connection
    leaf: bytes
    member: bytes
    seen: int
    live: bool = False
    until: int | None = None
    """The last seq this connection may have; set when its leaf departed while it was catching up."""
    gone: wire.Gone | None = None


@dataclass(eq=False, slots=True)
class _Room:
    id: UUID
    presence: bool
    places: set[Place] = field(default_factory=set)
    published: int = 0
    telling: asyncio.TimerHandle | None = None


class Hub:
    """Every open connection of this process."""

    def __init__(self) -> None:
        self._accounts: dict[UUID, set[Connection]] = {}
        self._rooms: dict[UUID, _Room] = {}

    def connect(self, connection: Connection) -> bool:
        """Register a connection; False when its account has MAX_CONNECTIONS already."""
        connections = self._accounts.setdefault(connection.account, set())
        if len(connections) >= MAX_CONNECTIONS:
            return False
        connections.add(connection)
        return True

    def disconnect(self, connection: Connection) -> None:
        """Forget a connection everywhere."""
        for room in list(connection.places):
            self.leave(connection, room)
        connections = self._accounts.get(connection.account, set())
        connections.discard(connection)
        if not connections:
            self._accounts.pop(connection.account, None)

    def enter(
        self, connection: Connection, room: UUID, *, leaf: bytes, member: bytes, after: int, presence: bool
    ) -> Place:
        """Put a connection in a room, catching up from `after`; it goes live by `go_live`."""
        self.leave(connection, room)
        here = self._rooms.setdefault(room, _Room(room, presence))
        place = Place(connection, leaf, member, after)
        here.places.add(place)
        connection.places[room] = place
        self._tell_presence(here)
        return place

    def go_live(self, room: UUID, place: Place) -> bool:
        """Push to this connection from now on; False when something it has not seen was published already."""
        here = self._rooms.get(room)
        if here is None or here.published > place.seen:
            return False
        place.live = True
        return True

    def leave(self, connection: Connection, room: UUID) -> None:
        """Take a connection out of a room."""
        place = connection.places.pop(room, None)
        here = self._rooms.get(room)
        if place is None or here is None:
            return
        here.places.discard(place)
        if here.places:
            self._tell_presence(here)
        else:
            if here.telling is not None:
                here.telling.cancel()
            del self._rooms[room]

    def publish(self, room: UUID, texts: Sequence[tuple[int, str]]) -> None:
        """Push committed envelopes, as (seq, ready text), to everyone in the room."""
        here = self._rooms.get(room)
        if here is None:
            return
        here.published = texts[-1][0]
        for place in here.places:
            if place.live:
                for seq, text in texts:
                    if seq > place.seen:
                        place.seen = seq
                        place.connection.push(text)

    def depart(self, room: UUID, leaves: Iterable[bytes], until: int, gone: wire.Gone) -> None:
        """Let connections with these leaves have what is up to `until`, then `gone`, then nothing more of the room."""
        departed = set(leaves)
        here = self._rooms.get(room)
        for place in [] if here is None else [place for place in here.places if place.leaf in departed]:
            place.until = until
            place.gone = gone
            if place.live:
                self.see_off(room, place)

    def see_off(self, room: UUID, place: Place) -> None:
        """Tell a connection that it is gone from the room. Removal closes the socket with 4403, leaving does not."""
        if place.gone is None:
            return
        self.leave(place.connection, room)
        place.connection.push(place.gone.model_dump_json())
        if place.gone.code == "removed":
            place.connection.finish(CODES["removed"].close or CLOSE_RESUME)

    def tell(self, accounts: Iterable[UUID], text: str) -> None:
        """Push a text to every connection of these accounts."""
        for account in accounts:
            for connection in self._accounts.get(account, ()):
                connection.push(text)

    def present(self, room: UUID) -> list[Place]:
        """Those in the room who are caught up."""
        here = self._rooms.get(room)
        return [] if here is None else [place for place in here.places if place.live]

    async def close_logins(self, logins: set[bytes]) -> None:
        """Close the sockets of ended logins with 4401."""
        for connection in self._all():
            if connection.login in logins:
                connection.drop(CODES["unauthenticated"].close or CLOSE_RESUME)

    async def close_all(self, code: int = CLOSE_RESTART) -> None:
        """Close every socket, so that its client comes back and resumes."""
        for connection in self._all():
            connection.drop(code)

    def _all(self) -> list[Connection]:
        return [connection for connections in self._accounts.values() for connection in connections]

    def _tell_presence(self, here: _Room) -> None:
        if here.presence and here.telling is None:
            here.telling = asyncio.get_running_loop().call_later(PRESENCE_PAUSE, self._tell_here, here)

    def _tell_here(self, here: _Room) -> None:
        here.telling = None
        members = sorted({wire.b64encode(place.member) for place in here.places})
        text = wire.Here(room=here.id, members=members).model_dump_json()
        for place in here.places:
            place.connection.push(text)
