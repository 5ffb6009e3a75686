"""Alder, who reports what never was."""

import random
from uuid import UUID

from safespace.crypto.franking import seal_content
from safespace.crypto.padding import unpad
from safespace.crypto.reports import Endorsement, ReportedLine
from safespace.fields import b64decode, b64encode
from safespace.sdk import Room
from safespace.sdk.further_room import FurtherRoom
from safespace.sdk.pool import endorse
from safespace.sdk.said import TextMessage

Lie = tuple[str, ReportedLine, str, UUID]
"""What kind of lie it is, the line, the accused, and the room."""


class Liar:
    """Knows all that members of two groups of Fern's know, has a room of their own, and a friend who signs for them."""

    def __init__(self, seed: int, room: Room, own: FurtherRoom, aside: FurtherRoom, friend: Room) -> None:
        self.random = random.Random(seed)
        self.room = room
        self.friend = friend
        self.own, self.aside = own.id, aside.id
        self.word = endorse(friend.place, own.place.leaf)
        fern = next(one.id for one in room.members() if one.role == "owner")
        self.mine = [line for line in room.log.conversation.newest_quotes(20) if line.leaf != fern]
        self.alone = own.log.conversation.newest_quotes(20)
        self.apart = aside.log.conversation.newest_quotes(20)
        self.theirs: list[ReportedLine] = []

    def truths(self) -> list[tuple[ReportedLine, str, UUID]]:
        """All that was said, by whom, and where."""
        return [
            *((line, line.leaf, self.room.id) for line in self.mine),
            *((line, word(line).member, self.own) for line in self.alone),
            *((line, word(line).member, self.aside) for line in self.apart),
        ]

    def lie(self) -> Lie:
        return self._of_rosters() if self.random.random() < 0.5 else self._in_main()

    def _in_main(self) -> Lie:
        choose = self.random
        true = choose.choice(self.mine)
        others = sorted({line.leaf for line in self.mine} - {true.leaf})
        other = choose.choice([line for line in self.mine if line != true])
        main = self.room.id
        words = TextMessage(text="I never said that.").written()
        kind = choose.choice(
            ["words", "words franked", "sender", "accused", "place", "time", "replay", "group", "stamp"]
        )
        match kind:
            case "words":
                return kind, true.model_copy(update={"content": b64encode(words)}), true.leaf, main
            case "words franked":
                return kind, franked(true, words, main, true.leaf), true.leaf, main
            case "sender":
                leaf = choose.choice(others)
                return kind, franked(true, b64decode(true.content), main, leaf), leaf, main
            case "accused":
                return kind, true, choose.choice(others), main
            case "place":
                return kind, true.model_copy(update={"seq": true.seq + choose.randint(1, 100)}), true.leaf, main
            case "time":
                return kind, true.model_copy(update={"time": true.time + choose.randint(1, 10**6)}), true.leaf, main
            case "replay":
                where = {"seq": other.seq, "time": other.time, "epoch": other.epoch, "stamp": other.stamp}
                return kind, true.model_copy(update=where), true.leaf, main
            case "group":
                foreign = choose.choice(self.theirs)
                return kind, foreign, foreign.leaf, main
            case _:
                stamp = bytearray(b64decode(true.stamp))
                stamp[choose.randrange(33)] ^= 1 << choose.randrange(8)
                return kind, true.model_copy(update={"stamp": b64encode(bytes(stamp))}), true.leaf, main

    def _of_rosters(self) -> Lie:
        """About whose leaf it is: what was sent and stamped is the liar's, or was said elsewhere."""
        choose = self.random
        me, friend = self.room.place.me or "", self.friend.place.me or ""
        mine = choose.choice(self.alone)
        there = choose.choice([line for line in self.apart if word(line).member != me])
        victim = word(there)
        kind = choose.choice(
            ["name", "another's word", "no word", "word of a friend", "their leaf", "their room", "as main", "of main"]
        )
        match kind:
            case "name":
                return (
                    kind,
                    _with(mine, word(mine).model_copy(update={"member": victim.member})),
                    victim.member,
                    self.own,
                )
            case "another's word":
                return kind, _with(mine, victim), victim.member, self.own
            case "no word":
                return kind, _with(mine, None), choose.choice([me, victim.member, mine.leaf]), self.own
            case "word of a friend":
                said = word(mine).model_copy(update={"member": friend, "endorsement": self.word})
                return kind, _with(mine, said), friend, self.own
            case "their leaf":
                line = franked(mine, b64decode(mine.content), self.own, there.leaf)
                return kind, _with(line, victim), victim.member, self.own
            case "their room":
                return kind, there, victim.member, self.own
            case "as main":
                return kind, choose.choice([there, _with(there, None)]), victim.member, self.room.id
            case _:
                line = choose.choice(self.mine)
                return kind, _with(line, choose.choice([None, victim])), line.leaf, self.aside

    async def tell(self, line: ReportedLine, accused: str, room: UUID) -> UUID:
        return UUID(str(await self.room.filing._file("message", accused, "", line.seq, [line], room)))


def word(line: ReportedLine) -> Endorsement:
    """Whose leaf it is, of a line of a further room."""
    assert line.endorsed is not None
    return line.endorsed


def _with(line: ReportedLine, endorsed: Endorsement | None) -> ReportedLine:
    return line.model_copy(update={"endorsed": endorsed})


def franked(line: ReportedLine, content: bytes, room: UUID, leaf: str) -> ReportedLine:
    """A line with content and leaf of the liar's own, whose commitment is right."""
    plaintext, commitment = seal_content(content, room.bytes, b64decode(leaf), line.epoch)
    made = {"content": content, "kf": unpad(plaintext)[1], "commitment": commitment}
    return line.model_copy(update={"leaf": leaf} | {name: b64encode(value) for name, value in made.items()})
