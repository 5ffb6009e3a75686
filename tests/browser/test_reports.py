"""Alder tells, without a mouse, what is wrong; Moss at her phone sees to it; Wren, who is meant, never learns who."""

import re
from pathlib import Path

from playwright.async_api import Locator, expect

from browser import steps
from browser.keys import Keys
from browser.people import DESK, NewPerson, Person
from evening import Evening, until
from serving import ServerProcess

CLAIM = "Zinc heals every one of us."
STORY = "They kept me in the hospital for a week."
MORE = "What can be done about this message"


def line_of(who: Person, words: str) -> Locator:
    return who.page.get_by_role("log").locator(".said-one", has_text=words)


def sheet(who: Person) -> Locator:
    return who.page.get_by_role("dialog")


async def about(keys: Keys, who: Person, words: str, item: str) -> None:
    """From writing to a message's menu, and to one of its rows, by keys."""
    more = line_of(who, words).get_by_role("button", name=MORE)
    await keys.reach(who.page.get_by_role("button", name=MORE).last, "Shift+Tab")
    while not await more.evaluate("one => one === document.activeElement"):
        await keys.press("ArrowUp")
        await keys.holds_focus()
    await keys.press("Enter")
    await keys.choose(keys.sheet.get_by_role("button", name=item))


async def tap(who: Person, button: str) -> None:
    await sheet(who).get_by_role("button", name=button).tap()


async def test_wren_is_reported_and_asked_to_be_checked_and_learns_of_neither(
    person: NewPerson, standing_server: ServerProcess, tmp_path: Path
) -> None:
    url = f"http://localhost:{standing_server.port}"
    alder = await person("Alder", url, size=DESK, dark=True)
    moss = await person("Moss", url, has_touch=True, is_mobile=True)
    keys = Keys(alder)
    async with Evening.of(url, tmp_path, "Wren") as evening:
        fern, wren = evening.rooms["Fern"], evening.rooms["Wren"]
        for who in (alder, moss):
            await steps.make_account(who)
            await steps.join(who, evening.group, who.name)
        await steps.take_on(moss, evening.group, "Moss", "facilitator")
        for text in ("Good evening.", CLAIM, "Is that so?"):
            await wren.send(text)
            await steps.sees(alder, text)
            await steps.sees(moss, text)

        # Reported by keys, with what stands around it, to whom it says.
        await about(keys, alder, CLAIM, "Report this message")
        await keys.fill("What happened?", "This could make someone stop their medicine.")
        await keys.reach(keys.sheet.get_by_label("None", exact=True))
        await keys.press("ArrowRight")
        await keys.shows(keys.sheet.get_by_text("See the 3 messages that go along"))
        await keys.shows(keys.sheet.get_by_text("Wren does not see this and is not told."))
        assert await alder.accessibility() == []
        await keys.choose(keys.button("Send the report"))
        await keys.shows(keys.heading("Thank you for telling"))
        await keys.choose(keys.button("Back to the conversation"))
        await keys.holds_focus()

        # Read, proved and answered; the SDK's owner reads the very same.
        await moss.page.get_by_role("button", name="Read", exact=True).tap(timeout=steps.PATIENCE)
        await tap(moss, "Alder about Wren")
        for words in ("Proved. Wren wrote exactly this.", CLAIM, "This could make someone stop their medicine."):
            await expect(sheet(moss).get_by_text(words)).to_be_visible()
        await expect(sheet(moss).get_by_text("Not proved")).to_have_count(0)
        [report] = await evening.group.reports()
        assert (report.proved, report.text, report.reporter.pseudonym) == (True, CLAIM, "Alder")
        assert [line.proved for line in report.context] == [True, True]
        await tap(moss, "Close, it is seen to")
        await sheet(moss).get_by_label("A word to Alder").fill("Thank you. I will answer it.")
        await tap(moss, "Close the report")
        await expect(sheet(moss).get_by_role("heading", name="Seen to")).to_be_visible(timeout=steps.PATIENCE)
        await steps.close_sheet(moss)
        await keys.choose(keys.button("Menu"))
        await keys.choose(keys.sheet.get_by_role("button", name="Your reports"))
        await keys.shows(keys.sheet.get_by_text("Thank you. I will answer it."))
        await keys.choose(keys.sheet.get_by_role("button", name="Close"))

        # A claim to be checked, answered for everyone with a card that blames nobody.
        await about(keys, alder, CLAIM, "Please check this")
        await keys.choose(keys.button("Send the report"))
        await keys.choose(keys.button("Back to the conversation"))
        await moss.page.get_by_role("button", name="Read", exact=True).tap(timeout=steps.PATIENCE)
        await tap(moss, "Alder: please check this")
        await tap(moss, "Answer with a card")
        await sheet(moss).get_by_label("Heading").fill("About zinc")
        await sheet(moss).get_by_label("What is known").fill("It heals no one. Please ask your doctor.")
        await tap(moss, "Show the card to everyone")
        card = alder.page.get_by_role("log").get_by_role("heading", name="About zinc")
        await expect(card).to_be_visible(timeout=steps.PATIENCE)
        await until(lambda: wren.log.conversation.message(wren.place.shown - 1).title == "About zinc")
        said = [str(wren.log.conversation.message(number)) for number in range(wren.place.shown)]
        assert not [line for line in said if "Alder" in line]
        assert await evening.groups["Wren"].my_reports() == []
        assert not wren.warnings()
        assert not fern.warnings()


async def test_words_are_folded_away_by_a_note_a_list_and_a_block(
    person: NewPerson, standing_server: ServerProcess, tmp_path: Path
) -> None:
    url = f"http://localhost:{standing_server.port}"
    alder = await person("Alder", url, size=DESK)
    moss = await person("Moss", url, has_touch=True, is_mobile=True, dark=True)
    keys = Keys(alder)
    async with Evening.of(url, tmp_path, "Wren") as evening:
        wren = evening.rooms["Wren"]
        for who in (alder, moss):
            await steps.make_account(who)
            await steps.join(who, evening.group, who.name)
        await steps.take_on(moss, evening.group, "Moss", "moderator")

        # One's own, while writing; and others read it once they choose to.
        await moss.page.get_by_role("button", name="Fold this message away").tap()
        await moss.page.get_by_label("What is it about?").fill("a loss")
        await steps.composer(moss.page).fill("My sister died in spring.")
        await moss.page.get_by_role("button", name="Send").tap()
        await steps.sees(alder, "a loss")
        assert "My sister" not in await alder.page.inner_text("body")
        await keys.choose(line_of(alder, "a loss").get_by_role("button", name="Open"))
        await steps.sees(alder, "My sister died in spring.")

        # Another's, by who looks after the room.
        await wren.send(STORY)
        await steps.sees(alder, STORY)
        await steps.sees(moss, STORY)
        await line_of(moss, STORY).get_by_role("button", name=MORE).tap()
        await tap(moss, "Fold it away")
        await sheet(moss).get_by_label("What is it about?").fill("a night in a ward")
        await tap(moss, "Fold it away")
        await steps.sees(alder, "Folded by Moss")
        await expect(alder.page.get_by_text(STORY)).to_have_count(0)
        story = evening.rooms["Fern"].log.conversation.message
        await until(lambda: any(story(n).noted_by == "Moss" for n in range(evening.rooms["Fern"].place.shown)))
        await evening.rooms["Fern"].annotate(
            next(story(n) for n in range(evening.rooms["Fern"].place.shown) if story(n).text == STORY), None
        )
        await steps.sees(alder, STORY)

        # A list of one's own, on this device; then whatever Wren says.
        await keys.choose(keys.button("Menu"))
        await keys.choose(keys.sheet.get_by_role("link", name="Settings"))
        await keys.fill("Ask me first", "Hospital")
        await keys.choose(keys.button("Keep this list"))
        await keys.shows(keys.page.get_by_text("One word is on your list."))
        assert await alder.accessibility() == []
        await alder.page.go_back()
        folded = line_of(alder, "This speaks of something on your list")
        await expect(folded).to_be_visible(timeout=steps.PATIENCE)
        assert STORY not in await alder.page.inner_text("body")
        await about(keys, alder, "This speaks of something on your list", "About Wren")
        assert STORY not in await alder.page.inner_text("body")
        await keys.choose(keys.sheet.get_by_role("switch", name="Fold away what Wren writes"), "Space")
        await expect(keys.sheet.get_by_role("switch")).to_have_attribute("aria-checked", "true")
        await keys.choose(keys.sheet.get_by_role("button", name="Close"))
        await wren.send("I am all alone here.")
        await expect(line_of(alder, "A message of someone you blocked")).to_have_count(2, timeout=steps.PATIENCE)
        await steps.sees(moss, "I am all alone here.")
        assert not re.search("all alone|hospital for", await alder.page.inner_text("body"))
        # It holds on this device when it comes back, and there alone.
        await alder.page.reload()
        await expect(line_of(alder, "A message of someone you blocked")).to_have_count(2, timeout=steps.PATIENCE)
        assert not wren.warnings()
