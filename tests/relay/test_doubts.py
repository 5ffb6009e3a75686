"""Whose doubts bar whom: two members cannot keep an honest owner from letting people in."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gathering import Evening, Frame, Line, Person, act
from safespace.sdk.group_crypto import Newcomer
from serving import ServerProcess
from side import SideRoom, publish


@pytest.fixture
def small_doubts(tmp_path: Path) -> Iterator[ServerProcess]:
    """A twentieth of everything."""
    server = ServerProcess(tmp_path / "server" / "data", SAFESPACE_BUDGETS="0.05")
    server.data_dir.parent.mkdir()
    server.start()
    yield server
    server.stop()


async def word(line: Line, commit: Frame, *, ok: bool) -> None:
    await line.say({"t": "epoch", "room": commit["room"], "seq": commit["seq"], "ok": ok})


async def update(e: Evening, person: Person, line: Line) -> Frame:
    """An own update, which the person does not take for theirs."""
    await line.say(frame := act(e.room, commit=person.commit(person.mls.update())))
    return await line.until("envelope", client_id=frame["client_id"], kind="handshake")


async def doubts(e: Evening) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await e.ada.ask("GET", f"/groups/{e.group}/doubts"))["items"]
    return items


async def test_who_alone_can_let_people_in_is_never_barred(standing_server: ServerProcess) -> None:
    """Mo and Ben doubt Ada's update. Staff see it; she lets Cleo in all the same, but not while Fae could."""
    e = await Evening.begin(standing_server.url)
    await e.gather()
    async with (
        e.ada.entered(e.room, e.ada.seen) as a,
        e.mo.entered(e.room, e.mo.seen) as m,
        e.ben.entered(e.room, e.ben.seen) as b,
    ):
        a.follows = m.follows = b.follows = False
        commit = await update(e, e.ada, a)
        for line in (m, b):
            await word(line, commit, ok=False)
        void = await a.until("envelope", kind="void")
        found = await doubts(e)
        assert {(one["author"], one["by"], one["about"], one["barred"]) for one in found} == {
            (e.ada.member, e.mo.member, "commit", True),
            (e.ada.member, e.ben.member, "commit", True),
        }
        assert await e.ben.code("GET", f"/groups/{e.group}/doubts") == "forbidden"
        again = act(e.room, commit=e.ada.commit(e.ada.mls.update()))
        assert await a.refusal(again) == "barred_from_commits"
        e.ada.seen = e.mo.seen = e.ben.seen = void["seq"]
        _, newcomer, request = await e.wait("cleo")
        async with e.fae.entered(e.room, void["seq"]) as f:
            frame, _ = e.admission(e.ada, newcomer, request)
            assert await a.refusal(frame) == "barred_from_commits"
            await f.socket.close()
        frame, made = e.admission(e.ada, newcomer, request)
        while (answer := await _answer(a, frame)).get("code") == "barred_from_commits":  # until Fae has gone
            pass
        assert answer["kind"] == "policy"
        commit = await m.until("envelope", kind="handshake", seq=answer["seq"] + 1)
        await word(m, commit, ok=True)
        await a.until("confirmed", seq=commit["seq"])
        assert made.after is not None


async def _answer(line: Line, frame: Frame) -> Frame:
    await line.say(frame)
    while (answer := await line.get()).get("client_id") != frame["client_id"]:
        pass
    return answer


async def test_a_late_word_of_a_third_ends_it(standing_server: ServerProcess) -> None:
    """Fae is slow: when she says that she could apply it, Ada's commit is void, and Ada is barred no more."""
    e = await Evening.begin(standing_server.url)
    await e.gather()
    async with (
        e.ada.entered(e.room, e.ada.seen) as a,
        e.mo.entered(e.room, e.mo.seen) as m,
        e.ben.entered(e.room, e.ben.seen) as b,
        e.fae.entered(e.room, e.fae.seen) as f,
    ):
        a.follows = m.follows = b.follows = f.follows = False
        commit = await update(e, e.ada, a)
        for line in (m, b):
            await word(line, commit, ok=False)
        await a.until("envelope", kind="void")
        assert [one["barred"] for one in await doubts(e)] == [True, True]
        said = {"t": "folded", "room": e.room, "seqs": [commit["seq"]], "ok": True}
        await a.say(said)  # of one's own it says nothing
        await m.say(said)  # nor by who said another thing before
        await m.say({"t": "ping"})
        await m.until("pong")
        assert len(await doubts(e)) == 2
        await f.say(said)
        await f.say({"t": "ping"})
        await f.until("pong")
        assert await doubts(e) == []
        commit = await update(e, e.ada, a)
        await word(f, commit, ok=True)
        await a.until("confirmed", seq=commit["seq"])


async def test_who_was_let_in_could_open_it(standing_server: ServerProcess) -> None:
    """Mo and Ben doubt Cleo's admission. It is undone, as Cleo knows nothing of their part; Ada is not barred."""
    e = await Evening.begin(standing_server.url)
    await e.gather()
    person, newcomer, request = await e.wait("cleo")
    frame, _ = e.admission(e.ada, newcomer, request)
    async with (
        e.ada.entered(e.room, e.ada.seen) as a,
        e.mo.entered(e.room, e.mo.seen) as m,
        e.ben.entered(e.room, e.ben.seen) as b,
    ):
        a.follows = m.follows = b.follows = False
        await a.say(frame)
        commit = await m.until("envelope", kind="handshake")
        for line in (m, b):
            await word(line, commit, ok=False)
        async with person.entered(e.room, commit["seq"]) as inside:
            inside.follows = False
            await word(inside, commit, ok=True)
            await inside.until("gone", code="left")
        assert await doubts(e) == []
        void = await a.until("envelope", kind="void")
        commit = await update(e, e.ada, a)
        assert commit["seq"] == void["seq"] + 1


async def test_words_that_say_nothing_are_passed_over(standing_server: ServerProcess) -> None:
    """What is said of acts and lines that do not exist, of old ones, or by who came later, changes nothing."""
    e = await Evening.begin(standing_server.url)
    await e.gather()
    async with e.ada.entered(e.room, e.ada.seen) as a, e.ben.entered(e.room, e.ben.seen) as b:
        head = (await e.ada.ask("GET", f"/rooms/{e.room}"))["head"]
        for seqs in ([head + 5], list(range(1, head + 1))):
            for ok in (True, False):
                await b.say({"t": "folded", "room": e.room, "seqs": seqs, "ok": ok})
        assert await b.refusal({"t": "folded", "room": e.room, "seqs": [], "ok": True}) == "invalid_field"
        assert await b.refusal({"t": "folded", "room": e.room, "seqs": [0], "ok": True}) == "invalid_field"
        assert await b.refusal({"t": "folded", "room": e.room, "seqs": [1] * 257, "ok": True}) == "invalid_field"
        await a.say(said := e.ada.message(e.room))
        await a.until("envelope", client_id=said["client_id"])


async def test_a_flood_of_doubted_acts_hides_none(standing_server: ServerProcess) -> None:
    """Ben doubts each of a hundred decisions of Fae's. Whoever comes later is asked about all of them, page by page."""
    e = await Evening.begin(standing_server.url)
    await e.gather()
    async with e.fae.entered(e.room, e.fae.seen) as f:
        for number in range(100):
            policy = e.fae.policy(e.room, "mute_all", e.policy_seq, on=number % 2 == 0)
            e.policy_seq = (await f.taken(act(e.room, policy=policy)))["seq"]
    last = e.policy_seq
    async with e.ben.entered(e.room, e.ben.seen) as b:
        await b.say({"t": "folded", "room": e.room, "seqs": list(range(last - 99, last + 1)), "ok": False})
        for seq in range(last, last - 100, -1):
            await b.until("doubted", seq=seq, undone=False)
    async with e.mo.entered(e.room, e.mo.seen) as m:
        await m.say({"t": "ping"})
        await m.until("pong")
        asked = [frame["seq"] for frame in m.heard if frame["t"] == "doubted"]
        assert asked == list(range(last, last - 100, -1))


async def test_doubts_that_are_right_use_nothing_up(small_doubts: ServerProcess) -> None:
    """Six people do what nobody can fold: Fae's device, which may doubt fifteen an hour, is heard each time."""
    e = await Evening.begin(small_doubts.url)
    e.fae = await e.admit("fae", "facilitator")
    people = [await e.admit(f"p{number}") for number in range(6)]
    async with e.fae.entered(e.room, e.fae.seen) as f:
        for person in people:
            async with person.entered(e.room, person.seen) as line:
                for _ in range(3):
                    hand = act(e.room, policy=person.policy(e.room, "raise_hand", e.policy_seq))
                    done = await line.taken(hand)
                    await f.say({"t": "folded", "room": e.room, "seqs": [done["seq"]], "ok": False})
                    await f.until("doubted", seq=done["seq"], undone=True)


@pytest.mark.parametrize("by", ["leave", "remove", "demote"])
async def test_what_went_with_what_nobody_folded_is_there_again(standing_server: ServerProcess, by: str) -> None:
    """Fae's links, her KeyPackages, and the Welcome that waits for her; but not the link that Ada took back by hand."""
    e = await Evening.begin(standing_server.url)
    e.fae, una = await e.admit("fae", "facilitator"), await e.admit("una", "owner")
    link, taken_back = await e.make_invite(e.fae, e.ada), await e.make_invite(e.fae, e.ada)
    kept = (await publish(e, e.fae, 2))[1]
    side = await SideRoom.open(e, e.ada, "staff")
    seat = side.seats[e.ada.member]
    frame, commit = side.bringing(seat, e.fae, await side.take(e.ada, e.fae))
    async with seat.entered(side.room, seat.seen) as line:
        await line.taken(frame)
    seat.took(commit)
    waiting = await e.fae.ask("GET", "/welcomes")
    assert [one["room"] for one in waiting["items"]] == [side.room]
    if by == "leave":
        done = await e.do(e.fae, "leave")
    elif by == "remove":
        done = await e.do(e.ada, "remove", target=e.fae.member, ban=False)
    else:
        done = await e.do(e.ada, "demote", target=e.fae.member, role="member")
    ivy = await Person.arrive(e.url, "ivy")
    assert await ivy.code("POST", f"/invites/{link}/requests", e.new_request(Newcomer())) == "invite_revoked"
    assert (await e.fae.ask("GET", "/welcomes"))["items"] == []
    await e.ada.ask("DELETE", f"/groups/{e.group}/invites/{taken_back}")
    async with una.entered(e.room, una.seen) as u:
        await u.say({"t": "folded", "room": e.room, "seqs": [done["seq"]], "ok": False})
        await u.until("doubted", seq=done["seq"], undone=True)
    await ivy.ask("POST", f"/invites/{link}/requests", e.new_request(Newcomer()))
    code = await ivy.code("POST", f"/invites/{taken_back}/requests", e.new_request(Newcomer()))
    assert code == "invite_revoked"
    assert await e.fae.ask("GET", "/welcomes") == waiting
    aside = await SideRoom.open(e, e.ada, "aside", e.fae)
    assert await aside.take(e.ada, e.fae) == kept.package


async def test_who_comes_again_is_not_brought_by_what_they_endorsed_before(standing_server: ServerProcess) -> None:
    """Ben leaves in earnest and is let in again, as somebody new: his KeyPackages of before are of no use."""
    e = await Evening.begin(standing_server.url)
    await e.gather()
    await publish(e, e.ben, 3)
    await e.leave(e.ben)
    again = await e.come_back(e.ben)
    frame, commit = e.admission(e.ada, *again[1:])
    async with e.ada.entered(e.room, e.ada.seen) as line:
        e.policy_seq = (await line.taken(frame))["seq"]
    e.ada.took(commit)
    await e.welcome(*again)
    side = await SideRoom.open(e, e.ada, "aside", again[0])
    wanted = {"member": again[0].member, "room": side.room}
    path = f"/groups/{e.group}/key-packages"
    assert await e.ada.code("POST", f"{path}/take", wanted) == "key_package_exhausted"
    assert await again[0].ask("GET", path) == {"available": 0}
    [fresh] = await publish(e, again[0])
    assert await side.take(e.ada, again[0]) == fresh.package


async def test_an_agreement_in_earnest_outlasts_the_same_that_nobody_folded(standing_server: ServerProcess) -> None:
    """Ben agrees to new rules with junk, and then properly; the junk is taken back, and he may write."""
    e = await Evening.begin(standing_server.url)
    await e.gather()
    await e.do(e.ada, "write_rules")
    junk = await e.do(e.ben, "agree")
    await e.do(e.ben, "agree")
    async with e.ada.entered(e.room, e.ada.seen) as a:
        await a.say({"t": "folded", "room": e.room, "seqs": [junk["seq"]], "ok": False})
        await a.until("doubted", seq=junk["seq"], undone=True)
    async with e.ben.entered(e.room, e.ben.seen) as b:
        await b.say(said := e.ben.message(e.room))
        await b.until("envelope", client_id=said["client_id"])
