"""How much of a screen the conversation keeps: what is measured, and screens of three engines on which it is.

Everything is done by a script in the page, which is the same in each engine."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from playwright.async_api import Page

from browser.people import PHONE
from browser.webkit import WebKit, webkit

KEYBOARD: Final = 440
"""The visible height that a keyboard leaves: no engine here has one of glass, so the window is as low."""

NARROWEST: Final = 334
"""CSS pixels under which WebKit makes no window."""

MEASURE: Final = """() => {
  const height = (part) => document.querySelector(part)?.getBoundingClientRect().height ?? 0;
  const out = [".room-help", ".leave"].filter((part) => {
    const { top, bottom, left, right, width, height } = document.querySelector(part).getBoundingClientRect();
    const within = top >= 0 && left >= 0 && bottom <= innerHeight && right <= innerWidth;
    const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    return !within || Math.min(width, height) < 44 || !hit?.closest(part);
  });
  const write = document.querySelector(".half[open]") ? null : document.querySelector("#write");
  const box = write?.getBoundingClientRect();
  if (box && (box.bottom > innerHeight || box.height < 44 || box.width < 100)) out.push("#write");
  return {
    header: height(".room-bar"), strip: height(".strip-line") + height(".strip-rest"),
    foot: height(".room-foot") + height(".half[open]"), talk: height(".talk") - height(".strip-rest"),
    all: innerHeight, out, writing: document.querySelector(".room[data-writing]") !== null,
    wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  };
}"""

_SHOW: Final = """async ({ size, press, words, focus }) => {
  // A window that lies under another draws no frames.
  const drawn = () => new Promise((done) => setTimeout(done, 50));
  const until = async (look) => {
    for (const end = performance.now() + 60_000; performance.now() < end; await drawn()) {
      const found = look();
      if (found) return found;
    }
    throw new Error(`${document.body.innerText}: does not come: ${look}`);
  };
  document.documentElement.dataset.size = size;
  await until(() => document.querySelector(".room-foot"));
  await drawn();
  for (const name of press) {
    const named = (one) => (one.getAttribute("aria-label") ?? one.innerText).trim().includes(name);
    const shown = () => [...document.querySelectorAll("button")].filter((one) => one.checkVisibility());
    (await until(() => shown().find(named))).click();
    await drawn();
  }
  const box = document.querySelector("#write");
  if (words !== "") {
    box.value = words;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
  if (focus) box.focus();
  await drawn();
}"""

_WRITING: Final = """() => new Promise((done) => {
  const look = () => document.querySelector(".room[data-writing]") ? done() : setTimeout(look, 20);
  look();
})"""


@dataclass(frozen=True)
class Row:
    """A line of the table in docs/room.md. `gallery` is the made-up state; `press` leads to what is open."""

    state: str
    gallery: str
    floor: int
    press: tuple[str, ...] = ()
    words: str = ""
    keyboard: bool = False
    largest: bool = False


class Screen(Protocol):
    """A tab that can be made as large as a phone. `goto` takes a path."""

    async def goto(self, path: str) -> None: ...

    async def resize(self, width: int, height: int) -> None: ...

    async def run(self, script: str, given: Any = None) -> Any: ...


class Played:
    """A tab of Chromium or Firefox."""

    def __init__(self, page: Page) -> None:
        self._page = page

    async def goto(self, path: str) -> None:
        await self._page.goto(path)

    async def resize(self, width: int, height: int) -> None:
        await self._page.set_viewport_size({"width": width, "height": height})

    async def run(self, script: str, given: Any = None) -> Any:
        return await self._page.evaluate(script, given)


class Driven:
    """A window of WebKit."""

    def __init__(self, browser: WebKit) -> None:
        self._browser = browser

    async def goto(self, path: str) -> None:
        await asyncio.to_thread(self._browser.goto, path)

    async def resize(self, width: int, height: int) -> None:
        browser, wanted = self._browser, [max(width, NARROWEST), height]
        await asyncio.to_thread(browser.driver.set_window_rect, 0, 0, width, height)
        await asyncio.to_thread(
            browser.until, lambda: browser.script("return [innerWidth, innerHeight]") == wanted, f"{wanted}"
        )

    async def run(self, script: str, given: Any = None) -> Any:
        whole = f"Promise.resolve(({script})(arguments[0])).then(arguments[1], (error) => arguments[1](String(error)))"
        return await asyncio.to_thread(self._browser.driver.execute_async_script, whole, given)


@contextmanager
def small_webkit(folder: Path, origin: str, path: str) -> Iterator[Driven]:
    """A window without bars, which alone is as narrow as a phone. WebKit opens one for who clicks."""
    with webkit(folder, origin) as browser:
        browser.goto(path)
        browser.until(lambda: browser.script("return document.querySelector('.room-foot') !== null"), "the room")
        [first] = browser.driver.window_handles
        features = "width=360,height=740,toolbar=no,location=no,menubar=no,resizable=yes"
        browser.script(f"onclick = () => open(location.href, 'phone', '{features}')")
        browser.driver.find_element("tag name", "h1").click()
        browser.until(lambda: len(browser.driver.window_handles) > 1, "a second window")
        [second] = set(browser.driver.window_handles) - {first}
        browser.driver.switch_to.window(second)
        yield Driven(browser)


class Table:
    """The rows measured so far. What is under its floor, out of reach or too wide is kept in `wrong`."""

    def __init__(self, screen: Screen, path: str, figures: Callable[[str, object], None]) -> None:
        self.wrong: list[str] = []
        self._screen = screen
        self._path = path
        self._figures = figures

    async def take(self, row: Row, size: tuple[int, int] = PHONE) -> None:
        screen = self._screen
        await screen.resize(*size)
        await screen.goto(f"{self._path}?state={row.gallery}")
        given = {"size": "largest" if row.largest else "usual", "press": row.press, "words": row.words}
        trouble = await screen.run(_SHOW, {**given, "focus": row.keyboard})
        assert trouble is None, trouble
        if row.keyboard:
            await screen.resize(size[0], KEYBOARD)
            await screen.run(_WRITING)
        found = await screen.run(MEASURE)
        self.note(row.state, row.floor, found)
        if found["writing"] != row.keyboard:
            self.wrong.append(f"{row.state}: {found}")

    def note(self, state: str, floor: int, found: Any) -> None:
        share = 100 * found["talk"] / found["all"]
        parts = "/".join(str(round(found[part])) for part in ("header", "strip", "foot", "talk"))
        self._figures(state, f"{parts} {share:.0f} %")
        if share < floor or found["out"] or found["wide"] > 0:
            self.wrong.append(f"{state}: {found}, floor {floor} %")
