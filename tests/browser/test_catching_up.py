"""Wren and Ada were away for many messages and ten changes of keys; when they come back they have missed nothing."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from browser import steps
from browser.people import DESK, NewPerson
from campaign import rounds
from evening import arrive, sit_down
from safespace.sdk import Group
from serving import ServerProcess

MISSED = rounds(600, 10_000)
KEY_CHANGES = 10


async def change_keys(group: Group, url: str, folder: Path, number: int) -> None:
    """Someone comes, someone goes, or a member takes fresh keys."""
    room = group.main
    match number % 3:
        case 0:
            async with await arrive(url, f"Guest{number}", folder) as guest:
                await sit_down(group, guest, f"Guest{number}")
        case 1:
            await room.remove(next(one for one in room.members() if one.pseudonym == f"Guest{number - 1}"))
        case _:
            await room.refresh_keys()


@pytest.mark.campaign
async def test_two_browsers_catch_up(person: NewPerson, standing_server: ServerProcess, tmp_path: Path) -> None:
    """One had its tab open without a network, the other was closed; both show everything, once, in order."""
    url = f"http://localhost:{standing_server.port}"
    wren, ada = await person("Wren", url), await person("Ada", url, which="firefox", size=DESK)
    wren.expect_trouble("WebSocket|ERR_INTERNET_DISCONNECTED")
    async with await arrive(url, "Fern", tmp_path) as fern:
        group = await fern.create_group("Slow Tuesdays", rules=steps.RULES, pseudonym="Fern")
        room = group.main
        for who in (wren, ada):
            await steps.join(who, group, who.name)
            await steps.say(who, f"See you. {who.name}")
        await steps.sees(wren, "See you. Ada")
        address = ada.page.url
        await ada.page.close()
        await wren.context.set_offline(True)
        await expect(wren.page.get_by_text("You are offline").first).to_be_visible(timeout=steps.PATIENCE)
        await steps.write(wren, "Written on the train.")

        epoch = room.place.public.epoch
        texts = [f"Message {number}" for number in range(MISSED)]
        for part in range(KEY_CHANGES):
            for text in texts[part * MISSED // KEY_CHANGES : (part + 1) * MISSED // KEY_CHANGES]:
                await room.send(text)
            await change_keys(group, url, tmp_path, part)
        assert room.place.public.epoch == epoch + KEY_CHANGES
        assert "Message 0" not in await wren.page.inner_text("body")

        ada.page = await ada.context.new_page()
        await ada.page.goto(address)
        await wren.context.set_offline(False)
        said = ["See you. Wren", "See you. Ada", *texts, "Written on the train."]
        # Ada, who opens the page, is brought to where she left; Wren had it open, and follows.
        log = ada.page.get_by_role("log")
        await expect(log.get_by_text("New since you were here")).to_be_in_viewport(timeout=steps.PATIENCE)
        await expect(log.get_by_text("Message 0", exact=True)).to_be_in_viewport()
        await ada.page.get_by_role("button", name=f"{MISSED + 1} new messages").click(timeout=steps.PATIENCE)
        # Ada came in after Wren's first words.
        for who, heard in ((ada, said[1:]), (wren, said)):
            await steps.sees(who, said[-1])
            assert await steps.all_said(who) == heard
            await expect(who.page.get_by_role("button", name="Only the 4 people here can read this")).to_be_visible()
        for who in (ada, wren):
            await steps.say(who, f"I am back. {who.name}")
        for who in (ada, wren):
            await steps.sees(who, "I am back. Ada")
            await steps.sees(who, "I am back. Wren")
        assert room.warnings() == []
        # And so it stands when the pages are opened anew, leafed through from either end.
        for who, heard in ((ada, said[1:]), (wren, said)):
            await who.page.reload()
            await steps.sees(who, "I am back. Wren")
            read = steps.read_back if who is wren else steps.all_said
            assert await read(who) == [*heard, "I am back. Ada", "I am back. Wren"]
        await wren.page.get_by_role("log").press("Home")
        await expect(wren.page.get_by_role("button", name="Show later messages")).to_be_attached()
        await expect(wren.page.get_by_role("button", name="To the newest")).to_be_visible()
        assert await wren.accessibility() == []
