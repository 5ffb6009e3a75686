"""Connections by room and account, and fan-out of ready frames. No SQL, no sockets.

History is pulled, live envelopes are pushed: a connection that catches up reads the log at its own speed, and only
once it has seen all that was published does it go live. `Place.seen` makes each envelope arrive exactly once. Where
lines are missing before those to be published, `behind` is called: they are in the database.
"""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from safespace import wire
from safespace.budgets import QUOTAS
from safespace.connection import Connection, Place
from safespace.errors import CLOSE_RESTART, CLOSE_RESUME, CODES
from safespace.fanout import Fanout, Lines
from safespace.fields import b64decode, b64encode
from safespace.framing import text_frame

MAX_CONNECTIONS = QUOTAS["sockets"].most
"""Open connections of one account."""
PRESENCE_PAUSE = 0.1
"""Seconds over which comings and goings are told together."""


class Watcher(Protocol):
    """Who tells other processes what goes on here."""

    def opened(self, room: UUID) -> None:
        """Somebody entered a room in which nobody was."""

    def live(self, room: UUID) -> None:
        """Somebody is live in a room in which nobody was."""

    def closed(self, room: UUID) -> None:
        """Nobody is in the room any more."""

    def presence(self, room: UUID) -> None:
        """People came into the room or went, and it is time to tell."""

    def attended(self, account: UUID) -> None:
        """An account has another number of connections than before."""


@dataclass(eq=False, slots=True)
class _Room:
    id: UUID
    presence: bool
    fanout: Fanout = field(default_factory=Fanout)
    elsewhere: dict[UUID, frozenset[str]] = field(default_factory=dict)
    """Who is here in other processes."""
    telling: asyncio.TimerHandle | None = None


class Hub:
    """Every open connection of this process."""

    def __init__(self) -> None:
        self.behind: Callable[[UUID], None] = lambda room: None
        self.watcher: Watcher | None = None
        self._accounts: dict[UUID, set[Connection]] = {}
        self._rooms: dict[UUID, _Room] = {}

    def connect(self, connection: Connection) -> bool:
        """Register a connection; False when its account has MAX_CONNECTIONS already."""
        connections = self._accounts.setdefault(connection.account, set())
        if len(connections) >= MAX_CONNECTIONS:
            return False
        connection.load = next((other.load for other in connections), connection.load)
        connections.add(connection)
        if self.watcher is not None:
            self.watcher.attended(connection.account)
        return True

    def disconnect(self, connection: Connection) -> None:
        """Forget a connection everywhere."""
        for room in list(connection.places):
            self.leave(connection, room)
        connections = self._accounts.get(connection.account, set())
        if connection not in connections:
            return
        connections.discard(connection)
        if not connections:
            del self._accounts[connection.account]
        if self.watcher is not None:
            self.watcher.attended(connection.account)

    def connections(self, account: UUID) -> set[Connection]:
        """The open connections of an account."""
        return self._accounts.get(account, set())

    def accounts(self) -> list[UUID]:
        """The accounts that have connections."""
        return list(self._accounts)

    def enter(
        self, connection: Connection, room: UUID, *, leaf: bytes, member: bytes, group: UUID, after: int, presence: bool
    ) -> Place:
        """Put a connection in a room, catching up from `after`; it goes live by `go_live`."""
        self.leave(connection, room)
        here = self._rooms.get(room)
        if here is None:
            here = self._rooms[room] = _Room(room, presence)
            if self.watcher is not None:
                self.watcher.opened(room)
        place = Place(connection, leaf, member, after, group)
        here.fanout.places.add(place)
        connection.places[room] = place
        self._tell_presence(here)
        return place

    def go_live(self, room: UUID, place: Place) -> bool:
        """Push to this connection from now on; False when something it has not seen was published already."""
        here = self._rooms.get(room)
        if here is None or not here.fanout.go_live(place):
            return False
        if here.fanout.live == 1:
            if self.watcher is not None:
                self.watcher.live(room)
        elif here.fanout.published < place.seen:
            self.behind(room)
        return True

    def leave(self, connection: Connection, room: UUID) -> None:
        """Take a connection out of a room."""
        place = connection.places.pop(room, None)
        here = self._rooms.get(room)
        if place is None or here is None:
            return
        here.fanout.discard(place)
        if here.fanout.places:
            self._tell_presence(here)
            return
        if here.telling is not None:
            here.telling.cancel()
        del self._rooms[room]
        if self.watcher is not None:
            self.watcher.closed(room)

    def publish(self, room: UUID, lines: Lines) -> None:
        """Push committed lines to everyone in the room, one write for each connection; none is pushed twice."""
        here = self._rooms.get(room)
        if here is None:
            return
        if not here.fanout.publish(lines):
            self.behind(room)
        for place in here.fanout.departed():
            self.see_off(room, place)

    def published(self, room: UUID) -> int | None:
        """The last line pushed in a room; None where nobody is live."""
        here = self._rooms.get(room)
        return None if here is None or not here.fanout.live else here.fanout.published

    def rooms(self) -> list[UUID]:
        """The rooms in which somebody is."""
        return list(self._rooms)

    def depart(self, room: UUID, leaves: Iterable[bytes], until: int, gone: wire.Gone) -> None:
        """Let connections with these leaves have what is up to `until`, then `gone`, then nothing more of the room."""
        departed = set(leaves)
        here = self._rooms.get(room)
        if here is None:
            return
        for place in here.fanout.places:
            if place.leaf in departed and place.gone is None:
                place.gone = gone
                here.fanout.depart(place, until)
        for place in here.fanout.departed():
            self.see_off(room, place)

    def reread(self, room: UUID) -> None:
        """Lines that are on their way to slow readers changed: they are read anew, by whoever has them queued once
        they are back."""
        here = self._rooms.get(room)
        for place in [] if here is None else list(here.fanout.places):
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
        return [] if here is None else [place for place in here.fanout.places if place.live]

    def members(self, room: UUID) -> frozenset[str]:
        """The members who are in the room in this process, where the group wants it told."""
        here = self._rooms.get(room)
        if here is None or not here.presence:
            return frozenset()
        return frozenset(b64encode(place.member) for place in here.fanout.places)

    def everyone(self, room: UUID) -> tuple[frozenset[bytes], bool]:
        """The members known to be in the room, in this process or another, and whether the others tell who is there."""
        here = self._rooms.get(room)
        if here is None:
            return frozenset(), False
        elsewhere = (b64decode(member) for members in here.elsewhere.values() for member in members)
        return frozenset({*(place.member for place in here.fanout.places), *elsewhere}), here.presence

    def present_elsewhere(self, room: UUID, process: UUID, members: frozenset[str]) -> None:
        """Who is in the room in another process."""
        here = self._rooms.get(room)
        if here is None or not here.presence or here.elsewhere.get(process, frozenset()) == members:
            return
        if members:
            here.elsewhere[process] = members
        else:
            del here.elsewhere[process]
        self._tell_presence(here)

    def processes(self) -> set[UUID]:
        """The other processes in which somebody is in a room of this one."""
        return {process for here in self._rooms.values() for process in here.elsewhere}

    def forget_processes(self, processes: Iterable[UUID]) -> None:
        """Nobody is in other processes that have ended."""
        for process in processes:
            for room in self._rooms:
                self.present_elsewhere(room, process, frozenset())

    def tell_presence(self, room: UUID) -> None:
        """Tell everyone in the room who is there, in this process and elsewhere."""
        here = self._rooms.get(room)
        if here is None:
            return
        members = sorted(self.members(room).union(*here.elsewhere.values()))
        frame = text_frame(wire.Here(room=here.id, members=members).model_dump_json())
        for place in here.fanout.places:
            place.connection.push(frame)

    def close_logins(self, logins: Iterable[bytes]) -> None:
        """Close the sockets of ended logins with 4401."""
        ended = set(logins)
        for connection in self._all():
            if connection.login in ended:
                connection.drop(CODES["unauthenticated"].close or CLOSE_RESUME)

    def end(self, room: UUID) -> None:
        """Take everyone out of a room that is no more. That it is over, they know."""
        here = self._rooms.get(room)
        for place in [] if here is None else list(here.fanout.places):
            self.leave(place.connection, room)

    def close_room(self, room: UUID) -> None:
        """Close the sockets of those who are live in a room, so that they come back and catch up."""
        for place in self.present(room):
            place.connection.drop(CLOSE_RESUME)

    def close_all(self, code: int = CLOSE_RESTART) -> None:
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
        if self.watcher is None:
            self.tell_presence(here.id)
        else:
            self.watcher.presence(here.id)
