"""Whom something can be sealed to. One member's bad key must not keep everyone else from acting."""

from collections.abc import Callable, Iterable

from safespace.crypto.errors import CryptoError
from safespace.crypto.x25519 import check_public_key
from safespace.fields import b64decode
from safespace.rooms.state import State

Tell = Callable[[tuple[str, ...]], None]
"""Told the pseudonyms of who was left out: `RoomLog.unreached`."""


def reachable(tell: Tell, state: State, members: Iterable[str]) -> list[str]:
    """Those of these members who have a usable policy key, in their order; the others are named.

    Nothing that the group folds gives anybody such a key. Were one there all the same, what is done goes through.
    """
    found, missed = [], []
    for id in members:
        member = state.members[id]
        try:
            check_public_key(b64decode(member.key))
        except CryptoError:
            missed.append(member.pseudonym)
        else:
            found.append(id)
    if missed:
        tell(tuple(missed))
    return found
