"""Acts that run the live session, by the very rules that devices fold by: `safespace.rooms.dealing`."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from safespace import wire
from safespace.errors import SafeSpaceError
from safespace.fields import b64decode, b64encode
from safespace.relay.expiring import clear_wal
from safespace.relay.outcome import Actor, Outcome
from safespace.rooms import floor as floors
from safespace.rooms import live as rules
from safespace.rooms.dealing import deal
from safespace.rooms.live import Table
from safespace.rooms.silence import cannot_ask
from safespace.storage import groups, invites, lives, passing, rooms
from safespace.storage.database import Database
from safespace.storage.envelopes import Envelope

EVERY = 5.0
"""Seconds between two looks for sessions that began or ended by themselves."""
BATCH = 50
"""Rooms looked after in one transaction."""
_TURNS = frozenset({"start_round", "give_floor", "raise_hand"})
"""What asks who can use the floor before it is done; after an act it is asked in any case."""


async def settle(db: AsyncConnection, head: rooms.Head, now: int) -> Table:
    """What session and floor are now; that a session has ended is written down."""
    before = lives.read(head.live)
    ends = rules.first_end(before[0], now)
    if ends is not None and ends <= now:
        await lives.end_mutes(db, head.group, ends)
    return rules.settled(*before, now)


async def run(db: AsyncConnection, actor: Actor, policy: wire.PolicyPart, table: Table) -> Table:
    """What `policy` makes of the settled `table`. Raises SafeSpaceError; see `deal`."""
    named = policy.order or ((policy.target,) if policy.action == "give_floor" else ())
    for member in named:
        if await groups.member(db, actor.head.group, b64decode(member or "")) is None:
            raise SafeSpaceError("unknown_member")
    fresh = (policy.into, *(policy.rooms or ()))
    if any([room is not None and await rooms.room_exists(db, room) for room in fresh]):
        raise SafeSpaceError("group_exists")
    if policy.action == "raise_hand":
        _check_hand(actor, table)
    if policy.action == "pass_turn" and policy.absent:
        _check_absent(actor, table)
    me, role = b64encode(actor.member.member), actor.member.role
    members = await groups.count(db, actor.head.group) if policy.action == "open_ballot" else 0
    silences = await lives.silences(db, actor.head.group, table[0], actor.now) if policy.action in _TURNS else {}
    after = deal(*table, me, role, policy.action, policy, actor.now, members=members, silences=silences)
    if policy.action == "close_session":
        await lives.end_mutes(db, actor.head.group, actor.now)
    return after


def follow(policy: wire.PolicyPart, actor: Actor, table: Table) -> Table:
    """What it means that someone came or went by this. Raises SafeSpaceError locked."""
    match policy.action:
        case "leave":
            return rules.without(*table, b64encode(actor.member.member), actor.now)
        case "remove":
            return rules.without(*table, policy.target or "", actor.now)
        case "admit" if policy.replaces is not None:
            return rules.renamed(*table, policy.replaces, policy.target or "")
        case "admit" if rules.settled(*table, actor.now)[0].locked:
            raise SafeSpaceError("locked")
    return table


async def heed(db: AsyncConnection, actor: Actor, table: Table) -> Table:
    """What who may speak now means for the floor. Where nobody has it or waits for it, nothing."""
    live, floor = table
    if floor.holder is None and not floor.queue:
        return table
    silences = await lives.silences(db, actor.head.group, live, actor.now)
    return live, floors.heeding(live.terms, floor, silences, actor.now)


def _check_hand(actor: Actor, table: Table) -> None:
    me, in_session = actor.member, table[0].session is not None
    if (why := cannot_ask(me.muted_until > actor.now, me.listening, me.agreed, me.role, in_session)) is not None:
        raise SafeSpaceError(why)


def _check_absent(actor: Actor, table: Table) -> None:
    """Only the relay knows who is here: where the group does not show that, nobody is told by this either."""
    if not actor.head.presence:
        raise SafeSpaceError("forbidden")
    holder = table[1].holder
    if holder is not None and b64decode(holder) in actor.here:
        raise SafeSpaceError("still_here")


async def write_rules(db: AsyncConnection, actor: Actor, lines: list[Envelope]) -> Outcome:
    """Everyone is asked to agree. Invites that show the rules as they were end."""
    group = actor.head.group
    await lives.ask_to_agree(db, group, actor.member.member)
    shown = [invite for invite, _ in await invites.makers(db, group)]
    await invites.revoke(db, shown, "rules_changed")
    return Outcome(lines)


async def look_after(database: Database, now: int) -> None:
    """Write down which sessions began and ended by themselves, and delete the passing rooms that are over by that.

    What is judged does not wait for this.
    """
    async with database.read() as db:
        due = await lives.due(db, now, BATCH)
    over = [await _look_after(database, room, group, now) for room, group in due]
    if any(over):
        await clear_wal(database)


async def _look_after(database: Database, room: UUID, group: UUID, now: int) -> bool:
    """Whether anything was deleted."""
    async with database.write() as db:
        await groups.lock(db, group)
        await rooms.lock(db, room, *await passing.of_group(db, group))
        head = await rooms.head(db, room)
        if head is None:
            return False
        table = await settle(db, head, now)
        await lives.write(db, room, table, now)
        return bool(await passing.follow(db, group, table, now))
