"""Sealing a private reason to the one it is about and to those who keep the room."""

from safespace.crypto.errors import CryptoError
from safespace.crypto.reasons import seal_reason
from safespace.fields import b64decode, b64encode
from safespace.rooms.actions import SealedReason
from safespace.rooms.boxes import MAX_BOXES, Box
from safespace.rooms.former import goes_on_as
from safespace.rooms.roles import RANKS, STAFF
from safespace.rooms.state import PolicyError, State
from safespace.sdk.reach import Tell, reachable


def sealed_reason(tell: Tell, state: State | None, target: str, reason: str | None) -> SealedReason | None:
    """None where no reason is given, or nobody can be reached by it. Raises PolicyError `invalid_field` for one that is
    not 1 to 300 characters.

    Where there are more of the staff than boxes, it is sealed to those of the highest ranks.
    """
    if reason is None or state is None:
        return None
    whom = goes_on_as(state, target)
    staff = [id for id, member in state.members.items() if id != whom and member.role in STAFF]
    staff.sort(key=lambda id: RANKS[state.members[id].role], reverse=True)
    readers = reachable(tell, state, [id for id in (whom, *staff) if id in state.members])[:MAX_BOXES]
    if not readers:
        return None
    keys = {b64decode(id): b64decode(state.members[id].key) for id in readers}
    try:
        mac, boxes = seal_reason(reason, state.group.bytes, b64decode(target), keys)
    except CryptoError as error:
        raise PolicyError("invalid_field") from error
    sealed = [Box(member=b64encode(member), box=b64encode(box)) for member, box in boxes.items()]
    return SealedReason(mac=b64encode(mac), boxes=tuple(sorted(sealed, key=lambda box: box.member)))
