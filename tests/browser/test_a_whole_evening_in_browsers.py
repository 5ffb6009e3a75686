"""Twelve people and an evening that Fern leads from her page alone: on a small phone with one thumb, and by keys alone.

Wren is at a browser too, the others come over the SDK. A minute takes seconds; nobody has to be quick all the same.
"""

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Locator, expect

from ballot_watch import counted
from browser import steps
from browser.keys import Keys
from browser.people import DESK, NewPerson, Person
from browser.profile import policy
from browser.thumb import Thumb
from canaries import Words, found_of
from evening import Evening, Listener, refusal, until
from guests import gone
from quickened import QuickServer, quick_clock, quick_page
from safespace.sdk import Ballot, Room
from serving import free_port

pytestmark = pytest.mark.alone
SMALL: Final = (360, 640)
PROGRAMS: Final = ("Sol", "Moss", "Jay", "Ivy", "Robin", "Kit", "Ash", "Lark", "Bo")
EVERYONE: Final = len(PROGRAMS) + 2

Hands = Thumb | Keys


class Told(Evening):
    """The evening as it is told here: what is said, by whom, and how Fern gets about."""

    fern: Hands
    wren: Person
    words: Words

    def fold(self) -> Room:
        return self.rooms["Sol"]

    async def heard(self, text: str) -> None:
        """Every device has read this."""
        for room in self.rooms.values():
            listener = Listener(room)
            try:
                await listener.hears(text)
            finally:
                await listener.stop()
        for who in (self.fern, self.wren):
            await reads(who, who.page.get_by_role("log").get_by_text(text, exact=True))


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[QuickServer]:
    port = free_port()
    server = QuickServer(tmp_path / "server", port, SAFESPACE_ORIGINS=f"http://localhost:{port}")
    await asyncio.to_thread(server.start)
    yield server
    await asyncio.to_thread(server.stop)


def button(who: Person | Hands, name: str) -> Locator:
    return who.page.get_by_role("button", name=name)


def exactly(who: Person | Hands, name: str) -> Locator:
    """The button of this name, where others have it within theirs."""
    return who.page.get_by_role("button", name=name, exact=True)


async def told(who: Person | Hands, words: str) -> None:
    """A line says so, to the ear as well."""
    await expect(steps.live(who.page).filter(has_text=words).first).to_be_attached(timeout=steps.PATIENCE)


async def reads(who: Person | Hands, line: Locator) -> None:
    """It stands in the conversation, at once, or once who went elsewhere in it goes to what is new."""
    below = who.page.get_by_role("button", name=re.compile("new messages?$"))
    await expect(line.or_(below).first).to_be_attached(timeout=steps.PATIENCE)
    if await line.count() == 0:
        await (below.click() if isinstance(who, Person) else who.choose(below))
    await expect(line.first).to_be_attached(timeout=steps.PATIENCE)


async def go(fern: Hands, opener: str, *inside: str) -> None:
    """Open a sheet, and go on in it."""
    await expect(fern.sheet).to_be_hidden(timeout=steps.PATIENCE)
    await fern.choose(button(fern, opener).locator("visible=true").first)
    for name in inside:
        await fern.choose(
            fern.sheet.get_by_role("button", name=name).or_(fern.sheet.get_by_role("switch", name=name)).first
        )


async def run(fern: Hands, *inside: str, done: str) -> None:
    """Something on the sheet "Run the session", which closes and says that it is done."""
    await go(fern, "Run the session", *inside)
    await told(fern, done)
    await expect(fern.sheet).to_be_hidden()


async def close(fern: Hands) -> None:
    await fern.choose(fern.sheet.get_by_role("button", name="Close"))
    await expect(fern.sheet).to_be_hidden()


async def link_of(fern: Hands) -> str:
    link = (await fern.sheet.get_by_text("/i/").first.inner_text()).strip()
    await close(fern)
    return link


async def makes_a_group(fern: Hands) -> None:
    page = fern.page
    await page.goto("/account")
    await fern.write(page.get_by_label("Name to log in with"), "fern")
    await fern.write(page.get_by_label("Passphrase", exact=True), "four plain words together")
    await fern.choose(button(fern, "Make my account"))
    await fern.choose(page.get_by_role("link", name="Make a group"))
    await fern.write(page.get_by_label("Name of the group"), "Slow Tuesdays")
    await fern.write(page.get_by_label("Ground rules"), steps.RULES)
    await fern.write(page.get_by_label("Your name in this group"), "Fern")
    await fern.choose(button(fern, "Make the group"))
    await expect(steps.composer(page)).to_be_visible(timeout=steps.PATIENCE)


async def at_the_door(evening: Told) -> None:
    """Ten knock with one link, are told a word, and come in together."""
    fern, wren, words = evening.fern, evening.wren, evening.words
    await go(fern, "Menu", "Invite someone")
    await fern.pick("How many people may use it?", "Up to 20")
    await fern.choose(button(fern, "Make the link"))
    link = await link_of(fern)
    await steps.make_account(wren)
    await steps.ask_to_join(wren, link, "Wren", words.after("Somebody told me about you."))
    coming = {}
    for name in PROGRAMS:
        client = await evening.arrive(name)
        coming[name] = asyncio.create_task(client.join(link, pseudonym=name, note=words.after("Hello.")))
    await go(fern, "See who")
    await expect(button(fern, "Let all 10 in")).to_be_visible(timeout=steps.PATIENCE)
    word = words.after("Two more minutes.")
    await fern.choose(button(fern, "Write to everyone waiting"))
    await fern.write(fern.page.get_by_label("A few words to everyone waiting"), word)
    await fern.choose(fern.sheet.get_by_role("button", name="Send"))
    await until(lambda: all(evening.clients[name].word(link) == word for name in PROGRAMS))
    await expect(wren.page.get_by_text(word)).to_be_visible(timeout=steps.PATIENCE)
    await fern.choose(button(fern, "Let all 10 in"))
    for name, task in coming.items():
        evening.groups[name] = await task
        evening.rooms[name] = evening.groups[name].main
    evening.group = evening.groups["Sol"]
    await steps.sits(wren)
    await until(lambda: all(len(room.members()) == EVERYONE for room in evening.rooms.values()))
    await expect(fern.sheet).to_contain_text("Nobody is waiting.")
    await close(fern)


async def new_rules(evening: Told) -> None:
    fern, wren = evening.fern, evening.wren
    await go(fern, "Menu", "About this group", "Ground rules", "Change the ground rules")
    rules = f"{steps.RULES}\n{evening.words.after('No names of doctors or clinics.')}"
    await fern.write(fern.page.get_by_label("The ground rules", exact=True), rules)
    await fern.choose(button(fern, "Ask everyone to agree"))
    await expect(fern.sheet).to_be_hidden(timeout=steps.PATIENCE)
    await until(lambda: all(group.rules == rules for group in evening.groups.values()))
    assert await refusal(evening.rooms["Moss"].send("hm")) == "agree_first"
    for group in evening.groups.values():
        await group.agree()
    await button(wren, "Read them").click(timeout=steps.PATIENCE)
    await button(wren, "I agree").click()
    await steps.sits(wren)
    await until(lambda: all(everyone_agreed(room) for room in evening.rooms.values()))


def everyone_agreed(room: Room) -> bool:
    state = room.policy
    return state is not None and all(member.agreed == state.rules.version for member in state.members.values())


async def begins(evening: Told) -> None:
    """A template, with a part of its own moved to its place; and the session is on."""
    fern, words = evening.fern, evening.words
    await go(fern, "Run the session", "More", "Plan the evening", "Led by a professional", "Change it first")
    parts = fern.sheet.get_by_label("Part", exact=True)
    await fern.write(parts.nth(2), words.after("Pacing, with a nurse"))
    await fern.write(parts.nth(4), words.after("What helps at night"))
    await fern.select(fern.sheet.get_by_label("Kind").nth(4), "Topic")
    for place in (4, 3):
        await fern.choose(button(fern, "Earlier").nth(place))
    await fern.choose(button(fern, "Keep it"))
    await told(fern, "The evening is planned.")
    await go(fern, "Run the session", "Start a session")
    await fern.pick("How long", "2 h")
    await fern.choose(fern.sheet.get_by_role("button", name="Start a session"))
    await told(fern, "The session is on.")
    await steps.noticed(evening.wren.page, "Fern opened the session")
    await run(fern, "Begin with “Arriving”", done="The room is at: Arriving")
    welcome = words.after("Good that you are here.")
    await fern.write(steps.composer(fern.page), welcome)
    await fern.choose(button(fern, "Send"))
    await evening.heard(welcome)


def holds(room: Room) -> bool:
    return room.floor.holder is not None and room.floor.holder.me


async def round_of_turns(evening: Told, *passing: str, lost: str = "") -> None:
    """Everyone but Fern has a turn. The line of one is lost before it is theirs, and they are back for it."""
    fern, wren, words = evening.fern, evening.wren, evening.words
    await until(lambda: all(len(room.here()) == EVERYONE for room in evening.rooms.values()))
    await go(fern, "Run the session", "Start a round")
    await fern.pick("Time for each", "As they need")
    await fern.choose(button(fern, "Start with 10 people"))
    await told(fern, "The round has begun.")
    sol = evening.fold()
    await until(lambda: sol.floor.holder is not None)
    order = [one.pseudonym for one in (sol.floor.holder, *sol.floor.queue) if one is not None]
    assert sorted(order) == sorted([*PROGRAMS, "Wren"])
    if lost:
        await evening.clients[lost].close()
    for name in order:
        if name == lost:
            await evening.restart(name)
        if name == "Wren":
            await told(wren, "You have the floor")
            if name not in passing:
                await steps.say(wren, words.after("I slept."))
            await exactly(wren, "Pass" if name in passing else "Done").click()
            continue
        room = evening.rooms[name]
        await until(partial(holds, room))
        if name not in passing:
            await room.send(words.after("I am here."))
        await room.pass_turn()
    for who in (wren, fern):
        await told(who, "Everyone had a turn.")
    await run(fern, "More", "Open the floor", done="The floor is open.")
    await until(lambda: all(room.floor.mode == "open" for room in evening.rooms.values()))


async def by_hands(evening: Told) -> None:
    """Robin has the floor, Wren has something to say to it; Fern gives it to Kit first, and ends that turn."""
    fern, wren, words = evening.fern, evening.wren, evening.words
    robin, kit = evening.rooms["Robin"], evening.rooms["Kit"]
    await run(fern, "Go on to “What helps at night", done="The room is at: What helps at night")
    await run(fern, "More", "Go by hands", done="The floor goes by hands now.")
    await robin.raise_hand()
    await until(lambda: holds(robin))
    await told(wren, "Robin has the floor")
    await button(wren, "Robin has the floor").click()
    await button(wren, "Me too").click()
    await steps.close_sheet(wren)
    await until(lambda: [one.pseudonym for one in kit.floor.queue] == ["Wren"])
    await kit.raise_hand()
    await robin.send(words.after("A fan helps me, for the sound."))
    await expect(button(fern, "Robin has the floor · Wren is next")).to_be_visible(timeout=steps.PATIENCE)
    await go(fern, "Robin has the floor")
    waiting = fern.sheet.get_by_role("listitem")
    await expect(waiting.filter(has_text="Wren")).to_contain_text("me too")
    await fern.choose(waiting.filter(has_text="Kit").get_by_role("button", name="Give the floor"))
    await until(lambda: holds(kit))
    assert await refusal(evening.rooms["Lark"].send("me?")) == "not_your_turn"
    await kit.send(words.after("I count the stairs."))
    await go(fern, "Next turn")
    await told(wren, "You have the floor")
    await steps.say(wren, words.after("I read the same page again."))
    await exactly(wren, "Done").click()
    await told(fern, "The floor is free.")
    await run(fern, "More", "Open the floor", done="The floor is open.")


async def a_guest(evening: Told) -> None:
    """A nurse comes for her part, and goes with it: with new keys for all who stay."""
    fern, words = evening.fern, evening.words
    await run(fern, "Go on to “Pacing, with a nurse", done="The room is at: Pacing, with a nurse")
    await go(fern, "Run the session", "More", "Invite a guest", "Make the link")
    client = await evening.arrive("Reed")
    coming = asyncio.create_task(client.join(await link_of(fern), pseudonym="Reed"))
    await go(fern, "See who", "Let Reed in")
    evening.groups["Reed"] = await coming
    evening.rooms["Reed"] = evening.groups["Reed"].main
    await close(fern)
    await until(lambda: all(len(room.members()) == EVERYONE + 1 for room in evening.rooms.values()))
    word = words.after("Rest before you need it.")
    await evening.rooms["Reed"].send(word)
    await evening.heard(word)
    await run(fern, "Go on to “Your questions", done="The room is at: Your questions")
    await gone(evening, "Reed")
    for who in (fern, evening.wren):
        thanks = "Reed was here as a guest, and has gone. Thank you for coming."
        await reads(who, who.page.get_by_role("log").get_by_text(thanks))


async def small_rooms(evening: Told) -> None:
    """Three small rooms. Fern looks into one, and calls all back."""
    fern, wren, words = evening.fern, evening.wren, evening.words
    await go(fern, "Run the session", "More", "Small rooms")
    await fern.pick("How many rooms", "3")
    await fern.pick("For how many minutes", "30")
    await fern.choose(button(fern, "Go into small rooms"))
    await expect(fern.sheet).to_be_hidden(timeout=steps.PATIENCE)
    await until(lambda: all(len(group.breakouts) == 3 for group in evening.groups.values()))
    assert [one.title for one in evening.fold().breakouts] == ["Room 1", "Room 2", "Room 3"]
    inside = {}
    for name, group in evening.groups.items():
        [mine] = [one for one in group.breakouts if name in [who.pseudonym for who in one.sent]]
        inside[name] = await mine.enter()
    await button(wren, "Go there").click(timeout=steps.PATIENCE)
    await expect(wren.page.get_by_role("main").get_by_text("Nothing said here is kept.")).to_be_visible(
        timeout=steps.PATIENCE
    )
    word = words.after("It is easier with four.")
    await steps.say(wren, word)
    [hers] = [one for one in evening.fold().breakouts if "Wren" in [who.pseudonym for who in one.sent]]
    for name in (one.pseudonym for one in hers.sent if one.pseudonym != "Wren"):
        heard = Listener(inside[name])
        await heard.hears(word)
        await heard.stop()
    await go(fern, "Look in", f"Look into {hers.title}")
    await expect(fern.page.get_by_role("main").get_by_text("Nothing said here is kept.")).to_be_visible(
        timeout=steps.PATIENCE
    )
    await go(fern, "Back to everyone")
    await go(fern, "Look in", "Call everyone back now")
    await until(lambda: not any(group.breakouts for group in evening.groups.values()))
    for who in (fern, wren):
        await expect(who.page.get_by_role("heading", name="Slow Tuesdays").first).to_be_visible(timeout=steps.PATIENCE)
        await expect(button(who, "Small rooms")).to_be_hidden()


async def without_names(evening: Told, server: QuickServer, hers: str, his: str, *, questions: bool) -> None:
    """Everyone's device answers, with what Wren and Kit said or with nothing; Fern reads what was said.

    How it was is asked with the session's end.
    """
    fern, wren = evening.fern, evening.wren
    if questions:
        await go(fern, "Run the session", "More", "Ask without names", "Ask without names")
        await fern.pick("Time to answer", "10 minutes")
        await fern.choose(button(fern, "Ask everyone"))
    await expect(fern.sheet).to_be_hidden(timeout=steps.PATIENCE)
    groups = evening.groups.values()
    await until(lambda: all(any(one.is_open for one in group.ballots()) for group in groups))
    evening.groups["Kit"].ballots()[-1].answer(his)
    await button(wren, "Answer").click(timeout=steps.PATIENCE)
    if not questions:
        await steps.choose(wren.page.get_by_role("group", name="How do you feel now?"), "Better")
    await wren.page.get_by_label("Your question" if questions else "Anything you want to say").fill(hers)
    await button(wren, "Keep this answer").click()
    ballot = evening.group.ballots()[-1]
    await until(lambda: tokens(server, ballot) == EVERYONE)
    await until(lambda: all(group.ballots()[-1].fate == "ready" for group in groups))
    await go(fern, "Run the session", "More", "Ask without names", "End it now")
    await told(wren, "Answers are on their way.")
    await close(fern)
    await counted(ballot)
    await go(fern, "Run the session", "More", "Ask without names")
    answers = fern.sheet.get_by_role("listitem")
    await expect(answers.filter(has_text=hers)).to_be_visible(timeout=steps.PATIENCE)
    await expect(answers.filter(has_text=his)).to_be_visible()
    if questions:
        await fern.choose(answers.filter(has_text=his).get_by_role("button", name="Share with the room"))
        await evening.heard(his)
    else:
        await expect(answers.filter(has_text=hers)).to_contain_text("Better")
    await close(fern)


def tokens(server: QuickServer, ballot: Ballot) -> int:
    """How many devices have what it takes to answer."""
    with closing(sqlite3.connect(f"file:{server.database_file}?mode=ro", uri=True)) as database:
        rows = database.execute("SELECT count(*) FROM ballot_tokens WHERE ballot = ?", (ballot.id.hex,))
        return int(rows.fetchone()[0])


async def a_pause(evening: Told) -> None:
    fern, wren = evening.fern, evening.wren
    note = evening.words.after("Two minutes to stretch.")
    await go(fern, "Run the session", "Pause the room", "Say why")
    await fern.write(fern.page.get_by_label("A few words for everyone"), note)
    await fern.choose(fern.sheet.get_by_role("button", name="Pause the room"))
    await told(wren, "Fern asked for a moment of quiet.")
    await told(wren, note)
    assert await refusal(evening.rooms["Moss"].send("Not now.")) == "paused"
    await go(fern, "Go on")
    await expect(button(fern, "Undo")).to_be_hidden()
    await steps.noticed(wren.page, "The room goes on")


async def same_everywhere(evening: Told) -> None:
    """Every device has folded the same, to the last word."""
    newest = max(room.place.cursor for room in evening.rooms.values())
    await until(lambda: all(room.place.cursor >= newest for room in evening.rooms.values()))
    assert len({room.place.state.written() for room in evening.rooms.values() if room.place.state}) == 1
    agreed = evening.fold().now()
    folded = evening.fold().place.state
    assert folded is not None
    assert agreed.live.session is None
    want = folded.model_dump(mode="json", by_alias=True)
    for page in (evening.fern.page, evening.wren.page):
        async with asyncio.timeout(60):
            while await policy(page) != want:  # noqa: ASYNC110 - the page tells nobody when it has written
                await asyncio.sleep(0.2)


@pytest.mark.parametrize("how", ["by thumb", "by keys"])
async def test_a_whole_evening(server: QuickServer, person: NewPerson, tmp_path: Path, how: str) -> None:
    url = f"http://localhost:{server.port}"
    if how == "by thumb":
        fern = await person("Fern", url, size=SMALL, has_touch=True, is_mobile=True)
        wren = await person("Wren", url, which="firefox")
    else:
        fern, wren = await person("Fern", url, size=DESK), await person("Wren", url)
    for who in (fern, wren):
        who.expect_trouble(steps.RACES)
        await who.context.add_init_script(quick_page())
    async with Told.elsewhere(url, tmp_path, clock=quick_clock) as evening:
        evening.fern = Thumb(fern) if how == "by thumb" else Keys(fern)
        evening.wren, evening.words = wren, (words := Words())
        await makes_a_group(evening.fern)
        await at_the_door(evening)
        await new_rules(evening)
        await begins(evening)
        await run(evening.fern, "Go on to “How is everyone", done="The room is at: How is everyone")
        await round_of_turns(evening, "Wren", "Ivy", lost="Jay")
        await by_hands(evening)
        await a_guest(evening)
        await small_rooms(evening)
        asked = [words.after("Is it all right to be angry?"), words.after("Does it get easier?")]
        await without_names(evening, server, *asked, questions=True)
        await a_pause(evening)
        await run(evening.fern, "Go on to “One thing to take along", done="The room is at: One thing")
        await round_of_turns(evening)
        await run(evening.fern, "More", "End the session", "End it now", done="The session is over.")
        await steps.noticed(wren.page, "The session is over. Thank you for being here.")
        kind = [words.after("I can breathe."), words.after("Thank you.")]
        await without_names(evening, server, *kind, questions=False)
        last = words.after("Good night.")
        await evening.rooms["Bo"].send(last)
        await evening.heard(last)
        await same_everywhere(evening)
        assert not [warning for room in evening.rooms.values() for warning in room.warnings()]
    files = [path.read_bytes() for path in server.data_dir.rglob("*") if path.is_file()]
    assert found_of(words.said, [*files, server.log().encode()]) == set()
    assert len(words.said) > 40
