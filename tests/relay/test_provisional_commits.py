"""Who confirms a commit, who has it taken back, and what is taken meanwhile."""

from typing import Any

from gathering import Evening, Frame, Gathering, Line, Person, act
from safespace.sdk.group_crypto import Commit
from serving import ServerProcess


async def change_keys(g: Gathering, person: Person, line: Line) -> tuple[Frame, Commit]:
    """An own update; its line, and the commit, which the person has yet to take for theirs."""
    commit = person.mls.update()
    frame = act(g.room, commit=person.commit(commit))
    await line.say(frame)
    return await line.until("envelope", client_id=frame["client_id"], kind="handshake"), commit


async def word(line: Line, commit: Frame, *, ok: bool) -> None:
    await line.say({"t": "epoch", "room": commit["room"], "seq": commit["seq"], "ok": ok})


async def head_of(g: Gathering) -> Any:
    return await g.ada.ask("GET", f"/rooms/{g.room}")


async def test_what_all_others_doubt_is_taken_back(standing_server: ServerProcess) -> None:
    e = await Evening.begin(standing_server.url)
    await e.gather()
    before = await head_of(e)
    async with (
        e.ada.entered(e.room, e.ada.seen) as a,
        e.mo.entered(e.room, e.mo.seen) as m,
        e.ben.entered(e.room, e.ben.seen) as b,
    ):
        m.follows = b.follows = False
        commit, made = await change_keys(e, e.ben, b)
        assert await m.refusal(e.mo.message(e.room, epoch=e.mo.epoch)) == "stale_epoch"
        await word(b, commit, ok=True)  # of one's own it says nothing
        await word(m, commit | {"seq": commit["seq"] + 7}, ok=False)  # and nothing of what there is not
        await word(a, commit, ok=False)
        await word(m, commit, ok=False)
        void = await b.until("envelope", kind="void")
        bare = {"body": None, "commitment": None, "stamp": None, "policy": None}
        assert void == commit | {"seq": commit["seq"] + 1, "time": void["time"], "kind": "void"} | bare
        after = await head_of(e)
        assert after == before | {"head": void["seq"]}
        await word(m, commit, ok=False)
        # Two could not follow: Ben's next commit is not taken, his words are, and others' commits.
        again = act(e.room, commit=e.ben.commit(e.ben.mls.update()))
        assert await b.refusal(again) == "barred_from_commits"
        await b.say(said := e.ben.message(e.room))
        await b.until("envelope", client_id=said["client_id"])
        commit, made = await change_keys(e, e.mo, m)
        e.mo.took(made)
        assert await m.refusal(e.mo.message(e.room)) == "epoch_unconfirmed"
        assert await a.refusal(e.ada.message(e.room, epoch=e.mo.epoch)) in ("epoch_unconfirmed", "wrong_epoch")
        await word(b, commit, ok=True)
        await m.until("confirmed", seq=commit["seq"])
        await word(a, commit, ok=False)  # too late
        await m.say(said := e.mo.message(e.room))
        await m.until("envelope", client_id=said["client_id"], seq=commit["seq"] + 1)


async def test_silence_confirms_and_nobody_waits_for_nobody(standing_server: ServerProcess) -> None:
    e = await Evening.begin(standing_server.url)
    await e.gather()
    async with e.ben.entered(e.room, e.ben.seen) as b:
        commit, made = await change_keys(e, e.ben, b)
        e.ben.took(made)
        await b.say(said := e.ben.message(e.room))
        assert (await b.until("envelope", client_id=said["client_id"]))["seq"] == commit["seq"] + 1
        async with e.mo.entered(e.room, e.mo.seen) as m:
            m.follows = False
            commit, made = await change_keys(e, e.ben, b)
            e.ben.took(made)
            said = e.ben.message(e.room)
            assert await b.refusal(said) == "epoch_unconfirmed"
            assert (await b.taken(said))["seq"] == commit["seq"] + 1


async def test_what_another_sends_in_the_epoch_confirms_it(standing_server: ServerProcess) -> None:
    """Mo's client is an old one, which says nothing of epochs; what it can say shows that it follows."""
    e = await Evening.begin(standing_server.url)
    await e.gather()
    async with e.ben.entered(e.room, e.ben.seen) as b, e.mo.entered(e.room, e.mo.seen) as m:
        m.follows = False
        for number, sends in enumerate(("a message", "an act")):
            commit, made = await change_keys(e, e.ben, b)
            e.ben.took(made)
            e.mo.follow([commit])
            assert await b.refusal(e.ben.message(e.room)) == "epoch_unconfirmed"
            if sends == "a message":
                await m.say(said := e.mo.message(e.room))
            else:
                await m.say(said := act(e.room, policy=e.mo.policy(e.room, "mute_all", e.policy_seq, on=True)))
            line = await m.until("envelope", client_id=said["client_id"])
            assert line["seq"] == commit["seq"] + 1
            await b.say(said := e.ben.message(e.room))
            code = "quiet" if number else None
            while (answer := await b.get()).get("client_id") != said["client_id"]:
                pass
            assert answer.get("code") == code
            await word(m, commit, ok=False)  # too late


async def test_who_was_away_can_still_say_that_they_do_not_follow(standing_server: ServerProcess) -> None:
    """As long as nothing came after it, a commit can be taken back."""
    e = await Evening.begin(standing_server.url)
    await e.gather()
    before = await head_of(e)
    async with e.ben.entered(e.room, e.ben.seen) as b:
        commit, made = await change_keys(e, e.ben, b)
    async with e.mo.line() as m:
        m.follows = False
        await m.say({"t": "enter", "room": e.room, "after": e.mo.seen})
        await m.until("envelope", seq=commit["seq"])
        await word(m, commit, ok=False)
        void = await m.until("envelope", kind="void")
        assert await head_of(e) == before | {"head": void["seq"]}
        e.ben.seen = e.mo.seen = void["seq"]
        async with e.ben.entered(e.room, e.ben.seen) as b:
            await b.taken(e.ben.message(e.room))
            commit, made = await change_keys(e, e.ben, b)
            e.ben.took(made)
            last = await b.taken(e.ben.message(e.room))
            await word(m, commit, ok=False)  # too late: Ben has spoken
            await m.until("envelope", seq=last["seq"])
            assert (await b.taken(e.ben.message(e.room)))["seq"] == last["seq"] + 1


async def test_an_admission_is_undone_whole(standing_server: ServerProcess) -> None:
    e = await Evening.begin(standing_server.url)
    await e.gather()
    person, newcomer, request = await e.wait("cleo")
    frame, _ = e.admission(e.ada, newcomer, request)
    async with (
        e.ada.entered(e.room, e.ada.seen) as a,
        e.mo.entered(e.room, e.mo.seen) as m,
        person.line() as c,
    ):
        m.follows = False
        await a.say(frame)
        commit = await m.until("envelope", kind="handshake")
        assert (await c.until("request"))["status"] == "admitted"
        async with person.entered(e.room, commit["seq"]) as inside:
            inside.follows = False
            await word(inside, commit, ok=True)  # who was let in by it says nothing
            await word(m, commit, ok=False)
            void = await inside.until("envelope", kind="void")
            await inside.until("gone", code="left")
        assert (await c.until("request"))["status"] == "undone"
        assert (await person.ask("GET", f"/requests/{request['id']}"))["status"] == "undone"
        assert await person.code("GET", f"/rooms/{e.room}") == "not_found"
        assert void["seq"] == commit["seq"] + 2
    invites = (await e.ada.ask("GET", f"/groups/{e.group}/invites"))["items"]
    assert [invite["used"] for invite in invites if invite["id"] == e.invite] == [3]
    e.policy_seq = commit["seq"] - 1
    again = e.new_request(newcomer)
    assert await person.code("POST", f"/invites/{e.invite}/requests", again) == "key_package_used"
    e.ada.seen = void["seq"]
    cleo = await e.admit("cleo")
    async with cleo.entered(e.room, cleo.seen) as line:
        await line.say(said := cleo.message(e.room))
        await line.until("envelope", client_id=said["client_id"])


async def test_who_is_no_member_bars_nobody(standing_server: ServerProcess) -> None:
    e = await Evening.begin(standing_server.url)
    await e.gather()
    async with e.ada.entered(e.room, e.ada.seen) as a, e.mo.entered(e.room, e.mo.seen) as m:
        a.follows = m.follows = False
        async with e.ben.entered(e.room, e.ben.seen) as b:
            b.follows = False
            commit, _ = await change_keys(e, e.ada, a)
            for line in (m, b):
                await word(line, commit, ok=False)
            await a.until("envelope", kind="void")
        again = act(e.room, commit=e.ada.commit(e.ada.mls.update()))
        assert await a.refusal(again) == "barred_from_commits"
        await a.say(e.removal(e.ada, e.ben, commit=None))
        await a.until("envelope", kind="policy")
        await a.say(gone := act(e.room, commit=e.ada.commit(e.ada.mls.remove(e.leaves_of(e.ben)))))
        await a.until("envelope", client_id=gone["client_id"])
