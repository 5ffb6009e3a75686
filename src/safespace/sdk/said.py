"""What members say: the content of messages (docs/protocol.md). The pages read alike (`web/src/room/said.ts`)."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from safespace.crypto.encoding import canonical_json
from safespace.crypto.invites import Sealed
from safespace.crypto.texts import ContentNote
from safespace.wire import Line


class TextMessage(Sealed):
    """The content of a message. `note` is the content note under which the text is folded away."""

    kind: Literal["text"] = "text"
    note: ContentNote | None = None
    text: str


class CardMessage(Sealed):
    """A resource card, from facilitators and above: what is known about something. `line` is the message it answers."""

    kind: Literal["card"] = "card"
    line: Line | None
    title: Annotated[str, Field(min_length=1, max_length=120)]
    text: Annotated[str, Field(min_length=1, max_length=2000)]


class HelpMessage(Sealed):
    """In an aside, by whom it is about: they ask for help, or are all right."""

    kind: Literal["help"] = "help"
    help: bool


Said = TextMessage | CardMessage | HelpMessage
_KINDS: Final[Mapping[str, type[TextMessage] | type[CardMessage] | type[HelpMessage]]] = {
    "text": TextMessage,
    "card": CardMessage,
    "help": HelpMessage,
}


class _Kind(BaseModel):
    model_config = ConfigDict(strict=True)
    kind: str


def text_content(text: str, note: str | None = None) -> bytes:
    """The content of a message. Raises ValueError for what is not text (a lone surrogate), or a note out of range."""
    return _write(TextMessage(text=text, note=note))


def card_content(title: str, text: str, line: int | None) -> bytes:
    """The content of a card. Raises ValueError for what is empty, too long or not text."""
    return _write(CardMessage(line=line, title=title, text=text))


def help_content(asked: bool) -> bytes:
    """The content by which a member asks for help, or says that they are all right."""
    return _write(HelpMessage(help=asked))


def read_said(content: bytes) -> Said | None:
    """What a message says; None for a kind of content that is not known here.

    Raises ValueError for what has no kind, or is not canonical JSON of the form that its kind has.
    """
    model = _KINDS.get(_Kind.model_validate_json(content).kind)
    if model is None:
        return None
    said = model.model_validate_json(content)
    if _write(said) != content:
        raise ValueError("this is not canonical JSON")
    return said


def _write(said: Said) -> bytes:
    return canonical_json(said.model_dump())
