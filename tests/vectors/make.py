"""Writes the vectors that pytest and vitest both read: `python -m vectors.make` in `tests/`. Bytes in them are b64."""

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from nacl.signing import SigningKey

from safespace.crypto import franking, invites, login, padding
from safespace.crypto.encoding import canonical_json, lp
from safespace.fields import b64decode, b64encode
from vectors import (
    ballot_cases,
    curve_cases,
    further_cases,
    guest_cases,
    locked_cases,
    policy_cases,
    reason_cases,
    report_cases,
    rfc9180,
    role_cases,
    schedule_cases,
    wire_cases,
)
from vectors.fixed import fixed, uuid

HERE = Path(__file__).parent

SEALED_IN_TYPESCRIPT = {
    "private": "cINmSUHUroZ8l8-tZ2JEg9HAy96A2Ks1YpCWvhF4NkA",
    "label": "safespace vector",
    "id": b64encode(b"@hpke/core"),
    "box": "30AS0AN_0jEtTE6D0CdSYDxPpWqWHCMJQuLYwl4ApD3hZx531yTfxluMmDrrTrrOoTBvvjpMejNptQmhRmKz-VXCTALbIhZ-4nE",
    "plaintext": b64encode(b"sealed by @hpke/core 1.9.0"),
}
"""Made once by `web/src/crypto/hpke.ts`; info is lp(label) ‖ lp(id)."""


def make_padding() -> dict[str, Any]:
    lengths = [2, 3, 9, 255, 256, 257, 272, 273, 512, 513, 1000, 1025, 4097, 65535, 65536, 65537, 1000001, 2**24 + 1]
    kf = fixed("kf", 32)
    contents = [b"", b"hello", "grüße 🌿".encode(), fixed("fits", 220), fixed("one more", 221), fixed("long", 5000)]
    plain = padding.pad(b"hello", kf)
    bad = {
        "empty": b"",
        "too short": plain[:-1],
        "too long": plain + b"\0",
        "next size class": plain + bytes(16),
        "padding not zero": plain[:-1] + b"\1",
        "length beyond the end": (2**32 - 1).to_bytes(4, "big") + plain[4:],
        "length one too far": (256 - 4 - 32 + 1).to_bytes(4, "big") + plain[4:],
    }
    return {
        "padme": [[length, padding.padme(length)] for length in lengths],
        "pad": [
            {"content": b64encode(content), "kf": b64encode(kf), "plaintext": b64encode(padding.pad(content, kf))}
            for content in contents
        ],
        "bad": [{"name": name, "plaintext": b64encode(plaintext)} for name, plaintext in bad.items()],
    }


def make_franking() -> dict[str, Any]:
    cases = []
    for index, (content, epoch) in enumerate([("", 0), ('{"kind":"text","text":"hello"}', 7), ("🌿" * 99, 2**53 - 1)]):
        kf, room, leaf = fixed(f"kf{index}", 32), fixed(f"room{index}", 16), fixed(f"leaf{index}", 16)
        key, seq, time = fixed(f"key{index}", 32), index + 1, 1_800_000_000_000 + index
        commitment = franking.commitment(kf, content.encode(), room, leaf, epoch)
        cases.append(
            {
                "content": b64encode(content.encode()),
                "kf": b64encode(kf),
                "room": b64encode(room),
                "leaf": b64encode(leaf),
                "epoch": epoch,
                "plaintext": b64encode(padding.pad(content.encode(), kf)),
                "commitment": b64encode(commitment),
                "stamp_key": b64encode(key),
                "stamp_key_id": index * 100,
                "seq": seq,
                "time": time,
                "stamp": b64encode(franking.stamp(key, index * 100, commitment, room, leaf, epoch, seq, time)),
            }
        )
    return {"cases": cases}


def make_invites() -> dict[str, Any]:
    secret, invite_id, request_id = fixed("secret", 16), UUID(uuid("invite")).bytes, UUID(uuid("request")).bytes
    group, room = UUID(uuid("group")).bytes, UUID(uuid("room")).bytes
    private, policy_private = fixed("invite private", 32), fixed("policy private", 32)
    public, policy_public = _public(private), _public(policy_private)
    keys = invites.InviteKeys.derive(secret, invite_id)
    text = "What is said here stays here. שלום"
    card = {
        "v": 1,
        "group": uuid("group"),
        "room": uuid("room"),
        "name": "Tuesday evening 🌿",
        "welcome": "",
        "rules": {"version": 1, "text": text},
        "from": "Robin",
        "key": b64encode(public),
        "guest": None,
    }
    visiting = {**card, "guest": {"segment": "Pacing, with a nurse", "minutes": 20}}
    leaf = SigningKey(fixed("leaf", 32))
    agreed = invites.agreement_bytes(group, 1, text)
    request = {
        "pseudonym": "Wren",
        "note": "Hello from \u2028 a friend",
        "key": b64encode(policy_public),
        "agreement": {"version": 1, "signature": b64encode(leaf.sign(agreed).signature)},
    }
    nonce, card_bytes, request_bytes = fixed("nonce", 12), canonical_json(card), canonical_json(request)
    about = {use: lp(f"safespace invite {use}") + lp(invite_id) for use in ("card", "material", "request", "word")}
    sealed = rfc9180.seal(fixed("e1", 32), public, about["request"] + lp(request_id), request_bytes)
    package, reference, exported = fixed("package", 300), fixed("reference", 32), fixed("exported", 32)

    def sealed_card(content: bytes) -> str:
        return b64encode(nonce + AESGCM(keys.card).encrypt(nonce, content, about["card"]))

    odd_cards = {
        "not JSON": b"nope",
        "not UTF-8": b"\xff",
        "a field more": canonical_json({**card, "more": 1}),
        "a field less": canonical_json({key: field for key, field in card.items() if key != "welcome"}),
        "no version": canonical_json({key: field for key, field in card.items() if key != "v"}),
        "white space": json.dumps(card, sort_keys=True, ensure_ascii=False).encode(),
        "unsorted": json.dumps(card, separators=(",", ":"), ensure_ascii=False).encode(),
        "escaped": json.dumps(card, sort_keys=True, separators=(",", ":")).encode(),
        "a version twice": card_bytes[:-1] + b',"v":1}',
        "a float": card_bytes.replace(b'"v":1', b'"v":1.0'),
        "true for 1": canonical_json({**card, "v": True}),
        "a lone surrogate": card_bytes.replace(b"Robin", b"\\ud800"),
        "a byte order mark": b"\xef\xbb\xbf" + card_bytes,
        "a long name": canonical_json({**card, "name": "🌿" * 81}),
        "another version": canonical_json({**card, "v": 2}),
        "a guest for no time": canonical_json({**card, "guest": {"segment": None, "minutes": 0}}),
        "a guest for something without a name": canonical_json({**card, "guest": {"segment": "", "minutes": None}}),
        "a guest with a field more": canonical_json({**card, "guest": {"segment": None, "minutes": None, "more": 1}}),
    }
    digest = hashlib.sha256(b64decode(sealed_card(card_bytes))).digest()
    material = secret + private + digest
    word = {"declined": True, "from": "Fern", "text": "Tonight is full. Please come on Tuesday."}
    box = rfc9180.seal(fixed("e3", 32), policy_public, about["word"] + lp(request_id), canonical_json(word))
    covered = lp("safespace invite word 1") + lp(invite_id) + lp(request_id) + lp(box)
    return {
        "secret": b64encode(secret),
        "invite_id": b64encode(invite_id),
        "request_id": b64encode(request_id),
        "group": b64encode(group),
        "room": b64encode(room),
        "keys": {"card": b64encode(keys.card), "join": b64encode(keys.join), "reply": b64encode(keys.reply)},
        "private": b64encode(private),
        "policy_private": b64encode(policy_private),
        "card": card,
        "sealed_card": sealed_card(card_bytes),
        "longest_name": sealed_card(canonical_json({**card, "name": "🌿" * 80})),
        "odd_cards": [{"name": name, "sealed": sealed_card(content)} for name, content in odd_cards.items()],
        "visiting": visiting,
        "sealed_visiting": sealed_card(canonical_json(visiting)),
        "sealed_material": b64encode(rfc9180.seal(fixed("e2", 32), policy_public, about["material"], material)),
        "word": word,
        "sealed_word": b64encode(hmac.digest(keys.reply, covered, "sha256") + box),
        "request": request,
        "sealed_request": b64encode(sealed),
        "expires": 1_800_000_000_000,
        "package": b64encode(package),
        "request_mac": b64encode(invites.request_mac(keys, group, request_id, 1_800_000_000_000, package, sealed)),
        "package_ref": b64encode(reference),
        "exported": b64encode(exported),
        "reply_mac": b64encode(invites.reply_mac(keys, room, reference, request_id, exported)),
        "leaf_key": b64encode(leaf.verify_key.encode()),
        "agreement_bytes": b64encode(agreed),
        "sealed_in_typescript": SEALED_IN_TYPESCRIPT,
    }


def _public(private: bytes) -> bytes:
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def make_login() -> dict[str, Any]:
    given = [
        ("http://localhost:8000", "tuesday-host", "correct horse battery staple"),
        ("https://circle.example", "wren", "pa\u0301ssphrase \ufb01ne ①"),
        ("https://circle.example:8443", "abc", " "),
    ]
    cases = []
    for origin, handle, passphrase in given:
        login_key, vault_key = login.stretch(origin, handle, passphrase)
        keys = {"login_key": b64encode(login_key), "vault_key": b64encode(vault_key)}
        cases.append({"origin": origin, "handle": handle, "passphrase": passphrase, **keys})
    urls = [
        "http://127.0.0.1:8000",
        "http://localhost:8000/i/1#2",
        "http://[::1]:8000/",
        "HTTPS://Circle.Example:443/x?y",
        "http://circle.example:80",
        "https://circle.example:80",
        "https://[2001:db8::1]:8443",
        "http://127.0.0.1",
        "https://user:word@circle.example",
    ]
    blanks = ["anna ", " Anna", "ANNA\t", "anna\n", "\u00a0anna\u3000", "\ufeffanna\u200b"]
    typed = [*blanks, "anna b", "anna-", "- anna", " "]
    return {
        "stretch": cases,
        "origins": [[url, login.normal_origin(url)] for url in urls],
        "no_origins": [
            "",
            "circle.example",
            "ftp://circle.example",
            "javascript:alert(1)",
            "https://",
            "http://x:99999",
        ],
        "handles": ["abc", "a-1", "0" * 32],
        "no_handles": ["", "ab", "0" * 33, "Abc", "a b", "abc\n", "äbc", "a_b", "anna ", "anna\u00a0"],
        "typed": [[text, login.typed_handle(text)] for text in typed],
    }


FILES = {
    "ballots": ballot_cases.make,
    "curves": curve_cases.make,
    "further": further_cases.make,
    "padding": make_padding,
    "franking": make_franking,
    "guests": guest_cases.make,
    "invites": make_invites,
    "locked": locked_cases.make,
    "login": make_login,
    "policy": policy_cases.make,
    "reasons": reason_cases.make,
    "roles": role_cases.make,
    "reports": report_cases.make,
    "schedule": schedule_cases.make,
    "wire": wire_cases.make,
}


def rendered(name: str) -> str:
    """What `<name>.json` should hold."""
    return json.dumps(FILES[name](), indent=1, ensure_ascii=True) + "\n"


if __name__ == "__main__":
    for name in FILES:
        (HERE / f"{name}.json").write_text(rendered(name), encoding="utf-8")
