"""The fold: what a policy message makes of a group's state. Pure, and alike on every device.

Signatures are checked elsewhere: the sender's by MLS, the agreement's by `crypto.invites.verify_agreement`.
`web/src/room/policy.ts` folds alike (vectors in `tests/vectors/policy.json`).
"""

import hashlib
from collections.abc import Collection

from safespace.crypto.encoding import lp
from safespace.errors import PolicyError
from safespace.fields import HANDS, b64encode
from safespace.rooms import membership, moderation, naming, offices, running
from safespace.rooms.actions import (
    Accept,
    Admit,
    Agree,
    AnyAction,
    Create,
    Demote,
    EndOffer,
    LaterAction,
    Leave,
    LetSpeak,
    Mute,
    MuteAll,
    Offer,
    Remove,
    Rename,
    RenameGroup,
    Restore,
    Retain,
    StepDown,
    TakeDown,
    Unban,
    Unmute,
    WriteCharter,
    WriteWelcome,
    shown,
)
from safespace.rooms.roles import may
from safespace.rooms.state import Charter, Member, PolicyMessage, State
from safespace.wire import ClearPolicy


def state_hash(state: State | None) -> bytes:
    """32 bytes, of everything but `floor`. `None` is the state before `create`."""
    canonical = b"null" if state is None else state.written(but={"floor"})
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


def check_seen(state: State | None, message: PolicyMessage, policy_seq: int, hand_seq: int) -> None:
    """Whether the message was made on this state; a hand may have been raised on an earlier one.

    `hand_seq` is the seq of the last message about a hand, which an `admit` has to have seen as well: it hands the
    floor to a joiner. Raises PolicyError `stale_policy`.
    """
    kind, seq = message.action.action, message.seq
    if kind in HANDS:
        if seq > policy_seq or (seq == policy_seq and message.state != b64encode(state_hash(state))):
            raise PolicyError("stale_policy")
    elif seq != newest(kind, policy_seq, hand_seq):
        raise PolicyError("stale_policy")


def newest(kind: str, policy_seq: int, hand_seq: int) -> int:
    """The `policy_seq` that an action of this kind has to be made on."""
    return max(policy_seq, hand_seq) if kind == "admit" else policy_seq


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
    invalid_field or a code of the action's own (`membership`, `offices`, `moderation`, `naming`, `running`).
    """
    action = message.action
    if action.action not in HANDS and message.state != b64encode(state_hash(state)):
        raise PolicyError("stale_policy")
    if isinstance(action, Create):
        if state is not None:
            raise PolicyError("group_exists")
        return membership.create(message.actor, action)
    if state is None or message.actor not in state.members:
        raise PolicyError("not_a_member")
    if not may(state.members[message.actor].role, action.action):
        raise PolicyError("forbidden")
    # A joiner is handed the state as it stands: what time makes of it everyone works out alike, but not at one time.
    before = state if isinstance(action, Admit) else running.settle(state, time)
    return running.follow(before, _apply(before, message.actor, action, time), action, time)


def _apply(state: State, id: str, action: LaterAction, time: int) -> State:
    actor = state.members[id]
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
        case RenameGroup():
            return naming.rename_group(state, action)
        case WriteWelcome():
            return naming.write_welcome(state, action)
        case Rename():
            return naming.rename(state, id, action, time)
        case _:
            return running.run(state, id, action, time)


def _agree(state: State, id: str, actor: Member, action: Agree) -> State:
    if action.version != state.rules.version:
        raise PolicyError("invalid_field")
    agreed = actor.model_copy(update={"agreed": action.version})
    return state.model_copy(update={"members": {**state.members, id: agreed}})
