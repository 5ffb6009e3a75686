"""Acts in further rooms, and what an act in main ends in them (docs/protocol.md, "Further rooms").

`check_shape` looks at the frame alone; `perform` runs in the transaction that stores it, as in `safespace.relay.acts`.
"""

from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from safespace import wire
from safespace.errors import SafeSpaceError
from safespace.fields import PASSING, Passing, b64decode, b64encode
from safespace.relay.commits import Change, check_sealed
from safespace.relay.lines import Stamp, lines_of
from safespace.relay.outcome import Actor, Outcome
from safespace.relay.storing import check_unannounced, store
from safespace.rooms.further import belongs
from safespace.rooms.live import settled
from safespace.rooms.passing import announced, has_place
from safespace.rooms.roles import may
from safespace.storage import further, groups, key_packages, lives, rooms, welcomes
from safespace.storage.envelopes import Envelope

_PARTS: Final[dict[str, tuple[bool, bool]]] = {
    # action: (commit, state)
    "open": (False, False),
    "bring": (True, True),
    "leave": (False, False),
    "remove": (True, False),
}


def check_shape(frame: wire.Act) -> None:
    """Raises SafeSpaceError when the parts of an act do not go together."""
    policy, commit, state = frame.policy, frame.commit, frame.state
    if policy is None:
        if commit is None:
            raise SafeSpaceError("invalid_field", "An act has a policy part, a commit or both.")
        if state is not None:
            raise SafeSpaceError("announcement_missing")
    elif policy.action not in _PARTS:
        raise SafeSpaceError("forbidden", "There is no such action in a further room.")
    elif (commit is not None, state is not None) != _PARTS[policy.action]:
        raise SafeSpaceError("announcement_mismatch")
    else:
        others = policy.model_dump(include=set(wire.Shown.model_fields) - {"target"}, exclude_none=True)
        # Whom an `open` names is compared with the room itself.
        targeted = policy.action == "open" or (policy.target is None) == (policy.action == "leave")
        if others or policy.main is None or not targeted:
            raise SafeSpaceError("invalid_field", "This action has other fields.")
    brings = policy is not None and policy.action == "bring"
    if commit is not None and ((commit.welcome is not None) != brings or commit.reply is not None):
        raise SafeSpaceError("invalid_field", "Only bring carries a Welcome, and nothing a reply.")


async def perform(db: AsyncConnection, actor: Actor, frame: wire.Act, change: Change | None, stamp: Stamp) -> Outcome:
    """Check an act against the database and store it whole. Raises SafeSpaceError; then nothing may be committed."""
    head, policy = actor.head, frame.policy
    if change is not None and change.committer != actor.leaf.identity:
        raise SafeSpaceError("wrong_leaf")
    lines = lines_of(actor, frame, stamp)
    if policy is None:
        if change is None:
            raise SafeSpaceError("invalid_field")
        await check_unannounced(db, head, change)
        outcome = Outcome(lines)
    else:
        if head.departed and policy.action != "remove":
            raise SafeSpaceError("rekey_required")
        await _check_policy(db, actor, policy)
        outcome = await _perform_policy(db, actor, frame, policy, change, lines)
    await store(db, actor, lines, lines[0].seq if policy is not None else head.policy_seq, head.hand_seq, change)
    return outcome


def affected(frame: wire.Act, actor: bytes) -> bytes | None:
    """Whose place in further rooms an act in main may end: that of a member who goes, or gets a lower role."""
    match frame.policy:
        case wire.PolicyPart(action="leave" | "step_down"):
            return actor
        case wire.PolicyPart(action="remove" | "demote", target=str(target)):
            return b64decode(target)
        case wire.PolicyPart(action="admit", replaces=str(replaces)):
            return b64decode(replaces)
        case _:
            return None


async def rooms_of(db: AsyncConnection, group: UUID, member: bytes | None) -> list[UUID]:
    """The further rooms in which a member is; of nobody, none."""
    return [] if member is None else [held.room for held in await further.held_by(db, group, member)]


async def end(db: AsyncConnection, group: UUID, member: bytes | None) -> list[further.Ended]:
    """Mark the leaves of a member of main as departed in every further room in which they no longer belong."""
    if member is None:
        return []
    now = await groups.member(db, group, member)
    ended = []
    for held in await further.held_by(db, group, member):
        if now is not None and belongs(held.purpose, held.about, member, now.role):
            continue
        await rooms.part_with(db, held.room, [held.identity], held.head)
        ended.append(further.Ended(held.room, held.identity, held.head))
    return ended


async def _check_policy(db: AsyncConnection, actor: Actor, policy: wire.PolicyPart) -> None:
    head = actor.head
    main = await rooms.main_head(db, head.group)
    if policy.policy_seq != head.policy_seq:
        raise SafeSpaceError("stale_policy")
    if policy.main is None or policy.main > main.policy_seq:
        raise SafeSpaceError("invalid_field", "Main has not come so far.")
    if (policy.action == "open") != (head.policy_seq == 0):
        raise SafeSpaceError("forbidden", "A room begins with open, once.")
    if policy.epoch != head.epoch:
        raise SafeSpaceError("stale_epoch" if policy.epoch < head.epoch else "wrong_epoch")
    check_sealed(b64decode(policy.body), head.id.bytes, policy.epoch)


async def _perform_policy(
    db: AsyncConnection,
    actor: Actor,
    frame: wire.Act,
    policy: wire.PolicyPart,
    change: Change | None,
    lines: list[Envelope],
) -> Outcome:
    match policy.action:
        case "bring" if change is not None:
            return await _bring(db, actor, frame, policy, change, lines)
        case "remove" if change is not None:
            return await _remove(db, actor, policy, change, lines)
        case "leave":
            return await _part(db, actor, actor.member.member, lines)
        case "open" if policy.target == (actor.head.about and b64encode(actor.head.about)):
            return Outcome(lines)
        case _:
            raise SafeSpaceError("announcement_mismatch")


async def _bring(
    db: AsyncConnection,
    actor: Actor,
    frame: wire.Act,
    policy: wire.PolicyPart,
    change: Change,
    lines: list[Envelope],
) -> Outcome:
    head, commit, state = actor.head, frame.commit, frame.state
    if commit is None or state is None or policy.target is None:
        raise SafeSpaceError("invalid_field")
    target = await member_to_bring(db, head, b64decode(policy.target), actor.now)
    if len(change.added) != 1 or change.removed:
        raise SafeSpaceError("announcement_mismatch")
    added = change.added[0]
    package = await key_packages.handed_out(db, added.ref, head.id)
    if package is None:
        raise SafeSpaceError("key_package_not_handed_out")
    if package.account != target.account:
        raise SafeSpaceError("announcement_mismatch")
    welcome = b64decode(commit.welcome or "")
    if change.welcomed != added.ref:
        raise SafeSpaceError("announcement_mismatch", "The Welcome is for another KeyPackage.")
    if state.epoch != change.after.epoch:
        raise SafeSpaceError("wrong_epoch")
    check_sealed(b64decode(state.body), head.id.bytes, state.epoch)
    if await rooms.holds(db, head.id, added.identity):
        raise SafeSpaceError("duplicate_identity")
    seq = lines[1].seq
    before = frozenset(leaf.identity for leaf in await rooms.leaves(db, head.id, "active", member=target.member))
    await rooms.part_with(db, head.id, before, lines[-1].seq)
    await rooms.add_leaf(
        db, rooms.Leaf(head.id, added.identity, target.member, target.account, package.device, "active", seq)
    )
    await welcomes.keep(db, welcomes.Welcome(head.id, package.device, seq, welcome, change.after.tree))
    gone = wire.Gone(room=head.id, code="ended") if before else None
    return Outcome(lines, before, gone, brought=target.account)


async def member_to_bring(db: AsyncConnection, head: rooms.Head, member: bytes, now: int) -> groups.Member:
    """A member who may be brought into a room now; into a passing one also who stands in it. The group is locked.

    Raises SafeSpaceError unknown_member, unknown_room, does_not_belong or already_member.
    """
    target = await groups.member(db, head.group, member)
    if target is None:
        raise SafeSpaceError("unknown_member")
    if head.purpose in PASSING:
        await check_place(db, head.group, head.id, target, now)
        return target
    if not belongs(head.purpose, head.about, member, target.role):
        raise SafeSpaceError("does_not_belong")
    if await rooms.leaves(db, head.id, "active", member=member):
        raise SafeSpaceError("already_member")
    return target


async def check_place(db: AsyncConnection, group: UUID, room: UUID, member: groups.Member, now: int) -> Passing:
    """What a passing room is, if the member belongs in it at this moment.

    Raises SafeSpaceError unknown_room or does_not_belong.
    """
    main = await rooms.main_head(db, group)
    live, _ = settled(*lives.read(main.live), now)
    kind = announced(live).get(room)
    if kind is None:
        raise SafeSpaceError("unknown_room")
    if not has_place(live, room, b64encode(member.member), member.role):
        raise SafeSpaceError("does_not_belong")
    return kind


async def _remove(
    db: AsyncConnection, actor: Actor, policy: wire.PolicyPart, change: Change, lines: list[Envelope]
) -> Outcome:
    member = b64decode(policy.target or "")
    held = await rooms.leaves(db, actor.head.id, *rooms.HELD, member=member)
    if not held or member == actor.member.member:
        raise SafeSpaceError("unknown_member")
    target = await groups.member(db, actor.head.group, member)
    if (
        target is not None
        and belongs(actor.head.purpose, actor.head.about, member, target.role)
        and not may(actor.member.role, "remove", target.role)
    ):
        raise SafeSpaceError("rank_too_low")
    if change.added or change.removed != {leaf.identity for leaf in held}:
        raise SafeSpaceError("announcement_mismatch")
    return await _part(db, actor, member, lines)


async def _part(db: AsyncConnection, actor: Actor, member: bytes, lines: list[Envelope]) -> Outcome:
    """Someone is in the room no longer."""
    held = await rooms.leaves(db, actor.head.id, "active", member=member)
    leaves = frozenset(leaf.identity for leaf in held)
    await rooms.part_with(db, actor.head.id, leaves, lines[-1].seq)
    return Outcome(lines, leaves, wire.Gone(room=actor.head.id, code="ended"))
