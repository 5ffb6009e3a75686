"""Wren asks to join again and again: the door is not worn out, and of what ended nothing stays for long."""

import asyncio
import contextlib
import sqlite3
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from gathering import Frame, Gathering, Person, junk, now
from safespace.budgets import BUDGETS
from safespace.fields import b64encode
from safespace.relay.forgetting import KNOWN, forget
from safespace.sdk.group_crypto import Newcomer
from safespace.storage.database import Database
from serving import ServerProcess

HOUR = 3_600_000
ASKS = BUDGETS["requests"].rates["account"]


async def ask(g: Gathering, person: Person, **changes: Any) -> Frame:
    request = g.new_request(Newcomer(), **changes)
    await person.ask("POST", f"/invites/{g.invite}/requests", request)
    return request


async def test_three_hundred_requests_from_one_account(measured_server: ServerProcess) -> None:
    g = await Gathering.begin(measured_server.url)
    wren = await Person.arrive(g.url, "wren")
    codes: list[str] = []
    for _ in range(60):
        request = g.new_request(Newcomer())
        answer = await wren.http.post(f"/invites/{g.invite}/requests", json=request)
        codes.append("" if answer.is_success else answer.json()["code"])
        if len(codes) % 2:
            await wren.http.delete(f"/requests/{request['id']}")
    assert codes == [""] * ASKS.at_once + ["throttled"] * (60 - ASKS.at_once)
    assert answer.json()["detail"] == "Limit for one account: 40 requests to join at once, then 20 an hour."
    assert 0 < answer.json()["retry_after"] <= 180
    assert answer.headers["retry-after"] == str(answer.json()["retry_after"])
    # Somebody else's are taken, and hers is still there.
    moss = await Person.arrive(g.url, "moss")
    await ask(g, moss)
    assert len((await g.ada.ask("GET", f"/groups/{g.group}/requests"))["items"]) == 2


async def test_of_requests_that_ended_nothing_stays_for_long(tmp_path: Path) -> None:
    server = ServerProcess(tmp_path / "data")
    await asyncio.to_thread(server.start)
    g = await Gathering.begin(server.url)
    ended: dict[str, str] = {}
    people = {name: await Person.arrive(server.url, name) for name in ("wren", "moss", "ivy", "gus", "kit", "bo")}
    made = {name: await ask(g, person) for name, person in people.items()}
    await people["wren"].ask("DELETE", f"/requests/{made['wren']['id']}")
    made["newer"] = await ask(g, people["moss"])
    body = {"word": b64encode(b"not now")}
    await g.ada.ask("POST", f"/groups/{g.group}/requests/{made['ivy']['id']}/decline", body)
    short = await ask(g, people["gus"], expires=now() + HOUR)
    device = (await people["kit"].ask("GET", "/me"))["device"]
    await people["kit"].ask("DELETE", f"/me/devices/{device}")
    admitted = await g.admit("fae")
    assert admitted.seen
    # Asked the very same again, what ended stays ended; and what was sealed is gone at once.
    again = await people["wren"].ask("POST", f"/invites/{g.invite}/requests", made["wren"])
    assert again["status"] == "withdrawn"
    answer = await people["ivy"].ask("GET", f"/requests/{made['ivy']['id']}")
    assert (answer["status"], answer["word"]) == ("declined", body["word"])
    ids = {request["id"].replace("-", ""): name for name, request in (made | {"short": short}).items()}
    rows = requests(server)
    ended = {ids[id]: status for id, status, *_ in rows if id in ids}
    assert ended == {
        "wren": "withdrawn",
        "moss": "withdrawn",
        "newer": "waiting",
        "ivy": "declined",
        "gus": "withdrawn",
        "short": "waiting",
        "bo": "waiting",
    }
    assert all(
        (package, sealed) == (b"", b"") for _, status, package, sealed in rows if status in ("withdrawn", "declined")
    )
    await asyncio.to_thread(server.stop)

    database = Database(f"sqlite+aiosqlite:///{server.database_file}")
    for hours, there in (
        (0.5, {"wren", "moss", "newer", "ivy", "gus", "short", "bo", "fae"}),
        (7, {"ivy", "fae"}),
        (73, {"fae"}),
        (KNOWN / HOUR + 1, set()),
    ):
        await forget(database, now() + round(hours * HOUR))
        assert {ids.get(id, "fae") for id, *_ in requests(server)} == there, hours
    await database.close()


def requests(server: ServerProcess) -> list[tuple[str, str, bytes, bytes]]:
    with contextlib.closing(sqlite3.connect(f"file:{server.database_file}?mode=ro", uri=True)) as database:
        return database.execute("SELECT id, status, package, sealed FROM requests").fetchall()


async def test_strangers_at_the_same_address_keep_nobody_from_an_invite_or_a_calendar_that_there_is(
    tmp_path: Path,
) -> None:
    server = ServerProcess(tmp_path / "data", SAFESPACE_BUDGETS="0.1")
    await asyncio.to_thread(server.start)
    g = await Gathering.begin(server.url)
    calendar = (await g.ada.ask("POST", "/calendars", {"group": None}))["path"]
    invites = [f"/v1/invites/{uuid4()}" for _ in range(62)], f"/v1/invites/{g.invite}"
    calendars = [f"/calendar/{junk()}.ics" for _ in range(62)], calendar
    async with httpx.AsyncClient(base_url=server.url, trust_env=False) as client:
        for made_up, known in (invites, calendars):
            assert [(await client.get(path)).status_code for path in made_up] == [404] * 60 + [429] * 2
            # What there is can be had often, but not without end.
            answers = [(await client.get(known)).status_code for _ in range(62)]
            assert (answers[:10], answers[-1]) == ([200] * 10, 429)
    await asyncio.to_thread(server.stop)
