"""What members can do to the live session: the actions of docs/protocol.md, "The live session", and their fields.

`web/src/room/liveActions.ts` has the same.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from safespace.crypto.sealed import Sealed
from safespace.crypto.texts import GroundRules, PauseNote, Prompt, SessionNote, Title
from safespace.crypto.x25519 import PublicKey
from safespace.fields import (
    Asks,
    BallotKey,
    Count,
    FloorMode,
    Grace,
    Id,
    Identity,
    Minutes,
    Order,
    Parties,
    SlowSeconds,
    Starts,
    TurnSeconds,
)
from safespace.rooms.boxes import Boxes

MAX_SEGMENTS = 30

Pace = Literal["usual", "gentle"]
Zone = Annotated[str, Field(pattern=r"^[A-Za-z0-9_+/-]{1,64}$")]
"""An IANA time zone, by which the starts were worked out."""
Recurrence = Annotated[str, Field(pattern=r"^[A-Z0-9=;,:+-]{1,200}$")]
"""The RRULE (RFC 5545 section 3.3.10) by which the starts were worked out."""


class Segment(Sealed):
    """A part of a session, in the order of the evening."""

    title: Title
    minutes: Minutes
    kind: Literal[
        "welcome", "rules", "check_in", "topic", "guest", "questions", "exercise", "break", "closing", "other"
    ]


Segments = Annotated[tuple[Segment, ...], Field(max_length=MAX_SEGMENTS)]


class WriteRules(Sealed):
    """A new version of the ground rules, which its writer agrees to and everyone else is asked to."""

    action: Literal["write_rules"] = "write_rules"
    target: None = None
    rules: GroundRules


class PlanSessions(Sealed):
    """Plan sessions, or plan them anew. Of all this the relay is shown when they begin, and how long they are."""

    action: Literal["plan"] = "plan"
    target: None = None
    plan: Id
    starts: Starts
    minutes: Minutes
    clock: bool
    title: Title
    note: SessionNote
    zone: Zone
    rule: Recurrence | None


class Unplan(Sealed):
    action: Literal["unplan"] = "unplan"
    target: None = None
    plan: Id


class OpenSession(Sealed):
    """Begin a session now: the next one of a plan, or, without a plan, one out of turn."""

    action: Literal["open_session"] = "open_session"
    target: None = None
    plan: Id | None
    minutes: Minutes


class ExtendSession(Sealed):
    """Let the session end so many minutes from now."""

    action: Literal["extend_session"] = "extend_session"
    target: None = None
    minutes: Minutes


class TakeLead(Sealed):
    """Be who runs the session."""

    action: Literal["take_lead"] = "take_lead"
    target: None = None


class CloseSession(Sealed):
    action: Literal["close_session"] = "close_session"
    target: None = None


class BetweenSessions(Sealed):
    """Whether everyone may write while no session is on."""

    action: Literal["between_sessions"] = "between_sessions"
    target: None = None
    on: bool


class Lock(Sealed):
    """While on, nobody new is let in."""

    action: Literal["lock"] = "lock"
    target: None = None
    on: bool


class Pause(Sealed):
    action: Literal["pause"] = "pause"
    target: None = None
    note: PauseNote | None


class Resume(Sealed):
    action: Literal["resume"] = "resume"
    target: None = None


class SlowMode(Sealed):
    """Everyone waits so many seconds between two messages; 0 ends that."""

    action: Literal["slow_mode"] = "slow_mode"
    target: None = None
    seconds: SlowSeconds


class SetPace(Sealed):
    """How much the room asks of people today; pages draw themselves accordingly."""

    action: Literal["set_pace"] = "set_pace"
    target: None = None
    pace: Pace


class WriteRunSheet(Sealed):
    """The agenda; without segments, none."""

    action: Literal["write_run_sheet"] = "write_run_sheet"
    target: None = None
    segments: Segments


class MoveOn(Sealed):
    """The room is at this segment now, counted from 0; None before the first."""

    action: Literal["move_on"] = "move_on"
    target: None = None
    at: Annotated[int, Field(ge=0, lt=MAX_SEGMENTS)] | None


class SetFloor(Sealed):
    """An open floor, or one that goes round by hands."""

    action: Literal["set_floor"] = "set_floor"
    target: None = None
    mode: FloorMode
    seconds: TurnSeconds
    grace: Grace | None


class StartRound(Sealed):
    """Everyone in `order` has a turn."""

    action: Literal["start_round"] = "start_round"
    target: None = None
    seconds: TurnSeconds
    grace: Grace | None
    order: Order


class GiveFloor(Sealed):
    action: Literal["give_floor"] = "give_floor"
    target: Identity


class RaiseHand(Sealed):
    """Ask for a turn; `too`: to say something to what is being said."""

    action: Literal["raise_hand"] = "raise_hand"
    target: None = None
    too: bool


class LowerHand(Sealed):
    """One's own; or, as facilitator and above, another's."""

    action: Literal["lower_hand"] = "lower_hand"
    target: Identity | None


class LowerHands(Sealed):
    """All of them."""

    action: Literal["lower_hands"] = "lower_hands"
    target: None = None


class PassTurn(Sealed):
    """End the turn of this number; `later`: its holder waits for another; `absent`: its holder is not here."""

    action: Literal["pass_turn"] = "pass_turn"
    target: None = None
    turn: Count
    later: bool
    absent: bool


class OpenBallot(Sealed):
    """Ask everyone something that they answer without a name. Of the words the relay is shown none."""

    action: Literal["open_ballot"] = "open_ballot"
    target: None = None
    ballot: Id
    asks: Asks
    minutes: Minutes
    token_key: BallotKey
    """By which the server signs each member's token, one key for all."""
    prompt: Prompt
    answer_key: PublicKey
    """HPKE public key that answers are sealed to."""
    readers: Boxes
    """Its private half, for facilitators and above."""


class CloseBallot(Sealed):
    """Nobody changes their answer any more."""

    action: Literal["close_ballot"] = "close_ballot"
    target: None = None
    ballot: Id


class Capsule(Sealed):
    """From now on the session is held in the room `into`, of which nothing is kept."""

    action: Literal["capsule"] = "capsule"
    target: None = None
    into: Id


class BreakOut(Sealed):
    """Go into small rooms for so many minutes; `titles` say what each is about."""

    action: Literal["break_out"] = "break_out"
    target: None = None
    rooms: Parties
    minutes: Minutes
    titles: dict[Id, Title]

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.titles.keys() != self.rooms.keys():
            raise ValueError("each room has a title")
        return self


class CallBack(Sealed):
    """Close the small rooms now."""

    action: Literal["call_back"] = "call_back"
    target: None = None


class RenewRoom(Sealed):
    """The room `into` takes the place of `old`, in which nobody holds the keys any more."""

    action: Literal["renew_room"] = "renew_room"
    target: None = None
    old: Id
    into: Id


LiveAction = (
    WriteRules
    | PlanSessions
    | Unplan
    | OpenSession
    | ExtendSession
    | TakeLead
    | CloseSession
    | BetweenSessions
    | Lock
    | Pause
    | Resume
    | SlowMode
    | SetPace
    | WriteRunSheet
    | MoveOn
    | SetFloor
    | StartRound
    | GiveFloor
    | RaiseHand
    | LowerHand
    | LowerHands
    | PassTurn
    | OpenBallot
    | CloseBallot
    | Capsule
    | BreakOut
    | CallBack
    | RenewRoom
)
