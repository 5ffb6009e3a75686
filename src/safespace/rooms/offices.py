"""The fold, for actions that change who has which role. Nobody gets one they did not accept."""

from safespace.rooms.actions import Accept, Demote, EndOffer, Offer, StepDown
from safespace.rooms.membership import is_last_owner
from safespace.rooms.roles import RANKS, may, may_offer
from safespace.rooms.state import Member, Offered, PolicyError, State


def offer(state: State, actor: str, action: Offer) -> State:
    """Raises PolicyError unknown_member, rank_too_low or already_offered.

    One that holds gives way only to someone who may make it, too.
    """
    target, giver = _member(state, action.target), state.members[actor]
    if not may_offer(giver.role, target.role, action.role):
        raise PolicyError("rank_too_low")
    made = standing_offer(state, action.target)
    if made is not None and made.role == action.role:
        raise PolicyError("already_offered")
    if made is not None and not may_offer(giver.role, target.role, made.role):
        raise PolicyError("rank_too_low")
    offered = Offered(role=action.role, by=actor)
    return state.model_copy(update={"offers": {**state.offers, action.target: offered}})


def end_offer(state: State, actor: str, action: EndOffer) -> State:
    """Raises PolicyError unknown_member, no_offer or rank_too_low."""
    target = _member(state, action.target)
    made = state.offers.get(action.target)
    if made is None:
        raise PolicyError("no_offer")
    if actor != action.target and not may_offer(state.members[actor].role, target.role, made.role):
        raise PolicyError("rank_too_low")
    return _without_offer(state, action.target)


def accept(state: State, actor: str, action: Accept) -> State:
    """Raises PolicyError no_offer or invalid_field."""
    made, me = standing_offer(state, actor), state.members[actor]
    if made is None or made.role != action.role:
        raise PolicyError("no_offer")
    if action.version != state.charter.version:
        raise PolicyError("invalid_field")
    taken = me.model_copy(update={"role": action.role, "charter": action.version})
    return _with(_without_offer(state, actor), actor, taken)


def demote(state: State, actor: Member, action: Demote) -> State:
    """Raises PolicyError unknown_member, rank_too_low or unchanged."""
    target = _member(state, action.target)
    if not may(actor.role, "demote", target.role):
        raise PolicyError("rank_too_low")
    return _lower(state, action.target, target, action)


def step_down(state: State, actor: str, action: StepDown) -> State:
    """Raises PolicyError last_owner or unchanged."""
    if is_last_owner(state, actor):
        raise PolicyError("last_owner")
    return _lower(state, actor, state.members[actor], action)


def standing_offer(state: State, id: str) -> Offered | None:
    """What a member may accept: an offer is worth what its maker may still give."""
    made, member = state.offers.get(id), state.members[id]
    maker = None if made is None else state.members.get(made.by)
    if made is None or maker is None or not may_offer(maker.role, member.role, made.role):
        return None
    return made


def _lower(state: State, id: str, member: Member, action: Demote | StepDown) -> State:
    if RANKS[action.role] >= RANKS[member.role]:
        raise PolicyError("unchanged")
    return _with(_without_offer(state, id), id, member.model_copy(update={"role": action.role}))


def _member(state: State, id: str) -> Member:
    member = state.members.get(id)
    if member is None:
        raise PolicyError("unknown_member")
    return member


def _with(state: State, id: str, member: Member) -> State:
    return state.model_copy(update={"members": {**state.members, id: member}})


def _without_offer(state: State, id: str) -> State:
    return state.model_copy(update={"offers": {one: made for one, made in state.offers.items() if one != id}})
