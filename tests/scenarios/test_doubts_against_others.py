"""Doubts are no weapon: who says what they like about others' acts keeps nobody from acting, and nobody from being
heard."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from evening import Evening, refusal, until
from junk import Accomplice, act, codes
from serving import ServerProcess


async def test_a_guest_cannot_keep_the_owner_from_acting(standing_server: ServerProcess, tmp_path: Path) -> None:
    """Al, alone with Fern, says of all that anybody may do that he could not follow it when she did: it is undone until
    somebody else comes, and she silences him all the same."""
    async with Evening.of(standing_server.url, tmp_path, "Al") as evening:
        fern, al = evening.rooms["Fern"], Accomplice(evening.rooms["Al"])
        seqs = []
        for _ in range(3):
            await fern.raise_hand()
            seqs.append(fern.place.hand_seq)
            await fern.lower_hand()
            seqs.append(fern.place.hand_seq)
        for seq in seqs:
            await al.says(seq, ok=False)
        await until(lambda: codes(fern).count("undone") == len(seqs))
        await fern.mute(evening.member("Al"))
        assert await refusal(al.room.send("Am I muted?")) == "muted"


async def test_nobody_can_keep_somebody_from_leaving(standing_server: ServerProcess, tmp_path: Path) -> None:
    """Al, alone with Wren, says that he could not follow what she does: she acts no more for a while, and goes."""
    async with Evening.of(standing_server.url, tmp_path, "Wren", "Al") as evening:
        await evening.clients["Fern"].close()
        wren, al = evening.rooms["Wren"], Accomplice(evening.rooms["Al"])
        seqs = []
        for _ in range(2):
            await wren.raise_hand()
            seqs.append(wren.place.hand_seq)
            await wren.lower_hand()
            seqs.append(wren.place.hand_seq)
        for seq in seqs:  # only now: a hand that is taken back meanwhile could not be lowered
            await al.says(seq, ok=False)
        await until(lambda: codes(wren).count("undone") >= 3)
        assert await refusal(wren.raise_hand()) == "throttled"
        await evening.groups["Wren"].leave()


@pytest.fixture
def small_server(tmp_path: Path) -> Iterator[ServerProcess]:
    """A tenth of everything: thirty doubts an hour for each device."""
    server = ServerProcess(tmp_path / "server" / "data", SAFESPACE_BUDGETS="0.1")
    server.data_dir.parent.mkdir()
    server.start()
    yield server
    server.stop()


async def test_what_was_undone_long_ago_uses_up_nobodys_doubts(small_server: ServerProcess, tmp_path: Path) -> None:
    """Moss's device says what it could not follow each time that it comes. When Al leaves with junk, it is heard."""
    async with Evening.of(small_server.url, tmp_path, "Wren", "Al", "Moss") as evening:
        wren, al, moss = (evening.rooms[name] for name in ("Wren", "Al", "Moss"))
        await evening.clients["Fern"].close()
        speaker, _ = Accomplice(moss), Accomplice(wren)
        await until(lambda: len({room.place.cursor for room in (wren, al, moss)}) == 1)
        seq = await act(wren, "raise_hand", b"junk")
        await speaker.says(seq, ok=False)
        await asyncio.sleep(2.5)  # by then it is undone
        for _ in range(60):
            speaker.repeats([seq], ok=False)
        left = await act(al, "leave", b"junk")
        await speaker.says(left, ok=False)
        async with asyncio.timeout(30):
            await moss.send("Who is there?")


async def test_who_has_doubted_all_they_may_can_still_have_the_room_go_on(
    small_server: ServerProcess, tmp_path: Path
) -> None:
    """Mo's junk, which members may not undo, has used up Moss's doubts. Then Mo leaves with junk."""
    async with Evening.of(small_server.url, tmp_path, "Moss") as evening:
        mo = await evening.seat("Mo", "moderator")
        moss = evening.rooms["Moss"]
        await evening.clients["Fern"].close()
        speaker = Accomplice(moss)
        await until(lambda: mo.place.cursor == moss.place.cursor)
        seq = await act(mo, "mute_all", b"junk", on=True)
        await speaker.says(seq, ok=False)
        for _ in range(60):
            speaker.repeats([seq], ok=False)
        await act(mo, "mute_all", b"junk", on=False)
        left = await act(mo, "leave", b"junk")
        await speaker.says(left, ok=False)
        async with asyncio.timeout(30):
            await moss.send("Who is there?")


async def test_a_flood_of_doubts_holds_up_nobody_elses(standing_server: ServerProcess, tmp_path: Path) -> None:
    """Al doubts all that Fern ever did, and everyone is asked about each; then Bo leaves with junk. What Moss's device
    says of that waits for none of it."""
    async with Evening.of(standing_server.url, tmp_path, "Al", "Bo", "Moss") as evening:
        fern, bo, moss = (evening.rooms[name] for name in ("Fern", "Bo", "Moss"))
        al = Accomplice(evening.rooms["Al"])
        seqs = []
        for _ in range(90):
            await fern.raise_hand()
            seqs.append(fern.place.hand_seq)
            await fern.lower_hand()
            seqs.append(fern.place.hand_seq)
        await until(lambda: len({room.place.cursor for room in evening.seated()}) == 1)
        al.repeats(seqs, ok=False)
        await act(bo, "leave", b"junk")
        await moss.send("Who is there?")
        doubts = [one for one in await evening.group.doubts() if one.by.pseudonym == "Al"]
        assert len(doubts) < len(seqs)
