"""Reports, entries and handover notes as the server takes them; what is sealed in them is anything."""

from typing import Any

from uuid6 import uuid7

from gathering import HOUR, Person, junk, now

STAMPED = {
    "leaf": junk(16),
    "member": junk(16),
    "epoch": 0,
    "seq": 1,
    "time": 1,
    "commitment": junk(32),
    "stamp": junk(33),
}
"""What a stamp could be said to be for; the room is to be named."""


def box() -> str:
    """80 bytes, as a sealed key has."""
    return junk(80)


def report(*to: Person, **changes: Any) -> dict[str, Any]:
    boxes = [{"member": one.member, "box": box()} for one in to]
    return {"id": str(uuid7()), "sealed": junk(1100), "boxes": boxes} | changes


def entry(*to: Person, **changes: Any) -> dict[str, Any]:
    return report(*to) | {"status": None, "answer": None} | changes


def handover(*to: Person, **changes: Any) -> dict[str, Any]:
    return report(*to) | {"expires": now() + HOUR} | changes
