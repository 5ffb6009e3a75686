"""KeyPackages: checked, endorsed, single use, a last resort, quotas; taken only by those in a further room."""

import asyncio

from uuid6 import uuid7

from gathering import Frame, Gathering, Person, junk
from safespace.budgets import QUOTAS
from safespace.fields import b64encode
from safespace.sdk.group_crypto import Newcomer
from serving import ServerProcess
from side import SideRoom, package


def packages(g: Gathering, person: Person, count: int) -> list[Frame]:
    return [package(person, g.group, Newcomer()) for _ in range(count)]


def pool(g: Gathering) -> str:
    return f"/groups/{g.group}/key-packages"


def wanted(side: SideRoom, whose: Person, **changes: object) -> Frame:
    return {"member": whose.member, "room": side.room} | changes


async def test_each_is_handed_out_once_and_the_last_resort_once_for_a_room(standing_server: ServerProcess) -> None:
    g = await Gathering.begin(standing_server.url)
    ben = await g.admit("ben")
    side = await SideRoom.open(g, g.ada, "aside", ben)
    given, last = packages(g, ben, 10), packages(g, ben, 1)[0]
    assert await ben.ask("POST", pool(g), {"packages": given, "last_resort": last}) == {"available": 10}
    taken = await asyncio.gather(*(g.ada.ask("POST", f"{pool(g)}/take", wanted(side, ben)) for _ in range(11)))
    assert sorted(taken, key=str) == sorted([*given, last], key=str)
    assert await g.ada.code("POST", f"{pool(g)}/take", wanted(side, ben)) == "key_package_exhausted"
    assert await ben.ask("GET", pool(g)) == {"available": 0}
    assert await ben.code("POST", pool(g), {"packages": [given[0]]}) == "key_package_used"
    another = await SideRoom.open(g, g.ada, "aside", ben)
    assert await g.ada.ask("POST", f"{pool(g)}/take", wanted(another, ben)) == last


async def test_withdrawn_ones_are_not_handed_out(standing_server: ServerProcess) -> None:
    g = await Gathering.begin(standing_server.url)
    ben = await g.admit("ben")
    side = await SideRoom.open(g, g.ada, "aside", ben)
    given, last = packages(g, ben, 3), packages(g, ben, 1)[0]
    await ben.ask("POST", pool(g), {"packages": given, "last_resort": last})
    await ben.ask("DELETE", pool(g))
    assert await ben.ask("GET", pool(g)) == {"available": 0}
    assert await g.ada.code("POST", f"{pool(g)}/take", wanted(side, ben)) == "key_package_exhausted"


async def test_one_bad_package_refuses_all(standing_server: ServerProcess) -> None:
    g = await Gathering.begin(standing_server.url)
    ben = await g.admit("ben")
    good, newcomer = packages(g, g.ada, 2), Newcomer()
    own = package(g.ada, g.group, newcomer)
    for bad, code in [
        (own | {"package": junk(300)}, "mls_malformed"),
        (own | {"package": "YQ=="}, "bad_base64"),
        (own | {"endorsement": junk(63)}, "invalid_field"),
        (good[0], "key_package_used"),
        # Endorsed by nobody, by someone else, for another leaf, for another group.
        (own | {"endorsement": junk(64)}, "bad_signature"),
        (package(ben, g.group, newcomer), "bad_signature"),
        (own | {"package": b64encode(Newcomer().package)}, "bad_signature"),
        (package(g.ada, str(uuid7()), newcomer), "bad_signature"),
    ]:
        assert await g.ada.code("POST", pool(g), {"packages": [*good, bad]}) == code
    assert await g.ada.ask("GET", pool(g)) == {"available": 0}


async def test_a_pool_and_a_taker_have_limits_and_the_drained_can_still_be_added(
    standing_server: ServerProcess,
) -> None:
    g = await Gathering.begin(standing_server.url)
    eve = await g.admit("eve")
    side = await SideRoom.open(g, eve, "aside", eve)
    given = packages(g, g.ada, 101)
    assert await g.ada.code("POST", pool(g), {"packages": given}) == "invalid_field"
    assert await g.ada.ask("POST", pool(g), {"packages": given[:100]}) == {"available": 100}
    assert await g.ada.code("POST", pool(g), {"packages": given[100:]}) == "quota_reached"
    for taken in range(QUOTAS["taken_packages"].most):
        if taken % 100 == 0 and taken:
            await g.ada.ask("POST", pool(g), {"packages": packages(g, g.ada, 100)})
        await eve.ask("POST", f"{pool(g)}/take", wanted(side, g.ada))
    await g.ada.ask("POST", pool(g), {"packages": given[100:]})
    assert await eve.code("POST", f"{pool(g)}/take", wanted(side, g.ada)) == "quota_reached"
    fae = await g.admit("fae", "facilitator")
    other = await SideRoom.open(g, fae, "aside", eve)
    assert await fae.ask("POST", f"{pool(g)}/take", wanted(other, g.ada)) == given[100]


async def test_only_who_is_in_a_room_takes_and_only_of_who_may_be_brought(standing_server: ServerProcess) -> None:
    g, elsewhere = await Gathering.begin(standing_server.url), await Gathering.begin(standing_server.url)
    ben, chi = await g.admit("ben"), await g.admit("chi")
    side, far = await SideRoom.open(g, g.ada, "aside", ben), await SideRoom.open(elsewhere, elsewhere.ada)
    for person in (g.ada, ben, chi):
        await person.ask("POST", pool(g), {"packages": packages(g, person, 1)})
    take = f"{pool(g)}/take"
    assert await elsewhere.ada.code("POST", take, wanted(side, ben)) == "not_found"
    assert await elsewhere.ada.code("POST", f"/groups/{uuid7()}/key-packages/take", wanted(side, ben)) == "not_found"
    for room in (far.room, g.room, str(uuid7())):
        assert await g.ada.code("POST", take, wanted(side, ben, room=room)) == "unknown_room"
    assert await chi.code("POST", take, wanted(side, g.ada)) == "unknown_room"
    assert await g.ada.code("POST", take, wanted(side, elsewhere.ada)) == "unknown_member"
    assert await g.ada.code("POST", take, wanted(side, chi)) == "does_not_belong"
    assert await g.ada.code("POST", take, wanted(side, g.ada)) == "already_member"
    assert [await person.ask("GET", pool(g)) for person in (g.ada, ben, chi)] == [{"available": 1}] * 3
