"""Taking back the newest commit of a room, in the transaction that stores the `void` line."""

from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from safespace import wire
from safespace.errors import SafeSpaceError
from safespace.fields import b64decode
from safespace.rooms.live import renamed
from safespace.storage import acts, changes, doubts, envelopes, groups, invites, lives, rooms, undoing, welcomes
from safespace.storage.changes import Change
from safespace.storage.envelopes import Envelope

PART = 3
"""The place of the `void` line in its act."""


@dataclass(frozen=True, slots=True)
class Voided:
    """The line, and who is out again by it: the leaf, and the request to join in main; and the account that is in
    again, as nobody came in its place."""

    line: Envelope
    leaf: bytes | None = None
    request: invites.Request | None = None
    back: UUID | None = None


async def announcement(db: AsyncConnection, change: Change) -> wire.ClearPolicy | None:
    """What the commit was announced with, if it was."""
    commit = await envelopes.one(db, change.room, change.seq)
    line = await envelopes.one(db, change.room, change.seq - 1)
    if commit is None or line is None or line.client_id != commit.client_id or line.policy is None:
        return None
    return wire.ClearPolicy.model_validate(line.policy, strict=False)


def let_in(announced: wire.ClearPolicy) -> bytes | None:
    """The member whom an announcement makes one, if it does."""
    return b64decode(announced.target) if announced.action == "admit" and announced.target else None


async def void(
    db: AsyncConnection, head: rooms.Head, change: Change, announced: wire.ClearPolicy | None, now: int
) -> Voided:
    """Put back what was before the commit; nothing may have come after its act. Raises SafeSpaceError unavailable."""
    commit = await envelopes.one(db, head.id, change.seq)
    if commit is None:
        raise SafeSpaceError("unavailable", retry_after=1)
    line = replace(
        commit, seq=head.head + 1, time=now, kind="void", part=PART, body=None, commitment=None, stamp=None, expires=0
    )
    await envelopes.append(db, [line])
    before = rooms.Public(
        head.id,
        head.group,
        line.seq,
        change.epoch,
        head.policy_seq,
        change.tree,
        change.confirmed_transcript_hash,
        change.confirmation_tag,
    )
    if not (
        await rooms.advance(
            db, head.id, head=head.head, to=line.seq, policy_seq=head.policy_seq, hand_seq=head.hand_seq
        )
        and await rooms.change_keys(db, head.epoch, before)
    ):
        raise SafeSpaceError("unavailable", retry_after=1)
    await rooms.part_with(db, head.id, [bytes.fromhex(leaf) for leaf in change.removed], change.last)
    await acts.contest_again(db, head.group)
    await changes.end(db, head.id)
    if not change.opened:
        await doubts.remember(
            db,
            [
                doubts.Doubt(head.group, head.id, change.seq, bytes.fromhex(one), change.author, "commit", now)
                for one in change.doubts
            ],
        )
    if announced is not None:
        await _give_back(db, head, change, announced, now)
    match announced:
        case wire.ClearPolicy(action="admit"):
            return await _undo_admit(db, head, line, announced)
        case wire.ClearPolicy(action="bring", target=str(target)):
            return await _undo_bring(db, head, line, change.seq, b64decode(target))
    return Voided(line)


async def _give_back(
    db: AsyncConnection, head: rooms.Head, change: Change, announced: wire.ClearPolicy, now: int
) -> None:
    """Who departed for somebody to come in their place is there again; so is who was removed by what is undone."""
    act = await acts.one(db, head.id, change.seq - 1)
    if act is None:
        return
    if announced.action in ("admit", "bring"):
        await undoing.carry(db, head, act.seq, now, back=True)
        await acts.end(db, act.room, act.seq)
    elif act.undone:
        for room, leaf in await undoing.leaves(db, act.room, act.seq):
            await rooms.keep(db, room, leaf)


async def _undo_admit(db: AsyncConnection, head: rooms.Head, line: Envelope, admit: wire.ClearPolicy) -> Voided:
    """Who was let in is out again, who was replaced a member again."""
    leaf = b64decode(admit.target or "")
    member = await groups.member(db, head.group, leaf)
    request = None if admit.request is None else await invites.request(db, admit.request)
    if member is None or request is None:
        return Voided(line)
    await groups.change(db, replace(member, status="left", person=None))
    await rooms.take_back(db, head.id, leaf, line.seq)
    await invites.undo(db, request)
    back = None
    if admit.replaces is not None:
        replaced = await groups.member(db, head.group, b64decode(admit.replaces), past=True)
        if replaced is not None:
            await groups.change(db, replace(replaced, status="member"))
            table = renamed(*lives.read(head.live), admit.target or "", admit.replaces)
            await lives.write(db, head.id, table, line.time)
            back = replaced.account
    return Voided(line, leaf, request, back)


async def _undo_bring(db: AsyncConnection, head: rooms.Head, line: Envelope, commit: int, member: bytes) -> Voided:
    """Who was brought into a further room is out again; with another KeyPackage they can be brought again."""
    held = [leaf for leaf in await rooms.leaves(db, head.id, *rooms.HELD, member=member) if leaf.joined_seq == commit]
    for leaf in held:
        await rooms.take_back(db, head.id, leaf.identity, line.seq)
        await welcomes.forget(db, head.id, [leaf.device])
    return Voided(line, held[0].identity if held else None)
