"""Size classes, and what `unpad` takes."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safespace.crypto.errors import CryptoError
from safespace.crypto.padding import FLOOR, pad, padme, unpad

kfs = st.binary(min_size=32, max_size=32)


@given(st.integers(2, 2**40))
def test_padme_adds_at_most_an_eighth_and_is_its_own_class(length: int) -> None:
    padded = padme(length)
    assert length <= padded <= length * 1.125
    assert padme(padded) == padded
    # The paper's bound: as many significant bits as the exponent has.
    assert padded % 2 ** (math.floor(math.log2(length)) - math.floor(math.log2(math.log2(length))) - 1) == 0


@given(st.integers(2, 2**40))
def test_padme_keeps_order(length: int) -> None:
    assert padme(length) <= padme(length + 1)


@given(st.binary(max_size=3000), kfs)
def test_unpad_undoes_pad(content: bytes, kf: bytes) -> None:
    plaintext = pad(content, kf)
    assert len(plaintext) >= FLOOR
    assert len(plaintext) == padme(len(plaintext))
    assert unpad(plaintext) == (content, kf)


@given(st.binary(max_size=600))
def test_unpad_takes_only_what_pad_writes(plaintext: bytes) -> None:
    try:
        content, kf = unpad(plaintext)
    except CryptoError:
        return
    assert pad(content, kf) == plaintext


@given(st.binary(max_size=600), kfs, st.data())
def test_one_bit_of_the_padding_or_length_is_noticed(content: bytes, kf: bytes, data: st.DataObject) -> None:
    plaintext = bytearray(pad(content, kf))
    outside = [*range(2), *range(4 + len(content) + 32, len(plaintext))]
    plaintext[data.draw(st.sampled_from(outside))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(CryptoError):
        unpad(bytes(plaintext))


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_franking_key_has_32_bytes(size: int) -> None:
    with pytest.raises(CryptoError):
        pad(b"hello", bytes(size))
