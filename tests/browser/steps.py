"""What people do on the pages, told by the names they see."""

from playwright.async_api import Locator, Page, expect

from browser.people import Person

RULES = "What is said here stays here.\nYou can pass, always. No reason needed."


async def make_account(who: Person, handle: str, passphrase: str = "four plain words together") -> None:
    """From the first page to an account with a passphrase."""
    page = who.page
    await page.goto("/account")
    await page.get_by_label("Name to log in with").fill(handle)
    await page.get_by_label("Passphrase", exact=True).fill(passphrase)
    await page.get_by_role("button", name="Make my account").click()
    await expect(page.get_by_role("heading", name="Your groups")).to_be_visible(timeout=20_000)


async def make_group(who: Person, name: str, pseudonym: str, *, rules: str = RULES, welcome: str = "") -> None:
    """From anywhere to the new group's room."""
    page = who.page
    await page.goto("/new")
    await page.get_by_label("Name of the group").fill(name)
    await page.get_by_label("Welcome").fill(welcome)
    await page.get_by_label("Ground rules").fill(rules)
    await page.get_by_label("Your name in this group").fill(pseudonym)
    await page.get_by_role("button", name="Make the group").click()
    await expect(composer(page)).to_be_visible(timeout=20_000)


async def make_invite(who: Person, *, uses: int = 1) -> str:
    """A link from the invite sheet, which is closed again."""
    page = who.page
    await page.get_by_role("button", name="Menu").click()
    sheet = page.get_by_role("dialog")
    await sheet.get_by_role("button", name="Invite someone").click()
    if uses > 1:
        await sheet.get_by_role("radio", name=str(uses)).check()
    await sheet.get_by_role("button", name="Make the link").click()
    link = (await sheet.get_by_text("/i/").first.inner_text()).strip()
    await page.keyboard.press("Escape")
    return link


async def ask_to_join(who: Person, link: str, pseudonym: str, note: str = "") -> None:
    """From the link to the page that keeps one's place."""
    page = who.page
    await page.goto(link)
    await page.get_by_label("Your name in this group").fill(pseudonym)
    if note:
        await page.get_by_label("A few words").fill(note)
    await page.get_by_role("button", name="I agree, ask to join").click()
    await expect(page.get_by_role("heading", name="has been told you are here")).to_be_visible(timeout=20_000)


async def let_in(who: Person, pseudonym: str) -> None:
    """From the room: see who is waiting and admit one."""
    page = who.page
    button = page.get_by_role("button", name=f"Let {pseudonym} in")
    if not await button.is_visible():
        await page.get_by_role("button", name="See who").click(timeout=20_000)
    await button.click()
    await expect(button).to_be_hidden(timeout=20_000)
    await page.keyboard.press("Escape")


def composer(page: Page) -> Locator:
    return page.get_by_label("Your message")


async def say(who: Person, text: str) -> None:
    """Write and send; done when the room has it."""
    await composer(who.page).fill(text)
    await who.page.get_by_role("button", name="Send").click()
    await sees(who, text)


async def sees(who: Person, text: str) -> None:
    """The message stands in the conversation."""
    await expect(who.page.get_by_role("log").get_by_text(text, exact=True)).to_be_visible(timeout=20_000)
