"""How much of a phone's screen the conversation keeps, state by state: docs/room.md, "Measured"."""

from pathlib import Path
from typing import Any, Final

from playwright.async_api import Page, expect

from browser import steps
from browser.people import PHONE, NewPerson, Which
from evening import arrive
from safespace.sdk import Group
from serving import ServerProcess

KEYBOARD: Final = 440
"""The visible height that a keyboard leaves: no engine here has one of glass, so the window is as low."""
LONG: Final = "I went out to the garden in the morning and sat there for a while until it began to rain."

_MEASURE: Final = """() => {
  const height = (part) => document.querySelector(part)?.getBoundingClientRect().height ?? 0;
  const out = [".room-help", ".leave"].filter((part) => {
    const { top, bottom, left, right, width, height } = document.querySelector(part).getBoundingClientRect();
    return top < 0 || left < 0 || bottom > innerHeight || right > innerWidth || Math.min(width, height) < 44;
  });
  return {
    header: height(".room-bar"), strip: height(".strip-line"), foot: height(".room-foot") + height(".half[open]"),
    talk: height(".talk"), all: innerHeight, out,
    wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  };
}"""


class Budget:
    """The states measured so far, each as one line of figures; what is under its floor is kept apart."""

    def __init__(self, page: Page, figures: Any) -> None:
        self.page = page
        self.wrong: list[str] = []
        self._figures = figures

    async def take(self, state: str, floor: int) -> None:
        found = await self.page.evaluate(_MEASURE)
        share = 100 * found["talk"] / found["all"]
        parts = "/".join(str(round(found[part])) for part in ("header", "strip", "foot", "talk"))
        self._figures(state, f"{parts} {share:.0f} %")
        if share < floor or found["out"] or found["wide"] > 0:
            self.wrong.append(f"{state}: {found}, floor {floor} %")


async def test_the_conversation_keeps_its_share(
    person: NewPerson, which: Which, standing_server: ServerProcess, tmp_path: Path, record_property: Any
) -> None:
    wren = await person("Wren", standing_server.url, which=which)
    page, box = wren.page, steps.composer(wren.page)
    budget = Budget(page, record_property)
    async with await arrive(standing_server.url, "Fern", tmp_path) as fern:
        group = await fern.create_group("Slow Tuesdays", rules=steps.RULES, pseudonym="Fern")
        room = group.main
        await steps.join(wren, group, "Wren")
        # What was missed is fetched, and the line that says so has gone.
        await expect(page.locator(".strip-line")).to_have_count(0)
        await budget.take("between sessions", 55)
        await group.open_session(60)
        await expect(page.get_by_text("Anyone can write", exact=True)).to_be_visible()
        await budget.take("floor open", 55)
        await in_a_round(group)
        await expect(page.get_by_role("button", name="Pass", exact=True)).to_be_visible()
        await budget.take("a round", 55)
        await page.evaluate("document.documentElement.dataset.size = 'largest'")
        await expect(page.locator(".room[data-big]")).to_be_visible()
        await budget.take("a round, text 200 %", 40)
        await with_keyboard(page, budget, "keyboard, text 200 %")
        await page.evaluate("document.documentElement.dataset.size = 'usual'")
        await expect(page.locator(".room[data-big]")).to_have_count(0)
        await with_keyboard(page, budget, "keyboard")
        await box.fill("")
        await page.get_by_role("log").focus()
        [member] = [one for one in room.members() if one.pseudonym == "Wren"]
        await room.mute(member, reason=LONG)
        await expect(page.get_by_role("button", name="Why?")).to_be_visible()
        await budget.take("muted", 55)
        await page.get_by_role("button", name="Why?").click()
        await expect(page.get_by_role("dialog")).to_contain_text(LONG)
        await budget.take("muted, why", 55)
    assert budget.wrong == []


async def in_a_round(group: Group) -> None:
    """Wren has the floor."""
    [wren] = [one for one in group.main.members() if one.pseudonym == "Wren"]
    await group.main.start_round(order=[wren])


async def with_keyboard(page: Page, budget: Budget, state: str) -> None:
    box = steps.composer(page)
    await box.fill(LONG)
    await page.set_viewport_size({"width": PHONE[0], "height": KEYBOARD})
    await expect(page.locator(".room[data-writing]")).to_be_visible()
    await budget.take(state, 40)
    await page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
