"""The fold: what a policy message makes of a group's state. Pure, and alike on every device.

Signatures are checked elsewhere: the sender's by MLS, the agreement's by `crypto.invites.verify_agreement`.
`web/src/room/policy.ts` folds alike (vectors in `tests/vectors/policy.json`).
"""

import hashlib
from collections.abc import Collection

from safespace.crypto.encoding import lp
from safespace.rooms import membership, moderation, offices
from safespace.rooms.actions import (
    Accept,
    Admit,
    Agree,
    AnyAction,
    Create,
    Demote,
    EndOffer,
    Leave,
    LetSpeak,
    Mute,
    MuteAll,
    Offer,
    Remove,
    Restore,
    Retain,
    StepDown,
    TakeDown,
    Unban,
    Unmute,
    WriteCharter,
    shown,
)
from safespace.rooms.roles import may
from safespace.rooms.state import Charter, Member, PolicyError, PolicyMessage, State
from safespace.wire import ClearPolicy, b64encode


def state_hash(state: State | None) -> bytes:
    """32 bytes. `None` is the state before `create`."""
    canonical = b"null" if state is None else state.written()
    return hashlib.sha256(lp("safespace policy state 1") + lp(canonical)).digest()


def propose(state: State | None, actor: str, seq: int, action: AnyAction) -> PolicyMessage:
    """The message with which `actor` does `action` on `state`, known up to policy_seq `seq`."""
    return PolicyMessage(actor=actor, seq=seq, state=b64encode(state_hash(state)), action=action)


def check_clear(clear: ClearPolicy, message: PolicyMessage) -> None:
    """Raises PolicyError `announcement_mismatch` unless the relay was shown just what is sealed."""
    action = message.action
    sealed = ClearPolicy.model_validate({"action": action.action, "policy_seq": message.seq, **shown(action)})
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


def fold(state: State | None, message: PolicyMessage, time: int) -> State:
    """The state after `message`, whose envelope has the server's `time` (milliseconds).

    Raises PolicyError with the reason why nobody applies it: stale_policy, group_exists, not_a_member, forbidden,
    invalid_field or a code of the action's own (`membership`, `offices`, `moderation`).
    """
    if message.state != b64encode(state_hash(state)):
        raise PolicyError("stale_policy")
    action = message.action
    if isinstance(action, Create):
        if state is not None:
            raise PolicyError("group_exists")
        return membership.create(message.actor, action)
    actor = state.members.get(message.actor) if state else None
    if state is None or actor is None:
        raise PolicyError("not_a_member")
    if not may(actor.role, action.action):
        raise PolicyError("forbidden")
    id = message.actor
    match action:
        case Admit():
            return membership.admit(state, actor, action)
        case Leave():
            return membership.leave(state, id)
        case Remove():
            return membership.remove(state, actor, action)
        case Unban():
            return membership.unban(state, action)
        case Agree():
            return _agree(state, id, actor, action)
        case Offer():
            return offices.offer(state, id, action)
        case EndOffer():
            return offices.end_offer(state, id, action)
        case Accept():
            return offices.accept(state, id, action)
        case Demote():
            return offices.demote(state, actor, action)
        case StepDown():
            return offices.step_down(state, id, action)
        case Mute():
            return moderation.mute(state, actor, action, time)
        case Unmute():
            return moderation.unmute(state, actor, action, time)
        case MuteAll():
            return moderation.mute_all(state, action)
        case LetSpeak():
            return moderation.let_speak(state, actor, action)
        case TakeDown() | Restore():
            return moderation.take_down(state, actor, action)
        case Retain():
            if action.days == state.days:
                raise PolicyError("unchanged")
            return state.model_copy(update={"days": action.days})
        case WriteCharter():
            charter = Charter(version=state.charter.version + 1, text=action.charter)
            return state.model_copy(update={"charter": charter})


def _agree(state: State, id: str, actor: Member, action: Agree) -> State:
    if action.version != state.rules.version:
        raise PolicyError("invalid_field")
    agreed = actor.model_copy(update={"agreed": action.version})
    return state.model_copy(update={"members": {**state.members, id: agreed}})
