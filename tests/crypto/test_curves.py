"""Which keys and signatures are taken: the same as in the pages (`tests/vectors/curves.json`)."""

import json
from pathlib import Path
from typing import Any

import pytest

from safespace.crypto import ed25519, hpke, x25519
from safespace.crypto.errors import CryptoError
from safespace.fields import b64decode

CURVES: dict[str, Any] = json.loads((Path(__file__).parents[1] / "vectors/curves.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("curve", "check"), [("x25519", x25519.check_public_key), ("ed25519", ed25519.check_public_key)]
)
def test_keys_at_the_edges(curve: str, check: Any) -> None:
    for case in CURVES[f"{curve}_keys"]["good"]:
        check(b64decode(case["key"]))
    for case in CURVES[f"{curve}_keys"]["bad"]:
        with pytest.raises(CryptoError):
            check(b64decode(case["key"]))


def test_signatures_at_the_edges() -> None:
    for kind, taken in (("good", True), ("bad", False)):
        for case in CURVES["ed25519_signatures"][kind]:
            key, message, signature = (b64decode(case[part]) for part in ("key", "message", "signature"))
            assert ed25519.verifies(key, message, signature) is taken, case["name"]
            assert not ed25519.verifies(key, message, signature + b"\0")
            assert not ed25519.verifies(key, message, signature[:-1])


def test_boxes_have_usable_keys_only() -> None:
    private, public = hpke.generate()
    box = hpke.seal(public, b"info", b"hello")
    for case in CURVES["x25519_keys"]["bad"]:
        key = b64decode(case["key"])
        with pytest.raises(CryptoError):
            hpke.seal(key, b"info", b"hello")
        with pytest.raises(CryptoError):
            hpke.open(private, b"info", key + box[32:])
