"""How one envelope of a room's log changes a place. Synchronous, no I/O: what is read is saved by the room."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from pydantic import ValidationError

from safespace.crypto.reports import Endorsement, ReportedLine
from safespace.fields import HANDS, b64decode, b64encode, is_time
from safespace.rooms.actions import Admit, AnyAction, Leave, Remove
from safespace.rooms.guests import done_with
from safespace.rooms.policy import check_clear, check_seen, check_sender, fold
from safespace.rooms.roles import CARDS, RANKS, STAFF
from safespace.rooms.state import PolicyError, read_policy
from safespace.sdk import further_reading
from safespace.sdk.any_place import AnyPlace, Before
from safespace.sdk.checks import Suspicion, body_of, check_agreed, check_commit, check_first_state, check_handed_state
from safespace.sdk.conversation import Message, Noted
from safespace.sdk.deeds import Deed, deed_of
from safespace.sdk.further_place import FurtherPlace
from safespace.sdk.group_crypto import GroupCrypto, GroupCryptoError
from safespace.sdk.opening import Opened, open_sealed
from safespace.sdk.place import Place
from safespace.sdk.said import CardMessage, NoteMessage, Reaction, TextMessage, read_said
from safespace.sdk.sealing import Pending
from safespace.wire import Envelope


@dataclass(frozen=True, slots=True)
class Followed:
    """A policy message that was folded, and what people are told of it."""

    action: AnyAction
    deed: Deed


def read(place: AnyPlace, envelope: Envelope, own: Pending | None) -> Message | Noted | Followed | None:
    """Apply the envelope with the next seq; `own` is what this device sent under its client_id.

    Returns what is to be kept of it: a message to show, or what was done. Raises Suspicion; after a halting one the
    place is not to be used.
    """
    if place.status != "member":
        return None
    if place.admitting is not None and envelope.kind != "handshake":
        raise Suspicion("unannounced_change")
    if envelope.kind == "void":
        _read_void(place, envelope.seq)
        return None
    is_state = envelope.policy is not None and envelope.policy.action == "state"
    if not is_state:
        if place.stuck:  # others could apply it, and go on
            place.status = "lost"
            raise Suspicion("bad_commit")
        place.commit_stands()
    if is_state != (place.state_due is not None or place.newcomer):
        raise Suspicion("state_mismatch")
    if envelope.kind == "handshake":
        _read_commit(place, envelope, own)
        return None
    if envelope.kind != "policy":
        return _read_message(place, envelope, own)
    match place:
        case FurtherPlace() if is_state:
            further_reading.take_state(place, envelope, own)
        case FurtherPlace():
            further_reading.take_policy(place, envelope, own)
        case Place() if is_state:
            _read_state(place, envelope, own)
        case Place():
            return _read_policy(place, envelope, own)
    return None


def _read_message(place: AnyPlace, envelope: Envelope, own: Pending | None) -> Message | Noted | None:
    if envelope.body is None:
        return _read_empty(place, envelope)
    opened = open_sealed(place, envelope, own)
    member = place.member_of(opened.sender.identity)
    name = None if member is None else place.name_of(member)
    try:
        said = read_said(opened.content)
    except ValueError as error:
        raise Suspicion("unreadable") from error
    if said is not None and envelope.kind != "message" and not isinstance(said, Reaction):
        raise Suspicion("unreadable")  # reactions are let through where messages are not
    if member is None or name is None:
        raise Suspicion("wrong_sender")
    if said is not None:
        place.heard(member, said)
    capsule = isinstance(place, FurtherPlace) and place.purpose == "capsule"
    message = Message(envelope.seq, "", name, member, member == place.me, envelope.time, place.room, capsule=capsule)
    role = place.role_of(member) or "guest"
    quote = partial(_quote, envelope, opened, _endorsement(place, member, opened))
    match said:
        case TextMessage(text=text, note=note):
            return replace(message, text=text, note=note, quote=quote())
        case CardMessage(text=text, title=title, line=line) if capsule or isinstance(place, Place):
            if RANKS[role] < RANKS[CARDS]:
                raise Suspicion("unreadable")
            return replace(message, text=text, title=title, answers=line, quote=quote())
        case NoteMessage(line=line, note=note):
            return Noted(line, note, member, name, role in STAFF)
    return None  # unknown here, for the rooms in which sessions are held, or nothing to show


def _endorsement(place: AnyPlace, member: str, opened: Opened) -> Endorsement | None:
    """Whose leaf said it, as the room has it; in main the group has that."""
    if not isinstance(place, FurtherPlace) or place.state is None:
        return None
    endorsed = place.state.members[member]
    return Endorsement(member=member, key=b64encode(opened.sender.signature_key), endorsement=endorsed.endorsement)


def _quote(envelope: Envelope, opened: Opened, endorsed: Endorsement | None) -> dict[str, Any]:
    """The message as it could be reported. Raises Suspicion bad_commitment for one that could not."""
    about = envelope.model_dump(mode="json", include={"leaf", "epoch", "seq", "time", "commitment", "stamp"})
    try:
        line = ReportedLine(content=b64encode(opened.content), kf=b64encode(opened.kf), endorsed=endorsed, **about)
    except ValidationError as error:
        raise Suspicion("bad_commitment") from error
    return line.model_dump()


def _read_empty(place: AnyPlace, envelope: Envelope) -> Message | None:
    """A message that was taken down before it was read here. Who wrote it is the server's word."""
    place.missing.empty.append(envelope.seq)
    member = place.member_of(b64decode(envelope.leaf))
    name = None if member is None else place.name_of(member)
    if member is None or name is None:
        return None
    return Message(envelope.seq, "", name, member, member == place.me, envelope.time, place.room, taken_down=True)


def _read_policy(place: Place, envelope: Envelope, own: Pending | None) -> Followed:
    """One that does not hold is void: nobody folds it, and the next one builds on its seq, on every device alike."""
    seen = place.policy_seq, place.hand_seq
    if envelope.policy is not None and envelope.policy.action in HANDS:
        place.hand_seq = envelope.seq
    else:
        place.policy_seq = envelope.seq
    try:
        opened = open_sealed(place, envelope, own)
        message = read_policy(opened.content)
        if envelope.policy is None:
            raise PolicyError("stale_policy")
        check_seen(place.state, message, *seen)
        check_clear(envelope.policy, message)
        check_sender(place.state, message, opened.sender.identity)
        state = fold(place.state, message, envelope.time)
        if (state.group, state.room) != (place.group, place.room):
            raise PolicyError("wrong_group")
    except (PolicyError, Suspicion) as error:
        place.disputed.add_void(envelope.seq, envelope.policy, place.member_of(b64decode(envelope.leaf)))
        raise Suspicion("policy_forged") from error
    me = place.me
    deed = deed_of(
        message,
        place.state,
        state,
        seq=envelope.seq,
        time=envelope.time,
        me=me or b64encode(place.leaf.identity),
        key=place.policy_private,
    )
    match message.action:
        case Admit() as admit:
            place.admitting = opened.sender.identity, admit
            place.unadmitted = place.state
            if me is not None and admit.replaces == me:
                place.status = "moved"
        case Leave() if message.actor == me:
            place.status = "left"
        case Remove(target=target) if target == me:
            place.status = "removed"
    place.leaving = [id for id in (*place.leaving, *done_with(place.state, state)) if id in state.members]
    place.state = state
    place.keep_roll()
    place.missing.followed(message.action)
    return Followed(message.action, deed)


def _read_state(place: Place, envelope: Envelope, own: Pending | None) -> None:
    if place.asked is not None:
        try:
            opened = open_sealed(place, envelope, own)
        except Suspicion as suspicion:
            raise Suspicion("state_mismatch") from suspicion
        place.state = check_first_state(place, place.asked, opened.sender.identity, opened.content)
        place.asked = None
        place.keep_roll()
        return
    due, place.state_due = place.state_due, None
    if place.stuck:
        return
    try:
        opened = open_sealed(place, envelope, own)
    except Suspicion as suspicion:
        raise Suspicion("state_forged") from suspicion
    if opened.sender.identity != due:
        raise Suspicion("state_forged")
    check_handed_state(place, opened.content)


def _read_commit(place: AnyPlace, envelope: Envelope, own: Pending | None) -> None:
    commit = check_commit(place, envelope)
    agreed = commit is not None and check_agreed(place, envelope, commit)
    tag = "" if commit is None else b64encode(commit.next.confirmation_tag)
    snapshot = place.crypto.snapshot()
    mine = b64decode(envelope.leaf) == place.leaf.identity
    # The keys of a voided commit would be used from the beginning once more.
    applied = agreed and tag not in place.voided
    if not mine and applied:
        try:
            place.crypto.apply(body_of(envelope))
        except GroupCryptoError:
            # Its public part is right, the rest is not for this device: the library may be half way.
            place.crypto = GroupCrypto.load(place.leaf, place.room.bytes, snapshot)
            applied = False
    elif mine and own is not None and own.after is not None and own.commit_body == envelope.body:
        place.crypto = GroupCrypto.load(place.leaf, place.room.bytes, own.after)
    elif mine:
        raise Suspicion("bad_commit")
    if commit is not None and applied and place.crypto.tree() != commit.next.export_tree():
        raise Suspicion("tree_mismatch")
    state = place.state if place.admitting is None else place.unadmitted
    if place.admitting is not None or (commit is not None and commit.added):
        place.state_due = b64decode(envelope.leaf)
    place.before = Before(
        envelope.seq, tag, mine, applied, (snapshot, place.public), state, place.since_update, place.renewed
    )
    place.admitting = place.unadmitted = None
    if commit is None or not applied:
        return
    if isinstance(place, Place):
        for _, identity in commit.removed:
            place.remember(identity)
    place.public = commit.next
    if isinstance(place, Place):
        place.keep_roll()
    if mine and not commit.added:
        place.since_update, place.renewed = 0, envelope.time if is_time(envelope.time) else place.clock.now()


def _read_void(place: AnyPlace, seq: int) -> None:
    """The commit before this line is taken back, and with it an admission; a removal that was said stays said."""
    before = place.before
    if before is None or place.between:
        raise Suspicion("void_unfounded")
    place.before = None
    if before.keys is None:
        place.status = "undone"
        return
    if before.tag:
        place.voided = (*place.voided, before.tag)
    if before.applied and not before.mine:
        place.disputed.add_followed(before.seq, seq)
    snapshot, place.public = before.keys
    place.crypto = GroupCrypto.load(place.leaf, place.room.bytes, snapshot)
    place.state = before.state
    if before.mine:
        place.since_update, place.renewed = before.since_update, before.renewed
    if isinstance(place, Place):
        place.keep_roll()
    raise Suspicion("voided")
