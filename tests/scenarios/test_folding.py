"""Sparrow and Fern fold words away under a content note; Alder, who may not, changes nothing for anyone."""

from pathlib import Path

import pytest
from uuid6 import uuid7

from evening import Evening, until
from safespace.sdk import Message
from safespace.sdk.any_room import AnyRoom
from safespace.sdk.errors import Refused
from safespace.sdk.said import NoteMessage
from safespace.sdk.sealing import Pending
from serving import ServerProcess


def at(room: AnyRoom, seq: int) -> Message:
    """The message with this seq, as this device shows it."""
    messages = map(room.log.conversation.message, range(room.log.place.shown))
    return next(message for message in messages if message.seq == seq)


async def test_a_message_is_folded_away_by_its_author_and_the_staff_alone(
    standing_server: ServerProcess, tmp_path: Path
) -> None:
    async with Evening.of(standing_server.url, tmp_path, "Sparrow", "Alder") as evening:
        fern, sparrow, alder = rooms = evening.rooms.values()
        seq = await sparrow.send("They kept me in for a week.", note="a night in hospital")
        await until(lambda: all(room.place.cursor >= seq for room in rooms))
        assert [(at(room, seq).note, at(room, seq).noted_by) for room in rooms] == [("a night in hospital", None)] * 3

        async def noted(by: AnyRoom, note: str | None, shown: tuple[str | None, str | None]) -> None:
            await by.annotate(at(by, seq), note)
            await until(lambda: all((at(room, seq).note, at(room, seq).noted_by) == shown for room in rooms))

        await noted(sparrow, None, (None, None))
        await noted(fern, "illness", ("illness", "Fern"))
        await noted(sparrow, "hospital", ("hospital", None))

        with pytest.raises(Refused, match="forbidden"):
            await alder.annotate(at(alder, seq), "boring")
        forged = NoteMessage(line=seq, note="boring")
        await alder.log.deliver(Pending(uuid7(), content=forged.written()))
        last = await fern.send("Thank you for telling us.")
        await until(lambda: all(room.place.cursor >= last for room in rooms))
        assert [at(room, seq).note for room in rooms] == ["hospital"] * 3
        for wrong in ("", "x" * 81):
            with pytest.raises(Refused, match="invalid_field"):
                await fern.annotate(at(fern, seq), wrong)
            with pytest.raises(Refused, match="invalid_field"):
                await fern.send("Good night.", note=wrong)
        await fern.take_down(at(fern, seq))
        await until(lambda: at(alder, seq).taken_down)
        assert at(alder, seq).note is None
        assert not any(room.warnings() for room in rooms)


async def test_notes_hold_in_an_aside_too(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with Evening.of(standing_server.url, tmp_path, "Sparrow") as evening:
        await evening.within_reach("Sparrow")
        fern = await evening.group.aside(evening.member("Sparrow"), with_=[])
        await until(lambda: len(evening.groups["Sparrow"].rooms()) == 1)
        [sparrow] = evening.groups["Sparrow"].rooms()
        seq = await sparrow.send("I relapsed.", note="drinking")
        await until(lambda: fern.log.place.cursor >= seq)
        assert at(fern, seq).note == "drinking"
        await fern.annotate(at(fern, seq), None)
        await until(lambda: at(sparrow, seq).note is None)
        said = await fern.send("Thank you for saying so.")
        await until(lambda: sparrow.log.place.cursor >= said)
        with pytest.raises(Refused, match="forbidden"):
            await sparrow.annotate(at(sparrow, said), "thanks")
        assert not sparrow.warnings()
        assert not fern.warnings()
