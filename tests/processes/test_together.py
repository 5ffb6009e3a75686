"""People at four processes are in one room: they hear the same in the same order, and of each other."""

import asyncio
import hashlib
import random
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from uuid import UUID

import httpx

from backing import Redis
from evening import until
from gathering import Evening, Gathering, Line, Person, act, junk
from processes.talkers import TRIES, Processes, Talker, at, converged, crowd, here, said
from safespace.fields import b64decode
from statements import entry, report


async def talk(talkers: Sequence[Talker]) -> None:
    """Say something again and again, until cancelled."""
    while True:
        for talker in talkers:
            await talker.say()
            await asyncio.sleep(0.002)


async def test_everyone_hears_the_same_in_the_same_order(four: Processes) -> None:
    gathering = await Gathering.begin(four.urls[0])
    ben = await gathering.admit("ben")
    async with crowd(gathering, four.urls, [gathering.ada, ben]) as talkers:
        for _ in range(25):
            await asyncio.gather(*(talker.say() for talker in talkers))
            await asyncio.sleep(random.uniform(0, 0.02))
        await converged(talkers)
        assert len(talkers[0].lines) == 25 * 8


async def test_who_is_removed_is_out_everywhere_at_once(four: Processes) -> None:
    gathering = await Gathering.begin(four.urls[0])
    ada, room = gathering.ada, gathering.room
    ben, cleo = await gathering.admit("ben"), await gathering.admit("cleo")
    async with crowd(gathering, four.urls, [ben]) as bens, crowd(gathering, four.urls, [cleo]) as cleos:
        talking = asyncio.create_task(talk(bens + cleos))
        await asyncio.sleep(0.3)
        removal = gathering.removal(ada, ben, commit=(commit := ada.mls.remove(gathering.leaves_of(ben))))
        async with ada.entered(room, ada.seen) as line:
            await line.say(removal)
            while (last := await line.until("envelope", client_id=removal["client_id"]))["kind"] != "handshake":
                pass
            ada.took(commit)
            await line.until("confirmed", seq=last["seq"])
            for number in range(40):  # Ben's messages come too late, but not Ada's
                await line.say(ada.message(room))
                await line.until("envelope", seq=last["seq"] + 1 + number)
        for talker in bens:
            async with asyncio.timeout(30):
                await talker.task
        talking.cancel()
        page = await cleo.ask("GET", f"/rooms/{room}/envelopes?after={last['seq']}&limit=200")
        assert {item["leaf"] for item in page["items"]} == {ada.member}
        for talker in bens:
            assert talker.seen == last["seq"], "not a line more"
            assert talker.others[-1] == {"t": "gone", "room": room, "code": "removed"}
            assert (talker.closed, talker.faults) == ([4403], [])


async def test_the_rest_of_a_removal_is_asked_of_someone_at_another_process(four: Processes) -> None:
    gathering = await Gathering.begin(four.urls[0])
    ben, cleo = await gathering.admit("ben"), await gathering.admit("cleo")
    room, departed = gathering.room, gathering.leaves_of(ben)
    async with ben.entered(room, ben.seen) as bens, at(cleo, four.urls[1]).entered(room, cleo.seen) as line:
        leaving = act(room, policy=ben.policy(room, "leave", gathering.policy_seq))
        await bens.say(leaving)
        await bens.until("gone", code="left")
        rekey = await line.until("rekey", room=room)
        assert rekey["leaves"] == [ben.member]
        await line.say(act(room, commit=cleo.commit(cleo.mls.remove(departed))))
        await line.until("envelope", kind="handshake")


async def test_who_is_here_is_told_across_processes(four: Processes) -> None:
    gathering = await Gathering.begin(four.urls[0], presence=True)
    ada, room = gathering.ada, gathering.room
    ben, cleo = await gathering.admit("ben"), await gathering.admit("cleo")
    async with ada.entered(room) as adas:
        async with at(ben, four.urls[1]).entered(room, ben.seen) as bens:
            await here(adas, ada, ben)
            await here(bens, ada, ben)
            async with at(cleo, four.urls[1]).entered(room, cleo.seen), at(cleo, four.urls[2]).entered(room, cleo.seen):
                await here(adas, ada, ben, cleo)
            await here(adas, ada, ben)
            await here(bens, ada, ben)
        await here(adas, ada)


async def test_a_login_that_ends_closes_its_sockets_at_every_process(four: Processes) -> None:
    ada = await Person.arrive(four.urls[0], "ada")
    async with AsyncExitStack() as stack:
        lines = [await stack.enter_async_context(at(ada, url).line()) for url in four.urls]
        await ada.ask("POST", "/logout")
        for line in lines:
            await line.rest()
            assert line.close_code == 4401


async def test_who_asks_to_join_is_announced_and_answered_across_processes(four: Processes) -> None:
    gathering = await Gathering.begin(four.urls[0])
    gathering.url = four.urls[2]
    async with at(gathering.ada, four.urls[1]).entered(gathering.room) as line:
        wren, newcomer, request = await gathering.wait("wren")
        assert (await line.until("waiting", group=gathering.group, count=1))["count"] == 1
        async with at(wren, four.urls[3]).line() as wrens:
            frame, _ = gathering.admission(gathering.ada, newcomer, request)
            await line.say(frame)
            await wrens.until("request", id=request["id"], status="admitted")
            await line.until("waiting", group=gathering.group, count=0)
            assert [heard["count"] for heard in said(line.heard, "waiting")] == [0, 1, 0], "each once"


async def test_a_report_is_read_answered_and_checked_at_any_process(four: Processes) -> None:
    evening = await Evening.begin(four.urls[0])
    await evening.gather()
    mo, ben, reports = evening.mo, evening.ben, f"/groups/{evening.group}/reports"
    async with ben.entered(evening.room, ben.seen) as line:
        await line.say(ben.message(evening.room))
        said = await line.until("envelope", kind="message")
    async with at(mo, four.urls[2]).line() as line, at(ben, four.urls[3]).line() as bens:
        filed = await at(ben, four.urls[1]).ask("POST", reports, report(mo))
        assert (await line.until("report", group=evening.group))["open"] == 1
        async with asyncio.TaskGroup() as tasks:
            written = [
                tasks.create_task(at(mo, url).ask("POST", f"{reports}/{filed['id']}/entries", entry(mo)))
                for url in four.urls
            ]
        done = entry(mo, status="resolved", answer=junk(1100))
        await at(mo, four.urls[3]).ask("POST", f"{reports}/{filed['id']}/entries", done)
        assert (await line.until("report", open=0))["group"] == evening.group
        assert (await bens.until("report"))["open"] is None
    stamped = {name: said[name] for name in ("room", "leaf", "epoch", "seq", "time", "commitment", "stamp")}
    stamped["member"] = ben.member
    for url in four.urls:
        [item] = (await at(mo, url).ask("GET", reports))["items"]
        assert {one.result()["id"] for one in written} | {done["id"]} == {one["id"] for one in item["entries"]}
        assert [item["status"] for item in (await at(ben, url).ask("GET", f"{reports}/own"))["items"]] == ["resolved"]
        verify = f"/groups/{evening.group}/stamps/verify"
        assert await at(mo, url).ask("POST", verify, stamped) == {"valid": True}
        assert await at(mo, url).ask("POST", verify, stamped | {"time": said["time"] + 1}) == {"valid": False}


async def test_an_account_has_so_many_sockets_in_all_processes_together(four: Processes) -> None:
    ada = await Person.arrive(four.urls[0], "ada")
    async with AsyncExitStack() as stack:
        for number in range(32):
            line = await stack.enter_async_context(at(ada, four.urls[number % 4]).line())
            assert await _stays(line)  # or a later one might be let in in its stead
        for url in four.urls:
            async with at(ada, url).line() as more:
                await more.rest()
                assert more.close_code == 4429
        await line.socket.close()
        async with asyncio.timeout(30):
            while True:
                async with at(ada, four.urls[0]).line() as more:
                    if await _stays(more):
                        break


async def _stays(line: Line) -> bool:
    """Whether a socket is not closed at once: an answer to a frame shows that it was let in."""
    await line.say({"t": "nothing"})
    return any(frame.get("code") == "unknown_frame" for frame in [await line.get()])


async def test_processes_count_tries_together(four: Processes) -> None:
    ada = await Person.arrive(four.urls[0], "ada")
    wrong = {"handle": ada.handle, "login_key": junk(), "as": "token"}
    answers = []
    for number in range(TRIES + 2):
        async with httpx.AsyncClient(base_url=four.urls[number % 4], trust_env=False) as client:
            answers.append((await client.post("/v1/login", json=wrong)).json()["code"])
    assert answers == ["wrong_login"] * TRIES + ["throttled"] * 2


async def test_redis_is_told_of_nobody(four: Processes, redis: Redis, tmp_path: Path) -> None:
    with (tmp_path / "monitor").open("wb") as heard, redis.monitor(heard):
        gathering = await Gathering.begin(four.urls[0], presence=True)
        ada, room = gathering.ada, gathering.room
        ben = await gathering.admit("ben")
        async with ada.entered(room) as line, at(ben, four.urls[1]).entered(room, ben.seen) as bens:
            await here(line, ada, ben)
            await line.say(frame := ada.message(room, "the chair in the shower"))
            await bens.until("envelope", client_id=frame["client_id"])
            wren, _, _ = await gathering.wait("wren")
            await line.until("waiting", group=gathering.group, count=1)
        for person in (ada, ben, wren):
            await person.ask("POST", "/logout")
        await until(lambda: (tmp_path / "monitor").read_bytes().count(b'"PUBLISH"') > 10)
    told = (tmp_path / "monitor").read_bytes()
    assert gathering.group.encode() in told, "a control: waiting names the group"
    assert ben.member.encode() in told, "a control: presence names members"
    secrets = [b"chair", room.encode(), UUID(room).hex.encode(), frame["client_id"].encode(), b"127.0.0.1:"]
    for person in (ada, ben, wren):
        digest = hashlib.sha256(b64decode(person.token)).digest()
        ids = [person.account.encode(), UUID(person.account).hex.encode()]
        secrets += [person.handle.encode(), person.token.encode(), digest.hex().encode(), *ids]
        secrets += [repr(raw)[2:-1].encode() for raw in (digest, UUID(person.account).bytes)]
    # Each line begins with who asked: a process, from a port of its own.
    words = b"\n".join(line.partition(b"] ")[2] for line in told.splitlines())
    assert [secret for secret in secrets if secret.lower() in words.lower()] == []
