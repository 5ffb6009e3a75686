"""Frames: read alike however the bytes are cut, judged as RFC 6455 says; `websockets` writes the other side."""

import contextlib
import secrets
import tracemalloc
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame
from websockets.frames import Opcode as Theirs

from safespace.framing import FRAGMENT, FrameReader, Message, Opcode, ProtocolError, close_code, frame

texts = st.text(max_size=300)


def heard(reader: FrameReader, *pieces: bytes) -> list[Message]:
    """All that is read of these pieces."""
    messages: list[Message] = []
    for piece in pieces:
        reader.feed(piece)
        while (message := reader.next()) is not None:
            if message is not FRAGMENT:
                messages.append(message)
    return messages


controls = st.tuples(st.sampled_from([Theirs.PING, Theirs.PONG]), st.binary(max_size=125))


@st.composite
def traffic(draw: st.DrawFn) -> tuple[bytes, list[Message]]:
    """A client's bytes, and what is in them: whole and fragmented messages, with control frames in between."""
    sent, meant = bytearray(), []
    for payload in draw(st.lists(st.one_of(texts, st.binary(max_size=70_000)), max_size=5)):
        data = payload.encode() if isinstance(payload, str) else payload
        opcode = Theirs.TEXT if isinstance(payload, str) else Theirs.BINARY
        cuts = sorted(draw(st.lists(st.integers(0, len(data)), max_size=4)))
        ends = [*cuts, len(data)]
        for number, (start, end) in enumerate(zip([0, *cuts], ends, strict=True)):
            for control, body in draw(st.lists(controls, max_size=1)):
                sent += Frame(control, body).serialize(mask=True)
                meant.append(Message(control, body))
            kind = opcode if number == 0 else Theirs.CONT
            sent += Frame(kind, data[start:end], fin=number == len(ends) - 1).serialize(mask=True)
        meant.append(Message(opcode, data))
    return bytes(sent), meant


@given(traffic(), st.lists(st.integers(0, 400_000), max_size=20))
def test_what_is_read_does_not_depend_on_how_the_bytes_are_cut(
    sent_and_meant: tuple[bytes, list[Message]], cuts: list[int]
) -> None:
    sent, meant = sent_and_meant
    reader = FrameReader(1 << 20)
    edges = [0, *sorted(min(cut, len(sent)) for cut in cuts), len(sent)]
    assert heard(reader, *[sent[a:b] for a, b in pairwise(edges)]) == meant
    assert reader.held == 0


def test_byte_by_byte() -> None:
    sent = Frame(Theirs.TEXT, b"x" * 70_000).serialize(mask=True)
    reader = FrameReader(1 << 20)
    assert heard(reader, *[bytes([byte]) for byte in sent]) == [Message(Opcode.TEXT, b"x" * 70_000)]


def client(first: int, payload: bytes = b"", *, second: int | None = None) -> bytes:
    """A frame whose first byte, and length byte if given, are as the test wants them."""
    return bytes([first, 0x80 | len(payload) if second is None else second]) + bytes(4) + payload


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ([client(0xC1)], 1002),  # a reserved bit
        ([client(0x83)], 1002),  # a reserved opcode
        ([client(0x8B)], 1002),  # a reserved control opcode
        ([client(0x81, second=0)], 1002),  # no mask
        ([client(0x09)], 1002),  # a ping in parts
        ([client(0x89, second=0xFE)], 1002),  # a long ping
        ([client(0x80)], 1002),  # a continuation of nothing
        ([client(0x01, b"a"), client(0x81, b"b")], 1002),  # a text within a text
        ([b"\x81\xff" + b"\xff" * 8], 1002),  # a negative length
        ([client(0x81, b"\xff")], 1007),
        ([client(0x01, b"\xe2\x82"), client(0x80, b"\x28")], 1007),
        ([client(0x01, b"\xe2\x82"), client(0x80)], 1007),  # ends within a character
        ([b"\x81\xff" + (4001).to_bytes(8, "big") + bytes(4)], 1009),
        ([client(0x02, b"a" * 100)] + [client(0x00, b"a" * 100)] * 40, 1009),
    ],
)
def test_what_breaks_the_protocol_has_its_code(sent: Sequence[bytes], code: int) -> None:
    reader = FrameReader(2000)
    for data in sent[:-1]:
        assert heard(reader, data) == []
    with pytest.raises(ProtocolError) as broken:
        heard(reader, sent[-1])
    assert broken.value.code == code


def test_a_fragment_is_refused_as_soon_as_it_is_no_text() -> None:
    reader = FrameReader(2000)
    with pytest.raises(ProtocolError):
        heard(reader, client(0x01, b"abc\xff"))


@given(st.binary(max_size=200))
def test_any_bytes_are_messages_or_a_violation(data: bytes) -> None:
    reader = FrameReader(1000)
    with contextlib.suppress(ProtocolError):
        assert sum(len(message.data or b"") for message in heard(reader, data)) <= len(data)
    assert reader.held <= len(data)


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65_535, 65_536, 200_000])
def test_frames_are_written_as_everyone_writes_them(size: int) -> None:
    payload = secrets.token_bytes(size)
    assert frame(Opcode.BINARY, payload) == Frame(Theirs.BINARY, payload).serialize(mask=False)


@given(st.binary(max_size=125))
def test_close_codes_are_those_that_may_be_sent(payload: bytes) -> None:
    try:
        code = close_code(payload)
    except ProtocolError:
        return
    assert payload == b"" if code is None else 1000 <= code < 5000
    assert code not in (1004, 1005, 1006, 1015)


MIB = b"\x81\xff" + (1 << 20).to_bytes(8, "big") + bytes(4)
"""The header of a text of one MiB."""


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        pytest.param([MIB], 0, id="refused from its header"),
        pytest.param([MIB, *["\N{GRINNING FACE}".encode() * 1000] * 200], 0, id="one emoji after the other"),
        pytest.param([MIB[:9], MIB[9:], bytes(100_000)], 0, id="a header in two pieces"),
        pytest.param([client(0x01, b"a")] + [client(0x00, b"a" * 100)] * 6000, 0, id="fragments that come to more"),
        pytest.param([client(0x01, b"aa")] + [client(0x00, b"aa")] * 200_000, 450_000, id="fragments of two bytes"),
        pytest.param([b"\x81\xff" + (500_000).to_bytes(8, "big") + bytes(400_000)], 400_100, id="most of a frame"),
    ],
)
def test_what_is_too_large_is_let_go_of_and_what_is_not_stays_as_small_as_it_came(
    sent: Sequence[bytes], kept: int
) -> None:
    reader = FrameReader(1 << 19)
    tracemalloc.start()
    assert heard(reader, *sent) in ([], [Message(Opcode.TEXT, None)])
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert reader.held <= kept
    assert taken <= kept * 1.2 + 5_000


def test_what_follows_a_message_that_is_too_large_is_read() -> None:
    reader = FrameReader(10)
    whole = Frame(Theirs.TEXT, b"x" * 20).serialize(mask=True)
    parts = client(0x01, b"x" * 8) + client(0x89, b"ping") + client(0x00, b"x" * 4) + client(0x80, b"y")
    small = client(0x81, b"small")
    sent = whole + small + parts + small
    told = [(Opcode.TEXT, None), (Opcode.TEXT, b"small"), (Opcode.PING, b"ping")]
    told += [(Opcode.TEXT, None), (Opcode.TEXT, b"small")]
    for step in (1, 3, 7, len(sent)):
        assert heard(reader, *[sent[at : at + step] for at in range(0, len(sent), step)]) == told


def test_what_is_not_asked_for_stays_as_it_came() -> None:
    reader = FrameReader(1000)
    reader.feed(client(0x81, b"a") * 20_000)
    first = reader.next()
    assert first == Message(Opcode.TEXT, b"a")
    assert reader.held <= 140_000
    assert len(heard(reader, b"")) == 19_999


def test_a_reader_that_is_to_keep_nothing_keeps_nothing() -> None:
    reader = FrameReader(1000)
    assert heard(reader, b"\x81\xfe" + (900).to_bytes(2, "big") + bytes(400)) == []
    reader.keep_nothing()
    assert heard(reader, bytes(504) + client(0x88, b"\x03\xe8")) == [
        Message(Opcode.TEXT, None),
        Message(Opcode.CLOSE, b"\x03\xe8"),
    ]
    assert reader.held == 0
