"""Who comes to the next session: everyone sees it, whether or not the room is open, and the server does not."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from uuid6 import uuid7

from evening import Evening, refusal, until
from safespace.sdk.said import AttendMessage
from safespace.sdk.sessions import Session
from serving import ServerProcess


async def test_answers_are_taken_between_sessions_and_the_newest_counts(
    standing_server: ServerProcess, tmp_path: Path
) -> None:
    async with Evening.of(standing_server.url, tmp_path, "Wren", "Moss") as evening:
        fern, wren, moss = evening.groups.values()
        tuesday = datetime.now(UTC) + timedelta(days=2)
        await fern.schedule("Slow Tuesday", tuesday, repeat="weekly")
        await fern.between_sessions(False)
        await until(lambda: all(len(group.sessions()) == 64 for group in (wren, moss)))
        await until(lambda: all(not group.main.now().live.between for group in (wren, moss)))

        def answers() -> list[list[list[str]]]:
            """Who comes, who does not and who listens to the first session, as each of them sees it."""
            return [
                [[one.pseudonym for one in said] for said in group.sessions()[0].answers.values()]
                for group in evening.groups.values()
            ]

        assert await refusal(wren.main.send("Is anybody here?")) == "closed"
        await wren.sessions()[0].attend()
        await moss.sessions()[0].attend("listening")
        await fern.sessions()[1].attend("not_today")
        await until(lambda: answers() == [[["Wren"], [], ["Moss"]]] * 3)
        assert [one.pseudonym for one in wren.sessions()[0].coming] == ["Moss", "Wren"]
        await wren.sessions()[0].attend("not_today")
        await until(lambda: answers() == [[[], ["Wren"], ["Moss"]]] * 3)
        # About a session that nobody planned it says nothing.
        await wren.main.react(AttendMessage(plan=uuid7(), start=1, answer="coming"))
        await wren.main.step_out()
        await until(lambda: all(any(one.away for one in group.main.members()) for group in evening.groups.values()))
        await evening.restart("Moss")
        assert answers() == [[[], ["Wren"], ["Moss"]]] * 3
        assert [len(group.main.place.answers) for group in evening.groups.values()] == [2, 2, 2]
        out_of_turn: Session = await fern.open_session()
        assert await refusal(out_of_turn.attend()) == "unknown_plan"
        assert [warning for room in evening.rooms.values() for warning in room.warnings()] == []
