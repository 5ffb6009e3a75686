"""The group of Ed25519 as RFC 8032 writes it, to make the signatures that honest signers never make."""

import hashlib
from typing import NamedTuple

PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, PRIME) % PRIME


class Point(NamedTuple):
    x: int
    y: int

    def plus(self, other: "Point") -> "Point":
        product = D * self.x * other.x * self.y * other.y % PRIME
        x = (self.x * other.y + other.x * self.y) * pow(1 + product, -1, PRIME)
        y = (self.y * other.y + self.x * other.x) * pow(1 - product, -1, PRIME)
        return Point(x % PRIME, y % PRIME)

    def times(self, factor: int) -> "Point":
        total, power = NEUTRAL, self
        while factor:
            if factor & 1:
                total = total.plus(power)
            power, factor = power.plus(power), factor >> 1
        return total

    def encode(self) -> bytes:
        return (self.y | (self.x & 1) << 255).to_bytes(32, "little")


NEUTRAL = Point(0, 1)


def at(y: int) -> Point | None:
    """The point with this y and an even x, if there is one."""
    square = (y * y - 1) * pow(D * y * y + 1, -1, PRIME) % PRIME
    for turn in (1, pow(2, (PRIME - 1) // 4, PRIME)):
        x = pow(square, (PRIME + 3) // 8, PRIME) * turn % PRIME
        if x * x % PRIME == square:
            return Point(x if x % 2 == 0 else PRIME - x, y)
    return None


def _of(y: int) -> Point:
    point = at(y)
    assert point is not None
    return point


BASE = _of(4 * pow(5, -1, PRIME) % PRIME)


def _eighth() -> Point:
    """A point of order 8."""
    for y in range(2, 100):
        point = at(y)
        if point is not None and point.times(ORDER).times(4) != NEUTRAL:
            return point.times(ORDER)
    raise AssertionError


EIGHTH = _eighth()
SMALL = [EIGHTH.times(number) for number in range(8)]


def challenge(r: bytes, key: bytes, message: bytes) -> int:
    return int.from_bytes(hashlib.sha512(r + key + message).digest(), "little") % ORDER
