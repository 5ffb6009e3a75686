"""The door of a group: one link fills no waiting room, those who wait hear the truth, and a no is remembered."""

import contextlib
import sqlite3
from typing import Any

import pytest
from uuid6 import uuid7

from gathering import Evening, Frame, Gathering, Person
from safespace.relay.joining import PAUSES
from safespace.sdk.group_crypto import Newcomer
from serving import ServerProcess


async def ask(g: Gathering, person: Person, invite: str) -> Frame:
    request = g.new_request(Newcomer())
    await person.ask("POST", f"/invites/{invite}/requests", request)
    return request


async def refused(g: Gathering, person: Person, invite: str) -> str:
    return await person.code("POST", f"/invites/{invite}/requests", g.new_request(Newcomer()))


async def ending(person: Person, request: Frame) -> Any:
    answer = await person.ask("GET", f"/requests/{request['id']}")
    return answer["ended"] if answer["status"] == "ended" else answer["status"]


async def test_one_link_fills_no_waiting_room_and_ending_it_clears_its_own(standing_server: ServerProcess) -> None:
    g = await Gathering.begin(standing_server.url, presence=True)
    passed_on, honest = await g.make_invite(g.ada, uses=1), await g.make_invite(g.ada, uses=1)
    raiders = [await Person.arrive(g.url, f"raider{number}") for number in range(6)]
    asked = [await ask(g, raider, passed_on) for raider in raiders[:4]]
    assert [await refused(g, raider, passed_on) for raider in raiders[4:]] == ["link_crowded"] * 2
    # Asking again takes nobody's place.
    asked[0] = await ask(g, raiders[0], passed_on)
    wren = await Person.arrive(g.url, "wren")
    waits = await ask(g, wren, honest)
    assert (await wren.ask("GET", f"/requests/{waits['id']}"))["seen"] is False, "nobody is there yet"
    async with wren.line() as line, raiders[0].line() as raider:
        assert len((await g.ada.ask("GET", f"/groups/{g.group}/requests"))["items"]) == 5
        assert (await line.until("request"))["status"] == "waiting"
        assert (await wren.ask("GET", f"/requests/{waits['id']}"))["seen"] is True
        await g.ada.ask("DELETE", f"/groups/{g.group}/invites/{passed_on}")
        await raider.until("request", status="ended")
    assert [await ending(who, request) for who, request in zip(raiders, asked, strict=False)] == ["invite_revoked"] * 4
    [left] = (await g.ada.ask("GET", f"/groups/{g.group}/requests"))["items"]
    assert left["id"] == waits["id"]
    moss = await Person.arrive(g.url, "moss")
    both = [waits, await ask(g, moss, await g.make_invite(g.ada))]
    body = {"requests": [*(request["id"] for request in both), asked[0]["id"], str(uuid7())]}
    await g.ada.ask("POST", f"/groups/{g.group}/requests/decline", body)
    assert [await ending(who, request) for who, request in zip((wren, moss), both, strict=True)] == ["declined"] * 2
    assert await ending(raiders[0], asked[0]) == "invite_revoked", "that stays so"
    assert await refused(g, wren, honest) == "declined_lately"
    with contextlib.closing(sqlite3.connect(standing_server.database_file)) as database:
        ids = [request["id"].replace("-", "") for request in asked]
        kept = [database.execute("SELECT package, sealed FROM requests WHERE id = ?", (id,)).fetchone() for id in ids]
    assert kept == [(b"", b"")] * 4, "of what ended nothing stays"


async def test_a_link_for_many_has_room_for_fifty(standing_server: ServerProcess) -> None:
    g = await Gathering.begin(standing_server.url)
    link, other = await g.make_invite(g.ada, uses=500), await g.make_invite(g.ada, uses=500)
    wren, moss = await Person.arrive(g.url, "wren"), await Person.arrive(g.url, "moss")
    first = await ask(g, wren, link)

    def crowd(count: int, invite: str) -> None:
        """So many more wait like Wren."""
        with sqlite3.connect(standing_server.database_file) as database:
            names = [row[1] for row in database.execute("PRAGMA table_info(requests)")]
            given = {"id": "lower(hex(randomblob(16)))", "package_ref": "randomblob(32)", "invite": "?"}
            given |= {"account": "lower(hex(randomblob(16)))", "identity": "randomblob(16)"}
            into, values = (", ".join(f'"{name}"' for name in names), ", ".join(given.get(n, f'"{n}"') for n in names))
            for _ in range(count):
                database.execute(
                    f"INSERT INTO requests ({into}) SELECT {values} FROM requests WHERE id = ?",  # noqa: S608 - our own names
                    (invite.replace("-", ""), first["id"].replace("-", "")),
                )

    crowd(49, link)
    assert await refused(g, moss, link) == "link_crowded"
    await ask(g, moss, other)
    crowd(149, other)
    jay = await Person.arrive(g.url, "jay")
    honest = await g.make_invite(g.ada)
    assert await refused(g, jay, honest) == "door_full"
    await g.ada.ask("DELETE", f"/groups/{g.group}/invites/{other}")
    await ask(g, jay, honest)


async def test_those_who_wait_hear_why_it_ended(standing_server: ServerProcess) -> None:
    e = await Evening.begin(standing_server.url)
    await e.gather()
    people = {name: await Person.arrive(e.url, name) for name in ("wren", "moss", "jay", "hazel")}

    e.invite = await e.make_invite(e.ada, uses=1)
    waits = await ask(e, people["wren"], e.invite)
    rob = await e.admit("rob")
    assert await ending(people["wren"], waits) == "invite_used_up"
    # An act that comes too late is refused with the reason, too.
    frame, _ = e.admission(e.ada, Newcomer(), waits)
    async with e.ada.entered(e.room, e.ada.seen) as line:
        assert await line.refusal(frame) == "invite_used_up"

    came_by = e.invite
    e.invite = await e.make_invite(e.ada, uses=5)
    bea = await e.admit("bea")
    waits = await ask(e, people["moss"], e.invite)
    await e.remove(bea, ban=True)
    assert await ending(people["moss"], waits) == "invite_banned"
    assert await people["jay"].code("GET", f"/invites/{came_by}") == "invite_used_up"

    link = await e.make_invite(e.ada, e.fae)
    waits = await ask(e, people["jay"], link)
    await e.do(e.fae, "step_down", role="member")
    assert await ending(people["jay"], waits) == "staff_changed"

    e.invite = await e.make_invite(e.ada)
    waits = await ask(e, people["hazel"], e.invite)
    away, _, asked = await e.come_back(rob)
    async with people["hazel"].line() as line:
        await e.do(e.ada, "write_rules")
        await line.until("request", id=waits["id"], status="ended")
    assert await ending(people["hazel"], waits) == await ending(away, asked) == "rules_changed"

    # Nobody who stays hears that they were declined, and all can ask at once by a good link.
    e.invite = await e.make_invite(e.ada)
    for person in people.values():
        await ask(e, person, e.invite)
    away, _, asked = await e.come_back(rob)
    await e.remove(rob)
    assert await ending(away, asked) == "removed"


async def test_who_was_told_no_waits_longer_each_time(standing_server: ServerProcess) -> None:
    g = await Gathering.begin(standing_server.url)
    wren, moss = await Person.arrive(g.url, "wren"), await Person.arrive(g.url, "moss")

    def pass_by(milliseconds: int) -> None:
        with sqlite3.connect(standing_server.database_file) as database:
            database.execute(
                'UPDATE declines SET last = last - ? WHERE "group" = ?', (milliseconds, g.group.replace("-", ""))
            )

    for pause in (*PAUSES, PAUSES[-1]):
        request = await ask(g, wren, g.invite)
        await g.ada.ask("POST", f"/groups/{g.group}/requests/{request['id']}/decline")
        answer = await wren.http.post(f"/invites/{g.invite}/requests", json=g.new_request(Newcomer()))
        assert answer.json()["code"] == "declined_lately"
        assert 0 <= pause / 1000 - answer.json()["retry_after"] < 60
        pass_by(pause - 60_000)
        assert await refused(g, wren, g.invite) == "declined_lately"
        pass_by(60_000)
    await ask(g, moss, g.invite)

    request = await ask(g, wren, g.invite)
    decline = f"/groups/{g.group}/requests/{request['id']}/decline"
    await g.ada.ask("POST", decline, {"word": None, "final": True})
    pass_by(365 * PAUSES[-1])
    assert await refused(g, wren, g.invite) == "not_again"
    assert (await g.ada.ask("GET", f"/groups/{g.group}/refusals")) == {"count": 1}
    await g.ada.ask("DELETE", f"/groups/{g.group}/refusals")
    assert (await g.ada.ask("GET", f"/groups/{g.group}/refusals")) == {"count": 0}
    await ask(g, wren, g.invite)


@pytest.mark.parametrize("how", ["taken back", "asked again by another link"])
async def test_other_ends_make_nobody_wait(standing_server: ServerProcess, how: str) -> None:
    g = await Gathering.begin(standing_server.url)
    wren, other = await Person.arrive(g.url, "wren"), await g.make_invite(g.ada)
    for _ in range(3):
        request = await ask(g, wren, g.invite)
        if how == "taken back":
            await wren.ask("DELETE", f"/requests/{request['id']}")
        else:
            await ask(g, wren, other)
    await ask(g, wren, g.invite)


async def test_nobody_is_let_in_without_the_mute_with_which_they_left(standing_server: ServerProcess) -> None:
    """Nor without listening, whoever lets them in; and no other mute is made up for them."""
    g = await Evening.begin(standing_server.url)
    await g.gather()
    heron = await g.admit("heron")
    asked: dict[str, tuple[Newcomer, Frame]] = {}

    async def leaves_and_asks(who: Person) -> Frame:
        """As those who admit see it."""
        await g.leave(who)
        newcomer = Newcomer()
        request = g.new_request(newcomer)
        await who.ask("POST", f"/invites/{g.invite}/requests", request)
        asked[request["id"]] = newcomer, request
        listed = (await g.ada.ask("GET", f"/groups/{g.group}/requests"))["items"]
        return next(one for one in listed if one["id"] == request["id"])

    async def let_in(listed: Frame, **said: Any) -> str:
        frame, _ = g.admission(g.ada, *asked[listed["id"]], **said)
        async with g.ada.entered(g.room, g.ada.seen) as line:
            return await line.refusal(frame)

    await g.do(g.ada, "mute", target=g.ben.member, length=600)
    ben = await leaves_and_asks(g.ben)
    until = ben["muted"]["until"]
    assert (ben["muted"]["session"], ben["listening"]) == (False, False)
    for said in (
        {},
        {"session": False, "until": until - 1},
        {"session": False, "until": until + 1},
        {"session": False},
        {"session": True, "until": until},
    ):
        assert await let_in(ben, **said) == "left_silenced", said
    plain = await leaves_and_asks(heron)
    assert (plain["muted"], plain["listening"]) == (None, False)
    assert await let_in(plain, session=False, until=until) == "left_silenced"
    assert await let_in(plain, session=False) == "left_silenced"
    # With it Ben comes in, and is muted until then at the relay.
    frame, _ = g.admission(g.ada, *asked[ben["id"]], session=False, until=until)
    async with g.ada.entered(g.room, g.ada.seen) as line:
        await line.taken(frame)
    with contextlib.closing(sqlite3.connect(f"file:{standing_server.database_file}?mode=ro", uri=True)) as database:
        query = "SELECT muted_until FROM members WHERE member = ?"
        [held] = database.execute(query, (asked[ben["id"]][0].leaf.identity,)).fetchone()
    assert held == until
