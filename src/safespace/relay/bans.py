"""Banning: an account, the invite it came by, and what came of its invites. Nobody is recognised by anything else."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from safespace import wire
from safespace.errors import SafeSpaceError
from safespace.fields import b64decode
from safespace.relay.outcome import Actor
from safespace.storage import groups, invites


async def end_lineage(db: AsyncConnection, target: groups.Member) -> None:
    """Take back the lineage of invites of somebody who is banned. See `lineage`."""
    people, made = await groups.ever(db, target.group), await invites.makers(db, target.group)
    await invites.revoke(db, lineage(target.account, people, made), "invite_banned")


async def unban(db: AsyncConnection, actor: Actor, policy: wire.PolicyPart) -> None:
    """Raises SafeSpaceError not_banned. What was taken back stays so."""
    target = await groups.member(db, actor.head.group, b64decode(policy.target or ""), past=True)
    if target is None or not target.banned:
        raise SafeSpaceError("not_banned")
    await groups.set_barred(db, target.group, target.account, False)


def lineage(
    account: UUID, people: Collection[groups.Member], made: Collection[tuple[UUID, bytes | None]]
) -> frozenset[UUID]:
    """The invites by which the account came and those it made; and again those made by anyone who came by one of them.

    `made` are the group's invites, each with its maker.
    """
    makers = {one.member for one in people if one.account == account}
    taken = {one.came_by for one in people if one.account == account and one.came_by is not None}
    while True:
        more = {invite for invite, maker in made if maker in makers} - taken
        came = {one.member for one in people if one.came_by in taken | more} - makers
        if not more and not came:
            return frozenset(taken)
        taken |= more
        makers |= came
