"""Invites and the requests made with them."""

import sqlite3
from typing import Any

import httpx
import pytest
from uuid6 import uuid7

from gathering import HOUR, Evening, Gathering, Person, junk, now
from safespace.fields import b64decode, b64encode
from safespace.sdk.group_crypto import Newcomer
from serving import ServerProcess


@pytest.fixture(scope="module")
async def evening(standing_server: ServerProcess) -> Evening:
    evening = await Evening.begin(standing_server.url)
    await evening.gather()
    return evening


async def test_an_invite_shows_its_card_to_anyone_and_its_box_to_its_holder(evening: Evening) -> None:
    body = evening.new_invite(evening.ada, evening.fae)
    made = await evening.ada.ask("POST", f"/groups/{evening.group}/invites", body)
    assert made["box"] == body["sealed"][0]["box"]
    card = await Person(evening.url, "stranger").ask("GET", f"/invites/{body['id']}")
    assert card == {"id": body["id"], "group": evening.group, "card": body["card"], "expires": body["expires"]}
    listed = (await evening.fae.ask("GET", f"/groups/{evening.group}/invites"))["items"]
    assert [one["box"] for one in listed if one["id"] == body["id"]] == [body["sealed"][1]["box"]]
    assert await evening.ada.ask("POST", f"/groups/{evening.group}/invites", body) == made, "sent again: the same"
    assert await evening.ada.code("POST", f"/groups/{evening.group}/invites", body | {"card": junk()}) == (
        "client_id_reused"
    )


PREVIEWS = (
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com",
    "WhatsApp/2.23.20.0",
    "facebookexternalhit/1.1",
    "TelegramBot (like TwitterBot)",
)


async def test_who_only_looks_uses_nothing_up(standing_server: ServerProcess) -> None:
    """Messengers open a link before anyone does, and some run its scripts; then the one it was for comes in by it."""
    g = await Gathering.begin(standing_server.url)
    g.invite = await g.make_invite(g.ada, uses=1)
    async with httpx.AsyncClient(base_url=standing_server.url, trust_env=False) as client:
        for agent in PREVIEWS:
            headers = {"User-Agent": agent}
            assert (await client.head(f"/i/{g.invite}", headers=headers)).status_code == 200
            for path in (f"/i/{g.invite}", f"/v1/invites/{g.invite}"):
                assert (await client.get(path, headers=headers)).status_code == 200
    [listed] = [one for one in (await g.ada.ask("GET", f"/groups/{g.group}/invites"))["items"] if one["id"] == g.invite]
    assert (listed["used"], listed["uses"]) == (0, 1)
    await g.admit("ben")
    assert await Person(g.url, "stranger").code("GET", f"/invites/{g.invite}") == "invite_used_up"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"uses": 0}, "invalid_field"),
        ({"uses": 501}, "invalid_field"),
        ({"expires": 1}, "invalid_field"),
        ({"expires": 2**53 - 1}, "invalid_field"),
        ({"card": "YQ=="}, "bad_base64"),
        ({"card": junk(20_000)}, "invalid_field"),
        ({"sealed": []}, "invalid_field"),
        ({"sealed": [{"member": junk(16), "box": junk()}]}, "unknown_member"),
        ({"more": 1}, "invalid_field"),
    ],
)
async def test_a_wrong_invite_is_refused(evening: Evening, changes: dict[str, Any], code: str) -> None:
    body = evening.new_invite(evening.ada) | changes
    assert await evening.ada.code("POST", f"/groups/{evening.group}/invites", body) == code


async def test_an_invite_is_sealed_to_admitters_alone_the_maker_among_them(evening: Evening) -> None:
    path = f"/groups/{evening.group}/invites"
    assert await evening.ada.code("POST", path, evening.new_invite(evening.ada, evening.ben)) == "unknown_member"
    assert await evening.ada.code("POST", path, evening.new_invite(evening.fae)) == "invalid_field"
    assert await evening.mo.code("POST", path, evening.new_invite(evening.mo)) == "forbidden"


async def test_an_invite_ends_by_time_use_and_being_taken_back(server: ServerProcess) -> None:
    g = await Gathering.begin(server.url)
    stranger = await Person.arrive(server.url, "stranger")
    path = f"/groups/{g.group}/invites"

    async def knock(invite: str) -> set[str]:
        request = g.new_request(Newcomer())
        asked = await stranger.code("POST", f"/invites/{invite}/requests", request)
        return {await stranger.code("GET", f"/invites/{invite}"), asked}

    assert await knock(str(uuid7())) == {"invite_unknown"}
    g.invite = await g.make_invite(g.ada, uses=1)
    late = await g.wait("late")
    await g.admit("wren")
    assert await knock(g.invite) == {"invite_used_up"}
    frame, _ = g.admission(g.ada, late[1], late[2])
    async with g.ada.entered(g.room, g.ada.seen) as line:
        assert await line.refusal(frame) == "invite_used_up", "who waits because of it cannot be admitted either"
    taken_back = await g.make_invite(g.ada)
    await g.ada.ask("DELETE", f"{path}/{taken_back}")
    assert await knock(taken_back) == {"invite_revoked"}
    old = await g.make_invite(g.ada)
    with sqlite3.connect(server.database_file) as database:
        database.execute("UPDATE invites SET expires = ? WHERE id = ?", (now() - 1, old.replace("-", "")))
    assert await knock(old) == {"invite_expired"}
    assert await g.ada.code("DELETE", f"{path}/{uuid7()}") == "invite_unknown"


async def test_an_invite_ends_when_someone_who_holds_it_is_removed(standing_server: ServerProcess) -> None:
    g = await Gathering.begin(standing_server.url)
    fae = await g.admit("fae", "facilitator")
    held, own = await g.make_invite(g.ada, fae), await g.make_invite(g.ada)
    async with g.ada.entered(g.room, g.ada.seen) as line:
        await line.say(g.removal(g.ada, fae, commit=g.ada.mls.remove(g.leaves_of(fae))))
        await line.until("envelope", kind="handshake")
    stranger = Person(g.url, "stranger")
    assert await stranger.code("GET", f"/invites/{held}") == "invite_revoked"
    assert (await stranger.ask("GET", f"/invites/{own}"))["id"] == own


async def test_a_request_waits_is_seen_and_is_answered(evening: Evening) -> None:
    async with evening.fae.line() as admitter:
        wren, newcomer, request = await evening.wait("wren")
        count = (await admitter.until("waiting", group=evening.group))["count"]
        listed = (await evening.fae.ask("GET", f"/groups/{evening.group}/requests?limit=100"))["items"]
        mine = next(one for one in listed if one["id"] == request["id"])
        assert len(listed) == count
        assert {name: mine[name] for name in request} == request
        own = await wren.ask("GET", f"/requests/{request['id']}")
        assert (own["status"], own["welcome"], own["tree"]) == ("waiting", None, None)
        assert (await wren.ask("GET", "/requests"))["items"] == [own]
        async with wren.line() as line:
            await evening.fae.ask("POST", f"/groups/{evening.group}/requests/{request['id']}/decline")
            assert await line.until("request") == {"t": "request", "id": request["id"], "status": "declined"}
        assert (await admitter.until("waiting"))["count"] == count - 1
    decline = f"/groups/{evening.group}/requests/{request['id']}/decline"
    assert await evening.fae.code("POST", decline) == "request_decided"
    assert await wren.code("DELETE", f"/requests/{request['id']}") == "request_decided"
    again = evening.new_request(newcomer)
    assert await wren.code("POST", f"/invites/{evening.invite}/requests", again) == "declined_lately"
    other = await Person.arrive(evening.url, "moss")
    assert await other.code("POST", f"/invites/{evening.invite}/requests", again) == "key_package_used"


async def test_the_admitted_are_told_and_handed_what_they_need(standing_server: ServerProcess) -> None:
    g = await Gathering.begin(standing_server.url)
    wren, newcomer, request = await g.wait("wren")
    frame, commit = g.admission(g.ada, newcomer, request)
    async with wren.line() as line, g.ada.entered(g.room, g.ada.seen) as a:
        await a.say(frame)
        assert await line.until("request") == {"t": "request", "id": request["id"], "status": "admitted"}
        lines = [await a.until("envelope") for _ in range(3)]
    assert [line["kind"] for line in lines] == ["policy", "handshake", "policy"]
    assert [line["policy"] and line["policy"]["action"] for line in lines] == ["admit", None, "state"]
    own = await wren.ask("GET", f"/requests/{request['id']}")
    assert (own["room"], own["seq"], own["status"]) == (g.room, lines[1]["seq"], "admitted")
    assert (own["welcome"], own["reply"]) == (frame["commit"]["welcome"], frame["commit"]["reply"])
    assert b64decode(own["tree"]) == commit.after.tree()
    await g.welcome(wren, newcomer, request)
    assert wren.mls.tree() == commit.after.tree()
    again = g.new_request(Newcomer())
    assert await wren.code("POST", f"/invites/{g.invite}/requests", again) == "already_member"


async def test_a_newer_request_takes_the_older_ones_place(evening: Evening) -> None:
    wren, _, first = await evening.wait("wren")
    second = evening.new_request(Newcomer())
    await wren.ask("POST", f"/invites/{evening.invite}/requests", second)
    await wren.ask("POST", f"/invites/{evening.invite}/requests", second)
    listed = (await evening.fae.ask("GET", f"/groups/{evening.group}/requests?limit=100"))["items"]
    assert {first["id"], second["id"]} & {one["id"] for one in listed} == {second["id"]}
    assert (await wren.ask("GET", f"/requests/{first['id']}"))["status"] == "withdrawn"
    await wren.ask("DELETE", f"/requests/{second['id']}")
    assert (await wren.ask("GET", f"/requests/{second['id']}"))["status"] == "withdrawn"


def _flipped(newcomer: Newcomer) -> str:
    package = bytearray(newcomer.package)
    package[-1] ^= 1
    return b64encode(bytes(package))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        (lambda: {"package": junk(300)}, "mls_malformed"),
        (lambda: {"package": _flipped(Newcomer())}, "bad_signature"),
        (lambda: {"expires": now() - 1}, "invalid_field"),
        (lambda: {"expires": now() + 91 * 24 * HOUR}, "invalid_field"),
        (lambda: {"mac": junk(31)}, "invalid_field"),
        (lambda: {"sealed": "YQ=="}, "bad_base64"),
        (lambda: {"sealed": junk(20_000)}, "invalid_field"),
    ],
)
async def test_a_wrong_request_is_refused(evening: Evening, changes: Any, code: str) -> None:
    wren = await Person.arrive(evening.url, "wren")
    request = evening.new_request(Newcomer()) | changes()
    assert await wren.code("POST", f"/invites/{evening.invite}/requests", request) == code
    assert (await wren.ask("GET", "/requests"))["items"] == []


async def test_other_peoples_things_answer_as_if_they_did_not_exist(evening: Evening) -> None:
    _, _, request = await evening.wait("wren")
    other = await Gathering.begin(evening.url)
    nothing = str(uuid7())
    for person in (await Person.arrive(evening.url, "stranger"), other.ada):
        for method, path in [
            ("GET", "/groups/{group}"),
            ("GET", "/groups/{group}/invites"),
            ("GET", "/groups/{group}/requests"),
            ("DELETE", "/groups/{group}/invites/{invite}"),
            ("POST", "/groups/{group}/requests/{request}/decline"),
            ("GET", "/groups/{group}/key-packages"),
            ("DELETE", "/groups/{group}/key-packages"),
            ("GET", "/requests/{request}"),
            ("DELETE", "/requests/{request}"),
            ("GET", "/rooms/{room}"),
            ("GET", "/rooms/{room}/envelopes"),
        ]:
            theirs = {
                "group": evening.group,
                "invite": evening.invite,
                "request": request["id"],
                "room": evening.room,
            }
            answers = [
                await person.http.request(method, path.format(**ids))
                for ids in (theirs, dict.fromkeys(theirs, nothing))
            ]
            assert answers[0].status_code == answers[1].status_code == 404, path
            assert answers[0].content == answers[1].content, path
    decline = f"/groups/{other.group}/requests/{request['id']}/decline"
    assert await other.ada.code("POST", decline) == "request_unknown", "another group's request in one's own group"
    revoke = f"/groups/{other.group}/invites/{evening.invite}"
    assert await other.ada.code("DELETE", revoke) == "invite_unknown"


async def test_who_asks_from_a_device_that_is_revoked_waits_no_longer(evening: Evening) -> None:
    """Let in, that device could never come: nobody holds its login."""
    person, _, request = await evening.wait("wren")
    path = f"/groups/{evening.group}/requests?limit=100"
    assert request["id"] in {one["id"] for one in (await evening.ada.ask("GET", path))["items"]}
    await person.ask("DELETE", f"/me/devices/{(await person.ask('GET', '/me'))['device']}")
    assert request["id"] not in {one["id"] for one in (await evening.ada.ask("GET", path))["items"]}


async def test_who_waits_is_told_a_word_and_that_the_door_is_locked(standing_server: ServerProcess) -> None:
    e = await Evening.begin(standing_server.url)
    await e.gather()
    wren, _, request = await e.wait("wren")
    own, door = f"/requests/{request['id']}", f"/groups/{e.group}/requests/{request['id']}"
    answer = await wren.ask("GET", own)
    assert (answer["locked"], answer["word"]) == (False, None)
    async with wren.line() as line:
        await e.do(e.mo, "lock", on=True)
        assert (await line.until("request", id=request["id"]))["status"] == "waiting"
        assert (await wren.ask("GET", own))["locked"]
        first, second = junk(150), junk(150)
        await e.fae.ask("POST", f"{door}/word", {"word": first})
        assert (await line.until("request"))["status"] == "waiting"
        assert (await wren.ask("GET", own))["word"] == first
        await e.do(e.fae, "lock", on=False)
        await line.until("request")
        answer = await wren.ask("GET", own)
        assert (answer["status"], answer["locked"]) == ("waiting", False)
        assert await e.mo.code("POST", f"{door}/word", {"word": second}) == "forbidden"
        for wrong in ("", "?", junk(4000)):
            assert await e.fae.code("POST", f"{door}/word", {"word": wrong}) in ("invalid_field", "bad_base64")
        await e.ada.ask("POST", f"{door}/decline", {"word": second})
        assert (await line.until("request"))["status"] == "declined"
    answer = await wren.ask("GET", own)
    assert (answer["status"], answer["word"]) == ("declined", second)
    assert await e.fae.code("POST", f"{door}/word", {"word": first}) == "request_decided"
