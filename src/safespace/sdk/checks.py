"""What is checked before the MLS library sees anything, and before anything is believed (docs/protocol.md).

Every function is pure. What an honest server and honest members would not send raises `Suspicion`.
"""

import hashlib
import hmac
from dataclasses import dataclass
from uuid import UUID

from safespace.crypto.endorsements import verify_endorsement
from safespace.crypto.errors import CryptoError
from safespace.crypto.invites import InviteKeys, JoinRequest, open_request, request_mac, verify_agreement
from safespace.crypto.mls import (
    CheckedCommit,
    CheckedKeyPackage,
    Leaf,
    MLSError,
    check_key_package,
    check_private_message,
)
from safespace.fields import PASSING, b64decode, b64encode
from safespace.rooms.actions import Admit
from safespace.rooms.further_state import Bring
from safespace.rooms.live import Table, hush, settled
from safespace.rooms.moderation import due_refusal
from safespace.rooms.namesakes import is_as_asked
from safespace.rooms.passing import table_within
from safespace.rooms.policy import roster_fits
from safespace.rooms.roles import STAFF, may
from safespace.rooms.silence import is_muted
from safespace.rooms.state import PolicyError, State, read_state
from safespace.sdk.any_place import AnyPlace
from safespace.sdk.further_place import FurtherPlace
from safespace.sdk.place import Asked, Place
from safespace.wire import Envelope

_FOREIGN = {
    "leaf_changed": "identity_changed",
    "duplicate_identity": "identity_changed",
    "forbidden_handshake": "unannounced_change",
    "wrong_group": "bad_commit",
    "stale_epoch": "bad_commit",
    "wrong_epoch": "bad_commit",
    "wrong_leaf": "bad_commit",
}
"""What a commit can be read for that no client ever makes, and the warning that it is worth."""


class Suspicion(Exception):  # noqa: N818 - it is not an error of ours
    """Something to warn of; `code` is one of `sdk.errors.WARNINGS`."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def body_of(envelope: Envelope) -> bytes:
    """The MLSMessage of a line that cannot be empty."""
    if envelope.body is None:
        raise Suspicion("unreadable")
    return b64decode(envelope.body)


def is_silenced(place: AnyPlace, code: str) -> bool:
    """Whether what the group agreed is a reason to refuse this member's messages with this code.

    Of what has just ended or begun, or depends on how right this device's clock is, the server is believed.
    """
    within = None
    if isinstance(place, FurtherPlace):
        # In a staff room or an aside nobody is.
        if place.purpose not in PASSING or (place.purpose == "breakout" and code not in ("muted", "paused", "closed")):
            return False
        within, place = place.room, place.main
    assert isinstance(place, Place)  # noqa: S101 - there are no other places
    state, me, member = place.state, place.me, place.member(place.me)
    if state is None or me is None or member is None:
        return False
    now, error = place.clock.now(), place.clock.error
    match code:
        case "muted":
            return is_muted(state, me, now - error)
        case "listening":
            return member.listening
        case "agree_first":
            return member.agreed != state.rules.version
        case "quiet":
            return state.quiet and member.role not in STAFF
        case "slow_mode":
            return state.live.slow > 0 and member.role not in STAFF
        case _:
            moments = (now - error, now, now + error)
            return any(hush(*_table(state, within, time), me, member.role, time) == code for time in moments)


def _table(state: State, within: UUID | None, time: int) -> Table:
    """Session and floor as they bind in main, or in a passing room."""
    live, floor = settled(state.live, state.floor, time)
    return (live, floor) if within is None else table_within(live, floor, within)


def was_let_through(place: AnyPlace, envelope: Envelope) -> bool:
    """Whether the server took this message though its sender, as is known by now, could not write just then."""
    # In further rooms everyone can; of a message that is taken down, who wrote it is the server's word.
    if not isinstance(place, Place) or place.state is None or envelope.body is None:
        return False
    if (envelope.kind != "message" and envelope.kind != "reaction") or place.disputed.undone:
        return False
    member = place.member_of(b64decode(envelope.leaf))
    return member is not None and due_refusal(place.state, member, envelope.kind, envelope.time) is not None


def check_sealed(place: AnyPlace, envelope: Envelope) -> Leaf:
    """An application message of this room and epoch, by a leaf of a member. Returns that leaf."""
    try:
        header = check_private_message(body_of(envelope))
    except MLSError as error:
        raise Suspicion("unreadable") from error
    if header.group_id != place.room.bytes or not header.epoch == envelope.epoch == place.public.epoch:
        raise Suspicion("unreadable")
    identity = b64decode(envelope.leaf)
    leaf = place.leaf_in_tree(identity)
    # Before `create` and before a newcomer has the state, there are no members to compare with.
    if leaf is None or (place.known and place.member_of(identity) is None):
        raise Suspicion("wrong_sender")
    return leaf


def check_commit(place: AnyPlace, envelope: Envelope) -> CheckedCommit | None:
    """A commit of this epoch by a member's leaf.

    None where it cannot be read or breaks the profile, so that nobody with our clients can process it.
    """
    try:
        commit = place.public.check_commit(body_of(envelope))
    except MLSError as error:
        if error.code in _FOREIGN:
            raise Suspicion(_FOREIGN[error.code]) from error
        return None
    if commit.identity != b64decode(envelope.leaf) or envelope.epoch != place.public.epoch:
        raise Suspicion("bad_commit")
    if not place.known or place.member_of(commit.identity) is None:
        raise Suspicion("unannounced_change")
    return commit


def check_agreed(place: AnyPlace, envelope: Envelope, commit: CheckedCommit) -> bool:
    """Whether a commit changes just what was announced. False where the relay could not know that it does not, as what
    announced it is void; else raises Suspicion."""
    if envelope.seq - 1 in place.disputed.void and (commit.added or commit.removed):
        return False
    _check_added(place, commit)
    unsaid = [identity for _, identity in commit.removed if b64encode(identity) not in place.gone]
    if any(place.member_of(identity) not in place.contested for identity in unsaid):
        raise Suspicion("unannounced_change")
    return not unsaid


def _check_added(place: AnyPlace, commit: CheckedCommit) -> None:
    """Exactly the announced KeyPackage, by who announced it; its leaf agreed to the group's rules, or is endorsed."""
    if place.admitting is None:
        if commit.added:
            raise Suspicion("unannounced_change")
        return
    announcer, announcement = place.admitting
    leaf = announcement.leaf if isinstance(announcement, Bring) else announcement.target
    announced = (b64decode(leaf), b64decode(announcement.package))
    if [(package.identity, package.ref) for package in commit.added] != [announced] or commit.identity != announcer:
        raise Suspicion("unannounced_change")
    added = commit.added[0]
    match place, announcement:
        case FurtherPlace(), Bring():
            check_endorsed(place.main, announcement.target, announcement.endorsement, added)
        case Place(state=State(rules=rules)), Admit():
            try:
                verify_agreement(announcement.agreement, added.signature_key, place.group.bytes, rules)
            except CryptoError as error:
                raise Suspicion("unannounced_change") from error
        case _:
            raise Suspicion("unannounced_change")


def check_endorsed(main: Place, member: str, endorsement: str, leaf: CheckedKeyPackage | Leaf) -> None:
    """The member said, with the key they have in main, that this leaf in a further room is theirs."""
    known = main.roll.get(member)
    if known is None:
        raise Suspicion("unendorsed_leaf")
    try:
        verify_endorsement(
            b64decode(endorsement), b64decode(known.key), main.group.bytes, leaf.identity, leaf.signature_key
        )
    except CryptoError as error:
        raise Suspicion("unendorsed_leaf") from error


def check_handed_state(place: Place, content: bytes) -> None:
    """The state handed to a joiner is the one the group has."""
    try:
        same = read_state(content) == place.state
    except PolicyError as error:
        raise Suspicion("state_forged") from error
    if not same:
        raise Suspicion("state_forged")


def check_first_state(place: Place, asked: Asked, sender: bytes, content: bytes) -> State:
    """The state a newcomer is handed: the one that the answer speaks of, of this group, by one who may admit, fitting
    the tree, with the newcomer's own name (or that with a number), key and agreement, and the rules of the invite."""
    own = b64encode(place.leaf.identity)
    if not hmac.compare_digest(hashlib.sha256(content).digest(), b64decode(asked.state)):
        raise Suspicion("state_mismatch")
    try:
        state = read_state(content)
    except PolicyError as error:
        raise Suspicion("state_mismatch") from error
    entry = state.members.get(own)
    admitter = next((one for one in state.members.values() if b64encode(sender) in one.leaves), None)
    if (
        (state.group, state.room) != (place.group, place.room)
        or entry is None
        or not is_as_asked(entry.pseudonym, asked.pseudonym)
        or (entry.key, entry.leaves) != (asked.key, (own,))
        or entry.agreed != asked.rules.version
        or state.rules != asked.rules
        or admitter is None
        or not may(admitter.role, "admit", entry.role)
        or not roster_fits(state, [leaf.identity for leaf in place.public.leaves()])
    ):
        raise Suspicion("state_mismatch")
    return state


@dataclass(frozen=True, slots=True)
class Applicant:
    """A request to join that holds together, and what it says."""

    request: JoinRequest
    package: CheckedKeyPackage


def check_request(
    place: Place,
    keys: InviteKeys,
    invite_private: bytes,
    request_id: UUID,
    expires: int,
    package: bytes,
    sealed: bytes,
    mac: bytes,
    now: int,
) -> Applicant:
    """A request made with the invite's secret, whose KeyPackage and agreement are the applicant's own.

    `expires` and `now` are in milliseconds.
    """
    expected = request_mac(keys, place.group.bytes, request_id.bytes, expires, package, sealed)
    if not hmac.compare_digest(expected, mac) or place.state is None or expires <= now:
        raise Suspicion("forged_request")
    try:
        checked = check_key_package(package, now // 1000)
        request = open_request(invite_private, keys.invite_id, request_id.bytes, sealed)
        verify_agreement(request.agreement, checked.signature_key, place.group.bytes, place.state.rules)
    except (CryptoError, MLSError) as error:
        raise Suspicion("forged_request") from error
    return Applicant(request, checked)
