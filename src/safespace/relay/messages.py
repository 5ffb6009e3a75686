"""Messages on their way: parsed once, checked in memory, appended together with others, encoded once for everyone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from safespace import wire
from safespace.connection import Connection
from safespace.errors import CLOSE_RESTART, SafeSpaceError
from safespace.fanout import Lines
from safespace.fields import b64decode, b64encode
from safespace.framing import text_frame
from safespace.hub import Hub
from safespace.relay.commits import check_sealed
from safespace.relay.spending import Spending
from safespace.share import beginning
from safespace.storage.log import Entry
from safespace.storage.outages import FateUnknown


@dataclass(slots=True, eq=False, kw_only=True)
class Message(Entry):
    """A message, whose socket sent it, and its frame."""

    connection: Connection
    frame: wire.Send


def received(connection: Connection, frame: wire.Send, spending: Spending) -> Message:
    """A message as it is handed to the log, and paid for. Raises SafeSpaceError not_entered or throttled."""
    place = connection.places.get(frame.room)
    if place is None:
        raise SafeSpaceError("not_entered")
    body = b64decode(frame.body)
    spending.message(connection.account, place.group, len(body))
    fault = None
    try:
        check_sealed(body, frame.room.bytes, frame.epoch)
    except SafeSpaceError as error:
        fault = error
    return Message(
        sender=connection.account,
        room=frame.room,
        kind=frame.kind,
        leaf=place.leaf,
        epoch=frame.epoch,
        client_id=frame.client_id,
        body=body,
        commitment=b64decode(frame.commitment),
        fault=fault,
        connection=connection,
        frame=frame,
    )


def tell(hub: Hub, publish: Callable[[UUID, Lines], None], batch: Sequence[Message]) -> None:
    """Publish what one commit stored, room by room, and answer what it did not store. Its senders pay for it."""
    began = beginning()
    stored: dict[UUID, list[tuple[int, bytes]]] = {}
    for message in batch:
        if message.error is None and not message.repeated:
            stored.setdefault(message.room, []).append((message.seq, text_frame(text(message))))
    for room, frames in stored.items():
        publish(room, frames)
    for message in batch:
        if isinstance(message.error, FateUnknown):
            # The sender comes back and asks again; the others may have to be told what is in the log already.
            hub.behind(message.room)
            message.connection.drop(CLOSE_RESTART)
        elif message.error is not None:
            answer = wire.refusal(message.error, message.room, message.client_id)
            message.connection.push(text_frame(answer))
        elif message.repeated:
            if message.seq > (hub.published(message.room) or message.seq):
                hub.behind(message.room)
            sent = wire.Sent(room=message.room, client_id=message.client_id, seq=message.seq, time=message.time)
            message.connection.push(text_frame(sent.model_dump_json()))
    each = (beginning() - began) / len(batch)
    for message in batch:
        message.connection.share.level -= each
        message.connection.settled(len(message.body))


def text(message: Message) -> str:
    """The envelope, as `storage.envelopes` would write it; nothing in it needs escapes, and b64 is canonical."""
    return (
        f'{{"t":"envelope","room":"{message.room}","seq":{message.seq},"time":{message.time},"kind":"{message.kind}",'
        f'"leaf":"{b64encode(message.leaf)}","epoch":{message.epoch},"client_id":"{message.client_id}",'
        f'"body":"{message.frame.body}","commitment":"{message.frame.commitment}",'
        f'"stamp":"{b64encode(message.stamp)}","policy":null}}'
    )
