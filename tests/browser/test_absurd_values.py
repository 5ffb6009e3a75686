"""Of some lines the server says that they came at no time there is: Wren reads them all, and that it is not known."""

import json
from pathlib import Path

from playwright.async_api import WebSocketRoute, expect

from browser import steps
from browser.people import NewPerson
from evening import arrive
from serving import ServerProcess

ABSURD = {
    "sooner than ever": -5,
    "at the beginning": 0,
    "never": 9e15,
    "later than that": 1e17,
    "in the year 9999": 253_402_300_740_000,
}


def bent(frame: str | bytes, said: dict[int, float]) -> str | bytes:
    line = json.loads(frame)
    return json.dumps(line | {"time": said[line["seq"]]}) if line.get("seq") in said else frame


async def test_a_line_of_no_time_spoils_no_other(
    person: NewPerson, standing_server: ServerProcess, tmp_path: Path
) -> None:
    url = f"http://localhost:{standing_server.port}"
    wren = await person("Wren", url)
    page = wren.page
    said: dict[int, float] = {}

    def connect(route: WebSocketRoute) -> None:
        route.connect_to_server().on_message(lambda frame: route.send(bent(frame, said)))

    await page.route_web_socket("**/v1/socket", connect)
    async with await arrive(url, "Fern", tmp_path) as fern:
        group = await fern.create_group("Slow Tuesdays", rules=steps.RULES, pseudonym="Fern")
        await steps.join(wren, group, "Wren")
        head = group.main.place.cursor
        for at, time in enumerate(ABSURD.values()):
            said[head + 2 * at + 2] = time
        for text in ABSURD:
            await group.main.send("Good evening.")
            await group.main.send(text)
        await group.main.send("Good night.")
        for again in (False, True):
            if again:
                await page.reload()
                await steps.sits(wren)
            log = page.get_by_role("log")
            for text in (*ABSURD, "Good night."):
                await steps.sees(wren, text)
            await expect(log.get_by_text("time not known")).to_have_count(len(ABSURD))
            await expect(log.get_by_text("Something here could not be shown")).to_have_count(0)
            await expect(page.locator(".line-day")).to_have_count(1)
        await steps.say(wren, "I am still here.")
        await page.goto("/")
        await expect(page.get_by_role("link", name="Slow Tuesdays")).to_be_visible(timeout=steps.PATIENCE)
        await expect(page.get_by_role("button", name="Look")).to_have_count(0)
