"""Fern in Chromium, Wren in Firefox, Mo in Python: the staff have a room of their own, and Wren a few words aside."""

import re
from pathlib import Path

from playwright.async_api import expect

from bending import commit
from browser import steps
from browser.people import DESK, NewPerson, Person
from evening import Listener, arrive, until
from safespace.rooms.actions import Accept
from safespace.sdk import Group
from safespace.sdk.any_room import AnyRoom
from serving import ServerProcess


async def tap(who: Person, name: str) -> None:
    await who.page.get_by_role("dialog").get_by_role("button", name=name).click()


async def open_person(who: Person, pseudonym: str) -> None:
    """From the room: the list of people, and one of them."""
    await steps.open_people(who)
    await tap(who, pseudonym)


async def make_moderator(fern: Person, pseudonym: str, group: Group) -> None:
    """Fern offers it in her browser, and they accept in Python."""
    await open_person(fern, pseudonym)
    await tap(fern, "Role in the group")
    await steps.choose(fern.page.get_by_role("dialog"), "moderator")
    await tap(fern, f"Ask {pseudonym} to be a moderator")
    await until(lambda: bool(group.main.policy and group.main.policy.offers))
    await group.main.do(Accept(role="moderator", version=1))


def codes(*rooms: AnyRoom) -> list[str]:
    return [warning.code for room in rooms for warning in room.warnings()]


async def test_a_staff_room_and_a_few_words_aside(
    person: NewPerson, standing_server: ServerProcess, tmp_path: Path
) -> None:
    url = f"http://localhost:{standing_server.port}"
    fern, wren = await person("Fern", url, size=DESK), await person("Wren", url, which="firefox")
    await steps.make_account(fern)
    await steps.make_group(fern, "Slow Tuesdays", "Fern")
    await steps.ask_to_join(wren, await steps.make_invite(fern), "Wren")
    await steps.let_in(fern, "Wren")
    await steps.sits(wren)
    async with await arrive(url, "Mo", tmp_path) as mo:
        joining = steps.begin(mo.join(await steps.make_invite(fern), pseudonym="Mo"))
        await steps.let_in(fern, "Mo")
        group = await joining
        await make_moderator(fern, "Mo", group)

        # The staff room: Fern makes it, and Mo is in it by himself.
        await steps.open_menu(fern, "Staff room")
        await expect(fern.page.get_by_role("heading", name="Staff room").first).to_be_visible(timeout=steps.PATIENCE)
        await until(lambda: group.staff is not None)
        assert group.staff is not None
        await expect(fern.page.get_by_role("button", name="Only the 2 people here")).to_be_visible(
            timeout=steps.PATIENCE
        )
        await steps.say(fern, "Only us here.")
        staff = Listener(group.staff)
        await staff.hears("Only us here.")
        await group.staff.send("Wren seems tired.")
        await steps.sees(fern, "Wren seems tired.")
        # A change of keys by Mo's device that Fern's page cannot follow is taken back, here as in the group's room.
        await commit(group.staff, "path secrets")
        await expect(
            fern.page.get_by_text(re.compile("A change of keys by .*Mo.* could not be followed"))
        ).to_be_visible(timeout=steps.PATIENCE)
        await steps.say(fern, "What was that?")
        await staff.hears("Only us here.", "Wren seems tired.", "What was that?")
        assert codes(group.staff) == ["voided"]

        # A few words aside, from the sheet of the person.
        await fern.page.get_by_role("link", name="Back to Slow Tuesdays").click()
        await open_person(fern, "Wren")
        await tap(fern, "A few words aside")
        await tap(fern, "Open it")
        await expect(fern.page.get_by_role("heading", name="A few words with Wren").first).to_be_visible(
            timeout=steps.PATIENCE
        )
        await expect(fern.page.get_by_role("button", name="Only the 3 people here")).to_be_visible(
            timeout=steps.PATIENCE
        )
        await expect(wren.page.get_by_text("this is for you, and nobody else sees it")).to_be_visible(
            timeout=steps.PATIENCE
        )
        await wren.page.get_by_role("link", name="Go there").click()
        await expect(
            wren.page.get_by_role("heading", name=re.compile("A few words with .*Fern.* and .*Mo")).first
        ).to_be_visible()
        await steps.say(wren, "I am so tired.")
        await steps.sees(fern, "I am so tired.")
        aside = next(room for room in group.rooms() if room.purpose == "aside")
        heard = Listener(aside)
        await heard.hears("I am so tired.")
        await aside.send("Rest. We are here.")
        await steps.sees(wren, "Rest. We are here.")
        # It is all there after a reload, and without a connection.
        await wren.page.reload()
        await steps.sees(wren, "Rest. We are here.")
        await wren.page.get_by_role("button", name="Only the 3 people here").click()
        await expect(wren.page.get_by_role("dialog").get_by_text("Mo", exact=True)).to_be_visible()
        for who in (wren, fern):
            assert await who.accessibility() == []
        await steps.close_sheet(wren)

        # Mo is a moderator no longer: he is out of both, and what is said next is not for him.
        await fern.page.get_by_role("link", name="Back to Slow Tuesdays").click()
        await open_person(fern, "Mo")
        await tap(fern, "Role in the group")
        await steps.choose(fern.page.get_by_role("dialog"), "member")
        await tap(fern, "Make Mo a member")
        await until(lambda: group.rooms() == [])
        await steps.say(wren, "Just the two of us.")
        await expect(wren.page.get_by_role("button", name="Only the 2 people here")).to_be_visible(
            timeout=steps.PATIENCE
        )
        assert "Just the two of us." not in heard.texts
        assert codes(group.main, aside) == []
        for who in (wren, fern):
            await expect(who.page.locator(".room-strip [data-amber], .room-strip[data-amber]")).to_have_count(0)
        for one in (staff, heard):
            await one.stop()
