"""Acts that say who may write, and which messages stay. The rules are those of `safespace.rooms.moderation`."""

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from safespace import wire
from safespace.errors import SafeSpaceError
from safespace.fields import b64decode
from safespace.relay.offices import current
from safespace.relay.outcome import Actor
from safespace.rooms.moderation import muted_for
from safespace.rooms.roles import may
from safespace.rooms.silence import silence_of
from safespace.storage import envelopes, groups, rooms
from safespace.storage.envelopes import Envelope

RESTORABLE = 30_000
"""Milliseconds for which a message that was taken down can be restored."""


async def mute(db: AsyncConnection, actor: Actor, policy: wire.PolicyPart) -> None:
    target = await _below(db, actor, policy)
    if policy.length is None:
        raise SafeSpaceError("invalid_field")
    until = muted_for(policy.length, actor.now).until or groups.FOREVER
    if target.muted_until > actor.now and until <= target.muted_until:
        raise SafeSpaceError("already_muted")
    await groups.change(db, replace(target, muted_until=until, muted_session=policy.length == "session"))


async def unmute(db: AsyncConnection, actor: Actor, policy: wire.PolicyPart) -> None:
    target = await _below(db, actor, policy)
    if target.muted_until <= actor.now:
        raise SafeSpaceError("not_muted")
    await groups.change(db, replace(target, muted_until=0))


async def check_heard(_: AsyncConnection, actor: Actor, __: wire.PolicyPart) -> None:
    """Whether a member may say anything, be it by a name. Raises SafeSpaceError with what `silence_of` says."""
    member = actor.member
    muted = member.muted_until > actor.now
    why = silence_of(muted, member.listening, member.agreed, actor.head.quiet, member.role)
    if why is not None:
        raise SafeSpaceError(why)


async def let_speak(db: AsyncConnection, actor: Actor, policy: wire.PolicyPart) -> None:
    target = await _below(db, actor, policy)
    if not target.listening:
        raise SafeSpaceError("not_listening")
    await groups.change(db, replace(target, listening=False))


async def mute_all(db: AsyncConnection, actor: Actor, policy: wire.PolicyPart) -> None:
    if policy.on is None:
        raise SafeSpaceError("invalid_field")
    if policy.on == actor.head.quiet:
        raise SafeSpaceError("unchanged")
    await groups.set_quiet(db, actor.head.group, policy.on)


async def retain(db: AsyncConnection, actor: Actor, policy: wire.PolicyPart) -> None:
    if policy.days is None:
        raise SafeSpaceError("invalid_field")
    if policy.days == actor.head.days:
        raise SafeSpaceError("unchanged")
    await groups.set_days(db, actor.head.group, policy.days)


async def take_down(db: AsyncConnection, actor: Actor, policy: wire.PolicyPart) -> None:
    line = await _line(db, actor, policy)
    if line.taken_down is not None:
        raise SafeSpaceError("already_taken_down")
    await envelopes.take_down(db, line.room, line.seq, actor.now)


async def restore(db: AsyncConnection, actor: Actor, policy: wire.PolicyPart) -> None:
    line = await _line(db, actor, policy)
    if line.taken_down is None:
        raise SafeSpaceError("not_taken_down")
    if line.body is None or actor.now > line.taken_down + RESTORABLE:
        raise SafeSpaceError("too_late")
    await envelopes.take_down(db, line.room, line.seq, None)


async def _line(db: AsyncConnection, actor: Actor, policy: wire.PolicyPart) -> Envelope:
    """The message meant, which the target wrote. Raises SafeSpaceError unknown_line or rank_too_low."""
    target = b64decode(policy.target or "")
    author = await groups.member(db, actor.head.group, target, past=True)
    if author is not None and not may(actor.member.role, policy.action, await groups.rank_of(db, author)):
        raise SafeSpaceError("rank_too_low")
    line = await envelopes.one(db, actor.head.id, policy.line or 0)
    if line is None or line.kind not in envelopes.SAID or envelopes.is_expired(line, actor.head.days, actor.now):
        raise SafeSpaceError("unknown_line")
    if await rooms.member_of(db, line.room, line.leaf) != target:
        raise SafeSpaceError("unknown_line")
    return line


async def _below(db: AsyncConnection, actor: Actor, policy: wire.PolicyPart) -> groups.Member:
    """The target, who is a member of a lower rank. Raises SafeSpaceError unknown_member or rank_too_low."""
    target = await current(db, actor, policy)
    if not may(actor.member.role, policy.action, target.role):
        raise SafeSpaceError("rank_too_low")
    return target
