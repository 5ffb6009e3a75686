"""Writes the vectors that pytest and vitest both read: `python -m vectors.make` in `tests/`. Bytes in them are b64."""

import json
from pathlib import Path
from typing import Any

from safespace.crypto import franking, login, padding
from safespace.fields import b64encode
from vectors import (
    ballot_cases,
    curve_cases,
    further_cases,
    guest_cases,
    healing_cases,
    invite_cases,
    locked_cases,
    name_cases,
    policy_cases,
    reason_cases,
    report_cases,
    role_cases,
    schedule_cases,
    wire_cases,
)
from vectors.fixed import fixed

HERE = Path(__file__).parent


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
    "healing": healing_cases.make,
    "invites": invite_cases.make_invites,
    "locked": locked_cases.make,
    "login": make_login,
    "names": name_cases.make,
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
