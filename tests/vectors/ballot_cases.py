"""Anonymous answers: sealed with given randomness, and ones that do not open."""

from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from safespace.crypto.ballots import BLANK, PADDED, AnswerContent
from safespace.crypto.encoding import canonical_json, lp
from safespace.fields import b64encode
from vectors import rfc9180
from vectors.fixed import fixed

GROUP, BALLOT, MESSAGE = fixed("group", 16), fixed("ballot", 16), fixed("message", 48)
PRIVATE, READER = fixed("answer private", 32), fixed("policy private", 32)
INFO = lp("safespace ballot answer") + lp(GROUP) + lp(BALLOT) + lp(MESSAGE)


def make() -> dict[str, Any]:
    said = [
        BLANK,
        AnswerContent(mood=None, text="Does it get easier?"),
        AnswerContent(mood="worse", text="שלום \u2028\x01" + "🌿" * 400),
        AnswerContent(mood="unsure", text="\x01" * 500),
    ]
    plain = BLANK.model_dump(mode="json")
    odd = {
        "a field more": canonical_json({**plain, "more": 1}),
        "a field less": canonical_json({"kind": "answer", "mood": None, "v": 1}),
        "another mood": canonical_json({**plain, "mood": "angry"}),
        "too long": canonical_json({**plain, "text": "x" * 501}),
        "white space": canonical_json(plain) + b" ",
        "not JSON": b"nope",
        "nothing": b"",
    }
    box = rfc9180.seal(
        fixed("e box", 32), _public(READER), lp("safespace ballot key") + lp(GROUP) + lp(BALLOT), PRIVATE
    )
    return {
        "group": b64encode(GROUP),
        "ballot": b64encode(BALLOT),
        "message": b64encode(MESSAGE),
        "private": b64encode(PRIVATE),
        "reader": b64encode(READER),
        "box": b64encode(box),
        "answers": [
            {"answer": content.model_dump(mode="json"), "sealed": _sealed(f"answer {index}", content.written())}
            for index, content in enumerate(said)
        ],
        "bad": [
            *({"name": name, "sealed": _sealed(name, content)} for name, content in odd.items()),
            {"name": "not padded", "sealed": _box("short", lp(BLANK.written()))},
            {"name": "padded with something", "sealed": _box("ones", lp(BLANK.written()).ljust(PADDED, b"\1"))},
            {"name": "longer than it is", "sealed": _box("long", b"\xff" * PADDED)},
            {"name": "no box", "sealed": b64encode(fixed("no box", PADDED + 48))},
            {"name": "nothing at all", "sealed": ""},
        ],
    }


def _sealed(label: str, content: bytes) -> str:
    return _box(label, lp(content).ljust(PADDED, b"\0"))


def _box(label: str, padded: bytes) -> str:
    return b64encode(rfc9180.seal(fixed(label, 32), _public(PRIVATE), INFO, padded))


def _public(private: bytes) -> bytes:
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
