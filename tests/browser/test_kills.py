"""The server is killed again and again while Chromium, Firefox and the SDK chat: nobody misses or repeats a word."""

import asyncio
import random
from pathlib import Path

import pytest
from playwright.async_api import expect

from browser import steps
from browser.people import DESK, NewPerson, Person
from campaign import rounds
from evening import Listener, arrive, until
from safespace.sdk import Room
from serving import ServerProcess

KILLS = rounds(6, 20)
PATIENCE = 120_000
"""Milliseconds that a message may take."""


class Chat:
    """What each has said and the server has confirmed, in the order of each."""

    def __init__(self) -> None:
        self.confirmed: dict[str, list[str]] = {}
        self.over = False

    async def in_a_browser(self, who: Person) -> None:
        """Write two at a time, so that one waits behind the other, and go on when both are through."""
        confirmed = self.confirmed[who.name] = []
        while not self.over:
            texts = [f"{who.name} {len(confirmed) + step}" for step in range(2)]
            for text in texts:
                await steps.write(who, text)
            for text in texts:
                sent = who.page.locator(".said-one[data-state=sent]").get_by_text(text, exact=True)
                await expect(sent).to_have_count(1, timeout=PATIENCE)
                confirmed.append(text)

    async def in_python(self, room: Room) -> None:
        confirmed = self.confirmed["Moss"] = []
        while not self.over:
            text = f"Moss {len(confirmed)}"
            await room.send(text)
            confirmed.append(text)
            await asyncio.sleep(0.1)

    def said_more_than(self, before: dict[str, int]) -> bool:
        return all(len(said) >= before[name] + 2 for name, said in self.confirmed.items())


@pytest.mark.campaign
async def test_every_confirmed_message_is_shown_once_in_one_order(
    person: NewPerson, server: ServerProcess, tmp_path: Path
) -> None:
    url = f"http://localhost:{server.port}"
    fern, wren = await person("Fern", url), await person("Wren", url, which="firefox", size=DESK)
    for who in (fern, wren):
        who.expect_trouble(steps.AWAY)
    async with await arrive(url, "Moss", tmp_path) as moss:
        group = await moss.create_group("Slow Tuesdays", rules=steps.RULES, pseudonym="Moss")
        room, listener = group.main, Listener(group.main)
        await steps.join(fern, group, "Fern")
        await steps.join(wren, group, "Wren")
        chat = Chat()
        async with asyncio.TaskGroup() as chatting:
            chatting.create_task(chat.in_a_browser(fern))
            chatting.create_task(chat.in_a_browser(wren))
            chatting.create_task(chat.in_python(room))
            await asyncio.sleep(0)
            for _ in range(KILLS):
                before = {name: len(said) for name, said in chat.confirmed.items()}
                await until(lambda: chat.said_more_than(before))  # noqa: B023 - called before the next turn
                await asyncio.sleep(random.uniform(0, 0.1))
                await asyncio.to_thread(server.kill)
                await asyncio.to_thread(server.start)
                # The browsers are told that the network is back, else they would wait longer after each kill.
                for who in (fern, wren):
                    await who.page.evaluate("void dispatchEvent(new Event('online'))")
            chat.over = True

        confirmed = [text for said in chat.confirmed.values() for text in said]
        assert len(confirmed) >= 3 * 2 * KILLS
        await listener.hears(*confirmed)
        assert sorted(listener.texts) == sorted(confirmed)
        for name, said in chat.confirmed.items():
            assert [text for text in listener.texts if text.startswith(name)] == said
        for who in (fern, wren):
            await steps.sees(who, listener.texts[-1])
            assert await steps.all_said(who) == listener.texts
            await expect(steps.alert(who.page)).to_have_count(0)
        assert room.warnings() == []
        await listener.stop()
