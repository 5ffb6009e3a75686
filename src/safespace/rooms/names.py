"""Names that people could take for one another, or for the pages' own words. `web/src/room/names.ts` judges alike.

Two names are alike where they are drawn alike: by letters and digits alone, in any case, whatever marks are on them,
and whichever script they come from (the skeletons of UTS #39, by the one table of `confusables.txt`).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Final, Literal

OFFICES: Final = (
    "facilitator",
    "facilitators",
    "moderator",
    "moderators",
    "administrator",
    "safespace",
    "owner",
    "admin",
    "mod",
    "staff",
    "support",
    "system",
    "server",
)
"""Nobody is called so, nor so besides something else."""
PLACEHOLDERS: Final = (
    "you",
    "someone",
    "somebody",
    "someone who is gone",
    "everyone",
    "everybody",
    "all",
    "nobody",
    "anonymous",
    "me",
    "member",
    "a member",
    "guest",
    "a guest",
)
"""What the pages write where a name would stand."""
_LONG: Final = 8
"""Letters of an office that is found also inside a longer word, or with signs between its letters."""
_UNSEEN: Final = re.compile(r"[\u200c\u200d\ufe00-\ufe0f]")
_MARKS: Final = re.compile(r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
"""Marks that go with any letter. Those of one script alone, such as vowels, are part of a name in it."""


def refusal(pseudonym: str, others: Iterable[str] = ()) -> Literal["pseudonym_reserved", "pseudonym_taken"] | None:
    """Why somebody cannot be called so beside `others`; None where they can."""
    if is_reserved(pseudonym):
        return "pseudonym_reserved"
    return "pseudonym_taken" if taken(pseudonym, others) else None


def taken(pseudonym: str, others: Iterable[str]) -> bool:
    """Whether one of `others` is drawn like `pseudonym`.

    Asked by who admits, before they do. It depends a little on the Unicode of the device, so the fold compares exactly.
    """
    own = _skeletons(pseudonym)
    return any(not own.isdisjoint(_skeletons(other)) for other in others)


def is_reserved(pseudonym: str) -> bool:
    """Whether a name could be taken for the pages' own words: an office, the place itself, or `You`."""
    whole = _skeletons(pseudonym)
    words = {skeleton for word in _words(pseudonym) for skeleton in _skeletons(word)}
    return any(
        (whole | words) & _skeletons(office)
        or (len(office) >= _LONG and any(inner in outer for inner in _skeletons(office) for outer in whole))
        for office in OFFICES
    ) or any(whole & _skeletons(word) for word in PLACEHOLDERS)


def _words(name: str) -> Iterator[str]:
    word = ""
    for sign in unicodedata.normalize("NFKC", _UNSEEN.sub("", name)) + " ":
        if unicodedata.category(sign)[0] in "LNM":
            word += sign
        elif word:
            yield word
            word = ""


@cache
def _skeletons(name: str) -> frozenset[str]:
    """What is the same for names that are drawn alike. Two, as what looks alike is another thing in capitals: I is like
    l, and i is not."""
    text = unicodedata.normalize("NFKC", _UNSEEN.sub("", name))
    return frozenset(_letters(_drawn(_lower(_drawn(one)))) for one in (text, _lower(text)))


def _drawn(text: str) -> str:
    table = _table()
    return _bare("".join(table.get(sign, sign) for sign in _bare(text)))


def _bare(text: str) -> str:
    """Without the marks that go with any letter, and without any on a letter of Latin."""
    kept = ""
    for sign in _MARKS.sub("", unicodedata.normalize("NFD", text)):
        if not (unicodedata.category(sign)[0] == "M" and kept and " " <= kept[-1] <= "~"):
            kept += sign
    return kept


def _lower(text: str) -> str:
    """By way of capitals, so that letters with one capital are one."""
    return text.upper().lower().replace("\u03c2", "\u03c3")


def _letters(text: str) -> str:
    """Letters and digits alone, or where there are none, all that is seen."""
    only = "".join(sign for sign in text if unicodedata.category(sign)[0] in "LNM")
    return only or re.sub(r"\s", "", text)


@cache
def _table() -> dict[str, str]:
    lines = files("safespace.rooms").joinpath("confusables.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if not line.startswith("#"))
    return {sign: meant for meant, signs in pairs for sign in signs}
