"""Wren logs in on another device, is let in again, and the old device says so calmly."""

from playwright.async_api import expect

from browser import steps
from browser.people import DESK, NewPerson, Which
from serving import ServerProcess

PASSPHRASE = "four plain words together"


async def test_wren_moves_to_another_device_and_back(
    person: NewPerson, standing_server: ServerProcess, which: Which
) -> None:
    url = f"http://localhost:{standing_server.port}"
    fern, phone = await person("Fern", url, size=DESK), await person("Wren", url)
    tablet = await person("Wren's tablet", url, which=which)
    await steps.make_account(fern)
    await steps.make_group(fern, "Slow Tuesdays", "Fern")
    handle = await steps.make_account(phone, PASSPHRASE)
    await steps.ask_to_join(phone, await steps.make_invite(fern), "Wren")
    await steps.let_in(fern, "Wren")
    await steps.sits(phone)
    await steps.say(phone, "From my phone.")

    await tablet.page.goto("/login")
    # As keyboards on tablets write it.
    await tablet.page.get_by_label("Name to log in with").fill(f"{handle.capitalize()} ")
    await tablet.page.get_by_label("Passphrase", exact=True).fill(PASSPHRASE)
    await tablet.page.get_by_role("button", name="Log in").click()
    await expect(tablet.page.get_by_text("You are in 1 group on another device.")).to_be_visible(timeout=steps.PATIENCE)

    link = await steps.make_invite(fern)
    await tablet.page.goto(link)
    await expect(tablet.page.get_by_text("You are in this group on another device.")).to_be_visible()
    await steps.ask_to_join(tablet, link, "Wren", "I have a new tablet")
    await fern.page.get_by_role("button", name="See who").first.click(timeout=steps.PATIENCE)
    sheet = fern.page.get_by_role("dialog")
    await expect(sheet).to_contain_text("Wren is here on another device already. If you let them in, their old device")
    await sheet.get_by_role("button", name="Let Wren in").click()
    await expect(sheet).to_contain_text("Nobody is waiting", timeout=steps.PATIENCE)
    await steps.close_sheet(fern)

    await steps.sits(tablet)
    moved = phone.page.get_by_role("heading", name="You moved this conversation to another device")
    await expect(moved).to_be_visible(timeout=steps.PATIENCE)
    await expect(fern.page.get_by_role("log")).to_contain_text("Wren came back on another device. Fern let them in")
    await steps.say(tablet, "From my tablet.")
    await steps.say(fern, "Welcome back.")
    await steps.sees(tablet, "Welcome back.")
    await steps.sees(fern, "From my tablet.")
    assert "From my tablet." not in await phone.page.inner_text("body")
    await expect(tablet.page.get_by_role("button", name="Only the 2 people here can read this")).to_be_visible()

    # And back again, on the phone that has an older place in the room.
    await phone.page.get_by_role("link", name="To your groups").click()
    await expect(phone.page.get_by_role("link", name="Slow Tuesdays")).to_contain_text("You moved this conversation")
    await steps.ask_to_join(phone, await steps.make_invite(fern), "Wren")
    await steps.let_in(fern, "Wren")
    await steps.sits(phone)
    await steps.say(phone, "I prefer my phone.")
    await steps.sees(fern, "I prefer my phone.")
    await expect(
        tablet.page.get_by_role("heading", name="You moved this conversation to another device")
    ).to_be_visible()


async def test_fern_who_owns_the_group_is_told_that_she_cannot(
    person: NewPerson, standing_server: ServerProcess
) -> None:
    url = f"http://localhost:{standing_server.port}"
    fern, tablet = await person("Fern", url), await person("Fern's tablet", url)
    tablet.expect_trouble("409")
    handle = await steps.make_account(fern, PASSPHRASE)
    await steps.make_group(fern, "Slow Tuesdays", "Fern")
    link = await steps.make_invite(fern)
    await tablet.page.goto("/login")
    await tablet.page.get_by_label("Name to log in with").fill(handle)
    await tablet.page.get_by_label("Passphrase", exact=True).fill(PASSPHRASE)
    await tablet.page.get_by_role("button", name="Log in").click()
    await expect(tablet.page.get_by_text("You own 1 group on another device.")).to_be_visible(timeout=steps.PATIENCE)
    await tablet.page.goto(link)
    await tablet.page.get_by_label("Your name in this group").fill("Fern")
    await tablet.page.get_by_role("button", name="I agree, ask to join").click()
    await expect(tablet.page.get_by_role("alert")).to_contain_text("You own this group on another device.")
