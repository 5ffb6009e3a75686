"""`GET /v1/socket`: who may open a line, and a conversation that hands its frames to the relay in their order."""

import json
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from uuid import UUID

from fastapi import APIRouter
from starlette.websockets import WebSocket

from safespace import wire
from safespace.api.auth import Caller, authenticate, check_origin
from safespace.api.line import Line
from safespace.api.parts import DatabasePart, Now, RelayPart, SettingsPart, SharesPart
from safespace.api.problems import as_refusal, problem
from safespace.api.upgrade import accept
from safespace.connection import MAX_COMING, Connection
from safespace.errors import CLOSE_RESTART, CLOSE_RESUME, CODES, SafeSpaceError
from safespace.framing import Message, Opcode, text_frame
from safespace.logs import log
from safespace.relay import Relay
from safespace.share import Share, Work, beginning
from safespace.storage.outages import FateUnknown

MAX_BAD_FRAMES = 20
"""Refused frames in a row after which a socket is closed."""
MAX_SENDING = 32
"""Messages of one connection whose fate may be open; further frames wait for it."""
MAX_UNREAD = 64
"""Frames that may wait for earlier ones before no more is read."""
MAX_UNREAD_BYTES = 64 * 1024
"""Bytes of them."""
MAX_HURRIED = 1_000
"""Messages in a row that were too much at once, after which a socket is closed: no client goes on like that."""
CLOSE_BAD_FRAMES = 4400
CLOSE_TOO_MANY = 4429

NEVER_HEARD = frozenset({"malformed_json", "unknown_frame", "invalid_field", "bad_base64", "too_large"})
PONG = text_frame(wire.Pong().model_dump_json())

router = APIRouter()


@router.websocket("/socket")
async def socket(
    websocket: WebSocket,
    database: DatabasePart,
    settings: SettingsPart,
    now: Now,
    relay: RelayPart,
    shares: SharesPart,
) -> None:
    """Open a connection; it lives on after this has returned."""
    try:
        check_origin(websocket, settings)
    except SafeSpaceError as error:
        log.warning("socket", code=error.code)
        await websocket.send_denial_response(problem(error))
        return
    try:
        caller = await authenticate(websocket, database, now)
    except SafeSpaceError as error:
        line = await accept(websocket, _Silence(), websocket.state.work.share)
        line.write(text_frame(wire.refusal(error)))
        line.close(CODES[error.code].close or CLOSE_RESUME)
        return
    websocket.state.work.share = share = shares.of(caller.account.bytes)
    conversation = Conversation(relay, share)
    line = await accept(websocket, conversation, share)
    # The login may end before the hub knows of this socket, and so would not close it.
    conversation.begin(line, caller, lambda: authenticate(websocket, database, now))


class _Silence:
    """Listens to nothing."""

    def heard(self, message: Message) -> None: ...

    def held(self, size: int) -> None: ...

    def stalled(self) -> None: ...

    def flowing(self) -> None: ...

    def lost(self) -> None: ...


class Conversation:
    """Listens to one line. A frame is handled once those before it are; only messages need not be waited for."""

    __slots__ = (
        "_acting",
        "_bad",
        "_connection",
        "_due",
        "_held",
        "_hurried",
        "_line",
        "_relay",
        "_share",
        "_unread",
        "_unread_bytes",
    )

    _connection: Connection
    _line: Line

    def __init__(self, relay: Relay, share: Share) -> None:
        self._relay = relay
        self._share = share
        self._unread: deque[Message] = deque()
        self._unread_bytes = 0
        self._held = 0
        """Bytes that the line keeps, as they are not whole or not wanted yet."""
        self._acting = False
        self._due = False
        self._bad = 0
        self._hurried = 0

    def begin(self, line: Line, caller: Caller, check_login: Callable[[], Awaitable[object]]) -> None:
        """Have the relay know the connection and greet it; turn it away where the account has too many."""
        self._line = line
        self._connection = Connection(caller.account, caller.device, caller.login, self._share, line, self._go_on)
        try:
            self._relay.connect(self._connection)
        except SafeSpaceError as error:
            self._turn_away(error, CLOSE_TOO_MANY)
            return
        self._do(self._greet(check_login))

    # api.line.Listener

    def heard(self, message: Message) -> None:
        size = len(message.data or b"")
        self._unread.append(message)
        self._unread_bytes += size
        self._connection.load.coming += size
        self._proceed()

    def held(self, size: int) -> None:
        load = self._connection.load
        load.coming += size - self._held
        self._held = size
        if load.coming > MAX_COMING:
            self._connection.drop(CLOSE_RESUME)

    def stalled(self) -> None:
        self._connection.stalled()

    def flowing(self) -> None:
        self._connection.flowing()

    def lost(self) -> None:
        load = self._connection.load
        load.coming -= self._held + self._unread_bytes
        load.waiting.pop(self._go_on, None)
        self._held = self._unread_bytes = 0
        self._unread.clear()
        self._connection.drop(CLOSE_RESUME)
        if not self._acting:
            self._relay.disconnect(self._connection)

    def _go_on(self) -> None:
        """Proceed when it is due, if anything waits: whoever decided about many messages goes on first."""
        if self._unread and not self._due:
            self._due = True
            self._share.when_due(self._when_due)

    def _when_due(self) -> None:
        began = beginning()
        self._due = False
        self._proceed()
        self._share.spend(began)

    def _proceed(self) -> None:
        """Handle what may be handled now."""
        connection = self._connection
        while self._unread and not self._acting and connection.sending < MAX_SENDING:
            if connection.load.is_full:
                connection.load.waiting[self._go_on] = None
                break
            message = self._unread.popleft()
            size = len(message.data or b"")
            self._unread_bytes -= size
            connection.load.coming -= size
            if connection.close_code is None:
                self._handle(message)
        self._line.read(len(self._unread) < MAX_UNREAD and self._unread_bytes < MAX_UNREAD_BYTES)

    def _handle(self, message: Message) -> None:
        try:
            if message.data is None:
                raise SafeSpaceError("too_large")
            if message.opcode == Opcode.BINARY:
                raise SafeSpaceError("malformed_json", "Frames are text.")
            frame = wire.parse_client_frame(message.data)
            if isinstance(frame, wire.Send):
                self._relay.send(self._connection, frame)
                self._bad = self._hurried = 0
            elif isinstance(frame, wire.Ping):
                self._connection.push(PONG)
                self._bad = 0
            else:
                self._do(self._act(frame))
        except Exception as error:
            self._refuse(error, *_about(message))

    def _do(self, doing: Coroutine[None, None, None]) -> None:
        """Do what takes a while, and does not raise; what comes meanwhile is handled after it."""
        self._acting = True
        self._relay.start(self._finish(doing))

    async def _finish(self, doing: Coroutine[None, None, None]) -> None:
        await Work(self._share, doing)
        self._acting = False
        if self._line.is_lost:
            self._relay.disconnect(self._connection)
        else:
            self._proceed()

    async def _greet(self, check_login: Callable[[], Awaitable[object]]) -> None:
        try:
            async with self._share.turn():
                await check_login()
                try:
                    await self._relay.check_quota(self._connection.account)
                except SafeSpaceError as error:
                    self._turn_away(error, CLOSE_TOO_MANY)
                    return
                await self._relay.joining.greet(self._connection)
                await self._relay.reporting.greet(self._connection)
        except Exception as error:
            refused = as_refusal(error)
            self._turn_away(refused, CODES[refused.code].close or CLOSE_RESUME)

    async def _act(self, frame: wire.Enter | wire.Act | wire.Epoch | wire.Folded) -> None:
        try:
            match frame:
                case wire.Enter():  # has its turn for as long as it does not wait for the reader
                    await self._relay.enter(self._connection, frame)
                case wire.Act():
                    with self._connection.load.at_work(wire.MAX_FRAME):
                        async with self._share.turn():
                            await self._relay.act(self._connection, frame)
                case wire.Epoch():
                    async with self._share.turn():
                        await self._relay.hear_epoch(self._connection, frame)
                case wire.Folded():
                    async with self._share.turn():
                        await self._relay.hear_folded(self._connection, frame)
            self._bad = 0
        except Exception as error:
            self._refuse(error, frame.room, frame.client_id if isinstance(frame, wire.Act) else None)

    def _turn_away(self, error: SafeSpaceError, code: int) -> None:
        self._connection.push(text_frame(wire.refusal(error)))
        self._connection.finish(code)

    def _refuse(self, error: Exception, room: UUID | None, client_id: UUID | None) -> None:
        if isinstance(error, FateUnknown):  # whoever asks again hears what became of it
            self._connection.drop(CLOSE_RESTART)
            return
        refused = as_refusal(error)
        self._connection.push(text_frame(wire.refusal(refused, room, client_id)))
        self._bad = self._bad + 1 if refused.code in NEVER_HEARD else 0
        self._hurried += refused.code == "throttled"
        close = CODES[refused.code].close or (CLOSE_BAD_FRAMES if self._bad > MAX_BAD_FRAMES else None)
        if self._hurried > MAX_HURRIED:
            close = CLOSE_TOO_MANY
        if close is not None:
            self._connection.finish(close)


def _about(message: Message) -> tuple[UUID | None, UUID | None]:
    """The room and client_id a refused frame was about, as far as they can be read."""
    if message.opcode == Opcode.BINARY or message.data is None or message.data.count(b",") > wire.MAX_COMMAS:
        return None, None
    try:
        frame = json.loads(message.data)
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
