"""The roll: everyone whom a device has ever seen in its group's main room, and which role they had since when.

Further rooms are judged by it (docs/protocol.md, "Further rooms"): they are logs of their own, so whoever reads a line
of one may have read more of main than its author had. `web/src/room/roll.ts` keeps it alike.
"""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from safespace.crypto.sealed import Sealed
from safespace.crypto.texts import Pseudonym
from safespace.fields import Count, Digest, Identity, Role
from safespace.rooms.state import State


class Since(Sealed):
    """The role that holds from this policy_seq on; None is gone."""

    seq: Count
    role: Role | None


class Known(Sealed):
    """Someone on the roll. `key` is the Ed25519 key of the leaf that gave them their member id."""

    pseudonym: Pseudonym
    key: Digest
    roles: Annotated[tuple[Since, ...], Field(min_length=1)]


Roll = Mapping[Identity, Known]


def role_at(roll: Roll, member: str, seq: int) -> Role | None:
    """The role at policy_seq `seq`; None for who was gone, or was never seen. Before it is known, the first that is."""
    known = roll.get(member)
    if known is None:
        return None
    held = [since.role for since in known.roles if since.seq <= seq]
    return held[-1] if held else known.roles[0].role


def role_now(roll: Roll, member: str) -> Role | None:
    """The role as far as main was read."""
    known = roll.get(member)
    return None if known is None else known.roles[-1].role


def follow(roll: Roll, state: State, seq: int, keys: Mapping[str, str]) -> Roll:
    """The roll once main's state is `state` at policy_seq `seq`; `keys` are the leaves in its tree, all b64.

    Who is announced and not in the tree yet comes on it with their leaf. The very same roll where nothing changed.
    """
    changed: dict[str, Known] = {}
    for id, member in state.members.items():
        known = roll.get(id)
        if known is None and id in keys:
            since = (Since(seq=seq, role=member.role),)
            changed[id] = Known(pseudonym=member.pseudonym, key=keys[id], roles=since)
        elif known is not None:
            now = known if known.roles[-1].role == member.role else _since(known, seq, member.role)
            now = now if now.pseudonym == member.pseudonym else now.model_copy(update={"pseudonym": member.pseudonym})
            if now is not known:
                changed[id] = now
    for id, known in roll.items():
        if id not in state.members and known.roles[-1].role is not None:
            changed[id] = _since(known, seq, None)
    return {**roll, **changed} if changed else roll


def _since(known: Known, seq: int, role: Role | None) -> Known:
    return known.model_copy(update={"roles": (*known.roles, Since(seq=seq, role=role))})
