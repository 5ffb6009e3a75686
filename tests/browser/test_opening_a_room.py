"""Wren comes back to rooms in which much was said: what is new is in sight, and the way out too."""

from pathlib import Path

from playwright.async_api import Page, expect

from browser import steps
from browser.keys import Keys
from browser.people import DESK, PHONE, NewPerson, Which
from evening import arrive
from serving import ServerProcess

CUT_OFF = """
() => [...document.querySelectorAll(".room, .room *, body, html")].filter((box) => {
  const { overflowX, overflowY } = getComputedStyle(box);
  return (box.scrollTop !== 0 && overflowY === "hidden") || (box.scrollLeft !== 0 && overflowX === "hidden");
}).map((box) => box.className || box.tagName)
"""
"""What is moved away although a person cannot scroll it back."""

GROWS = """
() => {
  document.querySelector(".room-foot").style.paddingBlockStart = "200px";
  document.querySelector("[role=log]").dispatchEvent(new Event("scroll"));
}
"""

LOW = (360, 440)
"""A phone with its keyboard open."""
ZOOMED = (640, 360)
"""A laptop at 200 %."""


async def whole(page: Page) -> None:
    """Help, the way out and the name of the room stand at the top, whatever was scrolled."""
    for part in ("h1", ".room-help", ".leave"):
        await expect(page.locator(f".room-bar {part}")).to_be_in_viewport(ratio=1)
    assert await page.evaluate(CUT_OFF) == []


async def test_what_is_new_is_in_sight_and_nothing_is_cut_off(
    person: NewPerson, which: Which, standing_server: ServerProcess, tmp_path: Path
) -> None:
    wren = await person("Wren", standing_server.url, which=which)
    page = wren.page
    async with await arrive(standing_server.url, "Fern", tmp_path) as fern:
        group = await fern.create_group("Slow Tuesdays", rules=steps.RULES, pseudonym="Fern")
        await steps.join(wren, group, "Wren")
        room = page.url
        for (width, height), missed in ((PHONE, 40), (DESK, 1), (LOW, 3), (ZOOMED, 30)):
            await page.set_viewport_size({"width": width, "height": height})
            await page.goto("/help")
            for number in range(missed):
                await group.main.send(f"{width} by {height}, {number}")
            await page.goto(room)
            log = page.get_by_role("log")
            await expect(log.get_by_text("New since you were here")).to_be_in_viewport(timeout=steps.PATIENCE)
            await expect(log.get_by_text(f"{width} by {height}, 0", exact=True)).to_be_in_viewport()
            await whole(page)
            # By keys through the messages, to the beginning, and to where one writes.
            await page.locator(".said-more").last.focus()
            for _ in range(missed):
                await page.keyboard.press("ArrowUp")
            await whole(page)
            # What a browser does to show what it found, or where a link leads.
            await page.evaluate("document.querySelector('.lines').lastElementChild.scrollIntoView({ block: 'center' })")
            await whole(page)
            await page.locator(".skip").focus()
            await page.keyboard.press("Enter")
            await whole(page)


async def test_who_is_at_the_end_stays_there(person: NewPerson, standing_server: ServerProcess, tmp_path: Path) -> None:
    """Keys that pass the conversation, and a page that grows while it scrolls, take nobody away from what is new."""
    wren = await person("Wren", standing_server.url)
    page, keys = wren.page, Keys(wren)
    async with await arrive(standing_server.url, "Fern", tmp_path) as fern:
        group = await fern.create_group("Slow Tuesdays", rules=steps.RULES, pseudonym="Fern")
        await steps.join(wren, group, "Wren")
        await group.main.lock()
        await group.main.lock(False)  # what is told in a row is folded, far above in the end
        for number in range(12):
            await group.main.send(f"Before, {number}")
        log = page.get_by_role("log")
        await expect(log.get_by_text("Before, 11", exact=True)).to_be_in_viewport(timeout=steps.PATIENCE)
        await expect(page.locator(".told-open")).to_be_attached()

        await page.locator("h1 button").focus()
        await keys.reach(steps.composer(page))
        await group.main.send("After the keys.")
        await expect(log.get_by_text("After the keys.", exact=True)).to_be_in_viewport(timeout=steps.PATIENCE)

        # The scroll to what is new is told of once the lines above the composer have grown.
        await page.evaluate(GROWS)
        await group.main.send("After it grew.")
        await expect(log.get_by_text("After it grew.", exact=True)).to_be_in_viewport(timeout=steps.PATIENCE)
