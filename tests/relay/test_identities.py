"""A leaf identity never means two people: whoever brings another's, under a key of their own, is refused."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from uuid6 import uuid7

from gathering import Gathering, Person, stored
from safespace.fields import b64decode, b64encode
from safespace.sdk.group_crypto import GroupCrypto, LeafKey, Newcomer
from serving import ServerProcess
from side import SideRoom, endorsed, package, publish

WAYS = (
    "an aside",
    "a staff room",
    "a package",
    "a package of last resort",
    "a group",
    "a request",
    "a capsule",
    "asking",
)


class House:
    """Ada's group: Ben whose identities are wanted, Eve who wants them, and Mo with whom she is in league."""

    def __init__(self, g: Gathering, server: ServerProcess) -> None:
        self.g = g
        self.server = server
        self.eve: Person
        self.ben: Person
        self.mo: Person
        self.capsule = str(uuid7())

    @classmethod
    async def begin(cls, server: ServerProcess) -> "House":
        house = cls(await Gathering.begin(server.url), server)
        house.eve = await house.g.admit("eve", "facilitator")
        house.ben = await house.g.admit("ben")
        house.mo = await house.g.admit("mo", "moderator")
        # A session is held in a capsule that nobody has made yet.
        await house.g.do(house.eve, "open_session", minutes=30)
        await house.g.do(house.eve, "capsule", into=house.capsule)
        return house

    async def refused(self, way: str, identity: bytes) -> str:
        """Eve brings this identity under a key of her own; the code, after which nothing has changed."""
        for _ in range(3):  # something else may be written in the room once; what a try writes, each writes
            before = stored(self.server)
            code = await self._tried(way, replace(LeafKey.fresh(), identity=identity))
            if stored(self.server) == before:
                return code
        raise AssertionError("each try has changed something")

    async def _tried(self, way: str, leaf: LeafKey) -> str:
        g, eve = self.g, self.eve
        base = f"/groups/{g.group}"
        match way:
            case "an aside":
                return await eve.code("POST", f"{base}/rooms", self.room(leaf, "aside", eve.member))
            case "a staff room":
                return await eve.code("POST", f"{base}/rooms", self.room(leaf, "staff", None))
            case "a package":
                return await eve.code(
                    "POST", f"{base}/key-packages", {"packages": [package(eve, g.group, Newcomer(leaf))]}
                )
            case "a package of last resort":
                last = package(eve, g.group, Newcomer(leaf))
                return await eve.code("POST", f"{base}/key-packages", {"packages": [], "last_resort": last})
            case "a group":
                return await eve.code("POST", "/groups", self._group(leaf))
            case "a request":
                accomplice = await Person.arrive(g.url, "mal")
                return await accomplice.code("POST", f"/invites/{g.invite}/requests", g.new_request(Newcomer(leaf)))
            case "a capsule":
                made = self.room(leaf, "capsule", None) | _made(leaf, self.capsule)
                return await eve.code("POST", f"{base}/rooms", made)
            case _:
                asking = package(eve, g.group, Newcomer(leaf))
                return await eve.code("POST", f"{base}/rooms/{self.capsule}/ask", asking)

    def room(self, leaf: LeafKey, purpose: str, about: str | None) -> dict[str, Any]:
        said = {"purpose": purpose, "about": about, "endorsement": endorsed(self.eve, self.g.group, leaf)}
        return _made(leaf, str(uuid7())) | said

    @staticmethod
    def _group(leaf: LeafKey) -> dict[str, Any]:
        room = str(uuid7())
        made = _made(leaf, room)
        return made | {"id": str(uuid7()), "room": room, "presence": False}


def _made(leaf: LeafKey, room: str) -> dict[str, Any]:
    crypto = GroupCrypto.create(leaf, UUID(room).bytes)
    tag = b64encode(crypto.public().confirmation_tag)
    return {"id": room, "tree": b64encode(crypto.tree()), "confirmation_tag": tag}


@pytest.fixture
async def house(standing_server: ServerProcess) -> House:
    return await House.begin(standing_server)


async def test_nobody_takes_the_identity_that_another_has(house: House) -> None:
    g, ben = house.g, house.ben
    side = await SideRoom.open(g, g.ada, "aside", ben)
    await side.bring(g.ada, ben)
    waiting = (await g.wait("zoe"))[1]
    handed_out = (await publish(g, ben))[0]
    mine = await SideRoom.open(g, house.eve, "aside", ben)
    await mine.take(house.eve, ben)
    others = {
        "in main": b64decode(ben.member),
        "of the owner": b64decode(g.ada.member),
        "in an aside": side.leaf_of(ben)[0],
        "of who made an aside": side.leaf_of(g.ada)[0],
        "in a KeyPackage that Eve was handed": handed_out.leaf.identity,
        "of who waits at the door": waiting.leaf.identity,
    }
    for name, identity in others.items():
        for way in WAYS:
            assert await house.refused(way, identity) == "duplicate_identity", (name, way)


async def test_an_identity_stays_somebodys_once_they_are_gone(house: House) -> None:
    """Ben leaves, Mo comes back on another device, and the aside that Ben was in is taken out of the tree."""
    g, ben, mo = house.g, house.ben, house.mo
    side = await SideRoom.open(g, g.ada, "aside", ben)
    await side.bring(g.ada, ben)
    gone = [b64decode(ben.member), side.leaf_of(ben)[0], b64decode(mo.member)]
    await g.leave(ben)
    _, newcomer, request = await g.come_back(mo)
    frame, _ = g.admission(g.ada, newcomer, request, "moderator", mo.member)
    async with g.ada.entered(g.room, g.ada.seen) as line:
        await line.taken(frame)
    for identity in gone:
        for way in ("an aside", "a package", "a group", "a request"):
            assert await house.refused(way, identity) == "duplicate_identity", way
    again = await Person.arrive(g.url, "ben")
    for identity in gone[:2]:
        asking = g.new_request(Newcomer(replace(LeafKey.fresh(), identity=identity)))
        assert await again.code("POST", f"/invites/{g.invite}/requests", asking) == "duplicate_identity"


async def test_one_does_not_use_an_identity_of_ones_own_twice(house: House) -> None:
    """Not in another group, and not as who makes a room; one of last resort serves once in each room of its group."""
    g, ben, ada = house.g, house.ben, house.g.ada
    own = b64decode(house.eve.member)
    for way in WAYS:
        assert await house.refused(way, own) == "duplicate_identity"
    last = package(ben, g.group, Newcomer())
    await ben.ask("POST", f"/groups/{g.group}/key-packages", {"packages": [], "last_resort": last})
    one, other = [await SideRoom.open(g, ada, "aside", ben) for _ in range(2)]
    assert await one.take(ada, ben) == await other.take(ada, ben) == b64decode(last["package"])


async def _becomes_anothers(house: House, leaf: LeafKey) -> None:
    """A stranger in league asks to join with the identity of this leaf, under a key of their own."""
    stranger = await Person.arrive(house.g.url, "mal")
    request = house.g.new_request(Newcomer(replace(LeafKey.fresh(), identity=leaf.identity)))
    await stranger.ask("POST", f"/invites/{house.g.invite}/requests", request)


async def test_what_waits_in_a_pool_and_became_anothers_is_in_nobodys_way(house: House) -> None:
    """Two of Ben's, the first and a later one, are somebody else's by now: he is brought with those that are his."""
    g, ben = house.g, house.ben
    path = f"/groups/{g.group}/key-packages"
    made = await publish(g, ben, 4)
    for stolen in (made[0], made[2]):
        await _becomes_anothers(house, stolen.leaf)
    side = await SideRoom.open(g, g.ada, "aside", ben)
    for good in (made[1], made[3]):
        assert await side.take(g.ada, ben) == good.package
    assert await ben.ask("GET", path) == {"available": 0}
    wanted = {"member": ben.member, "room": side.room}
    assert await g.ada.code("POST", f"{path}/take", wanted) == "key_package_exhausted"


async def test_one_of_last_resort_that_became_anothers_is_none(house: House) -> None:
    g, ben = house.g, house.ben
    path = f"/groups/{g.group}/key-packages"
    last = Newcomer()
    await ben.ask("POST", path, {"packages": [], "last_resort": package(ben, g.group, last)})
    await _becomes_anothers(house, last.leaf)
    side = await SideRoom.open(g, g.ada, "aside", ben)
    wanted = {"member": ben.member, "room": side.room}
    for _ in range(2):
        assert await g.ada.code("POST", f"{path}/take", wanted) == "key_package_exhausted"
    fresh = (await publish(g, ben))[0]
    assert await side.take(g.ada, ben) == fresh.package


async def test_one_that_two_people_put_in_their_pools_is_the_first_ones(house: House) -> None:
    """Eve and Mo have the same identity in their pools; who is brought first has it, the other comes with another."""
    g, eve, mo = house.g, house.eve, house.mo
    leaf = LeafKey.fresh()
    path = f"/groups/{g.group}/key-packages"
    for person in (eve, mo):
        same = Newcomer(replace(LeafKey.fresh(), identity=leaf.identity))
        await person.ask("POST", path, {"packages": [package(person, g.group, same)]})
    side = await SideRoom.open(g, g.ada, "staff")
    await side.take(g.ada, mo)
    own = (await publish(g, eve))[0]
    asides = await SideRoom.open(g, g.ada, "aside", eve)
    assert await asides.take(g.ada, eve) == own.package


async def test_who_asks_into_a_small_room_with_what_became_anothers_asks_anew(house: House) -> None:
    g, ben = house.g, house.ben
    capsule = SideRoom(g, "capsule", None)
    capsule.room = house.capsule
    await capsule.made_by(house.eve)
    ask, take = (f"/groups/{g.group}/{rest}" for rest in (f"rooms/{capsule.room}/ask", "key-packages/take"))
    wanted = {"member": ben.member, "room": capsule.room}
    first, second = Newcomer(), Newcomer()
    assert await ben.ask("POST", ask, package(ben, g.group, first)) == {"made": True}
    await _becomes_anothers(house, first.leaf)
    assert await house.eve.code("POST", take, wanted) == "key_package_exhausted"
    await ben.ask("POST", ask, package(ben, g.group, second))
    assert (await house.eve.ask("POST", take, wanted))["package"] == b64encode(second.package)


async def test_a_room_is_made_with_a_leaf_that_is_endorsed_by_who_makes_it(house: House) -> None:
    g, eve = house.g, house.eve
    leaf = LeafKey.fresh()
    body = house.room(leaf, "aside", eve.member)
    before = stored(house.server)
    for said in (
        endorsed(house.ben, g.group, leaf),
        endorsed(eve, str(uuid7()), leaf),
        endorsed(eve, g.group, replace(leaf, identity=b64decode(house.ben.member))),
        endorsed(eve, g.group, LeafKey.fresh()),
        b64encode(bytes(64)),
    ):
        assert await eve.code("POST", f"/groups/{g.group}/rooms", body | {"endorsement": said}) == "bad_signature"
    assert stored(house.server) == before
    await eve.ask("POST", f"/groups/{g.group}/rooms", body)
