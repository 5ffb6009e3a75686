"""What an `act` may do and what it changes: the table of docs/protocol.md, "The socket".

`check_shape` looks at the frame alone; `perform` runs in the transaction that stores it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from safespace import wire
from safespace.crypto.mls import welcome_refs
from safespace.errors import SafeSpaceError
from safespace.relay.commits import Change, check_sealed
from safespace.rooms.actions import shows_its_own
from safespace.rooms.roles import RANKS, may
from safespace.storage import envelopes, groups, invites, rooms
from safespace.storage.envelopes import Envelope

Stamp = Callable[[bytes, bytes, int, int, int], bytes]
"""commitment, leaf identity, epoch, seq, time → stamp, for one room."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and what the room was when they did."""

    head: rooms.Head
    leaf: rooms.Leaf
    member: groups.Member
    now: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was stored, and who must hear of it."""

    lines: list[Envelope]
    departed: frozenset[bytes] = frozenset()
    """Leaves that get nothing after the last line."""
    gone: wire.Gone | None = None
    admitted: invites.Request | None = None
    declined: invites.Request | None = None
    """What someone who is removed still asked for."""


_PARTS: Final[dict[str, tuple[tuple[bool, bool], ...]]] = {
    # action: the allowed (commit, state)
    "create": ((False, False),),
    "agree": ((False, False),),
    "leave": ((False, False),),
    "remove": ((False, False), (True, False)),
    "admit": ((True, True),),
}


def check_shape(frame: wire.Act) -> None:
    """Raises SafeSpaceError when the parts of an act do not go together."""
    policy, commit, state = frame.policy, frame.commit, frame.state
    admits = policy is not None and policy.action == "admit"
    if policy is None:
        if commit is None:
            raise SafeSpaceError("invalid_field", "An act has a policy part, a commit or both.")
        if state is not None:
            raise SafeSpaceError("announcement_missing")
    else:
        if (commit is not None, state is not None) not in _PARTS[policy.action]:
            raise SafeSpaceError("announcement_mismatch")
        if not shows_its_own(policy):
            raise SafeSpaceError("invalid_field", "An action shows the fields it has, and no other.")
    if commit is not None and {commit.welcome is not None, commit.reply is not None} != {admits}:
        raise SafeSpaceError("invalid_field", "Only admit carries a Welcome and a reply.")


def is_restless(frame: wire.Act, change: Change | None) -> bool:
    """Whether any member could do this all day: an own update, or an agreement. Others' acts would always come late."""
    if frame.policy is not None:
        return frame.policy.action == "agree"
    return change is not None and not change.removed


async def perform(db: AsyncConnection, actor: Actor, frame: wire.Act, change: Change | None, stamp: Stamp) -> Outcome:
    """Check an act against the database and store it whole. Raises SafeSpaceError; then nothing may be committed."""
    head, policy = actor.head, frame.policy
    if change is not None and change.committer != actor.leaf.identity:
        raise SafeSpaceError("wrong_leaf")
    lines = _lines(actor, frame, stamp)
    policy_seq = lines[0].seq if policy is not None else head.policy_seq
    if policy is None:
        if change is None:
            raise SafeSpaceError("invalid_field")
        await _check_unannounced(db, head, change)
        outcome = Outcome(lines)
    else:
        # A removal that changes the keys at once also takes out a leaf whose own `leave` nobody could read.
        if head.departed and (policy.action != "remove" or change is None):
            raise SafeSpaceError("rekey_required")
        _check_policy(actor, policy)
        outcome = await _perform_policy(db, actor, frame, policy, change, lines)
    await envelopes.append(db, lines)
    if not await rooms.advance(db, head.id, head=head.head, to=lines[-1].seq, policy_seq=policy_seq):
        raise SafeSpaceError("unavailable", retry_after=1)
    if change is not None:
        if not await rooms.change_keys(db, change.before, change.after):
            raise SafeSpaceError("epoch_taken")
        if change.removed:
            await rooms.mark_leaves(db, head.id, change.removed, "removed")
    return outcome


async def _check_unannounced(db: AsyncConnection, head: rooms.Head, change: Change) -> None:
    """A commit on its own is an own update or removes departed leaves."""
    departed = {leaf.identity for leaf in await rooms.leaves(db, head.id, status="departed")}
    if change.added or not change.removed <= departed:
        raise SafeSpaceError("announcement_missing")
    if departed and not change.removed:
        raise SafeSpaceError("rekey_required")


def _check_policy(actor: Actor, policy: wire.PolicyPart) -> None:
    if policy.policy_seq != actor.head.policy_seq:
        raise SafeSpaceError("stale_policy")
    if (policy.action == "create") != (actor.head.policy_seq == 0):
        raise SafeSpaceError("forbidden", "A room begins with create, once.")
    if policy.epoch != actor.head.epoch:
        raise SafeSpaceError("stale_epoch" if policy.epoch < actor.head.epoch else "wrong_epoch")
    check_sealed(wire.b64decode(policy.body), actor.head.id.bytes, policy.epoch)
    if policy.action == "create":
        if actor.member.role != "owner":
            raise SafeSpaceError("forbidden")
    elif not may(actor.member.role, policy.action):
        raise SafeSpaceError("forbidden")


async def _perform_policy(
    db: AsyncConnection,
    actor: Actor,
    frame: wire.Act,
    policy: wire.PolicyPart,
    change: Change | None,
    lines: list[Envelope],
) -> Outcome:
    match policy.action:
        case "admit":
            if change is None:
                raise SafeSpaceError("announcement_mismatch")
            return await _admit(db, actor, frame, policy, change, lines)
        case "remove":
            return await _remove(db, actor, policy, change, lines)
        case "leave":
            return await _leave(db, actor, lines)
        case _:
            return Outcome(lines)


async def _admit(
    db: AsyncConnection,
    actor: Actor,
    frame: wire.Act,
    policy: wire.PolicyPart,
    change: Change,
    lines: list[Envelope],
) -> Outcome:
    group = actor.head.group
    commit, state, role, request_id = frame.commit, frame.state, policy.role, policy.request
    if commit is None or state is None or role is None or request_id is None:
        raise SafeSpaceError("invalid_field")
    if not may(actor.member.role, "admit", role):
        raise SafeSpaceError("rank_too_low")
    request = await _open_request(db, group, request_id, actor.now)
    replaced = await _replaced(db, actor, policy, role, request)
    if len(change.added) != 1 or change.removed:
        raise SafeSpaceError("announcement_mismatch")
    added = change.added[0]
    if added.ref != request.package_ref:
        raise SafeSpaceError("key_package_not_handed_out")
    if policy.target != wire.b64encode(added.identity):
        raise SafeSpaceError("announcement_mismatch")
    welcome = wire.b64decode(commit.welcome or "")
    if welcome_refs(welcome) != [added.ref]:
        raise SafeSpaceError("announcement_mismatch", "The Welcome is for another KeyPackage.")
    if state.epoch != change.after.epoch:
        raise SafeSpaceError("wrong_epoch")
    check_sealed(wire.b64decode(state.body), actor.head.id.bytes, state.epoch)

    if await groups.member(db, group, added.identity, past=True) is not None:
        raise SafeSpaceError("duplicate_identity")
    leaves: frozenset[bytes] = frozenset()
    if replaced is not None:
        leaves = await _active(db, actor.head.id, replaced)
        await _part(db, actor, replaced, leaves, "moved")
    seq = lines[1].seq
    member = groups.Member(group, added.identity, request.account, role, "member")
    await groups.add_member(db, member, actor.now)
    await rooms.add_leaf(
        db,
        rooms.Leaf(actor.head.id, added.identity, added.identity, request.account, request.device, "active", seq),
    )
    if not await invites.decide(db, request.id, "admitted"):
        raise SafeSpaceError("request_decided")
    await invites.hand_over(
        db,
        request.id,
        room=actor.head.id,
        seq=seq,
        welcome=welcome,
        tree=change.after.tree,
        reply=wire.b64decode(commit.reply or ""),
    )
    await invites.count_use(db, request.invite)
    gone = None if replaced is None else wire.Gone(room=actor.head.id, code="moved")
    return Outcome(lines, leaves, gone, admitted=request)


async def _replaced(
    db: AsyncConnection, actor: Actor, policy: wire.PolicyPart, role: wire.Role, request: invites.Request
) -> groups.Member | None:
    """The membership that ends with this admission: just the one the asking account has, if it has one."""
    current = await groups.membership(db, actor.head.group, request.account)
    replaced = current if current is not None and current.status == "member" else None
    if policy.replaces != (replaced and wire.b64encode(replaced.member)):
        raise SafeSpaceError("announcement_mismatch", "The announcement names another member as replaced.")
    if replaced is not None and (
        not may(actor.member.role, "remove", replaced.role) or RANKS[role] > RANKS[replaced.role]
    ):
        raise SafeSpaceError("rank_too_low")
    return replaced


async def _active(db: AsyncConnection, room: UUID, member: groups.Member) -> frozenset[bytes]:
    """The identities of a member's leaves that are not gone yet."""
    held = await rooms.leaves(db, room, status="active", member=member.member)
    return frozenset(leaf.identity for leaf in held)


async def _open_request(db: AsyncConnection, group: UUID, id: UUID, now: int) -> invites.Request:
    """A request that can be granted now."""
    request = await invites.request(db, id)
    if request is None or request.group != group:
        raise SafeSpaceError("request_unknown")
    if request.status != "waiting":
        raise SafeSpaceError("request_decided")
    if request.expires <= now:
        raise SafeSpaceError("request_expired")
    invite = await invites.invite(db, request.invite)
    if invite is None or invite.revoked:
        raise SafeSpaceError("invite_revoked")
    if invite.used >= invite.uses:
        raise SafeSpaceError("invite_used_up")
    return request


async def _remove(
    db: AsyncConnection, actor: Actor, policy: wire.PolicyPart, change: Change | None, lines: list[Envelope]
) -> Outcome:
    target = await groups.member(db, actor.head.group, wire.b64decode(policy.target or ""), past=True)
    if target is None:
        raise SafeSpaceError("unknown_member")
    held = [
        leaf
        for status in ("active", "departed")
        for leaf in await rooms.leaves(db, actor.head.id, status=status, member=target.member)
    ]
    if target.status != "member" and not held:
        raise SafeSpaceError("unknown_member")
    if not may(actor.member.role, "remove", target.role):
        raise SafeSpaceError("rank_too_low")
    leaves = frozenset(leaf.identity for leaf in held)
    if change is not None and (change.added or change.removed != leaves):
        raise SafeSpaceError("announcement_mismatch")
    await _part(db, actor, target, leaves, "removed")
    # They may be waiting to come back on another device; who is removed is not let in by an older request.
    asked = await invites.waiting_of(db, actor.head.group, target.account)
    if asked is not None:
        await invites.decide(db, asked.id, "declined")
    return Outcome(lines, leaves, wire.Gone(room=actor.head.id, code="removed"), declined=asked)


async def _leave(db: AsyncConnection, actor: Actor, lines: list[Envelope]) -> Outcome:
    group, member = actor.head.group, actor.member
    if member.role == "owner" and len(await groups.with_roles(db, group, ["owner"])) == 1:
        raise SafeSpaceError("last_owner")
    leaves = await _active(db, actor.head.id, member)
    await _part(db, actor, member, leaves, "left")
    return Outcome(lines, leaves, wire.Gone(room=actor.head.id, code="left"))


async def _part(
    db: AsyncConnection, actor: Actor, member: groups.Member, leaves: frozenset[bytes], status: str
) -> None:
    """End a membership. Invites whose material the member holds end with it."""
    await groups.set_status(db, actor.head.group, member.member, status)
    await rooms.mark_leaves(db, actor.head.id, leaves, "departed")
    await invites.revoke_held_by(db, actor.head.group, member.member)


def _lines(actor: Actor, frame: wire.Act, stamp: Stamp) -> list[Envelope]:
    """The envelopes of an act, next to each other after the head."""
    lines: list[Envelope] = []
    for part in (frame.policy, frame.commit, frame.state):
        if part is None:
            continue
        seq = actor.head.head + 1 + len(lines)
        commitment = None if isinstance(part, wire.CommitPart) else wire.b64decode(part.commitment)
        lines.append(
            Envelope(
                room=actor.head.id,
                seq=seq,
                time=actor.now,
                kind="handshake" if commitment is None else "policy",
                leaf=actor.leaf.identity,
                epoch=part.epoch,
                client_id=frame.client_id,
                part=len(lines),
                body=wire.b64decode(part.body),
                commitment=commitment,
                stamp=commitment and stamp(commitment, actor.leaf.identity, part.epoch, seq, actor.now),
                policy=_clear(part),
            )
        )
    return lines


def _clear(part: wire.PolicyPart | wire.CommitPart | wire.StatePart) -> dict[str, object] | None:
    if isinstance(part, wire.CommitPart):
        return None
    if isinstance(part, wire.StatePart):
        clear = wire.ClearPolicy(action="state")
    else:
        clear = wire.ClearPolicy.model_validate(part.model_dump(include=set(wire.ClearPolicy.model_fields)))
    return clear.model_dump(mode="json", exclude_none=True) | {"target": clear.target}
