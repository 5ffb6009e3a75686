"""What honest lines of reports are made of, and the lies of a dishonest member, beneath any server and device."""

import random
from typing import Any
from uuid import UUID

from nacl.signing import SigningKey

from safespace.crypto.encoding import canonical_json
from safespace.crypto.endorsements import endorsement_bytes
from safespace.crypto.franking import seal_content, stamp, verify_stamp
from safespace.crypto.padding import unpad
from safespace.crypto.reports import Endorsement, ReportedLine
from safespace.fields import b64decode, b64encode

GROUP = UUID(int=8)


class Member:
    """Someone in the group: their id is the identity of their leaf in main, of which this is the key."""

    def __init__(self, chance: random.Random) -> None:
        self.leaf = chance.randbytes(16)
        self.id = b64encode(self.leaf)
        self.key = SigningKey(chance.randbytes(32))

    def endorse(self, leaf: bytes, key: bytes, group: bytes = GROUP.bytes) -> Endorsement:
        said = endorsement_bytes(group, leaf, key)
        signature = self.key.sign(said).signature
        return Endorsement(member=self.id, key=b64encode(key), endorsement=b64encode(signature))


class World:
    """Rooms in which people said things that a server stamped: what honest lines are made of.

    The first room is main, the next three are further rooms of the group, the last two another group's, of which one
    is over. `seats` says whose leaf is whose in each, as the server knows it.
    """

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.keys = {id: [self.random.randbytes(32) for _ in range(2)] for id in (1, 2, 255)}
        self.people = [Member(self.random) for _ in range(5)]
        self.main, *self.further = [self.random.randbytes(16) for _ in range(4)]
        self.elsewhere = [self.random.randbytes(16) for _ in range(2)]
        self.rooms = [self.main, *self.further]
        self.seats: dict[bytes, dict[str, tuple[Member, Endorsement | None]]] = {}
        for room in (*self.rooms, *self.elsewhere):
            self.seats[room] = dict(self._seat(room, member) for member in self.people)
        self.lines = {room: [self._said(room, seq) for seq in range(1, 41)] for room in self.seats}
        self.careless = False
        """Whether the server vouches for every stamp that it made, whosever the leaf is said to be."""
        self.outsiders = [Member(self.random) for _ in range(2)]

    def _seat(self, room: bytes, member: Member) -> tuple[str, tuple[Member, Endorsement | None]]:
        if room == self.main:
            return member.id, (member, None)
        leaf, key = self.random.randbytes(16), self.random.randbytes(32)
        group = GROUP.bytes if room in self.further else bytes(16)
        return b64encode(leaf), (member, member.endorse(leaf, key, group))

    def _said(self, room: bytes, seq: int) -> ReportedLine:
        leaf, epoch, time = self.random.choice(list(self.seats[room])), seq // 7, 1_800_000_000_000 + 977 * seq
        content = canonical_json({"kind": "text", "note": None, "text": f"{self.random.random()} said at {seq}"})
        return self.stamp(self.frank(content, room, leaf, epoch), room, seq, time, self.seats[room][leaf][1])

    @staticmethod
    def frank(content: bytes, room: bytes, leaf: str, epoch: int) -> dict[str, Any]:
        """What anyone can make who knows the room and the leaf."""
        plaintext, commitment = seal_content(content, room, b64decode(leaf), epoch)
        kf = b64encode(unpad(plaintext)[1])
        return {
            "content": b64encode(content),
            "kf": kf,
            "leaf": leaf,
            "epoch": epoch,
            "commitment": b64encode(commitment),
        }

    def stamp(
        self, franked: dict[str, Any], room: bytes, seq: int, time: int, endorsed: Endorsement | None
    ) -> ReportedLine:
        """What only the server makes, of what comes with a leaf of the sender's."""
        id = self.random.choice(list(self.keys))
        key, commitment, leaf = self.random.choice(self.keys[id]), franked["commitment"], franked["leaf"]
        made = stamp(key, id, b64decode(commitment), room, b64decode(leaf), franked["epoch"], seq, time)
        return ReportedLine(**franked, seq=seq, time=time, stamp=b64encode(made), endorsed=endorsed)

    def any(self) -> tuple[bytes, ReportedLine]:
        room = self.random.choice(self.rooms)
        return room, self.random.choice(self.lines[room])

    def author(self, room: bytes, line: ReportedLine) -> str:
        return self.seats[room][line.leaf][0].id

    def proved(self, line: ReportedLine, room: bytes, accused: str, held: bool) -> bool:
        """What a moderator who received the conversation, or did not, sees."""
        received = next((one for one in self.lines.get(room, ()) if one.seq == line.seq), None) if held else None
        writer = self.writer(line, room)
        found = line.check(room, received)
        return writer == accused and (self.stamped(line, room, writer) if found is None else found)

    def writer(self, line: ReportedLine, room: bytes) -> str | None:
        """Whose leaf it is, as far as a device in the group can tell."""
        if room == self.main or line.endorsed is None:
            return line.leaf if room == self.main and line.endorsed is None else None
        known = next((one for one in self.people if one.id == line.endorsed.member), None)
        own = known is not None and line.is_endorsed(GROUP.bytes, known.key.verify_key.encode())
        return line.endorsed.member if own else None

    def stamped(self, line: ReportedLine, room: bytes, member: str) -> bool:
        """What the server answers: it knows its rooms, and whose leaf is whose there."""
        held = self.seats[room].get(line.leaf) if room in self.rooms else None
        if not self.careless and (held is None or held[0].id != member):
            return False
        return verify_stamp(
            self.keys,
            b64decode(line.stamp),
            b64decode(line.commitment),
            room,
            b64decode(line.leaf),
            line.epoch,
            line.seq,
            line.time,
        )


def forged(world: World) -> tuple[ReportedLine, bytes, str]:
    """A line, the room and the accused that a dishonest member says it is of, who has all honest lines, is in league
    with some of the others, and has a room of their own."""
    (room, true), (elsewhere, other) = world.any(), world.any()
    choose = world.random
    accused = world.author(room, true)
    changes: dict[str, Any] = {}
    lie = choose.choice([*_LIES, *ROSTER_LIES, *ROSTER_LIES])
    if lie in ROSTER_LIES:
        return forged_roster(world, lie)
    match lie:
        case "text":  # other words for the same commitment
            changes = {"content": b64encode(choose.randbytes(40))}
        case "text and commitment":  # words of one's own, franked well, for a stamp of something else
            changes = world.frank(_NEVER_SAID, room, true.leaf, true.epoch)
        case "sender":  # someone else's leaf, franked well
            leaf = choose.choice([one for one in world.seats[room] if one != true.leaf])
            member, endorsed = world.seats[room][leaf]
            accused = member.id
            changes = world.frank(b64decode(true.content), room, leaf, true.epoch) | {"endorsed": endorsed}
        case "room":
            room = choose.choice([one for one in (*world.rooms, *world.elsewhere) if one != room])
        case "place":
            changes = {"seq": true.seq + choose.choice([-40, 1, 40, 100])}
            if changes["seq"] < 1:
                changes["seq"] = true.seq + 1
        case "time":
            changes = {"time": true.time + choose.choice([-1, 1, 60_000])}
        case "epoch":
            changes = {"epoch": true.epoch + 1}
        case "replay":  # one's words at another's place
            if other == true:
                other = world.lines[next(one for one in world.rooms if one != elsewhere)][0]
            changes = {"seq": other.seq, "time": other.time, "stamp": other.stamp}
            if other.seq == true.seq:
                changes["seq"] = true.seq + 1
        case "stamp":
            stamped = bytearray(b64decode(true.stamp))
            stamped[choose.randrange(33)] ^= choose.randrange(1, 256)
            changes = {"stamp": b64encode(bytes(stamped))}
        case "kf":
            changes = {"kf": b64encode(choose.randbytes(32))}
        case "accused":  # what one wrote, said to be another's
            accused = choose.choice([one.id for one in world.people if one.id != accused])
    return true.model_copy(update=changes), room, accused


_NEVER_SAID = canonical_json({"kind": "text", "note": None, "text": "never said"})
_LIES = ["text", "text and commitment", "sender", "room", "place", "time", "epoch", "replay", "stamp", "kf", "accused"]
CONSENTED = ("league", "ended")
"""Lies for which somebody in league signs with the key that they have in main: that these are theirs is half true."""
ROSTER_LIES = [
    "own room",
    "own leaf",
    "own key",
    "league",
    "gone",
    "no word",
    "word of main",
    "another's word",
    "ended",
]


def forged_roster(world: World, lie: str) -> tuple[ReportedLine, bytes, str]:
    """Words that were really sent and stamped, of a liar; only whose they are is not true."""
    choose = world.random
    liar, victim, *_ = choose.sample(world.people, 2)
    room = choose.choice(world.further)
    seat = {whose.id: (leaf, endorsed) for leaf, (whose, endorsed) in world.seats[room].items()}
    own, theirs = seat[liar.id], seat[victim.id]
    key = choose.randbytes(32)
    leaf, endorsed = own
    match lie:
        case "own room":  # a room that was never the group's, whose one leaf has the identity the victim has in main
            room, leaf, endorsed = choose.randbytes(16), victim.id, liar.endorse(victim.leaf, key)
            endorsed = endorsed.model_copy(update={"member": choose.choice([liar, victim]).id})
        case "own leaf":  # the liar's leaf, by the victim's word for another
            endorsed = theirs[1]
        case "own key":  # the victim's leaf, under another key
            leaf, endorsed = theirs[0], liar.endorse(b64decode(theirs[0]), key)
            endorsed = endorsed.model_copy(update={"member": victim.id})
            return _unsent(world, room, leaf, endorsed), room, victim.id
        case "league":  # the liar's leaf, by the word of somebody in league with them, who is to be blamed
            endorsed = victim.endorse(b64decode(leaf), key)
        case "gone":  # by the word of somebody who was never seen in the group
            stranger = choose.choice(world.outsiders)
            return _sent(world, room, leaf, stranger.endorse(b64decode(leaf), key)), room, stranger.id
        case "no word":
            endorsed = None
            return _sent(world, room, leaf, endorsed), room, choose.choice([liar, victim]).id
        case "word of main":  # a word where the group's state says whose leaf it is
            room, leaf = world.main, liar.id
            endorsed = victim.endorse(liar.leaf, key)
        case "another's word":  # the liar's own word, with the victim's name on it
            endorsed = liar.endorse(b64decode(leaf), key).model_copy(update={"member": victim.id})
        case _:  # another group's room, that is over: nobody knows any more whose it was
            room = choose.choice(world.elsewhere)
            leaf, endorsed = victim.id, choose.choice([None, victim.endorse(victim.leaf, key)])
    return _sent(world, room, leaf, endorsed), room, victim.id


def _sent(world: World, room: bytes, leaf: str, endorsed: Endorsement | None) -> ReportedLine:
    seq = world.random.randint(41, 80)
    return world.stamp(world.frank(_NEVER_SAID, room, leaf, 7), room, seq, 1_800_000_000_000 + seq, endorsed)


def _unsent(world: World, room: bytes, leaf: str, endorsed: Endorsement | None) -> ReportedLine:
    """The server stamps nobody's words for another's leaf."""
    line = _sent(world, room, leaf, endorsed)
    return line.model_copy(update={"stamp": b64encode(world.random.randbytes(33))})
