"""What an `act` may do and what it changes: the table of docs/protocol.md, "The socket".

`check_shape` looks at the frame alone; `perform` runs in the transaction that stores it.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from safespace import wire
from safespace.errors import SafeSpaceError
from safespace.fields import HANDS, b64decode
from safespace.relay import balloting, bans, membership, moderating, offices, running
from safespace.relay.commits import Change, check_sealed
from safespace.relay.lines import Stamp, lines_of
from safespace.relay.outcome import Actor, Outcome
from safespace.relay.storing import check_unannounced, store
from safespace.rooms.actions import shows_its_own
from safespace.rooms.passing import announced
from safespace.rooms.policy import newest
from safespace.rooms.roles import may
from safespace.storage import groups, invites, lives, passing
from safespace.storage.envelopes import Envelope

_PARTS: Final[dict[str, tuple[tuple[bool, bool], ...]]] = {
    # action: the allowed (commit, state)
    "remove": ((False, False), (True, False)),
    "admit": ((True, True),),
}
"""All others are a policy message alone."""
_RULED: Final[dict[str, Callable[[AsyncConnection, Actor, wire.PolicyPart], Awaitable[None]]]] = {
    "offer": offices.offer,
    "end_offer": offices.end_offer,
    "accept": offices.accept,
    "demote": offices.demote,
    "step_down": offices.step_down,
    "mute": moderating.mute,
    "unmute": moderating.unmute,
    "mute_all": moderating.mute_all,
    "let_speak": moderating.let_speak,
    "take_down": moderating.take_down,
    "restore": moderating.restore,
    "unban": bans.unban,
    "retain": moderating.retain,
    "agree": membership.agree,
    "open_ballot": balloting.open_ballot,
    "rename": moderating.check_heard,
}
"""What changes what the relay enforces, and no memberships."""
_ENDS_LINKS: Final = frozenset({"admit", "remove", "leave", "demote", "step_down", "write_rules"})
"""What may leave people waiting by a link that is of no more use."""


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
        if policy.action == "open" or policy.action == "bring":
            raise SafeSpaceError("forbidden", "There is no such action in a main room.")
        if (commit is not None, state is not None) not in _PARTS.get(policy.action, ((False, False),)):
            raise SafeSpaceError("announcement_mismatch")
        if policy.main is not None or not shows_its_own(policy):
            raise SafeSpaceError("invalid_field", "An action shows the fields it has, and no other.")
    if commit is not None and {commit.welcome is not None, commit.reply is not None} != {admits}:
        raise SafeSpaceError("invalid_field", "Only admit carries a Welcome and a reply.")


def is_restless(frame: wire.Act, change: Change | None) -> bool:
    """Whether any member could do this all day: an own update, an agreement, another name, a hand, another room.
    Others' acts would come late."""
    if frame.policy is not None:
        return frame.policy.action in ("agree", "rename", "renew_room") or frame.policy.action in HANDS
    return change is not None and not change.removed


async def perform(db: AsyncConnection, actor: Actor, frame: wire.Act, change: Change | None, stamp: Stamp) -> Outcome:
    """Check an act against the database and store it whole. Raises SafeSpaceError; then nothing may be committed."""
    head, policy = actor.head, frame.policy
    if change is not None and change.committer != actor.leaf.identity:
        raise SafeSpaceError("wrong_leaf")
    lines = lines_of(actor, frame, stamp)
    policy_seq, hand_seq = head.policy_seq, head.hand_seq
    if policy is not None and policy.action in HANDS:
        hand_seq = lines[0].seq
    elif policy is not None:
        policy_seq = lines[0].seq
    if policy is None:
        if change is None:
            raise SafeSpaceError("invalid_field")
        await check_unannounced(db, head, change)
        outcome = Outcome(lines)
    else:
        # A removal that changes the keys at once also takes out a leaf whose own `leave` nobody could read.
        if head.departed and (policy.action != "remove" or change is None):
            raise SafeSpaceError("rekey_required")
        _check_policy(actor, policy)
        before = lives.read(head.live)
        # As in the fold, an admission leaves session and floor as they stand.
        table = before if policy.action == "admit" else await running.settle(db, head, actor.now)
        table = await running.run(db, actor, policy, table)
        outcome = await _perform_policy(db, actor, frame, policy, change, lines)
        table = running.follow(policy, actor, table)
        if policy.action != "admit":
            table = await running.heed(db, actor, table)
        if table != before or policy.role == "guest":
            await lives.write(db, head.id, table, actor.now)
            if announced(before[0]) or announced(table[0]):
                over = await passing.follow(db, head.group, table, actor.now)
                outcome = replace(outcome, over=over)
        if policy.action in _ENDS_LINKS:
            ended = await invites.end_stranded(db, head.group, actor.now)
            outcome = replace(outcome, stranded=(*outcome.stranded, *ended))
        if table[0].locked != before[0].locked:
            outcome = replace(outcome, door=True)
    await store(db, actor, lines, policy_seq, hand_seq, change)
    return outcome


def _check_policy(actor: Actor, policy: wire.PolicyPart) -> None:
    head = actor.head
    if policy.action in HANDS:
        seen = policy.policy_seq <= head.policy_seq
    else:
        seen = policy.policy_seq == newest(policy.action, head.policy_seq, head.hand_seq)
    if not seen:
        raise SafeSpaceError("stale_policy")
    if (policy.action == "create") != (actor.head.policy_seq == 0):
        raise SafeSpaceError("forbidden", "A room begins with create, once.")
    if policy.epoch != actor.head.epoch:
        raise SafeSpaceError("stale_epoch" if policy.epoch < actor.head.epoch else "wrong_epoch")
    check_sealed(b64decode(policy.body), actor.head.id.bytes, policy.epoch)
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
            return await membership.admit(db, actor, frame, policy, change, lines)
        case "remove":
            return await membership.remove(db, actor, policy, change, lines)
        case "leave":
            return await membership.leave(db, actor, lines)
        case "write_rules":
            return await running.write_rules(db, actor, lines)
        case "create":
            await groups.set_days(db, actor.head.group, policy.days or 0)
            return Outcome(lines)
    if (ruled := _RULED.get(policy.action)) is not None:
        await ruled(db, actor, policy)
    return Outcome(lines, withheld=policy.action == "take_down")
