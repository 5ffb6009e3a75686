"""Fern's and Wren's clocks are wrong, by hours or by months: they meet all the same, or are told why not."""

import time
from pathlib import Path

import pytest

from evening import Evening, Listener, arrive, let_in, refusal
from safespace.sdk.clocks import own_clock
from serving import ServerProcess
from shifted import ShiftedServer

HOUR = 3600
DAY = 24 * HOUR


@pytest.mark.parametrize("slow", [3 * HOUR, 364 * DAY - HOUR])
async def test_all_devices_are_slow(tmp_path: Path, slow: float) -> None:
    server = ShiftedServer(tmp_path / "data", slow)
    server.start()
    try:
        async with Evening.of(server.url, tmp_path, "Wren") as evening:
            link = await evening.group.create_invite(uses=5, days=1)
            moss = await evening.arrive("Moss")
            group = await let_in(evening.group, moss, link, "Moss")
            await group.main.send("good evening")
            await Listener(evening.rooms["Wren"]).hears("good evening")
            assert moss.clock_wrong_by.total_seconds() == pytest.approx(-slow, abs=60)
            assert evening.rooms["Fern"].warnings() == evening.rooms["Wren"].warnings() == []
            # Passing rooms and asides take KeyPackages from the pool.
            aside = await evening.group.aside(evening.member("Wren"))
            await aside.send("how are you?")
    finally:
        server.stop()


@pytest.mark.parametrize("fast", [2 * 60, 61 * DAY])
async def test_who_is_fast_is_told_so(tmp_path: Path, fast: float) -> None:
    """The MLS library of the SDK makes keys that are valid from now on, by this machine's clock."""
    server = ShiftedServer(tmp_path / "data", -fast)
    server.start()
    try:
        async with Evening.of(server.url, tmp_path) as evening:
            link = await evening.group.create_invite(uses=5, days=1)
            hazel = await evening.arrive("Hazel")
            assert await refusal(hazel.join(link, pseudonym="Hazel")) == "clock_wrong"
            assert await evening.group.waiting() == []
            await evening.rooms["Fern"].send("the others write on")
    finally:
        server.stop()


@pytest.mark.parametrize("slow", [3 * HOUR, 40 * DAY])
async def test_who_is_slow_cannot_let_in_who_is_right_and_is_told_so(
    standing_server: ServerProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, slow: float
) -> None:
    async with Evening.of(standing_server.url, tmp_path) as evening:
        link = await evening.group.create_invite(uses=5)
        async with await arrive(standing_server.url, "Moss", tmp_path) as moss:
            right = time.time
            with monkeypatch.context() as patch:
                patch.setattr("safespace.sdk.lifetimes.time.time", lambda: right() - slow)
                assert await refusal(let_in(evening.group, moss, link, "Moss")) == "clock_wrong"
                assert evening.rooms["Fern"].warnings() == [], "nobody is taken for a forger"
            group = await let_in(evening.group, moss, link, "Moss")
            assert len(group.main.members()) == 2


async def test_the_servers_order_is_everyones(standing_server: ServerProcess, tmp_path: Path) -> None:
    """Wren's clock is a day fast, Moss's a day slow, and they talk in turn."""
    async with Evening.of(standing_server.url, tmp_path) as evening:
        for name, wrong in (("Wren", DAY), ("Moss", -DAY)):
            await evening.seat(name, clock=lambda wrong=wrong: own_clock() + wrong * 1000)
        said = [f"{name} {turn}" for turn in range(3) for name in ("Wren", "Moss")]
        for text in said:
            await evening.rooms[text.split()[0]].send(text)
        for name in ("Fern", "Wren", "Moss"):
            heard = Listener(evening.rooms[name])
            await heard.hears(*said)
            assert heard.texts == said
            assert [message.time for message in heard.heard] == sorted(message.time for message in heard.heard)
            assert evening.rooms[name].warnings() == []
            await heard.stop()


async def test_a_moment_is_waited_for(
    standing_server: ServerProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Evening.of(standing_server.url, tmp_path) as evening:
        right = time.time
        monkeypatch.setattr("safespace.sdk.lifetimes.time.time", lambda: right() - 2)
        await evening.seat("Moss")
