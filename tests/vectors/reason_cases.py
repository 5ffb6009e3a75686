"""Private reasons: their MACs and boxes, made with given randomness, and ones that do not open."""

from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from safespace.crypto.encoding import lp
from safespace.crypto.reasons import reason_mac
from safespace.fields import b64encode
from vectors import rfc9180
from vectors.fixed import fixed

GROUP, TARGET, PRIVATE = fixed("group", 16), fixed("leaf of member", 16), fixed("policy private", 32)
INFO = lp("safespace reason") + lp(GROUP) + lp(TARGET)


def make() -> dict[str, Any]:
    reasons = ["Links are not for here.", "é", "🌿" * 300, "Two\nlines, שלום"]
    whole = [_sealed(index, reason.encode()) for index, reason in enumerate(reasons)]
    mac = whole[0]["mac"]
    bad = {
        "of another MAC": {**whole[0], "mac": whole[1]["mac"]},
        "for another group": {**whole[0], "info": lp("safespace reason") + lp(fixed("other", 16)) + lp(TARGET)},
        "for another target": {**whole[0], "info": lp("safespace reason") + lp(GROUP) + lp(fixed("other", 16))},
        "empty": _sealed(9, b""),
        "too long": _sealed(10, b"x" * 301),
        "not UTF-8": {**_sealed(11, b"\xff"), "mac": mac},
        "shorter than r": {"box": b64encode(_box(12, fixed("short", 31))), "mac": mac},
        "not a box": {"box": b64encode(fixed("no box", 60)), "mac": mac},
        "no bytes": {"box": "", "mac": mac},
    }
    return {
        "group": b64encode(GROUP),
        "target": b64encode(TARGET),
        "private": b64encode(PRIVATE),
        "public": b64encode(_public(PRIVATE)),
        "reasons": [
            {"reason": reason, "r": b64encode(_r(index)), **sealed}
            for index, (reason, sealed) in enumerate(zip(reasons, whole, strict=True))
        ],
        "bad": [{"name": name, "box": _resealed(case), "mac": case["mac"]} for name, case in bad.items()],
    }


def _sealed(index: int, reason: bytes) -> dict[str, Any]:
    text = reason.decode(errors="replace")
    mac = reason_mac(_r(index), text, GROUP, TARGET)
    return {"box": b64encode(_box(index, _r(index) + reason)), "mac": b64encode(mac)}


def _resealed(case: dict[str, Any]) -> str:
    """The box, or, with `info`, the first reason sealed about something else."""
    if "info" not in case:
        return str(case["box"])
    text = b"Links are not for here."
    return b64encode(rfc9180.seal(fixed("reason e0", 32), _public(PRIVATE), case["info"], _r(0) + text))


def _box(index: int, plaintext: bytes) -> bytes:
    return rfc9180.seal(fixed(f"reason e{index}", 32), _public(PRIVATE), INFO, plaintext)


def _r(index: int) -> bytes:
    return fixed(f"reason r{index}", 32)


def _public(private: bytes) -> bytes:
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
