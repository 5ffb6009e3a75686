"""The live sessions of rooms, as the relay keeps them: JSON, and beside it what is asked without reading it."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from safespace.beside import beside
from safespace.crypto.sealed import Sealed
from safespace.fields import b64encode
from safespace.rooms.floor import Floor, Silences
from safespace.rooms.live import Live, Table, is_gated, next_change, settled
from safespace.rooms.silence import speaks_from
from safespace.storage import ballots, groups
from safespace.storage.tables import Group, Member, Room

NOTHING: Table = Live(), Floor()


class _Kept(Sealed):
    live: Live
    floor: Floor


def read(text: str | None) -> Table:
    """What a room's row says."""
    if text is None:
        return NOTHING
    kept = _Kept.model_validate_json(text)
    return kept.live, kept.floor


def written(table: Table) -> str:
    """The inverse of `read`."""
    live, floor = table
    return _Kept(live=live, floor=floor).model_dump_json()


async def write(connection: AsyncConnection, room: UUID, table: Table, time: int) -> None:
    """Keep what was decided at `time`. Where there are guests, who write in a session alone, it is always asked."""
    live, _ = table
    guests = exists().where(Member.group == Room.group, Member.role == "guest", Member.status == "member")
    has_guests = await connection.scalar(select(guests.correlate(Room)).where(Room.id == room))
    kept = None if table == NOTHING and not has_guests else written(table)
    values = {"live": kept, "gated": is_gated(live) or bool(has_guests), "due": next_change(live, time)}
    await connection.execute(update(Room).where(Room.id == room).values(**values))
    await ballots.follow(connection, live.ballots)


async def locked(connection: AsyncConnection, groups: Collection[UUID], now: int) -> set[UUID]:
    """Those of these groups whose door is locked at `now`."""
    query = select(Room.group, Room.live).where(Room.group.in_(groups), Room.purpose == "main", Room.live.is_not(None))
    rows = (await connection.execute(query)).all()
    return await beside(lambda: {row.group for row in rows if settled(*read(row.live), now)[0].locked})


async def due(connection: AsyncConnection, now: int, limit: int) -> Sequence[tuple[UUID, UUID]]:
    """Rooms, and their groups, in which a session has begun or ended by `now` and nobody wrote it down."""
    query = select(Room.id, Room.group).where(Room.due <= now).order_by(Room.due).limit(limit)
    return [(row.id, row.group) for row in await connection.execute(query)]


async def silences(connection: AsyncConnection, group: UUID, live: Live, time: int) -> Silences:
    """Everyone in the group who cannot use the floor at `time`."""
    quiet = bool(await connection.scalar(select(Group.quiet).where(Group.id == group)))
    found: dict[str, int | None] = {}
    for one in await groups.members(connection, group):
        until = None if one.muted_until == groups.FOREVER else one.muted_until
        at = speaks_from(
            until, one.listening, one.agreed, quiet, one.role, in_session=live.session is not None, time=time
        )
        if at != 0:
            found[b64encode(one.member)] = at
    return found


async def end_mutes(connection: AsyncConnection, group: UUID, at: int) -> None:
    """Mutes for the session end with it."""
    muted = update(Member).where(Member.group == group, Member.muted_session, Member.muted_until > at)
    await connection.execute(muted.values(muted_until=at))


async def ask_to_agree(connection: AsyncConnection, group: UUID, writer: bytes) -> None:
    """There are new ground rules, to which so far only who wrote them agreed."""
    await connection.execute(update(Member).where(Member.group == group).values(agreed=Member.member == writer))
