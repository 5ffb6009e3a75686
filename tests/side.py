"""Further rooms for tests of the relay: real MLS groups and endorsements, with no SDK between test and server."""

import copy
from typing import Self
from uuid import UUID

from nacl.signing import SigningKey
from uuid6 import uuid7

from gathering import Frame, Gathering, Person, act, junk
from safespace.crypto.endorsements import endorsement_bytes
from safespace.fields import b64decode, b64encode
from safespace.sdk.group_crypto import Commit, GroupCrypto, LeafKey, Newcomer


def endorsed(person: Person, group: str, leaf: LeafKey) -> str:
    """The person's signature over a leaf, with the key they have in main."""
    key = SigningKey(person.mls.leaf.secret[:32])
    return b64encode(key.sign(endorsement_bytes(UUID(group).bytes, leaf.identity, leaf.public)).signature)


def package(person: Person, group: str, newcomer: Newcomer) -> Frame:
    """A KeyPackage as it is published."""
    return {"package": b64encode(newcomer.package), "endorsement": endorsed(person, group, newcomer.leaf)}


async def publish(g: Gathering, person: Person, count: int = 1) -> list[Newcomer]:
    """Fill someone's pool."""
    newcomers = [Newcomer() for _ in range(count)]
    given = [package(person, g.group, newcomer) for newcomer in newcomers]
    await person.ask("POST", f"/groups/{g.group}/key-packages", {"packages": given})
    return newcomers


class SideRoom:
    """A further room; `seats` are the people in it, each with the keys they have there."""

    def __init__(self, g: Gathering, purpose: str, about: Person | None) -> None:
        self.g = g
        self.room = str(uuid7())
        self.purpose = purpose
        self.about = about
        self.policy_seq = 0
        self.seats: dict[str, Person] = {}

    @classmethod
    async def open(cls, g: Gathering, opener: Person, purpose: str = "staff", about: Person | None = None) -> Self:
        """Somebody makes the room and says `open`."""
        side = cls(g, purpose, about)
        await side.made_by(opener)
        return side

    async def made_by(self, opener: Person) -> None:
        await opener.ask("POST", f"/groups/{self.g.group}/rooms", self.new_room(opener))
        seat = self.seats[opener.member]
        async with seat.entered(self.room) as line:
            target = self.about and self.about.member
            await line.say(act(self.room, policy=self.policy(seat, "open", target=target)))
            self.policy_seq = seat.seen = (await line.until("envelope"))["seq"]

    def new_room(self, opener: Person, **changes: object) -> Frame:
        """What a new room is made of."""
        leaf = LeafKey.fresh()
        seat = self.seat(opener, GroupCrypto.create(leaf, UUID(self.room).bytes))
        return {
            "id": self.room,
            "purpose": self.purpose,
            "about": self.about and self.about.member,
            "tree": b64encode(seat.mls.tree()),
            "confirmation_tag": b64encode(seat.mls.public().confirmation_tag),
            "endorsement": endorsed(opener, self.g.group, leaf) if opener.crypto else junk(64),
        } | changes

    def seat(self, person: Person, crypto: GroupCrypto) -> Person:
        """The same person, with the keys of this room."""
        seat = copy.copy(person)
        seat.crypto, seat.epoch, seat.seen = crypto, crypto.public().epoch, 0
        self.seats[person.member] = seat
        return seat

    def policy(self, by: Person, action: str, **fields: object) -> Frame:
        return by.policy(self.room, action, self.policy_seq, main=self.g.policy_seq, **fields)

    async def take(self, by: Person, target: Person) -> bytes:
        """A KeyPackage of the target, handed out for this room."""
        wanted = {"member": target.member, "room": self.room}
        taken = await by.ask("POST", f"/groups/{self.g.group}/key-packages/take", wanted)
        return b64decode(taken["package"])

    def bringing(self, by: Person, target: Person, package: bytes) -> tuple[Frame, Commit]:
        """The act that brings someone, and the commit in it."""
        commit = by.mls.add(package)
        body, commitment = by.sealed(self.room, by.epoch + 1, commit.after)
        assert commit.welcome is not None
        frame = act(
            self.room,
            policy=self.policy(by, "bring", target=target.member),
            commit=by.commit(commit) | {"welcome": b64encode(commit.welcome)},
            state={"epoch": by.epoch + 1, "body": body, "commitment": commitment},
        )
        return frame, commit

    async def bring(self, by: Person, target: Person, newcomer: Newcomer | None = None) -> Person:
        """Somebody is brought in and takes the Welcome; everybody follows. `newcomer` is in the pool, else made now."""
        by = self.seats[by.member]
        newcomer = newcomer or (await publish(self.g, target))[0]
        frame, commit = self.bringing(by, target, await self.take(by, target))
        async with by.entered(self.room, by.seen) as line:
            await line.say(frame)
            self.policy_seq = (await line.until("envelope", client_id=frame["client_id"]))["seq"]
        by.took(commit)
        waiting = (await target.ask("GET", "/welcomes"))["items"]
        told = next(one for one in waiting if one["room"] == self.room)
        crypto = newcomer.join(UUID(self.room).bytes, b64decode(told["tree"]), b64decode(told["welcome"]))
        seat = self.seat(target, crypto)
        seat.seen = told["seq"]
        await target.ask("DELETE", f"/welcomes/{self.room}")
        await self.follow_all(by)
        return seat

    async def follow_all(self, but: Person | None = None) -> None:
        """Everybody in the room reads its log to the end."""
        for seat in self.seats.values():
            page = await seat.ask("GET", f"/rooms/{self.room}/envelopes?after={seat.seen}&limit=200")
            if seat is but:
                seat.seen = page["items"][-1]["seq"] if page["items"] else seat.seen
            else:
                seat.follow(page["items"])

    def leaf_of(self, person: Person) -> tuple[bytes, bytes]:
        """(identity, signature key) of someone's leaf in this room."""
        leaf = self.seats[person.member].mls.leaf
        return leaf.identity, leaf.public
