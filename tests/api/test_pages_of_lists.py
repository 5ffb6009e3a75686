"""Every list is handed out in pages of so many bytes, and whoever asks for page after page gets all of it, once."""

import asyncio
import secrets
from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from uuid6 import uuid7

from gathering import HOUR, Gathering, Person, junk, now
from greedy import database, fill_like, fill_log, fill_reports, fill_requests, put
from safespace.fields import b64decode
from safespace.storage.paging import MAX_PAGE
from serving import ServerProcess


class Desk(NamedTuple):
    g: Gathering
    ballot: str


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A group of whose lists none fits into a page."""
    server = ServerProcess(tmp_path_factory.mktemp("lists") / "data")
    server.start()
    yield asyncio.run(_fill(server))
    server.stop()


async def _fill(server: ServerProcess) -> Desk:
    g = await Gathering.begin(server.url)
    ada, mo = g.ada, await g.admit("mo", "facilitator")
    for by, to in ((mo, ada), (ada, mo)):
        report = {"id": str(uuid7()), "sealed": junk(100_000), "boxes": [{"member": to.member, "box": junk(80)}]}
        await by.ask("POST", f"/groups/{g.group}/reports", report)
    note = {"id": str(uuid7()), "sealed": junk(16_000), "expires": now() + HOUR}
    await ada.ask("POST", f"/groups/{g.group}/handovers", note | {"boxes": [{"member": ada.member, "box": junk(80)}]})
    ballot = (await ada.ask("POST", f"/groups/{g.group}/ballots"))["id"]
    with database(server.database_file) as db:
        fill_log(db, g.room, 30, 60_000)
        fill_requests(db, ada.account, 12, welcome=100_000, tree=200_000)
        fill_requests(db, mo.account, 20, welcome=0, tree=0)
        fill_reports(db, g.group, 6, 10, 8 * 1024)
        fill_like(db, "handovers", g.group, 29)
        fill_like(db, "invites", g.group, 30, card=secrets.token_bytes(16 * 1024))
        leaf = db.execute("SELECT * FROM leaves WHERE member = ?", [b64decode(ada.member)]).fetchone()
        rooms = db.execute("SELECT * FROM rooms WHERE id = ?", [UUID(g.room).hex]).fetchone()
        for _ in range(8):
            put(db, "rooms", rooms, id=(aside := uuid7().hex), purpose="aside", due=None)
            put(db, "leaves", leaf, room=aside, joined_seq=1)
            welcome = [aside, leaf["device"], bytes(50_000), bytes(80_000)]
            db.execute("INSERT INTO welcomes (room, device, seq, welcome, tree) VALUES (?, ?, 1, ?, ?)", welcome)
        db.execute("UPDATE ballots SET opened = 1, closes = 2, came = 60, asks = 'feedback'")
        for _ in range(60):
            answer = [UUID(ballot).hex, secrets.token_bytes(32), bytes(48), bytes(256), bytes(4200)]
            db.execute(
                "INSERT INTO ballot_answers (ballot, digest, message, signature, sealed) VALUES (?, ?, ?, ?, ?)", answer
            )
    return Desk(g, ballot)


async def walked(person: Person, path: str, cursor: str) -> tuple[list[Any], list[int]]:
    """All items of a list, and the bytes of its pages."""
    items: list[Any] = []
    sizes: list[int] = []
    after = ""
    while True:
        answer = await person.http.get(path + after)
        assert answer.is_success, answer.text
        page = answer.json()
        items += page["items"]
        sizes.append(len(answer.content))
        if page["next"] is None:
            return items, sizes
        after = f"&{cursor}={page['next']}"


LISTS = {
    "/requests?limit=100": (12, 300_000),
    "/welcomes?limit=100": (8, 130_000),
    "/groups/{group}/requests?limit=100": (20, 21_000),
    "/groups/{group}/reports?limit=20": (7, 100_000 + 10 * 8192),
    "/groups/{group}/reports/own?limit=100": (7, 10 * 8192),
    "/groups/{group}/handovers?limit=100": (30, 16_000),
    "/groups/{group}/invites?limit=100": (31, 17_000),
    "/rooms/{room}/envelopes?limit=200": (None, 60_000),
    "/groups/{group}/ballots/{ballot}/answers?limit=100": (60, 4_600),
}
"""How many each has, and the bytes of one at most."""


@pytest.mark.parametrize("path", LISTS)
async def test_a_page_is_of_so_many_bytes_and_all_pages_are_the_list(desk: Desk, path: str) -> None:
    g = desk.g
    count, largest = LISTS[path]
    url = path.format(group=g.group, room=g.room, ballot=desk.ballot)
    items, sizes = await walked(g.ada, url, "after" if "envelopes" in path else "cursor")
    assert len(sizes) > 1, "it does not fit into one"
    assert max(sizes) < 1.5 * (MAX_PAGE + largest)
    if "ballots" not in path:
        names = [item.get("id") or (item["room"], item["seq"]) for item in items]
        assert len(set(names)) == len(names), "none comes twice"
    if count is not None:
        assert len(items) == count
    else:
        head = (await g.ada.ask("GET", f"/rooms/{g.room}"))["head"]
        assert [item["seq"] for item in items] == list(range(items[0]["seq"], head + 1))


async def test_what_is_written_about_a_report_is_bounded_as_a_whole(desk: Desk) -> None:
    g = desk.g
    mo = g.people[1]
    report = {"id": str(uuid7()), "sealed": junk(100), "boxes": [{"member": g.ada.member, "box": junk(80)}]}
    await mo.ask("POST", f"/groups/{g.group}/reports", report)
    path = f"/groups/{g.group}/reports/{report['id']}/entries"

    def entry() -> dict[str, Any]:
        return {"id": str(uuid7()), "sealed": junk(16_000), "boxes": report["boxes"], "status": None, "answer": None}

    for _ in range(16):
        await g.ada.ask("POST", path, entry())
    assert await g.ada.code("POST", path, entry()) == "quota_reached"
    await g.ada.ask("POST", path, entry() | {"sealed": junk(200)})
