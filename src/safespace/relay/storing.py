"""What acts in every room have in common: commits that nobody announced, and putting it all into the log."""

from sqlalchemy.ext.asyncio import AsyncConnection

from safespace.errors import SafeSpaceError
from safespace.relay.commits import Change
from safespace.relay.outcome import Actor
from safespace.storage import changes, envelopes, rooms
from safespace.storage.envelopes import Envelope


async def check_unannounced(db: AsyncConnection, head: rooms.Head, change: Change) -> None:
    """A commit on its own is an own update or removes departed leaves. Raises SafeSpaceError."""
    departed = {leaf.identity for leaf in await rooms.leaves(db, head.id, status="departed")}
    if change.added or not change.removed <= departed:
        raise SafeSpaceError("announcement_missing")
    if departed and not change.removed:
        raise SafeSpaceError("rekey_required")


async def store(
    db: AsyncConnection, actor: Actor, lines: list[Envelope], policy_seq: int, change: Change | None
) -> None:
    """Append the lines and move the room on.

    Raises SafeSpaceError epoch_unconfirmed, barred_from_commits, unavailable or epoch_taken.
    """
    head = actor.head
    if head.unconfirmed > actor.now and actor.leaf.identity not in await changes.followers(db, head.id):
        raise SafeSpaceError("epoch_unconfirmed")
    if change is not None and await changes.is_barred(db, head.group, actor.member.member):
        raise SafeSpaceError("barred_from_commits")
    await changes.end(db, head.id)
    await envelopes.append(db, lines)
    if not await rooms.advance(db, head.id, head=head.head, to=lines[-1].seq, policy_seq=policy_seq):
        raise SafeSpaceError("unavailable", retry_after=1)
    if change is not None:
        if not await rooms.change_keys(db, change.before.epoch, change.after):
            raise SafeSpaceError("epoch_taken")
        if change.removed:
            await rooms.mark_removed(db, head.id, change.removed)
