"""What a connection is in a room, and whether what it asks for was done before."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from safespace import wire
from safespace.connection import Connection
from safespace.errors import SafeSpaceError
from safespace.framing import text_frame
from safespace.storage import envelopes, groups, invites, rooms


async def find(db: AsyncConnection, connection: Connection, room: UUID) -> tuple[rooms.Head, rooms.Leaf]:
    """The room and the device's active leaf in it.

    Raises SafeSpaceError unknown_room, not_a_member, moved or removed.
    """
    head = await rooms.head(db, room)
    leaf = await rooms.leaf_of(db, room, connection.device)
    if head is not None and leaf is not None:
        return head, leaf
    if head is not None and head.purpose == "main":
        member = await groups.membership(db, head.group, connection.account)
        if member is not None:
            if member.status == "member" and await rooms.was_in(db, room, connection.device):
                raise SafeSpaceError("moved")
            raise SafeSpaceError("removed" if member.status == "removed" else "not_a_member")
        if await invites.waiting_of(db, head.group, connection.account) is not None:
            raise SafeSpaceError("not_a_member")
    raise SafeSpaceError("unknown_room")


async def answer_repeat(
    db: AsyncConnection, connection: Connection, leaf: rooms.Leaf, room: UUID, client_id: UUID, kind: str
) -> bool:
    """Answer a client_id seen before with its first seq.

    Bytes are not compared: a message may have been sealed again for a new epoch meanwhile.
    """
    first = await envelopes.first_of(db, room, client_id)
    if first is None:
        return False
    if first.leaf != leaf.identity or first.kind != kind:
        raise SafeSpaceError("client_id_reused")
    sent = wire.Sent(room=room, client_id=client_id, seq=first.seq, time=first.time)
    connection.push(text_frame(sent.model_dump_json()))
    return True
