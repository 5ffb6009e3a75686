"""Connections by room and account, bounded queues, fan-out of ready frames. No SQL, no sockets.

History is pulled, live envelopes are pushed: a connection that catches up reads the log at its own speed, and only
once it has seen all that was published does it go live. `Place.seen` makes each envelope arrive exactly once.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from safespace import wire
from safespace.errors import CLOSE_RESTART, CLOSE_RESUME, CODES
from safespace.framing import text_frame

MAX_WAITING = 4 * 1024 * 1024
"""Bytes that may wait for one connection, besides what its transport holds."""
MAX_CONNECTIONS = 32
"""Open connections of one account."""
PRESENCE_PAUSE = 0.1
"""Seconds over which comings and goings are told together."""


class Outlet(Protocol):
    """Where a connection's frames go."""

    def write(self, frames: bytes) -> None:
        """Send whole frames."""

    def close(self, code: int) -> None:
        """Close with this code behind what was written."""


class Connection:
    """One socket's outgoing side. Whoever has the socket says when it is `stalled` and `flowing`."""

    __slots__ = (
        "_bytes",
        "_flow",
        "_outlet",
        "_stalled",
        "_waiting",
        "account",
        "close_code",
        "device",
        "login",
        "on_settled",
        "places",
        "sending",
    )

    def __init__(
        self, account: UUID, device: UUID, login: bytes, outlet: Outlet, on_settled: Callable[[], None]
    ) -> None:
        self.account = account
        self.device = device
        self.login = login
        self.places: dict[UUID, Place] = {}
        self.close_code: int | None = None
        self.sending = 0
        """Messages of this connection whose fate is open; `on_settled` is called when one is decided."""
        self.on_settled = on_settled
        self._outlet = outlet
        self._stalled = False
        self._waiting: deque[bytes] = deque()
        self._bytes = 0
        self._flow: asyncio.Event | None = None

    def push(self, frames: bytes) -> None:
        """Send frames, or queue them while the reader is slow; when too much waits it is closed with CLOSE_RESUME."""
        if self.close_code is not None:
            return
        if not self._stalled:
            self._outlet.write(frames)
            return
        self._waiting.append(frames)
        self._bytes += len(frames)
        if self._bytes > MAX_WAITING:
            self.drop(CLOSE_RESUME)

    async def flows(self) -> None:
        """Wait until the reader is not slow, or gone."""
        while self._stalled and self.close_code is None:
            if self._flow is None:
                self._flow = asyncio.Event()
            await self._flow.wait()

    @property
    def is_behind(self) -> bool:
        """Whether frames wait here for a slow reader."""
        return bool(self._waiting)

    def stalled(self) -> None:
        """The outlet takes no more for now."""
        self._stalled = True

    def flowing(self) -> None:
        """The outlet takes more."""
        self._stalled = False
        while self._waiting and not self._stalled:
            frames = self._waiting.popleft()
            self._bytes -= len(frames)
            self._outlet.write(frames)
        if not self._waiting and self.close_code is not None:
            self._outlet.close(self.close_code)
        if not self._stalled:
            self._wake()

    def finish(self, code: int) -> None:
        """Take no more; close with `code` once what waits is sent."""
        if self.close_code is None:
            self.close_code = code
            if not self._waiting:
                self._outlet.close(code)
            self._wake()

    def drop(self, code: int) -> None:
        """Close with `code` now, whatever waits."""
        self._waiting.clear()
        self._bytes = 0
        if self.close_code is None:
            self.finish(code)
        else:
            self._outlet.close(self.close_code)

    def settled(self) -> None:
        """A message of this connection was decided."""
        self.sending -= 1
        self.on_settled()

    def _wake(self) -> None:
        if self._flow is not None:
            self._flow.set()
            self._flow = None


@dataclass(eq=False, slots=True)
class Place:
    """A connection in a room, as the leaf `leaf` of the member `member`."""

    connection: Connection
    leaf: bytes
    member: bytes
    seen: int
    live: bool = False
    reread: bool = False
    """Set where what was read of the log for this connection, and not sent yet, is not to be sent as it is."""
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

    def publish(self, room: UUID, frames: Sequence[tuple[int, bytes]]) -> None:
        """Push committed envelopes, as (seq, ready frame), to everyone in the room: one write for each connection."""
        here = self._rooms.get(room)
        if here is None:
            return
        first, last = frames[0][0], frames[-1][0]
        here.published = last
        joined = frames[0][1] if first == last else b"".join([frame for _, frame in frames])
        for place in here.places:
            if place.live and place.seen < last:
                seen, place.seen = place.seen, last
                place.connection.push(
                    joined if seen < first else b"".join([frame for seq, frame in frames if seq > seen])
                )

    def depart(self, room: UUID, leaves: Iterable[bytes], until: int, gone: wire.Gone) -> None:
        """Let connections with these leaves have what is up to `until`, then `gone`, then nothing more of the room."""
        departed = set(leaves)
        here = self._rooms.get(room)
        for place in [] if here is None else [place for place in here.places if place.leaf in departed]:
            place.until = until
            place.gone = gone
            if place.live:
                self.see_off(room, place)

    def reread(self, room: UUID) -> None:
        """Lines that are on their way to slow readers changed: they are read anew, by whoever has them queued once
        they are back."""
        here = self._rooms.get(room)
        for place in [] if here is None else list(here.places):
            place.reread = not place.live
            if place.connection.is_behind:
                place.connection.drop(CLOSE_RESUME)

    def see_off(self, room: UUID, place: Place) -> None:
        """Tell a connection that it is gone from the room. Removal closes the socket with 4403, leaving does not."""
        if place.gone is None:
            return
        self.leave(place.connection, room)
        place.connection.push(text_frame(place.gone.model_dump_json()))
        if place.gone.code == "removed":
            place.connection.finish(CODES["removed"].close or CLOSE_RESUME)

    def tell(self, accounts: Iterable[UUID], text: str) -> None:
        """Push a text to every connection of these accounts."""
        frame = text_frame(text)
        for account in accounts:
            for connection in self._accounts.get(account, ()):
                connection.push(frame)

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
        frame = text_frame(wire.Here(room=here.id, members=members).model_dump_json())
        for place in here.places:
            place.connection.push(frame)
