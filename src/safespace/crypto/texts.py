"""Texts that are only ever inside the encryption, and how long they may be (in Unicode code points)."""

import re
from typing import Annotated, Final

from pydantic import AfterValidator, Field

_UNSEEN: Final = (
    r"\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2028-\u202e"
    r"\u2060-\u206f\u2800\u2d7f\u3164\ud800-\udfff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    r"\U00013430-\U0001343f\U00016fe4\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Controls, changes of direction, what takes no place and what is no character: a name with these could look like
someone else's."""
_SPACE: Final = r" \xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
_JOINERS: Final = r"\u200c\u200d"
"""Of use within words and emoji alone."""
_VARIATIONS: Final = r"\ufe00-\ufe0f"
"""What only changes the look of the one before."""
_LINE: Final = re.compile(rf"(?![{_SPACE}{_JOINERS}{_VARIATIONS}])[^{_UNSEEN}]*(?<![{_SPACE}{_JOINERS}])")
_BLANK: Final = re.compile(rf"[{_UNSEEN}{_SPACE}{_JOINERS}{_VARIATIONS}]*")


def is_blank(text: str) -> bool:
    """Whether nothing of it would be seen: an empty bubble is no message. By code points, as a name."""
    return _BLANK.fullmatch(text) is not None


def _is_line(text: str) -> str:
    """By code points, not by Unicode's categories: those change, and all devices have to judge alike."""
    if not _LINE.fullmatch(text):
        raise ValueError("a name has nothing unseen in it, and begins and ends with something seen")
    return text


def _is_seen(text: str) -> str:
    if is_blank(text):
        raise ValueError("nothing of it would be seen")
    return text


GroupName = Annotated[str, Field(min_length=1, max_length=80), AfterValidator(_is_line)]
Welcome = Annotated[str, Field(max_length=500)]
GroundRules = Annotated[str, Field(min_length=1, max_length=4000), AfterValidator(_is_seen)]
Charter = Annotated[str, Field(min_length=1, max_length=4000), AfterValidator(_is_seen)]
"""What moderators and facilitators agree to before they become one."""
Pseudonym = Annotated[str, Field(min_length=1, max_length=40), AfterValidator(_is_line)]
Note = Annotated[str, Field(max_length=500)]
"""What a person says when asking to join."""
DoorWord = Annotated[str, Field(min_length=1, max_length=280), AfterValidator(_is_seen)]
"""What someone who waits to be let in is told."""
HandoverText = Annotated[str, Field(min_length=1, max_length=2000), AfterValidator(_is_seen)]
"""What a facilitator leaves for the next."""
MessageText = Annotated[str, AfterValidator(_is_seen)]
"""What is said in a room; its bytes bound it."""
ContentNote = Annotated[str, Field(min_length=1, max_length=80), AfterValidator(_is_seen)]
"""What a message is about, shown in its place until someone wants to read it."""
Reason = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(_is_seen)]
"""Why someone was muted or removed, or a message taken down."""
PauseNote = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_is_seen)]
"""Why the room was paused."""
Title = Annotated[str, Field(min_length=1, max_length=80), AfterValidator(_is_line)]
"""What a session, or a segment of it, is called."""
Prompt = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_is_line)]
"""What people are asked anonymously."""
SessionNote = Annotated[str, Field(max_length=500)]
"""What a session is about."""
CardTitle = Annotated[str, Field(min_length=1, max_length=120), AfterValidator(_is_seen)]
CardText = Annotated[str, Field(min_length=1, max_length=2000), AfterValidator(_is_seen)]
"""A resource card."""
ReportAnswer = Annotated[str, Field(min_length=1, max_length=1000), AfterValidator(_is_seen)]
"""What who filed a report is told."""
