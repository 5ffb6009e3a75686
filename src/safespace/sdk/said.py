"""What members say: the content of messages (docs/protocol.md). The pages read alike (`web/src/room/said.ts`)."""

from collections.abc import Mapping
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from safespace.crypto.sealed import Sealed
from safespace.crypto.texts import CardText, CardTitle, ContentNote, MessageText
from safespace.fields import Count, Id, Line


class TextMessage(Sealed):
    """The content of a message. `note` is the content note under which the text is folded away."""

    kind: Literal["text"] = "text"
    note: ContentNote | None = None
    text: MessageText


class CardMessage(Sealed):
    """A resource card, from facilitators and above: what is known about something. `line` is the message it answers."""

    kind: Literal["card"] = "card"
    line: Line | None
    title: CardTitle
    text: CardText


class NoteMessage(Sealed):
    """The content note of another message, by its author or by moderators and above; None takes it off."""

    kind: Literal["note"] = "note"
    line: Line
    note: ContentNote | None


class AwayMessage(Sealed):
    """In the group's main room: stepping out and all right, or back."""

    kind: Literal["away"] = "away"
    away: bool


Answer = Literal["coming", "not_today", "listening"]
"""Whether someone comes to a session; `listening`: to be there and say nothing."""


class AttendMessage(Sealed):
    """In the group's main room: whether one comes to the session of a plan that begins at `start` (milliseconds)."""

    kind: Literal["attend"] = "attend"
    plan: Id
    start: Count
    answer: Answer


class HelpMessage(Sealed):
    """In an aside, by whom it is about: they ask for help, or are all right."""

    kind: Literal["help"] = "help"
    help: bool


Said = TextMessage | CardMessage | NoteMessage | AwayMessage | AttendMessage | HelpMessage
Reaction = AwayMessage | AttendMessage
"""What goes in envelopes of kind `reaction`, which are taken while the room is closed, slow or another's turn."""
_KINDS: Final[Mapping[str, type[Said]]] = {
    "text": TextMessage,
    "card": CardMessage,
    "note": NoteMessage,
    "away": AwayMessage,
    "attend": AttendMessage,
    "help": HelpMessage,
}


class _Kind(BaseModel):
    model_config = ConfigDict(strict=True)
    kind: str


def read_said(content: bytes) -> Said | None:
    """What a message says; None for a kind of content that is not known here.

    Raises ValueError for what has no kind, or is not canonical JSON of the form that its kind has.
    """
    model = _KINDS.get(_Kind.model_validate_json(content).kind)
    if model is None:
        return None
    return model.read(content)
