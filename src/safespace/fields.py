"""The values that frames, requests and sealed content are made of: bytes as text, ids, numbers with their bounds."""

import binascii
import re
import string
from typing import Annotated, Final, Literal, get_args
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field

MAX_MESSAGE = 64 * 1024
"""Bytes of an application message's body."""
MAX_HANDSHAKE = 256 * 1024
"""Bytes of a commit's or a Welcome's body."""


_TO_URL = bytes.maketrans(b"+/", b"-_")
_FROM_URL = bytes.maketrans(b"-_+/=", b"+/!!!")
_ALPHABET = (string.ascii_letters + string.digits + "-_").encode("ascii")
_PADDING = (b"", None, b"==", b"=")
_LAST = (None, None, frozenset("AQgw"), frozenset("AEIMQUYcgkosw048"))
"""By length modulo 4: the characters that leave no bit of the last one unused but set."""


def b64encode(data: bytes) -> str:
    """Base64url without padding (RFC 4648 section 5)."""
    return binascii.b2a_base64(data, newline=False).translate(_TO_URL).rstrip(b"=").decode("ascii")


def b64decode(text: str) -> bytes:
    """The inverse of `b64encode`. Raises ValueError unless `text` is exactly what it would write."""
    padding = _padding(text)
    try:
        return binascii.a2b_base64(text.encode("ascii").translate(_FROM_URL) + padding, strict_mode=True)
    except ValueError:  # binascii.Error is one, and so is what is not ASCII
        raise ValueError("bad_base64") from None


def _padding(text: str) -> bytes:
    """What `text` lacks. Raises ValueError for a length or an end that nothing is written with."""
    over = len(text) % 4
    padding, last = _PADDING[over], _LAST[over]
    if padding is None or (last is not None and text[-1] not in last):
        raise ValueError("bad_base64")
    return padding


def _is_b64(text: str) -> str:
    """Whether `b64decode` takes it; to look takes a tenth of the time that decoding does."""
    _padding(text)
    if not text.isascii() or text.encode("ascii").translate(None, _ALPHABET):
        raise ValueError("bad_base64")
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
Passing = Literal["capsule", "breakout"]
"""A further room that lasts for a while of a session, and whose keys nobody saves."""
PASSING: Final[tuple[Passing, ...]] = get_args(Passing)
Purpose = Literal["staff", "aside"] | Passing
"""What a further room is for."""
SaidKind = Literal["message", "reaction"]
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
    "write_rules",
    "rename_group",
    "write_welcome",
    "rename",
    "plan",
    "unplan",
    "open_session",
    "extend_session",
    "take_lead",
    "close_session",
    "between_sessions",
    "lock",
    "pause",
    "resume",
    "slow_mode",
    "set_pace",
    "write_run_sheet",
    "move_on",
    "set_floor",
    "start_round",
    "give_floor",
    "raise_hand",
    "lower_hand",
    "lower_hands",
    "pass_turn",
    "open_ballot",
    "close_ballot",
    "capsule",
    "break_out",
    "call_back",
    "renew_room",
]
HANDS: Final[frozenset[str]] = frozenset({"raise_hand", "lower_hand", "lower_hands", "pass_turn"})
"""What members say about turns: many may at once, so these do not move `policy_seq`."""
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


MAX_STARTS = 64
"""Sessions that are planned ahead in one plan."""
MAX_ORDER = 200
"""Members of one round."""


def _is_rising(starts: tuple[int, ...]) -> tuple[int, ...]:
    if list(starts) != sorted(set(starts)):
        raise ValueError("starts are sorted, none twice")
    return starts


def _is_without_repeats(order: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(order)) != len(order):
        raise ValueError("nobody has two turns in a round")
    return order


Minutes = Annotated[int, Field(ge=1, le=720)]
"""How long a session is."""
MAX_TIME = 4_102_444_800_000
"""The end of the year 2099, in milliseconds: nothing is planned for later, so no calendar has to write such a date."""
Start = Annotated[int, Field(ge=0, le=MAX_TIME)]


def _nearest(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return int(min(max(value, 0), MAX_TIME))


Time = Annotated[int, BeforeValidator(_nearest)]
"""When the server took something. A number that is no time is the nearest that there is: it spoils its own line, and
no other waits for it."""


def is_time(instant: int) -> bool:
    """Whether it says when something was, rather than that nobody knows."""
    return 0 < instant < MAX_TIME


Starts = Annotated[tuple[Start, ...], Field(min_length=1, max_length=MAX_STARTS), AfterValidator(_is_rising)]
"""When sessions begin, milliseconds."""
SlowSeconds = Annotated[int, Field(ge=0, le=3600)]
"""How long each waits between two messages; 0 is not at all."""
TurnSeconds = Annotated[int, Field(ge=0, le=3600)]
"""How long a turn is meant to be; 0 is for as long as it takes."""
Grace = Annotated[int, Field(ge=0, le=3600)]
"""Seconds by which a turn may be longer before the floor goes on."""
FloorMode = Literal["open", "hands", "round"]
Asks = Literal["questions", "feedback"]
"""What a ballot asks for."""
BallotKey = Annotated[B64, Field(min_length=392, max_length=392)]
"""294 bytes: a public key for blind signatures (`safespace.crypto.blind_rsa`)."""
Order = Annotated[tuple[Identity, ...], Field(min_length=1, max_length=MAX_ORDER), AfterValidator(_is_without_repeats)]
"""Members in the order of their turns."""


MAX_PARTIES = 20
"""Breakout rooms at once."""


def _is_apart(parties: dict[UUID, tuple[str, ...]]) -> dict[UUID, tuple[str, ...]]:
    sent = [member for members in parties.values() for member in members]
    if len(set(sent)) != len(sent):
        raise ValueError("nobody is sent to two rooms")
    return parties


Party = Annotated[tuple[Identity, ...], Field(max_length=MAX_ORDER)]
"""Who is sent to a breakout room; where nobody is, whoever wants to may go there."""
Parties = Annotated[dict[Id, Party], Field(min_length=1, max_length=MAX_PARTIES), AfterValidator(_is_apart)]
"""Breakout rooms, and who is sent to each."""
