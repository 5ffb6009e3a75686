"""The harness by which nobody's answer is found better than by guessing (tests/browser/test_ballots_in_the_browser.py)
finds every one where the blinding is broken, or where everyone has a key of their own."""

import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ballot_watch import Seen, Watch, linked, seen, tagged
from evening import Evening, until
from quickened import QuickServer, quick_clock
from safespace.sdk.ballots import Ballot
from wiretap import wiretap

pytestmark = pytest.mark.alone
NAMES = ("Wren", "Moss", "Jay", "Ivy", "Alder")
EVERYONE = {name.lower(): name.lower() for name in ("Fern", *NAMES)}


@pytest.fixture
async def watched(tmp_path: Path) -> AsyncIterator[tuple[Evening, Watch]]:
    server = QuickServer(tmp_path / "data")
    server.start()
    async with wiretap(server.port) as tap:
        url = f"http://127.0.0.1:{tap.port}"
        async with Evening.of(url, tmp_path, *NAMES, clock=quick_clock) as evening:
            await evening.group.open_session(720)
            yield evening, Watch(server, tap)
    server.stop()


async def asked(evening: Evening, watch: Watch) -> tuple[Ballot, Seen]:
    """One ballot, in which everybody answers with their name."""
    ballot = await evening.group.open_ballot("questions", "Who are you?", minutes=2)
    for name, group in evening.groups.items():
        await until(lambda group=group: any(one.is_open for one in group.ballots()))  # type: ignore[misc]
        group.ballots()[-1].answer(name.lower())
    told = await seen(evening, watch, ballot, len(EVERYONE))
    assert len(told.tokens) == len(told.answers) == len(EVERYONE)
    return ballot, told


async def test_where_people_are_tagged_everybody_is_found(
    watched: tuple[Evening, Watch], monkeypatch: pytest.MonkeyPatch
) -> None:
    ballot, told = await asked(*watched)
    assert linked(tagged(told, ballot)) == EVERYONE
    monkeypatch.setattr(secrets, "randbelow", lambda _: 0)  # the blinding factor is 1
    _, told = await asked(*watched)
    assert linked(told) == EVERYONE
