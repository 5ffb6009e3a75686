"""What of an invite a browser leaves on its disk: the whole link where it was opened, nothing where it was pasted."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from browser import steps
from browser.people import NewPerson, Person
from evening import Evening
from serving import ServerProcess


def holding(profile: Path, text: str) -> set[str]:
    """The files of a profile in which this stands."""
    written = (text.encode(), text.encode("utf-16-le"))
    files = (path for path in profile.rglob("*") if path.is_file())
    return {path.name for path in files if any(words in path.read_bytes() for words in written)}


async def paste(who: Person, text: str) -> None:
    page = who.page
    await page.goto("/")
    await page.get_by_role("button", name="I have an invite").click()
    await page.get_by_label("Paste your invite").fill(text)
    await page.get_by_role("button", name="Open the invite").click()


async def ask(who: Person) -> None:
    await who.page.get_by_label("Your name in this group").fill(who.name)
    await who.page.get_by_role("button", name="I agree, ask to join").click()
    await expect(who.page.get_by_role("heading", name="You are waiting to come in")).to_be_visible()


@pytest.mark.parametrize("what", ["code", "link"])
async def test_a_pasted_invite_is_nowhere_on_the_disk(
    person: NewPerson, standing_server: ServerProcess, tmp_path: Path, what: str
) -> None:
    profile = tmp_path / "profile"
    async with Evening.of(standing_server.url, tmp_path) as evening:
        link = await evening.group.create_invite()
        code = link.partition("/i/")[2]
        invite, _, fragment = code.partition("#")
        wren = await person("Wren", standing_server.url, profile=profile)
        wren.expect_trouble("status of 401")
        await paste(wren, {"code": f"  {code}\n", "link": link}[what])
        await expect(wren.page.get_by_text("Tuesday evening").first).to_be_visible()
        assert wren.page.url.endswith(f"/i/{invite}")
        await ask(wren)
        [waiting] = await evening.group.waiting()
        assert waiting.pseudonym == "Wren"
        await wren.context.close()
    assert holding(profile, invite), "the page that was shown is in the history"
    assert holding(profile, fragment) == set()


async def test_an_opened_link_stays_in_the_browsers_history(
    person: NewPerson, standing_server: ServerProcess, tmp_path: Path
) -> None:
    """No page can help it; so invites say so, and are for one person and a day."""
    profile = tmp_path / "profile"
    async with Evening.of(standing_server.url, tmp_path) as evening:
        link = await evening.group.create_invite()
        moss = await person("Moss", standing_server.url, profile=profile)
        moss.expect_trouble("status of 401")
        await moss.page.goto(link)
        await expect(moss.page.get_by_text("Tuesday evening").first).to_be_visible()
        await ask(moss)
        assert "#" not in moss.page.url
        await moss.context.close()
    assert "History" in holding(profile, link.partition("#")[2])


async def test_an_app_hands_the_link_on_to_a_browser_as_it_stands_in_the_address(
    person: NewPerson, standing_server: ServerProcess, tmp_path: Path
) -> None:
    """Until it was used: "open in a browser" of a messenger takes the address that its own small browser shows."""
    async with Evening.of(standing_server.url, tmp_path) as evening:
        link = await evening.group.create_invite()
        messenger, wren = await person("Messenger", standing_server.url), await person("Wren", standing_server.url)
        for who, address in ((messenger, f"{link})."), (wren, link)):
            who.expect_trouble("status of 401")
            await who.page.goto(address)
            await expect(who.page.get_by_text("Tuesday evening").first).to_be_visible()
            assert who.page.url == link
        for odd in (link.replace("#", "%23"), link.replace("#", "/?fbclid=x#"), f"{link}\u201d,"):
            await wren.page.goto("about:blank")
            await wren.page.goto(odd)
            await expect(wren.page.get_by_text("Tuesday evening").first).to_be_visible()
            assert wren.page.url == link
        await wren.page.goto("about:blank")
        await wren.page.goto(link)
        await ask(wren)
        assert "#" not in wren.page.url


async def test_what_is_no_invite_is_said_where_it_was_pasted(
    person: NewPerson, standing_server: ServerProcess, tmp_path: Path
) -> None:
    async with Evening.of(standing_server.url, tmp_path) as evening:
        link = await evening.group.create_invite()
        wren = await person("Wren", standing_server.url)
        wren.expect_trouble("status of 401")
        for text, words in (
            (link[:-1], "A part of this invite is missing."),
            (link[: link.index("#") + 23], "A part of this invite is missing."),  # as links were before
            (link.partition("#")[0], "A part of this invite is missing."),
            (f"https://rosa.example/i/{link.partition('/i/')[2]}", "This is not an invite to this place."),
            ("hello", "This is not an invite to this place."),
        ):
            await paste(wren, text)
            await expect(steps.alert(wren.page)).to_contain_text(words)
