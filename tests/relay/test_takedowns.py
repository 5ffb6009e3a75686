"""Messages taken down are handed to nobody any more, and end for good; lines that are kept no longer leave gaps."""

import asyncio
import contextlib
import sqlite3
from typing import Any

from gathering import HOUR, PATIENCE, Evening, Frame, Gathering, Line, Person, now, talk
from safespace.fields import b64decode
from serving import ServerProcess

LONG = "x" * 45_000
DAY = 24 * HOUR


def change(server: ServerProcess, statement: str, *values: Any) -> None:
    """Make the database look as if time had passed."""
    with contextlib.closing(sqlite3.connect(server.database_file, timeout=10)) as database, database:
        assert database.execute(statement, values).rowcount > 0


def value(server: ServerProcess, query: str, *values: Any) -> Any:
    with contextlib.closing(sqlite3.connect(f"file:{server.database_file}?mode=ro", uri=True)) as database:
        return database.execute(query, values).fetchone()[0]


def uuid(text: str) -> str:
    """As SQLite has it."""
    return text.replace("-", "")


async def said(line: Line, person: Person, room: str, text: str = "hello") -> Frame:
    frame = person.message(room, text)
    await line.say(frame)
    return await line.until("envelope", client_id=frame["client_id"])


async def read(person: Person, room: str, seq: int) -> Frame:
    """A line as it is handed out, by page and on entering alike."""
    page = await person.ask("GET", f"/rooms/{room}/envelopes?after={seq - 1}&limit=1")
    async with person.entered(room, seq - 1) as line:
        [entered] = [frame for frame in line.heard if frame.get("seq") == seq]
    assert page["items"] == [entered]
    return entered


async def test_what_is_taken_down_is_handed_to_nobody_until_it_is_restored(standing_server: ServerProcess) -> None:
    e = await Evening.begin(standing_server.url)
    await e.gather()
    async with e.ben.entered(e.room, e.ben.seen) as b:
        whole = await said(b, e.ben, e.room)
        other = await said(b, e.ben, e.room)
    seq = whole["seq"]
    assert await e.refused(e.mo, "restore", target=e.ben.member, line=seq) == "not_taken_down"
    await e.do(e.mo, "take_down", target=e.ben.member, line=seq)
    for who in (e.ben, e.ada):
        assert await read(who, e.room, seq) == whole | {"body": None, "commitment": None, "stamp": None}
    assert await read(e.ada, e.room, other["seq"]) == other
    assert await e.refused(e.fae, "take_down", target=e.ben.member, line=seq) == "already_taken_down"
    await e.do(e.fae, "restore", target=e.ben.member, line=seq)
    assert await read(e.ada, e.room, seq) == whole


async def test_only_a_message_by_the_one_it_is_said_to_be_by_is_taken_down(standing_server: ServerProcess) -> None:
    e = await Evening.begin(standing_server.url)
    await e.gather()
    async with e.ben.entered(e.room, e.ben.seen) as b, e.fae.entered(e.room, e.fae.seen) as f:
        by_ben, by_fae = await said(b, e.ben, e.room), await said(f, e.fae, e.room)
    gus = await e.admit("gus", "guest")
    for target, line, code in (
        (e.ben, 1, "unknown_line"),  # Ada's `create`
        (e.ben, 10**6, "unknown_line"),
        (gus, by_ben["seq"], "unknown_line"),
        (gus, by_fae["seq"], "unknown_line"),
        (e.ben, by_fae["seq"], "unknown_line"),
        (e.fae, by_fae["seq"], "rank_too_low"),
        (e.mo, by_fae["seq"], "rank_too_low"),
    ):
        assert await e.refused(e.mo, "take_down", target=target.member, line=line) == code
    await e.leave(e.ben)
    await e.do(e.mo, "take_down", target=e.ben.member, line=by_ben["seq"])
    assert (await read(e.mo, e.room, by_ben["seq"]))["body"] is None, "also of someone who is gone"


async def test_after_half_a_minute_it_is_gone_for_good(standing_server: ServerProcess) -> None:
    e = await Evening.begin(standing_server.url)
    await e.gather()
    async with e.ben.entered(e.room, e.ben.seen) as b:
        line = await said(b, e.ben, e.room)
    await e.do(e.mo, "take_down", target=e.ben.member, line=line["seq"])
    where = (uuid(e.room), line["seq"])
    body = "SELECT body FROM envelopes WHERE room = ? AND seq = ?"
    assert value(standing_server, body, *where) == b64decode(line["body"])
    change(standing_server, "UPDATE envelopes SET taken_down = ? WHERE room = ? AND seq = ?", now() - 31_000, *where)
    assert await e.refused(e.mo, "restore", target=e.ben.member, line=line["seq"]) == "too_late"
    async with asyncio.timeout(PATIENCE):
        while value(standing_server, body, *where) is not None:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.2)
    assert await e.refused(e.mo, "restore", target=e.ben.member, line=line["seq"]) == "too_late"
    assert (await read(e.ben, e.room, line["seq"]))["body"] is None


async def test_what_was_read_for_a_slow_reader_before_is_not_sent_to_them_after(standing_server: ServerProcess) -> None:
    """Ada pages through a long history and stands still, while one of Ben's messages is taken down."""
    e = await Evening.begin(standing_server.url)
    await e.gather()
    await talk(e.ben, e.room, 220, LONG)  # more than the system holds between two ends
    async with e.ada.line() as a:
        await a.say({"t": "enter", "room": e.room, "after": e.ben.seen})
        await a.get()
        a.socket.transport.pause_reading()
        await asyncio.sleep(0.5)
        early = e.ben.seen + 195  # it was read from the database, and waits to be sent
        await e.do(e.mo, "take_down", target=e.ben.member, line=early)
        a.socket.transport.resume_reading()
        await a.until("caught_up")
    bodies = {frame["seq"]: frame["body"] for frame in a.heard if frame["t"] == "envelope"}
    assert (bodies[early - 1] is None, bodies[early]) == (False, None)


async def test_lines_that_are_kept_no_longer_leave_a_gap(standing_server: ServerProcess) -> None:
    g = await Gathering.begin(standing_server.url)
    ben = await g.admit("ben")
    async with ben.entered(g.room, ben.seen) as b, g.ada.entered(g.room, 0) as a:
        first = [await said(b, ben, g.room) for _ in range(3)]
        await g.do(g.ada, "retain", days=7)
        second = await said(a, g.ada, g.room)
    change(
        standing_server,
        "UPDATE envelopes SET time = ? WHERE room = ? AND kind = 'message'",
        now() - 7 * DAY - 1000,
        uuid(g.room),
    )
    start, end = first[0]["seq"], second["seq"]
    gaps = [
        {"t": "gap", "room": g.room, "after": start - 1, "until": start + 2},
        {"t": "gap", "room": g.room, "after": end - 1, "until": end},
    ]
    async with g.ada.entered(g.room, 0) as line:
        assert [frame for frame in line.heard if frame["t"] == "gap"] == gaps
        assert (line.heard[-1]["t"], line.heard[-1]["head"]) == ("caught_up", end)
    async with g.ada.entered(g.room, start) as line:
        assert next(frame for frame in line.heard if frame["t"] == "gap") == gaps[0] | {"after": start}
    page = await g.ada.ask("GET", f"/rooms/{g.room}/envelopes?after=0")
    assert [one for one in page["items"] if one["t"] == "gap"] == gaps
    assert page["next"] is None
    assert await g.refused(g.ada, "take_down", target=ben.member, line=start) == "unknown_line"
    async with ben.entered(g.room, ben.seen) as b:
        again = await said(b, ben, g.room)
        assert again["seq"] == end + 1, "seqs go on"
