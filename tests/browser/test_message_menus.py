"""Wren at her phone, Fern, Moss and Alder in Python: what may be done about a message, wherever it was said."""

from pathlib import Path

from playwright.async_api import Locator, expect

from browser import steps
from browser.people import NewPerson, Person
from evening import Evening, until
from safespace.sdk import Message
from safespace.sdk.any_room import AnyRoom
from serving import ServerProcess

MORE = "What can be done about this message"
PRESSED = "You have to tell me. I will not let go."
CLAIM = "Zinc heals every one of us."
STORY = "They kept me in the hospital for a week."
BEGUN = "He goes on and on, and I"
FOLD, REPORT, CHECK, MUTE = "Fold it away", "Report this message", "Please check this", "Pause their messages"
CARD = "Answer with a card"


async def menu_of(who: Person, words: str) -> Locator:
    """A message's menu, by its button; gives the sheet."""
    said = who.page.get_by_role("log").locator(".said-one", has_text=words)
    await said.get_by_role("button", name=MORE).click(timeout=steps.PATIENCE)
    return who.page.get_by_role("dialog")


async def offers(who: Person, words: str, *names: str) -> Locator:
    """The menu of a message has these rows, in this order, and no others."""
    sheet = await menu_of(who, words)
    rows = sheet.locator(".rows .row b")
    await expect(rows).to_have_text(list(names))
    return sheet


async def report(who: Person, sheet: Locator, note: str = "") -> None:
    await sheet.get_by_role("button", name=REPORT).click()
    if note:
        await sheet.get_by_label("What happened?").fill(note)
    await sheet.get_by_role("button", name="Send the report").click()
    await expect(sheet.get_by_role("heading", name="Thank you for telling")).to_be_visible(timeout=steps.PATIENCE)
    await steps.close_sheet(who)


async def fold(sheet: Locator, note: str) -> None:
    await sheet.get_by_role("button", name=FOLD).click()
    await sheet.get_by_label("What is it about?").fill(note)
    await sheet.get_by_role("button", name=FOLD).click()
    await expect(sheet).to_be_hidden()


def said(room: AnyRoom, text: str) -> Message | None:
    log = room.log
    messages = (log.conversation.message(number) for number in range(log.place.shown))
    return next((message for message in messages if message.text == text), None)


async def test_what_may_be_done_about_a_message_in_every_kind_of_room(
    person: NewPerson, standing_server: ServerProcess, tmp_path: Path
) -> None:
    url = f"http://localhost:{standing_server.port}"
    wren = await person("Wren", url)
    wren.expect_trouble(steps.RACES)
    async with Evening.of(url, tmp_path, "Alder") as evening:
        fern, alder = evening.rooms["Fern"], evening.rooms["Alder"]
        moss = await evening.seat("Moss", "moderator")
        await steps.make_account(wren)
        await steps.join(wren, evening.group, "Wren")
        # In the group's room the same number is that of another message.
        for number in range(12):
            await fern.send(f"Message {number}")
        await in_an_aside(evening, wren)
        await steps.take_on(wren, evening.group, "Wren", "facilitator")
        session = await evening.group.open_session(capsule=True)
        await until(lambda: all(room.capsule is not None for room in (fern, alder, moss)))
        await in_a_capsule(evening, wren)
        await in_a_small_room(evening, wren)
        await session.close()
        await until(lambda: fern.capsule is None)
        # What was reported can be proved when nothing is left of where it was said.
        reports = await evening.group.reports()
        assert [(one.text, one.proved) for one in reports] == [(STORY, True), (CLAIM, True), (PRESSED, True)]
        assert not [room.warnings() for room in evening.rooms.values() if room.warnings()]


async def in_an_aside(evening: Evening, wren: Person) -> None:
    """Wren tells Fern of what Moss said, where nothing can be taken down; and folds her own words away."""
    await evening.within_reach("Moss", "Fern")
    moss = evening.rooms["Moss"]
    [member] = [one for one in moss.members() if one.pseudonym == "Wren"]
    aside = await evening.groups["Moss"].aside(member, with_=[])
    await aside.send(PRESSED)
    await wren.page.get_by_role("link", name="Go there").click(timeout=steps.PATIENCE)
    sheet = await offers(wren, PRESSED, REPORT, CHECK, "About Moss")
    # To the person and back to the message.
    await sheet.get_by_role("button", name="About Moss").click()
    await sheet.get_by_role("button", name="Back").click()
    await report(wren, sheet)
    [found] = await evening.group.reports()
    assert (found.text, found.room, found.proved) == (PRESSED, aside.id, True)
    await steps.say(wren, STORY)
    await fold(await offers(wren, STORY, FOLD), "a night in a ward")
    await until(lambda: (message := said(aside, STORY)) is not None and message.note == "a night in a ward")
    # A tap on the words does it, too.
    await wren.page.get_by_role("log").get_by_text(PRESSED).click()
    await expect(wren.page.get_by_role("dialog").get_by_role("button", name=REPORT)).to_be_visible()
    assert await wren.accessibility() == []
    await steps.close_sheet(wren)
    await wren.page.get_by_role("link", name="Back to").click()


async def in_a_capsule(evening: Evening, wren: Person) -> None:
    """As in the group's room, but that nothing is taken down; a card is seen by everyone."""
    fern, alder = evening.rooms["Fern"], evening.rooms["Alder"]
    await expect(steps.live(wren.page).filter(has_text="Nothing said here is kept").first).to_be_attached(
        timeout=steps.PATIENCE
    )
    await alder.send(CLAIM)
    sheet = await offers(wren, CLAIM, FOLD, REPORT, CHECK, CARD, MUTE, "About Alder")
    await sheet.get_by_role("button", name=REPORT).click()
    await sheet.get_by_label("What happened?").fill(BEGUN)
    # Closed by mistake: the words are there again, though no disk has them.
    await steps.close_sheet(wren)
    sheet = await menu_of(wren, CLAIM)
    await sheet.get_by_role("button", name=REPORT).click()
    await expect(sheet.get_by_label("What happened?")).to_have_value(BEGUN)
    await sheet.get_by_role("button", name="Send the report").click()
    await expect(sheet.get_by_role("heading", name="Thank you for telling")).to_be_visible(timeout=steps.PATIENCE)
    await steps.close_sheet(wren)
    sheet = await menu_of(wren, CLAIM)
    await sheet.get_by_role("button", name=CARD).click()
    await sheet.get_by_label("Heading").fill("About zinc")
    await sheet.get_by_label("What is known").fill("It heals no one. Please ask your doctor.")
    await sheet.get_by_role("button", name="Show the card to everyone").click()
    await expect(wren.page.get_by_role("log").get_by_role("heading", name="About zinc")).to_be_visible()
    capsule = fern.capsule
    assert capsule is not None
    await until(
        lambda: (
            (card := said(capsule, "It heals no one. Please ask your doctor.")) is not None
            and card.title == "About zinc"
        )
    )
    claim = said(capsule, CLAIM)
    await fern.send_card("Zinc, once more", "It is in pumpkin seeds.", answers=claim)
    await expect(wren.page.get_by_role("log").get_by_role("heading", name="Zinc, once more")).to_be_visible()
    await fold(await menu_of(wren, CLAIM), "a claim")
    await until(lambda: (message := said(capsule, CLAIM)) is not None and message.noted_by == "Wren")


async def in_a_small_room(evening: Evening, wren: Person) -> None:
    """A mute holds in it, too."""
    fern, alder = evening.rooms["Fern"], evening.rooms["Alder"]
    people = [one for one in fern.members() if one.pseudonym in ("Wren", "Alder")]
    await fern.break_out([people], 10, titles=["Sleep"])
    await until(lambda: len(alder.breakouts) == 1)
    there = await alder.breakouts[0].enter()
    look, more = wren.page.get_by_role("button", name="Look in"), wren.page.locator(".strip-more")
    await expect(look.or_(more).first).to_be_visible(timeout=steps.PATIENCE)
    if not await look.is_visible():  # her own report waits for her, too
        await more.click()
    await look.click()
    await wren.page.get_by_role("dialog").get_by_role("button", name="Sleep").click()
    # Nobody is handed what was said before.
    await until(lambda: len(there.members()) == 2)
    await there.send(STORY)
    sheet = await offers(wren, STORY, FOLD, REPORT, CHECK, MUTE, "About Alder")
    await report(wren, sheet, "This is too much.")
    await (await menu_of(wren, STORY)).get_by_role("button", name=MUTE).click()
    await wren.page.get_by_role("dialog").get_by_role("button", name="Mute Alder").click()
    await until(lambda: evening.member("Alder").muted)
    await fern.call_back()
    await expect(wren.page.get_by_role("heading", name="Tuesday evening").first).to_be_visible(timeout=steps.PATIENCE)
