"""Fern's group meets in a capsule: what is said there is heard by who is there, and is gone when the session ends."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from evening import Evening, Listener, refusal, until
from safespace.sdk import Room
from safespace.sdk.errors import Refused
from serving import ServerProcess

WITHIN = ("rooms", "leaves", "envelopes", "welcomes", "key_packages")


async def inside(*rooms: Room) -> None:
    """Wait until all of these have come into the capsule, and see each other there."""
    count = len(rooms)
    await until(lambda: all(room.capsule is not None and len(room.capsule.members()) == count for room in rooms))


def kept(server: ServerProcess) -> dict[str, int]:
    """Rows of passing rooms at the server."""
    passing = "SELECT id FROM rooms WHERE purpose IN ('capsule', 'breakout')"
    queries = {table: f"SELECT count(*) FROM {table} WHERE room IN ({passing})" for table in WITHIN[1:]}  # noqa: S608
    queries["rooms"] = f"SELECT count(*) FROM ({passing})"  # noqa: S608
    with closing(sqlite3.connect(f"file:{server.database_file}?mode=ro", uri=True)) as database:
        return {table: database.execute(query).fetchone()[0] for table, query in queries.items()}


async def test_an_evening_of_which_nothing_is_kept(server: ServerProcess, tmp_path: Path) -> None:
    async with Evening.of(server.url, tmp_path, "Wren", "Moss") as evening:
        fern, wren, moss = (evening.rooms[name] for name in ("Fern", "Wren", "Moss"))
        heard = evening.listen()
        await fern.send("before")
        session = await evening.group.open_session(capsule=True)
        await inside(fern, wren, moss)
        # Whoever sends need know nothing of it; nothing comes into the log that lasts.
        for name, room in evening.rooms.items():
            await room.send(f"{name} in the capsule")
        said = [f"{name} in the capsule" for name in evening.rooms]
        for listener in heard.values():
            await listener.hears("before", *said)
        assert fern.log.conversation.message(fern.place.shown - 1).text == "before"
        assert [message.capsule for message in heard["Moss"].heard] == [False, True, True, True]
        assert kept(server)["envelopes"] > 3

        # What binds in main binds in the capsule.
        await fern.mute(evening.member("Moss"))
        assert await refusal(moss.send("may I?")) == "muted"
        await fern.unmute(evening.member("Moss"))
        await fern.start_round(seconds=0, order=[evening.member("Wren")])
        await until(lambda: moss.floor.holder is not None)
        assert await refusal(moss.send("may I?")) == "not_your_turn"
        await fern.open_floor()

        message = next(one for one in heard["Wren"].heard if one.capsule and one.sender == "Moss")
        assert await refusal(fern.take_down(message)) == "unknown_line"
        await wren.report(message, note="please look")

        await session.close()
        rooms = evening.rooms.values()
        await until(lambda: all(room.passing is not None and not room.passing.announced for room in rooms))
        await until(lambda: not any(kept(server).values()))
        assert await refusal(wren.report(message, note="too late")) == "unknown_line"
        await wren.send("after")
        for listener in heard.values():
            await listener.hears("after")
        assert all(room.warnings() == [] for room in rooms)


async def test_coming_late_and_coming_again(server: ServerProcess, tmp_path: Path) -> None:
    """Jay comes late, Wren's program is killed and started again: neither has what was said before."""
    async with Evening.of(server.url, tmp_path, "Wren") as evening:
        fern, wren = evening.rooms["Fern"], evening.rooms["Wren"]
        await evening.group.open_session(capsule=True)
        await inside(fern, wren)
        await wren.send("before Jay came")
        jay = await evening.seat("Jay")
        await inside(fern, wren, jay)
        await evening.restart("Wren")
        wren = evening.rooms["Wren"]
        await inside(fern, wren, jay)
        heard = evening.listen()
        await fern.send("now you are here")
        for name in ("Wren", "Jay"):
            await heard[name].hears("now you are here")
            assert "before Jay came" not in heard[name].texts
        await wren.send("and I am back")
        await heard["Fern"].hears("before Jay came", "and I am back")
        assert all(room.warnings() == [] for room in evening.rooms.values())


async def test_nobody_is_left_in_it(server: ServerProcess, tmp_path: Path) -> None:
    """Everybody's program ends at once: who comes first makes another room in its place."""
    async with Evening.of(server.url, tmp_path, "Wren") as evening:
        await evening.group.open_session(capsule=True)
        await inside(*evening.rooms.values())
        await evening.rooms["Wren"].send("gone with the keys")
        first = evening.rooms["Fern"].passing.capsule  # type: ignore[union-attr]
        await asyncio.gather(*(client.close() for client in evening.clients.values()))
        for name in ("Wren", "Fern"):
            await evening.restart(name)
        await inside(*evening.rooms.values())
        assert evening.rooms["Fern"].passing.capsule != first  # type: ignore[union-attr]
        heard = evening.listen()
        await evening.rooms["Wren"].send("here again")
        await heard["Fern"].hears("here again")
        assert "gone with the keys" not in heard["Fern"].texts
        assert kept(server)["rooms"] == 1


async def late_comers_choose(evening: Evening) -> None:
    """Moss was away when the others were sent, and Ivy is let in since: each finds a room, and is seen to come."""
    fern, wren, moss, jay = (evening.rooms[name] for name in ("Fern", "Wren", "Moss", "Jay"))
    await fern.break_out([[evening.member("Wren")], [evening.member("Jay")]], 5)
    await until(lambda: len(wren.breakouts) == len(jay.breakouts) == 2)
    inside = [await wren.breakouts[0].enter(), await jay.breakouts[1].enter()]
    assert await refusal(jay.breakouts[0].enter()) == "does_not_belong"
    ivy = await evening.seat("Ivy")
    await until(lambda: len(ivy.breakouts) == 2)
    inside += [await moss.breakouts[1].enter(), await ivy.breakouts[0].enter()]
    await until(lambda: all(len(room.members()) == 2 for room in inside))
    await fern.call_back()
    await until(lambda: all(room.breakouts == [] for room in evening.rooms.values()))


async def test_small_rooms(server: ServerProcess, tmp_path: Path) -> None:
    """Fern sends people into small rooms, visits one, and calls them back."""
    async with Evening.of(server.url, tmp_path, "Wren", "Moss", "Jay") as evening:
        fern, wren, moss, jay = (evening.rooms[name] for name in ("Fern", "Wren", "Moss", "Jay"))
        assert await refusal(fern.break_out([[]], 5)) == "no_session"
        session = await evening.group.open_session(capsule=True)
        await inside(*evening.rooms.values())
        assert await refusal(wren.break_out([[]], 5)) == "forbidden"
        pair = [evening.member("Wren"), evening.member("Moss")]
        assert await refusal(fern.break_out([pair, pair], 5)) == "invalid_field"
        third = evening.member("Jay")
        one, other = await fern.break_out([pair, [third]], 5, titles=["Sleep", "Work"])
        assert [(room.title, room.sent) for room in (one, other)] == [("Sleep", tuple(pair)), ("Work", (third,))]
        await until(lambda: all(len(room.breakouts) == 2 for room in (wren, moss, jay)))
        assert await refusal(jay.breakouts[0].enter()) == "does_not_belong"
        pairs = await asyncio.gather(wren.breakouts[0].enter(), moss.breakouts[0].enter())
        visit = await one.enter()
        alone = await jay.breakouts[1].enter()
        heard = Listener(visit)
        await until(lambda: all(len(room.members()) == 3 for room in (*pairs, visit)))
        await pairs[0].send("only among us")
        await heard.hears("only among us")
        assert [member.pseudonym for member in alone.members()] == ["Jay"]
        await fern.mute(evening.member("Wren"))
        assert await refusal(pairs[0].send("still muted")) == "muted"

        # Killed in the middle, Moss comes in again.
        await evening.restart("Moss")
        moss = evening.rooms["Moss"]
        await until(lambda: len(moss.breakouts) == 2)
        again = await moss.breakouts[0].enter()
        await until(lambda: len(again.members()) == 3)
        await again.send("back")
        await heard.hears("back")

        await fern.call_back()
        await until(lambda: all(room.breakouts == [] for room in evening.rooms.values()))
        await until(lambda: kept(server)["rooms"] == 1)
        await fern.unmute(evening.member("Wren"))
        await late_comers_choose(evening)
        with pytest.raises(Refused):
            await one.enter()
        await heard.stop()
        await inside(*evening.rooms.values())
        await fern.send("welcome back")
        await session.close()
        await until(lambda: not any(kept(server).values()))
        assert all(room.warnings() == [] for room in evening.rooms.values())
