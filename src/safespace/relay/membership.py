"""Acts by which someone becomes a member, is removed or leaves (docs/protocol.md, "The socket").

Each runs in the transaction that stores the act and raises SafeSpaceError where it is not allowed.
"""

from dataclasses import replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from safespace import wire
from safespace.errors import SafeSpaceError
from safespace.fields import Role, b64decode, b64encode
from safespace.relay import bans
from safespace.relay.commits import Change, check_sealed
from safespace.relay.outcome import Actor, Outcome
from safespace.rooms.roles import RANKS, STAFF, may
from safespace.storage import declines, groups, invites, rooms
from safespace.storage.envelopes import Envelope


async def admit(
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
    if role in STAFF and policy.replaces is None:
        raise SafeSpaceError("no_offer")
    request = await _open_request(db, group, request_id, actor.now)
    replaced = await _replaced(db, actor, policy, role, request)
    if replaced is None:
        await _check_goes_on(db, actor, policy, request)
    if len(change.added) != 1 or change.removed:
        raise SafeSpaceError("announcement_mismatch")
    added = change.added[0]
    if added.ref != request.package_ref:
        raise SafeSpaceError("key_package_not_handed_out")
    if policy.target != b64encode(added.identity):
        raise SafeSpaceError("announcement_mismatch")
    welcome = b64decode(commit.welcome or "")
    if change.welcomed != added.ref:
        raise SafeSpaceError("announcement_mismatch", "The Welcome is for another KeyPackage.")
    if state.epoch != change.after.epoch:
        raise SafeSpaceError("wrong_epoch")
    check_sealed(b64decode(state.body), actor.head.id.bytes, state.epoch)

    leaves: frozenset[bytes] = frozenset()
    if replaced is not None:
        leaves = await _active(db, actor.head.id, replaced)
        await _part(db, actor, replaced, leaves, "moved", lines)
    seq = lines[1].seq
    member = groups.Member(
        group,
        added.identity,
        request.account,
        role,
        "member",
        # Coming back on another device ends neither a mute nor listening, and begins none.
        muted_until=replaced.muted_until if replaced else _muted_until(policy),
        muted_session=replaced.muted_session if replaced else bool(policy.session),
        listening=bool(replaced.listening if replaced else policy.listening),
        spoke=replaced.spoke if replaced else 0,
        came_by=request.invite,
        person=(replaced.person or replaced.member) if replaced else None,
    )
    await groups.add_member(db, member, actor.now)
    await rooms.add_leaf(
        db,
        rooms.Leaf(actor.head.id, added.identity, added.identity, request.account, request.device, "active", seq),
    )
    if not await invites.admit(db, request.id):
        raise SafeSpaceError("request_decided")
    await invites.hand_over(
        db,
        request.id,
        room=actor.head.id,
        seq=seq,
        welcome=welcome,
        tree=change.after.tree,
        reply=b64decode(commit.reply or ""),
    )
    await invites.count_use(db, request.invite)
    await declines.forgive(db, group, request.account)
    gone = None if replaced is None else wire.Gone(room=actor.head.id, code="moved")
    return Outcome(lines, leaves, gone, admitted=request)


async def _replaced(
    db: AsyncConnection, actor: Actor, policy: wire.PolicyPart, role: Role, request: invites.Request
) -> groups.Member | None:
    """The membership that ends with this admission: just the one the asking account has, if it has one."""
    current = await groups.membership(db, actor.head.group, request.account)
    replaced = current if current is not None and current.status == "member" else None
    if policy.replaces != (replaced and b64encode(replaced.member)):
        raise SafeSpaceError("announcement_mismatch", "The announcement names another member as replaced.")
    if replaced is not None and (
        not may(actor.member.role, "remove", replaced.role) or RANKS[role] > RANKS[replaced.role]
    ):
        raise SafeSpaceError("rank_too_low")
    return replaced


async def _check_goes_on(db: AsyncConnection, actor: Actor, policy: wire.PolicyPart, request: invites.Request) -> None:
    """Leaving and coming back sheds neither a mute nor listening. Raises SafeSpaceError left_silenced."""
    past = await groups.membership(db, actor.head.group, request.account)
    if past is None:
        return
    holds = past.muted_until > actor.now
    same = _muted_until(policy) == past.muted_until and policy.session == past.muted_session
    # One that ended while somebody looked is said all the same.
    if (holds and not same) or (not holds and policy.session is not None and not same):
        raise SafeSpaceError("left_silenced")
    if past.listening and not policy.listening:
        raise SafeSpaceError("left_silenced")


def _muted_until(policy: wire.PolicyPart) -> int:
    """Until when somebody is muted who comes in with a mute that goes on; 0 for no mute."""
    if policy.session is None:
        return 0
    return groups.FOREVER if policy.until is None else policy.until


async def _active(db: AsyncConnection, room: UUID, member: groups.Member) -> frozenset[bytes]:
    """The identities of a member's leaves that are not gone yet."""
    held = await rooms.leaves(db, room, "active", member=member.member)
    return frozenset(leaf.identity for leaf in held)


async def _open_request(db: AsyncConnection, group: UUID, id: UUID, now: int) -> invites.Request:
    """A request that can be granted now."""
    request = await invites.request(db, id)
    if request is None or request.group != group:
        raise SafeSpaceError("request_unknown")
    if request.status not in ("waiting", "ended"):
        raise SafeSpaceError("request_decided")
    if request.status == "waiting" and request.expires <= now:
        raise SafeSpaceError("request_expired")
    invite = await invites.invite(db, request.invite)
    if invite is None or invite.ended is not None:
        raise SafeSpaceError("invite_revoked")
    if invite.used >= invite.uses:
        raise SafeSpaceError("invite_used_up")
    if request.status == "ended":
        raise SafeSpaceError("request_decided")
    return request


async def remove(
    db: AsyncConnection, actor: Actor, policy: wire.PolicyPart, change: Change | None, lines: list[Envelope]
) -> Outcome:
    target = await groups.member(db, actor.head.group, b64decode(policy.target or ""), past=True)
    if target is None or target.status == "moved":  # who goes on as another member is not out by this
        raise SafeSpaceError("unknown_member")
    held = await rooms.leaves(db, actor.head.id, *rooms.HELD, member=target.member)
    if target.status != "member" and not held:
        raise SafeSpaceError("unknown_member")
    if not may(actor.member.role, "remove", target.role):
        raise SafeSpaceError("rank_too_low")
    leaves = frozenset(leaf.identity for leaf in held)
    if change is not None and (change.added or change.removed != leaves):
        raise SafeSpaceError("announcement_mismatch")
    if policy.ban:
        await bans.end_lineage(db, target)
    await _part(db, actor, target, leaves, "removed", lines)
    if policy.ban:
        await groups.set_barred(db, target.group, target.account, True)
    # They may be waiting to come back on another device; who is removed is not let in by an older request.
    asked = await invites.waiting_of(db, actor.head.group, target.account)
    if asked is not None:
        await invites.end(db, asked.id, "ended", actor.now, why="removed")
    stranded = () if asked is None else (asked,)
    return Outcome(lines, leaves, wire.Gone(room=actor.head.id, code="removed"), stranded=stranded)


async def leave(db: AsyncConnection, actor: Actor, lines: list[Envelope]) -> Outcome:
    member = actor.member
    await check_not_last_owner(db, member)
    leaves = await _active(db, actor.head.id, member)
    await _part(db, actor, member, leaves, "left", lines)
    return Outcome(lines, leaves, wire.Gone(room=actor.head.id, code="left"))


async def agree(db: AsyncConnection, actor: Actor, _: wire.PolicyPart) -> None:
    await groups.change(db, replace(actor.member, agreed=True))


async def check_not_last_owner(db: AsyncConnection, member: groups.Member) -> None:
    """Raises SafeSpaceError last_owner."""
    if member.role == "owner" and len(await groups.with_roles(db, member.group, ["owner"])) == 1:
        raise SafeSpaceError("last_owner")


async def _part(
    db: AsyncConnection,
    actor: Actor,
    member: groups.Member,
    leaves: frozenset[bytes],
    status: str,
    lines: list[Envelope],
) -> None:
    """End a membership. Invites whose material the member holds end with it."""
    parted = replace(member, status=status)
    if status != "moved":  # whoever is moved has it back should that be voided
        parted = replace(parted, offered=None, offered_by=None)
    await groups.change(db, parted)
    await rooms.part_with(db, actor.head.id, leaves, lines[-1].seq)
    await invites.revoke_held_by(db, actor.head.group, member.member)
