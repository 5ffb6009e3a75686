"""Wren writes; whatever Fern does to the room meanwhile, no word of hers is lost, and she is told of it once."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from playwright.async_api import Page, WebSocketRoute, expect

from browser import steps
from browser.people import NewPerson, Which
from evening import arrive
from safespace.sdk import Group
from safespace.sdk.any_room import Member
from serving import ServerProcess

LISTEN = """() => {
  const live = '[aria-live=polite], [aria-live=assertive], [role=status], [role=alert]';
  window.heard = [];
  new MutationObserver((changes) => {
    for (const { target, addedNodes } of changes) {
      const place = target instanceof Element ? target : target.parentElement;
      if (!place?.closest(live)) continue;
      for (const { textContent } of addedNodes) if (textContent?.trim()) window.heard.push(textContent);
    }
  }).observe(document, { subtree: true, childList: true, characterData: true });
}"""
"""Keeps what a screen reader would say by itself."""


async def heard(page: Page, words: str) -> None:
    """It was said, and not twice."""
    await page.wait_for_function("words => window.heard.some((one) => one.includes(words))", arg=words)
    assert await page.evaluate("words => window.heard.filter((one) => one.includes(words)).length", words) == 1


WHY = "Two people at once. Your turn comes."


def wren_in(group: Group) -> Member:
    return next(one for one in group.main.members() if one.pseudonym == "Wren")


async def test_nobody_is_interrupted_in_a_word(
    person: NewPerson, which: Which, standing_server: ServerProcess, tmp_path: Path
) -> None:
    url = f"http://localhost:{standing_server.port}"
    wren = await person("Wren", url, which=which)
    page, box = wren.page, steps.composer(wren.page)
    async with await arrive(url, "Fern", tmp_path) as fern:
        group = await fern.create_group("Slow Tuesdays", rules=steps.RULES, pseudonym="Fern")
        room = group.main
        await steps.join(wren, group, "Wren")
        await page.evaluate(LISTEN)

        async def agree() -> None:
            await page.get_by_role("button", name="Read them").click()
            await page.get_by_role("dialog").get_by_role("button", name="I agree").click()
            await box.click()

        holds: list[tuple[str, Callable[[], Awaitable[object]], Callable[[], Awaitable[object]]]] = [
            ("The room is quiet for now", lambda: room.mute_all(), lambda: room.mute_all(False)),
            (
                "Your messages are paused",
                lambda: room.mute(wren_in(group), reason=WHY),
                lambda: room.unmute(wren_in(group)),
            ),
            (
                "The room rests between sessions",
                lambda: group.between_sessions(False),
                lambda: group.between_sessions(True),
            ),
            ("The room is paused", lambda: room.pause("A breath."), lambda: room.resume()),
            ("The floor is free", lambda: room.go_by_hands(), lambda: room.open_floor()),
            ("The ground rules have changed", lambda: group.write_rules("Be kind."), agree),
        ]
        for title, begin, end in holds:
            await box.click()
            await box.press_sequentially("half a sen")
            await begin()
            await expect(page.get_by_text(title).first).to_be_visible()
            await page.keyboard.type("tence")
            await expect(box).to_have_value("half a sentence")
            await expect(box).to_be_focused()
            await page.keyboard.press("Control+Enter")
            await expect(box).to_have_value("half a sentence")
            await end()
            await expect(page.get_by_role("button", name="Send")).to_have_attribute("aria-disabled", "false")
            await expect(box).to_be_focused()
            await page.keyboard.press("Control+Enter")
            await expect(box).to_have_value("")
            await heard(page, title)
            await page.evaluate("window.heard = []")


async def test_what_was_on_its_way_when_a_mute_came_goes_once_it_is_lifted(
    person: NewPerson, standing_server: ServerProcess, tmp_path: Path
) -> None:
    url = f"http://localhost:{standing_server.port}"
    wren = await person("Wren", url)
    page = wren.page
    late = Late()
    await page.route_web_socket("**/v1/socket", late.connect)
    async with await arrive(url, "Fern", tmp_path) as fern:
        group = await fern.create_group("Slow Tuesdays", rules=steps.RULES, pseudonym="Fern")
        await steps.join(wren, group, "Wren")
        await page.evaluate(LISTEN)
        late.on = True
        await group.main.mute(wren_in(group))
        await steps.composer(page).fill("I was about to say.")
        await page.get_by_role("button", name="Send").click()
        await late.let_go()
        await expect(page.get_by_text("It goes as soon as you can write again.")).to_be_visible()
        await group.main.unmute(wren_in(group))
        async with asyncio.timeout(60):
            async for message in group.main.messages():
                if message.text == "I was about to say.":
                    break
        await expect(page.get_by_text("It goes as soon as you can write again.")).to_be_hidden()

        # Until somebody lifts it nobody knows when: it is said instead.
        late.on = True
        await group.main.mute(wren_in(group), length="lifted", reason=WHY)
        await steps.composer(page).fill("And one more thing.")
        await page.get_by_role("button", name="Send").click()
        await late.let_go()
        await heard(page, "Your message “And one more thing.” was not sent.")
        await heard(page, WHY)


async def test_who_is_removed_in_a_word_keeps_the_words(
    person: NewPerson, standing_server: ServerProcess, tmp_path: Path
) -> None:
    url = f"http://localhost:{standing_server.port}"
    wren = await person("Wren", url)
    # Her device may be handing in packages for a group that she is no longer in.
    wren.expect_trouble(r"404 \(Not Found\) \(/v1/groups/[^)]*/key-packages\)")
    page = wren.page
    async with await arrive(url, "Fern", tmp_path) as fern:
        group = await fern.create_group("Slow Tuesdays", rules=steps.RULES, pseudonym="Fern")
        await steps.join(wren, group, "Wren")
        await steps.composer(page).press_sequentially("half a sen")
        await group.main.remove(wren_in(group))
        words = page.get_by_label("What you were writing")
        await expect(words).to_be_focused()
        await page.keyboard.type("tence")
        await expect(words).to_have_value("half a sentence")


class Late:
    """A line on which what the server says comes late."""

    def __init__(self) -> None:
        self.on = False
        self._held: list[str | bytes] = []
        self._refused = asyncio.Event()
        self._page: WebSocketRoute | None = None

    def connect(self, route: WebSocketRoute) -> None:
        server = route.connect_to_server()
        self._page = route
        server.on_message(self._take)

    def _take(self, frame: str | bytes) -> None:
        if self.on:
            self._held.append(frame)
            if '"refused"' in str(frame):
                self._refused.set()
        elif self._page:
            self._page.send(frame)

    async def let_go(self) -> None:
        """Once the answer to what was sent meanwhile is among it."""
        await self._refused.wait()
        self._refused.clear()
        self.on = False
        while self._held and self._page:
            self._page.send(self._held.pop(0))
