"""A commitment and a stamp fit one content at one place only."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safespace.crypto.errors import CryptoError
from safespace.crypto.franking import open_content, seal_content, stamp, verify_stamp

ids = st.binary(min_size=16, max_size=16)
numbers = st.integers(0, 2**53 - 1)
ROOM, LEAF, OTHER = b"r" * 16, b"l" * 16, b"o" * 16


@given(st.binary(max_size=500), ids, ids, numbers)
def test_what_is_sealed_opens(content: bytes, room: bytes, leaf: bytes, epoch: int) -> None:
    plaintext, commitment = seal_content(content, room, leaf, epoch)
    assert open_content(plaintext, commitment, room, leaf, epoch)[0] == content


@pytest.mark.parametrize("where", [(OTHER, LEAF, 3), (ROOM, OTHER, 3), (ROOM, LEAF, 4), (LEAF, ROOM, 3)])
def test_a_message_opens_only_where_it_was_sealed(where: tuple[bytes, bytes, int]) -> None:
    plaintext, commitment = seal_content(b"hello", ROOM, LEAF, 3)
    with pytest.raises(CryptoError):
        open_content(plaintext, commitment, *where)


def test_another_content_or_commitment_is_noticed() -> None:
    plaintext, commitment = seal_content(b"hello", ROOM, LEAF, 3)
    other, other_commitment = seal_content(b"hello", ROOM, LEAF, 3)
    assert other != plaintext, "kf is fresh"
    for pair in [(plaintext, other_commitment), (plaintext.replace(b"hello", b"jello"), commitment), (plaintext, b"")]:
        with pytest.raises(CryptoError):
            open_content(*pair, ROOM, LEAF, 3)


PLACE: dict[str, Any] = {"commitment": b"c" * 32, "room": ROOM, "leaf": LEAF, "epoch": 3, "seq": 4, "time": 5}


def test_a_stamp_verifies() -> None:
    made = stamp(b"k" * 32, 7, **PLACE)
    assert len(made) == 33
    assert verify_stamp({7: [b"x" * 32, b"k" * 32], 8: [b"x" * 32]}, made, **PLACE)


@pytest.mark.parametrize(
    "change", [{"commitment": b"d" * 32}, {"room": OTHER}, {"leaf": OTHER}, {"epoch": 4}, {"seq": 3}, {"time": 6}]
)
def test_a_stamp_is_for_one_place(change: dict[str, Any]) -> None:
    assert not verify_stamp({7: [b"k" * 32]}, stamp(b"k" * 32, 7, **PLACE), **{**PLACE, **change})


def test_a_stamp_of_an_unknown_key_or_none_does_not_verify() -> None:
    made = stamp(b"k" * 32, 7, **PLACE)
    assert not verify_stamp({8: [b"k" * 32]}, made, **PLACE)
    assert not verify_stamp({7: [b"x" * 32]}, made, **PLACE)
    assert not verify_stamp({7: [b"k" * 32], 8: [b"k" * 32]}, b"\x08" + made[1:-1], **PLACE)
    assert not verify_stamp({7: [b"k" * 32], 8: []}, b"", **PLACE)
