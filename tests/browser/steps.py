"""What people do on the pages, told by the names they see."""

import asyncio
import re
import secrets
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from playwright.async_api import Locator, Page, expect

from browser.people import Person
from safespace.fields import Role
from safespace.rooms.actions import Offer
from safespace.sdk import Group

RULES = "What is said here stays here.\nYou can pass, always. No reason needed."
AWAY = "WebSocket|ERR_|can.t establish|interrupted|NetworkError|Failed to (load|fetch)"
"""What browsers say of a server that is not there."""
RACES = r"409 \(Conflict\) \(/v1/groups/[^)]*/rooms\)|404 \(Not Found\) \(/v1/groups/[^)]*/key-packages/take\)"
"""Of two who make a room one is refused, and of two who bring somebody."""
PATIENCE = 60_000
"""Milliseconds to wait for something that other people's devices do."""

T = TypeVar("T")


def alert(page: Page) -> Locator:
    """What the page says loudly now; the places for it are there before."""
    return page.get_by_role("alert").filter(has_text=re.compile(r"\S"))


def live(page: Page) -> Locator:
    """Where the page says by itself what is new."""
    return page.locator("[aria-live=polite], [aria-live=assertive], [role=status]")


def begin(doing: Coroutine[Any, Any, T]) -> "asyncio.Task[T]":
    """Something that goes on while others act."""
    return asyncio.create_task(doing)


async def in_thread(call: Callable[[], None]) -> None:
    """A blocking call beside the browsers."""
    await asyncio.to_thread(call)


async def make_account(who: Person, passphrase: str = "four plain words together") -> str:
    """From the first page to an account with a passphrase; gives its handle."""
    page = who.page
    handle = f"{who.name.lower()}-{secrets.token_hex(4)}"
    await page.goto("/account")
    await page.get_by_label("Name to log in with").fill(handle)
    await page.get_by_label("Passphrase", exact=True).fill(passphrase)
    await page.get_by_role("button", name="Make my account").click()
    await expect(page.get_by_role("heading", name="Your groups").first).to_be_visible(timeout=PATIENCE)
    return handle


async def make_group(who: Person, name: str, pseudonym: str, *, rules: str = RULES, welcome: str = "") -> None:
    """From anywhere to the new group's room."""
    page = who.page
    await page.goto("/new")
    await page.get_by_label("Name of the group").fill(name)
    await page.get_by_label("Welcome").fill(welcome)
    await page.get_by_label("Ground rules").fill(rules)
    await page.get_by_label("Your name in this group").fill(pseudonym)
    await page.get_by_role("button", name="Make the group").click()
    await sits(who)


async def open_menu(who: Person, item: str) -> Locator:
    """Open the room's menu and one of its rows; gives the sheet."""
    await who.page.get_by_role("button", name="Menu").click()
    sheet = who.page.get_by_role("dialog")
    await sheet.get_by_role("button", name=item).click()
    return sheet


async def choose(place: Locator, option: str) -> None:
    """One of a few, by its label, once it stands still."""
    radio = place.get_by_role("radio", name=option)
    await place.locator("label").filter(has=place.page.get_by_role("radio", name=option)).click()
    await expect(radio).to_be_checked()


async def make_invite(who: Person) -> str:
    """A link for one person from the invite sheet, which is closed again."""
    sheet = await open_menu(who, "Invite someone")
    await sheet.get_by_role("button", name="Make the link").click()
    link = (await sheet.get_by_text("/i/").first.inner_text()).strip()
    await close_sheet(who)
    return link


async def close_sheet(who: Person) -> None:
    """Close the sheet that is open, by its button."""
    await who.page.get_by_role("dialog").get_by_role("button", name="Close").click()
    await expect(who.page.get_by_role("dialog")).to_be_hidden()


async def ask_to_join(who: Person, link: str, pseudonym: str, note: str = "") -> None:
    """From the link to the page that keeps one's place."""
    page = who.page
    await page.goto(link)
    await page.get_by_label("Your name in this group").fill(pseudonym)
    if note:
        await page.get_by_label("A few words").fill(note)
    await page.get_by_role("button", name="I agree, ask to join").click()
    await expect(page.get_by_role("heading", name="You are waiting to come in")).to_be_visible(timeout=PATIENCE)


async def let_in(who: Person, pseudonym: str) -> None:
    """From the room: see who is waiting and admit one."""
    page = who.page
    await page.get_by_role("button", name="See who").click(timeout=PATIENCE)
    button = page.get_by_role("dialog").get_by_role("button", name=f"Let {pseudonym} in")
    await button.click()
    await expect(button).to_be_hidden(timeout=PATIENCE)
    await close_sheet(who)


async def admit_one(group: Group) -> None:
    """Let in whoever asks next to join the group of an SDK member."""
    async with asyncio.timeout(PATIENCE / 1000):
        while not (people := await group.waiting()):  # noqa: ASYNC110 - the SDK tells only who asks it
            await asyncio.sleep(0.1)
    await group.admit(people[0])


async def join(who: Person, group: Group, pseudonym: str, note: str = "") -> None:
    """Ask for a seat in the group of an SDK member and sit down in it."""
    await ask_to_join(who, await group.create_invite(), pseudonym, note)
    await admit_one(group)
    await sits(who)


async def take_on(who: Person, group: Group, pseudonym: str, role: Role) -> None:
    """A role that an SDK member offers, and the person's word for it."""
    [member] = [one for one in group.main.members() if one.pseudonym == pseudonym]
    await group.main.do(Offer(target=member.id, role=role))
    await who.page.get_by_role("button", name="Read more").click(timeout=PATIENCE)
    sheet = who.page.get_by_role("dialog")
    await sheet.get_by_role("button", name="I agree and take it on").click()
    await expect(sheet).to_be_hidden(timeout=PATIENCE)


async def sits(who: Person) -> None:
    """The room is open and can be written in."""
    await expect(composer(who.page)).to_be_visible(timeout=PATIENCE)


def composer(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Your message")


async def write(who: Person, text: str) -> None:
    """Write and press send; it stands in one's own conversation, sent or not."""
    await composer(who.page).fill(text)
    await who.page.get_by_role("button", name="Send").click()
    await sees(who, text)


async def say(who: Person, text: str, patience: int = PATIENCE) -> None:
    """Write and send; done when the room has it."""
    await write(who, text)
    await expect(who.page.get_by_role("log").get_by_text("Sending", exact=True)).to_have_count(0, timeout=patience)


async def sees(who: Person, text: str, patience: int = PATIENCE) -> None:
    """The message stands in the conversation."""
    said = who.page.get_by_role("log").get_by_text(text, exact=True)
    await expect(said).to_be_visible(timeout=patience)


async def noticed(page: Page, words: str) -> None:
    """It was told in the conversation, on its own or as the last of what came together."""
    await expect(page.get_by_role("log").get_by_text(words).first).to_be_attached(timeout=PATIENCE)


async def all_said(who: Person) -> list[str]:
    """Every message of the conversation, oldest first: from its beginning on, as far as it goes."""
    log = who.page.get_by_role("log")
    later = who.page.get_by_role("button", name="Show later messages")
    await log.press("Home")
    await expect(who.page.get_by_role("button", name="Show earlier messages")).to_be_hidden()
    said: dict[str, str] = {}
    while True:
        said |= await said_here(who)
        if not await later.is_visible():
            return list(said.values())
        await later.press("Enter")


async def read_back(who: Person) -> list[str]:
    """Every message, oldest first, as someone meets them who leafs from the end to the beginning by keys."""
    log = who.page.get_by_role("log")
    await log.press("End")
    await expect(who.page.get_by_role("button", name="Show later messages")).to_be_hidden()
    said: dict[str, str] = {}
    async with asyncio.timeout(PATIENCE / 200):
        while True:
            said = await said_here(who) | said
            if await log.evaluate("log => log.scrollTop") == 0:
                await expect(who.page.get_by_role("button", name="Show earlier messages")).to_be_hidden()
                return list((await said_here(who) | said).values())
            await log.press("PageUp")


async def said_here(who: Person) -> dict[str, str]:
    """What is drawn of the conversation, by the messages' ids."""
    part = await who.page.get_by_role("log").evaluate(
        """log => [...log.querySelectorAll('.said-one')].map(
            one => [one.dataset.item, one.querySelector('.said')?.textContent ?? ''])"""
    )
    assert len({id for id, _ in part}) == len(part), "a message stands there twice"
    return dict(part)


async def remove(who: Person, pseudonym: str) -> None:
    """From the room: the list of people, the person, remove, confirm."""
    page = who.page
    sheet = page.get_by_role("dialog")
    beside = page.get_by_role("complementary", name="People")
    if not await beside.is_visible():
        await open_people(who)
        beside = sheet
    await beside.get_by_role("button", name=pseudonym).click()
    await sheet.get_by_role("button", name="Remove from the group").click()
    await sheet.get_by_role("button", name=f"Remove {pseudonym}").click()
    await expect(page.get_by_role("log").get_by_text(f"removed {pseudonym}")).to_be_visible(timeout=PATIENCE)
    await expect(sheet).to_be_hidden()


async def open_people(who: Person) -> None:
    """One tap on the place at the top, one on who can read it."""
    await who.page.get_by_role("button", name="can read this").click()
    await who.page.get_by_role("dialog").get_by_role("button", name="Who?").click()


async def leave(who: Person) -> None:
    """From the room: the menu, leave, confirm."""
    sheet = await open_menu(who, "Leave this group")
    await sheet.get_by_role("button", name="Leave the group").click()
