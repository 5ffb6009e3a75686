"""The fold, for actions by which members come and go."""

from safespace.fields import Role
from safespace.rooms.actions import Admit, Create, Remove, Unban
from safespace.rooms.former import remembered
from safespace.rooms.naming import check_free
from safespace.rooms.roles import RANKS, STAFF, may
from safespace.rooms.state import MAX_BANNED, MAX_DEPARTED, Banned, Charter, Member, Muted, OldName, PolicyError, State


def create(actor: str, action: Create) -> State:
    """The first state: its creator is the owner, and wrote rules and charter."""
    creator = Member(
        pseudonym=action.pseudonym,
        role="owner",
        key=action.key,
        agreed=1,
        charter=1,
        listening=False,
        leaves=(actor,),
    )
    return State.model_validate(
        {
            **action.model_dump(exclude={"action", "target", "pseudonym", "key"}),
            "rules": {"version": 1, "text": action.rules},
            "charter": Charter(version=1, text=action.charter),
            "members": {actor: creator},
        }
    )


def admit(state: State, actor: Member, action: Admit) -> State:
    """Raises PolicyError rank_too_low, no_offer, unknown_member, invalid_field, already_member, duplicate_identity or
    pseudonym_taken.
    """
    if not may(actor.role, "admit", action.role):
        raise PolicyError("rank_too_low")
    if action.replaces is not None:
        _check_replaced(state, actor, action.role, action.replaces)
    elif action.role in STAFF:
        # One is offered it, and agrees to the charter.
        raise PolicyError("no_offer")
    if action.agreement.version != state.rules.version:
        raise PolicyError("invalid_field")
    if action.target in state.members:
        raise PolicyError("already_member")
    known = {*state.departed, *(one.member for one in state.former)}
    if action.target in known or any(action.target in member.leaves for member in state.members.values()):
        raise PolicyError("duplicate_identity")
    rest = state if action.replaces is None else without(state, action.replaces, now=action.target)
    check_free(rest, action.pseudonym, action.target)
    replaced = None if action.replaces is None else state.members[action.replaces]
    admitted = Member(
        pseudonym=action.pseudonym,
        role=action.role,
        key=action.key,
        agreed=action.agreement.version,
        charter=replaced.charter if replaced else 0,
        # Coming back on another device ends neither a mute nor listening, and begins none; nor does leaving.
        listening=replaced.listening if replaced else action.listening,
        leaves=(action.target,),
    )
    if replaced is None:
        kept = None if action.session is None else Muted(until=action.until, session=action.session)
    else:
        kept = state.mutes.get(action.replaces or "")
    mutes = rest.mutes if kept is None else {**rest.mutes, action.target: kept}
    names = tuple(one for one in rest.names if one.pseudonym != action.pseudonym)
    return rest.model_copy(
        update={"members": {**rest.members, action.target: admitted}, "mutes": mutes, "names": names},
    )


def leave(state: State, actor: str) -> State:
    """Raises PolicyError last_owner."""
    if is_last_owner(state, actor):
        raise PolicyError("last_owner")
    return without(state, actor)


def remove(state: State, actor: Member, action: Remove) -> State:
    """Raises PolicyError unknown_member or rank_too_low."""
    target = state.members.get(action.target)
    if target is None:
        raise PolicyError("unknown_member")
    if not may(actor.role, "remove", target.role):
        raise PolicyError("rank_too_low")
    after = without(state, action.target)
    if not action.ban:
        return after
    banned = (*after.banned, Banned(member=action.target, pseudonym=target.pseudonym))[-MAX_BANNED:]
    return after.model_copy(update={"banned": banned})


def unban(state: State, action: Unban) -> State:
    """Raises PolicyError not_banned."""
    banned = tuple(one for one in state.banned if one.member != action.target)
    if banned == state.banned:
        raise PolicyError("not_banned")
    return state.model_copy(update={"banned": banned})


def is_last_owner(state: State, id: str) -> bool:
    """Whether the group would be without an owner if it were not for this member."""
    return [one for one, member in state.members.items() if member.role == "owner"] == [id]


def without(state: State, member: str, now: str | None = None) -> State:
    """The state without a member, whose leaves are departed; `now` is the member as whom they go on, if they do."""
    departed = (*state.departed, *state.members[member].leaves)[-MAX_DEPARTED:]
    return state.model_copy(
        update={
            "members": {id: one for id, one in state.members.items() if id != member},
            "offers": {id: one for id, one in state.offers.items() if id != member},
            "mutes": {id: one for id, one in state.mutes.items() if id != member},
            "former": remembered(state, member, now),
            "names": tuple(_goes_on(one, member, now) for one in state.names),
            "departed": departed,
        }
    )


def _goes_on(old: OldName, member: str, now: str | None) -> OldName:
    """Old names stay one's own as whom one goes on; those of who is gone are nobody's until they end."""
    return old.model_copy(update={"member": now}) if old.member == member and now is not None else old


def _check_replaced(state: State, actor: Member, role: Role, replaces: str) -> None:
    """Whoever lets someone back in ends a membership, and nobody gains by coming back."""
    replaced = state.members.get(replaces)
    if replaced is None:
        raise PolicyError("unknown_member")
    if not may(actor.role, "remove", replaced.role) or RANKS[role] > RANKS[replaced.role]:
        raise PolicyError("rank_too_low")
