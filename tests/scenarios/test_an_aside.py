"""Fern and Wren have a few words aside; Moss hears of nothing."""

from pathlib import Path

from evening import Evening, Listener, until
from serving import ServerProcess


async def test_a_few_words_aside(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with Evening.of(standing_server.url, tmp_path, "Wren", "Moss") as evening:
        wren = evening.clients["Wren"].groups()[0]
        moss = evening.clients["Moss"].groups()[0]
        aside = await evening.group.aside(evening.member("Wren"))
        await until(lambda: len(wren.rooms()) == 1)
        there = wren.rooms()[0]
        assert there.id == aside.id
        assert [member.pseudonym for member in there.members()] == ["Fern", "Wren"]
        assert there.about is not None
        assert there.about.me
        listening = Listener(there), Listener(aside)
        await aside.send("are you all right?")
        await there.send("I am now")
        for one in listening:
            await one.hears("are you all right?", "I am now")
        assert moss.rooms() == []
        assert [room.warnings() for room in (aside, there, moss.main, wren.main, evening.group.main)] == [[]] * 5
        for one in listening:
            await one.stop()
