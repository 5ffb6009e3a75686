"""Wren asks for help with one tap: who looks after the group hears of it, and nobody else."""

from pathlib import Path

import pytest
from uuid6 import uuid7

from evening import Evening, Listener, until
from safespace.rooms.actions import Mute, MuteAll
from safespace.sdk.any_room import AnyRoom
from safespace.sdk.errors import Refused
from safespace.sdk.said import HelpMessage
from safespace.sdk.sealing import Pending
from serving import ServerProcess


async def with_moderator(evening: Evening, *names: str) -> None:
    """Mo and the others are seated; everyone can be brought, and knows that Mo is a moderator."""
    await evening.seat("Mo", "moderator")
    for name in names:
        await evening.seat(name)
    await evening.within_reach(*evening.clients)
    for room in evening.rooms.values():
        await until(lambda room=room: any(one.role == "moderator" for one in room.members()))  # type: ignore[misc]


def codes(*rooms: AnyRoom) -> list[str]:
    return [warning.code for room in rooms for warning in room.warnings()]


async def test_wren_asks_for_help_and_is_answered(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with Evening.of(standing_server.url, tmp_path) as evening:
        await with_moderator(evening, "Wren", "Moss")
        mo, wren, moss = (evening.groups[name] for name in ("Mo", "Wren", "Moss"))
        # It is quiet, and she is paused besides: that does not keep her from asking.
        await evening.group.main.do(Mute(target=evening.member("Wren").id, length=600))
        await evening.group.main.do(MuteAll(on=True))
        await until(lambda: wren.main.policy is not None and wren.main.policy.quiet)
        aside = await wren.ask_for_help()
        assert [member.pseudonym for member in aside.members()] == ["Fern", "Mo", "Wren"]
        assert aside.help == "asked"
        await until(
            lambda: [room.help for group in (evening.group, mo) for room in group.rooms()] == ["asked", "asked"]
        )
        assert moss.rooms() == []

        # Mo closes his laptop and opens it again: she waits for him still.
        again = await evening.restart("Mo")
        there = again.groups()[0].rooms()[0]
        assert there.help == "asked"
        heard = Listener(aside)
        await there.send("I am here. What is it?")
        await heard.hears("I am here. What is it?")
        rooms = [aside, there, evening.group.rooms()[0]]
        await until(lambda: {room.help for room in rooms} == {"answered"})

        # She asks once more, in the same place; then she is all right.
        assert (await wren.ask_for_help()).id == aside.id
        await until(lambda: {room.help for room in rooms} == {"asked"})
        await aside.say_ok()
        await until(lambda: {room.help for room in rooms} == {None})
        assert heard.texts == ["I am here. What is it?"]
        assert codes(*rooms, moss.main, evening.group.main) == []
        await heard.stop()


async def test_nobody_can_be_reached(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with Evening.of(standing_server.url, tmp_path, "Wren") as evening:
        wren = evening.groups["Wren"]
        await evening.clients["Fern"].close()
        with pytest.raises(Refused) as refused:
            await wren.ask_for_help()
        assert refused.value.code == "key_package_exhausted"
        await until(lambda: wren.rooms() == [])


async def test_nobody_asks_in_wrens_name(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with Evening.of(standing_server.url, tmp_path) as evening:
        await with_moderator(evening, "Wren")
        mo, wren = evening.groups["Mo"], evening.groups["Wren"]
        aside = await evening.group.aside(evening.member("Wren"))
        with pytest.raises(Refused) as refused:
            await aside.ask_for_help()
        assert refused.value.code == "forbidden"
        # Whoever writes it all the same is not believed, and in the group's room it means nothing.
        await until(lambda: len(wren.rooms()) == len(mo.rooms()) == 1)
        heard = Listener(wren.rooms()[0])
        for room in (aside, wren.main):
            await room.log.deliver(Pending(uuid7(), content=HelpMessage(help=True).written()))
        await aside.send("and on")
        await heard.hears("and on")
        rooms = [aside, wren.rooms()[0], mo.rooms()[0]]
        assert [room.help for room in rooms] == [None] * 3
        assert codes(*rooms, wren.main, mo.main, evening.group.main) == []
        await heard.stop()
