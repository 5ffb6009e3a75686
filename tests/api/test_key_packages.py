"""KeyPackages: checked, single use, a last resort, quotas."""

import asyncio
from typing import Any

from uuid6 import uuid7

from gathering import Gathering, Person, junk
from safespace.sdk.group_crypto import Newcomer
from safespace.wire import b64encode
from serving import ServerProcess


def packages(count: int) -> list[str]:
    return [b64encode(Newcomer().package) for _ in range(count)]


def pool(g: Gathering) -> str:
    return f"/groups/{g.group}/key-packages"


def wanted(g: Gathering, whose: Person, **changes: Any) -> dict[str, Any]:
    return {"member": whose.member, "room": g.room} | changes


async def test_each_is_handed_out_once_and_the_last_resort_once_for_a_room(standing_server: ServerProcess) -> None:
    g = await Gathering.begin(standing_server.url)
    ben = await g.admit("ben")
    given, last = packages(10), packages(1)[0]
    assert await ben.ask("POST", pool(g), {"packages": given, "last_resort": last}) == {"available": 10}
    taken = await asyncio.gather(*(g.ada.ask("POST", f"{pool(g)}/take", wanted(g, ben)) for _ in range(11)))
    assert sorted(one["package"] for one in taken) == sorted([*given, last])
    assert await g.ada.code("POST", f"{pool(g)}/take", wanted(g, ben)) == "key_package_exhausted"
    assert await ben.ask("GET", pool(g)) == {"available": 0}
    assert await ben.code("POST", pool(g), {"packages": [given[0]]}) == "key_package_used"


async def test_withdrawn_ones_are_not_handed_out(standing_server: ServerProcess) -> None:
    g = await Gathering.begin(standing_server.url)
    await g.ada.ask("POST", pool(g), {"packages": packages(3), "last_resort": packages(1)[0]})
    await g.ada.ask("DELETE", pool(g))
    assert await g.ada.ask("GET", pool(g)) == {"available": 0}
    assert await g.ada.code("POST", f"{pool(g)}/take", wanted(g, g.ada)) == "key_package_exhausted"


async def test_one_bad_package_refuses_all(standing_server: ServerProcess) -> None:
    g = await Gathering.begin(standing_server.url)
    good = packages(2)
    for bad, code in [(junk(300), "mls_malformed"), ("YQ==", "bad_base64"), (good[0], "key_package_used")]:
        assert await g.ada.code("POST", pool(g), {"packages": [*good, bad]}) == code
    assert await g.ada.ask("GET", pool(g)) == {"available": 0}


async def test_a_pool_and_a_taker_have_limits_and_the_drained_can_still_be_added(
    standing_server: ServerProcess,
) -> None:
    g = await Gathering.begin(standing_server.url)
    eve = await g.admit("eve")
    given = packages(101)
    assert await g.ada.code("POST", pool(g), {"packages": given}) == "invalid_field"
    assert await g.ada.ask("POST", pool(g), {"packages": given[:100]}) == {"available": 100}
    assert await g.ada.code("POST", pool(g), {"packages": given[100:]}) == "quota_reached"
    for _ in range(100):
        await eve.ask("POST", f"{pool(g)}/take", wanted(g, g.ada))
    await g.ada.ask("POST", pool(g), {"packages": given[100:]})
    assert await eve.code("POST", f"{pool(g)}/take", wanted(g, g.ada)) == "quota_reached"
    assert (await g.ada.ask("POST", f"{pool(g)}/take", wanted(g, g.ada)))["package"] == given[100]


async def test_only_members_take_and_only_of_members_for_their_rooms(standing_server: ServerProcess) -> None:
    g, other = await Gathering.begin(standing_server.url), await Gathering.begin(standing_server.url)
    await g.ada.ask("POST", pool(g), {"packages": packages(1)})
    take = f"{pool(g)}/take"
    assert await other.ada.code("POST", take, wanted(g, g.ada)) == "not_found"
    assert await g.ada.code("POST", take, wanted(g, g.ada, room=other.room)) == "unknown_room"
    assert await g.ada.code("POST", take, wanted(g, other.ada)) == "unknown_member"
    assert await other.ada.code("POST", f"/groups/{uuid7()}/key-packages/take", wanted(g, g.ada)) == "not_found"
    assert await g.ada.ask("GET", pool(g)) == {"available": 1}
