"""Taking back the newest commit of a room, in the transaction that stores the `void` line."""

from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncConnection

from safespace import wire
from safespace.errors import SafeSpaceError
from safespace.storage import changes, envelopes, groups, invites, rooms
from safespace.storage.changes import Change
from safespace.storage.envelopes import Envelope

PART = 3
"""The place of the `void` line in its act."""


@dataclass(frozen=True, slots=True)
class Voided:
    """The line, and whose admission it undoes: the leaf, and the request."""

    line: Envelope
    leaf: bytes | None = None
    request: invites.Request | None = None


async def void(db: AsyncConnection, head: rooms.Head, change: Change, now: int) -> Voided:
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
        await rooms.advance(db, head.id, head=head.head, to=line.seq, policy_seq=head.policy_seq)
        and await rooms.change_keys(db, head.epoch, before)
    ):
        raise SafeSpaceError("unavailable", retry_after=1)
    await rooms.part_with(db, head.id, [bytes.fromhex(leaf) for leaf in change.removed], change.last)
    await rooms.hold_back(db, head.id, 0)
    await changes.end(db, head.id)
    await changes.remember(db, head.group, change.author, [bytes.fromhex(one) for one in change.doubts])
    announced = await envelopes.one(db, head.id, change.seq - 1)
    if announced is None or announced.client_id != commit.client_id or announced.policy is None:
        return Voided(line)
    if announced.policy["action"] != "admit":
        return Voided(line)
    return await _undo(db, head, line, wire.ClearPolicy.model_validate(announced.policy, strict=False))


async def _undo(db: AsyncConnection, head: rooms.Head, line: Envelope, admit: wire.ClearPolicy) -> Voided:
    """Who was let in is out again, who was replaced a member again."""
    leaf = wire.b64decode(admit.target or "")
    member = await groups.member(db, head.group, leaf)
    request = None if admit.request is None else await invites.request(db, admit.request)
    if member is None or request is None:
        return Voided(line)
    await groups.change(db, replace(member, status="left"))
    await rooms.take_back(db, head.id, leaf, line.seq)
    await invites.undo(db, request)
    if admit.replaces is not None:
        replaced = await groups.member(db, head.group, wire.b64decode(admit.replaces), past=True)
        if replaced is not None:
            await groups.change(db, replace(replaced, status="member"))
            await rooms.give_back(db, head.id, replaced.member, line.seq - 1)
    return Voided(line, leaf, request)
