"""Fern runs an evening with her thumb, again by keys alone, and once her phone dies; Wren, Moss and Sol live it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Locator, expect

from browser import steps
from browser.keys import Keys
from browser.people import DESK, NewPerson, Person
from evening import arrive, refusal, sit_down, until
from safespace.sdk import Group, Room, Segment
from serving import ServerProcess

PARTS = [Segment(title="Check-in", minutes=20, kind="check_in"), Segment(title="Rest", minutes=5, kind="break")]
NOTE = "Two minutes to stretch."


@asynccontextmanager
async def gathered(url: str, folder: Path, *members: Person, leading: Person) -> AsyncIterator[tuple[Group, Room]]:
    """Sol's group, with Moss over the SDK, these in their browsers, and one of them as a facilitator."""
    async with await arrive(url, "Sol", folder) as sol, await arrive(url, "Moss", folder) as moss:
        group = await sol.create_group("Slow Tuesdays", rules=steps.RULES, pseudonym="Sol")
        seat = (await sit_down(group, moss, "Moss")).main
        for who in (leading, *members):
            await steps.make_account(who)
            await steps.join(who, group, who.name)
        await steps.take_on(leading, group, leading.name, "facilitator")
        everyone = {"Sol", "Moss", leading.name, *(who.name for who in members)}
        await until(lambda: {one.pseudonym for one in seat.here()} == everyone)
        yield group, seat


def sheet(who: Person) -> Locator:
    return who.page.get_by_role("dialog")


async def tap(who: Person, *buttons: str) -> None:
    """Buttons of the page and of the sheets that they open, one after the other."""
    for name in buttons:
        place = sheet(who) if await sheet(who).count() else who.page
        button = place.get_by_role("button", name=name).or_(place.get_by_role("switch", name=name)).first
        await (button.tap() if await who.page.evaluate("navigator.maxTouchPoints") else button.click())


async def run(who: Person, *buttons: str, done: str) -> None:
    """Something on the sheet "Run the session", which closes and says that it is done."""
    await tap(who, "Run the session", *buttons)
    await told(who, done)
    await expect(sheet(who)).to_be_hidden()


async def told(who: Person, words: str) -> None:
    """A line says so, to the ear as well."""
    await expect(steps.live(who.page).filter(has_text=words).first).to_be_attached(timeout=steps.PATIENCE)


async def noticed(who: Person, words: str) -> None:
    """It stands in the conversation."""
    await expect(who.page.get_by_role("log").get_by_text(words).first).to_be_visible(timeout=steps.PATIENCE)


def button(who: Person, name: str) -> Locator:
    return who.page.get_by_role("button", name=name, exact=True)


async def sound(who: Person) -> None:
    assert await who.accessibility() == []


async def test_fern_runs_an_evening_with_her_thumb(
    person: NewPerson, standing_server: ServerProcess, tmp_path: Path
) -> None:
    url = f"http://localhost:{standing_server.port}"
    fern, wren = await person("Fern", url, has_touch=True, is_mobile=True), await person("Wren", url)
    async with gathered(url, tmp_path, wren, leading=fern) as (group, moss):
        await run(fern, "Start a session", "Start a session", done="The session is on.")
        await noticed(wren, "Fern opened the session")
        [session] = group.sessions()
        await session.write_run_sheet(PARTS)
        await run(fern, "Begin with “Check-in", done="The room is at: Check-in")
        await expect(wren.page.get_by_role("button", name="part 1 of 2")).to_be_visible(timeout=steps.PATIENCE)

        await go_round(fern, wren, moss)
        await by_hands(fern, wren, moss)
        await quietly(fern, wren, moss)

        await run(fern, "More", "Lock the door", done="The door is locked.")
        await run(fern, "More", "Gentle pace", done="The pace is gentle.")
        await tap(wren, "part 1 of 2")
        await expect(sheet(wren).get_by_text("Fern leads the session")).to_be_visible()
        await expect(sheet(wren).get_by_role("listitem").filter(has_text="Rest")).to_be_visible()
        await sound(wren)
        await steps.close_sheet(wren)

        await tap(fern, "Run the session", "More", "Who has been heard")
        await expect(sheet(fern).get_by_role("listitem").filter(has_text="Wren")).to_contain_text("messages")
        await expect(sheet(fern).get_by_role("listitem").filter(has_text="Sol")).not_to_contain_text("message")
        await steps.close_sheet(fern)

        closes = moss.now().live.session
        await run(fern, "More", "5 more minutes", done="The session ends at")
        await until(lambda: moss.now().live.session not in (closes, None))
        await run(fern, "More", "End the session", "End it now", done="The session is over.")
        await noticed(wren, "The session is over. Thank you for being here.")
        await expect(button(wren, "Raise hand")).to_be_hidden()
        await until(lambda: moss.now().live.session is None and not moss.now().live.locked)

        deeds = await steps.open_menu(fern, "What was done")
        told_of = ("Fern opened the session", "Fern gave Moss the floor", "Fern locked the door")
        for done in told_of:
            await expect(deeds.get_by_text(done).first).to_be_visible()
        await expect(deeds.get_by_text("Wren raised a hand")).to_have_count(0)


async def go_round(fern: Person, wren: Person, moss: Room) -> None:
    """Moss says "later", Wren speaks with words written while she waited, Moss passes."""
    await tap(fern, "Run the session", "Start a round")
    await expect(sheet(fern).get_by_role("checkbox", name="Fern (you)")).not_to_be_checked()
    await sheet(fern).get_by_role("checkbox", name="Sol").uncheck()
    await steps.choose(sheet(fern), "As they need")
    await sound(fern)
    await tap(fern, "Start with 2 people")
    await told(wren, "Moss has the floor. You are next")
    await steps.composer(wren.page).fill("I slept.")
    await expect(wren.page.get_by_text("This stays here until you can send it.")).to_be_visible()
    await steps.composer(wren.page).press("Control+Enter")
    await expect(wren.page.get_by_role("button", name="Send")).to_be_disabled()
    await sound(wren)
    await until(lambda: moss.floor.holder is not None and moss.floor.holder.me)
    await moss.pass_turn(later=True)

    await told(wren, "You have the floor. Moss is next")
    await expect(steps.composer(wren.page)).to_have_value("I slept.")
    await wren.page.get_by_role("button", name="Send").click()
    await steps.sees(fern, "I slept.")
    await expect(fern.page.locator(".said-group[data-lit]")).to_contain_text("has the floor")
    await button(wren, "Done").click()
    await until(lambda: moss.floor.holder is not None and moss.floor.holder.me)
    await moss.pass_turn()
    await told(wren, "Everyone had a turn.")
    await told(fern, "Everyone had a turn.")


async def by_hands(fern: Person, wren: Person, moss: Room) -> None:
    """Wren has the floor, Moss would like to say something to it and is given it; Wren's words wait."""
    await run(fern, "More", "Go by hands", done="The floor goes by hands now.")
    await told(wren, "The floor is free.")
    await tap(wren, "Raise hand")
    await told(wren, "You have the floor")
    await until(lambda: moss.floor.holder is not None and moss.floor.holder.pseudonym == "Wren")
    await moss.raise_hand(too=True)
    await told(fern, "Wren has the floor. Moss is next")
    await steps.composer(wren.page).fill("One more thing.")
    await tap(fern, "Wren has the floor · Moss is next")
    waiting = sheet(fern).get_by_role("listitem").filter(has_text="Moss")
    await expect(waiting).to_contain_text("me too")
    await waiting.get_by_role("button", name="Give the floor").tap()
    await told(wren, "Moss has the floor")
    await expect(steps.composer(wren.page)).to_have_value("One more thing.")
    await expect(sheet(fern)).to_be_hidden()
    await until(lambda: moss.floor.holder is not None and moss.floor.holder.me)
    await tap(fern, "Next turn")
    await told(fern, "The floor is free.")
    await run(fern, "More", "Open the floor", done="The floor is open.")
    await noticed(wren, "The floor is open")


async def quietly(fern: Person, wren: Person, moss: Room) -> None:
    """A pause, with why; then slowly: what is sent too soon waits and goes by itself."""
    await tap(fern, "Run the session", "Pause the room", "Say why")
    await sheet(fern).get_by_label("A few words for everyone").fill(NOTE)
    await tap(fern, "Pause the room")
    await told(wren, "The room is paused. Fern asked for a moment of quiet. You can read, and write down")
    await told(wren, NOTE)
    await sound(wren)
    assert await refusal(moss.send("Not now.")) == "paused"
    await expect(sheet(fern)).to_be_hidden()
    await tap(fern, "Go on")
    await noticed(wren, "The room goes on")

    await tap(fern, "Run the session", "More", "Slow mode")
    await steps.choose(sheet(fern), "15 s")
    await tap(fern, "Keep it so")
    await told(wren, "Slow for now: one message every 15 seconds.")
    await steps.say(wren, "One more thing.")
    await expect(wren.page.get_by_text("Yours can go in about")).to_be_visible()
    await steps.say(wren, "And another.")
    await steps.sees(fern, "And another.")
    await tap(fern, "Run the session", "More", "Slow mode")
    await steps.choose(sheet(fern), "Off")
    await tap(fern, "Keep it so")
    await noticed(wren, "Everyone may write at their own speed again")


async def test_fern_runs_it_by_keys_alone(person: NewPerson, standing_server: ServerProcess, tmp_path: Path) -> None:
    url = f"http://localhost:{standing_server.port}"
    fern, wren = await person("Fern", url, size=DESK), await person("Wren", url)
    async with gathered(url, tmp_path, wren, leading=fern) as (_, moss):
        keys, hers = Keys(fern), Keys(wren)
        opener = keys.button("Run the session")

        async def act(*buttons: str, done: str) -> None:
            await keys.choose(opener)
            for name in buttons:
                await keys.choose(keys.sheet.get_by_role("button", name=name))
            await told(fern, done)
            await expect(keys.sheet).to_be_hidden()
            await keys.holds_focus()

        await act("Start a session", "Start a session", done="The session is on.")
        await act("More", "Go by hands", done="The floor goes by hands now.")
        await hers.choose(hers.button("Raise hand"))
        await told(fern, "Wren has the floor")
        await hers.holds_focus()
        await hers.choose(hers.button("You have the floor"))
        await hers.choose(hers.sheet.get_by_role("button", name="Later"))
        await hers.choose(hers.sheet.get_by_role("button", name="Close"))
        await told(wren, "You have the floor")
        await hers.choose(hers.button("Pass"))
        await told(fern, "The floor is free.")
        await hers.holds_focus()
        await act("Pause the room", "Pause the room", done="The room is paused.")
        await told(wren, "The room is paused")
        await keys.choose(keys.button("Go on"))
        await noticed(wren, "The room goes on")
        await keys.holds_focus()
        await act("More", "End the session", "End it now", done="The session is over.")
        await until(lambda: moss.now().live.session is None)


async def test_ferns_phone_dies_and_sol_leads_with_the_turn_kept(
    person: NewPerson, standing_server: ServerProcess, tmp_path: Path
) -> None:
    url = f"http://localhost:{standing_server.port}"
    fern, robin = await person("Fern", url), await person("Robin", url)
    async with gathered(url, tmp_path, robin, leading=fern) as (group, moss):
        await steps.take_on(robin, group, "Robin", "facilitator")
        await run(fern, "Start a session", "Start a session", done="The session is on.")
        await run(fern, "More", "Go by hands", done="The floor goes by hands now.")
        await told(robin, "The floor is free.")
        await moss.raise_hand()
        await told(robin, "Moss has the floor")
        turn = moss.now().floor.turn

        await fern.context.close()
        await told(robin, "Fern is not connected any more, so you lead the session now. Nobody lost their turn.")
        await noticed(robin, "Robin leads the session now")
        await sound(robin)
        await tap(robin, "All right")
        await expect(robin.page.get_by_text("Fern is not connected")).to_be_hidden()
        await until(lambda: (on := moss.now().live.session) is not None and on.lead == robins(moss))
        assert (moss.now().floor.turn, moss.floor.holder is not None and moss.floor.holder.me) == (turn, True)
        await moss.send("I still have it.")
        await steps.sees(robin, "I still have it.")
        await expect(robin.page.locator(".said-group[data-lit]")).to_contain_text("I still have it.")


def robins(room: Room) -> str:
    return next(one.id for one in room.members() if one.pseudonym == "Robin")
