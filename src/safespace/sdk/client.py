"""A device of an account: log in, make groups, join groups, and stay connected to all of them."""

import asyncio
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import UUID

from pydantic import ValidationError
from uuid6 import uuid7

from safespace.crypto import hpke, login
from safespace.crypto.errors import CryptoError
from safespace.fields import b64encode
from safespace.rooms.actions import Create
from safespace.rooms.healing import MESSAGES
from safespace.rooms.names import refusal
from safespace.sdk.charter import CHARTER
from safespace.sdk.clocks import ServerClock, own_clock
from safespace.sdk.connection import Connection
from safespace.sdk.errors import ClientError, Refused, StoreError, Unreachable
from safespace.sdk.further_room import FurtherRoom
from safespace.sdk.further_rooms import FurtherRooms
from safespace.sdk.group import Group
from safespace.sdk.group_crypto import GroupCrypto, LeafKey
from safespace.sdk.joining import Joiner
from safespace.sdk.passing_rooms import PassingRooms
from safespace.sdk.place import Place
from safespace.sdk.rest import Rest
from safespace.sdk.room import Room
from safespace.sdk.store import Store
from safespace.wire import BringIn, RequestAnswered, Waiting, Welcome
from safespace.wire import Report as ReportFrame


class Client:
    """Made by `register` and `login`; `async with` closes it.

    `update_jitter` are the seconds between which a newcomer's leaf takes its first keys of its own (None: never),
    `backoff` the first and the longest pause between two tries to connect, `clock` tells the device's time (ms).
    """

    def __init__(
        self,
        url: str,
        rest: Rest,
        store: Store,
        update_jitter: tuple[float, float] | None,
        backoff: tuple[float, float],
    ) -> None:
        self._url = url
        self._rest = rest
        self._store = store
        self._update_jitter = update_jitter
        self._rooms: dict[UUID, Room] = {}
        self._further: dict[UUID, FurtherRooms] = {}
        self._ended: ClientError | None = None
        saved_login = store.get("login")
        self.handle: str = saved_login["handle"]
        token = saved_login["token"]
        rest.authorize(token)
        self._connection = Connection(
            url, token, opened=self._opened, received=self._received, closed=self._closed, backoff=backoff
        )
        for room in store.get("rooms") or []:
            self._take_in(Place.load(store.get("place", room), store.get("roll", room) or {}))
        self._running = asyncio.create_task(self._run())
        self._joiner = Joiner(rest, url, store, self._add, self._held)

    @classmethod
    async def register(
        cls,
        url: str,
        *,
        handle: str,
        passphrase: str,
        store: str | os.PathLike[str],
        update_jitter: tuple[float, float] | None = (5.0, 60.0),
        backoff: tuple[float, float] = (0.2, 15.0),
        clock: Callable[[], int] = own_clock,
    ) -> Self:
        """Make an account, with this as its first device.

        Raises Refused (`handle_taken`, …), Unreachable or StoreError.
        """
        if _exists(store):
            raise StoreError("store_exists", "There is a store at this path already.")
        return await cls._begin("/accounts", url, handle, passphrase, store, None, update_jitter, backoff, clock)

    @classmethod
    async def login(
        cls,
        url: str,
        *,
        handle: str,
        passphrase: str,
        store: str | os.PathLike[str],
        update_jitter: tuple[float, float] | None = (5.0, 60.0),
        backoff: tuple[float, float] = (0.2, 15.0),
        clock: Callable[[], int] = own_clock,
    ) -> Self:
        """Come back as the device of this store, or, where there is no store yet, as a new device.

        Raises WrongLogin, Refused, Unreachable or StoreError.
        """
        return await cls._begin("/login", url, handle, passphrase, store, _exists(store), update_jitter, backoff, clock)

    @classmethod
    async def _begin(
        cls,
        path: str,
        url: str,
        handle: str,
        passphrase: str,
        store: str | os.PathLike[str],
        known: bool | None,
        update_jitter: tuple[float, float] | None,
        backoff: tuple[float, float],
        clock: Callable[[], int],
    ) -> Self:
        url, handle = url.rstrip("/"), login.typed_handle(handle)
        try:
            origin = login.normal_origin(url)
        except CryptoError as error:
            raise Refused("invalid_field", "This is not the address of a server.") from error
        try:
            login_key, vault_key = await asyncio.to_thread(login.stretch, origin, handle, passphrase)
        except CryptoError as error:
            raise Refused("handle_invalid") from error
        opened = Store.open(store, vault_key) if known else None
        rest = Rest(url, ServerClock(clock))
        try:
            body = {"handle": handle, "login_key": b64encode(login_key), "as": "token"}
            if opened is not None:
                body["device"] = opened.get("login")["device"]
            answer = await rest.call("POST", path, body)
            if opened is not None and answer["device"] != body["device"]:
                raise Refused("unauthenticated", "The server no longer knows this device.")
            opened = opened or Store.create(store, vault_key)
            with opened.writing(durable=True):
                opened.put({"handle": handle, "device": answer["device"], "token": answer["token"]}, "login")
            return cls(url, rest, opened, update_jitter, backoff)
        except BaseException:
            await rest.close()
            if opened is not None:
                opened.close()
            raise

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Disconnect and close the store. What was not acknowledged is sent when the store is opened again."""
        self._end(Unreachable("This client was closed."))
        self._running.cancel()
        stopped = [room.log.chores.stopped() for room in self._rooms.values()]
        for room in self._rooms.values():
            if room.passing is not None:
                room.passing.close()
        closed = [further.close() for further in self._further.values()]
        await asyncio.gather(self._running, *stopped, *closed, return_exceptions=True)
        await self._joiner.close()
        await self._rest.close()
        self._store.close()

    async def create_group(
        self,
        name: str,
        rules: str,
        welcome: str = "",
        pseudonym: str = "Host",
        presence: bool = True,
        days: int = 0,
        charter: str = CHARTER,
    ) -> Group:
        """Make a group with oneself as its owner. Messages are kept for `days` (0: for ever); `charter` is what its
        moderators agree to. Raises Refused or Unreachable.
        """
        if (code := refusal(pseudonym)) is not None:
            raise Refused(code)
        group, room = uuid7(), uuid7()
        private, public = hpke.generate()
        try:
            action = Create(
                group=group,
                room=room,
                name=name,
                welcome=welcome,
                presence=presence,
                days=days,
                rules=rules,
                charter=charter,
                pseudonym=pseudonym,
                key=b64encode(public),
            )
        except ValidationError as error:
            raise Refused("invalid_field", "A text is empty or too long, or a number out of range.") from error
        crypto = GroupCrypto.create(LeafKey.fresh(), room.bytes)
        first = crypto.public()
        body = {
            "id": str(group),
            "room": str(room),
            "tree": b64encode(first.export_tree()),
            "confirmation_tag": b64encode(first.confirmation_tag),
            "presence": presence,
        }
        await self._rest.call("POST", "/groups", body)
        place = Place(group=group, room=room, policy_private=private, crypto=crypto, public=first)
        made = self._add(place)
        await made.do(action)
        return self._group(made)

    def groups(self) -> list[Group]:
        """The groups whose keys this device holds or held, oldest first."""
        known = [room for room in self._rooms.values() if room.policy is not None]
        return [self._group(room) for room in sorted(known, key=lambda room: room.place.group)]

    async def join(self, link: str, pseudonym: str, note: str = "", timeout: float | None = None) -> Group:  # noqa: ASYNC109 - part of the API
        """Agree to the rules of the invite, ask to join, and return once admitted.

        A member whose keys are on another device, or lost, comes back in this way: once admitted, that device is out
        (`Moved`). An owner cannot yet (Refused `owner_elsewhere`).
        After `timeout` seconds TimeoutError is raised; the request stays, and joining by the same link waits on. The
        same holds after a restart. Raises BadLink, Refused, Declined, Stranded, Unreachable, ClockWrong or
        UntrustedServer.
        """
        if self._ended is not None:
            raise self._ended
        async with asyncio.timeout(timeout):
            room = await asyncio.shield(self._joiner.join(link, pseudonym, note))
        return self._group(room)

    def word(self, link: str) -> str | None:
        """What someone at the door said last to who waits by this link: by the invite, not by the server."""
        return self._joiner.word(link)

    @property
    def clock_wrong_by(self) -> timedelta:
        """By how much this device's clock is ahead of the server's; nothing where it is about right.

        What is decided goes by the server's; but the MLS library has this device's alone, so one that is far off keeps
        this client from coming in or letting people in (`ClockWrong`).
        """
        return timedelta(milliseconds=self._rest.clock.wrong_by)

    def _group(self, main: Room) -> Group:
        return Group(self._rest, self._url, main, self._further[main.id])

    # The connection

    def _add(self, place: Place) -> Room:
        """Keep a new place, and enter its room."""
        if place.asked is not None:
            place.since_update = MESSAGES  # due soon
        name = str(place.room)
        known = self._store.get("rooms") or []
        with self._store.writing(durable=True):
            for part, value in place.changed().items():
                self._store.put(value, part, name)
            self._store.put([*(room for room in known if room != name), name], "rooms")
            # What an earlier place in the same room still had to send was sealed with keys that are gone.
            self._store.delete("outbox", name)
            # So were those of its further rooms.
            self._store.delete("further", name)
        room = self._take_in(place)
        room.log.opened()
        return room

    def _held(self, group: UUID) -> Room | None:
        """The room of this group, where this device is in it."""
        rooms = (room for room in self._rooms.values() if room.place.group == group)
        return next((room for room in rooms if room.place.status == "member"), None)

    def _take_in(self, place: Place) -> Room:
        place.clock = self._rest.clock
        room = self._rooms[place.room] = Room(
            place, self._store, self._rest, self._connection.post, self._update_jitter
        )
        if self._ended is not None:
            room.log.end(self._ended)
        further = self._further[place.room] = FurtherRooms(
            room, self._rest, self._store, self._connection.post, self._update_jitter
        )
        PassingRooms(room, self._rest, further)
        return room

    async def _run(self) -> None:
        """Stay connected; whatever ends that ends every room's waiting."""
        try:
            await self._connection.run()
        except ClientError as error:
            self._end(error)
        except Exception:
            self._end(Unreachable("This client stopped because of a fault of its own."))
            raise

    def _end(self, error: ClientError) -> None:
        self._ended = self._ended or error
        for room in self._rooms.values():
            room.log.end(error)
        for further in self._further.values():
            further.end(error)

    def _opened(self) -> None:
        for room in self._rooms.values():
            room.log.opened()
        self._joiner.look()

    def _closed(self) -> None:
        for room in self._rooms.values():
            room.log.closed()
        for further in self._further.values():
            further.closed()

    def _received(self, frame: Any) -> None:
        match frame:
            case RequestAnswered(id=id):
                self._joiner.look(id)
            case Waiting() | ReportFrame():
                pass  # `Group.waiting`, `reports` and `my_reports` ask
            case Welcome(group=group):
                for main in self._rooms.values():
                    if main.place.group == group:
                        self._further[main.id].welcomed()
            case _:
                if frame.room in self._rooms:
                    self._rooms[frame.room].log.received(frame)
                elif (room := self._further_room(frame.room)) is None:
                    pass  # one that was refused, or of an earlier time
                elif isinstance(frame, BringIn):
                    room.please_bring(frame.members)
                else:
                    room.log.received(frame)

    def _further_room(self, id: UUID) -> FurtherRoom | None:
        found = (further.get(id) for further in self._further.values())
        return next((room for room in found if room is not None), None)


def _exists(store: str | os.PathLike[str]) -> bool:
    return Path(store).exists()
