"""Reports at the server: only recipients are handed one, only their boxes, and stamps are verified for staff alone."""

import asyncio
import contextlib
import sqlite3
from pathlib import Path
from uuid import UUID

import pytest
from uuid6 import uuid7

from gathering import Evening, Frame, Gathering, Line, Person, act, junk
from safespace.clock import wall_clock
from safespace.fields import b64decode, b64encode
from safespace.relay.forgetting import forget
from safespace.relay.joining import DAY
from safespace.storage.database import Database
from serving import ServerProcess
from side import SideRoom
from statements import STAMPED, box, entry, report


def at(g: Gathering, rest: str = "") -> str:
    return f"/groups/{g.group}/reports{rest}"


@pytest.fixture
async def g(standing_server: ServerProcess) -> Evening:
    gathering = await Evening.begin(standing_server.url)
    await gathering.gather()
    return gathering


async def ids(g: Gathering, who: Person) -> list[str]:
    return [item["id"] for item in (await who.ask("GET", at(g)))["items"]]


async def test_a_report_is_for_its_recipients_alone(g: Evening) -> None:
    sent = report(g.ada, g.mo)
    filed = await g.ben.ask("POST", at(g), sent)
    assert filed == {"id": sent["id"], "created": filed["created"], "status": "open", "answers": []}
    [item] = (await g.mo.ask("GET", at(g)))["items"]
    own_box = next(one["box"] for one in sent["boxes"] if one["member"] == g.mo.member)
    assert (item["sealed"], item["box"], item["entries"]) == (sent["sealed"], own_box, [])
    assert await ids(g, g.ada) == [sent["id"]]
    assert await ids(g, g.fae) == [], "not sealed to her"
    assert await g.ben.code("GET", at(g)) == "forbidden"
    assert await g.ben.ask("GET", at(g, "/own")) == {"items": [filed], "next": None}
    assert (await g.mo.ask("GET", at(g, "/own")))["items"] == []


async def test_boxes_are_for_those_who_read_reports(g: Evening) -> None:
    nobody = [{"member": b64encode(bytes(16)), "box": box()}]
    for wrong in [report(g.ben), report(g.ada, g.ben), report(boxes=nobody)]:
        assert await g.ben.code("POST", at(g), wrong) == "unknown_member"
    assert await g.ben.code("POST", at(g), report(g.ada, g.ada)) == "invalid_field"
    assert await g.ben.code("POST", at(g), report()) == "invalid_field"
    assert await g.ben.code("POST", at(g), report(g.ada, sealed="")) == "invalid_field"
    assert await g.ben.code("POST", at(g), report(g.ada, sealed=junk(400_000))) == "invalid_field"
    assert (
        await g.ben.code("POST", at(g), report(g.ada, boxes=[{"member": g.ada.member, "box": junk(81)}]))
        == "invalid_field"
    )
    assert await ids(g, g.ada) == []


async def test_sent_again_it_is_one_report_and_another_under_its_id_is_refused(g: Evening) -> None:
    sent = report(g.ada)
    first = await g.ben.ask("POST", at(g), sent)
    assert await g.ben.ask("POST", at(g), sent) == first
    assert await g.ben.code("POST", at(g), sent | {"sealed": junk(1100)}) == "client_id_reused"
    assert await g.mo.code("POST", at(g), sent) == "client_id_reused"
    assert await ids(g, g.ada) == [sent["id"]]


async def test_strangers_and_those_who_left_get_the_answer_of_a_group_there_is_not(g: Evening) -> None:
    sent = report(g.ada)
    await g.ben.ask("POST", at(g), sent)
    zoe, nowhere = await Person.arrive(g.url, "zoe"), str(uuid7())
    for group in (g.group, nowhere):
        base = f"/groups/{group}"
        assert await zoe.code("GET", f"{base}/reports") == "not_found"
        assert await zoe.code("GET", f"{base}/reports/own") == "not_found"
        assert await zoe.code("POST", f"{base}/reports", report(g.ada)) == "not_found"
        assert await zoe.code("POST", f"{base}/reports/{sent['id']}/entries", entry(g.ada)) == "not_found"
        assert await zoe.code("POST", f"{base}/stamps/verify", STAMPED | {"room": g.room}) == "not_found"


async def test_recipients_write_for_recipients_and_answer_who_filed_it(g: Evening) -> None:
    sent = report(g.ada, g.mo)
    await g.ben.ask("POST", at(g), sent)
    entries = at(g, f"/{sent['id']}/entries")
    note = entry(g.mo, g.ada)
    written = await g.mo.ask("POST", entries, note)
    assert await g.mo.ask("POST", entries, note) == written, "the same again"
    assert await g.ada.code("POST", entries, note) == "client_id_reused"
    [item] = (await g.ada.ask("GET", at(g)))["items"]
    [seen] = item["entries"]
    assert (seen["sealed"], seen["box"]) == (note["sealed"], note["boxes"][1]["box"])
    # Fae may read reports, but not this one: that is the same as if there were none.
    for who, where in [(g.fae, sent["id"]), (g.mo, str(uuid7()))]:
        assert await who.code("POST", at(g, f"/{where}/entries"), entry(who)) == "report_unknown"
    assert await g.ben.code("POST", entries, entry(g.ada)) == "forbidden"
    assert await g.mo.code("POST", entries, entry(g.mo, g.fae)) == "unknown_member"
    assert await g.mo.code("POST", entries, entry(g.ada)) == "invalid_field"
    answer = junk(1100)
    await g.ada.ask("POST", entries, entry(g.ada, g.mo, status="resolved", answer=answer))
    [own] = (await g.ben.ask("GET", at(g, "/own")))["items"]
    assert (own["status"], own["answers"]) == ("resolved", [answer])
    [item] = (await g.mo.ask("GET", at(g)))["items"]
    assert (item["status"], len(item["entries"])) == ("resolved", 2)
    await g.mo.ask("POST", entries, entry(g.mo, status="open"))
    [item] = (await g.mo.ask("GET", at(g)))["items"]
    assert (item["status"], item["resolved"]) == ("open", None)
    [item] = (await g.ada.ask("GET", at(g)))["items"]
    assert item["entries"][2]["box"] is None, "not written for her"


async def test_lists_go_on_page_by_page_newest_first(g: Evening) -> None:
    sent = [report(g.ada) for _ in range(5)]
    for one in sent:
        await g.ben.ask("POST", at(g), one)
    newest = [one["id"] for one in reversed(sent)]
    first = await g.ada.ask("GET", at(g, "?limit=2"))
    assert [item["id"] for item in first["items"]] == newest[:2]
    rest = await g.ada.ask("GET", at(g, f"?limit=20&cursor={first['next']}"))
    assert ([item["id"] for item in rest["items"]], rest["next"]) == (newest[2:], None)
    own = await g.ben.ask("GET", at(g, "/own?limit=4"))
    assert ([item["id"] for item in own["items"]], own["next"]) == (newest[:4], newest[3])


def told(line: Line, g: Gathering) -> list[int | None]:
    """The counts told so far."""
    return [frame["open"] for frame in line.heard if frame["t"] == "report" and frame["group"] == g.group]


async def test_recipients_are_told_how_many_are_open_to_them_and_nobody_else_anything(g: Evening) -> None:
    async with g.mo.line() as mo, g.fae.line() as fae, g.ben.line() as ben:
        sent = report(g.ada, g.mo)
        await g.ben.ask("POST", at(g), sent)
        assert (await mo.until("report", group=g.group))["open"] == 1
        await g.ben.ask("POST", at(g), report(g.ada, g.mo, g.fae))
        assert (await mo.until("report"))["open"] == 2
        assert (await fae.until("report"))["open"] == 1
        await g.mo.ask("POST", at(g, f"/{sent['id']}/entries"), entry(g.mo, status="resolved"))
        assert (await mo.until("report"))["open"] == 1
        assert await ben.until("report") == {"t": "report", "group": g.group, "open": None}
    async with g.mo.line() as mo:
        assert await mo.get() == {"t": "report", "group": g.group, "open": 1}, "who comes later is greeted with it"
    assert told(fae, g) == [1]
    assert told(ben, g) == [None]


async def test_a_stamp_is_right_for_one_place_and_told_to_staff_of_the_group_alone(g: Evening) -> None:
    async with g.ben.entered(g.room, g.ben.seen) as line:
        await line.say(g.ben.message(g.room))
        said = await line.until("envelope", kind="message")
    verify = f"/groups/{g.group}/stamps/verify"
    true = stamped(said, g.ben)
    for who in (g.ada, g.fae, g.mo):
        assert await who.ask("POST", verify, true) == {"valid": True}
    assert await g.ben.code("POST", verify, true) == "forbidden"
    other = await Gathering.begin(g.url)
    for wrong in [
        {"seq": true["seq"] + 1},
        {"time": true["time"] + 1},
        {"epoch": true["epoch"] + 1},
        {"leaf": g.mo.member},
        {"member": g.mo.member},
        {"commitment": junk(32)},
        {"room": other.room},
        {"room": str(uuid7())},
        {"stamp": b64encode(bytes([b64decode(true["stamp"])[0] + 1]) + b64decode(true["stamp"])[1:])},
    ]:
        assert await g.mo.ask("POST", verify, true | wrong) == {"valid": False}, wrong
    # A right stamp of another group's room says no more than a wrong one.
    assert await other.ada.ask("POST", f"/groups/{other.group}/stamps/verify", true) == {"valid": False}
    assert await other.ada.code("POST", verify, true) == "not_found"
    assert await g.mo.code("POST", verify, true | {"stamp": junk(32)}) == "invalid_field"
    assert await g.mo.code("POST", verify, true | {"seq": 0}) == "invalid_field"


def stamped(said: Frame, member: Person) -> Frame:
    """What a stamp is for, and whose leaf that is."""
    about = {name: said[name] for name in ("room", "leaf", "epoch", "seq", "time", "commitment", "stamp")}
    return about | {"member": member.member}


async def said_in(side: SideRoom, seat: Person) -> Frame:
    async with seat.entered(side.room, seat.seen) as line:
        frame = seat.message(side.room)
        await line.say(frame)
        return await line.until("envelope", client_id=frame["client_id"])


async def test_the_server_vouches_for_a_leaf_while_it_was_somebodys(g: Evening) -> None:
    """Mo, who is not in the aside, asks about what Ben said there; also once Ben is out of it."""
    verify = f"/groups/{g.group}/stamps/verify"
    side = await SideRoom.open(g, g.ada, "aside", g.ben)
    await side.bring(g.ada, g.ben)
    there = side.seats[g.ben.member]
    true = stamped(await said_in(side, there), g.ben)
    async with there.entered(side.room, there.seen) as line:
        await line.say(act(side.room, policy=side.policy(there, "leave")))
        await line.until("gone")
    other = await Gathering.begin(g.url)
    assert await g.mo.ask("POST", verify, true) == {"valid": True}
    for wrong in (
        {"member": g.ada.member},
        {"member": true["leaf"]},
        {"leaf": g.ben.member},
        {"room": g.room},
        {"seq": true["seq"] + 1},
        {"seq": 1},
    ):
        assert await g.mo.ask("POST", verify, true | wrong) == {"valid": False}, wrong
    assert await other.ada.ask("POST", f"/groups/{other.group}/stamps/verify", true) == {"valid": False}


async def test_the_server_vouches_for_passing_rooms_of_the_group_alone_over_or_not(g: Evening) -> None:
    """Ada holds a session in a capsule; Zoe, who owns another group, asks about it, and about one of hers in Ada's."""
    zoes = await Gathering.begin(g.url)
    lines = {}
    for group in (g, zoes):
        side = SideRoom(group, "capsule", None)
        await group.do(group.ada, "open_session", minutes=30)
        await group.do(group.ada, "capsule", into=side.room)
        await side.made_by(group.ada)
        lines[group.group] = stamped(await said_in(side, side.seats[group.ada.member]), group.ada)
    for over in (False, True):
        for asking in (g, zoes):
            for group_id, line in lines.items():
                answer = await asking.ada.ask("POST", f"/groups/{asking.group}/stamps/verify", line)
                assert answer == {"valid": group_id == asking.group}
        for group in (g, zoes):
            if over:
                assert await group.ada.code("GET", f"/rooms/{lines[group.group]['room']}") == "not_found"
            else:
                await group.do(group.ada, "close_session")
    # Nobody makes another room of its id, in which others' words would be stamped.
    room = lines[g.group]["room"]
    for group in (g, zoes):
        side = SideRoom(group, "staff", None)
        side.room = room
        assert await group.ada.code("POST", f"/groups/{group.group}/rooms", side.new_room(group.ada)) == "group_exists"
        await group.do(group.ada, "open_session", minutes=30)
        assert await group.refused(group.ada, "capsule", into=room) == "group_exists"


async def test_floods_are_slowed(tmp_path: Path) -> None:
    server = ServerProcess(tmp_path / "data", SAFESPACE_BUDGETS="0.1")
    server.start()
    try:
        g = await Evening.begin(server.url)
        await g.gather()
        for _ in range(3):
            await g.ben.ask("POST", at(g), report(g.mo))
        assert await g.ben.code("POST", at(g), report(g.mo)) == "throttled"
        [newest, *_] = await ids(g, g.mo)
        for _ in range(12):
            await g.mo.ask("POST", at(g, f"/{newest}/entries"), entry(g.mo))
        assert await g.mo.code("POST", at(g, f"/{newest}/entries"), entry(g.mo)) == "throttled"
        verify = f"/groups/{g.group}/stamps/verify"
        for _ in range(120):
            await g.mo.ask("POST", verify, STAMPED | {"room": g.room})
        assert await g.mo.code("POST", verify, STAMPED | {"room": g.room}) == "throttled"
        # Others still can.
        await g.fae.ask("POST", at(g), report(g.mo))
    finally:
        server.stop()


async def test_an_account_has_so_many_open_reports_in_a_group(g: Evening) -> None:
    sent = [report(g.mo) for _ in range(50)]
    for one in sent:
        await g.ben.ask("POST", at(g), one)
    assert await g.ben.code("POST", at(g), report(g.mo)) == "quota_reached"
    await g.mo.ask("POST", at(g, f"/{sent[0]['id']}/entries"), entry(g.mo, status="resolved"))
    await g.ben.ask("POST", at(g), report(g.mo))


async def test_what_was_seen_to_is_deleted_after_ninety_days_and_what_waits_stays(server: ServerProcess) -> None:
    g = await Evening.begin(server.url)
    await g.gather()
    done, waits = report(g.ada, g.mo), report(g.ada, g.mo)
    for one in (done, waits):
        await g.ben.ask("POST", at(g), one)
    await g.ada.ask("POST", at(g, f"/{done['id']}/entries"), entry(g.ada, g.mo, status="resolved"))
    await asyncio.to_thread(server.stop)
    database = Database(f"sqlite+aiosqlite:///{server.database_file}")
    for days, left in ((89, {done["id"], waits["id"]}), (91, {waits["id"]})):
        await forget(database, wall_clock() + days * DAY)
        assert kept(server, "reports", "id") == left
        assert kept(server, "report_boxes", "report") == left
        assert kept(server, "report_entries", "report") == left & {done["id"]}
    await database.close()


def kept(server: ServerProcess, table: str, column: str) -> set[str]:
    """The reports of which something is in a table."""
    with contextlib.closing(sqlite3.connect(f"file:{server.database_file}?mode=ro", uri=True)) as database:
        return {str(UUID(hex=id)) for (id,) in database.execute(f"SELECT {column} FROM {table}")}  # noqa: S608 - ours
