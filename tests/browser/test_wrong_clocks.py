"""Fern's phone is three hours slow, Wren's two months fast, Ivy's network lets no live connection through."""

from playwright.async_api import expect

from browser import steps
from browser.people import NewPerson, Person
from serving import ServerProcess

HOUR = 3_600_000


async def shift(who: Person, milliseconds: int) -> None:
    await who.page.add_init_script(f"{{ const now = Date.now; Date.now = () => now() + {milliseconds}; }}")


async def test_wrong_clocks_change_nothing_and_are_told_once(person: NewPerson, standing_server: ServerProcess) -> None:
    url = f"http://localhost:{standing_server.port}"
    fern, wren = await person("Fern", url), await person("Wren", url)
    fern.expect_trouble(steps.RACES)
    await shift(fern, -3 * HOUR)
    await shift(wren, 61 * 24 * HOUR)
    await steps.make_account(fern)
    await steps.make_group(fern, "Tuesday evening", "Fern")
    note = fern.page.get_by_text("This device's clock is wrong.")
    await expect(note).to_be_visible(timeout=steps.PATIENCE)
    await fern.page.locator(".reminder").get_by_role("button", name="Close").click()
    await expect(note).to_be_hidden()
    link = await steps.make_invite(fern)
    await steps.ask_to_join(wren, link, "Wren")
    await steps.let_in(fern, "Wren")
    await steps.sits(wren)
    await steps.say(wren, "good evening")
    await steps.sees(fern, "good evening")
    await fern.page.reload()
    await steps.sees(fern, "good evening")
    await expect(note).to_have_count(0)

    # Rooms beside it, for which each device makes keys that say from when and until when they are good.
    await steps.open_people(fern)
    for name in ("Wren", "A few words aside", "Open it"):
        await fern.page.get_by_role("dialog").get_by_role("button", name=name).click()
    await expect(fern.page.get_by_role("heading", name="A few words with Wren").first).to_be_visible()
    await wren.page.get_by_role("link", name="Go there").click()
    await steps.say(wren, "just for you")
    await steps.sees(fern, "just for you")
    for who in (fern, wren):
        await who.page.get_by_role("link", name="Back to Tuesday evening").click()
        await steps.sits(who)
    for names in (
        ("Start a session", "Start a session"),
        ("More", "Keep nothing of this session", "Keep nothing from"),
    ):
        await fern.page.get_by_role("button", name="Run the session").click()
        for name in names:
            await fern.page.get_by_role("dialog").get_by_role("button", name=name).first.click()
        await expect(fern.page.get_by_role("dialog")).to_be_hidden()
    for who in (fern, wren):
        await expect(who.page.get_by_text("Nothing said here is kept").first).to_be_visible(timeout=steps.PATIENCE)
    await steps.say(wren, "and this is kept nowhere")
    await steps.sees(fern, "and this is kept nowhere")


async def test_who_waits_behind_a_network_that_blocks_live_connections_hears_the_answer(
    person: NewPerson, standing_server: ServerProcess
) -> None:
    url = f"http://localhost:{standing_server.port}"
    fern, ivy = await person("Fern", url), await person("Ivy", url)
    await steps.make_account(fern)
    await steps.make_group(fern, "Tuesday evening", "Fern")
    link = await steps.make_invite(fern)
    ivy.expect_trouble(steps.AWAY)
    await ivy.page.route_web_socket("**/v1/socket", lambda line: line.close())
    await steps.ask_to_join(ivy, link, "Ivy")
    await expect(ivy.page.get_by_text("Your network blocks live connections.")).to_be_visible(timeout=steps.PATIENCE)
    await fern.page.get_by_role("button", name="See who").click(timeout=steps.PATIENCE)
    await fern.page.get_by_role("dialog").get_by_role("button", name="Not now").click()
    await fern.page.get_by_role("dialog").get_by_role("button", name="Say no").click()
    await expect(ivy.page.get_by_role("heading", name="Not this time")).to_be_visible(timeout=steps.PATIENCE)
