"""Wren does not see. What her screen reader says by itself, from the invite to a round with a mute."""

from pathlib import Path

from playwright.async_api import Page, expect

from browser import steps
from browser.people import NewPerson, Person
from evening import Listener, arrive
from safespace.sdk import Group, Segment
from safespace.sdk.any_room import Member
from serving import ServerProcess

READER = Path(__file__).parents[2] / "web/node_modules/@guidepup/virtual-screen-reader/lib/esm/index.browser.js"


async def listen(page: Page) -> None:
    """Begin to read this page. The reader is a module, and the pages' policy takes no module of others."""
    code, _, names = READER.read_text(encoding="utf-8").rpartition("export{")
    reader = next(one.partition(" as ")[0] for one in names.partition("}")[0].split(",") if one.endswith("as virtual"))
    await page.evaluate(f"{code}; window.reader = {reader}; 0")
    await page.evaluate("window.reader.start({ container: document.body })")


async def said(page: Page) -> list[str]:
    """What was said without being asked for, once it is still; from here on it is forgotten."""
    log: list[str] = await page.evaluate("window.reader.spokenPhraseLog()")
    await page.evaluate("window.reader.clearSpokenPhraseLog()")
    return [one for one in log if one.startswith(("polite: ", "assertive: "))]


def named(group: Group, name: str) -> Member:
    return next(one for one in group.main.members() if one.pseudonym == name)


async def test_joining_a_round_with_a_mute_and_an_open_sheet(
    person: NewPerson, standing_server: ServerProcess, tmp_path: Path
) -> None:
    url = f"http://localhost:{standing_server.port}"
    wren = await person("Wren", url)
    # The reader looks for labels in what has just left the page.
    wren.expect_trouble("getElementById is not a function")
    page = wren.page
    async with await arrive(url, "Fern", tmp_path) as fern:
        group = await fern.create_group("Slow Tuesdays", rules=steps.RULES, pseudonym="Fern")
        room = group.main
        await page.goto(await group.create_invite())
        await page.get_by_label("Your name in this group").wait_for()
        await listen(page)
        await page.get_by_label("Your name in this group").fill("Wren")
        await page.get_by_role("button", name="I agree, ask to join").click()
        await expect(page.get_by_role("heading", name="You are waiting to come in")).to_be_visible()
        await steps.admit_one(group)
        await steps.sits(wren)
        await room.send("Good evening, Wren.")
        await steps.sees(wren, "Good evening, Wren.")
        # Before, that nobody is there to see it, where the page was quicker than Fern's device.
        assert (await said(page))[-2:] == [
            "polite: They know that you are here. You can close this page; we will keep your place.",
            "polite: Fern: Good evening, Wren.",
        ]

        await room.start_round(120, order=[named(group, "Fern"), named(group, "Wren")])
        await expect(page.get_by_text("You are next").first).to_be_visible()
        await room.mute(named(group, "Wren"), 5, reason="A breath first.")
        await expect(page.get_by_text("Your messages are paused").first).to_be_visible()
        await room.unmute(named(group, "Wren"))
        await expect(steps.composer(page)).to_be_visible()
        await page.get_by_role("button", name="Menu").click()
        await expect(page.get_by_role("dialog")).to_be_visible()
        await room.send("I slept badly.")
        await room.pass_turn()
        await expect(page.get_by_text("You have the floor").first).to_be_attached()
        await page.keyboard.press("Escape")
        await steps.say(wren, "I slept well.")
        assert await said(page) == [
            "polite: Fern has the floor. You are next",
            "polite: Your messages are paused for 5 more minutes. “A breath first.” From Fern. Only you and those who "
            "look after the room see this. You can still read, and you keep your place.",
            "polite: you keep your place",
            "polite: Your messages are no longer paused.",
            "polite: You are next",
            "polite: Fern: I slept badly.",
            "polite: You have the floor",
        ]
        await what_happens_to_oneself(wren, group)


async def what_happens_to_oneself(wren: Person, group: Group) -> None:
    """What is done to Wren, and what begins for everyone, is said once each."""
    page, room = wren.page, group.main
    session = await group.open_session(minutes=60)
    await session.write_run_sheet([Segment(title="Pacing", minutes=20, kind="topic")])
    await session.move_on()
    await steps.noticed(page, "Pacing")
    heard = Listener(room)
    await heard.hears("I slept well.")
    await heard.stop()
    await room.take_down(next(one for one in heard.heard if one.text == "I slept well."), "A name was in it.")
    await steps.sees(wren, "Fern took this message down.")
    await steps.take_on(wren, group, "Wren", "moderator")
    await session.close()
    await steps.noticed(page, "The session is over")
    log = await said(page)
    for words in (
        "Fern opened the session",
        "Now: Pacing",
        "Fern took down your message. “A name was in it.”",
        "You are a moderator now.",
    ):
        assert [words in one for one in log].count(True) == 1, (words, log)
