"""The pages in a real Chromium: a cold invite, ten thousand missed messages, taking someone out of a large group.

    PYTHONPATH=tests .venv/bin/python -m bench.browser

Times are those of the page's own clock. On a machine that others use they say more about them than about the page, so
the CPU time of the page's main thread is there too, and `chrt -r 1` in front keeps the others away.
"""

import argparse
import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median
from typing import Any

from playwright.async_api import CDPSession, Page, async_playwright, expect
from rich.console import Console
from rich.table import Table

from browser import steps
from browser.people import Browsers, Person
from evening import arrive, sit_down
from safespace.sdk import Group, Room
from serving import ServerProcess

MISSED = 10_000
SPEAKERS = 3
GROUPS = (50, 200)
TIMES = 5
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 25_000}
"""400 kbit/s and 400 ms to the server and back: a poor mobile connection."""
PATIENCE = 600_000
"""Milliseconds to wait before giving up."""

# The page's tasks of more than 50 ms, and when it sent and heard what, and showed how many people there are.
_WATCH = """
window.tasks = [];
window.log = [];
const note = (what) => log.push([performance.now(), what]);
new PerformanceObserver((list) => {
  for (const { startTime, duration } of list.getEntries()) tasks.push([startTime, duration]);
}).observe({ type: "longtask", buffered: true });
window.WebSocket = class extends WebSocket {
  constructor(...address) {
    super(...address);
    this.addEventListener("message", ({ data }) => data.includes('"handshake"') && note("heard"));
  }
  send(data) {
    if (data.includes('"act"')) note("sent");
    super.send(data);
  }
};
addEventListener("click", () => note("click"), { capture: true });
addEventListener("DOMContentLoaded", () => {
  let shown;
  new MutationObserver(() => {
    const words = document.querySelector(".room-place")?.textContent;
    if (words !== shown) note("shown");
    shown = words;
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
});
"""

_UNTIL_CAUGHT_UP = """
(words) => new Promise((resolve) => {
  const look = () => {
    const there = document.querySelector(".latest")?.textContent.includes(words);
    if (there && !document.querySelector(".room-strip .strip-line")) resolve(performance.now());
    else setTimeout(look, 10);
  };
  look();
})
"""


async def cold_invite(browsers: Browsers, url: str, group: Group, slow: bool) -> dict[str, str]:
    """A link opened by someone who was never here."""
    link = await group.create_invite()
    person = await browsers.person("Wren", url)
    devtools = await watched(person)
    if slow:
        await devtools.send("Network.emulateNetworkConditions", SLOW)
    loaded: list[float] = []
    devtools.on("Network.loadingFinished", lambda event: loaded.append(event["encodedDataLength"]))
    await person.page.goto(link)
    await person.page.get_by_text("Tuesday evening").first.wait_for(timeout=PATIENCE)
    readable = await person.page.evaluate("performance.now()")
    await person.page.wait_for_load_state("networkidle")
    size = sum(loaded[:5])
    painted = await person.page.evaluate("performance.getEntriesByName('first-paint')[0].startTime")
    tasks = await person.page.evaluate("tasks")
    await person.context.close()
    return {
        "kB on the line": f"{size / 1000:.1f}",
        "first paint, ms": f"{painted:,.0f}",
        "invite readable, ms": f"{readable:,.0f}",
        "longest task, ms": longest(tasks),
    }


async def absence(browsers: Browsers, url: str, folder: Path, missed: int) -> dict[str, str]:
    """A page opened again after so many messages of three people, whose devices took new keys every 500."""
    person = await browsers.person("Wren", url)
    async with await arrive(url, "Fern", folder) as fern:
        group = await fern.create_group("Tuesday evening", rules=steps.RULES, pseudonym="Fern")
        others = [await arrive(url, f"Guest{number}", folder) for number in range(SPEAKERS - 1)]
        rooms = [group.main, *[(await sit_down(group, other, other.handle)).main for other in others]]
        await steps.join(person, group, "Wren")
        await steps.say(person, "See you.")
        address = person.page.url
        await person.page.close()
        await asyncio.gather(*[speak(room, missed // SPEAKERS) for room in rooms])
        await speak(rooms[0], missed % SPEAKERS)
        person.page = await person.context.new_page()
        devtools = await watched(person)
        await person.page.goto(address)
        took = await person.page.evaluate(_UNTIL_CAUGHT_UP, f"{missed:,} new messages")
        tasks = await person.page.evaluate("tasks")
        busy = await cpu(devtools)
        for other in others:
            await other.close()
    await person.context.close()
    return {
        "s in all": f"{took / 1000:.1f}",
        "longest task, ms": longest(tasks),
        "tasks over 50 ms": str(len(tasks)),
        "CPU s of the main thread": f"{busy:.1f}",
    }


async def speak(room: Room, messages: int) -> None:
    for number in range(messages):
        await room.send(f"Message {number}. " + "It was a long week, and I slept badly. " * (number % 4))
        if number % 500 == 499:
            await room.refresh_keys()


async def removal(browsers: Browsers, url: str, folder: Path, people: int) -> dict[str, str]:
    """A facilitator takes people out of a group; then the host does, and the facilitator's page follows."""
    person = await browsers.person("Wren", url)
    async with await arrive(url, "Fern", folder) as fern:
        group = await fern.create_group("Tuesday evening", rules=steps.RULES, pseudonym="Fern")
        for number in range(people - 2):
            async with await arrive(url, f"M{number}", folder) as member:
                await sit_down(group, member, f"Member {number:03}")
        await steps.join(person, group, "Wren")
        await steps.take_on(person, group, "Wren", "facilitator")
        await watched(person)
        await person.page.reload()
        await steps.sits(person)
        made = [await make_removal(person.page, f"Member {number:03}") for number in range(TIMES)]
        host = group.main
        followed = [await follow_removal(person.page, host, f"Member {number + TIMES:03}") for number in range(TIMES)]
        tasks = await person.page.evaluate("tasks")
    await person.context.close()
    return {
        "making it, ms": f"{median(made):.0f}",
        "processing it, ms": f"{median(followed):.0f}",
        "longest task, ms": longest(tasks),
    }


async def make_removal(page: Page, pseudonym: str) -> float:
    """Milliseconds from the press of the button until it is sent."""
    sheet = page.get_by_role("dialog")
    await page.get_by_role("button", name="can read this").click()
    await sheet.get_by_role("button", name="Who?").click()
    await sheet.get_by_role("button", name=pseudonym).click()
    await sheet.get_by_role("button", name="Remove from the group").click()
    await page.evaluate("log.length = 0")
    await sheet.get_by_role("button", name=f"Remove {pseudonym}").click()
    await expect(page.get_by_role("log").get_by_text(f"Wren removed {pseudonym}")).to_be_visible()
    await expect(sheet).to_be_hidden()
    return between(await page.evaluate("log"), "click", "sent")


async def follow_removal(page: Page, room: Room, pseudonym: str) -> float:
    """Milliseconds from the arrival of the commit until the page shows who is left."""
    await page.evaluate("log.length = 0")
    await room.remove(next(member for member in room.members() if member.pseudonym == pseudonym))
    await expect(page.get_by_role("log").get_by_text(f"Fern removed {pseudonym}")).to_be_visible()
    await page.wait_for_timeout(500)
    return between(await page.evaluate("log"), "heard", "shown")


def between(log: list[tuple[float, str]], first: str, then: str) -> float:
    began = next(time for time, what in log if what == first)
    return next(time for time, what in log if what == then and time > began) - began


def longest(tasks: list[tuple[float, float]]) -> str:
    return f"{max(duration for _, duration in tasks):.0f}" if tasks else "under 50"


async def watched(person: Person) -> CDPSession:
    await person.context.add_init_script(_WATCH)
    devtools = await person.context.new_cdp_session(person.page)
    await devtools.send("Network.enable")
    await devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
    return devtools


async def cpu(devtools: CDPSession) -> float:
    """Seconds of CPU time that the page's main thread took."""
    found: dict[str, Any] = await devtools.send("Performance.getMetrics")
    return float(next(each["value"] for each in found["metrics"] if each["name"] == "TaskDuration"))


@asynccontextmanager
async def a_server(folder: Path) -> AsyncIterator[ServerProcess]:
    server = ServerProcess(folder / "data")
    await asyncio.to_thread(server.start)
    try:
        yield server
    finally:
        await asyncio.to_thread(server.kill)


async def measure(folder: Path, parts: list[str], missed: int, groups: list[int], console: Console) -> None:
    async with a_server(folder) as server, async_playwright() as playwright:
        url = f"http://localhost:{server.port}"
        browsers = Browsers(playwright)
        if "invite" in parts:
            async with await arrive(url, "Host", folder) as host:
                group = await host.create_group("Tuesday evening", rules=steps.RULES, pseudonym="Fern")
                await cold_invite(browsers, url, group, False)  # so that the browser itself is warm
                show(console, "A cold invite", await cold_invite(browsers, url, group, False))
                show(console, "A cold invite at 400 kbit/s, 400 ms away", await cold_invite(browsers, url, group, True))
        if "absence" in parts:
            show(console, f"{missed:,} missed messages", await absence(browsers, url, folder, missed))
        if "removal" in parts:
            for people in groups:
                (place := folder / f"{people}").mkdir()
                show(console, f"A removal in a group of {people}", await removal(browsers, url, place, people))
        await browsers.close()


def show(console: Console, title: str, figures: dict[str, str]) -> None:
    table = Table(*figures, title=title, title_justify="left")
    table.add_row(*figures.values())
    console.print(table)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.browser", description=__doc__)
    parser.add_argument("parts", nargs="*", default=["invite", "absence", "removal"], metavar="invite|absence|removal")
    parser.add_argument("--missed", type=int, default=MISSED)
    parser.add_argument("--people", type=int, nargs="+", default=GROUPS)
    words = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="safespace-bench-") as folder:
        asyncio.run(measure(Path(folder), words.parts, words.missed, words.people, Console()))


if __name__ == "__main__":
    main()
