"""Locked files, made with given randomness, and ones that do not open."""

import json
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from safespace.crypto.encoding import lp
from safespace.crypto.login import argon
from safespace.fields import b64encode
from vectors.fixed import fixed

LABEL = "safespace locked file"


def _deed(seq: int, what: str, whom: bool = True, **more: Any) -> dict[str, Any]:
    fern, wren = ({"id": b64encode(fixed(name, 32)), "pseudonym": name} for name in ("Fern", "Wren"))
    none = dict.fromkeys(("role", "length", "on", "line", "days", "ban", "seconds", "mode", "absent"))
    told = {"reasoned": more.get("reason") is not None, "reason": None}
    who = {"by": fern, "whom": wren if whom else None}
    return {"seq": seq, "time": 1_767_225_600_000 + seq, "what": what} | who | told | none | more


DEEDS = [
    _deed(1, "create", False),
    _deed(2, "mute", length=600, reason="A pause."),
    _deed(3, "mute", length="session", reasoned=True),
    _deed(4, "mute_all", False, on=True),
    _deed(5, "take_down", line=4),
    _deed(6, "retain", False, days=30),
    _deed(7, "offer", role="moderator"),
    _deed(8, "remove", ban=True),
    _deed(9, "set_floor", False, mode="round", seconds=180),
    _deed(10, "slow_mode", False, seconds=30),
    _deed(11, "give_floor"),
]
"""What staff did, each field of the file used once, also those that only a live session has."""


def make() -> dict[str, Any]:
    passphrase = "caf\u00e9 \ufb01ne, all of it"
    texts = ("", "[]", "Grüße, שלום 🌿")
    files = [_file(text, passphrase) for text in texts]
    whole = files[1]
    bad = {
        "another label": {**whole, "kind": "safespace locked files"},
        "another version": {**whole, "v": 2},
        "true for 1": {**whole, "v": True},
        "a field more": {**whole, "more": 1},
        "a field less": {name: field for name, field in whole.items() if name != "nonce"},
        "another salt": {**whole, "salt": b64encode(fixed("other", 16))},
        "another nonce": {**whole, "nonce": b64encode(fixed("other", 12))},
        "a short nonce": {**whole, "nonce": b64encode(fixed("other", 11))},
        "other bytes": {**whole, "sealed": files[2]["sealed"][:-4] + "AAAA"},
        "no bytes": {**whole, "sealed": ""},
        "bound to nothing": _file("[]", passphrase, b""),
        "not UTF-8": _file(b"\xff", passphrase),
    }
    return {
        "passphrase": passphrase,
        "typed": "cafe\u0301 fine, all of it",
        "wrong": "cafe fine, all of it",
        "deeds": {"content": DEEDS, "file": json.dumps(_file(json.dumps(DEEDS), passphrase))},
        "files": [
            {"text": text, "file": json.dumps(file)}
            for text, file in zip(("", "[]", "Grüße, שלום 🌿"), files, strict=True)
        ],
        "bad": [{"name": name, "file": json.dumps(file)} for name, file in bad.items()]
        + [{"name": "no JSON", "file": "locked"}, {"name": "no object", "file": "[]"}],
    }


def _file(text: str | bytes, passphrase: str, bound: bytes = lp(LABEL)) -> dict[str, Any]:
    salt, nonce = fixed("locked salt", 16), fixed("locked nonce", 12)
    key = HKDF(SHA256(), 32, salt=b"", info=LABEL.encode()).derive(argon(passphrase, salt))
    sealed = AESGCM(key).encrypt(nonce, text.encode() if isinstance(text, str) else text, bound)
    return {"v": 1, "kind": LABEL, "salt": b64encode(salt), "nonce": b64encode(nonce), "sealed": b64encode(sealed)}
