"""The three scripted members: Fern hosts, Wren and Moss talk, all of them over the SDK.

They run in one process with the demo, but hold their own keys and go through the relay like anyone else.
"""

import asyncio
import secrets
from contextlib import AsyncExitStack
from pathlib import Path

from safespace.sdk import Client, Group, Room
from safespace.sdk.errors import ClientError

NAME = "Slow Tuesdays"
WELCOME = "A demonstration. Fern, Wren and Moss are small programs; you are the only person here."
RULES = "\n".join(
    (
        "What is said here stays here.",
        "You can pass, always. No reason needed.",
        "Say what helped you, not what others should do.",
        "Rest, step out, come back. Your place stays.",
    )
)

TALK = (
    ("Fern", "Welcome, all. We go round once. Short is fine, silence is fine, and you can pass."),
    ("Wren", "I sat in the garden for ten minutes on Sunday. Small, but I am counting it."),
    ("Moss", "I am counting it too. I slept badly, so today I am mostly listening."),
    ("Fern", "Listening is taking part, Moss."),
    ("Wren", "I told my sister what a bad day looks like. She listened, all the way through."),
    ("Moss", "That is worth a lot. I still look for the words for mine."),
    ("Fern", "There is no hurry. We have the whole hour."),
    ("Wren", "What helped a little this week: a chair in the shower. I should have done it a year ago."),
    ("Moss", "I pass this time, but I like the chair."),
    ("Fern", "Let us be quiet for a minute. Write if you want to."),
)

PAUSE = 6.0
"""Seconds between two lines."""


class Cast:
    """Fern, Wren and Moss in one group. `group` is Fern's; `link` is an invite for whoever opens the demo."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url = url
        self._folder = folder
        self._clients = AsyncExitStack()
        self._rooms: dict[str, Room] = {}
        self.group: Group
        self.link = ""

    async def gather(self) -> None:
        """Make three accounts and a group, let Wren and Moss in, and make the newcomers' link."""
        host = await self._register("Fern")
        self.group = await host.create_group(NAME, rules=RULES, welcome=WELCOME, pseudonym="Fern", presence=True)
        self._rooms["Fern"] = self.group.main
        for name in ("Wren", "Moss"):
            link = await self.group.create_invite()
            guest = await self._register(name)
            joining = asyncio.create_task(guest.join(link, pseudonym=name))
            await self._admit_until(joining)
            self._rooms[name] = (await joining).main
        self.link = await self.group.create_invite(uses=20)

    async def _register(self, name: str) -> Client:
        client = await Client.register(
            self._url,
            handle=f"demo-{name.lower()}-{secrets.token_hex(3)}",
            passphrase=secrets.token_urlsafe(18),
            store=str(self._folder / f"{name.lower()}.db"),
        )
        return await self._clients.enter_async_context(client)

    async def _admit_until(self, joining: "asyncio.Task[Group]") -> None:
        while not joining.done():
            await self.group.admit_all()
            await asyncio.wait({joining}, timeout=0.3)

    async def play(self) -> None:
        """Talk, and let newcomers in, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._talk())
            tasks.create_task(self._welcome())

    async def _talk(self) -> None:
        while True:
            for name, line in TALK:
                await self._say(name, line)
                await asyncio.sleep(PAUSE)

    async def _welcome(self) -> None:
        while True:
            for person in await self.group.waiting():
                await self.group.admit(person)
                await self._say("Fern", f"Welcome, {person.pseudonym}. Sit where you like; say as much as you want.")
            await asyncio.sleep(1.0)

    async def _say(self, name: str, line: str) -> None:
        try:
            await self._rooms[name].send(line)
        except ClientError as error:
            if error.code != "removed":
                raise

    async def leave(self) -> None:
        """Close the three clients."""
        await self._clients.aclose()
