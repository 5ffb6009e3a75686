"""`GET /v1/socket`: a read loop that hands frames to the relay, and a write loop that empties the queue."""

import asyncio
import contextlib
import json
from typing import cast
from uuid import UUID

from fastapi import APIRouter
from starlette.websockets import WebSocket, WebSocketDisconnect

from safespace import wire
from safespace.api.auth import authenticate, check_origin
from safespace.api.parts import DatabasePart, Now, RelayPart, SettingsPart
from safespace.api.problems import as_refusal
from safespace.errors import CLOSE_RESUME, CODES, SafeSpaceError
from safespace.hub import Connection
from safespace.relay import Relay

MAX_BAD_FRAMES = 20
"""Refused frames in a row after which a socket is closed."""
CLOSE_BAD_FRAMES = 4400
CLOSE_TOO_MANY = 4429

NEVER_HEARD = frozenset({"malformed_json", "unknown_frame", "invalid_field", "bad_base64", "too_large"})

router = APIRouter()


@router.websocket("/socket")
async def socket(
    websocket: WebSocket, database: DatabasePart, settings: SettingsPart, now: Now, relay: RelayPart
) -> None:
    """Serve one connection until either side closes it."""
    check_origin(websocket, settings)
    try:
        caller = await authenticate(websocket, database, now)
    except SafeSpaceError as error:
        await websocket.accept()
        await _turn_away(websocket, error, CODES[error.code].close or CLOSE_RESUME)
        return
    await websocket.accept()
    connection = Connection(caller.account, caller.device, caller.login)
    try:
        await relay.connect(connection)
        # The login may have ended before the hub knew of this socket, and so would not have closed it.
        await authenticate(websocket, database, now)
        await _serve(websocket, connection, relay)
    except SafeSpaceError as error:
        await _turn_away(websocket, error, CODES[error.code].close or CLOSE_TOO_MANY)
    finally:
        relay.disconnect(connection)


async def _serve(websocket: WebSocket, connection: Connection, relay: Relay) -> None:
    writing = asyncio.create_task(_write(websocket, connection))
    try:
        await _read(websocket, connection, relay)
    finally:
        connection.drop(CLOSE_RESUME)
        await writing


async def _turn_away(websocket: WebSocket, error: SafeSpaceError, code: int) -> None:
    await websocket.send_text(refusal(error))
    await websocket.close(code)


async def _write(websocket: WebSocket, connection: Connection) -> None:
    """Send what is queued; close when the connection is to be closed or its reader is gone."""
    sending = asyncio.create_task(_send_queued(websocket, connection))
    broken = asyncio.create_task(connection.broken.wait())
    await asyncio.wait({sending, broken}, return_when=asyncio.FIRST_COMPLETED)
    for task in (sending, broken):
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError, WebSocketDisconnect, RuntimeError):
            await task
    connection.finish(CLOSE_RESUME)
    with contextlib.suppress(RuntimeError, WebSocketDisconnect):
        await websocket.close(cast(int, connection.close_code))


async def _send_queued(websocket: WebSocket, connection: Connection) -> None:
    while (text := await connection.take()) is not None:
        await websocket.send_text(text)


async def _read(websocket: WebSocket, connection: Connection, relay: Relay) -> None:
    bad = 0
    while True:
        message = await websocket.receive()
        if message["type"] == "websocket.disconnect":
            return
        if connection.close_code is not None:
            continue
        text = message.get("text")
        try:
            if text is None:
                raise SafeSpaceError("malformed_json", "Frames are text.")
            await _handle(relay, connection, wire.parse_client_frame(text))
            bad = 0
        except Exception as error:
            refused = as_refusal(error)
            connection.push(refusal(refused, *_about(text)))
            bad = bad + 1 if refused.code in NEVER_HEARD else 0
            close = CODES[refused.code].close or (CLOSE_BAD_FRAMES if bad > MAX_BAD_FRAMES else None)
            if close is not None:
                connection.finish(close)


async def _handle(relay: Relay, connection: Connection, frame: wire.Enter | wire.Send | wire.Act) -> None:
    match frame:
        case wire.Enter():
            await relay.enter(connection, frame)
        case wire.Send():
            await relay.send(connection, frame)
        case wire.Act():
            await relay.act(connection, frame)


def refusal(error: SafeSpaceError, room: UUID | None = None, client_id: UUID | None = None) -> str:
    """A `refused` frame."""
    frame = wire.Refused(
        room=room, client_id=client_id, code=error.code, detail=error.detail, retry_after=error.retry_after
    )
    return frame.model_dump_json(exclude_none=True)


def _about(text: str | None) -> tuple[UUID | None, UUID | None]:
    """The room and client_id a refused frame was about, as far as they can be read."""
    if text is None or len(text) > wire.MAX_FRAME:
        return None, None
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError):
        return None, None
    return _id(frame, "room"), _id(frame, "client_id")


def _id(frame: object, name: str) -> UUID | None:
    value = frame.get(name) if isinstance(frame, dict) else None
    if not isinstance(value, str):
        return None
    try:
        return UUID(value)
    except ValueError:
        return None
