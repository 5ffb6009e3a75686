"""A person with a phone in one hand: what they press is in sight and large enough, and they scroll with their thumb."""

import asyncio
import os
import re
from pathlib import Path
from typing import Any, Final

from playwright.async_api import CDPSession, Locator, expect

from browser import steps
from browser.people import Person

LEAST: Final = 44
"""CSS pixels that a target is high and wide at least (WCAG 2.5.5)."""
SHOTS: Final = "SAFESPACE_SHOTS"
"""A folder for a picture before every press, in `FOLDER/NAME/`."""

_LOOK: Final = """
(one) => {
  const box = one.getBoundingClientRect();
  const [across, middle] = [box.x + box.width / 2, box.y + box.height / 2];
  const hit = (y) => one.contains(document.elementFromPoint(across, y));
  const inside = box.top >= 0 && box.bottom <= innerHeight && box.left >= 0 && box.right <= innerWidth;
  const rolls = (at) => at.scrollHeight > at.clientHeight && /auto|scroll/.test(getComputedStyle(at).overflowY);
  let around = one.parentElement;
  while (around && !rolls(around)) around = around.parentElement;
  const pane = around?.getBoundingClientRect() ?? { top: 0, bottom: innerHeight };
  const [top, bottom] = [Math.max(0, pane.top), Math.min(innerHeight, pane.bottom)];
  return {
    seen: inside && hit(middle) && hit(box.top + 3) && hit(box.bottom - 3),
    width: box.width,
    height: box.height,
    off: middle - (top + bottom) / 2,
    centre: (top + bottom) / 2,
    most: (bottom - top) * 0.5,
    name: one.ariaLabel ?? (one.innerText || one.labels?.[0]?.innerText),
  };
}
"""
"""Whether all of it can be seen, and how far it is from the middle of what scrolls."""


class Thumb:
    """Of a person whose browser has `has_touch`, in Chromium."""

    def __init__(self, who: Person) -> None:
        self.who = who
        self.page = who.page
        self._cdp: CDPSession | None = None
        self._album = Path(os.environ[SHOTS]) / who.name if SHOTS in os.environ else None
        self._pictures = 0

    @property
    def sheet(self) -> Locator:
        return self.page.get_by_role("dialog")

    async def choose(self, target: Locator) -> None:
        """Scroll to it and tap it."""
        await self._find(target)
        await target.tap()

    async def pick(self, legend: str, option: str) -> None:
        """One of a few that are all in sight."""
        place = self.page.get_by_role("group", name=legend)
        radio = place.get_by_role("radio", name=option, exact=True)
        await self.choose(place.locator("label").filter(has=self.page.get_by_role("radio", name=option, exact=True)))
        await expect(radio).to_be_checked()

    async def select(self, field: Locator, option: str) -> None:
        """One of many: the phone shows its own list for that."""
        await self._find(field)
        await field.select_option(option)

    async def write(self, field: Locator, text: str) -> None:
        """Tap a field and write instead of what is there."""
        await self.choose(field)
        await field.press("Control+A")
        await self.page.keyboard.insert_text(text)

    async def look(self, name: str) -> None:
        """Keep a picture of this."""
        if self._album is not None:
            self._pictures += 1
            words = re.sub(r"\W+", "-", name)[:50].strip("-")
            self._album.mkdir(parents=True, exist_ok=True)
            await self.page.screenshot(path=self._album / f"{self._pictures:03d}-{words}.png")

    async def _find(self, target: Locator) -> None:
        """Scroll until all of it can be seen."""
        await expect(target).to_be_visible(timeout=steps.PATIENCE)
        seen: dict[str, Any] = {}
        for _ in range(20):
            seen = await target.evaluate(_LOOK)
            if seen["seen"]:
                assert min(seen["width"], seen["height"]) >= LEAST, (target, seen)
                await self.look(seen["name"])
                return
            await self._swipe(seen["centre"], max(-seen["most"], min(seen["most"], -seen["off"])))
        raise AssertionError(f"no thumb gets to {target}: {seen}")

    async def _swipe(self, centre: float, way: float) -> None:
        """Touch, draw, rest and let go: whoever rests first does not fling."""
        self._cdp = self._cdp or await self.who.context.new_cdp_session(self.page)
        assert self.page.viewport_size is not None
        across = self.page.viewport_size["width"] / 2
        for part in (0, 0.1, 0.4, 0.7, 1, 1, 1):
            at = {"x": across, "y": centre + way * (part - 0.5)}
            kind = "touchStart" if part == 0 else "touchMove"
            await self._cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [at]})
            await asyncio.sleep(0.03 if part == 1 else 0)
        await self._cdp.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
