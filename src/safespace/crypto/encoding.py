"""How things become bytes before they are hashed, signed or sealed (docs/protocol.md, "Conventions")."""

import json


def lp(data: bytes | str) -> bytes:
    """`data` (text as UTF-8) after its length as 4 bytes, big-endian."""
    if isinstance(data, str):
        data = data.encode()
    return len(data).to_bytes(4, "big") + data


def u64(number: int) -> bytes:
    """8 bytes, big-endian. Raises OverflowError outside 0 to 2^64 - 1."""
    return number.to_bytes(8, "big")


def canonical_json(value: object) -> bytes:
    """The one way to write `value`: keys sorted, no white space, UTF-8 unescaped. `value` holds no floats."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
