"""The fold: what a policy message makes of a group's state. Pure, and alike on every device.

Signatures are checked elsewhere: the sender's by MLS, the agreement's by `crypto.invites.verify_agreement`.
`web/src/room/policy.ts` folds alike (vectors in `tests/vectors/policy.json`).
"""

import hashlib
from collections.abc import Collection

from safespace.crypto.encoding import lp
from safespace.rooms.roles import RANKS, may
from safespace.rooms.state import (
    MAX_DEPARTED,
    Admit,
    Agree,
    Create,
    Leave,
    Member,
    PolicyError,
    PolicyMessage,
    Remove,
    State,
    write,
)
from safespace.wire import ClearPolicy, Role, b64encode


def state_hash(state: State | None) -> bytes:
    """32 bytes. `None` is the state before `create`."""
    canonical = b"null" if state is None else write(state)
    return hashlib.sha256(lp("safespace policy state 1") + lp(canonical)).digest()


def propose(
    state: State | None, actor: str, seq: int, action: Create | Admit | Agree | Leave | Remove
) -> PolicyMessage:
    """The message with which `actor` does `action` on `state`, known up to policy_seq `seq`."""
    return PolicyMessage(actor=actor, seq=seq, state=b64encode(state_hash(state)), action=action)


def check_clear(clear: ClearPolicy, message: PolicyMessage) -> None:
    """Raises PolicyError `announcement_mismatch` unless the relay was shown just what is sealed."""
    action = message.action
    admit = action if isinstance(action, Admit) else None
    sealed = ClearPolicy(
        action=action.action,
        target=action.target,
        policy_seq=message.seq,
        role=admit and admit.role,
        request=admit and admit.request,
        replaces=admit and admit.replaces,
    )
    if clear != sealed:
        raise PolicyError("announcement_mismatch")


def check_sender(state: State | None, message: PolicyMessage, leaf: bytes) -> None:
    """Raises PolicyError `wrong_leaf` unless the MLS sender's leaf identity is one of the actor's."""
    actor = state.members.get(message.actor) if state else None
    own = actor.leaves if actor else (message.actor,) if state is None else ()
    if b64encode(leaf) not in own:
        raise PolicyError("wrong_leaf")


def roster_fits(state: State, leaf_identities: Collection[bytes]) -> bool:
    """Whether a tree holds only leaves of members or departed ones, each once, and at least one of every member."""
    leaves = {b64encode(leaf) for leaf in leaf_identities}
    known = set(state.departed).union(*(member.leaves for member in state.members.values()))
    return (
        len(leaves) == len(leaf_identities)
        and leaves <= known
        and all(not leaves.isdisjoint(member.leaves) for member in state.members.values())
    )


def fold(state: State | None, message: PolicyMessage) -> State:
    """The state after `message`. Raises PolicyError with the reason why nobody applies it:

    stale_policy, group_exists, not_a_member, forbidden, unknown_member, rank_too_low, last_owner,
    already_member, duplicate_identity, pseudonym_taken or invalid_field.
    """
    if message.state != b64encode(state_hash(state)):
        raise PolicyError("stale_policy")
    action = message.action
    if isinstance(action, Create):
        if state is not None:
            raise PolicyError("group_exists")
        return _create(message.actor, action)
    actor = state.members.get(message.actor) if state else None
    if state is None or actor is None:
        raise PolicyError("not_a_member")
    if not may(actor.role, action.action):
        raise PolicyError("forbidden")
    match action:
        case Admit():
            return _admit(state, actor, action)
        case Agree():
            if action.version != state.rules.version:
                raise PolicyError("invalid_field")
            agreed = actor.model_copy(update={"agreed": action.version})
            return state.model_copy(update={"members": {**state.members, message.actor: agreed}})
        case Leave():
            if actor.role == "owner" and sum(member.role == "owner" for member in state.members.values()) == 1:
                raise PolicyError("last_owner")
            return _without(state, message.actor)
        case Remove():
            target = state.members.get(action.target)
            if target is None:
                raise PolicyError("unknown_member")
            if not may(actor.role, "remove", target.role):
                raise PolicyError("rank_too_low")
            return _without(state, action.target)


def _create(actor: str, action: Create) -> State:
    creator = Member(pseudonym=action.pseudonym, role="owner", key=action.key, agreed=1, leaves=(actor,))
    return State.model_validate(
        {
            **action.model_dump(exclude={"action", "target", "pseudonym", "key"}),
            "rules": {"version": 1, "text": action.rules},
            "members": {actor: creator},
        }
    )


def _admit(state: State, actor: Member, action: Admit) -> State:
    if not may(actor.role, "admit", action.role):
        raise PolicyError("rank_too_low")
    if action.replaces is not None:
        _check_replaced(state, actor, action.role, action.replaces)
    if action.agreement.version != state.rules.version:
        raise PolicyError("invalid_field")
    if action.target in state.members:
        raise PolicyError("already_member")
    if action.target in state.departed or any(action.target in member.leaves for member in state.members.values()):
        raise PolicyError("duplicate_identity")
    rest = state if action.replaces is None else _without(state, action.replaces)
    if any(action.pseudonym == member.pseudonym for member in rest.members.values()):
        raise PolicyError("pseudonym_taken")
    admitted = Member(
        pseudonym=action.pseudonym,
        role=action.role,
        key=action.key,
        agreed=action.agreement.version,
        leaves=(action.target,),
    )
    return rest.model_copy(update={"members": {**rest.members, action.target: admitted}})


def _check_replaced(state: State, actor: Member, role: Role, replaces: str) -> None:
    """Whoever lets someone back in ends a membership, and nobody gains by coming back."""
    replaced = state.members.get(replaces)
    if replaced is None:
        raise PolicyError("unknown_member")
    if not may(actor.role, "remove", replaced.role) or RANKS[role] > RANKS[replaced.role]:
        raise PolicyError("rank_too_low")


def _without(state: State, member: str) -> State:
    departed = (*state.departed, *state.members[member].leaves)[-MAX_DEPARTED:]
    members = {id: one for id, one in state.members.items() if id != member}
    return state.model_copy(update={"members": members, "departed": departed})
