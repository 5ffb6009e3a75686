"""People in browsers and people over the SDK are asked something, and nobody can tell whose the answers are."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Locator, expect

from ballot_watch import Watch, chance, counted, linked, modulus, seen, tagged
from browser import steps
from browser.keys import Keys
from browser.people import DESK, NewPerson, Person
from evening import Evening, until
from quickened import QuickServer, quick_clock, quick_page
from safespace.crypto import blind_rsa
from serving import free_port
from wiretap import wiretap

pytestmark = pytest.mark.alone
ASKED = "What would you like to ask?"
HERS, HIS = "Is it all right to be angry?", "Does it get easier?"
PROGRAMS, BROWSERS = ("Fern", "Moss", "Jay"), ("Wren", "Ivy", "Sol")
EVERYONE = {name.lower(): name.lower() for name in (*PROGRAMS, *BROWSERS)}
BALLOTS = 4


@pytest.fixture
async def watched(tmp_path: Path) -> AsyncIterator[tuple[str, Watch]]:
    """A server's address, and who watches it."""
    port = free_port()
    async with wiretap(port) as tap:
        url = f"http://localhost:{tap.port}"
        server = QuickServer(tmp_path / "data", port, SAFESPACE_ORIGINS=url)
        await asyncio.to_thread(server.start)
        yield url, Watch(server, tap)
        await asyncio.to_thread(server.stop)


@asynccontextmanager
async def gathered(url: str, folder: Path, *people: Person) -> AsyncIterator[Evening]:
    """Fern's session with Moss and Jay over the SDK, and these in their browsers."""
    _, *others = PROGRAMS
    async with Evening.of(url, folder, *others, clock=quick_clock) as evening:
        for who in people:
            await who.context.add_init_script(quick_page())
            await steps.make_account(who)
            await steps.join(who, evening.group, who.name)
        await evening.group.open_session(720)
        yield evening


def sheet(who: Person) -> Locator:
    return who.page.get_by_role("dialog")


def button(who: Person, name: str) -> Locator:
    return who.page.get_by_role("button", name=name, exact=True)


async def told(who: Person, words: str) -> None:
    """A line says so, to the ear as well."""
    await expect(steps.live(who.page).filter(has_text=words).first).to_be_attached(timeout=steps.PATIENCE)


async def test_sol_asks_by_keys_alone_and_shares_one_answer(
    watched: tuple[str, Watch], person: NewPerson, tmp_path: Path
) -> None:
    url, watch = watched
    sol, wren = await person("Sol", url, size=DESK), await person("Wren", url)
    ivy = await person("Ivy", url, which="firefox")
    async with gathered(url, tmp_path, sol, wren, ivy) as evening:
        await steps.take_on(sol, evening.group, "Sol", "facilitator")
        keys, hers = Keys(sol), Keys(wren)
        await keys.choose(button(sol, "Run the session"))
        await keys.choose(button(sol, "More"))
        await keys.choose(sheet(sol).get_by_role("button", name="Ask without names"))
        await expect(sheet(sol)).to_contain_text("Nothing was asked without names yet.")
        await keys.choose(sheet(sol).get_by_role("button", name="Ask without names"))
        await expect(sheet(sol)).to_contain_text("will read the answers, all together")
        await keys.reach(sheet(sol).get_by_role("radio", name="3 minutes"))
        await keys.press("ArrowRight", "ArrowRight")
        await expect(sheet(sol).get_by_role("radio", name="10 minutes")).to_be_checked()
        await keys.choose(button(sol, "Ask everyone"))
        await keys.shows(button(sol, "Answer"))

        await until(lambda: all(any(one.is_open for one in group.ballots()) for group in evening.groups.values()))
        evening.groups["Moss"].ask_anonymously(HIS)
        await hers.choose(button(wren, "Answer"))
        await expect(sheet(wren)).to_contain_text("Nobody is told who wrote it")
        assert await wren.accessibility() == []
        await hers.fill("Your question", HERS)
        await hers.choose(button(wren, "Keep this answer"))
        await told(wren, "Your answer is kept here and goes by itself.")
        await hers.holds_focus()
        ballot = evening.group.ballots()[-1]
        await until(lambda: len(watch.tokens(ballot)) == len(EVERYONE))
        await until(lambda: all(group.ballots()[-1].fate == "ready" for group in evening.groups.values()))

        await keys.choose(button(sol, "Run the session"))
        await keys.choose(button(sol, "More"))
        await keys.choose(sheet(sol).get_by_role("button", name="Ask without names"))
        await keys.choose(button(sol, "End it now"))
        for who in (sol, wren, ivy):
            await told(who, "Answers are on their way.")
        await steps.close_sheet(sol)
        await counted(ballot)
        assert len(watch.answers(ballot)) == len(EVERYONE)
        assert {answer.text for answer in await ballot.answers()} == {HERS, HIS}

        await keys.choose(button(sol, "Run the session"))
        await keys.choose(button(sol, "More"))
        await keys.choose(sheet(sol).get_by_role("button", name="Ask without names"))
        mine = sheet(sol).get_by_role("listitem").filter(has_text=HERS)
        await expect(sheet(sol).get_by_role("listitem")).to_have_count(2)
        assert await sol.accessibility() == []
        await keys.choose(mine.get_by_role("button", name="Share with the room"))
        await expect(mine.get_by_role("button", name="Shared")).to_be_attached()
        await keys.holds_focus()
        await steps.close_sheet(sol)
        await keys.choose(button(sol, "Run the session"))
        await keys.choose(button(sol, "More"))
        await keys.choose(sheet(sol).get_by_role("button", name="Ask without names"))
        await expect(mine.get_by_role("button", name="Shared")).to_be_attached()
        for who in (wren, ivy):
            log = who.page.get_by_role("log")
            await expect(log.get_by_text("Somebody asks").first).to_be_visible(timeout=steps.PATIENCE)
            await expect(log.get_by_text(HERS).first).to_be_visible()
            await expect(log.get_by_text(HIS)).to_have_count(0)


async def test_nobody_is_found_but_by_guessing_in_a_browser_or_not(
    watched: tuple[str, Watch], person: NewPerson, tmp_path: Path
) -> None:
    url, watch = watched
    people = [await person(name, url) for name in BROWSERS]
    async with gathered(url, tmp_path, *people) as evening:
        hits = 0
        for _ in range(BALLOTS):
            ballot = await evening.group.open_ballot("questions", ASKED, minutes=15)
            await until(lambda: all(any(one.is_open for one in group.ballots()) for group in evening.groups.values()))
            for name, group in evening.groups.items():
                group.ballots()[-1].answer(name.lower())
            for who in people:
                await answer(who, who.name.lower())
            found = await seen(evening, watch, ballot, len(EVERYONE))
            assert {one.text for one in found.answers} == set(EVERYONE)
            hits += sum(who == text for who, text in linked(found).items())
        # A browser is known as one: people hide among those who use what they use.
        assert hits <= chance(BALLOTS, len(PROGRAMS), len(BROWSERS)), hits
        assert linked(tagged(found, ballot)) == EVERYONE

        other = max((blind_rsa.generate()[0] for _ in range(12)), key=modulus)  # what was blinded for theirs fits
        with sqlite3.connect(watch.file) as db:
            db.execute("CREATE TABLE other_keys AS SELECT ? AS private", (other,))
            db.execute(
                "CREATE TRIGGER another_key AFTER INSERT ON ballots "
                "BEGIN UPDATE ballots SET private = (SELECT private FROM other_keys) WHERE id = NEW.id; END"
            )
        ballot = await evening.group.open_ballot("questions", ASKED, minutes=15)
        for who in people:
            await button(who, "Look").click(timeout=steps.PATIENCE)
            await expect(sheet(who).get_by_text("ballot_forged")).to_be_visible()
        await until(lambda: all(group.ballots()[-1].fate == "no_token" for group in evening.groups.values()))
        await ballot.close()
        await counted(ballot)
        assert watch.answers(ballot) == []


async def answer(who: Person, text: str) -> None:
    await button(who, "Answer").click(timeout=steps.PATIENCE)
    await sheet(who).get_by_label("Your question").fill(text)
    await button(who, "Keep this answer").click()
    await expect(sheet(who)).to_be_hidden()
