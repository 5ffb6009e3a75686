"""Every WebSocket frame, both directions.

Client to server:

    enter   room, after                     send what I missed since `after`, then keep me posted
    send    room, client_id, kind, epoch, body, commitment
    act     room, client_id, policy?, commit?, state?     one to three envelopes, all or none
    epoch   room, seq, ok                   whether I could apply another's commit
    ping                                    answered with `pong`, to see whether the line is alive

Server to client:

    envelope    one line of a room's log; one's own is the acknowledgement
    gap         room, after, until                         these lines are kept no longer
    caught_up   room, head, epoch, policy_seq              what was missed has been sent
    sent        room, client_id, seq, time                 this client_id was accepted before
    refused     room?, client_id?, code, detail, retry_after?, policy_seq?
    here        room, members                              who is connected, where the group asked for it
    rekey       room, leaves                               please commit the removal of these departed leaves
    confirmed   room, seq                                  one's own commit stands; what waited for that is taken
    waiting     group, count                               for admitters: people ask to join
    report      group, open                                how many one may read are open; null: one's own was seen to
    request     id, status                                 one's own request to join was answered
    gone        room, code                                 this device is no longer in the room
    welcome     group, room                                a Welcome into a further room waits
    bring       room, members                              please bring these into the staff room
    pong

Bytes are base64url without padding, ids UUIDs, times milliseconds. See `docs/protocol.md`.
"""

import binascii
import re
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from safespace.errors import SafeSpaceError

MAX_FRAME = 512 * 1024
"""Bytes of one frame; a larger one is refused with `too_large`."""
MAX_MESSAGE = 64 * 1024
"""Bytes of an application message's body."""
MAX_HANDSHAKE = 256 * 1024
"""Bytes of a commit's or a Welcome's body."""


_TO_URL = bytes.maketrans(b"+/", b"-_")
_FROM_URL = bytes.maketrans(b"-_+/=", b"+/!!!")
_PADDING = (b"", None, b"==", b"=")
_LAST = (None, None, frozenset("AQgw"), frozenset("AEIMQUYcgkosw048"))
"""By length modulo 4: the characters that leave no bit of the last one unused but set."""


def b64encode(data: bytes) -> str:
    """Base64url without padding (RFC 4648 section 5)."""
    return binascii.b2a_base64(data, newline=False).translate(_TO_URL).rstrip(b"=").decode("ascii")


def b64decode(text: str) -> bytes:
    """The inverse of `b64encode`. Raises ValueError unless `text` is exactly what it would write."""
    over = len(text) % 4
    padding, last = _PADDING[over], _LAST[over]
    if padding is None or (last is not None and text[-1] not in last):
        raise ValueError("bad_base64")
    try:
        return binascii.a2b_base64(text.encode("ascii").translate(_FROM_URL) + padding, strict_mode=True)
    except ValueError:  # binascii.Error is one, and so is what is not ASCII
        raise ValueError("bad_base64") from None


def _is_b64(text: str) -> str:
    b64decode(text)
    return text


_CANONICAL = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}").fullmatch


def _is_canonical(value: object) -> object:
    if isinstance(value, str) and _CANONICAL(value) is None:
        raise ValueError("not the canonical text of a UUID")
    return value


B64 = Annotated[str, AfterValidator(_is_b64)]
Id = Annotated[UUID, BeforeValidator(_is_canonical)]
"""A UUID in the one form that compares equal as text."""
Identity = Annotated[B64, Field(min_length=22, max_length=22)]
"""16 bytes: a leaf identity or a member id."""
Digest = Annotated[B64, Field(min_length=43, max_length=43)]
"""32 bytes."""
MessageBody = Annotated[B64, Field(max_length=MAX_MESSAGE * 4 // 3 + 4)]
HandshakeBody = Annotated[B64, Field(max_length=MAX_HANDSHAKE * 4 // 3 + 4)]
Count = Annotated[int, Field(ge=0, le=2**53 - 1)]
Role = Literal["owner", "facilitator", "moderator", "member", "guest"]
Purpose = Literal["staff", "aside"]
"""What a further room is for."""
FurtherAction = Literal["open", "bring", "leave", "remove"]
PolicyAction = Literal[
    "create",
    "admit",
    "agree",
    "leave",
    "remove",
    "offer",
    "end_offer",
    "accept",
    "demote",
    "step_down",
    "mute",
    "unmute",
    "mute_all",
    "let_speak",
    "take_down",
    "restore",
    "unban",
    "retain",
    "write_charter",
]
MAX_MUTE = 24 * 3600
"""Seconds of the longest mute that ends by itself."""
MAX_DAYS = 3650
"""Days of the longest retention that ends."""
Seconds = Annotated[int, Field(ge=1, le=MAX_MUTE)]
MuteLength = Seconds | Literal["session", "lifted"]
"""How long a mute lasts: so many seconds, until the session ends, or until someone lifts it."""
Days = Annotated[int, Field(ge=0, le=MAX_DAYS)]
"""How long messages are kept; 0 is for ever."""
Line = Annotated[int, Field(ge=1, le=2**53 - 1)]
"""The seq of a message."""


class Frame(BaseModel):
    """What all frames share: no unknown fields, no coercion between types."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Enter(Frame):
    t: Literal["enter"]
    room: Id
    after: Count


class Send(Frame):
    t: Literal["send"]
    room: Id
    client_id: Id
    kind: Literal["message", "reaction"]
    epoch: Count
    body: MessageBody
    commitment: Digest


class Shown(Frame):
    """What a policy message shows of its action besides the action itself, so that the relay can enforce it.

    Which fields an action has is in `safespace.rooms.actions`; the others are absent.
    """

    target: Identity | None = None
    role: Role | None = None
    request: Id | None = None
    replaces: Identity | None = None
    listening: bool | None = None
    ban: bool | None = None
    length: MuteLength | None = None
    on: bool | None = None
    line: Line | None = None
    days: Days | None = None


class PolicyPart(Shown):
    """The clear part of a policy message and its sealed body."""

    action: PolicyAction | FurtherAction
    policy_seq: Count
    main: Count | None = None
    """In a further room: the policy_seq of main that it was made on."""
    epoch: Count
    body: MessageBody
    commitment: Digest


class CommitPart(Frame):
    epoch: Count
    body: HandshakeBody
    welcome: HandshakeBody | None = None
    reply: Digest | None = None


class StatePart(Frame):
    """The policy state for joiners: the first message of the new epoch."""

    epoch: Count
    body: HandshakeBody
    commitment: Digest


class Act(Frame):
    t: Literal["act"]
    room: Id
    client_id: Id
    policy: PolicyPart | None = None
    commit: CommitPart | None = None
    state: StatePart | None = None


class Epoch(Frame):
    """Whether this device could apply the commit at `seq`."""

    t: Literal["epoch"] = "epoch"
    room: Id
    seq: Line
    ok: bool


class Ping(Frame):
    """For clients that cannot send WebSocket's own pings, such as browsers."""

    t: Literal["ping"]


ClientFrame = Annotated[Enter | Send | Act | Epoch | Ping, Field(discriminator="t")]
client_frame: TypeAdapter[Enter | Send | Act | Epoch | Ping] = TypeAdapter(ClientFrame)

_NO_SUCH_FRAME = {"union_tag_invalid", "union_tag_not_found", "dict_type", "model_type", "model_attributes_type"}
_BODIES = {"body", "welcome"}


def parse_client_frame(text: str) -> Enter | Send | Act | Epoch | Ping:
    """Raises SafeSpaceError: too_large, malformed_json, unknown_frame, bad_base64 or invalid_field."""
    if len(text) > MAX_FRAME or len(text.encode("utf-8", "surrogatepass")) > MAX_FRAME:
        raise SafeSpaceError("too_large")
    try:
        return client_frame.validate_json(text, strict=True)
    except ValidationError as error:
        raise SafeSpaceError(_code_of(error)) from None


def _code_of(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    match first["type"]:
        case "json_invalid":
            return "malformed_json"
        case kind if kind in _NO_SUCH_FRAME and not first["loc"]:
            return "unknown_frame"
        case "value_error" if str(first["ctx"]["error"]) == "bad_base64":
            return "bad_base64"
        case "too_long" | "string_too_long" if first["loc"][-1] in _BODIES:
            return "too_large"
        case _:
            return "invalid_field"


class ClearPolicy(Shown):
    """What the relay shows of a policy envelope."""

    action: PolicyAction | FurtherAction | Literal["state"]
    policy_seq: Count | None = None
    main: Count | None = None
    """In a further room: the policy_seq of main that it was made on."""


class Envelope(Frame):
    t: Literal["envelope"] = "envelope"
    room: Id
    seq: Count
    time: Count
    kind: Literal["message", "reaction", "policy", "handshake", "void"]
    leaf: Identity
    epoch: Count
    client_id: Id
    body: HandshakeBody | None
    """None where a message was taken down; then `commitment` and `stamp` are gone too. A `void` has none."""
    commitment: Digest | None = None
    stamp: B64 | None = None
    policy: ClearPolicy | None = None


class CaughtUp(Frame):
    t: Literal["caught_up"] = "caught_up"
    room: Id
    head: Count
    epoch: Count
    policy_seq: Count


class Gap(Frame):
    """The lines after `after` up to `until` are kept no longer."""

    t: Literal["gap"] = "gap"
    room: Id
    after: Count
    until: Count


class Sent(Frame):
    t: Literal["sent"] = "sent"
    room: Id
    client_id: Id
    seq: Count
    time: Count


class Refused(Frame):
    t: Literal["refused"] = "refused"
    room: Id | None = None
    client_id: Id | None = None
    code: str
    detail: str
    retry_after: Count | None = None
    policy_seq: Count | None = None
    """For `muted`, `listening` and `quiet`: a client that has the policy up to here can see why."""


def refusal(error: SafeSpaceError, room: UUID | None = None, client_id: UUID | None = None) -> str:
    """A `refused` frame."""
    frame = Refused(
        room=room,
        client_id=client_id,
        code=error.code,
        detail=error.detail,
        retry_after=error.retry_after,
        policy_seq=error.policy_seq,
    )
    return frame.model_dump_json(exclude_none=True)


class Here(Frame):
    t: Literal["here"] = "here"
    room: Id
    members: list[Identity]


class Rekey(Frame):
    t: Literal["rekey"] = "rekey"
    room: Id
    leaves: list[Identity]


class Confirmed(Frame):
    t: Literal["confirmed"] = "confirmed"
    room: Id
    seq: Count


class Waiting(Frame):
    t: Literal["waiting"] = "waiting"
    group: Id
    count: Count


class Report(Frame):
    """How many reports are open to a recipient; with `open` null: something became of a report of one's own."""

    t: Literal["report"] = "report"
    group: Id
    open: Count | None


class RequestAnswered(Frame):
    t: Literal["request"] = "request"
    id: Id
    status: Literal["admitted", "declined", "undone"]


class Gone(Frame):
    t: Literal["gone"] = "gone"
    room: Id
    code: Literal["removed", "left", "moved", "ended"]
    """`ended`: of a further room, whatever the reason."""


class Welcome(Frame):
    t: Literal["welcome"] = "welcome"
    group: Id
    room: Id


class BringIn(Frame):
    t: Literal["bring"] = "bring"
    room: Id
    members: list[Identity]


class Pong(Frame):
    t: Literal["pong"] = "pong"


ServerFrame = Annotated[
    Envelope
    | Gap
    | CaughtUp
    | Sent
    | Refused
    | Here
    | Rekey
    | Confirmed
    | Waiting
    | Report
    | RequestAnswered
    | Gone
    | Welcome
    | BringIn
    | Pong,
    Field(discriminator="t"),
]
server_frame: TypeAdapter[Any] = TypeAdapter(ServerFrame)


def parse_server_frame(text: str) -> Any:
    """The server's frame. Raises SafeSpaceError: malformed_json, unknown_frame, bad_base64 or invalid_field."""
    try:
        return server_frame.validate_json(text, strict=True)
    except ValidationError as error:
        raise SafeSpaceError(_code_of(error)) from None
