"""How the policy lines of a further room change a place in it (docs/protocol.md, "Further rooms")."""

from safespace.fields import PASSING, b64decode, b64encode
from safespace.rooms.further import belongs, check_clear, check_sender, fold, roster_fits, state_hash
from safespace.rooms.further_state import Bring, FurtherState, LeaveRoom, RemoveFromRoom, read_policy, read_state
from safespace.rooms.roll import role_at
from safespace.rooms.state import PolicyError
from safespace.sdk.checks import Suspicion, check_endorsed
from safespace.sdk.further_place import FurtherPlace
from safespace.sdk.opening import Opened, open_sealed
from safespace.sdk.sealing import Pending
from safespace.wire import Envelope


def take_policy(place: FurtherPlace, envelope: Envelope, own: Pending | None) -> None:
    """One that does not hold is void: nobody folds it, and the next one builds on its seq, on every device alike."""
    before, place.policy_seq = place.policy_seq, envelope.seq
    try:
        opened = open_sealed(place, envelope, own)
        message = read_policy(opened.content)
        if envelope.policy is None or message.seq != before:
            raise PolicyError("stale_policy")
        check_clear(envelope.policy, message)
        check_sender(place.state, message, opened.sender.identity)
        state = fold(place.state, message, place.main.roll)
        if (state.group, state.room) != (place.group, place.room):
            raise PolicyError("wrong_group")
    except (PolicyError, Suspicion) as error:
        place.disputed.add_void(envelope.seq, envelope.policy, place.member_of(b64decode(envelope.leaf)))
        raise Suspicion("policy_forged") from error
    match message.action:
        case Bring() as bring:
            place.admitting = opened.sender.identity, bring
            place.unadmitted = place.state
        case LeaveRoom() if message.actor == place.own:
            place.status = "left"
        case RemoveFromRoom(target=target) if target == place.own:
            place.status = "removed"
    place.state = state


def take_state(place: FurtherPlace, envelope: Envelope, own: Pending | None) -> None:
    """The state that someone who was brought is handed: to be believed here, or only to be compared."""
    if place.brought:
        try:
            opened = open_sealed(place, envelope, own)
            place.state = _first_state(place, envelope, opened)
        except (PolicyError, Suspicion) as error:
            raise Suspicion("state_mismatch") from error
        place.brought = False
        return
    due, place.state_due = place.state_due, None
    if place.stuck:
        return
    try:
        opened = open_sealed(place, envelope, own)
        same = state_hash(read_state(opened.content)) == state_hash(place.state)
    except (PolicyError, Suspicion) as error:
        raise Suspicion("state_forged") from error
    if opened.sender.identity != due or not same:
        raise Suspicion("state_forged")


def _first_state(place: FurtherPlace, envelope: Envelope, opened: Opened) -> FurtherState:
    """Of this room; everyone belonged in it when this device was brought, and holds just the leaf that they endorsed.

    Raises PolicyError or Suspicion.
    """
    state, main = read_state(opened.content), place.main
    mine = state.members.get(place.own)
    leaves = {b64encode(leaf.identity): leaf for leaf in place.public.leaves()}
    if (
        (state.group, state.room) != (place.group, place.room)
        or (state.purpose in PASSING) != place.passing
        or mine is None
        or mine.leaf != b64encode(place.leaf.identity)
        or b64encode(opened.sender.identity) not in {member.leaf for member in state.members.values()}
        or envelope.policy is None
        or envelope.policy.main != state.main
        or not roster_fits(state, [leaf.identity for leaf in leaves.values()])
    ):
        raise Suspicion("state_mismatch")
    for id, member in state.members.items():
        if not belongs(state.purpose, state.about, id, role_at(main.roll, id, state.main)):
            raise Suspicion("state_mismatch")
        check_endorsed(main, id, member.endorsement, leaves[member.leaf])
    return state
