"""Wren and Moss at their browsers, Fern in Python: a session of which nothing is kept, with a small room in it."""

from pathlib import Path

from playwright.async_api import Page, expect

from browser import steps
from browser.people import DESK, NewPerson, Person
from browser.profile import opened
from canaries import canaries, found_of
from evening import Listener, arrive, until
from safespace.sdk import Group
from serving import ServerProcess


async def small_room(who: Person) -> None:
    await who.page.get_by_role("button", name="Go there").click(timeout=steps.PATIENCE)
    await expect(who.page.get_by_role("heading", name="Sleep").first).to_be_visible(timeout=steps.PATIENCE)


async def nothing_kept(page: Page) -> None:
    """The page says so."""
    await expect(page.get_by_text("Nothing said here is kept").first).to_be_visible(timeout=steps.PATIENCE)


async def test_a_session_of_which_nothing_is_kept(
    person: NewPerson, standing_server: ServerProcess, tmp_path: Path
) -> None:
    url = f"http://localhost:{standing_server.port}"
    before, begun, first, second, noted, small, draft, after = canaries(8)
    async with await arrive(url, "Fern", tmp_path) as fern:
        group = await fern.create_group("Slow Tuesdays", rules=steps.RULES, pseudonym="Fern")
        wren = await person("Wren", url, profile=tmp_path / "wren")
        moss = await person("Moss", url, size=DESK)
        for who in (wren, moss):
            who.expect_trouble(steps.RACES)
            await steps.make_account(who)
            await steps.join(who, group, who.name)
        heard = Listener(group.main)
        await group.main.send(before)
        await steps.sees(wren, before)
        box = steps.composer(wren.page)
        await box.fill(begun)
        session = await group.open_session(capsule=True)
        for who in (wren, moss):
            await nothing_kept(who.page)
            await expect(who.page.get_by_text("We cannot stop someone from taking a photo")).to_be_visible()
            await expect(who.page.get_by_role("log").get_by_text(before)).to_have_count(0)
        # What she was writing came along, and she goes on in it.
        await expect(box).to_be_focused()
        await wren.page.keyboard.type(".")
        await expect(box).to_have_value(f"{begun}.")
        await steps.say(wren, first)
        await steps.sees(moss, first)
        await heard.hears(first)

        # A reload comes in again, and has nothing of what was said before.
        await wren.page.reload()
        await nothing_kept(wren.page)
        await steps.say(moss, second)
        await steps.sees(wren, second)
        await expect(wren.page.get_by_role("log").get_by_text(first)).to_have_count(0)
        await begins_a_report(wren, second, noted)

        await in_a_small_room(group, wren, moss, small)
        await steps.composer(wren.page).fill(draft)
        await session.close()
        for who in (wren, moss):
            await steps.sees(who, before)
            await expect(who.page.get_by_text(second)).to_have_count(0)
        await expect(box).to_have_value("")
        await group.main.send(after)
        await steps.sees(wren, after)
        await heard.stop()
        assert group.main.warnings() == []

    kept = await opened(wren.page)
    await wren.context.close()
    words = [before, begun, first, second, noted, small, draft, after]
    assert found_of(words, [one.whole.encode() for one in kept]) == {before, after}
    assert found_of(words, files(tmp_path / "wren")) == set()


async def begins_a_report(who: Person, said: str, words: str) -> None:
    """What somebody writes about a message and does not send is kept for as long as the page is open."""
    for kept in ("", words):
        line = who.page.get_by_role("log").locator(".said-one", has_text=said)
        await line.get_by_role("button", name="What can be done about this message").click()
        sheet = who.page.get_by_role("dialog")
        await sheet.get_by_role("button", name="Report this message").click()
        note = sheet.get_by_label("What happened?")
        await expect(note).to_have_value(kept)
        await note.fill(words)
        await steps.close_sheet(who)


async def in_a_small_room(group: Group, wren: Person, moss: Person, text: str) -> None:
    """Fern sends the two into one, and calls them back: they are with everyone again by themselves."""
    people = [one for one in group.main.members() if not one.me]
    await group.main.break_out([people], 10, titles=["Sleep"])
    for who in (wren, moss):
        await small_room(who)
    await steps.say(wren, text)
    await steps.sees(moss, text)
    await group.main.call_back()
    await until(lambda: group.breakouts == [])
    for who in (wren, moss):
        await expect(who.page.get_by_role("heading", name="Slow Tuesdays").first).to_be_visible(timeout=steps.PATIENCE)
        await nothing_kept(who.page)


def files(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
