"""Boxes open for one key and one info."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safespace.crypto import hpke
from safespace.crypto.errors import CryptoError


@given(st.binary(max_size=200), st.binary(max_size=50))
def test_what_is_sealed_opens(plaintext: bytes, info: bytes) -> None:
    private, public = hpke.generate()
    box = hpke.seal(public, info, plaintext)
    assert len(box) == len(plaintext) + 48
    assert hpke.open(private, info, box) == plaintext


def test_another_key_info_or_box_does_not_open() -> None:
    private, public = hpke.generate()
    box = hpke.seal(public, b"info", b"hello")
    for wrong in [
        (hpke.generate()[0], b"info", box),
        (private, b"other", box),
        (private, b"info", box[:-1]),
        (private, b"info", box[:-1] + bytes([box[-1] ^ 1])),
        (private, b"info", bytes([box[0] ^ 1]) + box[1:]),
        (private, b"info", b""),
        (private[:-1], b"info", box),
    ]:
        with pytest.raises(CryptoError):
            hpke.open(*wrong)


@pytest.mark.parametrize("public", [b"", bytes(31), bytes(32), b"\1" + bytes(31)])
def test_an_unusable_public_key_is_refused(public: bytes) -> None:
    """Too short, or of small order: the shared secret would be known (RFC 9180 section 7.1.4)."""
    with pytest.raises(CryptoError):
        hpke.seal(public, b"info", b"hello")
