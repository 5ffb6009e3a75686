"""The main ways through the pages in WebKit: Wren joins by an invite, talks, makes a group of her own, and is gone."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from browser import steps
from browser.test_opening_a_room import CUT_OFF
from browser.webkit import WebKit, behind_tls, webkit
from evening import Evening, Listener, arrive, refusal, until
from safespace.rooms.actions import Offer
from safespace.sdk import Room
from serving import ServerProcess, free_port


@pytest.fixture(scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[ServerProcess, str]]:
    """A server and its address behind TLS."""
    folder = tmp_path_factory.mktemp("webkit")
    port = free_port()
    server = ServerProcess(folder / "data", SAFESPACE_ORIGINS=f"https://localhost:{port}")
    server.start()
    async with behind_tls(port, server.port, folder) as origin:
        yield server, origin
    server.stop()


@pytest.fixture(scope="module")
def wren(server: tuple[ServerProcess, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebKit]:
    with webkit(tmp_path_factory.mktemp("wren"), server[1]) as browser:
        yield browser


async def test_register_invite_wait_room_help_and_quick_exit(
    server: tuple[ServerProcess, str], wren: WebKit, tmp_path: Path
) -> None:
    async with (
        await arrive(server[0].url, "Fern", tmp_path) as fern,
        await arrive(server[0].url, "Moss", tmp_path) as moss,
    ):
        group = await fern.create_group("Slow Tuesdays", rules=steps.RULES, pseudonym="Fern")
        listener = Listener(group.main)
        link = (await group.create_invite()).replace(server[0].url, server[1])

        def asks() -> None:
            make_account(wren, "wren-of-webkit")
            wren.goto(link)
            wren.sees("What is said here stays here.")
            wren.fill("Your name in this group", "Wren")
            wren.press("I agree, ask to join")
            wren.sees("You are waiting to come in")
            assert "#" not in wren.driver.current_url

        await asyncio.to_thread(asks)
        await steps.admit_one(group)

        def talks() -> None:
            wren.sees("Only the 2 here can read")
            wren.fill("Your message", "I sat in the garden.")
            wren.press("Send")
            wren.sees("I sat in the garden.")

        await asyncio.to_thread(talks)
        await listener.hears("I sat in the garden.")
        room = wren.driver.current_url
        await group.main.send("So did I.")
        await asyncio.to_thread(wren.sees, "So did I.")

        # Away, and back to much that is new: it opens whole, where one left.
        await asyncio.to_thread(wren.goto, "/help")
        await asyncio.to_thread(wren.arrives, "Someone will answer")
        for number in range(40):
            await group.main.send(f"Message {number}")

        def comes_back() -> None:
            wren.goto(room)
            wren.sees("New since you were here")
            wren.sees("Message 0")
            assert wren.script(CUT_OFF.strip().replace("() =>", "return", 1)) == []
            bar = wren.script("return document.querySelector('.room-bar').getBoundingClientRect().top")
            assert bar == 0
            new = wren.script("return document.querySelector('[data-new]').getBoundingClientRect().top")
            assert 0 < new < wren.script("return innerHeight")

        await asyncio.to_thread(comes_back)
        await listener.stop()

        # A group of her own.
        def makes_a_group() -> str:
            wren.goto("/new")
            wren.fill("Name of the group", "Long Sundays")
            wren.fill("Your name in this group", "Wren")
            wren.press("Make the group")
            wren.sees("Only you can read this")
            wren.press("Menu")
            wren.press("Invite someone")
            wren.press("Make the link")
            wren.sees("/i/")
            made = str(wren.script("return document.querySelector('.link-box').innerText")).strip()
            wren.press("Close")
            return made

        made = await asyncio.to_thread(makes_a_group)
        joining = asyncio.create_task(moss.join(made.replace(server[1], server[0].url), pseudonym="Moss"))

        def lets_in() -> None:
            wren.press("See who")
            wren.press("Let Moss in")
            wren.sees("Only the 2 here can read")

        await asyncio.to_thread(lets_in)
        await (await joining).main.send("Good morning.")

        def is_gone() -> None:
            wren.sees("Good morning.")
            wren.goto("/help")
            wren.sees("112")
            wren.press("Leave this page now")
            wren.sees("Mon")
            assert wren.driver.current_url.endswith("/quiet")
            wren.driver.back()
            assert "Good morning" not in wren.text()

        await asyncio.to_thread(is_gone)


async def test_a_page_that_is_left_in_mid_word_keeps_no_other_waiting(
    server: tuple[ServerProcess, str], tmp_path: Path
) -> None:
    """What it was writing to the store is ended with it."""

    def looks() -> None:
        with webkit(tmp_path, server[1]) as wren:
            make_account(wren, "wren-in-a-hurry")
            wren.goto("/new")
            wren.fill("Name of the group", "Long Sundays")
            wren.fill("Your name in this group", "Wren")
            wren.press("Make the group")
            wren.sees("Only you can read this")
            room = wren.driver.current_url
            for _ in range(8):
                wren.fill("Your message", "half a wor")
                wren.goto("/new")
                wren.sees("Name of the group")
                wren.goto(room)
                wren.sees("Only you can read this")

    await asyncio.to_thread(looks)


def make_account(wren: WebKit, handle: str) -> None:
    wren.goto("/account")
    wren.fill("Name to log in with", handle)
    wren.fill("Passphrase", "four plain words together")
    wren.press("Make my account")
    wren.arrives("Your groups")


async def test_wren_leads_an_evening(server: tuple[ServerProcess, str], tmp_path: Path) -> None:
    """From opening to goodbye, with a round, a mute, small rooms and a pause. Without what is asked without names:
    answers are counted a good while later, and this engine cannot be given a quicker clock."""
    with webkit(tmp_path, server[1]) as wren:
        async with Evening.of(server[0].url, tmp_path, "Moss", "Jay") as evening:
            await leads(wren, evening, server)


async def leads(wren: WebKit, evening: Evening, server: tuple[ServerProcess, str]) -> None:
    rooms = evening.rooms
    link = (await evening.group.create_invite()).replace(server[0].url, server[1])

    def comes_in() -> None:
        make_account(wren, "wren-who-leads")
        wren.goto(link)
        wren.fill("Your name in this group", "Wren")
        wren.press("I agree, ask to join")

    await asyncio.to_thread(comes_in)
    await steps.admit_one(evening.group)
    await asyncio.to_thread(wren.sees, "Only the 4 here can read")
    [hers] = [one for one in evening.group.main.members() if one.pseudonym == "Wren"]
    await evening.group.main.do(Offer(target=hers.id, role="facilitator"))

    def opens() -> None:
        wren.press("Read more")
        wren.press("I agree and take it on")
        wren.press("Run the session")
        wren.press("More")
        wren.press("Plan the evening")
        wren.press("A structured")
        wren.press("Use as it is")
        wren.press("Run the session")
        wren.press("Start a session")
        wren.press("Start a session")
        wren.sees("opened the session")
        wren.press("Run the session")
        wren.press("Start a round")
        wren.press("Start with")

    await asyncio.to_thread(opens)
    for _ in range(len(rooms)):
        await until(lambda: any(holds(room) for room in rooms.values()))
        [room] = [one for one in rooms.values() if holds(one)]
        await room.send("I am here.")
        await room.pass_turn()

    def silences() -> None:
        wren.sees("Everyone had a turn")
        wren.press("Run the session")
        wren.press("More")
        wren.press("Open the floor")
        wren.press("Menu")
        wren.press("People")
        wren.press("Jay")
        wren.press("Mute Jay")
        wren.sees("Jay is muted")

    await asyncio.to_thread(silences)
    assert await refusal(rooms["Jay"].send("But listen")) == "muted"

    def parts() -> None:
        wren.press("Run the session")
        wren.press("More")
        wren.press("Small rooms")
        wren.press("Go into small rooms")

    await asyncio.to_thread(parts)
    await until(lambda: all(len(group.breakouts) == 2 for group in evening.groups.values()))

    def calls_back_and_rests() -> None:
        wren.press("Look in")
        wren.press("Call everyone back now")
        wren.press("Run the session")
        wren.press("Pause the room")
        wren.press("Pause the room")
        wren.sees("The room is paused")

    await asyncio.to_thread(calls_back_and_rests)
    await until(lambda: not any(group.breakouts for group in evening.groups.values()))
    assert await refusal(rooms["Moss"].send("Not now.")) == "paused"

    def ends() -> None:
        wren.press("Go on")
        wren.press("Run the session")
        wren.press("More")
        wren.press("End the session")
        wren.press("End it now")
        wren.sees("Thank you for being here")

    await asyncio.to_thread(ends)
    await until(lambda: rooms["Moss"].now().live.session is None)


def holds(room: Room) -> bool:
    return room.floor.holder is not None and room.floor.holder.me


async def test_over_plain_http_webkit_keeps_no_login_and_the_page_says_so(
    server: tuple[ServerProcess, str], wren: WebKit
) -> None:
    def looks() -> None:
        plain = f"http://localhost:{server[0].port}"
        wren.goto(f"{plain}/account")
        wren.arrives("This browser keeps no login here")
        wren.goto(f"{plain}/help")
        wren.sees("112")

    await asyncio.to_thread(looks)


async def test_no_script_runs_that_is_not_the_one_that_was_built(
    server: tuple[ServerProcess, str], wren: WebKit
) -> None:
    def looks() -> None:
        wren.goto("/about")
        code = "import('/sw.js').then(() => arguments[0]('ran'), () => arguments[0]('refused'))"
        assert wren.driver.execute_async_script(code) == "refused"

    await asyncio.to_thread(looks)
