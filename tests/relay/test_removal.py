"""Leaving, being removed, and what the others must do before they talk on."""

import asyncio
from dataclasses import replace

from gathering import Frame, Gathering, Line, Person, act, stored
from safespace.budgets import BUDGETS
from safespace.fields import b64decode
from safespace.sdk.group_crypto import LeafKey, Newcomer
from serving import ServerProcess


async def said(person: Person, line: Line, room: str) -> Frame:
    """Say something and hear it, once the last change of keys stands."""
    return await line.taken(person.message(room))


async def test_the_removed_get_the_removal_last_and_the_others_talk_on(standing_server: ServerProcess) -> None:
    g = await Gathering.begin(standing_server.url)
    mo, ben = await g.admit("mo", "moderator"), await g.admit("ben")
    async with (
        g.ada.entered(g.room, g.ada.seen) as a,
        mo.entered(g.room, mo.seen) as m,
        ben.entered(g.room, ben.seen) as b,
        ben.line() as b_elsewhere,
    ):
        commit = mo.mls.remove(g.leaves_of(ben))
        await m.say(g.removal(mo, ben, commit=commit))
        told, changed = await a.until("envelope"), await a.until("envelope")
        mo.took(commit)
        g.ada.follow([told, changed])
        await said(g.ada, a, g.room)
        await said(mo, m, g.room)
        assert await b.rest() == [told, changed, {"t": "gone", "room": g.room, "code": "removed"}]
        assert b.close_code == 4403
        assert (told["kind"], changed["kind"], changed["seq"]) == ("policy", "handshake", told["seq"] + 1)
        assert told["policy"]["target"] == ben.member
        await b_elsewhere.say({"t": "enter", "room": g.room, "after": 0})
        assert [frame["code"] for frame in await b_elsewhere.rest()] == ["removed"]
        assert b_elsewhere.close_code == 4403
    assert await ben.code("GET", f"/rooms/{g.room}") == "not_found"
    assert await ben.code("GET", f"/rooms/{g.room}/envelopes") == "not_found"
    ours = await ben.ask("GET", f"/groups/{g.group}")
    assert (ours["status"], ours["room"], ours["leaf"]) == ("removed", None, None)


async def test_what_the_removed_say_in_the_same_moment_is_in_before_or_never(standing_server: ServerProcess) -> None:
    g = await Gathering.begin(standing_server.url)
    ben = await g.admit("ben")
    async with g.ada.entered(g.room, g.ada.seen) as a, ben.entered(g.room, ben.seen) as b:
        commit = g.ada.mls.remove(g.leaves_of(ben))
        frames = [ben.message(g.room) for _ in range(30)]
        await asyncio.gather(*(b.say(frame) for frame in frames[:15]))
        await a.say(g.removal(g.ada, ben, commit=commit))
        for frame in frames[15:]:
            await b.say(frame)
        heard_by_ben = await b.rest()
    log = (await g.ada.ask("GET", f"/rooms/{g.room}/envelopes?after={ben.seen}"))["items"]
    assert [line["seq"] for line in log] == list(range(ben.seen + 1, ben.seen + 1 + len(log)))
    assert log[-1]["kind"] == "handshake", "nothing of Ben's came after his removal"
    assert [frame for frame in heard_by_ben if frame["t"] == "envelope"] == log
    assert heard_by_ben[-1]["t"] == "gone"


async def test_a_removal_without_a_commit_bars_at_once_and_asks_for_new_keys(standing_server: ServerProcess) -> None:
    g = await Gathering.begin(standing_server.url)
    mo, ben = await g.admit("mo", "moderator"), await g.admit("ben")
    async with (
        g.ada.entered(g.room, g.ada.seen) as a,
        mo.entered(g.room, mo.seen) as m,
        ben.entered(g.room, ben.seen) as b,
    ):
        await m.say(g.removal(mo, ben, commit=None))
        assert [frame["t"] for frame in await b.rest()] == ["envelope", "gone"]
        told = await a.until("envelope")
        assert await a.refusal(g.ada.message(g.room)) == "rekey_required"
        assert await a.refusal(act(g.room, commit=g.ada.commit(g.ada.mls.update()))) == "rekey_required"
        policy = mo.policy(g.room, "agree", told["seq"])
        assert await m.refusal(act(g.room, policy=policy)) == "rekey_required"
        commit = g.ada.mls.remove(g.leaves_of(ben))
        await a.say(act(g.room, commit=g.ada.commit(commit)))
        await a.until("envelope", kind="handshake")
        g.ada.took(commit)
        await said(g.ada, a, g.room)


async def test_a_leave_that_nobody_could_read_is_ended_by_a_removal(standing_server: ServerProcess) -> None:
    """The clear half says `leave`; if the sealed half is junk, no device knows Ben as departed."""
    g = await Gathering.begin(standing_server.url)
    mo, ben = await g.admit("mo", "moderator"), await g.admit("ben")
    async with g.ada.entered(g.room, g.ada.seen) as a, mo.entered(g.room, mo.seen) as m:
        async with ben.entered(g.room, ben.seen) as b:
            await b.say(act(g.room, policy=ben.policy(g.room, "leave", g.policy_seq)))
            await b.until("gone")
        g.policy_seq = (await m.until("envelope"))["seq"]
        assert await m.refusal(g.removal(mo, ben, commit=None)) == "rekey_required"
        not_ben = mo.mls.remove(g.leaves_of(g.ada))
        assert await m.refusal(g.removal(mo, ben, commit=not_ben)) == "announcement_mismatch"
        commit = mo.mls.remove(g.leaves_of(ben))
        frame = g.removal(mo, ben, commit=commit)
        await m.say(frame)
        g.policy_seq = (await m.until("envelope", client_id=frame["client_id"]))["seq"]
        g.ada.follow([await a.until("envelope", kind="handshake")])
        mo.took(commit)
        await said(g.ada, a, g.room)
        assert await m.refusal(g.removal(mo, ben, commit=None)) == "unknown_member"
    assert (await ben.ask("GET", f"/groups/{g.group}"))["status"] == "removed"


async def test_someone_who_leaves_hears_it_and_keeps_the_line(standing_server: ServerProcess) -> None:
    g = await Gathering.begin(standing_server.url)
    ben = await g.admit("ben")
    async with g.ada.entered(g.room, g.ada.seen) as a, ben.entered(g.room, ben.seen) as b:
        await b.say(act(g.room, policy=ben.policy(g.room, "leave", g.policy_seq)))
        left = await a.until("envelope")
        assert await b.until("envelope") == left
        assert await b.until("gone") == {"t": "gone", "room": g.room, "code": "left"}
        assert await b.refusal(ben.message(g.room)) == "not_entered"
        assert await b.refusal({"t": "enter", "room": g.room, "after": 0}) == "not_a_member"
        assert await a.until("rekey") == {"t": "rekey", "room": g.room, "leaves": [ben.member]}
    assert b64decode(left["leaf"]) == b64decode(ben.member)


async def test_each_who_is_online_is_asked_in_turn_until_the_keys_changed(standing_server: ServerProcess) -> None:
    g = await Gathering.begin(standing_server.url)
    cleo, ben = await g.admit("cleo"), await g.admit("ben")
    async with ben.entered(g.room, ben.seen) as b:
        await b.say(act(g.room, policy=ben.policy(g.room, "leave", g.policy_seq)))
        await b.until("gone")
    async with g.ada.entered(g.room, g.ada.seen) as a:
        assert (await a.until("rekey"))["leaves"] == [ben.member], "the first to come is asked"
        async with cleo.entered(g.room, cleo.seen) as c:
            assert (await c.until("rekey"))["leaves"] == [ben.member], "and the next one too"
            commit = cleo.mls.remove([next(pair for pair in g.leaves_of(ben))])
            await c.say(act(g.room, commit=cleo.commit(commit)))
            await c.until("envelope", kind="handshake")
            cleo.took(commit)
            await said(cleo, c, g.room)
    async with g.ada.entered(g.room, g.ada.seen) as a:
        frame = g.ada.message(g.room)
        assert await a.refusal(frame) == "stale_epoch"
        assert "rekey" not in {heard["t"] for heard in a.heard}


async def test_an_identity_that_left_does_not_ask_again(standing_server: ServerProcess) -> None:
    g = await Gathering.begin(standing_server.url)
    ben = await g.admit("ben")
    async with ben.entered(g.room, ben.seen) as b:
        await b.say(act(g.room, policy=ben.policy(g.room, "leave", g.policy_seq)))
        await b.until("gone")
    newcomer = Newcomer(replace(LeafKey.fresh(), identity=b64decode(ben.member)))
    invite = await g.make_invite(g.ada)
    wren = await Person.arrive(g.url, "wren")
    before = stored(standing_server)
    for who in (wren, ben):
        request = g.new_request(newcomer)
        assert await who.code("POST", f"/invites/{invite}/requests", request) == "duplicate_identity"
    assert stored(standing_server) == before


async def test_of_two_commits_for_one_epoch_one_is_taken(standing_server: ServerProcess) -> None:
    g = await Gathering.begin(standing_server.url)
    racers = [g.ada, await g.admit("ben"), await g.admit("cleo"), await g.admit("dan")]
    taken = 0
    for _ in range(5):
        before = (await g.ada.ask("GET", f"/rooms/{g.room}"))["epoch"]
        commits = [(person, person.mls.update()) for person in racers]
        results = await asyncio.gather(*(_race(g, person, commit) for person, commit in commits))
        assert sorted(results) == ["accepted", "epoch_taken", "epoch_taken", "epoch_taken"]
        after = await g.ada.ask("GET", f"/rooms/{g.room}")
        assert after["epoch"] == before + 1
        winner, commit = commits[results.index("accepted")]
        winner.took(commit)
        for person in racers:
            page = await person.ask("GET", f"/rooms/{g.room}/envelopes?after={person.seen}")
            if person is winner:
                person.seen = page["items"][-1]["seq"]
            else:
                person.follow(page["items"])
        assert {person.mls.tree() for person in racers} == {b64decode(after["tree"])}
        taken += 1
    assert taken == 5


async def _race(g: Gathering, person: Person, commit: object) -> str:
    async with person.entered(g.room, person.seen) as line:
        frame = act(g.room, commit=person.commit(commit))  # type: ignore[arg-type]
        await line.say(frame)
        while True:
            heard = await line.get()
            if heard["t"] == "refused":
                return str(heard["code"])
            if heard.get("client_id") == frame["client_id"]:
                return "accepted"


async def test_of_two_removals_at_once_the_loser_decides_again(standing_server: ServerProcess) -> None:
    g = await Gathering.begin(standing_server.url)
    fae, ben, cleo = await g.admit("fae", "facilitator"), await g.admit("ben"), await g.admit("cleo")
    async with g.ada.entered(g.room, g.ada.seen) as a, fae.entered(g.room, fae.seen) as f:
        first, second = g.ada.mls.remove(g.leaves_of(ben)), fae.mls.remove(g.leaves_of(cleo))
        await a.say(g.removal(g.ada, ben, commit=first))
        await f.until("envelope", kind="handshake")
        await a.until("confirmed")
        before = stored(standing_server)
        assert await f.refusal(g.removal(fae, cleo, commit=second)) == "epoch_taken"
        assert await f.refusal(g.removal(fae, cleo, commit=None)) == "stale_policy"
    assert stored(standing_server) == before


async def test_an_act_sent_again_is_answered_and_not_done_again(standing_server: ServerProcess) -> None:
    g = await Gathering.begin(standing_server.url)
    ben = await g.admit("ben")
    commit = g.ada.mls.remove(g.leaves_of(ben))
    frame = g.removal(g.ada, ben, commit=commit)
    async with g.ada.entered(g.room, g.ada.seen) as a:
        await a.say(frame)
        first = await a.until("envelope", client_id=frame["client_id"])
        await a.until("envelope", client_id=frame["client_id"])
        before = stored(standing_server)
        await a.say(frame)
        assert (await a.until("sent"))["seq"] == first["seq"]
    assert stored(standing_server) == before


async def test_a_member_who_never_rests_cannot_keep_the_others_from_acting(measured_server: ServerProcess) -> None:
    """Each agreement moves the policy_seq; a removal would always come too late."""
    most = BUDGETS["restless"].rates["device"].at_once
    g = await Gathering.begin(measured_server.url)
    ben = await g.admit("ben")
    async with g.ada.entered(g.room, g.ada.seen) as a, ben.entered(g.room, ben.seen) as b:
        agreed = 0
        while True:
            await b.say(act(g.room, policy=ben.policy(g.room, "agree", g.policy_seq)))
            heard = await b.get()
            if heard["t"] == "refused":
                break
            g.policy_seq, agreed = heard["seq"], agreed + 1
        assert heard["code"] == "throttled"
        assert heard["retry_after"] > 0
        assert most <= agreed < most + 20
        assert await b.refusal(act(g.room, commit=ben.commit(ben.mls.update()))) == "throttled"
        await said(ben, b, g.room)
        frame = g.removal(g.ada, ben, commit=g.ada.mls.remove(g.leaves_of(ben)))
        await a.say(frame)
        await a.until("envelope", client_id=frame["client_id"])
