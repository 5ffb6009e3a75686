"""Moss becomes a facilitator: what was sealed to those in office before is handed on to him, and only what is his to
read."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from evening import Evening, until
from guests import waiting
from safespace.fields import Role
from safespace.sdk import Report
from safespace.sdk.errors import Refused
from serving import ServerProcess


async def take_office(evening: Evening, name: str, role: Role, by: str = "Fern") -> None:
    group = evening.groups[name]
    member = next(one for one in evening.rooms[by].members() if one.pseudonym == name)
    await evening.groups[by].offer_role(member, role)
    await until(lambda: group.offered == role)
    await group.accept_role()


async def comes(look: Callable[[], Awaitable[list[str]]], *expected: str) -> None:
    """Wait until a list reads so."""
    async with asyncio.timeout(30):
        while sorted(await look()) != sorted(expected):  # noqa: ASYNC110 - only asking again tells
            await asyncio.sleep(0.05)


def reports_of(evening: Evening, name: str) -> Callable[[], Awaitable[list[str]]]:
    async def look() -> list[str]:
        return [report.note for report in await evening.groups[name].reports()]

    return look


def notes_of(evening: Evening, name: str) -> Callable[[], Awaitable[list[str]]]:
    async def look() -> list[str]:
        return [note.text for note in await evening.groups[name].handovers()]

    return look


async def report_of(evening: Evening, name: str, note: str) -> Report:
    return next(one for one in await evening.groups[name].reports() if one.note == note)


async def test_moss_takes_office_and_finds_what_waits(standing_server: ServerProcess, tmp_path: Path) -> None:
    """A link from before, a report with what was written about it, and a note."""
    async with Evening.of(standing_server.url, tmp_path, "Moss", "Wren") as evening:
        fern, moss, wren = (evening.groups[name] for name in ("Fern", "Moss", "Wren"))
        link = await fern.create_invite(uses=2)
        await fern.write_handover("Wren likes to begin.")
        await wren.main.report_situation("It is getting loud.")
        await wren.main.report_situation("It is quiet again.")
        await (await report_of(evening, "Fern", "It is getting loud.")).add_note("I will look at it on Tuesday.")
        await (await report_of(evening, "Fern", "It is quiet again.")).resolve()
        hazel = await evening.arrive("Hazel")
        asking = asyncio.create_task(hazel.join(link, pseudonym="Hazel"))
        await waiting(fern, 1)
        await take_office(evening, "Moss", "facilitator")

        await waiting(moss, 1)
        assert await moss.unopened() == []
        [person] = await moss.waiting()
        await moss.admit(person)
        hers = await asking
        await hers.main.send("Thank you for letting me in.")
        # What was seen to stays with those who saw to it.
        await comes(reports_of(evening, "Moss"), "It is getting loud.")
        await comes(notes_of(evening, "Moss"), "Wren likes to begin.")
        report = await report_of(evening, "Moss", "It is getting loud.")
        assert [entry.text for entry in report.entries] == ["I will look at it on Tuesday."]
        assert {one.pseudonym for one in report.readers} == {"Fern", "Moss"}
        # And what Moss does about it is believed by the others.
        await report.resolve("It was the fan.", answer="Thank you.")
        assert not (await report_of(evening, "Fern", "It is getting loud.")).open
        assert ["Thank you."] in [own.answers for own in await wren.my_reports()]
        assert not any(room.warnings() for room in evening.rooms.values())


async def test_nobody_is_handed_what_is_not_theirs(standing_server: ServerProcess, tmp_path: Path) -> None:
    """A report about Moss, and one about a moderator who then steps down, are not Moss's; the rest is."""
    async with Evening.of(standing_server.url, tmp_path, "Moss", "Wren") as evening:
        await evening.seat("Alder", "moderator")
        wren = evening.rooms["Wren"]
        for name in ("Moss", "Alder"):
            await wren.report_person(
                next(one for one in wren.members() if one.pseudonym == name), f"{name} writes to me."
            )
        await wren.report_situation("Somebody cries.")
        await evening.group.write_handover("For who leads.")
        await evening.groups["Alder"].step_down()
        await take_office(evening, "Moss", "moderator")
        await comes(reports_of(evening, "Moss"), "Somebody cries.")
        # By now Fern's device has looked once more.
        await take_office(evening, "Wren", "moderator")
        await comes(reports_of(evening, "Wren"), "Somebody cries.")
        assert await reports_of(evening, "Moss")() == ["Somebody cries."]
        with pytest.raises(Refused, match="forbidden"):
            await evening.groups["Moss"].handovers()
        # Who left office reads nothing, and once back in it, what they had.
        await evening.groups["Moss"].step_down()
        with pytest.raises(Refused, match="forbidden"):
            await evening.groups["Moss"].reports()
        assert not any(room.warnings() for room in evening.rooms.values())


async def test_who_takes_office_while_nobody_is_there_is_told_whose_device_it_waits_for(
    standing_server: ServerProcess, tmp_path: Path
) -> None:
    async with Evening.of(standing_server.url, tmp_path, "Moss") as evening:
        fern, moss = evening.group, evening.groups["Moss"]
        link = await fern.create_invite(uses=2)
        await fern.offer_role(evening.member("Moss"), "facilitator")
        await until(lambda: moss.offered == "facilitator")
        await evening.clients["Fern"].close()
        await moss.accept_role()
        hazel = await evening.arrive("Hazel")
        asking = asyncio.create_task(hazel.join(link, pseudonym="Hazel"))
        async with asyncio.timeout(30):
            while not (unopened := await moss.unopened()):  # noqa: ASYNC110 - only asking again tells
                await asyncio.sleep(0.05)
        assert [[one.pseudonym for one in person.holders] for person in unopened] == [["Fern"]]
        assert await moss.waiting() == []
        assert moss.main.warnings() == [], "nobody is taken for a forger"
        await evening.restart("Fern")
        await waiting(moss, 1)
        assert [person.pseudonym for person in await moss.admit_all()] == ["Hazel"]
        await asking
