"""Fern at the door with her thumb: all in, a kind no, a word to who waits; new rules, a guest, and a note for Moss."""

import re
from pathlib import Path

from playwright.async_api import Locator, expect

from browser import steps
from browser.keys import Keys
from browser.people import NewPerson, Person
from evening import arrive, until
from serving import ServerProcess

NEW_RULE = "No names of doctors or clinics."
NOTE = "Wren had a hard week. A word before we begin would do her good."


def origin(server: ServerProcess) -> str:
    return f"http://localhost:{server.port}"


def sheet(who: Person) -> Locator:
    return who.page.get_by_role("dialog")


async def tap(who: Person, button: str) -> None:
    """A button of the sheet that is open, or of the page."""
    place = sheet(who) if await sheet(who).count() else who.page
    await place.get_by_role("button", name=button).first.click(timeout=steps.PATIENCE)


async def reads(who: Person, words: str) -> None:
    """The words stand somewhere on the page."""
    await expect(who.page.get_by_text(words).first).to_be_visible(timeout=steps.PATIENCE)


async def fits(who: Person) -> None:
    """Nothing is wrong with the page for those who cannot see it well, and nothing sticks out at the side."""
    assert await who.accessibility() == []
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await who.page.evaluate(wide) == 0


async def invite_for(fern: Person, count: str) -> str:
    panel = await steps.open_menu(fern, "Invite someone")
    await steps.choose(panel, count)
    await tap(fern, "Make the link")
    link = (await panel.get_by_text("/i/").first.inner_text()).strip()
    await steps.close_sheet(fern)
    return link


async def at_the_door(fern: Person, wren: Person, moss: Person, jay: Person) -> None:
    """Three wait. All are told a word, Jay is told no, the others come in with one tap."""
    link = await invite_for(fern, "Up to 5")
    for who in (jay, wren, moss):
        await steps.ask_to_join(who, link, who.name)
    await tap(fern, "See who")
    await expect(sheet(fern).get_by_role("button", name="Let all 3 in")).to_be_visible(timeout=steps.PATIENCE)
    await fits(fern)
    await tap(fern, "Write to everyone waiting")
    await sheet(fern).get_by_label("A few words to everyone waiting").fill("Two more minutes.")
    await sheet(fern).get_by_role("button", name="Send").click()
    await reads(fern, "Everyone waiting has your words now.")
    for who in (jay, wren, moss):
        await reads(who, "Two more minutes.")
    await fits(wren)
    box = sheet(fern).get_by_role("listitem").filter(has=fern.page.get_by_role("heading", name="Jay"))
    await box.get_by_role("button", name="Not now").click()
    await box.get_by_role("button", name="Other words").click()
    kind = "This is not a good moment for us. Please ask again another day."
    await expect(box.get_by_label("A few words with it")).to_have_value(kind)
    await fits(fern)
    await box.get_by_role("button", name="Say no").click()
    await reads(jay, kind)
    await fits(jay)
    await tap(fern, "Let all 2 in")
    for who in (wren, moss):
        await steps.sits(who)
    await reads(fern, "Nobody is waiting.")
    await steps.close_sheet(fern)


async def new_rules(fern: Person, wren: Person) -> None:
    """Fern adds a rule, having read what that asks of everyone; Wren reads what is new, agrees and writes on."""
    stale = await steps.make_invite(fern)
    await steps.open_menu(fern, "About this group")
    await tap(fern, "Ground rules")
    await expect(sheet(fern).get_by_text("Who has agreed")).to_be_visible()
    await tap(fern, "Change the ground rules")
    await reads(fern, "Everyone reads the new text and agrees before they write again.")
    await reads(fern, "The invite links that are out end")
    await sheet(fern).get_by_label("The ground rules", exact=True).fill(f"{steps.RULES}\n{NEW_RULE}")
    await fits(fern)
    await tap(fern, "Ask everyone to agree")
    await expect(sheet(fern)).to_be_hidden(timeout=steps.PATIENCE)

    await reads(wren, "The ground rules have changed")
    await tap(wren, "Read them")
    new = sheet(wren).locator("section").filter(has=wren.page.get_by_role("heading", name="What is new"))
    await expect(new.get_by_text(NEW_RULE)).to_be_visible()
    await expect(new.get_by_text("You can pass")).to_have_count(0)
    await fits(wren)
    await tap(wren, "I agree")
    await steps.sits(wren)
    await steps.say(wren, "I like the new one.")
    await steps.sees(fern, "I like the new one.")
    await steps.open_menu(fern, "About this group")
    await tap(fern, "Ground rules")
    rows = sheet(fern).get_by_role("listitem")
    await expect(rows.filter(has_text="Moss").get_by_text("not yet to this one")).to_be_visible()
    await expect(rows.filter(has_text="Wren").get_by_text("Agreed", exact=True)).to_be_visible(timeout=steps.PATIENCE)
    await steps.close_sheet(fern)
    invite = stale.split("/i/")[1].split("#")[0]
    answer = await fern.page.request.get(f"/v1/invites/{invite}")
    assert (await answer.json())["code"] == "invite_revoked"


async def a_guest(fern: Person, wren: Person, reed: Person) -> None:
    """Reed is asked for one part, comes, sees nothing from before, and is thanked."""
    panel = await steps.open_menu(fern, "Invite someone")
    await panel.get_by_role("switch", name="As a guest speaker").click()
    await panel.get_by_label("What you ask them to come for").fill("Pacing, with a nurse")
    await fits(fern)
    await tap(fern, "Make the link")
    link = (await panel.get_by_text("/i/").first.inner_text()).strip()
    await steps.close_sheet(fern)
    await reed.page.goto(link)
    await reads(reed, "You are asked to come as a guest, for “Pacing, with a nurse”.")
    await reads(reed, "It takes about 20 minutes.")
    await fits(reed)
    await steps.ask_to_join(reed, link, "Reed")
    await tap(fern, "See who")
    await reads(fern, "Comes as a guest, for “Pacing, with a nurse”")
    await tap(fern, "Let Reed in")
    await steps.close_sheet(fern)
    await reads(reed, "The room rests between sessions")
    await expect(reed.page.get_by_text("I like the new one.")).to_have_count(0)
    await steps.open_people(fern)
    await sheet(fern).get_by_role("button", name="Reed").click()
    await fits(fern)
    await tap(fern, "Thank Reed and say goodbye")
    await reads(reed, "Thank you for coming")
    await fits(reed)
    await steps.noticed(wren.page, "Reed was here as a guest, and has gone. Thank you for coming.")
    await expect(sheet(fern)).to_be_hidden()


async def a_note(fern: Person, moss: Person) -> None:
    """Moss becomes a facilitator and reads, with keys alone, what Fern leaves with keys alone; Fern takes it back."""
    await tap(moss, "Read them")
    await tap(moss, "I agree")
    await steps.sits(moss)
    await steps.open_people(fern)
    await sheet(fern).get_by_role("button", name="Moss").click()
    await tap(fern, "Role in the group")
    await steps.choose(sheet(fern), "facilitator")
    await tap(fern, "Ask Moss to be a facilitator")
    await tap(moss, "Read more")
    await tap(moss, "I agree and take it on")
    await steps.noticed(fern.page, "Moss is a facilitator from now on")

    keys = Keys(fern)
    await keys.choose(keys.button("Menu"))
    await keys.choose(keys.sheet.get_by_role("button", name="Notes for the next facilitator"))
    await keys.shows(keys.heading("Notes for the next facilitator"))
    await keys.fill("Leave a note", NOTE)
    await keys.choose(keys.button("Leave the note"))
    await expect(keys.sheet).to_be_hidden(timeout=steps.PATIENCE)
    await keys.holds_focus()

    other = Keys(moss)
    await other.choose(other.button("Menu"))
    await expect(other.sheet.get_by_text("One you have not read")).to_be_visible(timeout=steps.PATIENCE)
    await other.choose(other.sheet.get_by_role("button", name="Notes for the next facilitator"))
    await other.shows(other.sheet.get_by_text(NOTE))
    await expect(other.button("Take it back")).to_have_count(0)
    await fits(moss)
    await other.press("Escape")
    await expect(other.sheet).to_be_hidden()
    await other.choose(other.button("Menu"))
    await expect(other.sheet.get_by_text("One you have not read")).to_have_count(0)
    await other.press("Escape")

    await keys.choose(keys.button("Menu"))
    await keys.choose(keys.sheet.get_by_role("button", name="Notes for the next facilitator"))
    await keys.choose(keys.button("Take it back"))
    await keys.shows(keys.sheet.get_by_text("No notes now."))


async def test_an_evening_at_the_door(person: NewPerson, standing_server: ServerProcess) -> None:
    url = origin(standing_server)
    fern, wren, moss = await person("Fern", url), await person("Wren", url), await person("Moss", url)
    jay, reed = await person("Jay", url), await person("Reed", url)
    fern.expect_trouble(re.escape("410"))  # the invite that has ended
    await steps.make_account(fern)
    await steps.make_group(fern, "Slow Tuesdays", "Fern")
    await at_the_door(fern, wren, moss, jay)
    await new_rules(fern, wren)
    await a_guest(fern, wren, reed)
    await a_note(fern, moss)


async def test_a_moderators_page_sees_a_guest_off(
    person: NewPerson, standing_server: ServerProcess, tmp_path: Path
) -> None:
    """Sol's phone closes the session and goes to sleep; Moss, who only moderates, has the page open."""
    moss = await person("Moss", standing_server.url)
    async with await arrive(standing_server.url, "Sol", tmp_path) as sol:
        group = await sol.create_group("Tuesday evening", rules=steps.RULES, pseudonym="Sol")
        await steps.join(moss, group, "Moss")
        await steps.take_on(moss, group, "Moss", "moderator")
        session = await group.open_session(minutes=60)
        async with await arrive(standing_server.url, "Heron", tmp_path) as heron:
            coming = steps.begin(heron.join(await group.invite_guest("Pacing", minutes=20), pseudonym="Heron"))
            await steps.admit_one(group)
            guest = (await coming).main
            await guest.send("Rest before you need it.")
            await steps.sees(moss, "Rest before you need it.")
            # This phone is quick to sleep, and sees nobody off.
            group.main.log.watchers.remove(group.main.farewells.look)
            await session.close()
            await steps.noticed(moss.page, "Heron was here as a guest, and has gone. Thank you for coming.")
            await until(lambda: guest.log.trouble() is not None)
        await group.main.send("Good night.")
        await steps.sees(moss, "Good night.")
        assert group.main.warnings() == []
