"""Rosa's server says of some lines that they came at no time there is: those lines are hurt, and nothing else is."""

from pathlib import Path

import pytest

from evening import Listener, until
from hostile import Frame, codes, hostile_evening
from safespace.fields import MAX_TIME
from safespace.sdk.clocks import SURE
from serving import ServerProcess

ABSURD = [-5, 0, 9e15, 1e17, 253_402_300_740_000, 4_000_000_000_000]
"""Before 1970, at its first moment, what some clocks show for never, the year 9999, and one that could be, in 2096."""


@pytest.mark.parametrize("time", ABSURD)
async def test_a_line_of_no_time_spoils_no_other(standing_server: ServerProcess, tmp_path: Path, time: float) -> None:
    async with hostile_evening(standing_server, tmp_path, "Wren") as (hostess, evening):
        fern, wren = evening.rooms["Fern"], evening.rooms["Wren"]
        await evening.group.retain(7)
        session = await evening.group.open_session(minutes=60)
        await until(lambda: wren.place.days == 7 and wren.now().live.session is not None)
        spoiled: list[int] = []

        def change(who: str, frame: Frame) -> list[Frame]:
            if who != "wren" or frame.get("kind") != "message" or frame["seq"] not in spoiled:
                return [frame]
            return [frame | {"time": time}]

        hostess.frame = change
        spoiled.append(await fern.send("before") + 1)
        await fern.send("at no time")
        await fern.send("after")
        await Listener(wren).hears("before", "at no time", "after")
        place = wren.place
        # It is still this evening: the session goes on, nothing is over, and what comes is read in its order.
        assert place.session_time() < session.closes.timestamp() * 1000 - SURE if session.closes else False
        assert wren.now().live.session is not None
        conversation = wren.log.conversation
        assert [conversation.message(at).text for at in range(conversation.first, place.shown)] == [
            "before",
            "at no time",
            "after",
        ]
        message = conversation.message(1)
        assert 0 <= message.time <= MAX_TIME
        assert message.sent_at.year in (1970, 2096, 2100)
        # A week later all of it goes.
        place.clock.heard(place.clock.now() + 8 * 86_400_000)
        assert conversation.first == place.shown
        assert codes(wren) == []
