"""Whose doubts bar whom: two members cannot keep an honest owner from letting people in."""

from typing import Any

from gathering import Evening, Frame, Line, Person, act
from serving import ServerProcess


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
