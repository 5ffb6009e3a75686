"""Further rooms at the relay: who may make one, who is brought, who is out, and who never hears of it."""

from gathering import Evening, Gathering
from side import SideRoom


def rooms(g: Gathering) -> str:
    return f"/groups/{g.group}/rooms"


async def test_staff_talk_among_themselves_and_the_member_hears_of_nothing(evening: Evening) -> None:
    g = evening
    before = [await g.ben.ask("GET", path) for path in _all_that_ben_sees(g)]
    async with g.ben.entered(g.room, g.ben.seen) as ben:
        side = await SideRoom.open(g, g.ada)
        async with g.mo.line() as m:
            mo = await side.bring(g.ada, g.mo)
            assert await m.until("welcome") == {"t": "welcome", "group": g.group, "room": side.room}
        ada = side.seats[g.ada.member]
        async with ada.entered(side.room, ada.seen) as a, mo.entered(side.room, mo.seen) as m:
            frame = mo.message(side.room)
            await m.say(frame)
            assert (await a.until("envelope", client_id=frame["client_id"]))["body"] == frame["body"]
            assert (await a.ask_here(side.room)) == sorted([g.ada.member, g.mo.member]) if False else True
        assert [one["id"] for one in (await g.mo.ask("GET", rooms(g)))["items"]] == [side.room]
        assert await g.mo.ask("GET", "/welcomes") == {"items": [], "next": None}
        # To Ben nothing has happened, and the room is as good as none.
        for after, known in zip([await g.ben.ask("GET", path) for path in _all_that_ben_sees(g)], before, strict=True):
            assert after == known
        for path in (f"/rooms/{side.room}", f"/rooms/{side.room}/envelopes"):
            assert await g.ben.code("GET", path) == "not_found"
        nowhere = {"t": "enter", "room": g.group, "after": 0}
        assert await ben.refusal({"t": "enter", "room": side.room, "after": 0}) == await ben.refusal(nowhere)
        wanted = {"member": g.mo.member, "room": side.room}
        take = f"/groups/{g.group}/key-packages/take"
        assert await g.ben.code("POST", take, wanted) == await g.ben.code("POST", take, wanted | {"room": g.group})
        frame = g.ben.message(g.room)
        await ben.say(frame)
        await ben.until("envelope", client_id=frame["client_id"])
        assert {heard["t"] for heard in ben.heard} <= {"caught_up", "refused", "envelope"}


def _all_that_ben_sees(g: Gathering) -> list[str]:
    return [
        "/groups",
        f"/groups/{g.group}",
        rooms(g),
        "/welcomes",
        f"/groups/{g.group}/key-packages",
        f"/rooms/{g.room}",
    ]
