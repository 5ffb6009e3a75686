"""What takes long is done beside the event loop, seldom, and not for what is refused in any case."""

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from uuid6 import uuid7

from asking import settings_in
from gathering import HOUR, Evening, Frame, Gathering, Person, junk, now
from in_process import running
from safespace.api import calendars, health, key_packages
from safespace.api.deadlines import DeadlineProtocol
from safespace.api.guard import MAX_BODY
from safespace.api.limits import Cost
from safespace.api.upgrade import Upgrade
from safespace.app import create_app
from safespace.budgets import BUDGETS, Whose
from safespace.crypto.mls import PublicGroup
from safespace.errors import SafeSpaceError
from safespace.fields import b64encode
from safespace.relay import commits, joining
from safespace.sdk.group_crypto import Newcomer
from safespace.storage import migrations
from safespace.wire import MAX_COMMAS, MAX_FRAME
from serving import free_port
from side import SideRoom, package


class Place:
    """A server in this process, so that one can see what it does, and on which thread."""

    def __init__(self, app: FastAPI, url: str, patch: pytest.MonkeyPatch) -> None:
        self.app = app
        self.url = url
        self._patch = patch

    def watch(self, module: Any, name: str) -> list[str]:
        """The threads on which a function was called from now on."""
        threads: list[str] = []
        inner: Callable[..., object] = getattr(module, name)

        def watched(*words: object, **named: object) -> object:
            threads.append(threading.current_thread().name)
            return inner(*words, **named)

        self._patch.setattr(module, name, watched)
        return threads


@pytest.fixture
async def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Place]:
    port = free_port()
    app = create_app(settings_in(tmp_path, port=port, registrations_per_hour=1000, invites_per_hour=1000))
    config = uvicorn.Config(
        app,
        port=port,
        http=DeadlineProtocol,
        ws=Upgrade,
        ws_max_size=MAX_FRAME,
        log_config=None,
        timeout_graceful_shutdown=5,
    )
    async with running(config):
        yield Place(app, f"http://127.0.0.1:{port}", monkeypatch)


async def asked(url: str, path: str, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(base_url=url, trust_env=False) as client:
        return await client.get(path, headers=headers)


async def test_however_often_readiness_is_asked_for_the_database_is_looked_at_now_and_then(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = place.watch(health, "is_current")
    monkeypatch.setattr(health, "LOOK", 1000.0)
    place.app.state.readiness = health.Readiness(place.app.state.database)
    answers = await asyncio.gather(*[asked(place.url, "/readyz") for _ in range(30)])
    assert {answer.status_code for answer in answers} == {200}
    assert len(looks) == 1


async def test_migrations_are_read_beside_the_loop_and_not_while_others_want_to_write(place: Place) -> None:
    threads = place.watch(migrations, "ScriptDirectory")
    migrations._heads.cache_clear()
    async with place.app.state.database.turn():
        assert await migrations.is_current(place.app.state.database)
    assert threads
    assert all(name.startswith("beside") for name in threads)


async def test_a_calendar_is_written_beside_the_loop_and_only_when_it_says_something_new(place: Place) -> None:
    e = await Evening.begin(place.url)
    await e.gather()
    first = now() + 24 * HOUR
    for number in range(12):
        starts = [first + 2 * HOUR * (64 * number + one) for one in range(64)]
        await e.do(e.fae, "plan", plan=str(uuid7()), starts=starts, minutes=60, clock=False)
    made = await e.ben.ask("POST", "/calendars", {"group": None})
    threads = place.watch(calendars, "_written")
    answer = await asked(place.url, made["path"])
    assert answer.text.count("BEGIN:VEVENT") == calendars.MAX_EVENTS
    assert len(answer.content) < 250 * calendars.MAX_EVENTS
    assert max(map(len, answer.text.split("\r\n"))) <= 75
    again = await asked(place.url, made["path"], **{"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert [name.startswith("beside") for name in threads] == [True]
    await e.do(e.fae, "plan", plan=str(uuid7()), starts=[first - HOUR], minutes=10, clock=False)
    changed = await asked(place.url, made["path"], **{"If-None-Match": answer.headers["ETag"]})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != answer.headers["ETag"]


async def test_a_calendar_is_throttled_by_itself_wherever_it_is_asked_from(place: Place) -> None:
    g = await Gathering.begin(place.url)
    made = await g.ada.ask("POST", "/calendars", {"group": None})
    at_once = BUDGETS["feeds"].rates["calendar"].at_once
    codes = []
    for number in range(at_once + 1):
        transport = httpx.ASGITransport(place.app, client=(f"192.0.2.{number}", 1))
        async with httpx.AsyncClient(transport=transport, base_url=place.url) as client:
            codes.append((await client.get(made["path"])).status_code)
    assert codes == [200] * at_once + [429]


async def test_a_refused_post_of_key_packages_is_cheap(place: Place) -> None:
    g = await Gathering.begin(place.url)
    path = f"/groups/{g.group}/key-packages"
    given = [package(g.ada, g.group, Newcomer()) for _ in range(3)]
    threads = place.watch(key_packages, "check_key_package")
    assert await g.ada.code("POST", path, {"packages": [given[0]] * 100}) == "key_package_used"
    stranger = await Person.arrive(g.url, "stranger")
    assert await stranger.code("POST", path, {"packages": given}) == "not_found"
    assert threads == [], "nothing is checked of what cannot be taken"
    wrong = {"package": b64encode(b"no package"), "endorsement": given[0]["endorsement"]}
    assert await g.ada.code("POST", path, {"packages": [wrong, *given]}) == "mls_malformed"
    assert len(threads) == 1, "nor behind the first that is wrong"
    await g.ada.ask("POST", path, {"packages": given})
    assert len(threads) == 4
    assert all(name.startswith("beside") for name in threads)


async def test_a_refused_request_to_join_is_cheap(place: Place) -> None:
    """For nobody who is not let to the door is a KeyPackage looked at, right or wrong."""
    e = await Evening.begin(place.url)
    await e.gather()
    over = await e.make_invite(e.ada, uses=1)
    taken_back = await e.make_invite(e.ada)
    ivy = await Person.arrive(e.url, "ivy")
    await ivy.ask("POST", f"/invites/{over}/requests", first := e.new_request(Newcomer()))
    await e.do(e.mo, "remove", target=e.ben.member, ban=True)
    await e.ada.ask("DELETE", f"/groups/{e.group}/invites/{taken_back}")
    threads = place.watch(joining, "check_key_package")
    asks: list[tuple[Person, Any, Frame, str]] = [
        (ivy, uuid7(), {}, "invite_unknown"),
        (ivy, taken_back, {}, "invite_revoked"),
        (ivy, over, {"id": first["id"]}, "client_id_reused"),
        (ivy, over, {"expires": now() - 1}, "invalid_field"),
        (e.ben, over, {}, "removed"),
        (e.fae, over, {}, "already_member"),
        (e.ada, over, {"lost_keys": True}, "owner_elsewhere"),
    ]
    for person, invite, changes, code in asks:
        for bad in ({}, {"package": junk(300)}):
            request = e.new_request(Newcomer(), **(changes | bad))
            assert await person.code("POST", f"/invites/{invite}/requests", request) == code
    assert (await ivy.ask("POST", f"/invites/{over}/requests", first))["id"] == first["id"]
    assert threads == []
    bad = e.new_request(Newcomer(), package=junk(300))
    assert await ivy.code("POST", f"/invites/{over}/requests", bad) == "mls_malformed"
    assert len(threads) == 1


async def test_a_room_that_cannot_be_made_costs_no_look_at_its_tree(place: Place) -> None:
    g = await Gathering.begin(place.url)
    ben = await g.admit("ben")
    side = SideRoom(g, "aside", ben)
    body = side.new_room(ben)
    trees = place.watch(PublicGroup, "create")
    stranger = await Person.arrive(g.url, "stranger")
    assert await stranger.code("POST", f"/groups/{g.group}/rooms", body) == "not_found"
    assert await ben.code("POST", f"/groups/{g.group}/rooms", body | {"about": None}) == "invalid_field"
    assert await ben.code("POST", f"/groups/{g.group}/rooms/{uuid7()}/ask", package(ben, g.group, Newcomer())) == (
        "unknown_room"
    )
    assert trees == []


async def test_what_is_signed_is_checked_beside_the_loop(place: Place) -> None:
    checked = place.watch(joining, "check_key_package")
    trees = place.watch(PublicGroup, "create")
    committed = place.watch(commits, "_check")
    g = await Gathering.begin(place.url)
    await g.admit("ben")
    for threads in (checked, trees, committed):
        assert threads
        assert all(name.startswith("beside") for name in threads)


MANY = MAX_COMMAS + 1


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"a":[' + b"[]," * MANY + b"[]]}", id="brackets"),
        pytest.param(b'{"a":[' + b"0," * MANY + b"0]}", id="numbers"),
        pytest.param(b"{" + b",".join(b'"f%d":1' % number for number in range(MANY + 1)) + b"}", id="fields"),
        pytest.param(b'{"a":[' + b'{"a":{}},' * MANY + b"0]}", id="objects"),
        pytest.param(b'{"a":"' + b"x" * MAX_BODY + b'"}', id="a string"),
    ],
)
async def test_what_takes_long_to_parse_is_not_parsed(place: Place, body: bytes) -> None:
    ada = await Person.arrive(place.url, "ada")
    for path in ("/login", "/groups", "/accounts"):
        answer = await ada.http.post(path, content=body, headers={"Content-Type": "application/json"})
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    async with ada.line() as line:
        await line.socket.send(body.decode())
        assert (await line.until("refused"))["code"] == "too_large"
        await line.socket.send("[" * 10)
        assert (await line.until("refused"))["code"] == "malformed_json"


async def test_what_is_large_and_right_is_taken(place: Place) -> None:
    g = await Gathering.begin(place.url)
    report = {"id": str(uuid7()), "sealed": junk(200_000), "boxes": [{"member": g.ada.member, "box": junk(80)}]}
    bodies = [g.ada.http.post(f"/groups/{g.group}/reports", json=report) for _ in range(8)]
    assert {answer.status_code for answer in await asyncio.gather(*bodies)} == {201}


async def test_a_report_is_taken_whatever_else_was_stored(place: Place) -> None:
    """Ada's account, and her group, have stored all that they may."""
    g = await Gathering.begin(place.url)
    account, group = UUID((await g.ada.ask("GET", "/me"))["account"]).bytes, UUID(g.group).bytes
    keys: dict[Whose, bytes] = {"account": account, "group": group, "member": group + account}
    for whose, key in keys.items():
        with contextlib.suppress(SafeSpaceError):
            while True:
                await place.app.state.limits._take([Cost("stored", whose, key, 16)])
    assert await g.ada.code("POST", f"/groups/{g.group}/invites", g.new_invite(g.ada)) == "throttled"
    report = {"id": str(uuid7()), "sealed": junk(200_000), "boxes": [{"member": g.ada.member, "box": junk(80)}]}
    assert (await g.ada.http.post(f"/groups/{g.group}/reports", json=report)).status_code == 201
