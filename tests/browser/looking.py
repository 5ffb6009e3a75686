"""What is wrong with a screen as it stands: axe-core and IBM's engine in five looks, and what neither looks
for."""

import json
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Page

from browser.people import DESK, PHONE, Person

NARROW = (320, 568)
"""The width that WCAG 1.4.10 asks for: 1280 pixels at 400 %."""

_ASK: Final = (Path(__file__).parent / "looking.js").read_text(encoding="utf-8").strip().removesuffix(";")


async def too_wide(page: Page) -> list[str]:
    """What can be scrolled sideways, and what stands outside the page where nobody can scroll to it."""
    return list(await page.evaluate(f"{_ASK}.tooWide()"))


async def same_names(page: Page) -> list[str]:
    """Buttons and links that nobody can tell apart by name. A message's own button stands beside its words, and a sheet
    is closed by more than one."""
    alike = ["Close", "What can be done about this message"]
    return list(await page.evaluate(f"{_ASK}.sameNames({json.dumps(alike)})"))


async def in_looks(who: Person, check: Callable[[str], Awaitable[None]]) -> None:
    """Run `check` on a phone and on a desk, light and dark, and in forced colours; it is told the look. Ends as it
    began."""
    page, before = who.page, who.page.viewport_size
    for size, name in ((PHONE, "phone"), (DESK, "desk")):
        await page.set_viewport_size({"width": size[0], "height": size[1]})
        await page.emulate_media(color_scheme="light")
        await check(f"{name} light")
        await page.emulate_media(color_scheme="dark")
        await check(f"{name} dark")
    await page.emulate_media(color_scheme="dark", forced_colors="active")
    await check("desk forced colours")
    await page.emulate_media(color_scheme="light", forced_colors="none")
    if before:
        await page.set_viewport_size(before)


class Survey:
    """Screens looked at so far; `found` is what must stay empty."""

    def __init__(self) -> None:
        self.found: dict[str, list[str]] = {}
        self.seen: list[str] = []

    async def look(self, name: str, who: Person, title: str) -> None:
        """Look at the screen that `who` has before them. `title`: the page's name as the browser shows it."""
        page = who.page
        found: list[str] = []

        async def check(look: str) -> None:
            found.extend(f"{look}: {fault}" for fault in await who.accessibility())
            found.extend(f"{look}: {fault}" for fault in await page.evaluate(f"{_ASK}.layout()"))

        await in_looks(who, check)
        before = page.viewport_size
        await page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
        found.extend(f"narrow: {fault}" for fault in await too_wide(page))
        if before:
            await page.set_viewport_size(before)
        shown = re.sub(r"^\(\d+\) ", "", await page.title())
        if shown != title:
            found.append(f"is called {shown!r}, not {title!r}")
        self.seen.append(name)
        if found:
            self.found[name] = found


async def unseen_focus(page: Page, most: int = 40) -> list[str]:
    """Walk through the page or the open sheet with Tab; gives the stops at which the focus cannot be seen."""
    found: list[str] = []
    stops: list[str] = []
    for _ in range(most):
        await page.keyboard.press("Tab")
        stop: dict[str, Any] | None = await page.evaluate(f"{_ASK}.ring()")
        if stop is None or stop["name"] in stops:
            break
        if stop["name"].startswith(("h1", "h2")):
            continue  # The page puts the focus there when a screen arrives; Tab itself does not stop at headings.
        stops.append(stop["name"])
        if not stop["seen"]:
            found.append(f"no ring: {stop['name']}")
        if not stop["clear"]:
            found.append(f"covered: {stop['name']}")
    assert stops
    return found
