"""Every screen of the real product, reached as people reach it: axe-core finds nothing, light and dark, phone and desk.

Each is also looked at for its title, its one first heading, targets of 44 pixels and sideways scrolling at 320 pixels
(browser/looking.py). States that no honest server brings about are looked at in `test_gallery.py`.
"""

import asyncio
import json
import secrets
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.async_api import WebSocketRoute, expect

from browser import steps
from browser.looking import Survey, too_wide, unseen_focus
from browser.people import DESK, NewPerson, Person
from evening import arrive
from safespace.sdk import Client, Group
from serving import ServerProcess

INVITATION = "Invitation · SafeSpace"
CONVERSATION = "Conversation · SafeSpace"
GROUPS = "Your groups · SafeSpace"
WAITING = "Waiting · SafeSpace"
NAME = "Slow Tuesdays"


@pytest.fixture
def url(standing_server: ServerProcess) -> str:
    return f"http://localhost:{standing_server.port}"


@pytest.fixture
async def host(url: str, tmp_path: Path) -> Client:
    """Fern's client; her groups are made in the tests."""
    return await arrive(url, "Fern", tmp_path)


async def a_group(host: Client) -> Group:
    return await host.create_group(NAME, rules=steps.RULES, welcome="Tuesdays, for one hour.", pseudonym="Fern")


async def go(who: Person, path: str, heading: str) -> None:
    """Open an address and wait for the screen's heading."""
    await who.page.goto(path)
    await expect(who.page.get_by_role("heading", name=heading, level=1)).to_be_visible(timeout=steps.PATIENCE)


async def open_sheet(who: Person, *buttons: str) -> None:
    """From the room through the menu and these rows and buttons."""
    await who.page.get_by_role("button", name="Menu").click()
    for name in buttons:
        await who.page.get_by_role("dialog").get_by_role("button", name=name).first.click()


async def test_before_there_is_an_account(person: NewPerson, url: str) -> None:
    wren, survey = await person("Wren", url), Survey()
    wren.expect_trouble("status of (401|404)")
    page = wren.page
    await go(wren, "/", "A quiet room")
    await survey.look("first visit", wren, "SafeSpace")
    await page.get_by_role("button", name="I have an invite").click()
    await page.get_by_label("Paste your invite").fill("https://example.org/")
    await page.get_by_role("button", name="Open the invite").click()
    await expect(steps.alert(page)).to_contain_text("not an invite to this place")
    await survey.look("a link of another place", wren, "SafeSpace")
    await go(wren, "/account", "Make an account")
    await survey.look("new account", wren, "New account · SafeSpace")
    await page.get_by_label("Name to log in with").fill("x")
    await page.get_by_label("Passphrase", exact=True).fill("short")
    await page.get_by_role("button", name="Make my account").click()
    await expect(steps.alert(page)).to_have_count(2)
    await survey.look("new account, filled in wrongly", wren, "New account · SafeSpace")
    await go(wren, "/login", "Welcome back")
    await survey.look("login", wren, "Log in · SafeSpace")
    await page.get_by_label("Name to log in with").fill(f"nobody-{secrets.token_hex(4)}")
    await page.get_by_label("Passphrase", exact=True).fill("not what it was")
    await page.get_by_role("button", name="Log in").click()
    await expect(steps.alert(page)).to_contain_text("do not go together", timeout=steps.PATIENCE)
    await survey.look("wrong login", wren, "Log in · SafeSpace")
    await go(wren, "/settings", "Settings")
    await survey.look("settings of a visitor", wren, "Settings · SafeSpace")
    await go(wren, "/about", "How it works")
    await survey.look("how it works", wren, "How it works · SafeSpace")
    await go(wren, "/nowhere", "There is nothing here")
    await survey.look("nothing here", wren, "Nothing here · SafeSpace")
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog")).to_contain_text("What the keys do")
    await survey.look("keys", wren, "Nothing here · SafeSpace")
    await page.goto("/quiet")
    await expect(page.get_by_role("table")).to_be_visible()
    await survey.look("neutral page", wren, await page.inner_text("h1"))
    assert survey.found == {}


async def test_invites_of_every_kind(person: NewPerson, url: str, host: Client, tmp_path: Path) -> None:
    wren, survey = await person("Wren", url), Survey()
    wren.expect_trouble("status of 4(04|09|10)")
    async with host:
        group = await a_group(host)
        lasting = await group.create_invite()
        await go(wren, lasting, NAME)
        await survey.look("invitation", wren, INVITATION)
        await wren.page.get_by_role("button", name="I agree, ask to join").click()
        await expect(steps.alert(wren.page)).to_contain_text("Please choose a name")
        await survey.look("invitation without a name", wren, INVITATION)

        used_up = await group.create_invite()
        async with await arrive(url, "Moss", tmp_path) as moss:
            joining = steps.begin(moss.join(used_up, pseudonym="Moss"))
            await steps.admit_one(group)
            await joining
        revoked = await group.create_invite()
        await host._rest.call("DELETE", f"/groups/{group.id}/invites/{revoked.partition('#')[0].rpartition('/')[2]}")
        brief = await group.create_invite(days=1 / 86_400)
        address, _, secret = (await group.create_invite()).partition("#")  # this tab still holds that of the first
        unusable = {
            "used up": (used_up, "This invite has been used"),
            "taken back": (revoked, "This invite was taken back"),
            "unknown": (f"{url}/i/0199aaaa-0000-7000-8000-000000000000#{secret}", "We do not know this invite"),
            "cut off": (f"{address}#{secret[:9]}", "Part of this link is missing"),
            "run out": (brief, "This invite has run out"),
        }
        for name, (link, heading) in unusable.items():
            await wren.page.goto("/about")
            await go(wren, link, heading)
            await survey.look(f"invite {name}", wren, INVITATION)
    assert survey.found == {}


async def test_waiting_and_what_comes_of_it(person: NewPerson, url: str, host: Client) -> None:
    wren, survey = await person("Wren", url), Survey()
    page = wren.page
    async with host:
        group = await a_group(host)
        link = await group.create_invite(uses=5)
        await steps.ask_to_join(wren, link, "Wren", "Hello")
        await survey.look("waiting", wren, WAITING)
        await page.get_by_role("button", name="Read again").click()
        await survey.look("rules while waiting", wren, WAITING)
        await steps.close_sheet(wren)
        await page.get_by_role("button", name="I do not want to wait").click()
        await survey.look("stop waiting", wren, WAITING)
        await steps.close_sheet(wren)
        await go(wren, "/", "Your groups")
        await survey.look("groups with a request", wren, GROUPS)
        for waiting in await group.waiting():
            await group.decline(waiting)
        await page.get_by_role("link", name=NAME).click()
        await expect(page.get_by_role("heading", name="Not this time")).to_be_visible()
        await survey.look("declined", wren, INVITATION)
        await page.get_by_role("button", name="All right").click()
        await expect(page.get_by_role("heading", name="Your groups")).to_be_visible()
        await survey.look("no groups", wren, GROUPS)
        await go(wren, "/new", "Make a group")
        await survey.look("new group", wren, "New group · SafeSpace")
        await page.get_by_role("button", name="Make the group").click()
        await expect(steps.alert(page)).to_have_count(2)
        await survey.look("new group, not filled in", wren, "New group · SafeSpace")
    assert survey.found == {}


async def test_the_room_of_its_owner(person: NewPerson, url: str, tmp_path: Path) -> None:
    fern, survey = await person("Fern", url), Survey()
    page = fern.page
    await steps.make_account(fern)
    await steps.make_group(fern, NAME, "Fern", welcome="Tuesdays, for one hour.")
    await survey.look("alone", fern, CONVERSATION)
    await open_sheet(fern)
    await survey.look("menu", fern, CONVERSATION)
    await steps.close_sheet(fern)
    await open_sheet(fern, "Invite someone")
    await survey.look("make an invite", fern, CONVERSATION)
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Up to 5").check()
    await dialog.get_by_role("button", name="Make the link").click()
    link = (await dialog.get_by_text("/i/").first.inner_text()).strip()
    await dialog.get_by_role("button", name="Show it as a picture").click()
    await expect(dialog.get_by_role("img", name="The invite link as a picture")).to_be_visible()
    await survey.look("an invite", fern, CONVERSATION)
    await steps.close_sheet(fern)
    await open_sheet(fern, "Leave this group")
    await survey.look("the only owner", fern, CONVERSATION)
    await steps.close_sheet(fern)

    async with await arrive(url, "Wren", tmp_path) as wren:
        joining = steps.begin(wren.join(link, pseudonym="Wren", note="Juniper told me about you."))
        await expect(page.get_by_role("button", name="See who").first).to_be_visible(timeout=steps.PATIENCE)
        await survey.look("someone waits", fern, CONVERSATION)
        await open_sheet(fern, "Waiting to come in")
        await survey.look("waiting list", fern, CONVERSATION)
        await steps.close_sheet(fern)
        await steps.let_in(fern, "Wren")
        group = await joining
        await survey.look("nobody has spoken", fern, CONVERSATION)
        await steps.say(fern, "Welcome, all.")
        await group.main.send("I sat in the garden for ten minutes. " * 12)
        await group.main.send("صباح الخير")
        await steps.sees(fern, "صباح الخير")
        await survey.look("conversation", fern, CONVERSATION)
        for name, buttons in {
            "people": ["People"],
            "oneself": ["People", "Fern"],
            "someone else": ["People", "Wren"],
            "remove someone": ["People", "Wren", "Remove from the group"],
            "about the group": ["About this group"],
        }.items():
            await open_sheet(fern, *buttons)
            await survey.look(name, fern, CONVERSATION)
            await steps.close_sheet(fern)
        async with await arrive(url, "Moss", tmp_path) as moss:
            waiting = steps.begin(moss.join(link, pseudonym="Moss"))
            await page.get_by_role("link", name="To your groups").click()
            await group.main.send("Are you still there?")
            await expect(page.get_by_text("1 waiting")).to_be_visible(timeout=steps.PATIENCE)
            await expect(page.get_by_text("1 new message")).to_have_count(1)
            assert await page.title() == f"(1) {GROUPS}"
            await survey.look("groups with news", fern, GROUPS)
            waiting.cancel()
    await go(fern, "/settings", "Settings")
    await survey.look("settings", fern, "Settings · SafeSpace")
    await page.get_by_role("button", name="Log out").click()
    await survey.look("log out", fern, "Settings · SafeSpace")
    assert survey.found == {}


async def test_rooms_that_are_closed(person: NewPerson, url: str, host: Client) -> None:
    wren, survey = await person("Wren", url), Survey()
    # Her device may still be handing in its KeyPackages when she is out again.
    wren.expect_trouble("404.*key-packages")
    page = wren.page
    async with host:
        group = await a_group(host)
        await steps.join(wren, group, "Wren")
        await open_sheet(wren, "Leave this group")
        await survey.look("leave", wren, CONVERSATION)
        await page.get_by_role("dialog").get_by_role("button", name="Leave the group").click()
        await expect(page.get_by_role("heading", name=f"You left {NAME}")).to_be_visible()
        await survey.look("left", wren, CONVERSATION)
        await go(wren, "/g/0199aaaa-0000-7000-8000-000000000000", "There is nothing here")
        await survey.look("unknown group", wren, CONVERSATION)
        other = await a_group(host)
        await steps.join(wren, other, "Wren")
        await other.main.remove(next(one for one in other.main.members() if one.pseudonym == "Wren"))
        await expect(page.get_by_role("heading", name="You are no longer in")).to_be_visible(timeout=steps.PATIENCE)
        await survey.look("removed", wren, CONVERSATION)
        await go(wren, "/", "Your groups")
        await survey.look("groups one is no longer in", wren, GROUPS)
    assert survey.found == {}


async def test_a_second_tab(person: NewPerson, url: str, host: Client) -> None:
    wren, survey = await person("Wren", url), Survey()
    async with host:
        await steps.join(wren, await a_group(host), "Wren")
        first, room = wren.page, wren.page.url
        wren.page = await wren.context.new_page()
        await go(wren, room, "Open in another tab")
        await survey.look("open in another tab", wren, "SafeSpace")
        await wren.page.get_by_role("button", name="Use it here").click()
        await steps.sits(wren)
        await expect(first.get_by_role("heading", name="Open in another tab")).to_be_visible()
    assert survey.found == {}


async def test_without_a_server(person: NewPerson, server: ServerProcess, tmp_path: Path) -> None:
    url = f"http://localhost:{server.port}"
    wren, survey = await person("Wren", url), Survey()
    wren.expect_trouble(steps.AWAY)
    page = wren.page
    async with await arrive(url, "Fern", tmp_path) as host:
        group = await a_group(host)
        link = await group.create_invite()
        await steps.join(wren, group, "Wren")
        await page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
    await asyncio.to_thread(server.kill)
    await expect(page.get_by_text("You are offline").first).to_be_visible(timeout=steps.PATIENCE)
    await survey.look("offline", wren, CONVERSATION)
    await steps.write(wren, "For later.")
    await expect(page.get_by_text("Your words are kept")).to_be_visible()
    await survey.look("offline with something to send", wren, CONVERSATION)
    await go(wren, "/", "Your groups")
    await expect(page.get_by_text("You are offline")).to_be_visible(timeout=steps.PATIENCE)
    await survey.look("groups, opened offline", wren, GROUPS)
    await go(wren, link, "We could not open the invite just now")
    await survey.look("invite, opened offline", wren, INVITATION)
    assert survey.found == {}


async def test_what_a_server_should_not_do(person: NewPerson, url: str, host: Client) -> None:
    """The line between page and server is in our hands: a message is refused, then one is withheld."""
    wren, survey = await person("Wren", url), Survey()
    refuse, withhold = False, False

    def meddle(line: WebSocketRoute) -> None:
        real = line.connect_to_server()

        def on_page(text: str | bytes) -> None:
            frame = json.loads(text)
            if refuse and frame["t"] == "send":
                refusal = {"t": "refused", "room": frame["room"], "client_id": frame["client_id"], "retry_after": None}
                line.send(json.dumps(refusal | {"code": "storage_full", "detail": ""}))
            else:
                real.send(text)

        def on_server(text: str | bytes) -> None:
            nonlocal withhold
            if withhold and json.loads(text)["t"] == "envelope":
                withhold = False
            else:
                line.send(text)

        line.on_message(on_page)
        real.on_message(on_server)

    await wren.page.route_web_socket("**/v1/socket", meddle)
    async with host:
        group = await a_group(host)
        await steps.join(wren, group, "Wren")
        refuse = True
        await steps.write(wren, "Can I say one more thing?")
        await expect(wren.page.get_by_text("This was not sent.")).to_be_visible()
        await survey.look("not sent", wren, CONVERSATION)
        refuse, withhold = False, True
        await group.main.send("withheld")
        await group.main.send("after it")
        await expect(wren.page.get_by_text("Nothing more will be sent until you look")).to_be_visible()
        await survey.look("halted", wren, CONVERSATION)
        await wren.page.get_by_role("button", name="Look", exact=True).click()
        await survey.look("what the device noticed", wren, CONVERSATION)
    assert survey.found == {}


async def test_the_focus_can_be_seen_wherever_it_goes(person: NewPerson, url: str, host: Client) -> None:
    wren = await person("Wren", url)
    found: dict[str, list[str]] = {}
    async with host:
        group = await a_group(host)
        link = await group.create_invite()
        for path, heading in {
            "/": "A quiet room",
            "/account": "Make an account",
            "/login": "Welcome back",
            "/settings": "Settings",
            "/about": "How it works",
            link: NAME,
        }.items():
            await go(wren, path, heading)
            found[heading] = await unseen_focus(wren.page)
        await wren.page.goto("/about")
        await steps.join(wren, group, "Wren")
        for size in ((360, 740), DESK):
            await wren.page.set_viewport_size({"width": size[0], "height": size[1]})
            found[f"room {size}"] = await unseen_focus(wren.page)
            for buttons in ([], ["People"], ["People", "Fern"], ["Leave this group"]):
                await open_sheet(wren, *buttons)
                found[f"{buttons} {size}"] = await unseen_focus(wren.page)
                await steps.close_sheet(wren)
        await go(wren, "/", "Your groups")
        found["groups"] = await unseen_focus(wren.page)
        await go(wren, "/new", "Make a group")
        found["new group"] = await unseen_focus(wren.page)
    assert {name: lines for name, lines in found.items() if lines} == {}


async def test_everything_from_right_to_left(person: NewPerson, url: str, tmp_path: Path) -> None:
    """In English written backwards, the whole page is turned round, and nothing else changes."""
    fern, found = await person("Fern", url), dict[str, list[str]]()

    async def look(name: str) -> None:
        found[name] = [*await fern.accessibility(), *await too_wide(fern.page)]
        assert await fern.page.evaluate("[document.dir, getComputedStyle(document.body).direction]") == ["rtl", "rtl"]

    await steps.make_account(fern)
    await steps.make_group(fern, NAME, "Fern")
    room = fern.page.url
    async with await arrive(url, "Wren", tmp_path) as wren:
        joining = steps.begin(wren.join(await steps.make_invite(fern), pseudonym="Wren"))
        await steps.let_in(fern, "Wren")
        await (await joining).main.send("Hello, all.")
    for path in ("/?lang=qps-plocm", "/new", "/settings", "/about", "/g", room):
        await fern.page.goto(path)
        await expect(fern.page.locator("h1")).to_be_visible()
        await look(path)
    back = await fern.page.locator(".room-back").bounding_box()
    menu = await fern.page.locator(".room-menu").bounding_box()
    assert back is not None
    assert menu is not None
    assert back["x"] > menu["x"]
    await steps.say(fern, "Hello, Wren.", patience=steps.PATIENCE)
    for buttons in ([], ["People"], ["People", "Wren"], ["Invite someone"], ["About this group"]):
        await open_sheet(fern, *buttons)
        await look(str(buttons))
        await steps.close_sheet(fern)
    await fern.page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    await look("desk")
    await fern.page.goto("/login")
    await look("login")
    assert {name: lines for name, lines in found.items() if lines} == {}


async def test_the_survey_finds_what_is_wrong(person: NewPerson, url: str) -> None:
    """Each fault, put into a good page by hand, is found."""
    wren = await person("Wren", url)

    async def with_fault(change: str, title: str = "How it works · SafeSpace") -> str:
        survey = Survey()
        await go(wren, "/about", "How it works")
        await wren.page.evaluate(change)
        await survey.look("spoilt", wren, title)
        return "\n".join(survey.found.get("spoilt", []))

    here: Callable[[str], str] = "document.querySelector('main').insertAdjacentElement('beforeend', {})".format
    made = "Object.assign(document.createElement('{}'), {})".format
    assert await with_fault("0") == ""
    assert "button-name" in await with_fault(here(made("button", "{}")))
    assert "target of" in await with_fault(here(made("button", "{ textContent: 'x' }")))
    assert "2 first headings" in await with_fault(here(made("h1", "{ textContent: 'x' }")))
    assert "cut off" in await with_fault(here(made("p", "{ textContent: 'x', style: 'min-width: 600px' }")))
    wide = made("p", "{ textContent: 'x', style: 'min-width: 600px' }")
    box = here(made("div", "{ style: 'overflow: auto' }"))
    assert "scrolls sideways" in await with_fault(f"{box}.append({wide})")
    assert "is called" in await with_fault("0", title="How it works · Slow Tuesdays")
    assert "color-contrast" in await with_fault("document.querySelector('main').style.color = '#999'")
    await go(wren, "/about", "How it works")
    await wren.page.evaluate("""() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync("* { outline: 0 !important; box-shadow: none !important }");
      document.adoptedStyleSheets = [sheet];
    }""")
    assert "no ring" in "\n".join(await unseen_focus(wren.page))
