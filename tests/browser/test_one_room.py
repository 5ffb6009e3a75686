"""Fern in Chromium, Wren in Firefox and Moss in Python share one room; someone is removed; nobody loses a word."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from browser import steps
from browser.people import DESK, NewPerson, Person
from evening import Listener, arrive, until
from safespace.sdk import Client, Room
from safespace.sdk.errors import Removed
from serving import ServerProcess


def origin(server: ServerProcess) -> str:
    return f"http://localhost:{server.port}"


async def seat_moss(server: ServerProcess, fern: Person, folder: Path) -> tuple[Client, Room]:
    """Moss joins with the SDK by a link that Fern makes in her browser, and Fern lets Moss in there."""
    moss = await arrive(origin(server), "Moss", folder)
    link = await steps.make_invite(fern)
    joining = steps.begin(moss.join(link, pseudonym="Moss", note="Juniper told me"))
    await steps.let_in(fern, "Moss")
    return moss, (await joining).main


async def test_each_message_is_read_by_all_and_wren_is_removed(
    person: NewPerson, standing_server: ServerProcess, tmp_path: Path
) -> None:
    url = origin(standing_server)
    fern = await person("Fern", url)
    wren = await person("Wren", url, which="firefox", size=DESK)
    await steps.make_account(fern)
    await steps.make_group(fern, "Slow Tuesdays", "Fern")
    await steps.ask_to_join(wren, await steps.make_invite(fern), "Wren", "Hello")
    await steps.let_in(fern, "Wren")
    await steps.sits(wren)
    moss, room = await seat_moss(standing_server, fern, tmp_path)
    async with moss:
        listener = Listener(room)
        await steps.say(fern, "Welcome, all.")
        await steps.say(wren, "I sat in the garden.")
        await room.send("I am mostly listening.")
        texts = ["Welcome, all.", "I sat in the garden.", "I am mostly listening."]
        for text in texts:
            await steps.sees(fern, text)
            await steps.sees(wren, text)
        await listener.hears(*texts)
        assert [message.sender for message in listener.heard] == ["Fern", "Wren", "Moss"]
        await expect(wren.page.get_by_role("button", name="Only the 3 people here can read this")).to_be_visible()

        await steps.remove(fern, "Wren")
        await expect(wren.page.get_by_role("heading", name="You are no longer in Slow Tuesdays")).to_be_visible()
        await room.send("After Wren.")
        await steps.say(fern, "We go on.")
        await steps.sees(fern, "After Wren.")
        await listener.hears("After Wren.", "We go on.")
        assert "After Wren." not in await wren.page.inner_text("body")
        assert [member.pseudonym for member in room.members()] == ["Fern", "Moss"]
        assert room.warnings() == []
        await listener.stop()


async def test_moss_is_removed_by_a_browser_and_hears_nothing_more(
    person: NewPerson, standing_server: ServerProcess, tmp_path: Path
) -> None:
    fern = await person("Fern", origin(standing_server), size=DESK)
    await steps.make_account(fern)
    await steps.make_group(fern, "Slow Tuesdays", "Fern")
    moss, room = await seat_moss(standing_server, fern, tmp_path)
    async with moss:
        listener = Listener(room)
        await steps.say(fern, "Before.")
        await listener.hears("Before.")
        await steps.remove(fern, "Moss")
        await until(lambda: listener.ended)
        assert isinstance(listener.error, Removed)
        await steps.say(fern, "After.")
        assert listener.texts == ["Before."]
        with pytest.raises(Removed):
            await room.send("let me back in")


async def test_wren_reloads_while_waiting_and_comes_back_tomorrow(
    person: NewPerson, standing_server: ServerProcess
) -> None:
    url = origin(standing_server)
    fern, wren = await person("Fern", url), await person("Wren", url)
    await steps.make_account(fern)
    await steps.make_group(fern, "Slow Tuesdays", "Fern")
    await steps.ask_to_join(wren, await steps.make_invite(fern), "Wren")
    assert "#" not in wren.page.url
    await wren.page.reload()
    await expect(wren.page.get_by_role("heading", name="You are waiting to come in")).to_be_visible()
    await steps.let_in(fern, "Wren")
    await steps.sits(wren)
    await steps.say(wren, "Good night.")
    room = wren.page.url
    await wren.page.close()
    await steps.say(fern, "Said while Wren slept.")
    wren.page = await wren.context.new_page()
    await wren.page.goto(room)
    await steps.sees(wren, "Good night.")
    await steps.sees(wren, "Said while Wren slept.")
    await steps.say(wren, "Good morning.")
    await steps.sees(fern, "Good morning.")


async def test_wren_leaves_and_fern_cannot(person: NewPerson, standing_server: ServerProcess) -> None:
    url = origin(standing_server)
    fern, wren = await person("Fern", url), await person("Wren", url)
    await steps.make_account(fern)
    await steps.make_group(fern, "Slow Tuesdays", "Fern")
    await steps.ask_to_join(wren, await steps.make_invite(fern), "Wren")
    await steps.let_in(fern, "Wren")
    await steps.sits(wren)
    await steps.leave(wren)
    await expect(wren.page.get_by_role("heading", name="You left Slow Tuesdays")).to_be_visible()
    await steps.say(fern, "Alone again.")
    await expect(fern.page.get_by_role("button", name="Only you can read this")).to_be_visible()
    await steps.open_menu(fern, "Leave this group")
    await expect(fern.page.get_by_role("dialog")).to_contain_text("You are the only owner")


async def test_the_server_restarts_and_every_browser_resumes_by_itself(
    person: NewPerson, server: ServerProcess
) -> None:
    url = origin(server)
    fern, wren = await person("Fern", url), await person("Wren", url, which="firefox")
    for one in (fern, wren):
        one.expect_trouble(steps.AWAY)
    await steps.make_account(fern)
    await steps.make_group(fern, "Slow Tuesdays", "Fern")
    await steps.ask_to_join(wren, await steps.make_invite(fern), "Wren")
    await steps.let_in(fern, "Wren")
    await steps.sits(wren)
    await steps.say(wren, "Before.")
    await steps.in_thread(server.kill)
    await steps.write(wren, "Written while the server was away.")
    await expect(wren.page.get_by_text("You are offline").first).to_be_visible(timeout=steps.PATIENCE)
    await steps.in_thread(server.start)
    await steps.sees(fern, "Written while the server was away.")
    await steps.say(fern, "We are back.")
    await steps.sees(wren, "We are back.")
    for one in (fern, wren):
        said = one.page.get_by_role("log").get_by_text("Written while the server was away.", exact=True)
        await expect(said).to_have_count(1)
