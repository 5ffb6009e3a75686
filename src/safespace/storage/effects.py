"""What an act sets of what the relay enforces, seen before and after; `storage.undoing` takes it back.

A sight is flat, by name: `member <id> <field>`, `group <field>`, `live <field>`, `live times <plan>`, `floor <field>`,
`leaf <room> <leaf>`, `invite <id>`, `line <seq>`; ids in hexadecimal.
"""

from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from safespace.storage import envelopes, lives, rooms
from safespace.storage.tables import Group, Invite, Leaf, Member, Room

Sight = dict[str, object]


class Change(NamedTuple):
    """One thing that an act set, be it to what it was before."""

    name: str
    before: object
    after: object


PARTING: Final = frozenset({"leave", "remove", "admit", "bring", "demote", "step_down"})
"""What may end a place in a room."""
_OF_INVITES: Final = frozenset({*PARTING, "write_rules"})
"""What takes invites back."""
_OFFICE: Final = ("role", "offered", "offered_by")
_PLACE: Final = ("status", "offered", "offered_by", "banned")
_SET: Final[dict[str, tuple[str, ...]]] = {
    "offer": ("offered", "offered_by"),
    "end_offer": ("offered", "offered_by"),
    "accept": _OFFICE,
    "demote": _OFFICE,
    "step_down": _OFFICE,
    "leave": _PLACE,
    "remove": _PLACE,
    "mute": ("muted_until", "muted_session"),
    "agree": ("agreed",),
    "mute_all": ("group quiet",),
    "retain": ("group days",),
    "create": ("group days",),
    "set_floor": ("live terms", "floor holder", "floor since", "floor queue", "floor too"),
    "start_round": ("live terms", "floor holder", "floor since", "floor queue", "floor too"),
    "open_session": ("live session",),
    "capsule": ("live session",),
    "break_out": ("live breakouts",),
}
"""What an action sets, also where that was so before: of the member it is about, or of the group."""
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
        # Each plan is a thing of its own.
        times = sight.pop("live times")
        sight |= {f"live times {plan}": time for plan, time in times.items()}  # type: ignore[attr-defined]
        if action in _OF_MEMBERS:
            sight |= await _members(connection, head.group)
        if line is not None and (said := await envelopes.one(connection, head.id, line)) is not None:
            sight[f"line {line}"] = said.taken_down
    if action in _OF_INVITES:
        usable = select(Invite.id).where(Invite.group == head.group, Invite.ended.is_(None))
        sight |= {invite(id): False for id in (await connection.execute(usable)).scalars()}
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


def between(before: Sight, after: Sight, *, places_alone: bool) -> list[Change]:
    """What has changed from one sight to the next. Who is new is left out: that is the commit's affair."""
    names = [*before, *(name for name in after if name.startswith("live times ") and name not in before)]
    if places_alone:
        names = [name for name in names if name.startswith(("leaf ", "invite "))]
    changes = [Change(name, before.get(name), after.get(name, _missing(name))) for name in names]
    return [change for change in changes if change.before != change.after]


def _missing(name: str) -> object:
    """What something is that is seen no more: a leaf out of the tree, an invite that was taken back, a plan."""
    return {"leaf": "removed", "invite": True}.get(name.split()[0])


async def set_by(
    connection: AsyncConnection, head: rooms.Head, action: str, about: bytes, plan: UUID | None, sight: Sight
) -> list[str]:
    """The names of what an act sets, whatever it was before; `about` is its target, or who did it."""
    names = [field if " " in field else f"member {about.hex()} {field}" for field in _SET.get(action, ())]
    if action in ("plan", "unplan") and plan is not None:
        names.append(f"live times {plan}")
    if action == "write_rules":
        names += [name for name in sight if name.startswith("member ") and name.endswith(" agreed")]
    if action in ("leave", "remove"):
        gone = select(Leaf.room, Leaf.identity).where(Leaf.member == about, Leaf.status.in_(rooms.GONE))
        place = Leaf.room == head.id
        if head.purpose == "main":
            place = Leaf.room.in_(select(Room.id).where(Room.group == head.group))
        names += [f"leaf {room.hex} {identity.hex()}" for room, identity in await connection.execute(gone.where(place))]
    return names


def invite(id: UUID) -> str:
    """The name of an invite."""
    return f"invite {id.hex}"


def leaf(name: str) -> tuple[UUID, bytes] | None:
    """The room and the identity that the name of a leaf says."""
    kind, *rest = name.split()
    return (UUID(rest[0]), bytes.fromhex(rest[1])) if kind == "leaf" else None
