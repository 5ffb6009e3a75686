"""What an act changes of what the relay enforces: seen before and after, so that it can be taken back, and done again.

A sight is flat, by name: `member <id> <field>`, `group <field>`, `live <field>`, `floor <field>`, `leaf <room> <leaf>`,
`line <seq>`; ids in hexadecimal. A change is [name, before, after]. What somebody else has changed since stays.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from safespace.storage import envelopes, lives, passing, rooms
from safespace.storage.tables import Group, Leaf, Member, Room

Sight = dict[str, object]
Change = list[object]


class Carried(NamedTuple):
    """The passing rooms that end by it, and what of the changes is the act's still: nothing that somebody has changed
    since is taken back, nor made once more."""

    over: tuple[UUID, ...]
    kept: list[Change]


PARTING: Final = frozenset({"leave", "remove", "admit", "bring", "demote", "step_down"})
"""What may end a place in a room."""
_OF_MEMBERS: Final = frozenset(
    {
        *PARTING,
        *("offer", "end_offer", "accept", "agree", "write_rules", "mute", "unmute", "let_speak", "unban"),
        *("close_session", "capsule", "break_out", "call_back"),
    }
)
_FIELDS: Final = (
    "role",
    "status",
    "muted_until",
    "muted_session",
    "listening",
    "agreed",
    "offered",
    "offered_by",
    "banned",
)


async def look(connection: AsyncConnection, head: rooms.Head, action: str, line: int | None) -> Sight:
    """What an act with this action may change, as it is now; `line` is the one it names."""
    sight: Sight = {}
    if head.purpose == "main":
        main = select(Room.live, Group.quiet, Group.days).join(Group, Group.id == Room.group).where(Room.id == head.id)
        text, quiet, days = (await connection.execute(main)).one()
        sight |= {"group quiet": quiet, "group days": days}
        live, floor = lives.read(text)
        for part, table in (("live", live), ("floor", floor)):
            sight |= {f"{part} {name}": value for name, value in table.model_dump(mode="json").items()}
        if action in _OF_MEMBERS:
            sight |= await _members(connection, head.group)
        if line is not None and (said := await envelopes.one(connection, head.id, line)) is not None:
            sight[f"line {line}"] = said.taken_down
    if action in PARTING:
        held = (
            select(Leaf.room, Leaf.identity, Leaf.status)
            .join(Room, Room.id == Leaf.room)
            .where(Room.group == head.group, Leaf.status != "removed")
        )
        found = await connection.execute(held)
        sight |= {f"leaf {room.hex} {identity.hex()}": status for room, identity, status in found}
    return sight


async def _members(connection: AsyncConnection, group: UUID) -> Sight:
    columns = [getattr(Member, name) for name in _FIELDS]
    sight: Sight = {}
    for member, *values in await connection.execute(select(Member.member, *columns).where(Member.group == group)):
        for name, value in zip(_FIELDS, values, strict=True):
            sight[f"member {member.hex()} {name}"] = value.hex() if isinstance(value, bytes) else value
    return sight


def between(before: Sight, after: Sight, *, leaves_alone: bool) -> list[Change]:
    """What has changed from one sight to the next. Who is new is left out: that is the commit's affair."""
    # A leaf that is out of the tree is seen no more.
    now = {name: after.get(name, "removed") for name in before if not leaves_alone or name.startswith("leaf ")}
    return [[name, before[name], value] for name, value in now.items() if before[name] != value]


def leaves_of(changed: Iterable[Change]) -> list[tuple[UUID, bytes]]:
    """The leaves that departed, with their rooms."""
    names = [str(name).split() for name, _, _ in changed]
    return [(UUID(name[1]), bytes.fromhex(name[2])) for name in names if name[0] == "leaf"]


async def carry(
    connection: AsyncConnection, head: rooms.Head, changed: Sequence[Change], now: int, *, back: bool
) -> Carried:
    """Take changes back, or make them once more; all rooms of the group are locked."""
    wanted = {str(name): (new, old) if back else (old, new) for name, old, new in changed}
    over: tuple[UUID, ...] = ()
    done: set[str] = set()
    table = {name: one for name, one in wanted.items() if name.startswith(("live ", "floor "))}
    if table:
        over, done = await _carry_table(connection, head, table, now)
    for name, (expected, value) in wanted.items():
        match name.split():
            case ["member", member, field]:
                if await _set_member(connection, head.group, bytes.fromhex(member), field, expected, value):
                    done.add(name)
            case ["group", field]:
                column = getattr(Group, field)
                group = update(Group).where(Group.id == head.group, column == expected).values({column: value})
                if (await connection.execute(group)).rowcount:
                    done.add(name)
            case ["line", seq]:
                said = await envelopes.one(connection, head.id, int(seq))
                if said is not None and said.taken_down == expected:
                    # Its body goes a while after this moment, not after the one at which it was taken down first.
                    wanted[name] = expected, None if value is None else now
                    await envelopes.take_down(connection, head.id, int(seq), None if value is None else now)
                    done.add(name)
            case ["leaf", room, leaf]:
                await _carry_leaf(connection, UUID(room), bytes.fromhex(leaf), back=back)
                done.add(name)
    kept = [[name, *(wanted[name][::-1] if back else wanted[name])] for name in wanted if name in done]
    return Carried(over, kept)


async def _carry_leaf(connection: AsyncConnection, room: UUID, leaf: bytes, *, back: bool) -> None:
    """One that is out of the tree meanwhile stays out of it."""
    if back:
        await rooms.keep(connection, room, leaf)
    elif (there := await rooms.head(connection, room)) is not None:
        active = {one.identity for one in await rooms.leaves(connection, room, "active")}
        await rooms.part_with(connection, room, active & {leaf}, there.head)


async def _set_member(
    connection: AsyncConnection, group: UUID, member: bytes, field: str, expected: object, value: object
) -> bool:
    column = getattr(Member, field)
    if field == "offered_by":
        expected, value = (one and bytes.fromhex(str(one)) for one in (expected, value))
    unchanged = column.is_(None) if expected is None else column == expected
    row = update(Member).where(Member.group == group, Member.member == member, unchanged)
    return (await connection.execute(row.values({column: value}))).rowcount == 1


async def _carry_table(
    connection: AsyncConnection, head: rooms.Head, wanted: dict[str, tuple[object, object]], now: int
) -> tuple[tuple[UUID, ...], set[str]]:
    live, floor = lives.read(head.live)
    kept = {"live": live.model_dump(mode="json"), "floor": floor.model_dump(mode="json")}
    done = set()
    for name, (expected, value) in wanted.items():
        part, field = name.split()
        if kept[part][field] == expected:
            kept[part][field] = value
            done.add(name)
    table = lives.read(json.dumps(kept))
    await lives.write(connection, head.id, table, now)
    return await passing.follow(connection, head.group, table, now), done
