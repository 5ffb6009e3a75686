"""The fold of a further room: what a policy message makes of its state. Pure, and alike on every device.

What is allowed is judged by main as it stood at the message's `main`, which the roll tells. Endorsements are checked
where the leaf's key is known (`crypto.endorsements`). `web/src/room/further.ts` folds alike (vectors in
`tests/vectors/further.json`).
"""

import hashlib
from collections.abc import Collection
from typing import TypeVar

from safespace.crypto.encoding import lp
from safespace.fields import PASSING, Role, b64encode
from safespace.rooms.further_state import (
    AnyFurtherAction,
    Bring,
    Endorsed,
    FurtherMessage,
    FurtherState,
    LeaveRoom,
    Open,
    RemoveFromRoom,
)
from safespace.rooms.roles import STAFF, may
from safespace.rooms.roll import Roll, role_at, role_now
from safespace.rooms.state import MAX_DEPARTED, PolicyError
from safespace.wire import ClearPolicy

Id = TypeVar("Id", str, bytes)
"""A member id, in either form."""


def belongs(purpose: str, about: Id | None, member: Id, role: Role | None) -> bool:
    """Whether someone of `role` in main (None: gone) may be in the room: staff, and whom it is about; in a passing
    room every member. Whom the group sent to which of those, `passing.has_place` says."""
    return role is not None and (purpose in PASSING or role in STAFF or member == about)


def outsiders(state: FurtherState, roll: Roll) -> list[str]:
    """Those in the room who, as far as main was read, no longer belong. While there are any, nothing is sealed."""
    return [id for id in state.members if not belongs(state.purpose, state.about, id, role_now(roll, id))]


def state_hash(state: FurtherState | None) -> bytes:
    """32 bytes. `None` is the state before `open`."""
    canonical = b"null" if state is None else state.written()
    return hashlib.sha256(lp("safespace room state 1") + lp(canonical)).digest()


def propose(state: FurtherState | None, actor: str, seq: int, main: int, action: AnyFurtherAction) -> FurtherMessage:
    """The message with which `actor` does `action` on `state`, known up to policy_seq `seq`, and main up to `main`."""
    return FurtherMessage(actor=actor, seq=seq, main=main, state=b64encode(state_hash(state)), action=action)


def check_clear(clear: ClearPolicy, message: FurtherMessage) -> None:
    """Raises PolicyError `announcement_mismatch` unless the relay was shown just what is sealed."""
    action = message.action
    sealed = ClearPolicy(action=action.action, target=action.target, policy_seq=message.seq, main=message.main)
    if clear != sealed:
        raise PolicyError("announcement_mismatch")


def check_sender(state: FurtherState | None, message: FurtherMessage, leaf: bytes) -> None:
    """Raises PolicyError `wrong_leaf` unless the MLS sender's leaf identity is the actor's."""
    first = message.action if isinstance(message.action, Open) else None
    own = first if state is None else state.members.get(message.actor)
    if own is None or own.leaf != b64encode(leaf):
        raise PolicyError("wrong_leaf")


def roster_fits(state: FurtherState, leaf_identities: Collection[bytes]) -> bool:
    """Whether a tree holds every member's leaf, and beside them only departed ones, each once."""
    leaves = {b64encode(leaf) for leaf in leaf_identities}
    own = {member.leaf for member in state.members.values()}
    return len(leaves) == len(leaf_identities) and own <= leaves <= own.union(state.departed)


def fold(state: FurtherState | None, message: FurtherMessage, roll: Roll) -> FurtherState:
    """The state after `message`, for a device that has read main up to `message.main`.

    Raises PolicyError with the reason why nobody applies it: stale_policy, group_exists, not_a_member, unknown_member,
    does_not_belong, already_member, duplicate_identity, rank_too_low or invalid_field.
    """
    if message.state != b64encode(state_hash(state)) or (state is not None and message.main < state.main):
        raise PolicyError("stale_policy")
    action, actor = message.action, message.actor
    if isinstance(action, Open):
        if state is not None:
            raise PolicyError("group_exists")
        return _open(action, actor, message.main, roll)
    if state is None or actor not in state.members:
        raise PolicyError("not_a_member")
    state = state.model_copy(update={"main": message.main})
    if isinstance(action, LeaveRoom):
        return _without(state, actor)
    role = role_at(roll, actor, message.main)
    if role is None or not belongs(state.purpose, state.about, actor, role):
        raise PolicyError("not_a_member")
    if isinstance(action, Bring):
        return _bring(state, action, roll)
    return _remove(state, actor, role, action, roll)


def _open(action: Open, actor: str, main: int, roll: Roll) -> FurtherState:
    if not belongs(action.purpose, action.target, actor, role_at(roll, actor, main)):
        raise PolicyError("does_not_belong")
    if action.target is not None and role_at(roll, action.target, main) is None:
        raise PolicyError("unknown_member")
    if (action.target is not None) != (action.purpose == "aside"):
        raise PolicyError("invalid_field")
    return FurtherState(
        group=action.group,
        room=action.room,
        purpose=action.purpose,
        about=action.target,
        main=main,
        members={actor: Endorsed(leaf=action.leaf, endorsement=action.endorsement)},
    )


def _bring(state: FurtherState, action: Bring, roll: Roll) -> FurtherState:
    role = role_at(roll, action.target, state.main)
    if role is None:
        raise PolicyError("unknown_member")
    if not belongs(state.purpose, state.about, action.target, role):
        raise PolicyError("does_not_belong")
    if action.target in state.members and state.purpose not in PASSING:
        raise PolicyError("already_member")
    if action.leaf in state.departed or any(action.leaf == member.leaf for member in state.members.values()):
        raise PolicyError("duplicate_identity")
    if action.target in state.members:  # who comes again has lost the keys that were in memory alone
        state = _without(state, action.target)
    brought = Endorsed(leaf=action.leaf, endorsement=action.endorsement)
    return state.model_copy(update={"members": {**state.members, action.target: brought}})


def _remove(state: FurtherState, actor: str, role: Role, action: RemoveFromRoom, roll: Roll) -> FurtherState:
    if action.target == actor or action.target not in state.members:
        raise PolicyError("unknown_member")
    target = role_at(roll, action.target, state.main)
    if belongs(state.purpose, state.about, action.target, target) and not may(role, "remove", target):
        raise PolicyError("rank_too_low")
    return _without(state, action.target)


def _without(state: FurtherState, member: str) -> FurtherState:
    return state.model_copy(
        update={
            "members": {id: one for id, one in state.members.items() if id != member},
            "departed": (*state.departed, state.members[member].leaf)[-MAX_DEPARTED:],
        }
    )
