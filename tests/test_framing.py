"""Frames: read alike however the bytes are cut, judged as RFC 6455 says; `websockets` writes the other side."""

import contextlib
import secrets
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame
from websockets.frames import Opcode as Theirs

from safespace.framing import FrameReader, Message, Opcode, ProtocolError, close_code, frame

texts = st.text(max_size=300)
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
        meant.append(Message(opcode, payload))
    return bytes(sent), meant


@given(traffic(), st.lists(st.integers(0, 400_000), max_size=20))
def test_what_is_read_does_not_depend_on_how_the_bytes_are_cut(
    sent_and_meant: tuple[bytes, list[Message]], cuts: list[int]
) -> None:
    sent, meant = sent_and_meant
    reader = FrameReader(1 << 20)
    edges = [0, *sorted(min(cut, len(sent)) for cut in cuts), len(sent)]
    heard = [message for a, b in pairwise(edges) for message in reader.feed(sent[a:b])]
    assert heard == meant


def test_byte_by_byte() -> None:
    sent = Frame(Theirs.TEXT, b"x" * 70_000).serialize(mask=True)
    reader = FrameReader(1 << 20)
    heard = [message for byte in sent for message in reader.feed(bytes([byte]))]
    assert heard == [Message(Opcode.TEXT, "x" * 70_000)]


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
        ([b"\x81\xff" + (2001).to_bytes(8, "big")], 1009),
        ([client(0x02, b"a" * 100)] + [client(0x00, b"a" * 100)] * 20, 1009),
    ],
)
def test_what_breaks_the_protocol_has_its_code(sent: Sequence[bytes], code: int) -> None:
    reader = FrameReader(2000)
    for data in sent[:-1]:
        assert list(reader.feed(data)) == []
    with pytest.raises(ProtocolError) as broken:
        list(reader.feed(sent[-1]))
    assert broken.value.code == code


def test_a_fragment_is_refused_as_soon_as_it_is_no_text() -> None:
    reader = FrameReader(2000)
    with pytest.raises(ProtocolError):
        list(reader.feed(client(0x01, b"abc\xff")))


@given(st.binary(max_size=200))
def test_any_bytes_are_messages_or_a_violation(data: bytes) -> None:
    heard: list[Message] = []
    with contextlib.suppress(ProtocolError):
        heard.extend(FrameReader(1000).feed(data))
    assert sum(len(message.data) for message in heard) <= len(data)


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
