"""People at their browsers: each with a context of their own, and a record of all that went wrong in it."""

import re
import shutil
from collections.abc import Awaitable
from pathlib import Path
from typing import Any, Final, Literal, Protocol, TypedDict, cast
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Request

_MODULES: Final = Path(__file__).parents[2] / "web/node_modules"
AXE: Final = _MODULES / "axe-core/axe.min.js"
EQUAL_ACCESS: Final = _MODULES / "accessibility-checker-engine/ace.js"
"""IBM's engine, which looks for other things than axe-core does."""
# The conversation can be scrolled by keys, as axe-core asks, and stays where Tab finds it while it is short.
_ASK_EQUAL_ACCESS: Final = """async () => {
  const { results } = await new ace.Checker().check(document, ["IBM_Accessibility", "WCAG_2_2"]);
  return results.filter(({ value: [kind, how] }) => kind === "VIOLATION" && how === "FAIL")
    .filter(({ ruleId, message }) => ruleId !== "element_tabbable_role_valid" || !message.includes("'log'"))
    .map(({ ruleId, path, message }) => `${ruleId}: ${path.dom}: ${message}`);
}"""

Which = Literal["chromium", "firefox"]
PHONE: Final = (360, 740)
DESK: Final = (1280, 800)

_CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# The page tells of violations itself, as the browsers' own words for them differ.
_WATCH_POLICY = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy violation: ${event.violatedDirective} ${event.blockedURI}`));
"""


class _Finding(TypedDict):
    id: str
    nodes: list[dict[str, Any]]


class Person:
    """Someone with one browser profile. `page` is their first tab; `troubles` is what must stay empty."""

    def __init__(self, name: str, origin: str, context: BrowserContext, page: Page) -> None:
        self.name = name
        self.context = context
        self.page = page
        self.troubles: list[str] = []
        self.requests: list[str] = []
        self._host = urlsplit(origin).netloc
        # Whoever leaves office may be asking what to hand on at that moment.
        self._expected = [re.compile(r"403 \(Forbidden\) \(/v1/groups/[^)]*/copies\)")]

    def expect_trouble(self, pattern: str) -> None:
        """Console errors that match are part of this test, such as those of a refused request or a dead server."""
        self._expected.append(re.compile(pattern))

    def unexpected(self) -> list[str]:
        """The troubles that no `expect_trouble` allows."""
        return [trouble for trouble in self.troubles if not any(known.search(trouble) for known in self._expected)]

    async def accessibility(self) -> list[str]:
        """What axe-core and IBM's engine find wrong with the page as it stands: one line a node, `rule: where: why`."""
        for name, source in (("axe", AXE), ("ace", EQUAL_ACCESS)):
            if not await self.page.evaluate(f"typeof {name} === 'object'"):
                await self.page.evaluate(source.read_text(encoding="utf-8") + "; 0")
        equal_access: list[str] = await self.page.evaluate(_ASK_EQUAL_ACCESS)
        found = await self.page.evaluate("axe.run().then((result) => result.violations)")
        return equal_access + [
            f"{finding['id']}: {node['target']}: {node['failureSummary']}"
            for finding in cast(list[_Finding], found)
            for node in finding["nodes"]
        ]

    def watch(self, page: Page) -> None:
        """Record console errors, uncaught errors and requests to anyone else in this tab."""
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.troubles.append(f"uncaught: {error}"))
        page.on("request", self._on_request)
        page.on("websocket", lambda socket: self._on_address(socket.url))

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            where = urlsplit(message.location["url"]).path
            self.troubles.append(f"console {message.type}: {message.text} ({where})")

    def _on_request(self, request: Request) -> None:
        self._on_address(request.url)

    def _on_address(self, address: str) -> None:
        self.requests.append(address)
        parts = urlsplit(address)
        if parts.scheme not in ("blob", "data", "about") and parts.netloc != self._host:
            self.troubles.append(f"third party: {parts.scheme}://{parts.netloc}")


class Browsers:
    """One Chromium and one Firefox, each started when the first person wants it."""

    def __init__(self, playwright: Playwright) -> None:
        self._playwright = playwright
        self._running: dict[Which, Browser] = {}

    async def person(
        self,
        name: str,
        origin: str,
        *,
        which: Which = "chromium",
        size: tuple[int, int] = PHONE,
        dark: bool = False,
        profile: Path | None = None,
        **context_options: Any,
    ) -> Person:
        """A person with a fresh profile, before an empty tab of `size` in CSS pixels.

        Dark works in Chromium alone. With `profile` it is a whole Chromium of their own, all of it in that folder.
        Skips the test where the browser is not installed.
        """
        options: dict[str, Any] = {
            "base_url": origin,
            "viewport": {"width": size[0], "height": size[1]},
            "color_scheme": "dark" if dark else "light",
            "reduced_motion": "reduce",
            "locale": "en-GB",
            **context_options,
        }
        if profile is None:
            context = await (await self._browser(which)).new_context(**options)
        else:
            path, chromium = _program("chromium"), self._playwright.chromium
            context = await chromium.launch_persistent_context(
                profile, executable_path=path, args=_CHROMIUM_FLAGS, **options
            )
        await context.add_init_script(_WATCH_POLICY)
        page = await context.new_page()
        person = Person(name, origin, context, page)
        person.watch(page)
        context.on("page", person.watch)
        return person

    async def close(self) -> None:
        for browser in self._running.values():
            await browser.close()

    async def _browser(self, which: Which) -> Browser:
        if which not in self._running:
            if which == "chromium":
                # The same engine without windows, each of which would take a second of a processor.
                path = shutil.which("chromium-headless-shell") or _program("chromium")
                starting = self._playwright.chromium.launch(executable_path=path, args=_CHROMIUM_FLAGS)
            else:
                # An unpatched Firefox, spoken to in WebDriver BiDi.
                path = _program("firefox-esr")
                starting = self._playwright.firefox.launch(executable_path=path, channel="moz-firefox")
            self._running[which] = await starting
        return self._running[which]


def _program(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed here; scripts/system-parts.sh installs it on Debian")
    return path


class NewPerson(Protocol):
    """The `person` fixture: `await person("Fern", server.url, which="firefox", size=DESK)`."""

    def __call__(self, name: str, origin: str, *, which: Which = "chromium", **options: Any) -> Awaitable[Person]: ...
