"""The live sessions of rooms, as the relay keeps them: JSON, and beside it what is asked without reading it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from safespace.crypto.sealed import Sealed
from safespace.rooms.floor import Floor
from safespace.rooms.live import Live, Table, is_gated, next_change
from safespace.storage import ballots
from safespace.storage.tables import Member, Room

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


async def write(connection: AsyncConnection, room: UUID, table: Table, time: int) -> None:
    """Keep what was decided at `time`."""
    live, floor = table
    kept = None if table == NOTHING else _Kept(live=live, floor=floor).model_dump_json()
    values = {"live": kept, "gated": is_gated(live), "due": next_change(live, time)}
    await connection.execute(update(Room).where(Room.id == room).values(**values))
    await ballots.follow(connection, live.ballots)


async def due(connection: AsyncConnection, now: int, limit: int) -> Sequence[tuple[UUID, UUID]]:
    """Rooms, and their groups, in which a session has begun or ended by `now` and nobody wrote it down."""
    query = select(Room.id, Room.group).where(Room.due <= now).order_by(Room.due).limit(limit)
    return [(row.id, row.group) for row in await connection.execute(query)]


async def end_mutes(connection: AsyncConnection, group: UUID, at: int) -> None:
    """Mutes for the session end with it."""
    muted = update(Member).where(Member.group == group, Member.muted_session, Member.muted_until > at)
    await connection.execute(muted.values(muted_until=at))


async def ask_to_agree(connection: AsyncConnection, group: UUID, writer: bytes) -> None:
    """There are new ground rules, to which so far only who wrote them agreed."""
    await connection.execute(update(Member).where(Member.group == group).values(agreed=Member.member == writer))
