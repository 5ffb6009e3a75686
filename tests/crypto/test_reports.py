"""A report proves what was sent, and nothing else."""

import random
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from campaign import rounds
from safespace.crypto import hpke
from safespace.crypto.encoding import canonical_json
from safespace.crypto.errors import CryptoError
from safespace.crypto.franking import seal_content, stamp, verify_stamp
from safespace.crypto.padding import padme, unpad
from safespace.crypto.reports import (
    MAX_SAID,
    About,
    AnswerContent,
    ReportedLine,
    hear,
    read,
    say,
    seal,
    seal_answer,
    unseal,
    unseal_answer,
    write,
)
from safespace.fields import b64decode, b64encode

REPORT, GROUP = UUID(int=7), UUID(int=8)
ABOUT = About("safespace report", GROUP, REPORT)


class World:
    """Rooms in which people said things that a server stamped: what honest lines are made of."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.keys = {id: [self.random.randbytes(32) for _ in range(2)] for id in (1, 2, 255)}
        self.rooms = [self.random.randbytes(16) for _ in range(3)]
        self.people = [self.random.randbytes(16) for _ in range(5)]
        self.lines = {room: [self._said(room, seq) for seq in range(1, 41)] for room in self.rooms}

    def _said(self, room: bytes, seq: int) -> ReportedLine:
        leaf, epoch, time = self.random.choice(self.people), seq // 7, 1_800_000_000_000 + 977 * seq
        content = canonical_json({"kind": "text", "note": None, "text": f"{self.random.random()} said at {seq}"})
        plaintext, commitment = seal_content(content, room, leaf, epoch)
        id = self.random.choice(list(self.keys))
        stamped = stamp(self.random.choice(self.keys[id]), id, commitment, room, leaf, epoch, seq, time)
        return ReportedLine(
            content=b64encode(content),
            kf=b64encode(unpad(plaintext)[1]),
            leaf=b64encode(leaf),
            epoch=epoch,
            seq=seq,
            time=time,
            commitment=b64encode(commitment),
            stamp=b64encode(stamped),
        )

    def any(self) -> tuple[bytes, ReportedLine]:
        room = self.random.choice(self.rooms)
        return room, self.random.choice(self.lines[room])

    def proved(self, line: ReportedLine, room: bytes, accused: str, held: bool) -> bool:
        """What a moderator who received the conversation, or did not, sees."""
        received = next((one for one in self.lines.get(room, ()) if one.seq == line.seq), None) if held else None
        found = line.check(room, received)
        return line.leaf == accused and (self.stamped(line, room) if found is None else found)

    def stamped(self, line: ReportedLine, room: bytes) -> bool:
        """What the server answers."""
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
    """A line, the room and the accused that a dishonest member says it is of, who has all honest lines."""
    (room, true), (_, other) = world.any(), world.any()
    choose = world.random
    rooms = [one for one in world.rooms if one != room]
    lie = choose.choice(
        ["text", "text and commitment", "sender", "room", "place", "time", "epoch", "replay", "stamp", "kf", "accused"]
    )
    leaf = true.leaf
    changes: dict[str, Any] = {}
    match lie:
        case "text":  # other words for the same commitment
            changes = {"content": b64encode(choose.randbytes(40))}
        case "text and commitment":  # words of one's own, franked well, for a stamp of something else
            content = canonical_json({"kind": "text", "note": None, "text": "never said"})
            plaintext, commitment = seal_content(content, room, b64decode(leaf), true.epoch)
            changes = {
                "content": b64encode(content),
                "kf": b64encode(unpad(plaintext)[1]),
                "commitment": b64encode(commitment),
            }
        case "sender":  # someone else's leaf, franked well
            leaf = b64encode(choose.choice([one for one in world.people if b64encode(one) != leaf]))
            content = b64decode(true.content)
            plaintext, commitment = seal_content(content, room, b64decode(leaf), true.epoch)
            changes = {"leaf": leaf, "kf": b64encode(unpad(plaintext)[1]), "commitment": b64encode(commitment)}
        case "room":
            room = choose.choice(rooms)
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
                other = world.lines[rooms[0]][0]
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
            accused = b64encode(choose.choice([one for one in world.people if b64encode(one) != leaf]))
            return true, room, accused
    return true.model_copy(update=changes), room, leaf


@pytest.mark.campaign
def test_honest_lines_are_proved_and_forged_ones_never() -> None:
    world = World(11)
    for _ in range(rounds(200, 1000)):
        room, line = world.any()
        assert world.proved(line, room, line.leaf, held=True)
        assert world.proved(line, room, line.leaf, held=False)
        assert world.proved(line.model_copy(update={"stamp": b64encode(bytes(33))}), room, line.leaf, held=True)
    for _ in range(rounds(2000, 10_000)):
        line, room, accused = forged(world)
        assert not world.proved(line, room, accused, held=False), (line, room, accused)
        if line.seq <= 40 and world.stamped(line, room) is False:
            honest = next(one for one in world.lines[room] if one.seq == line.seq)
            only_stamp = honest == line.model_copy(update={"stamp": honest.stamp})
            assert world.proved(line, room, accused, held=True) is (only_stamp and line.leaf == accused)


def test_a_stamp_says_nothing_without_the_servers_key() -> None:
    """Who knows all but K cannot tell a stamp from chance: each possible key fits some other stamp as well."""
    world = World(12)
    room, line = world.any()
    outsider = World(13)
    assert not outsider.stamped(line, room)
    genuine, b = b64decode(line.stamp), b64decode
    made_up = stamp(b"m" * 32, genuine[0], b(line.commitment), room, b(line.leaf), line.epoch, line.seq, line.time)
    outsider.keys = {genuine[0]: [b"m" * 32]}
    assert outsider.stamped(line.model_copy(update={"stamp": b64encode(made_up)}), room)


@given(st.binary(max_size=4000), st.binary(min_size=16, max_size=16))
def test_a_statement_opens_for_its_recipients_use_group_and_id_alone(content: bytes, leaf: bytes) -> None:
    key = SigningKey.generate()
    (private, public), (other_private, _) = hpke.generate(), hpke.generate()
    said = say(ABOUT, content, leaf, lambda data: key.sign(data).signature)
    sealed, boxes = seal(ABOUT, said, {"fern": public})
    opened = unseal(ABOUT, sealed, boxes["fern"], private)
    opened.verify(ABOUT, key.verify_key.encode())
    assert (opened.content, opened.leaf) == (content, leaf)
    with pytest.raises(CryptoError):
        unseal(ABOUT, sealed, boxes["fern"], other_private)
    with pytest.raises(CryptoError):
        opened.verify(ABOUT, SigningKey.generate().verify_key.encode())
    elsewhere = [About("safespace report entry", GROUP, REPORT), About(ABOUT.use, REPORT, REPORT)]
    for wrong in [*elsewhere, About(ABOUT.use, GROUP, uuid4())]:
        with pytest.raises(CryptoError):
            unseal(wrong, sealed, boxes["fern"], private)
        with pytest.raises(CryptoError):
            opened.verify(wrong, key.verify_key.encode())


def test_sizes_tell_little() -> None:
    sizes = {len(say(ABOUT, bytes(size), bytes(16), lambda _: bytes(64))) for size in range(6000)}
    assert sizes == {padme(max(1024, size)) for size in range(84, 6084)}
    assert len(sizes) < 60


@given(st.binary(max_size=3000))
def test_other_bytes_say_nothing(data: bytes) -> None:
    with pytest.raises(CryptoError):
        hear(data)


def test_an_answer_is_for_the_reporter_alone() -> None:
    (private, public), (other, _) = hpke.generate(), hpke.generate()
    about = About("safespace report answer", GROUP, REPORT)
    content = AnswerContent(report=REPORT, text="Thank you. We talked with them.")
    box = seal_answer(about, say(about, write(content), bytes(16), lambda _: bytes(64)), public)
    assert read(AnswerContent, unseal_answer(about, box, private).content) == content
    for wrong_about, key in [(about, other), (ABOUT, private)]:
        with pytest.raises(CryptoError):
            unseal_answer(wrong_about, box, key)


def test_a_report_has_a_largest_size() -> None:
    with pytest.raises(CryptoError):
        hear(say(ABOUT, bytes(MAX_SAID + 1), bytes(16), lambda _: bytes(64)))
    assert hear(say(ABOUT, bytes(MAX_SAID), bytes(16), lambda _: bytes(64))).content == bytes(MAX_SAID)
