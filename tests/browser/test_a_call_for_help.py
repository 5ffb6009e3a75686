"""Wren asks for help in a tunnel, by keys alone: whom to call is there, and her call goes out by itself."""

from pathlib import Path

from playwright.async_api import Locator, expect

from browser import steps
from browser.keys import Keys
from browser.people import DESK, NewPerson
from evening import arrive, until
from safespace.sdk.any_room import AnyRoom
from serving import ServerProcess


async def menu(keys: Keys, item: str) -> None:
    await keys.choose(keys.button("Menu"))
    await keys.choose(keys.sheet.get_by_role("button", name=item))


async def say(keys: Keys, text: str) -> None:
    await keys.reach(steps.composer(keys.page))
    await keys.page.keyboard.type(text)
    await keys.press("Tab", "Enter")
    await keys.shows(keys.page.get_by_role("log").get_by_text(text, exact=True))


def number(keys: Keys, number: str) -> Locator:
    return keys.sheet.get_by_role("link", name=number)


async def test_wren_asks_for_help_in_a_tunnel(
    person: NewPerson, standing_server: ServerProcess, tmp_path: Path
) -> None:
    url = f"http://localhost:{standing_server.port}"
    fern, wren = await person("Fern", url, size=DESK), await person("Wren", url, locale="de-AT")
    wren.expect_trouble(steps.AWAY)
    async with await arrive(url, "Mo", tmp_path) as mo:
        group = await mo.create_group("Slow Tuesdays", rules=steps.RULES, pseudonym="Mo")
        for who in (fern, wren):
            await steps.join(who, group, who.name)
        await steps.take_on(fern, group, "Fern", "moderator")
        keys, staff = Keys(wren), Keys(fern)

        # The line is down. One press; whom to call where she lives is there, and on another choice too.
        await wren.context.set_offline(True)
        await expect(wren.page.get_by_text("You are offline").first).to_be_visible(timeout=steps.PATIENCE)
        ask = keys.button("I need help")
        await keys.choose(ask)
        await keys.shows(keys.sheet.get_by_role("heading", name="You are not alone"))
        await keys.shows(keys.sheet.get_by_text("nobody has been told yet").first)
        await keys.shows(number(keys, "Telefonseelsorge"))
        assert await number(keys, "Telefonseelsorge").get_attribute("href") == "tel:142"
        await keys.reach(keys.sheet.get_by_label("Country"))
        await keys.page.keyboard.type("Ireland")
        await keys.shows(number(keys, "116 123"))
        assert await wren.accessibility() == []
        await keys.press("Escape")
        await expect(keys.sheet).to_be_hidden()
        assert await ask.evaluate("one => one === document.activeElement")

        # The tablet restarts in the tunnel; her call is kept, and so is where she lives.
        await wren.page.reload()
        await keys.choose(keys.button("Whom to call"))
        await keys.shows(number(keys, "116 123"))
        await keys.shows(keys.sheet.get_by_text("nobody has been told yet").first)
        assert group.rooms() == []

        # Light again: it goes out without another tap. Fern goes to her and answers.
        await wren.context.set_offline(False)
        await keys.shows(keys.sheet.get_by_text("know that you need help. Nobody else in the group sees it."))
        await until(lambda: [room.help for room in group.rooms()] == ["asked"])
        assert await wren.accessibility() == []
        await keys.press("Escape")
        await expect(keys.sheet).to_be_hidden()
        await keys.shows(keys.page.get_by_text("They know that you need help").first)
        assert await fern.accessibility() == []
        await staff.choose(fern.page.get_by_role("link", name="Go to Wren"))
        await staff.shows(staff.heading("A few words with Wren").first)
        await staff.shows(staff.page.get_by_text("A short “I am here” is a good beginning."))
        assert await fern.accessibility() == []
        await say(staff, "I am here.")
        await expect(staff.page.get_by_text("is a good beginning")).to_be_hidden()
        [aside] = group.rooms()
        await until(lambda: aside.help == "answered")

        # She reads it, answers, and is all right.
        await keys.choose(wren.page.get_by_role("link", name="Go there"))
        await keys.shows(wren.page.get_by_role("log").get_by_text("I am here.", exact=True))
        assert await wren.accessibility() == []
        await say(keys, "That is good.")
        await staff.shows(fern.page.get_by_role("log").get_by_text("That is good.", exact=True))
        await keys.choose(keys.button("I am OK"))
        await staff.shows(fern.page.get_by_role("log").get_by_text("Wren says: I am OK."))
        await until(lambda: aside.help is None)

        # Then she steps out for a while; that, the whole group sees, and nothing of the rest.
        await keys.choose(wren.page.get_by_role("link", name="Back to Slow Tuesdays"))
        await menu(keys, "Step out for a while")
        await keys.shows(keys.page.get_by_text("The room knows that you stepped out and are OK."))
        await staff.choose(fern.page.get_by_role("link", name="Back to Slow Tuesdays"))
        await staff.shows(fern.page.get_by_role("log").get_by_text("Wren is stepping out and is OK"))
        for who in (fern, wren):
            await expect(who.page.get_by_role("log").get_by_text("I am here.", exact=True)).to_have_count(0)
            assert await who.accessibility() == []
        await menu(staff, "Staff room")
        await staff.shows(staff.heading("Staff room").first)
        await say(staff, "Wren is all right.")
        await until(lambda: group.staff is not None)
        assert await fern.accessibility() == []
        assert _codes(group.main, *group.rooms()) == []


def _codes(*rooms: AnyRoom) -> list[str]:
    return [warning.code for room in rooms for warning in room.warnings()]
