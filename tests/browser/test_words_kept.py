"""Wren taps beside, presses Escape, swipes, reloads, writes too much: no word is lost, and what is none is not sent."""

import asyncio
from pathlib import Path

from playwright.async_api import expect

from browser import steps
from browser.people import NewPerson, Person
from evening import arrive, refusal, sit_down
from safespace.sdk import Group
from serving import ServerProcess

STORY = "It was said in anger, I think, and I would like somebody to read it with me. " * 4
UNSEEN = ["\u200b", "\u2800", "\u3164\n\u3164", "\U0001d173", " \u00a0\ufe0f"]


async def beside(wren: Person) -> None:
    await wren.page.mouse.click(5, 5)


async def by_escape(wren: Person) -> None:
    await wren.page.keyboard.press("Escape")


async def by_swipe(wren: Person) -> None:
    await wren.page.locator(".sheet-top h2").evaluate(
        """(head) => {
          const down = { bubbles: true, pointerType: "touch", clientX: 100 };
          head.dispatchEvent(new PointerEvent("pointerdown", { ...down, clientY: 100 }));
          head.dispatchEvent(new PointerEvent("pointerup", { ...down, clientY: 200 }));
        }"""
    )


async def by_reload(wren: Person) -> None:
    # As soon as a hand is at the button.
    await asyncio.sleep(0.5)
    await wren.page.reload()
    await steps.sits(wren)


async def report_moss(wren: Person) -> None:
    sheet = wren.page.get_by_role("dialog")
    await steps.open_menu(wren, "People")
    await sheet.get_by_role("button", name="Moss").click()
    await sheet.get_by_role("button", name="Report Moss").click()


async def test_words_outlast_the_sheet(person: NewPerson, standing_server: ServerProcess, tmp_path: Path) -> None:
    url = f"http://localhost:{standing_server.port}"
    wren = await person("Wren", url)
    page, box, sheet = wren.page, steps.composer(wren.page), wren.page.get_by_role("dialog")
    async with await arrive(url, "Fern", tmp_path) as fern, await arrive(url, "Moss", tmp_path) as moss:
        group = await fern.create_group("Slow Tuesdays", rules=steps.RULES, pseudonym="Fern")
        await sit_down(group, moss, "Moss")
        await steps.join(wren, group, "Wren")
        for number, close in enumerate((beside, by_escape, by_swipe, by_reload)):
            await report_moss(wren)
            field = sheet.get_by_label("What happened?")
            await expect(field).to_have_value(STORY + str(number - 1) if number else "")
            await field.fill(STORY + str(number))
            await close(wren)
            await expect(sheet).to_be_hidden()
        await report_moss(wren)
        await sheet.get_by_role("button", name="Begin anew").click()
        await expect(field).to_have_value("")

        # Too long: all of it stays, and waits.
        await field.fill("a" * 1200)
        await expect(sheet.get_by_text("200 characters too long")).to_be_visible()
        await expect(sheet.get_by_role("button", name="Send the report")).to_have_attribute("aria-disabled", "true")
        await field.fill("🌿" * 1000)
        await expect(sheet.get_by_role("button", name="Send the report")).to_have_attribute("aria-disabled", "false")
        await by_escape(wren)

        await box.fill("b" * 9000)
        await expect(box).to_have_value("b" * 9000)
        await expect(page.get_by_text("1,000 characters too long")).to_be_visible()
        await expect(page.get_by_role("button", name="Send")).to_have_attribute("aria-disabled", "true")
        await page.keyboard.press("Control+Enter")
        await expect(box).to_have_value("b" * 9000)

        await says_nothing_unseen(wren, group)
        await composes(wren)


async def says_nothing_unseen(wren: Person, group: Group) -> None:
    box = steps.composer(wren.page)
    for text in UNSEEN:
        await box.fill(text)
        await expect(wren.page.get_by_role("button", name="Send")).to_have_attribute("aria-disabled", "true")
        await box.press("Control+Enter")
        assert await refusal(group.main.send(text)) == "invalid_field"
    await box.fill("\u200bSeen.")
    await box.press("Control+Enter")
    await expect(box).to_have_value("")
    await expect(wren.page.locator(".said-one")).to_have_count(1)


async def composes(wren: Person) -> None:
    """Enter takes a suggestion, in the order of Chromium and in that of WebKit; its Shifts lead nowhere."""
    box = steps.composer(wren.page)
    await box.fill("きょう")
    await box.evaluate(
        """(box) => {
          const common = { bubbles: true, cancelable: true };
          const key = (key, more) => box.dispatchEvent(new KeyboardEvent("keydown", { ...common, key, ...more }));
          const up = () => box.dispatchEvent(new KeyboardEvent("keyup", { ...common, key: "Shift" }));
          box.dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true }));
          key("Enter", { isComposing: true });
          box.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true, data: "きょう" }));
          key("Enter", { keyCode: 229 });
          key("Enter", { keyCode: 229, ctrlKey: true });
          for (let time = 0; time < 3; time += 1) { key("Shift", { isComposing: true }); up(); }
          for (let time = 0; time < 3; time += 1) { key("Shift", { keyCode: 229 }); up(); }
        }"""
    )
    await expect(box).to_have_value("きょう")
    await expect(wren.page.locator(".said-one")).to_have_count(1)
    await box.press("Control+Enter")
    await steps.sees(wren, "きょう")
