"""Fern looks after a room with her thumb: she pauses, takes down, quietens, removes; and what the others see."""

import re

from playwright.async_api import Locator, expect

from browser import steps
from browser.people import DESK, NewPerson, Person
from serving import ServerProcess

REASON = "Links are not for here. I would like to hear how you are."


def origin(server: ServerProcess) -> str:
    return f"http://localhost:{server.port}"


async def gather(fern: Person, *others: Person) -> None:
    """Fern makes a group and lets the others in."""
    await steps.make_account(fern)
    await steps.make_group(fern, "Slow Tuesdays", "Fern")
    for other in others:
        await steps.ask_to_join(other, await steps.make_invite(fern), other.name)
        await steps.let_in(fern, other.name)
        await steps.sits(other)


def sheet(who: Person) -> Locator:
    return who.page.get_by_role("dialog")


async def tap(who: Person, button: str) -> None:
    """A button of the sheet that is open, or of the page."""
    place = sheet(who) if await sheet(who).count() else who.page
    exactly, with_more = (place.get_by_role("button", name=name) for name in (re.compile(f"^{button}$"), f"{button} "))
    found = exactly.or_(with_more).first
    await (found.tap() if await who.page.evaluate("navigator.maxTouchPoints") else found.click())


async def open_message(who: Person, text: str) -> None:
    """The menu of the message with these words."""
    line = who.page.get_by_role("log").locator(".said-one", has_text=text)
    await line.get_by_role("button", name="What can be done about this message").dispatch_event("click")
    await expect(sheet(who)).to_be_visible()


async def open_person(who: Person, pseudonym: str) -> None:
    """One tap on the people at the top, one on the person."""
    await steps.open_people(who)
    await sheet(who).get_by_role("button", name=pseudonym).click()
    await expect(sheet(who).get_by_role("heading", name=pseudonym)).to_be_visible()


async def is_told(who: Person, words: str) -> None:
    """A line above the composer says so, to the ear as well."""
    await expect(steps.live(who.page).filter(has_text=words).first).to_be_attached(timeout=steps.PATIENCE)


async def reads(who: Person, words: str) -> None:
    """The words stand somewhere on the page."""
    await expect(who.page.get_by_text(words).first).to_be_visible(timeout=steps.PATIENCE)


async def test_wren_is_paused_reads_why_and_is_let_go(person: NewPerson, standing_server: ServerProcess) -> None:
    url = origin(standing_server)
    fern = await person("Fern", url, has_touch=True, is_mobile=True)
    wren, moss = await person("Wren", url), await person("Moss", url, size=DESK)
    await gather(fern, wren, moss)
    await steps.say(wren, "Buy my tea.")
    await steps.sees(fern, "Buy my tea.")
    await open_message(fern, "Buy my tea.")
    await tap(fern, "Pause their messages")
    await tap(fern, "Add a private reason")
    await sheet(fern).get_by_label("Private reason").fill(REASON)
    await tap(fern, "Mute Wren for 5 minutes")
    await is_told(fern, "Wren is muted for 5 minutes.")

    # She was writing: what holds is a line above, and the box stays hers.
    await wren.page.get_by_role("button", name="Why?").click(timeout=steps.PATIENCE)
    panel = wren.page.get_by_role("dialog", name="Your messages are paused")
    await expect(panel).to_be_visible()
    for words in (REASON, "for 5 more minutes", "From Fern.", "You can still read, and you keep your place."):
        await expect(panel.get_by_text(words)).to_be_visible()
    assert await wren.accessibility() == []
    await steps.close_sheet(wren)
    await expect(wren.page.get_by_role("button", name="Send")).to_have_attribute("aria-disabled", "true")
    await steps.say(moss, "I am still here, Wren.")
    await steps.sees(wren, "I am still here, Wren.")
    await wren.page.get_by_label("Your message", exact=True).fill("I had a hard day.")
    assert REASON not in await moss.page.inner_text("body")

    await fern.page.get_by_role("button", name="Undo").tap()
    held = wren.page.get_by_role("region", name="Your messages are paused")
    await expect(held).to_be_hidden(timeout=steps.PATIENCE)
    await wren.page.get_by_role("button", name="Send").click()
    await steps.sees(moss, "I had a hard day.")

    await open_person(fern, "Wren")
    await steps.choose(sheet(fern), "Until lifted")
    await tap(fern, "Mute Wren until someone lifts it")
    await reads(wren, "until someone lifts it")
    await open_person(fern, "Wren")
    await tap(fern, "Let Wren write again")
    await expect(held).to_be_hidden(timeout=steps.PATIENCE)


async def test_a_message_is_taken_down_and_put_back(person: NewPerson, standing_server: ServerProcess) -> None:
    url = origin(standing_server)
    fern, wren, moss = await person("Fern", url), await person("Wren", url), await person("Moss", url)
    await gather(fern, wren, moss)
    await steps.say(wren, "Buy my tea.")
    await steps.sees(fern, "Buy my tea.")
    await open_message(fern, "Buy my tea.")
    await tap(fern, "Take it down")
    await tap(fern, "Take it down")
    for who in (fern, wren, moss):
        await steps.sees(who, "Fern took this message down.")
        assert "Buy my tea." not in str(await who.page.text_content("body"))
    await tap(fern, "Undo")
    for who in (fern, wren, moss):
        await steps.sees(who, "Buy my tea.")
    await open_message(fern, "Buy my tea.")
    await tap(fern, "Take it down")
    await tap(fern, "Add a private reason")
    await sheet(fern).get_by_label("Private reason").fill(REASON)
    await tap(fern, "Take it down")
    await reads(wren, REASON)
    await steps.sees(moss, "Fern took this message down.")
    assert REASON not in await moss.page.inner_text("body")

    # Moss is away meanwhile, and comes back to the place of what was taken down.
    await moss.page.goto("about:blank")
    await steps.say(wren, "One more thing.")
    await steps.sees(fern, "One more thing.")
    await open_message(fern, "One more thing.")
    await tap(fern, "Take it down")
    await tap(fern, "Take it down")
    await expect(wren.page.get_by_text("Fern took this message down")).to_have_count(2)
    await moss.page.goto(wren.page.url)
    await expect(moss.page.get_by_text("Fern took this message down")).to_have_count(2, timeout=steps.PATIENCE)
    assert "One more thing." not in await moss.page.inner_text("body")
    await expect(moss.page.get_by_role("button", name="Look")).to_have_count(0)


async def test_a_quiet_room_and_a_listening_newcomer(person: NewPerson, standing_server: ServerProcess) -> None:
    url = origin(standing_server)
    fern, wren, lark = await person("Fern", url, size=DESK), await person("Wren", url), await person("Lark", url)
    await gather(fern, wren)
    await fern.page.get_by_role("button", name="Menu").click()
    await sheet(fern).get_by_role("switch", name="Quiet room").click()
    await reads(wren, "The room is quiet for now")
    await steps.say(fern, "We breathe for a minute.")
    await steps.sees(wren, "We breathe for a minute.")
    await tap(fern, "Open again")
    await expect(steps.composer(wren.page)).to_be_visible(timeout=steps.PATIENCE)

    await steps.ask_to_join(lark, await steps.make_invite(fern), "Lark")
    await fern.page.get_by_role("button", name="See who").first.click(timeout=steps.PATIENCE)
    await sheet(fern).get_by_role("switch", name="Only listen at first").click()
    await tap(fern, "Let Lark in")
    await steps.close_sheet(fern)
    await reads(lark, "You are here to listen for now")
    await expect(lark.page.get_by_role("button", name="Send")).to_have_count(0)
    await fern.page.get_by_role("complementary").get_by_role("button", name="Lark").click()
    await tap(fern, "Let Lark speak")
    await steps.say(lark, "Thank you for letting me listen.")
    await steps.sees(wren, "Thank you for letting me listen.")

    await steps.open_menu(fern, "What was done")
    for words in ("Fern made the room quiet", "Fern opened the room again", "Fern let Lark speak"):
        await expect(sheet(fern).get_by_text(words)).to_be_visible()
    await steps.open_menu(wren, "What was done")
    await expect(sheet(wren).get_by_text("Fern made the room quiet")).to_be_visible()
    await expect(sheet(wren).get_by_text("Lark speak")).to_have_count(0)

    await tap(fern, "Save as a file")
    await sheet(fern).get_by_label("Passphrase", exact=True).fill("four plain words together")
    async with fern.page.expect_download() as saving:
        await tap(fern, "Save the file")
    saved = await (await saving.value).path()
    assert "Lark" not in saved.read_text(encoding="utf-8")
    await tap(fern, "Open a saved file")
    await sheet(fern).get_by_label("The saved file").set_input_files(saved)
    await sheet(fern).get_by_label("Passphrase", exact=True).fill("another one entirely")
    await tap(fern, "Open")
    await reads(fern, "The file or the passphrase is another one.")
    await sheet(fern).get_by_label("Passphrase", exact=True).fill("four plain words together")
    await tap(fern, "Open")
    await expect(sheet(fern).get_by_text("Fern let Lark speak")).to_be_visible(timeout=steps.PATIENCE)


async def test_wren_becomes_a_moderator_and_then_an_owner(person: NewPerson, standing_server: ServerProcess) -> None:
    url = origin(standing_server)
    fern, wren = await person("Fern", url), await person("Wren", url)
    await gather(fern, wren)
    await open_person(fern, "Wren")
    await tap(fern, "Role in the group")
    await steps.choose(sheet(fern), "moderator")
    await tap(fern, "Ask Wren to be a moderator")
    await reads(wren, "Fern asks you to be a moderator.")
    await tap(wren, "Read more")
    await expect(sheet(wren).get_by_text("I look after the room, I do not rule it.")).to_be_visible()
    assert await wren.accessibility() == []
    await tap(wren, "Not for me")
    await open_person(fern, "Wren")
    await tap(fern, "Role in the group")
    await steps.choose(sheet(fern), "moderator")
    await tap(fern, "Ask Wren to be a moderator")
    await expect(sheet(wren)).to_be_hidden(timeout=steps.PATIENCE)
    await tap(wren, "Read more")
    await tap(wren, "I agree and take it on")
    await expect(fern.page.get_by_role("log").get_by_text("Wren is a moderator from now on")).to_be_visible()
    await open_person(fern, "Wren")
    await tap(fern, "Role in the group")
    await steps.choose(sheet(fern), "member")
    await tap(fern, "Make Wren a member")
    await steps.sees(wren, "Wren is a member again")

    await steps.open_menu(fern, "Leave this group")
    await tap(fern, "Hand the group over")
    await tap(fern, "Wren")
    await tap(fern, "Ask Wren to be an owner")
    await tap(wren, "Read more")
    await tap(wren, "I agree and take it on")
    await expect(fern.page.get_by_role("log").get_by_text("Wren looks after this group as an owner")).to_be_visible()
    await open_person(fern, "Fern")
    await tap(fern, "Step down")
    await steps.choose(sheet(fern), "member")
    await tap(fern, "Be a member from now on")
    await steps.sees(wren, "Fern is a member again")


async def test_wren_is_removed_and_may_not_come_back(person: NewPerson, standing_server: ServerProcess) -> None:
    url = origin(standing_server)
    fern, wren, moss = await person("Fern", url, size=DESK), await person("Wren", url), await person("Moss", url)
    await gather(fern, wren, moss)
    link = await steps.make_invite(fern)
    await fern.page.get_by_role("complementary").get_by_role("button", name="Wren").click()
    await tap(fern, "Remove from the group")
    await sheet(fern).get_by_role("switch", name="Keep Wren from coming back").click()
    await tap(fern, "Add a private reason")
    await sheet(fern).get_by_label("Private reason").fill(REASON)
    await expect(sheet(fern).get_by_text("This cannot be undone.")).to_be_visible()
    await tap(fern, "Remove Wren")
    await expect(wren.page.get_by_role("heading", name="You are no longer in Slow Tuesdays")).to_be_visible()
    for words in ("Fern removed you.", REASON, "You cannot ask to join again for now."):
        await reads(wren, words)
    assert await wren.accessibility() == []
    await steps.sees(moss, "Fern removed Wren")
    assert REASON not in await moss.page.inner_text("body")
    wren.expect_trouble("40[0-9]|410")
    await wren.page.goto(link)
    await wren.page.get_by_label("Your name in this group").fill("Wren again")
    await wren.page.get_by_role("button", name="I agree, ask to join").click()
    await expect(wren.page.get_by_role("alert")).not_to_be_empty(timeout=steps.PATIENCE)
    await expect(fern.page.get_by_role("button", name="See who")).to_have_count(0)
