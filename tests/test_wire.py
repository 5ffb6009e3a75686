"""The texts on the wire: base64url in one form only, and an envelope that reads alike whoever wrote it."""

import base64
import contextlib
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from uuid6 import uuid7

from safespace import wire
from safespace.connection import Connection
from safespace.fields import B64, b64decode, b64encode
from safespace.relay import messages
from safespace.relay.lines import text
from safespace.storage.envelopes import Envelope


@given(st.binary(max_size=100))
def test_base64url_is_that_of_everyone_and_comes_back(data: bytes) -> None:
    written = b64encode(data)
    assert written == base64.urlsafe_b64encode(data).rstrip(b"=").decode()
    assert b64decode(written) == data


@given(st.one_of(st.text(alphabet="AQgwBxyz019-_+/=\n é", max_size=9), st.text(max_size=9)))
def test_what_is_decoded_would_be_written_just_so(given_text: str) -> None:
    with contextlib.suppress(ValueError):
        assert b64encode(b64decode(given_text)) == given_text


@given(st.binary(min_size=1, max_size=400), st.binary(min_size=32, max_size=32), st.integers(0, 2**53 - 1))
def test_a_live_envelope_and_one_from_the_log_are_the_same_text(body: bytes, commitment: bytes, epoch: int) -> None:
    frame = wire.Send(
        t="send",
        room=UUID(int=uuid7().int),
        client_id=UUID(int=uuid7().int),
        kind="reaction",
        epoch=epoch,
        body=b64encode(body),
        commitment=b64encode(commitment),
    )
    message = messages.Message(
        sender=UUID(int=uuid7().int),
        room=frame.room,
        kind=frame.kind,
        leaf=b"l" * 16,
        epoch=epoch,
        client_id=frame.client_id,
        body=body,
        commitment=commitment,
        fault=None,
        connection=Connection.__new__(Connection),
        frame=frame,
        seq=5,
        time=1_800_000_000_000,
        stamp=b"s" * 33,
    )
    stored = Envelope(
        room=frame.room,
        seq=5,
        time=message.time,
        kind=frame.kind,
        leaf=message.leaf,
        epoch=epoch,
        client_id=frame.client_id,
        part=0,
        body=body,
        commitment=commitment,
        stamp=message.stamp,
    )
    assert messages.text(message) == text(stored)
    assert wire.parse_server_frame(messages.text(message)).seq == 5


@given(st.one_of(st.binary(max_size=40).map(b64encode), st.text(alphabet="AQgwBxyz019-_+/=\n é", max_size=9)))
def test_a_field_takes_what_can_be_decoded_and_nothing_else(given_text: str) -> None:
    try:
        b64decode(given_text)
        decodes = True
    except ValueError:
        decodes = False
    try:
        taken = TypeAdapter(B64).validate_python(given_text) == given_text
    except ValidationError:
        taken = False
    assert taken is decodes
