"""Keys and signatures at the edges, on which libraries differ: which of them are taken, and which never."""

from itertools import count
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from safespace.fields import b64encode
from vectors.edwards import BASE, EIGHTH, NEUTRAL, ORDER, PRIME, SMALL, Point, challenge
from vectors.fixed import fixed

SECRET, NONCE = (int.from_bytes(fixed(f"ed25519 {name}", 32), "little") % ORDER for name in ("secret", "nonce"))
KEY, R = BASE.times(SECRET), BASE.times(NONCE)
TOP = 1 << 255


class Signed(NamedTuple):
    """`s` is the second half of the signature, as a number; it need not be below the order."""

    key: bytes
    message: bytes
    r: bytes
    s: int

    def written(self, name: str) -> dict[str, str]:
        signature = self.r + self.s.to_bytes(32, "little")
        parts = {"key": self.key, "message": self.message, "signature": signature}
        return {"name": name, **{part: b64encode(data) for part, data in parts.items()}}


def sign(
    key: bytes, r: bytes, torsion: Point = NEUTRAL, left: Point = NEUTRAL, fits: bool = True, nonce: int = NONCE
) -> Signed:
    """A message for which S·B is h·key + r (`fits`), or differs from it by a point of small order.

    `torsion` is what `key` holds of small order, `left` what `r` does.
    """
    for number in count():
        message = b"message %d" % number
        h = challenge(r, key, message)
        if (torsion.times(h % 8).plus(left) == NEUTRAL) == fits:
            return Signed(key, message, r, (nonce + h * SECRET) % ORDER)
    raise AssertionError


def small_key(key: bytes, point: Point) -> Signed:
    """The holder of nothing: R = r·B and S = r fit as soon as h times the key is nothing."""
    made = sign(key, R.encode(), point)
    return made._replace(s=NONCE)


def signatures() -> dict[str, list[dict[str, str]]]:
    genuine = sign(KEY.encode(), R.encode())
    mixed, mixed_r = KEY.plus(EIGHTH), R.plus(EIGHTH)
    good = {
        "genuine": genuine,
        "a key with a part of small order, where the equation holds": sign(mixed.encode(), R.encode(), EIGHTH),
        "both with a part of small order, where the equation holds": sign(
            mixed.encode(), mixed_r.encode(), EIGHTH, EIGHTH
        ),
    }
    bad = {
        "another message": genuine._replace(message=b"another"),
        "S + L": genuine._replace(s=genuine.s + ORDER),
        "S + 8 L": genuine._replace(s=genuine.s + 8 * ORDER),
        "S with the highest bit": genuine._replace(s=genuine.s | TOP),
        "S is L": genuine._replace(s=ORDER),
        "all zero": genuine._replace(r=bytes(32), s=0),
        "no point as key": genuine._replace(key=(2).to_bytes(32, "little")),
        "R with the other sign": genuine._replace(r=_flipped(genuine.r)),
        "a key with the other sign": genuine._replace(key=_flipped(genuine.key)),
        "a key with a part of small order, equation only with the cofactor": sign(
            mixed.encode(), R.encode(), EIGHTH, fits=False
        ),
        "R with a part of small order": sign(KEY.encode(), mixed_r.encode(), NEUTRAL, EIGHTH, fits=False),
        "R of order 1": sign(KEY.encode(), NEUTRAL.encode(), nonce=0),
        "R of order 1, with a sign": sign(KEY.encode(), _flipped(NEUTRAL.encode()), nonce=0),
        "R of order 1, not canonical": sign(KEY.encode(), _bytes(PRIME + 1), nonce=0),
        "R of order 1, not canonical, with a sign": sign(KEY.encode(), _bytes(PRIME + 1 | TOP), nonce=0),
    }
    for number, point in enumerate(SMALL):
        bad[f"a key of small order, {number}"] = small_key(point.encode(), point)
        bad[f"R of small order, {number}, with a mixed key"] = sign(
            mixed.encode(), point.encode(), EIGHTH, point, nonce=0
        )
    for number, (data, point) in enumerate(odd_small()):
        bad[f"a key of small order, not canonical, {number}"] = small_key(data, point)
    return {
        kind: [case.written(name) for name, case in cases.items()] for kind, cases in (("good", good), ("bad", bad))
    }


def odd_small() -> list[tuple[bytes, Point]]:
    """The points of small order that can be written in a second way, so written."""
    minus = Point(0, PRIME - 1)
    return [
        (_bytes(1 | TOP), NEUTRAL),
        (_bytes(PRIME + 1), NEUTRAL),
        (_bytes(PRIME + 1 | TOP), NEUTRAL),
        (_bytes(PRIME - 1 | TOP), minus),
        (_bytes(PRIME), SMALL[2]),
        (_bytes(PRIME | TOP), SMALL[6]),
    ]


def x25519_keys() -> dict[str, Any]:
    genuine = X25519PrivateKey.from_private_bytes(fixed("x25519", 32)).public_key().public_bytes_raw()
    # Montgomery's u of Edwards' y is (1 + y) / (1 - y).
    small = {0, 1, PRIME - 1} | {(1 + y) * pow(1 - y, -1, PRIME) % PRIME for _, y in SMALL if y != 1}
    bad = {
        "empty": b"",
        "a byte short": genuine[:-1],
        "a byte long": genuine + b"\0",
        "the highest bit": _bytes(int.from_bytes(genuine, "little") | TOP),
        "all ones": b"\xff" * 32,
        **{f"p + {number}": _bytes(PRIME + number) for number in range(19)},
        **{f"small order, {number}": _bytes(u) for number, u in enumerate(sorted(small))},
        **{f"small order, the highest bit, {number}": _bytes(u | TOP) for number, u in enumerate(sorted(small))},
    }
    good = {"genuine": genuine, "the base point": _bytes(9), "p - 2": _bytes(PRIME - 2), "two": _bytes(2)}
    return {
        kind: [{"name": name, "key": b64encode(key)} for name, key in keys.items()]
        for kind, keys in (("good", good), ("bad", bad))
    }


def ed25519_keys() -> dict[str, Any]:
    bad = {
        "empty": b"",
        "a byte short": KEY.encode()[:-1],
        "a byte long": KEY.encode() + b"\0",
        "all ones": b"\xff" * 32,
        **{f"p + {number}": _bytes(PRIME + number) for number in range(19)},
        **{f"p + {number}, with a sign": _bytes(PRIME + number | TOP) for number in range(19)},
        **{f"small order, {number}": point.encode() for number, point in enumerate(SMALL)},
        **{f"small order, not canonical, {number}": data for number, (data, _) in enumerate(odd_small())},
    }
    good = {"genuine": KEY.encode(), "a part of small order": KEY.plus(EIGHTH).encode()}
    return {
        kind: [{"name": name, "key": b64encode(key)} for name, key in keys.items()]
        for kind, keys in (("good", good), ("bad", bad))
    }


def _bytes(number: int) -> bytes:
    return number.to_bytes(32, "little")


def _flipped(point: bytes) -> bytes:
    return point[:-1] + bytes((point[-1] ^ 0x80,))


def make() -> dict[str, Any]:
    return {"x25519_keys": x25519_keys(), "ed25519_keys": ed25519_keys(), "ed25519_signatures": signatures()}
