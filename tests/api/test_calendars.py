"""A calendar says when there is something, to whoever knows its address, and no more than that."""

import asyncio
import json
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from icalendar import Calendar
from uuid6 import uuid7

from gathering import Evening, Frame, Person
from serving import ServerProcess

HOUR = 3_600_000
WEB = Path(__file__).parents[2] / "web"
SECOND_READER = """
import ICAL from "ical.js";
const calendar = new ICAL.Component(ICAL.parse(await new Response(process.stdin).text()));
const events = calendar.getAllSubcomponents("vevent").map((event) => new ICAL.Event(event));
const at = (date) => date.toJSDate().getTime();
console.log(JSON.stringify(events.map((one) => [one.uid, one.summary, at(one.startDate), at(one.endDate)])));
"""


async def fetched(server: ServerProcess, path: str) -> httpx.Response:
    async with httpx.AsyncClient(base_url=server.url, trust_env=False) as client:
        return await client.get(path)


def events(answer: httpx.Response) -> list[Any]:
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    found: list[Any] = list(Calendar.from_ical(answer.text).walk("VEVENT"))
    assert read_again(answer.text) == [
        [str(one["UID"]), str(one["SUMMARY"]), *(one[end].dt.timestamp() * 1000 for end in ("DTSTART", "DTEND"))]
        for one in found
    ]
    return found


def read_again(feed: str) -> Any:
    """The feed as another library reads it: ical.js."""
    node = ("node", "--input-type=module", "--eval", SECOND_READER)
    return json.loads(subprocess.run(node, cwd=WEB, input=feed, capture_output=True, text=True, check=True).stdout)


async def plan(e: Evening, starts: list[int], minutes: int = 90) -> None:
    await e.do(e.fae, "plan", plan=str(uuid7()), starts=starts, minutes=minutes, clock=False)


async def subscribed(person: Person, group: str | None) -> Frame:
    made: Frame = await person.ask("POST", "/calendars", {"group": group})
    return made


async def test_it_tells_when_and_nothing_else(standing_server: ServerProcess) -> None:
    e = await Evening.begin(standing_server.url)
    await e.gather()
    tuesday = (int(time.time()) + 86_400) * 1000
    await plan(e, [tuesday, tuesday + 24 * HOUR])
    made = await subscribed(e.ben, e.group)
    answer = await fetched(standing_server, made["path"])
    found = events(answer)
    assert [one["DTSTART"].dt.timestamp() * 1000 for one in found] == [tuesday, tuesday + 24 * HOUR]
    assert [(one["DTEND"].dt - one["DTSTART"].dt).total_seconds() for one in found] == [5400, 5400]
    assert {str(one["SUMMARY"]) for one in found} == {"Appointment"}
    for told in (e.group, e.room, e.ben.member, e.ben.account):
        assert told.replace("-", "") not in answer.text.replace("-", "")
    again = await fetched(standing_server, made["path"])
    assert again.text == answer.text, "the same events, not new ones each time"

    # Another calendar's events are no kin of these; that of all groups tells of the second plan as well.
    await plan(e, [tuesday + 48 * HOUR])
    everything = events(await fetched(standing_server, (await subscribed(e.ben, None))["path"]))
    assert len(everything) == 3
    assert not {str(one["UID"]) for one in everything} & {str(one["UID"]) for one in found}


async def test_an_address_is_revoked_and_ends_with_the_membership(standing_server: ServerProcess) -> None:
    e = await Evening.begin(standing_server.url)
    await e.gather()
    await plan(e, [(int(time.time()) + 86_400) * 1000])
    first, second = await subscribed(e.ben, e.group), await subscribed(e.ben, e.group)
    known = (await e.ben.ask("GET", "/calendars"))["items"]
    assert known == [{name: made[name] for name in ("id", "group", "created")} for made in (first, second)]
    await e.ben.ask("DELETE", f"/calendars/{first['id']}")
    for path in (first["path"], "/calendar/never.ics"):
        answer = await fetched(standing_server, path)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert len(events(await fetched(standing_server, second["path"]))) == 1
    await e.leave(e.ben)
    assert events(await fetched(standing_server, second["path"])) == []


async def test_nobody_subscribes_to_what_is_not_theirs(standing_server: ServerProcess) -> None:
    e = await Evening.begin(standing_server.url)
    await e.gather()
    made = await subscribed(e.ben, e.group)
    stranger = await Person.arrive(e.url, "stranger")
    for group in (e.group, str(uuid7())):
        answer = await stranger.http.post("/calendars", json={"group": group})
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    answer = await e.mo.http.delete(f"/calendars/{made['id']}")
    assert answer.json()["code"] == "not_found"
    for _ in range(50):
        await subscribed(stranger, None)
    answer = await stranger.http.post("/calendars", json={"group": None})
    assert (answer.status_code, answer.json()["code"]) == (429, "quota_reached")


async def test_the_server_keeps_no_address(standing_server: ServerProcess) -> None:
    e = await Evening.begin(standing_server.url)
    made = await subscribed(e.ada, None)
    await fetched(standing_server, made["path"])
    secret = made["path"].removeprefix("/calendar/").removesuffix(".ics")
    with closing(sqlite3.connect(f"file:{standing_server.database_file}?mode=ro", uri=True)) as database:
        assert secret not in "".join(database.iterdump())
    assert secret not in standing_server.log()


async def test_nothing_planned_is_a_calendar_too(standing_server: ServerProcess) -> None:
    e = await Evening.begin(standing_server.url)
    made = await subscribed(e.ada, None)
    empty = await fetched(standing_server, made["path"])
    assert events(empty) == []
    [zone] = Calendar.from_ical(empty.text).subcomponents
    assert (zone.name, str(zone["TZID"])) == ("VTIMEZONE", "Etc/UTC")
    assert [component.name for component in zone.subcomponents] == ["STANDARD"]
    assert "METHOD" not in Calendar.from_ical(empty.text)


async def test_a_program_may_ask_for_the_head_alone(standing_server: ServerProcess) -> None:
    e = await Evening.begin(standing_server.url)
    made = await subscribed(e.ada, None)
    async with httpx.AsyncClient(base_url=standing_server.url, trust_env=False) as client:
        whole, head = await client.get(made["path"]), await client.head(made["path"])
        assert (head.status_code, head.content) == (200, b"")
        for name in ("Content-Type", "ETag", "Cache-Control"):
            assert head.headers[name] == whole.headers[name]
        again = await client.head(made["path"], headers={"If-None-Match": whole.headers["ETag"]})
        assert again.status_code == 304
        assert (await client.head("/calendar/never.ics")).status_code == 404


@pytest.mark.parametrize("start", [253_402_300_740_000, 4_102_444_800_001, 9 * 10**15, -1])
async def test_no_date_is_planned_that_no_calendar_can_write(standing_server: ServerProcess, start: int) -> None:
    """The last minutes of the year 9999, a moment after 2099, no year at all, and one before 1970."""
    e = await Evening.begin(standing_server.url)
    await e.gather()
    made = await subscribed(e.ben, None)
    tuesday = (int(time.time()) + 86_400) * 1000
    await plan(e, [tuesday])
    refused = await e.refused(e.fae, "plan", plan=str(uuid7()), starts=[start], minutes=60, clock=False)
    assert refused == "invalid_field"
    found = events(await fetched(standing_server, made["path"]))
    assert [one["DTSTART"].dt.timestamp() * 1000 for one in found] == [tuesday]


async def test_a_room_of_which_nothing_can_be_read_hides_no_other(standing_server: ServerProcess) -> None:
    first = await Evening.begin(standing_server.url)
    tuesday = (int(time.time()) + 86_400) * 1000
    planned = {"starts": [tuesday], "minutes": 60, "clock": False}
    await first.do(first.ada, "plan", plan=str(uuid7()), **planned)
    second = await Evening.begin(standing_server.url, ada=first.ada)
    await second.do(second.ada, "plan", plan=str(uuid7()), **planned)
    made = await subscribed(first.ada, None)
    assert len(events(await fetched(standing_server, made["path"]))) == 2
    for damage in ("", "{}", '{"live":{"times":{"x":1}},"floor":{}}'):
        with closing(sqlite3.connect(standing_server.database_file, timeout=30)) as database, database:
            changed = database.execute("UPDATE rooms SET live = ? WHERE id = ?", (damage, second.room.replace("-", "")))
            assert changed.rowcount == 1
        assert len(events(await fetched(standing_server, made["path"]))) == 1


async def test_programs_ask_in_many_ways(standing_server: ServerProcess) -> None:
    """Without saying what they take, packed or not, and for what they have already or had before."""
    e = await Evening.begin(standing_server.url)
    await e.gather()
    await plan(e, [(int(time.time()) + day * 86_400) * 1000 for day in range(1, 41)])
    path = (await subscribed(e.ben, None))["path"]
    address = httpx.URL(standing_server.url)
    for headers in (
        "",
        "Accept: */*\r\n",
        "Accept-Encoding: br\r\n",
        "Accept-Encoding: gzip, br;q=0\r\n",
        'If-None-Match: "another"\r\n',
        "Accept: text/html\r\nAccept-Language: C\r\n",
    ):
        reader, writer = await asyncio.open_connection(address.host, address.port)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {address.host}\r\nConnection: close\r\n{headers}\r\n".encode())
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
        writer.close()
        assert head.startswith(b"HTTP/1.1 200 "), headers
        assert b"content-type: text/calendar; charset=utf-8" in head.lower()
        # RFC 5545, section 3.1: lines end with CRLF, and none is longer than 75 bytes.
        assert b"content-encoding" not in head.lower()
        assert all(len(line) <= 75 and b"\n" not in line and b"\r" not in line for line in body.split(b"\r\n"))
        assert body.count(b"BEGIN:VEVENT") == 40
