"""Acts in a further room, sealed and ready to be sent."""

from collections.abc import Callable
from uuid import UUID

from safespace.rooms.further import fold, propose
from safespace.rooms.further_state import AnyFurtherAction, Bring, FurtherStateMessage
from safespace.sdk.further_place import FurtherPlace
from safespace.sdk.group_crypto import Commit, GroupCrypto
from safespace.sdk.sealing import Pending, complete, seal_policy


def seal_further(
    place: FurtherPlace,
    client_id: UUID,
    action: AnyFurtherAction | None,
    make: Callable[[GroupCrypto], Commit] | None = None,
) -> Pending:
    """An act in a further room: a policy message, a commit, and for who is brought the state.

    Raises PolicyError where the room's own rules forbid the action, GroupCryptoError where the library cannot make the
    commit.
    """
    pending, policy, handed = Pending(client_id), None, None
    if action is not None:
        message = propose(place.state, place.own, place.policy_seq, place.main.policy_seq, action)
        state = fold(place.state, message, place.main.roll)
        said = {
            "action": action.action,
            "target": action.target,
            "policy_seq": message.seq,
            "main": message.main,
        }
        policy = seal_policy(place, pending, message.written(), said)
        handed = FurtherStateMessage(state=state).written() if isinstance(action, Bring) else None
    return complete(place, pending, policy, make, handed)
