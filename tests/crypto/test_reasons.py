"""A reason is read by those it was sealed to, and everyone knows by its MAC which one it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safespace.crypto import hpke
from safespace.crypto.errors import CryptoError
from safespace.crypto.reasons import open_reason, seal_reason
from vectors.fixed import fixed

GROUP, TARGET = fixed("group", 16), fixed("target", 16)
PRIVATE, PUBLIC = hpke.generate()


@given(st.text(st.characters(codec="utf-8"), max_size=299).map("-".__add__))
def test_a_reason_opens_for_whom_it_is_sealed(reason: str) -> None:
    mac, boxes = seal_reason(reason, GROUP, TARGET, {TARGET: PUBLIC})
    assert open_reason(boxes[TARGET], mac, GROUP, TARGET, PRIVATE) == reason


def test_two_readers_are_not_told_different_reasons() -> None:
    mac, _ = seal_reason("Links are not for here.", GROUP, TARGET, {TARGET: PUBLIC})
    _, other = seal_reason("Be kind.", GROUP, TARGET, {TARGET: PUBLIC})
    with pytest.raises(CryptoError):
        open_reason(other[TARGET], mac, GROUP, TARGET, PRIVATE)


@pytest.mark.parametrize("reason", ["", "x" * 301, "\ud800"])
def test_a_reason_has_something_to_say_and_an_end(reason: str) -> None:
    with pytest.raises(CryptoError):
        seal_reason(reason, GROUP, TARGET, {TARGET: PUBLIC})


def test_nobody_seals_to_a_broken_key() -> None:
    with pytest.raises(CryptoError):
        seal_reason("Be kind.", GROUP, TARGET, {TARGET: bytes(32)})
