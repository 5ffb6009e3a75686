"""Further rooms at the relay: who may make one, who is brought, who is out, and who never hears of it."""

from contextlib import suppress
from typing import Any

import pytest
from uuid6 import uuid7

from gathering import Evening, Frame, Gathering, Person, act, junk
from safespace.fields import b64decode, b64encode
from safespace.sdk.group_crypto import GroupCryptoError, Newcomer
from serving import ServerProcess
from side import SideRoom, package, publish


def rooms(g: Gathering) -> str:
    return f"/groups/{g.group}/rooms"


def all_that_is_shown(g: Gathering) -> list[str]:
    of_group = [f"/groups/{g.group}", rooms(g), f"/groups/{g.group}/key-packages", f"/rooms/{g.room}"]
    return ["/groups", "/welcomes", *of_group]


async def test_staff_talk_among_themselves_and_a_member_hears_of_nothing(standing_server: ServerProcess) -> None:
    g = await Gathering.begin(standing_server.url)
    mo, ben = await g.admit("mo", "moderator"), await g.admit("ben")
    before = [await ben.ask("GET", path) for path in all_that_is_shown(g)]
    async with ben.entered(g.room, ben.seen) as b, mo.line() as m:
        side = await SideRoom.open(g, g.ada)
        mo_there = await side.bring(g.ada, mo)
        assert await m.get() == {"t": "welcome", "group": g.group, "room": side.room}
        ada_there = side.seats[g.ada.member]
        async with ada_there.entered(side.room, ada_there.seen) as a:
            await m.say({"t": "enter", "room": side.room, "after": 0})
            handed = await m.until("envelope")
            assert (handed["seq"], handed["policy"]["action"]) == (mo_there.seen, "state")
            assert handed["policy"]["main"] == g.policy_seq
            frame = mo_there.message(side.room)
            await m.say(frame)
            assert (await a.until("envelope", client_id=frame["client_id"]))["body"] == frame["body"]
        assert [one["id"] for one in (await mo.ask("GET", rooms(g)))["items"]] == [side.room]
        assert await mo.ask("GET", "/welcomes") == {"items": [], "next": None}
        # To Ben nothing has happened, and the room is as good as none.
        assert [await ben.ask("GET", path) for path in all_that_is_shown(g)] == before
        nowhere = str(uuid7())
        for path in ("", "/envelopes"):
            assert await ben.code("GET", f"/rooms/{side.room}{path}") == "not_found"
        enter = [{"t": "enter", "room": room, "after": 0} for room in (side.room, nowhere)]
        assert [await b.refusal(frame) for frame in enter] == ["unknown_room"] * 2
        wanted = [{"member": mo.member, "room": room} for room in (side.room, nowhere)]
        take = f"/groups/{g.group}/key-packages/take"
        assert [await ben.code("POST", take, body) for body in wanted] == ["unknown_room"] * 2
        frame = ben.message(g.room)
        await b.say(frame)
        await b.until("envelope", client_id=frame["client_id"])
    assert [heard["t"] for heard in b.heard] == ["caught_up", "refused", "refused", "envelope"]


async def test_who_belongs_may_make_a_room_and_nobody_else(evening: Evening) -> None:
    g = evening
    makers = [(g.ada, None), (g.ada, g.ben), (g.mo, g.ben), (g.ben, g.ben), (g.ada, g.mo)]
    for opener, about in makers:
        side = SideRoom(g, "aside" if about else "staff", about)
        body = side.new_room(opener)
        made = await opener.ask("POST", rooms(g), body)
        assert (made["id"], made["purpose"], made["head"]) == (side.room, side.purpose, 0)
        assert await opener.ask("POST", rooms(g), body) == made, "asking the very same again is answered alike"
    stranger = await Person.arrive(g.url, "eve")
    stranger.member = g.ben.member
    refused: list[tuple[Person, SideRoom, dict[str, Any], str]] = [
        (g.mo, SideRoom(g, "staff", None), {}, "group_exists"),
        (g.ben, SideRoom(g, "staff", None), {}, "does_not_belong"),
        (g.ben, SideRoom(g, "aside", g.mo), {}, "does_not_belong"),
        (g.ada, SideRoom(g, "aside", None), {}, "invalid_field"),
        (g.ada, SideRoom(g, "staff", g.ben), {}, "invalid_field"),
        (g.ada, SideRoom(g, "aside", g.ben), {"about": junk(16)}, "unknown_member"),
        (g.ada, SideRoom(g, "aside", g.ben), {"purpose": "main"}, "invalid_field"),
        (g.ada, SideRoom(g, "aside", g.ben), {"id": g.room}, "group_exists"),
        (g.ada, SideRoom(g, "aside", g.ben), {"tree": junk(40)}, "mls_malformed"),
        (stranger, SideRoom(g, "aside", g.ben), {}, "not_found"),
    ]
    for opener, side, changes, code in refused:
        assert await opener.code("POST", rooms(g), side.new_room(opener, **changes)) == code
    without_keys = await g.ben.on_another_device()
    without_keys.member = g.ben.member
    side = SideRoom(g, "aside", g.ben)
    assert await without_keys.code("POST", rooms(g), side.new_room(without_keys)) == "not_found"


async def test_what_does_not_go_together_changes_nothing(standing_server: ServerProcess) -> None:
    g = await Gathering.begin(standing_server.url)
    mo, ben, chi = await g.admit("mo", "moderator"), await g.admit("ben"), await g.admit("chi")
    side = await SideRoom.open(g, g.ada, "aside", ben)
    ada = side.seats[g.ada.member]
    for person in (mo, ben, chi):
        await publish(g, person, 2)
    package = await side.take(g.ada, mo)
    right, _ = side.bringing(ada, mo, package)
    policy = right["policy"]
    elsewhere = await SideRoom.open(g, g.ada, "aside", chi)
    for_another = await elsewhere.take(g.ada, mo)
    taken_of_ben = await side.take(g.ada, ben)

    def without(name: str) -> Frame:
        return {part: value for part, value in right.items() if part != name}

    cases: list[tuple[Frame, str]] = [
        (right | {"policy": policy | {"main": None}}, "invalid_field"),
        (right | {"policy": policy | {"main": g.policy_seq + 1}}, "invalid_field"),
        (right | {"policy": policy | {"role": "member"}}, "invalid_field"),
        (right | {"policy": policy | {"target": None}}, "invalid_field"),
        (right | {"policy": policy | {"target": chi.member}}, "does_not_belong"),
        (right | {"policy": policy | {"target": ben.member}}, "announcement_mismatch"),
        (right | {"policy": policy | {"target": ada.member}}, "already_member"),
        (right | {"policy": policy | {"target": junk(16)}}, "unknown_member"),
        (right | {"policy": policy | {"policy_seq": 0}}, "stale_policy"),
        (right | {"policy": policy | {"action": "open", "target": ben.member}}, "announcement_mismatch"),
        (right | {"policy": policy | {"action": "mute", "length": 5}}, "forbidden"),
        (without("state"), "announcement_mismatch"),
        (without("commit"), "announcement_mismatch"),
        (without("policy"), "announcement_missing"),
        ({"t": "act", "room": side.room, "commit": right["commit"]}, "invalid_field"),
        (right | {"commit": right["commit"] | {"reply": junk(64)}}, "invalid_field"),
        (right | {"commit": {"epoch": ada.epoch, "body": right["commit"]["body"]}}, "invalid_field"),
        (side.bringing(ada, mo, Newcomer().package)[0], "key_package_not_handed_out"),
        (side.bringing(ada, mo, for_another)[0], "key_package_not_handed_out"),
        (side.bringing(ada, mo, taken_of_ben)[0], "announcement_mismatch"),
        (act(side.room, policy=side.policy(ada, "open", target=ben.member)), "forbidden"),
        (act(side.room, policy=side.policy(ada, "remove", target=mo.member)), "announcement_mismatch"),
    ]
    async with ada.entered(side.room, ada.seen) as line:
        for frame, code in cases:
            assert await line.refusal(frame | {"client_id": str(uuid7())}) == code, frame
        head = (await g.ada.ask("GET", f"/rooms/{side.room}"))["head"]
        assert head == ada.seen
        await line.say(right)
        await line.until("envelope", client_id=right["client_id"])
    async with g.ada.entered(g.room, g.ada.seen) as line:
        main = g.ada.policy(g.room, "agree", g.policy_seq, main=1)
        assert await line.refusal(act(g.room, policy=main)) == "invalid_field"
        assert await line.refusal(act(g.room, policy=g.ada.policy(g.room, "bring", g.policy_seq))) == "forbidden"


async def test_an_open_room_is_about_whom_it_was_made_for(standing_server: ServerProcess) -> None:
    g = await Gathering.begin(standing_server.url)
    ben, chi = await g.admit("ben"), await g.admit("chi")
    side = SideRoom(g, "aside", ben)
    await g.ada.ask("POST", rooms(g), side.new_room(g.ada))
    ada = side.seats[g.ada.member]
    async with ada.entered(side.room) as line:
        for about in (chi.member, None):
            frame = act(side.room, policy=side.policy(ada, "open", target=about))
            assert await line.refusal(frame) == "announcement_mismatch"
        assert await line.refusal(act(side.room, policy=side.policy(ada, "leave"))) == "forbidden"


@pytest.mark.parametrize("how", ["leave", "remove", "come back"])
async def test_who_is_out_of_the_group_is_out_of_its_further_rooms(standing_server: ServerProcess, how: str) -> None:
    g = await Gathering.begin(standing_server.url)
    mo, ben = await g.admit("mo", "moderator"), await g.admit("ben")
    side = await SideRoom.open(g, g.ada, "aside", ben)
    await side.bring(g.ada, mo)
    ben_there = await side.bring(g.ada, ben)
    ada, out = side.seats[g.ada.member], {"t": "gone", "room": side.room, "code": "ended"}
    async with (
        g.ada.entered(g.room, g.ada.seen) as main,
        ada.entered(side.room, ada.seen) as a,
        ben_there.entered(side.room, ben_there.seen) as b,
    ):
        await _end(g, main, ben, how)
        assert await b.until("gone", room=side.room) == out
        leaf = b64encode(side.leaf_of(ben)[0])
        assert await a.until("rekey") == {"t": "rekey", "room": side.room, "leaves": [leaf]}
        assert await b.refusal(ben_there.message(side.room)) == "not_entered"
        assert await a.refusal(ada.message(side.room)) == "rekey_required"
        assert await a.refusal(act(side.room, policy=side.policy(ada, "leave"))) == "rekey_required"
        commit = ada.mls.remove([side.leaf_of(ben)])
        wrong = act(side.room, policy=side.policy(ada, "remove", target=mo.member), commit=ada.commit(commit))
        assert await a.refusal(wrong) == "announcement_mismatch"
        removal = act(side.room, policy=side.policy(ada, "remove", target=ben.member), commit=ada.commit(commit))
        await a.say(removal)
        await a.until("envelope", client_id=removal["client_id"])
        changed = await a.until("envelope", client_id=removal["client_id"])
        ada.took(commit)
        frame = ada.message(side.room)
        await a.say(frame)
        await a.until("envelope", client_id=frame["client_id"])
    for path in ("", "/envelopes"):
        assert await ben.code("GET", f"/rooms/{side.room}{path}") == "not_found"
    with suppress(GroupCryptoError):
        ben_there.mls.apply(b64decode(changed["body"]))
    with pytest.raises(GroupCryptoError):
        ben_there.mls.decrypt(b64decode(frame["body"]), *side.leaf_of(g.ada))
    assert (await g.ada.ask("GET", f"/rooms/{side.room}"))["epoch"] == ada.epoch


async def _end(g: Gathering, main: Any, ben: Person, how: str) -> None:
    """Ben's membership in main ends."""
    if how == "leave":
        async with ben.entered(g.room, ben.seen) as line:
            await line.say(act(g.room, policy=ben.policy(g.room, "leave", g.policy_seq)))
            await line.until("gone")
    elif how == "remove":
        await main.say(g.removal(g.ada, ben, commit=g.ada.mls.remove(g.leaves_of(ben))))
    else:
        _, newcomer, request = await g.come_back(ben)
        frame, _ = g.admission(g.ada, newcomer, request, "member", ben.member)
        await main.say(frame)


async def test_one_may_leave_a_room_and_be_put_out_by_someone_of_higher_rank(standing_server: ServerProcess) -> None:
    g = await Gathering.begin(standing_server.url)
    mo, fae, ben = await g.admit("mo", "moderator"), await g.admit("fae", "facilitator"), await g.admit("ben")
    side = await SideRoom.open(g, g.ada, "aside", ben)
    for person in (mo, fae, ben):
        await side.bring(g.ada, person)
    seats = side.seats
    mo_there, ben_there = seats[mo.member], seats[ben.member]
    async with mo_there.entered(side.room, mo_there.seen) as m, ben_there.entered(side.room, ben_there.seen) as b:
        for by, target, code in [(m, fae, "rank_too_low"), (b, mo, "rank_too_low"), (m, mo, "unknown_member")]:
            seat = mo_there if by is m else ben_there
            # Nobody commits their own removal, so Mo tries with Fae's leaf.
            commit = seat.mls.remove([side.leaf_of(fae if target is mo and seat is mo_there else target)])
            frame = act(side.room, policy=side.policy(seat, "remove", target=target.member), commit=seat.commit(commit))
            assert await by.refusal(frame) == code
        commit = mo_there.mls.remove([side.leaf_of(ben)])
        frame = act(
            side.room, policy=side.policy(mo_there, "remove", target=ben.member), commit=mo_there.commit(commit)
        )
        await m.say(frame)
        assert [told["t"] for told in [await b.until("envelope"), await b.until("envelope"), await b.until("gone")]]
        mo_there.took(commit)
        side.policy_seq = (await m.until("envelope", client_id=frame["client_id"]))["seq"]
        await m.until("envelope", client_id=frame["client_id"])
        await m.say(act(side.room, policy=side.policy(mo_there, "leave")))
        assert await m.until("gone") == {"t": "gone", "room": side.room, "code": "ended"}
    assert await ben.ask("GET", f"/groups/{g.group}/rooms") == {"items": [], "next": None}
    assert (await ben.ask("GET", f"/groups/{g.group}"))["status"] == "member"


async def test_a_moderator_to_be_is_brought_by_a_device_that_the_relay_asks(standing_server: ServerProcess) -> None:
    g = await Gathering.begin(standing_server.url)
    side = await SideRoom.open(g, g.ada)
    ada = side.seats[g.ada.member]
    mo, ben = await g.admit("mo", "moderator"), await g.admit("ben")
    async with ada.entered(side.room, ada.seen) as a:
        await publish(g, ben)
        newcomer = (await publish(g, mo))[0]
        # Asked for Mo, and for nobody else; once she is in, for nobody.
        assert await a.until("bring") == {"t": "bring", "room": side.room, "members": [mo.member]}
        await side.bring(g.ada, mo, newcomer)
        frame = side.seats[g.ada.member].message(side.room)
        await a.say(frame)
        await a.until("envelope", client_id=frame["client_id"])
    async with ada.entered(side.room, ada.seen) as a:
        frame = side.seats[g.ada.member].message(side.room)
        await a.say(frame)
        await a.until("envelope", client_id=frame["client_id"])
        assert not [heard for heard in a.heard if heard["t"] == "bring"]


async def test_there_is_one_staff_room_until_nobody_is_in_it(standing_server: ServerProcess) -> None:
    g = await Gathering.begin(standing_server.url)
    side = await SideRoom.open(g, g.ada)
    ada = side.seats[g.ada.member]
    second = SideRoom(g, "staff", None)
    assert await g.ada.code("POST", rooms(g), second.new_room(g.ada)) == "group_exists"
    async with ada.entered(side.room, ada.seen) as a:
        await a.say(act(side.room, policy=side.policy(ada, "leave")))
        await a.until("gone")
    await g.ada.ask("POST", rooms(g), second.new_room(g.ada))


async def test_a_leaf_that_was_there_does_not_come_back(standing_server: ServerProcess) -> None:
    g = await Gathering.begin(standing_server.url)
    ben = await g.admit("ben")
    side = await SideRoom.open(g, g.ada, "aside", ben)
    newcomer = (await publish(g, ben))[0]
    again = package(ben, g.group, Newcomer(newcomer.leaf))
    await ben.ask("POST", f"/groups/{g.group}/key-packages", {"packages": [], "last_resort": again})
    await side.bring(g.ada, ben, newcomer)
    ada = side.seats[g.ada.member]
    commit = ada.mls.remove([side.leaf_of(ben)])
    frame = act(side.room, policy=side.policy(ada, "remove", target=ben.member), commit=ada.commit(commit))
    async with ada.entered(side.room, ada.seen) as a:
        await a.say(frame)
        side.policy_seq = (await a.until("envelope", client_id=frame["client_id"]))["seq"]
        ada.took(commit)
        bringing, _ = side.bringing(ada, ben, await side.take(g.ada, ben))
        assert await a.refusal(bringing) == "duplicate_identity"
