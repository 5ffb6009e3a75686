"""Every WebSocket frame, both directions.

Client to server:

    enter   room, after                     send what I missed since `after`, then keep me posted
    send    room, client_id, kind, epoch, body, commitment
    act     room, client_id, policy?, commit?, state?     one to three envelopes, all or none
    epoch   room, seq, ok                   whether I could apply another's commit
    folded  room, seqs, ok                  whether I could fold others' acts
    ping                                    answered with `pong`, to see whether the line is alive

Server to client:

    envelope    one line of a room's log; one's own is the acknowledgement
    gap         room, after, until                         these lines are kept no longer
    caught_up   room, head, epoch, policy_seq              what was missed has been sent
    sent        room, client_id, seq, time                 this client_id was accepted before
    refused     room?, client_id?, code, detail, retry_after?, policy_seq?
    here        room, members                              who is connected, where the group asked for it
    rekey       room, leaves                               please commit the removal of these departed leaves
    doubted     room, seq, undone                          somebody could not fold this act: could you? whether it holds
    confirmed   room, seq                                  one's own commit stands; what waited for that is taken
    waiting     group, count                               for admitters: people ask to join
    report      group, open                                how many one may read are open; null: one's own was seen to
    request     id, status                                 one's own request to join: answered, or a word about it
    gone        room, code                                 this device is no longer in the room
    welcome     group, room                                a Welcome into a further room waits
    bring       room, members                              please bring these into the room
    pong

Bytes are base64url without padding, ids UUIDs, times milliseconds. See `docs/protocol.md`.
"""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from safespace.errors import SafeSpaceError
from safespace.fields import (
    B64,
    Asks,
    BallotKey,
    Count,
    Days,
    Digest,
    FloorMode,
    FurtherAction,
    Grace,
    HandshakeBody,
    Id,
    Identity,
    Line,
    MessageBody,
    Minutes,
    MuteLength,
    Order,
    Parties,
    PolicyAction,
    Role,
    SaidKind,
    Starts,
    Time,
    TurnSeconds,
)

MAX_FOLDED = 256
"""Acts of which one frame says whether they were folded."""
MAX_FRAME = 512 * 1024
"""Bytes of one frame; a larger one is refused with `too_large`."""
MAX_COMMAS = 1500
"""Commas in one frame or body, and so about as many values. What is within the other limits has fewer; without this one
a megabyte of brackets would hold everyone up while it is read."""


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
    kind: SaidKind
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
    session: bool | None = None
    until: Count | None = None
    ban: bool | None = None
    length: MuteLength | None = None
    on: bool | None = None
    line: Line | None = None
    days: Days | None = None
    plan: Id | None = None
    starts: Starts | None = None
    minutes: Minutes | None = None
    clock: bool | None = None
    seconds: TurnSeconds | None = None
    grace: Grace | None = None
    mode: FloorMode | None = None
    order: Order | None = None
    turn: Count | None = None
    later: bool | None = None
    absent: bool | None = None
    ballot: Id | None = None
    asks: Asks | None = None
    token_key: BallotKey | None = None
    into: Id | None = None
    old: Id | None = None
    rooms: Parties | None = None


Reply = Annotated[B64, Field(min_length=86, max_length=86)]
"""64 bytes, for whoever is let in."""


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
    reply: Reply | None = None


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


class Folded(Frame):
    """Whether this device could fold the acts whose policy messages have these seqs."""

    t: Literal["folded"] = "folded"
    room: Id
    seqs: Annotated[list[Line], Field(min_length=1, max_length=MAX_FOLDED)]
    ok: bool


class Ping(Frame):
    """For clients that cannot send WebSocket's own pings, such as browsers."""

    t: Literal["ping"]


ClientFrame = Annotated[Enter | Send | Act | Epoch | Folded | Ping, Field(discriminator="t")]
client_frame: TypeAdapter[Enter | Send | Act | Epoch | Folded | Ping] = TypeAdapter(ClientFrame)

_NO_SUCH_FRAME = {"union_tag_invalid", "union_tag_not_found", "dict_type", "model_type", "model_attributes_type"}
_BODIES = {"body", "welcome"}


def parse_client_frame(text: bytes) -> Enter | Send | Act | Epoch | Folded | Ping:
    """Raises SafeSpaceError: too_large, malformed_json, unknown_frame, bad_base64 or invalid_field."""
    if text.count(b",") > MAX_COMMAS:
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
    time: Time
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
    time: Time


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


class Doubted(Frame):
    """Somebody could not fold the act at `seq`. Whoever was there says whether they could; `undone`: the server has
    taken back what it changed."""

    t: Literal["doubted"] = "doubted"
    room: Id
    seq: Line
    undone: bool


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
    """What became of one's own request.

    `ended`: nobody decided about it, and there is a reason to read. `waiting`: it still waits, and there is a word to
    read, or the door to see.
    """

    t: Literal["request"] = "request"
    id: Id
    status: Literal["admitted", "declined", "ended", "undone", "waiting"]


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
    | Doubted
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
