"""Questions and feedback without a name: asked, answered and read, over the SDK, where a minute takes seconds."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from evening import Evening, Listener, refusal, until
from quickened import QuickServer, quick_clock

pytestmark = pytest.mark.alone
NAMES = ("Wren", "Moss", "Jay", "Ivy")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[QuickServer]:
    server = QuickServer(tmp_path_factory.mktemp("quick") / "data")
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def evening(server: QuickServer, tmp_path: Path) -> AsyncIterator[Evening]:
    """Fern, Sol who facilitates with her, and four others."""
    async with Evening.of(server.url, tmp_path, *NAMES, clock=quick_clock) as evening:
        await evening.seat("Sol", "facilitator")
        yield evening


async def all_asked(evening: Evening) -> None:
    await until(lambda: all(any(one.is_open for one in group.ballots()) for group in evening.groups.values()))


async def all_sent(evening: Evening, but: str = "") -> None:
    others = [group for name, group in evening.groups.items() if name != but]
    await until(lambda: all(group.ballots()[-1].fate == "sent" for group in others))


async def test_questions_and_how_it_was(evening: Evening) -> None:
    fern, sol, wren, moss = (evening.groups[name] for name in ("Fern", "Sol", "Wren", "Moss"))
    assert await refusal(fern.open_ballot("questions", "What would you ask?")) == "no_session"
    session = await fern.open_session(60)
    ballot = await fern.open_ballot("questions", "What would you ask?")
    assert await refusal(sol.open_ballot("feedback", "How was it?")) in ("ballot_open", "stale_policy")
    assert await refusal(wren.open_ballot("questions", "May I?")) == "forbidden"
    await all_asked(evening)
    late = await evening.seat("Late")
    wren.ask_anonymously("Is it all right to be angry?")
    wren.ask_anonymously("Is it all right to be this angry?")
    moss.ask_anonymously("Does it get easier?")
    assert await ballot.progress() == "open"
    assert await refusal(ballot.answers()) == "ballot_not_over"
    await until(lambda: all(evening.groups[name].ballots()[-1].fate == "ready" for name in ("Fern", "Sol", *NAMES)))
    await ballot.close()
    assert await ballot.progress() == "coming"
    await all_sent(evening, "Late")
    while await ballot.progress() == "coming":  # noqa: ASYNC110
        await asyncio.sleep(0.1)
    assert await ballot.progress() == "in"
    for reader in (fern, sol):
        texts = [answer.text for answer in await reader.ballots()[0].answers()]
        assert sorted(texts) == ["Does it get easier?", "Is it all right to be this angry?"]
    assert await refusal(wren.ballots()[0].answers()) == "forbidden"
    assert evening.groups["Late"].ballots()[0].fate in (None, "no_token")
    heard = Listener(evening.rooms["Jay"])
    await evening.rooms["Sol"].send_card("Somebody asks", "Does it get easier?")
    await heard.hears("Does it get easier?")
    await heard.stop()
    await session.close()
    await how_it_was(evening)
    assert not [warning for room in evening.rooms.values() for warning in room.warnings()]
    assert late.warnings() == []


async def how_it_was(evening: Evening) -> None:
    """Asked after the session; whoever closes the program before it is over has said nothing."""
    fern, wren, jay = (evening.groups[name] for name in ("Fern", "Wren", "Jay"))
    ballot = await fern.open_ballot("feedback", "How did it leave you?", minutes=2)
    await all_asked(evening)
    wren.ballots()[-1].answer("thank you", mood="better")
    jay.ballots()[-1].answer(mood="unsure")
    await all_sent(evening)
    while await ballot.progress() == "coming":  # noqa: ASYNC110
        await asyncio.sleep(0.1)
    answers = await ballot.answers()
    assert {(answer.mood, answer.text) for answer in answers} == {("better", "thank you"), ("unsure", "")}
    assert wren.ballots()[-1].fate == "sent"


async def test_too_few_answers_are_shown_to_nobody(evening: Evening) -> None:
    fern = evening.groups["Fern"]
    await fern.open_session(60)
    ballot = await fern.open_ballot("questions", "What would you ask?", minutes=2)
    await all_asked(evening)
    evening.groups["Wren"].ask_anonymously("Does anyone else hide?")
    for name in ("Moss", "Jay"):
        await evening.clients[name].close()
    others = [evening.groups[name] for name in ("Fern", "Sol", "Wren", "Ivy")]
    await until(lambda: all(group.ballots()[-1].fate == "sent" for group in others))
    while await ballot.progress() == "coming":  # noqa: ASYNC110
        await asyncio.sleep(0.1)
    assert await evening.groups["Wren"].ballots()[-1].progress() == "too_few"
    assert await ballot.answers() == []
    # Who comes back now sends nothing: it would be seen whose it is.
    await evening.restart("Moss")
    await until(lambda: evening.groups["Moss"].ballots()[-1].fate in ("missed", "no_token"))
