"""The further rooms of one group on this device: entered once main is caught up, and again after a restart."""

import asyncio
import contextlib
from collections.abc import Callable, Collection
from typing import Any
from uuid import UUID

from uuid6 import uuid7

from safespace.crypto.mls import MLSError
from safespace.fields import PASSING, Purpose, b64decode, b64encode
from safespace.rooms.further_state import Open
from safespace.sdk.any_place import Before
from safespace.sdk.errors import ClientError, Ended, Refused, Unreachable
from safespace.sdk.further_place import FurtherPlace
from safespace.sdk.further_room import FurtherRoom
from safespace.sdk.further_sealing import seal_further
from safespace.sdk.group_crypto import GroupCrypto, GroupCryptoError, LeafKey, Newcomer
from safespace.sdk.pool import Pool, endorse, for_welcome
from safespace.sdk.rest import Rest
from safespace.sdk.room import Room
from safespace.sdk.store import Store
from safespace.wire import Frame

_GOODBYE = 2.0
"""Seconds that taking back what was published may hold up closing."""


class FurtherRooms:
    """`main` is the group's main room; these live and end with it."""

    def __init__(
        self,
        main: Room,
        rest: Rest,
        store: Store,
        post: Callable[[Frame], None],
        update_jitter: tuple[float, float] | None,
    ) -> None:
        self._main = main
        self._rest = rest
        self._store = store
        self._post = post
        self._update_jitter = update_jitter
        self._name = str(main.id)
        self._rooms: dict[UUID, FurtherRoom] = {}
        self._entered = False
        self._waiting = False
        self._pool = Pool(rest, main.place)
        self._expected: dict[UUID, list[Newcomer]] = {}
        """Passing rooms that this device asked to come into, and with what."""
        self._memories: dict[UUID, Store] = {}
        """What there is of passing rooms."""
        for room in store.get("further", self._name) or []:
            self._take_in(FurtherPlace.load(store.get("place", room), main.place))
        main.beside = self.get
        main.log.watchers.append(self._main_changed)
        main.log.undoing.append(self._look_again)

    def get(self, room: UUID) -> FurtherRoom | None:
        return self._rooms.get(room)

    def shown(self) -> list[FurtherRoom]:
        """Those that this member is in and that last, oldest first."""
        inside = [room for room in self._rooms.values() if room.place.me is not None and room.log.trouble() is None]
        return sorted((room for room in inside if room.id not in self._memories), key=lambda room: room.id)

    def expect(self, room: UUID, newcomer: Newcomer) -> None:
        """Come into a passing room by this, once somebody brings it in."""
        self._expected.setdefault(room, []).append(newcomer)

    def forget_passing(self, but: Collection[UUID]) -> None:
        """Passing rooms are over: their keys, and what was said in them, are gone from here. So are those that the
        server has put this device out of, which may come again."""
        for id in [id for id, room in self._rooms.items() if id in self._memories and self._is_over(room, but)]:
            self._rooms.pop(id).log.end(Ended(announced=True))
            self._memories.pop(id).close()
        for id in [id for id in self._expected if id not in but]:
            del self._expected[id]

    @staticmethod
    def _is_over(room: FurtherRoom, there: Collection[UUID]) -> bool:
        return room.id not in there or (room.log.place.halted is None and room.log.place.ending is not None)

    async def open(self, purpose: Purpose, about: str | None, room: UUID | None = None) -> FurtherRoom:
        """Make a further room with oneself in it: a passing one as `room`, which main announced. `about` is the member
        id of whom an aside is about. Raises Refused.
        """
        main = self._main.place
        self._main.log.check_usable()
        own, room = main.me, room or uuid7()
        if own is None:
            raise Refused("not_a_member")
        crypto = GroupCrypto.create(LeafKey.fresh(), room.bytes)
        first = crypto.public()
        action = Open(
            target=about,
            group=main.group,
            room=room,
            purpose=purpose,
            leaf=b64encode(crypto.leaf.identity),
            endorsement=endorse(main, crypto.leaf),
        )
        body = {
            "id": str(room),
            "purpose": purpose,
            "about": about,
            "tree": b64encode(first.export_tree()),
            "confirmation_tag": b64encode(first.confirmation_tag),
            "endorsement": action.endorsement,
        }
        await self._rest.call("POST", f"/groups/{main.group}/rooms", body)
        made = self._add(
            FurtherPlace(
                group=main.group, room=room, crypto=crypto, public=first, main=main, own=own, passing=purpose in PASSING
            )
        )
        await made.act(lambda client_id: seal_further(made.place, client_id, action))
        return made

    def closed(self) -> None:
        """The connection broke."""
        self._entered = False
        for room in self._rooms.values():
            room.log.closed()

    def end(self, error: ClientError) -> None:
        """No more connections."""
        for room in self._rooms.values():
            room.log.end(error)

    async def close(self) -> None:
        """This process goes, and with it the keys to be brought by."""
        with contextlib.suppress(Refused, Unreachable, TimeoutError):
            async with asyncio.timeout(_GOODBYE):
                await self._pool.close()

    def welcomed(self) -> None:
        """A Welcome waits for this device."""
        self._waiting = True
        self._main.log.chores.start(self._fetch(), "welcomes")

    def _main_changed(self) -> None:
        """Main was read further, or ended: what waited for that goes on."""
        if self._main.place.ending is not None:
            self._entered = False
            for room in self._rooms.values():
                room.log.over()
            return
        if self._main.log.live and not self._entered:
            self._entered = True
            for room in self._rooms.values():
                room.log.opened()
            self._main.log.chores.start(self._prepare(), "further")
        for room in list(self._rooms.values()):
            room.log.go_on()

    def _look_again(self) -> None:
        """An act in main was taken back, by which this device may have been put out of these."""
        for room in self._rooms.values():
            if room.log.place.turned_away:
                room.log.opened()

    async def _prepare(self) -> None:
        """Be there to be brought, and look whether one was."""
        with contextlib.suppress(ClientError):  # on the next connection
            await self._pool.fill()
        self.welcomed()

    async def _fetch(self) -> None:
        """Enter the rooms of this group whose Welcomes wait."""
        with contextlib.suppress(ClientError):  # on the next connection
            while self._waiting:
                self._waiting = False
                async for item in self._rest.items("/welcomes"):
                    if item["group"] == str(self._main.place.group):
                        self._welcome(UUID(item["room"]), item)
                        await self._rest.call("DELETE", f"/welcomes/{item['room']}")
                await self._pool.fill()

    def _welcome(self, room: UUID, item: dict[str, Any]) -> None:
        """Enter a room, if the Welcome is for a KeyPackage of this process and opens a group with the room's id."""
        main = self._main.place
        try:
            tree, welcome = b64decode(item["tree"]), b64decode(item["welcome"])
            expected = self._expected.pop(room, None)
            newcomer = self._pool.take(welcome) if expected is None else for_welcome(expected, welcome)
            if newcomer is None or main.me is None:
                return
            crypto = newcomer.join(room.bytes, tree, welcome)
            public = crypto.public()
        except (MLSError, GroupCryptoError, ValueError):
            self._main.log.warn("room_refused")
            return
        self._add(
            FurtherPlace(
                group=main.group,
                room=room,
                crypto=crypto,
                public=public,
                main=main,
                own=main.me,
                brought=True,
                passing=expected is not None,
                policy_seq=item["seq"] - 1,
                cursor=item["seq"],
                before=Before(item["seq"]),
            )
        )

    def _add(self, place: FurtherPlace) -> FurtherRoom:
        """Keep a new place, a passing one in memory alone, and enter its room."""
        if place.passing:
            store = self._memories[place.room] = Store.in_memory()
            room = self._take_in(place, store)
            room.log.opened()
            return room
        name = str(place.room)
        with self._store.writing(durable=True):
            for part, value in place.changed().items():
                self._store.put(value, part, name)
            self._store.put([*(room for room in self._names() if room != name), name], "further", self._name)
            self._store.delete("outbox", name)
        room = self._take_in(place)
        room.log.opened()
        return room

    def _take_in(self, place: FurtherPlace, store: Store | None = None) -> FurtherRoom:
        place.clock = self._main.place.clock
        room = FurtherRoom(self._main, self._rest, place, store or self._store, self._post, self._update_jitter)
        self._rooms[place.room] = room
        if store is not None:
            room.log.watchers.append(self._main.log.wake)
        room.log.watchers.append(lambda: self._look_at(room))
        if self._main.log.ended is not None:
            room.log.end(self._main.log.ended)
        return room

    def _look_at(self, room: FurtherRoom) -> None:
        """A room that is over before it began, or turns out not to be what it was said to be, is never shown."""
        place = room.place
        if not place.brought or not (place.warnings or place.ending) or self._rooms.pop(room.id, None) is None:
            return
        if (memory := self._memories.pop(room.id, None)) is not None:
            room.log.end(Refused("unknown_room"))
            memory.close()
            if place.warnings:
                self._main.log.warn("room_refused")
            return
        with self._store.writing():
            self._store.put([name for name in self._names() if name != str(room.id)], "further", self._name)
            self._store.delete("place", str(room.id))
        room.log.end(Refused("unknown_room"))
        if place.warnings:
            self._main.log.warn("room_refused")

    def _names(self) -> list[str]:
        return list(self._store.get("further", self._name) or [])
