"""Rosa's server mutes, withholds and forgets what nobody in the group decided; honest moderation raises no alarm."""

import contextlib
import sqlite3
from pathlib import Path

import pytest

from evening import Evening, Listener, until
from hostile import Frame, codes, hostile_evening
from safespace.fields import MuteLength
from safespace.rooms.actions import AnyAction, Mute, MuteAll, Restore, Retain, TakeDown, Unmute
from safespace.rooms.live_actions import Pause, Resume, SetFloor, StartRound
from safespace.sdk.errors import Refused
from safespace.sdk.missing import DAY
from serving import ServerProcess


def muting(evening: Evening, name: str, length: MuteLength) -> Mute:
    return Mute(target=evening.member(name).id, length=length)


async def refusal(evening: Evening, name: str) -> str:
    """How someone's message is refused."""
    with pytest.raises(Refused) as refused:
        await evening.rooms[name].send("may I?")
    return refused.value.code


def texts(evening: Evening, name: str) -> list[str]:
    room = evening.rooms[name]
    return [room.log.conversation.message(number).text for number in range(room.place.shown)]


async def test_honest_moderation_raises_no_alarm(standing_server: ServerProcess, tmp_path: Path) -> None:
    """Wren is muted and unmuted, a message of hers taken down, restored, and taken down again."""
    async with hostile_evening(standing_server, tmp_path, "Wren", "Moss") as (_, evening):
        fern, wren = evening.rooms["Fern"], evening.rooms["Wren"]
        listeners = evening.listen()
        seq = await wren.send("take this down")
        await wren.send("and leave that")
        await fern.do(muting(evening, "Wren", "lifted"))
        await until(lambda: bool(wren.policy and wren.policy.mutes))
        assert await refusal(evening, "Wren") == "muted"
        await fern.do(MuteAll(on=True))
        await until(lambda: bool(evening.rooms["Moss"].policy and evening.rooms["Moss"].policy.quiet))
        assert await refusal(evening, "Moss") == "quiet"
        target = evening.member("Wren").id
        for action in (
            Unmute(target=target),
            MuteAll(on=False),
            TakeDown(target=target, line=seq),
            Restore(target=target, line=seq),
            Retain(days=7),
        ):
            await fern.do(action)
        await wren.send("thank you")
        await listeners["Moss"].hears("thank you")
        assert texts(evening, "Moss")[0] == "take this down"
        await fern.do(TakeDown(target=target, line=seq))
        await until(lambda: texts(evening, "Moss")[0] == "")
        # Who comes later, and who was away, reads the place alone.
        await evening.seat("Jay")
        assert [codes(room) for room in evening.rooms.values()] == [[], [], [], []]


async def test_a_message_that_nobody_took_down_is_not_withheld_unnoticed(
    standing_server: ServerProcess, tmp_path: Path
) -> None:
    async with hostile_evening(standing_server, tmp_path, "Wren", "Moss") as (hostess, evening):
        moss = evening.rooms["Moss"]

        def withhold(who: str, frame: Frame) -> list[Frame]:
            empty = {"body": None, "commitment": None, "stamp": None}
            return [frame | empty if who == "moss" and frame.get("kind") == "message" else frame]

        hostess.frame = withhold
        await evening.rooms["Wren"].send("the server does not like this")
        await until(lambda: codes(moss) == ["withheld"])
        assert texts(evening, "Moss") == [""]
        await moss.send("I am still here")  # it stops nobody
        assert [codes(evening.rooms[name]) for name in ("Fern", "Wren")] == [[], []]


@pytest.mark.parametrize("days", [0, 30])
async def test_messages_that_the_group_keeps_are_not_forgotten_unnoticed(
    standing_server: ServerProcess, tmp_path: Path, days: int
) -> None:
    async with hostile_evening(standing_server, tmp_path, "Wren", "Moss") as (hostess, evening):
        moss = evening.rooms["Moss"]
        if days:
            await evening.rooms["Fern"].do(Retain(days=days))
            await until(lambda: bool(moss.policy and moss.policy.days))

        def forget(who: str, frame: Frame) -> list[Frame]:
            if who != "moss" or frame.get("kind") != "message":
                return [frame]
            return [{"t": "gap", "room": frame["room"], "after": frame["seq"] - 1, "until": frame["seq"]}]

        hostess.frame = forget
        await evening.rooms["Wren"].send("remember this")
        await until(lambda: codes(moss) == ["gap_unexplained"])
        hostess.frame = lambda who, frame: [frame]
        await moss.send("I am still here")
        assert codes(evening.rooms["Fern"]) == []


async def test_what_has_ended_is_missed_without_an_alarm(server: ServerProcess, tmp_path: Path) -> None:
    """Moss is away for a week, in a group that keeps messages for thirty days, then for one."""
    async with hostile_evening(server, tmp_path, "Wren", "Moss") as (hostess, evening):
        fern, wren, moss = (evening.rooms[name] for name in ("Fern", "Wren", "Moss"))
        await fern.do(Retain(days=30))
        await wren.send("before")
        await Listener(moss).hears("before")
        hostess.frame = lambda who, frame: [] if who == "moss" else [frame]
        await wren.send("meanwhile")
        moss.place.time -= 7 * DAY
        with contextlib.closing(sqlite3.connect(server.database_file, timeout=10)) as database, database:
            database.execute("UPDATE envelopes SET time = time - ? WHERE kind = 'message'", (7 * DAY,))
        await fern.do(Retain(days=1))
        await wren.send("after")
        hostess.frame = lambda who, frame: [frame]
        await hostess.drop("moss")
        await Listener(moss).hears("after")
        assert texts(evening, "Moss") == ["before", "after"]
        assert codes(moss) == []


@pytest.mark.parametrize(
    ("code", "claimed"),
    [(code, 0) for code in ("muted", "listening", "quiet", "paused", "not_your_turn")]
    + [("muted", 10**6), ("closed", 10**6)],
)
async def test_a_refusal_that_the_group_knows_no_reason_for_is_the_servers_alone(
    standing_server: ServerProcess, tmp_path: Path, code: str, claimed: int
) -> None:
    async with hostile_evening(standing_server, tmp_path, "Wren") as (hostess, evening):
        wren = evening.rooms["Wren"]

        def refuse(who: str, frame: Frame) -> list[Frame]:
            if who != "wren" or frame.get("kind") != "message":
                return [frame]
            return [
                {
                    "t": "refused",
                    "room": frame["room"],
                    "client_id": frame["client_id"],
                    "code": code,
                    "detail": "A moderator muted you.",
                    "policy_seq": claimed,
                }
            ]

        hostess.frame = refuse
        with pytest.raises(Refused) as refused:
            await wren.send("hello")
        assert refused.value.code == "forbidden"
        assert "moderator" not in refused.value.words.lower()
        hostess.frame = lambda who, frame: [frame]
        if claimed:
            await hostess.drop("wren")  # back, and at the end of the log, there is no such reason either
        await until(lambda: "refused_unfounded" in codes(wren))


async def test_what_the_server_lets_through_is_shown_and_warned_of(
    standing_server: ServerProcess, tmp_path: Path
) -> None:
    """Rosa's server forgets whom the group muted, that the room is paused, and whose turn it is."""
    async with hostile_evening(standing_server, tmp_path, "Wren", "Moss") as (_, evening):
        fern, wren, moss = (evening.rooms[name] for name in ("Fern", "Wren", "Moss"))
        room = fern.id.hex

        def forget(statement: str) -> None:
            with contextlib.closing(sqlite3.connect(standing_server.database_file, timeout=10)) as database, database:
                assert database.execute(statement, (room,)).rowcount

        unmuted = 'UPDATE members SET muted_until = 0 WHERE "group" = (SELECT "group" FROM rooms WHERE id = ?)'
        ungated = "UPDATE rooms SET gated = 0 WHERE id = ?"
        turn = StartRound(order=(evening.member("Moss").id,), seconds=0, grace=None)
        tries: list[tuple[AnyAction, str, AnyAction | None]] = [
            (Pause(note="Breathe"), ungated, Resume()),
            (turn, ungated, SetFloor(mode="open", seconds=0, grace=None)),
            (muting(evening, "Wren", "lifted"), unmuted, None),
        ]
        for number, (action, forgotten, undone) in enumerate(tries, start=1):
            await wren.send("I may")
            await fern.do(action)
            forget(forgotten)
            seq = await wren.send("I may not")
            await until(lambda: codes(moss).count("let_through") == codes(fern).count("let_through") == number)  # noqa: B023
            assert moss.warnings()[-1].seq == seq
            if undone is not None:
                await fern.do(undone)
        assert texts(evening, "Moss") == ["I may", "I may not"] * 3
        assert codes(moss) == codes(fern) == ["let_through"] * 3


async def test_a_takedown_in_anothers_name_is_not_followed(standing_server: ServerProcess, tmp_path: Path) -> None:
    """Fern, or a server with her, names Moss as the author of what Wren wrote; the relay refuses it, devices too."""
    async with hostile_evening(standing_server, tmp_path, "Wren", "Moss") as (_, evening):
        seq = await evening.rooms["Wren"].send("mine")
        forged: AnyAction = TakeDown(target=evening.member("Moss").id, line=seq)
        with pytest.raises(Refused) as refused:
            await evening.rooms["Fern"].do(forged)
        assert refused.value.code == "unknown_line"
