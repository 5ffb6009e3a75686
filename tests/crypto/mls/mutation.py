"""Ways to spoil bytes, from a seeded source of chance."""

import random
from collections.abc import Iterator

LENGTHS = (
    b"\x00",
    b"\x3f",
    b"\x40\x00",
    b"\x7f\xff",
    b"\x80\x00\x00\x00",
    b"\xbf\xff\xff\xff",
    b"\xc0",
    b"\xff\xff\xff\xff",
)


def spoiled(data: bytes, chance: random.Random, times: int) -> Iterator[bytes]:
    """`times` variants of `data`: bits flipped, cut short, bytes put in or taken out, lengths that lie."""
    for _ in range(times):
        at = chance.randrange(len(data))
        end = min(len(data), at + chance.randint(1, 8))
        match chance.randrange(6):
            case 0:
                yield data[:at] + bytes((data[at] ^ 1 << chance.randrange(8),)) + data[at + 1 :]
            case 1:
                yield data[:at]
            case 2:
                yield data[:at] + chance.randbytes(end - at) + data[at:]
            case 3:
                yield data[:at] + data[end:]
            case 4:
                yield data[:at] + chance.choice(LENGTHS) + data[at + 1 :]
            case _:
                yield data + chance.randbytes(end - at)
