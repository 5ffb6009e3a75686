"""Acts that change who has which role. The rules are those of `safespace.rooms.offices`."""

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from safespace import wire
from safespace.errors import SafeSpaceError
from safespace.fields import Role, b64decode
from safespace.relay.membership import check_not_last_owner
from safespace.relay.outcome import Actor
from safespace.rooms.roles import RANKS, may, may_offer
from safespace.storage import groups, invites


async def current(db: AsyncConnection, actor: Actor, policy: wire.PolicyPart) -> groups.Member:
    """The target, who is a member. Raises SafeSpaceError unknown_member."""
    target = await groups.member(db, actor.head.group, b64decode(policy.target or ""))
    if target is None:
        raise SafeSpaceError("unknown_member")
    return target


async def offer(db: AsyncConnection, actor: Actor, policy: wire.PolicyPart) -> None:
    target, role = await current(db, actor, policy), _role(policy)
    if not may_offer(actor.member.role, target.role, role):
        raise SafeSpaceError("rank_too_low")
    made = await _standing(db, target)
    if made == role:
        raise SafeSpaceError("already_offered")
    if made is not None and not may_offer(actor.member.role, target.role, made):
        raise SafeSpaceError("rank_too_low")
    await groups.change(db, replace(target, offered=role, offered_by=actor.member.member))


async def end_offer(db: AsyncConnection, actor: Actor, policy: wire.PolicyPart) -> None:
    target = await current(db, actor, policy)
    if target.offered is None:
        raise SafeSpaceError("no_offer")
    if target.member != actor.member.member and not may_offer(actor.member.role, target.role, target.offered):
        raise SafeSpaceError("rank_too_low")
    await groups.change(db, replace(target, offered=None, offered_by=None))


async def accept(db: AsyncConnection, actor: Actor, policy: wire.PolicyPart) -> None:
    role = _role(policy)
    if await _standing(db, actor.member) != role:
        raise SafeSpaceError("no_offer")
    await groups.change(db, replace(actor.member, role=role, offered=None, offered_by=None))


async def demote(db: AsyncConnection, actor: Actor, policy: wire.PolicyPart) -> None:
    target = await current(db, actor, policy)
    if not may(actor.member.role, "demote", target.role):
        raise SafeSpaceError("rank_too_low")
    await _lower(db, target, _role(policy))


async def step_down(db: AsyncConnection, actor: Actor, policy: wire.PolicyPart) -> None:
    await check_not_last_owner(db, actor.member)
    await _lower(db, actor.member, _role(policy))


async def _lower(db: AsyncConnection, member: groups.Member, role: Role) -> None:
    """Raises SafeSpaceError unchanged. Who admits no more has no use for the material of invites."""
    if RANKS[role] >= RANKS[member.role]:
        raise SafeSpaceError("unchanged")
    await groups.change(db, replace(member, role=role, offered=None, offered_by=None))
    if may(member.role, "admit") and not may(role, "admit"):
        await invites.revoke_held_by(db, member.group, member.member)


async def _standing(db: AsyncConnection, member: groups.Member) -> Role | None:
    """The role a member may accept: an offer is worth what its maker may still give."""
    if member.offered is None or member.offered_by is None:
        return None
    maker = await groups.member(db, member.group, member.offered_by)
    return member.offered if maker is not None and may_offer(maker.role, member.role, member.offered) else None


def _role(policy: wire.PolicyPart) -> Role:
    if policy.role is None:
        raise SafeSpaceError("invalid_field")
    return policy.role
