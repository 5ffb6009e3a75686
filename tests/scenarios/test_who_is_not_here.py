"""Moss has the floor and his phone dies, Wren speaks with her hand up; and Fern begins a Tuesday like the last one."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from evening import Evening, refusal, until
from safespace.sdk import Room, Segment
from serving import ServerProcess

PARTS = (Segment(title="Check-in", minutes=20, kind="check_in"), Segment(title="Pacing", minutes=20, kind="topic"))


def holder(room: Room) -> str | None:
    has = room.floor.holder
    return None if has is None else has.pseudonym


async def test_the_turn_of_who_is_not_here_goes_on(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with Evening.of(standing_server.url, tmp_path, "Moss", "Wren", "Jay") as evening:
        fern, moss, wren, jay = (evening.rooms[name] for name in ("Fern", "Moss", "Wren", "Jay"))
        await fern.go_by_hands()
        await until(lambda: moss.floor.mode == "hands")
        await moss.raise_hand()
        await until(lambda: holder(wren) == holder(jay) == "Moss")
        await wren.raise_hand()
        await until(lambda: len(jay.floor.queue) == 1)
        assert await refusal(jay.skip_absent()) == "still_here"
        assert not jay.floor.absent
        await evening.clients["Moss"].close()
        # Anyone may, once the server sees nobody there: a room is never silent for want of a facilitator.
        await until(lambda: jay.floor.absent and wren.floor.absent)
        await jay.skip_absent()
        await until(lambda: holder(wren) == holder(fern) == "Wren")
        # He is asked again after her, who is here; but where nobody is who waits the floor is free.
        assert [one.pseudonym for one in wren.floor.queue] == ["Moss"]
        await wren.pass_turn()
        await until(lambda: holder(jay) == "Moss")
        await jay.skip_absent()
        await until(lambda: holder(fern) is None and fern.floor.queue == ())
        assert await refusal(jay.skip_absent()) == "turn_over"
        assert [deed.absent for deed in evening.group.audit() if deed.what == "pass_turn"] == [True, False, True]
        assert fern.warnings() == wren.warnings() == jay.warnings() == []


async def test_a_hand_comes_down_after_speaking(standing_server: ServerProcess, tmp_path: Path) -> None:
    async with Evening.of(standing_server.url, tmp_path, "Moss", "Wren") as evening:
        fern, moss, wren = (evening.rooms[name] for name in ("Fern", "Moss", "Wren"))

        def up() -> list[str]:
            return [one.pseudonym for one in fern.floor.queue]

        for room in (moss, wren):
            await room.raise_hand()
        await until(lambda: sorted(up()) == ["Moss", "Wren"])
        await fern.send("Who would like to begin?")
        await wren.send("I slept.")
        await until(lambda: up() == ["Moss"])
        # Raised again it is up; a hand that asks for the floor stays until its turn.
        await wren.raise_hand()
        await until(lambda: sorted(up()) == ["Moss", "Wren"])
        await fern.lower_hands()
        await until(lambda: up() == [])
        await evening.group.open_session(capsule=True)
        await until(lambda: wren.now().live.session is not None)
        await wren.raise_hand()
        await until(lambda: up() == ["Wren"])
        await wren.send("Nobody keeps this.")
        await until(lambda: up() == [])


async def test_another_tuesday_like_the_last(standing_server: ServerProcess, tmp_path: Path) -> None:
    """What the parts were is kept with the plan: for the next date, and for whoever leads it."""
    async with Evening.of(standing_server.url, tmp_path) as evening:
        await evening.seat("Sol", "facilitator")
        group, sol = evening.group, evening.groups["Sol"]
        start = datetime.now(UTC).replace(tzinfo=None, microsecond=0) + timedelta(hours=1)
        first = await group.schedule("Tuesday tea", starts=start, minutes=60, repeat="weekly", zone="UTC")
        await until(lambda: len(sol.sessions()) > 1)
        assert (first.last_run_sheet, sol.sessions()[1].last_run_sheet) == ((), ())
        await first.open()
        await first.write_run_sheet(PARTS)
        await first.close()
        await until(lambda: sol.sessions()[0].starts > first.starts and bool(sol.sessions()[0].last_run_sheet))
        following = sol.sessions()[0]
        assert (following.run_sheet, following.last_run_sheet) == ((), PARTS)
        # Another plan has none of it.
        other = await group.schedule("Walk", starts=start + timedelta(days=1), minutes=30, zone="UTC")
        assert other.last_run_sheet == ()
        await following.open()
        await following.write_run_sheet(following.last_run_sheet)
        assert following.run_sheet == PARTS
