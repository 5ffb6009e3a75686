"""Fern's evening group, over the SDK: people arrive, sit down, listen."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Self

import pytest

from safespace.fields import Role
from safespace.rooms.roles import STAFF
from safespace.sdk import Client, ClientError, Group, Message, Room
from safespace.sdk.any_room import AnyRoom
from safespace.sdk.clocks import own_clock
from safespace.sdk.errors import Refused

PASSPHRASE = "the chair in the shower"
QUICK = (0.02, 0.5)
"""Pauses between two tries to connect, for tests."""
PATIENCE = 120.0
"""Seconds to wait for something before a test fails."""


async def arrive(url: str, name: str, folder: Path, **more: Any) -> Client:
    """A new account and device; handle and store are named after the person."""
    return await Client.register(
        url,
        handle=f"{name.lower()}-{secrets.token_hex(4)}",
        passphrase=PASSPHRASE,
        store=folder / f"{name.lower()}.store",
        **{"update_jitter": None, "backoff": QUICK, **more},
    )


async def sit_down(group: Group, client: Client, name: str, note: str = "", *, listening: bool = False) -> Group:
    """Be invited to `group`, ask and be admitted."""
    return await let_in(group, client, await group.create_invite(), name, note, listening=listening)


async def let_in(
    group: Group, client: Client, link: str, name: str, note: str = "", *, listening: bool = False
) -> Group:
    """Ask by this link and be admitted by who has this `group`."""
    joining = asyncio.create_task(client.join(link, pseudonym=name, note=note))
    try:
        async with asyncio.timeout(PATIENCE):
            while not joining.done():
                for person in await group.waiting():
                    with contextlib.suppress(Refused):
                        await group.admit(person, listening=listening)
                await asyncio.wait({joining}, timeout=0.05)
    finally:
        joining.cancel()
    return await joining


async def refusal(doing: Awaitable[Any]) -> str:
    """The code with which something is refused."""
    with pytest.raises(ClientError) as refused:
        await doing
    return refused.value.code


async def until(happened: Callable[[], bool]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(PATIENCE):
        while not happened():  # noqa: ASYNC110 - anything may make it so
            await asyncio.sleep(0.02)


class Listener:
    """Reads a room along, from the first message this device has."""

    def __init__(self, room: AnyRoom) -> None:
        self.heard: list[Message] = []
        self.error: ClientError | None = None
        self.ended = False
        self._task = asyncio.create_task(self._listen(room))

    async def _listen(self, room: AnyRoom) -> None:
        try:
            async for message in room.messages():
                self.heard.append(message)
        except ClientError as error:
            self.error = error
        self.ended = True

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.heard]

    async def hears(self, *texts: str) -> None:
        """Wait until all of these were said."""
        await until(lambda: set(texts) <= set(self.texts) or self.ended)
        assert set(texts) <= set(self.texts), (texts, self.texts, self.error)

    async def stop(self) -> None:
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task


class Evening:
    """Fern's group and who came. `groups`, `rooms` and `clients` are by name."""

    def __init__(self, url: str, folder: Path, clock: Callable[[], int] = own_clock) -> None:
        self.url = url
        self.folder = folder
        self.clients: dict[str, Client] = {}
        self.groups: dict[str, Group] = {}
        self.rooms: dict[str, Room] = {}
        self.group: Group
        self._clock = clock
        self._clocks: dict[str, Callable[[], int]] = {}
        self._stack = AsyncExitStack()

    @classmethod
    @asynccontextmanager
    async def of(
        cls, url: str, folder: Path, *names: str, clock: Callable[[], int] = own_clock, **hosts: Any
    ) -> AsyncIterator[Self]:
        """Fern hosts, with more that is her client's; `names` join one after the other. All devices go by `clock`."""
        async with cls.elsewhere(url, folder, clock) as evening:
            host = await evening.arrive("Fern", **hosts)
            evening.group = await host.create_group("Tuesday evening", rules="It stays here.", pseudonym="Fern")
            evening.groups["Fern"] = evening.group
            evening.rooms["Fern"] = evening.group.main
            for name in names:
                await evening.seat(name)
            yield evening

    @classmethod
    @asynccontextmanager
    async def elsewhere(cls, url: str, folder: Path, clock: Callable[[], int] = own_clock) -> AsyncIterator[Self]:
        """Nobody yet: whoever hosts does so from elsewhere."""
        evening = cls(url, folder, clock)
        async with evening._stack:
            yield evening

    async def arrive(self, name: str, **more: Any) -> Client:
        self._clocks[name] = more.setdefault("clock", self._clock)
        client = await arrive(self.url, name, self.folder, **more)
        self.clients[name] = await self._stack.enter_async_context(client)
        return client

    async def seat(self, name: str, role: Role = "member", *, listening: bool = False, **more: Any) -> Room:
        """Someone comes, is let in by Fern, and takes a role of staff if that is theirs."""
        group = await sit_down(self.group, await self.arrive(name, **more), name, listening=listening)
        self.groups[name] = group
        self.rooms[name] = group.main
        if role in STAFF:
            await self.group.offer_role(self.member(name), role)
            await until(lambda: group.offered == role)
            await group.accept_role()
        return group.main

    async def restart(self, name: str) -> Client:
        """Someone's device comes back from its store."""
        old = self.clients[name]
        await old.close()
        again = await Client.login(
            self.url,
            handle=old.handle,
            passphrase=PASSPHRASE,
            store=self.folder / f"{name.lower()}.store",
            update_jitter=None,
            backoff=QUICK,
            clock=self._clocks[name],
        )
        self.clients[name] = await self._stack.enter_async_context(again)
        self.groups[name] = again.groups()[0]
        self.rooms[name] = self.groups[name].main
        return again

    async def within_reach(self, *names: str) -> None:
        """Wait until these can be brought into a further room."""
        for name in names:
            pool = self.clients[name]._further[self.group.main.id]._pool
            await until(lambda pool=pool: not pool._fresh and bool(pool._newcomers))  # type: ignore[misc]

    def seated(self) -> list[Room]:
        """The rooms of those who know of no end to their being here."""
        return [room for room in self.rooms.values() if room.log.trouble() is None]

    def listen(self) -> dict[str, Listener]:
        """A listener in each seat."""
        listeners = {name: Listener(room) for name, room in self.rooms.items()}
        for listener in listeners.values():
            self._stack.push_async_callback(listener.stop)
        return listeners

    def member(self, name: str) -> Any:
        """Someone as Fern's client lists them."""
        return next(member for member in self.group.main.members() if member.pseudonym == name)
