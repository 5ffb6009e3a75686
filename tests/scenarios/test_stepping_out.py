"""Wren steps out for a while: everyone sees that she is all right, and that she is back."""

from pathlib import Path

from evening import Evening, until
from serving import ServerProcess


async def test_wren_steps_out_and_comes_back(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with Evening.of(standing_server.url, tmp_path, "Wren", "Moss") as evening:

        def away() -> list[list[str]]:
            """Who is away, as each of them sees it."""
            return [[one.pseudonym for one in room.members() if one.away] for room in evening.rooms.values()]

        wren = evening.rooms["Wren"]
        await wren.step_out()
        await until(lambda: away() == [["Wren"]] * 3)
        await evening.restart("Moss")
        assert away() == [["Wren"]] * 3
        await wren.step_out(away=False)
        await until(lambda: away() == [[]] * 3)
        # Who writes is back, too.
        await wren.step_out()
        await until(lambda: away() == [["Wren"]] * 3)
        await wren.send("I am here again.")
        await until(lambda: away() == [[]] * 3)
        assert [warning for room in evening.rooms.values() for warning in room.warnings()] == []
