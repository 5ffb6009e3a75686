"""Three wait while Fern's phone sleeps; a guest comes, speaks and goes; a note for the next facilitator."""

import asyncio
from pathlib import Path

import pytest

from evening import Evening, Listener, refusal, until
from guests import gone, guest_comes, waiting
from safespace.sdk import Segment
from safespace.sdk.errors import Declined
from serving import ServerProcess

DAY = 24 * 3600 * 1000
SHEET = [
    Segment(title="Arriving", minutes=10, kind="welcome"),
    Segment(title="Pacing, with a nurse", minutes=20, kind="guest"),
    Segment(title="Closing round", minutes=10, kind="closing"),
]
SECRETS = (
    "Tonight is full, please come on Tuesday.",
    "Ten more minutes.",
    "Wren may need a word.",
    "Pacing, with a nurse",
)


async def test_three_wait_and_one_facilitator_sleeps(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with Evening.of(standing_server.url, tmp_path) as evening:
        await evening.seat("Sol", "facilitator")
        await until(lambda: evening.member("Sol").role == "facilitator")
        sol = evening.groups["Sol"]
        link = await evening.group.create_invite(uses=5)
        await evening.clients["Fern"].close()  # her phone sleeps
        names = ("Wren", "Moss", "Jay")
        guests = {name: await evening.arrive(name) for name in names}
        coming = {name: asyncio.create_task(one.join(link, pseudonym=name)) for name, one in guests.items()}
        await waiting(sol, 3)
        assert {person.pseudonym for person in await sol.tell_all(SECRETS[1])} == set(names)
        await until(lambda: all(one.word(link) == SECRETS[1] for one in guests.values()))
        jay = next(person for person in await sol.waiting() if person.pseudonym == "Jay")
        assert await refusal(sol.tell(jay, "")) == "invalid_field"
        await sol.decline(jay, SECRETS[0])
        with pytest.raises(Declined) as declined:
            await coming["Jay"]
        assert declined.value.said == SECRETS[0]
        assert await refusal(sol.tell(jay, "one more thing")) == "request_decided"
        assert {person.pseudonym for person in await sol.admit_all()} == {"Wren", "Moss"}
        groups = [await coming[name] for name in ("Wren", "Moss")]
        await groups[0].main.send("thank you")
        await Listener(groups[1].main).hears("thank you")
        await evening.restart("Fern")
        fern = evening.rooms["Fern"]
        await until(lambda: len(fern.members()) == 4)
        assert await evening.groups["Fern"].waiting() == []
        assert fern.warnings() == []
    held = b"".join(path.read_bytes() for path in Path(standing_server.database_file).parent.glob("*.db*"))
    assert not [words for words in SECRETS if words.encode() in held]


async def test_a_guest_comes_for_a_part_speaks_and_goes(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with Evening.of(standing_server.url, tmp_path, "Wren") as evening:
        await evening.seat("Mo", "moderator")
        group, fern, wren = evening.group, evening.rooms["Fern"], evening.rooms["Wren"]
        await wren.send("before the guest came")
        _, nurse = await guest_comes(evening, group, "Reed", SHEET[1])
        guest = nurse.main
        assert guest.member(guest.place.me or "") is not None
        assert evening.member("Reed").role == "guest"
        assert await refusal(guest.send("is it time?")) == "closed", "no session is on"
        session = await group.open_session(minutes=60)
        await session.write_run_sheet(SHEET)
        await session.move_on(1)
        await until(lambda: bool(guest.policy and guest.policy.sheet.at == 1))
        await guest.send("rest before you need it")
        heard = Listener(guest)
        await wren.send("thank you, Reed")
        await heard.hears("thank you, Reed")
        assert "before the guest came" not in heard.texts, "no history"
        before = wren.place.public.epoch
        await session.move_on()  # to the closing round
        await gone(evening, "Reed")
        assert wren.place.public.epoch > before
        await wren.send("after the guest went")
        await Listener(fern).hears("after the guest went")
        assert "after the guest went" not in heard.texts
        await heard.stop()

        # Another is there when the session ends, and goes with it.
        _, other = await guest_comes(evening, group, "Heron", SHEET[1])
        await other.main.send("good evening")
        await session.close()
        await gone(evening, "Heron")

        # And one is thanked by hand.
        await group.open_session(minutes=60)
        await guest_comes(evening, group, "Swift", SHEET[1])
        await group.thank(evening.member("Swift"))
        await gone(evening, "Swift")
        assert fern.warnings() == wren.warnings() == []


async def test_a_note_for_the_next_facilitator_is_kept_as_long_as_it_should(
    standing_server: ServerProcess, tmp_path: Path
) -> None:
    async with Evening.of(standing_server.url, tmp_path, "Wren") as evening:
        await evening.seat("Sol", "facilitator")
        await until(lambda: evening.member("Sol").role == "facilitator")
        await evening.seat("Mo", "moderator")
        fern, sol = evening.group, evening.groups["Sol"]
        note = await fern.write_handover(SECRETS[2])
        assert note.mine
        assert note.expires - note.time == pytest.approx(14 * DAY, abs=3600 * 1000)
        [read] = await sol.handovers()
        assert (read.text, read.by.pseudonym, read.mine) == (SECRETS[2], "Fern", False)
        for who in ("Mo", "Wren"):
            assert await refusal(evening.groups[who].handovers()) == "forbidden"
            assert await refusal(evening.groups[who].write_handover("x")) == "forbidden"
        for days, text in ((91, "x"), (0, "x"), (1, ""), (1, "x" * 2001)):
            assert await refusal(fern.write_handover(text, days=days)) == "invalid_field"
        assert await refusal(read.delete()) == "handover_unknown", "it is Fern's"
        second = await sol.write_handover("Mine.", days=90)
        assert [one.text for one in await sol.handovers()] == ["Mine.", SECRETS[2]]
        await second.delete()
        assert [one.text for one in await fern.handovers()] == [SECRETS[2]]
        held = b"".join(path.read_bytes() for path in Path(standing_server.database_file).parent.glob("*.db*"))
        assert SECRETS[2].encode() not in held
        assert sol.main.warnings() == fern.main.warnings() == []
