"""How much of a phone's screen the conversation keeps, state by state: docs/room.md, "Measured"."""

from pathlib import Path
from typing import Any, Final

from playwright.async_api import expect

from browser import steps
from browser.budget import KEYBOARD, MEASURE, Played, Row, Screen, Table, small_webkit
from browser.people import PHONE, NewPerson, Which
from evening import arrive
from safespace.sdk import Group
from serving import ServerProcess

GROUP: Final = "/g/0199-slow-tuesdays"
LONG: Final = "I went out to the garden in the morning and sat there for a while until it began to rain."
SHORT: Final = "I went out to the garden."
DRAFT: Final = ("Why?", "Write a draft")
RUN: Final = ("Run the session",)
FIVE: Final = f"{LONG} {SHORT} {LONG}"

ROWS: Final = (
    Row("a member listens in a round", "in_round", 55),
    Row("on turn in a round", "my_turn", 55),
    Row("the floor is open", "floor_open", 55),
    Row("muted", "in_round_muted", 55),
    Row("muted, “Why?” open", "in_round_muted", 55, press=("Why?",)),
    Row("a warning, nothing is sent", "in_round_halted", 55),
    Row("between sessions", "usual", 55),
    Row("facilitator, three things waiting", "busy", 50),
    Row("the same, strip unfolded", "busy", 50, press=("2 more",)),
    Row("the same, five lines written", "busy", 50, words=FIVE),
    Row("facilitator, half sheet open", "busy", 50, press=RUN),
    Row("facilitator, about to pause", "busy", 50, press=("Run the session", "Pause the room")),
    Row("facilitator, a round is over", "leading_over", 50),
    Row("keyboard up, four lines, of 440", "my_turn", 40, words=LONG, keyboard=True),
    Row("keyboard up, facilitator, four lines, of 440", "busy", 40, words=LONG, keyboard=True),
    Row("keyboard up, muted while writing, of 440", "in_round_muted", 40, DRAFT, LONG, keyboard=True),
    Row("text 200 %, round", "in_round", 40, largest=True),
    Row("text 200 %, facilitator, strip", "busy", 40, largest=True),
    Row("text 200 %, facilitator, half sheet open", "busy", 40, press=RUN, largest=True),
    Row("text 200 %, facilitator, a round is over", "leading_over", 40, largest=True),
    Row("text 200 %, muted", "in_round_muted", 40, largest=True),
    Row("text 200 %, muted, “Why?” open", "in_round_muted", 40, press=("Why?",), largest=True),
    Row("text 200 %, a warning, nothing is sent", "in_round_halted", 40, largest=True),
    Row("text 200 %, new ground rules", "new_rules", 40, largest=True),
    Row("text 200 %, keyboard up, two lines, of 440", "my_turn", 40, words=LONG, keyboard=True, largest=True),
    Row("text 200 %, keyboard up, muted while writing, of 440", "in_round_muted", 40, DRAFT, LONG, True, True),
)
SIZES: Final = ((360, 640), (320, 568), (640, 400), (1280, 800))
"""Where help, the way out and the place to write are in reach, and something of the conversation is."""


async def every_row(screen: Screen, figures: Any) -> None:
    table = Table(screen, GROUP, figures)
    for row in ROWS:
        await table.take(row)
    for width, height in SIZES:
        for state in ("in_round", "busy", "in_round_muted"):
            await table.take(Row(f"{width} by {height}, {state}", state, 25), (width, height))
        await table.take(Row(f"{width} by {height}, half sheet open", "busy", 25, RUN), (width, height))
    assert table.wrong == []


async def test_every_row_of_the_table(
    person: NewPerson, which: Which, gallery: ServerProcess, record_property: Any
) -> None:
    wren = await person("Wren", gallery.url, which=which)
    await every_row(Played(wren.page), record_property)


async def test_every_row_of_the_table_in_webkit(gallery: ServerProcess, tmp_path: Path, record_property: Any) -> None:
    with small_webkit(tmp_path, gallery.url, f"{GROUP}?state=usual") as screen:
        await every_row(screen, record_property)


async def test_letters_made_larger_in_the_browser_itself(person: NewPerson, gallery: ServerProcess) -> None:
    """What Chromium's own setting does, 32 pixels for 16: the page goes by it as by its own reading size."""
    wren = await person("Wren", gallery.url)
    devtools = await wren.context.new_cdp_session(wren.page)
    await devtools.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    table = Table(Played(wren.page), GROUP, lambda *_: None)
    for state in ("in_round", "busy", "in_round_muted", "in_round_halted"):
        await table.take(Row(state, state, 40))
        assert await wren.page.locator(".room[data-big]").count() == 1
    assert table.wrong == []


async def test_the_conversation_keeps_its_share_in_a_real_room(
    person: NewPerson, which: Which, standing_server: ServerProcess, tmp_path: Path
) -> None:
    wren = await person("Wren", standing_server.url, which=which)
    page, box = wren.page, steps.composer(wren.page)
    table = Table(Played(page), GROUP, lambda *_: None)

    async def take(state: str, floor: int) -> None:
        table.note(state, floor, await page.evaluate(MEASURE))

    async def with_keyboard(state: str) -> None:
        await box.fill(LONG)
        await page.set_viewport_size({"width": PHONE[0], "height": KEYBOARD})
        await expect(page.locator(".room[data-writing]")).to_be_visible()
        await take(state, 40)
        await page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})

    async with await arrive(standing_server.url, "Fern", tmp_path) as fern:
        group = await fern.create_group("Slow Tuesdays", rules=steps.RULES, pseudonym="Fern")
        room = group.main
        await steps.join(wren, group, "Wren")
        # What was missed is fetched, and the line that says so has gone.
        await expect(page.locator(".strip-line")).to_have_count(0)
        await take("between sessions", 55)
        await group.open_session(60)
        await expect(page.get_by_text("Anyone can write", exact=True)).to_be_visible()
        await take("floor open", 55)
        await in_a_round(group)
        await expect(page.get_by_role("button", name="Pass", exact=True)).to_be_visible()
        await take("a round", 55)
        await page.evaluate("document.documentElement.dataset.size = 'largest'")
        await expect(page.locator(".room[data-big]")).to_be_visible()
        await take("a round, text 200 %", 40)
        await with_keyboard("keyboard, text 200 %")
        await page.evaluate("document.documentElement.dataset.size = 'usual'")
        await expect(page.locator(".room[data-big]")).to_have_count(0)
        await with_keyboard("keyboard")
        [member] = [one for one in room.members() if one.pseudonym == "Wren"]
        # Words are there: what holds stands above them, and with the keyboard up, too.
        await room.mute(member, reason=LONG)
        await expect(page.get_by_role("button", name="Why?")).to_be_visible()
        await with_keyboard("muted while writing, keyboard")
        await page.evaluate("document.documentElement.dataset.size = 'largest'")
        await with_keyboard("muted while writing, keyboard, text 200 %")
        await page.evaluate("document.documentElement.dataset.size = 'usual'")
        await take("muted while writing", 55)
        await page.get_by_role("button", name="Why?").click()
        await expect(page.get_by_role("dialog")).to_contain_text(LONG)
        # Of those who look after the group one is here.
        await expect(page.get_by_role("dialog").get_by_role("button", name="Ask Fern")).to_be_visible()
        await take("muted, why", 55)
    assert table.wrong == []


async def in_a_round(group: Group) -> None:
    """Wren has the floor."""
    [wren] = [one for one in group.main.members() if one.pseudonym == "Wren"]
    await group.main.start_round(order=[wren])
