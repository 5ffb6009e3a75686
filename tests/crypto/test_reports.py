"""A report proves what was sent, and nothing else."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from campaign import rounds
from forging import CONSENTED, GROUP, ROSTER_LIES, World, forged, forged_roster
from safespace.crypto import hpke
from safespace.crypto.errors import CryptoError
from safespace.crypto.franking import stamp
from safespace.crypto.padding import padme
from safespace.crypto.reports import (
    MAX_SAID,
    About,
    AnswerContent,
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

REPORT = UUID(int=7)
ABOUT = About("safespace report", GROUP, REPORT)


@pytest.mark.campaign
def test_honest_lines_are_proved_and_forged_ones_never() -> None:
    world = World(11)
    for _ in range(rounds(200, 1000)):
        room, line = world.any()
        author = world.author(room, line)
        assert world.proved(line, room, author, held=True)
        assert world.proved(line, room, author, held=False)
        assert world.proved(line.model_copy(update={"stamp": b64encode(bytes(33))}), room, author, held=True)
    for _ in range(rounds(2000, 10_000)):
        line, room, accused = forged(world)
        assert not world.proved(line, room, accused, held=False), (line, room, accused)
        if line.seq <= 40 and room in world.rooms and not world.stamped(line, room, accused):
            honest = next(one for one in world.lines[room] if one.seq == line.seq)
            only_stamp = honest == line.model_copy(update={"stamp": honest.stamp})
            theirs = only_stamp and world.author(room, line) == accused
            assert world.proved(line, room, accused, held=True) is theirs


@pytest.mark.campaign
def test_a_members_own_word_is_enough_against_those_who_have_none() -> None:
    """Though the server gives out a stamp for any leaf, and vouches for it as anyone's."""
    world = World(14)
    world.careless = True
    lies = [lie for lie in ROSTER_LIES if lie not in CONSENTED]
    for number in range(rounds(500, 5000)):
        line, room, accused = forged_roster(world, lies[number % len(lies)])
        assert not world.proved(line, room, accused, held=False), (line, room, accused)


def test_a_stamp_says_nothing_without_the_servers_key() -> None:
    """Who knows all but K cannot tell a stamp from chance: each possible key fits some other stamp as well."""
    world = World(12)
    room, line = world.any()
    author = world.author(room, line)
    outsider = World(12)
    outsider.keys = World(13).keys
    assert not outsider.stamped(line, room, author)
    genuine, b = b64decode(line.stamp), b64decode
    made_up = stamp(b"m" * 32, genuine[0], b(line.commitment), room, b(line.leaf), line.epoch, line.seq, line.time)
    outsider.keys = {genuine[0]: [b"m" * 32]}
    assert outsider.stamped(line.model_copy(update={"stamp": b64encode(made_up)}), room, author)


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
