"""A member without keys comes back on another device, and the old one is out."""

import pytest

from gathering import Evening, Frame, Gathering, Line, Person, stored
from safespace.sdk.group_crypto import Newcomer
from serving import ServerProcess


async def let_back_in(g: Gathering, line: Line, who: Person, role: str = "member") -> tuple[Person, list[Frame]]:
    """Ada, on her line, lets someone in who asks from another device."""
    other, newcomer, request = await g.come_back(who)
    frame, commit = g.admission(g.ada, newcomer, request, role, who.member)
    await line.say(frame)
    lines = [await line.until("envelope", client_id=frame["client_id"]) for _ in range(3)]
    g.policy_seq = lines[0]["seq"]
    g.ada.took(commit)
    await g.welcome(other, newcomer, request)
    return other, lines


async def take_out(g: Gathering, line: Line, *leaves: Person) -> None:
    """Ada changes the keys, so that these can read no more."""
    commit = g.ada.mls.remove(g.leaves_of(*leaves))
    act = {"t": "act", "room": g.room, "client_id": g.new_request(Newcomer())["id"], "commit": g.ada.commit(commit)}
    await line.say(act)
    await line.until("envelope", client_id=act["client_id"])
    g.ada.took(commit)


async def test_the_old_device_is_out_and_the_new_one_talks(standing_server: ServerProcess) -> None:
    g = await Gathering.begin(standing_server.url)
    mo, ben = await g.admit("mo", "moderator"), await g.admit("ben")
    async with (
        g.ada.entered(g.room, g.ada.seen) as a,
        mo.entered(g.room, mo.seen) as m,
        ben.entered(g.room, ben.seen) as b,
    ):
        other, lines = await let_back_in(g, a, ben)
        assert lines[0]["policy"]["replaces"] == ben.member
        assert [await b.until("envelope") for _ in range(3)] == lines
        assert await b.until("gone") == {"t": "gone", "room": g.room, "code": "moved"}
        assert await b.refusal(ben.message(g.room)) == "not_entered", "the line stays open"
        assert await b.refusal({"t": "enter", "room": g.room, "after": 0}) == "moved"

        asked = await a.until("rekey")
        assert asked["leaves"] == [ben.member]
        mo.follow([await m.until("envelope") for _ in range(3)])
        assert await m.refusal(mo.message(g.room)) == "rekey_required"
        await take_out(g, a, ben)
        async with other.entered(g.room, other.seen) as o:
            other.follow(o.heard)
            frame = other.message(g.room)
            await o.say(frame)
            said = await a.until("envelope", client_id=frame["client_id"])
            assert (await m.until("envelope", client_id=frame["client_id"])) == said
        assert said["leaf"] == other.member
        assert await b.refusal({"t": "enter", "room": g.room, "after": 0}) == "moved"
        assert [heard for heard in b.heard if heard["t"] == "envelope"] == lines, "and hears nothing more"

    public = await g.ada.ask("GET", f"/rooms/{g.room}")
    assert len(g.ada.mls.public().leaves()) == 3
    assert public["epoch"] == g.ada.epoch == other.epoch
    for device, leaf in ((ben, None), (other, other.member)):
        seen = await device.ask("GET", f"/groups/{g.group}")
        assert (seen["member"], seen["status"], seen["leaf"]) == (other.member, "member", leaf)


async def test_who_comes_back_is_shown_as_the_member_they_are(standing_server: ServerProcess) -> None:
    g = await Gathering.begin(standing_server.url)
    ben = await g.admit("ben")
    _, _, new = await g.wait("wren")
    other, _, back = await g.come_back(ben)
    listed = (await g.ada.ask("GET", f"/groups/{g.group}/requests"))["items"]
    assert {one["id"]: one["replaces"] for one in listed} == {new["id"]: None, back["id"]: ben.member}
    async with ben.entered(g.room, ben.seen) as line:
        await line.say(
            {"t": "act", "room": g.room, "client_id": new["id"], "policy": ben.policy(g.room, "leave", g.policy_seq)}
        )
        await line.until("gone")
    listed = (await g.ada.ask("GET", f"/groups/{g.group}/requests"))["items"]
    assert {one["replaces"] for one in listed} == {None}, "who left on the old device comes like anyone else"
    assert (await other.ask("GET", f"/requests/{back['id']}"))["status"] == "waiting"


async def test_a_device_that_lost_its_keys_says_so(standing_server: ServerProcess) -> None:
    g = await Gathering.begin(standing_server.url)
    ben = await g.admit("ben")
    path = f"/invites/{g.invite}/requests"
    assert await ben.code("POST", path, g.new_request(Newcomer())) == "already_member"
    newcomer = Newcomer()
    request = g.new_request(newcomer)
    await ben.ask("POST", path, request | {"lost_keys": True})
    async with g.ada.entered(g.room, g.ada.seen) as a, ben.entered(g.room, ben.seen) as b:
        frame, commit = g.admission(g.ada, newcomer, request, replaces=ben.member)
        await a.say(frame)
        await b.until("gone", code="moved")
        g.ada.took(commit)
        gone = Person(ben.url, "gone")
        gone.member = ben.member
        await take_out(g, a, gone)
        await g.welcome(ben, newcomer, request)
        async with ben.entered(g.room, ben.seen) as again:
            ben.follow(again.heard)
            said = ben.message(g.room)
            await again.say(said)
            assert (await a.until("envelope", client_id=said["client_id"]))["leaf"] == ben.member


async def test_an_owner_cannot_come_back_yet(standing_server: ServerProcess) -> None:
    g = await Gathering.begin(standing_server.url)
    await g.admit("olga", "owner")
    before = stored(standing_server)
    other = await g.ada.on_another_device()
    for more in ({}, {"lost_keys": True}):
        request = g.new_request(Newcomer()) | more
        assert await other.code("POST", f"/invites/{g.invite}/requests", request) == "owner_elsewhere"
    assert stored(standing_server) == before


async def test_who_is_removed_while_asking_to_come_back_is_not_let_in(standing_server: ServerProcess) -> None:
    e = await Evening.begin(standing_server.url)
    await e.gather()
    other, newcomer, request = await e.come_back(e.ben)
    async with other.line() as o, e.ada.entered(e.room, e.ada.seen) as a, e.fae.line() as f:
        await f.until("waiting", count=1)
        commit = e.ada.mls.remove(e.leaves_of(e.ben))
        await a.say(e.removal(e.ada, e.ben, commit=commit))
        told = await a.until("envelope", kind="policy")
        await a.until("envelope", kind="handshake")
        e.ada.took(commit)
        assert await o.until("request") == {"t": "request", "id": request["id"], "status": "ended"}
        await f.until("waiting", count=0)
        e.policy_seq = told["seq"]
        frame, _ = e.admission(e.ada, newcomer, request)
        assert await a.refusal(frame) == "request_decided"
    again = e.new_request(Newcomer())
    assert (await other.ask("POST", f"/invites/{e.invite}/requests", again))["status"] == "waiting"
    [listed] = (await e.ada.ask("GET", f"/groups/{e.group}/requests"))["items"]
    assert (listed["replaces"], listed["removed"]) == (None, True), "who admits is told that they were removed once"


@pytest.mark.parametrize("role", ["facilitator", "moderator"])
async def test_the_invites_of_the_old_device_end_with_it(standing_server: ServerProcess, role: str) -> None:
    """A facilitator keeps the role, or comes back with a lower one; what the lost device could open is taken back."""
    g = await Gathering.begin(standing_server.url)
    fae = await g.admit("fae", "facilitator")
    held, own = await g.make_invite(g.ada, fae), await g.make_invite(g.ada)
    async with g.ada.entered(g.room, g.ada.seen) as a:
        other, _ = await let_back_in(g, a, fae, role)
    assert await other.code("GET", f"/invites/{held}") == "invite_revoked"
    assert (await other.ask("GET", f"/invites/{own}"))["id"] == own
    assert (await other.ask("GET", f"/groups/{g.group}"))["role"] == role


async def test_a_device_that_was_never_in_the_room_is_no_member_there(standing_server: ServerProcess) -> None:
    g = await Gathering.begin(standing_server.url)
    ben = await g.admit("ben")
    async with (await ben.on_another_device()).line() as line:
        assert await line.refusal({"t": "enter", "room": g.room, "after": 0}) == "not_a_member"
