"""Author and doubters at three processes: what one hears and another decides holds everywhere."""

from gathering import Gathering, act
from processes.talkers import Processes, at, here


async def test_a_commit_is_voided_and_confirmed_across_processes(four: Processes) -> None:
    gathering = await Gathering.begin(four.urls[0], presence=True)
    room, ada = gathering.room, gathering.ada
    ben, cleo = await gathering.admit("ben"), await gathering.admit("cleo")
    async with (
        at(ada, four.urls[0]).entered(room, ada.seen) as a,
        at(ben, four.urls[1]).entered(room, ben.seen) as b,
        at(cleo, four.urls[2]).entered(room, cleo.seen) as c,
    ):
        a.follows = b.follows = c.follows = False
        for line in (a, b, c):
            await here(line, ada, ben, cleo)
        doubted = act(room, commit=ben.commit(ben.mls.update()))
        await b.say(doubted)
        for line in (a, c):
            commit = await line.until("envelope", client_id=doubted["client_id"])
            await line.say({"t": "epoch", "room": room, "seq": commit["seq"], "ok": False})
        for line in (a, b, c):
            assert (await line.until("envelope", kind="void"))["seq"] == commit["seq"] + 1
        assert await b.refusal(act(room, commit=ben.commit(ben.mls.update()))) == "barred_from_commits"
        made = cleo.mls.update()
        await c.say(frame := act(room, commit=cleo.commit(made)))
        cleo.took(made)
        commit = await a.until("envelope", client_id=frame["client_id"])
        assert await c.refusal(cleo.message(room)) == "epoch_unconfirmed"
        await a.say({"t": "epoch", "room": room, "seq": commit["seq"], "ok": True})
        await c.until("confirmed", seq=commit["seq"])
        await c.say(said := cleo.message(room))
        for line in (a, b, c):
            assert (await line.until("envelope", client_id=said["client_id"]))["seq"] == commit["seq"] + 1
