"""What acts in every room have in common: commits that nobody announced, and putting it all into the log."""

from sqlalchemy.ext.asyncio import AsyncConnection

from safespace.errors import SafeSpaceError
from safespace.relay.commits import Change
from safespace.relay.outcome import Actor
from safespace.rooms.roles import RANKS, may
from safespace.storage import changes, doubts, envelopes, groups, rooms, welcomes
from safespace.storage.envelopes import Envelope


async def check_unannounced(db: AsyncConnection, head: rooms.Head, change: Change) -> None:
    """A commit on its own is an own update or removes departed leaves. Raises SafeSpaceError."""
    departed = {leaf.identity for leaf in await rooms.leaves(db, head.id, *rooms.GONE)}
    if change.added or not change.removed <= departed:
        raise SafeSpaceError("announcement_missing")
    if head.departed and not change.removed:
        raise SafeSpaceError("rekey_required")


async def store(
    db: AsyncConnection, actor: Actor, lines: list[Envelope], policy_seq: int, hand_seq: int, change: Change | None
) -> None:
    """Append the lines and move the room on.

    Raises SafeSpaceError epoch_unconfirmed, barred_from_commits, unavailable or epoch_taken.
    """
    head = actor.head
    if head.unconfirmed > actor.now and actor.leaf.identity not in await changes.followers(db, head.id):
        raise SafeSpaceError("epoch_unconfirmed")
    if change is not None and await _is_barred(db, actor, change):
        raise SafeSpaceError("barred_from_commits")
    await changes.end(db, head.id)
    await envelopes.append(db, lines)
    to = lines[-1].seq
    if not await rooms.advance(db, head.id, head=head.head, to=to, policy_seq=policy_seq, hand_seq=hand_seq):
        raise SafeSpaceError("unavailable", retry_after=1)
    if change is not None:
        if not await rooms.change_keys(db, change.before.epoch, change.after):
            raise SafeSpaceError("epoch_taken")
        if change.removed:
            await rooms.mark_removed(db, head.id, change.removed)
            await welcomes.forget_removed(db, head.id)


async def _is_barred(db: AsyncConnection, actor: Actor, change: Change) -> bool:
    """Whether others could not follow the member's commits. Who alone can let somebody in now always may."""
    head, me = actor.head, actor.member
    if not await doubts.is_barred(db, head.group, me.member, actor.now):
        return False
    others = actor.here - {me.member}
    if head.purpose == "main":
        admitters = [role for role in RANKS if may(role, "admit")]
        others &= {one.member for one in await groups.with_roles(db, head.group, admitters)}
    return bool(others) or not change.added
