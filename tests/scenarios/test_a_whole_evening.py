"""Twelve people and an evening from the first knock to the last word, over the SDK, where a minute takes seconds.

Fern hosts and Sol facilitates with her: doors, new rules, a check-in round, hands, a guest, small rooms, questions
without names, a closing round, how it was, and the end. Rosa, who runs the server, has not one word of it.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from canaries import Words, found_of
from evening import Evening, Listener, refusal, until
from guests import gone, guest_comes, waiting
from quickened import QuickServer, quick_clock
from safespace.sdk import Ballot, Room, Segment, Session

pytestmark = pytest.mark.alone
MEMBERS = ("Wren", "Moss", "Jay", "Ivy", "Robin", "Kit", "Ash", "Lark", "Bo")
SHEET = [
    Segment(title="Check-in", minutes=20, kind="check_in"),
    Segment(title="What helps at night", minutes=25, kind="topic"),
    Segment(title="Pacing, with a nurse", minutes=20, kind="guest"),
    Segment(title="Questions", minutes=15, kind="questions"),
    Segment(title="Closing round", minutes=10, kind="closing"),
]
CHECK_IN, TOPIC, GUEST, QUESTIONS, CLOSING = range(5)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[QuickServer]:
    server = QuickServer(tmp_path / "server", SAFESPACE_BUDGETS="1")  # what people have
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def evening(server: QuickServer, tmp_path: Path) -> AsyncIterator[Evening]:
    async with Evening.of(server.url, tmp_path, clock=quick_clock) as evening:
        await evening.seat("Sol", "facilitator")
        yield evening


async def everywhere(evening: Evening, words: str) -> None:
    """Every device has read this."""
    for name, room in evening.rooms.items():
        listener = Listener(room)
        try:
            await listener.hears(words)
        finally:
            await listener.stop()
        assert room.log.trouble() is None, name


async def at_the_door(evening: Evening, words: Words) -> None:
    """Nine knock with one link, are told a word, and come in together while Fern's phone sleeps."""
    sol = evening.groups["Sol"]
    link = await evening.group.create_invite(uses=9)
    await evening.clients["Fern"].close()
    coming = {}
    for name in MEMBERS:
        client = await evening.arrive(name)
        coming[name] = asyncio.create_task(client.join(link, pseudonym=name, note=words.next()))
    await waiting(sol, len(MEMBERS))
    word = words.next()
    await sol.tell_all(word)
    await until(lambda: all(evening.clients[name].word(link) == word for name in MEMBERS))
    await sol.admit_all()
    for name, task in coming.items():
        evening.groups[name] = await task
        evening.rooms[name] = evening.groups[name].main
    await evening.restart("Fern")
    evening.group = evening.groups["Fern"]
    await until(lambda: all(len(room.members()) == 11 for room in evening.rooms.values()))


async def new_rules(evening: Evening, words: Words) -> None:
    rules = words.next()
    await evening.group.write_rules(rules)
    others = [group for name, group in evening.groups.items() if name != "Fern"]
    await until(lambda: all(group.rules == rules for group in others))
    assert await refusal(evening.rooms["Wren"].send("hm")) == "agree_first"
    for group in others:
        await group.agree()
    await until(lambda: all(everyone_agreed(room) for room in evening.rooms.values()))


def everyone_agreed(room: Room) -> bool:
    state = room.policy
    return state is not None and all(member.agreed == state.rules.version for member in state.members.values())


async def round_of_turns(evening: Evening, words: Words) -> None:
    """Everyone but Fern has a turn. Moss and Ivy pass; Jay's line is lost before his, and he is back for it."""
    order = ["Sol", *MEMBERS]
    await evening.rooms["Fern"].start_round(seconds=0, order=[evening.member(name) for name in order])
    for place, name in enumerate(order):
        if order[place + 1 : place + 2] == ["Jay"]:
            await evening.restart("Jay")
        room = evening.rooms[name]
        await until(lambda room=room: holds(room))  # type: ignore[misc]
        if name not in ("Moss", "Ivy"):
            await room.send(words.next())
        await room.pass_turn()
    await until(lambda: all(room.floor.holder is None for room in evening.rooms.values()))
    await evening.rooms["Sol"].open_floor()
    await until(lambda: all(room.floor.mode == "open" for room in evening.rooms.values()))


def holds(room: Room) -> bool:
    return room.floor.holder is not None and room.floor.holder.me


async def by_hands(evening: Evening, words: Words) -> None:
    """Sol runs this part. Three want to speak at once; each does."""
    sol = evening.rooms["Sol"]
    await sol.go_by_hands()
    asking = [evening.rooms[name] for name in ("Robin", "Kit", "Ash")]
    await asyncio.gather(*(room.raise_hand() for room in asking))
    await until(lambda: len(sol.floor.queue) == 2)
    for _ in asking:
        await until(lambda: any(map(holds, asking)))
        [speaker] = [room for room in asking if holds(room)]
        assert await refusal(evening.rooms["Lark"].send("me?")) == "not_your_turn"
        await speaker.send(words.next())
        await speaker.pass_turn()
        await until(lambda speaker=speaker: not holds(speaker))  # type: ignore[misc]
    await sol.open_floor()


async def a_guest(evening: Evening, session: Session, words: Words) -> None:
    """A nurse comes for her part, and goes with it: with new keys for all who stay."""
    await session.move_on(GUEST)
    _, nurse = await guest_comes(evening, evening.group, "Reed", SHEET[GUEST])
    await until(lambda: all(len(room.members()) == 12 for room in evening.rooms.values()))
    word = words.next()
    await nurse.main.send(word)
    await everywhere(evening, word)
    await session.move_on(QUESTIONS)
    await gone(evening, "Reed")


async def small_rooms(evening: Evening, words: Words) -> None:
    """Three small rooms of three. Fern visits one, and calls all back."""
    fern = evening.rooms["Fern"]
    threes = [MEMBERS[at : at + 3] for at in range(0, 9, 3)]
    rooms = await fern.break_out([[evening.member(name) for name in three] for three in threes], 60)
    visit = None
    for number, three in enumerate(threes):
        groups = [evening.groups[name] for name in three]
        await until(lambda groups=groups: all(len(group.breakouts) == 3 for group in groups))  # type: ignore[misc]
        inside = await asyncio.gather(*(group.breakouts[number].enter() for group in groups))
        if visit is None:
            visit = await rooms[0].enter()
            inside.append(visit)
        await until(lambda inside=inside: all(len(one.members()) == len(inside) for one in inside))  # type: ignore[misc]
        heard = [Listener(one) for one in inside]
        word = words.next()
        await inside[0].send(word)
        for listener in heard:
            await listener.hears(word)
            await listener.stop()
    await fern.call_back()
    await until(lambda: not any(group.breakouts for group in evening.groups.values()))


async def without_names(evening: Evening, ballot: Ballot, answers: dict[str, str]) -> None:
    """Everyone's device answers, with what its person said or with nothing; Fern reads what was said."""
    groups = evening.groups
    await until(lambda: all(any(one.id == ballot.id for one in group.ballots()) for group in groups.values()))
    for name, answer in answers.items():
        groups[name].ballots()[-1].answer(answer)
    await until(lambda: all(group.ballots()[-1].fate == "ready" for group in groups.values()))
    await ballot.close()
    await until(lambda: all(group.ballots()[-1].fate == "sent" for group in groups.values()))
    async with asyncio.timeout(120):
        while await ballot.progress() == "coming":  # noqa: ASYNC110 - only asking again tells
            await asyncio.sleep(0.2)
    assert sorted(answer.text for answer in await ballot.answers()) == sorted(answers.values())


async def same_everywhere(evening: Evening) -> None:
    newest = max(room.place.cursor for room in evening.rooms.values())
    await until(lambda: all(room.place.cursor >= newest for room in evening.rooms.values()))
    assert len({room.place.state.written() for room in evening.rooms.values() if room.place.state}) == 1


async def test_a_whole_evening(server: QuickServer, evening: Evening) -> None:
    words, group = Words(), evening.group
    await at_the_door(evening, words)
    group = evening.group
    await new_rules(evening, words)
    session = await group.open_session(minutes=720)
    titled = [part.model_copy(update={"title": words.next()}) for part in SHEET]
    await session.write_run_sheet(titled)
    await session.move_on(CHECK_IN)
    await round_of_turns(evening, words)
    await session.move_on(TOPIC)
    await by_hands(evening, words)
    await a_guest(evening, session, words)
    await small_rooms(evening, words)
    asked = {name: words.next() for name in ("Wren", "Kit")}
    await without_names(evening, await group.open_ballot("questions", words.next()), asked)
    await evening.rooms["Sol"].send_card("Somebody asks", asked["Kit"])
    await session.move_on(CLOSING)
    await round_of_turns(evening, words)
    await session.close()
    kind = {name: words.next() for name in ("Moss", "Bo", "Lark")}
    await without_names(evening, await group.open_ballot("feedback", words.next()), kind)
    last = words.next()
    await evening.rooms["Bo"].send(last)
    await everywhere(evening, last)
    await same_everywhere(evening)
    assert not [warning for room in evening.rooms.values() for warning in room.warnings()]
    files = [path.read_bytes() for path in server.data_dir.rglob("*") if path.is_file()]
    assert found_of(words.said, [*files, server.log().encode()]) == set()
    assert len(words.said) > 40
