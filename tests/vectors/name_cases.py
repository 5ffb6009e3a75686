"""Which text can be a name, which has nothing in it that would be seen, and which names are taken for one another."""

from typing import Any

from pydantic import TypeAdapter, ValidationError

from safespace.crypto.texts import Pseudonym, is_blank
from safespace.rooms.names import OFFICES, PLACEHOLDERS, is_reserved, taken

_UNSEEN = {
    "a tab": "\t",
    "a soft hyphen": "\u00ad",
    "a grapheme joiner": "\u034f",
    "a Hangul filler": "\u3164",
    "a half-width Hangul filler": "\uffa0",
    "a Khmer vowel without a sound": "\u17b4",
    "a Mongolian selector": "\u180b",
    "a space of no width": "\u200b",
    "a change of direction": "\u202e",
    "a word joiner": "\u2060",
    "an empty Braille cell": "\u2800",
    "a Tifinagh joiner": "\u2d7f",
    "no character": "\ufdd0",
    "a byte order mark": "\ufeff",
    "a sign for notes": "\ufffa",
    "nothing at the end of a plane": "\uffff",
    "a hieroglyphs' joiner": "\U00013430",
    "a Khitan filler": "\U00016fe4",
    "a shorthand overlap": "\U0001bca0",
    "a note without a head": "\U0001d159",
    "the beginning of a beam": "\U0001d173",
    "the end of a phrase": "\U0001d17a",
    "a tag": "\U000e0041",
    "a selector of the second kind": "\U000e0100",
}
_PLACES = {
    "a space": " ",
    "a space that keeps together": "\u00a0",
    "an ideograph's space": "\u3000",
    "a joiner": "\u200d",
}
_NAMES = [
    "Mara",
    "Mara B",
    "Mar\u00e1",
    "Zo\u0308e",
    "\u0647\u0628\u0629",
    "\u0926\u093f\u0935\u094d\u200d\u092f\u093e",
    "\u7433",
    "\U0001f98a",
    "\u2764\ufe0f",
    "\U0001f469\u200d\U0001f33e",
    "O'Neill-7",
]
_ALIKE = {
    "Mara": [
        "mara",
        "MARA",
        "M\u0430r\u0430",
        "\u041c\u0430r\u0430",
        "\u039c\u0430ra",
        "M\u0251ra",
        "Rnara",
        "M\u00e1r\u00e0",
        "Ma\u0338ra",
        "M\u05b7ara",
        "\uff2d\uff41\uff52\uff41",
        "\U0001d40c\U0001d41a\U0001d42b\U0001d41a",
        "M a r a",
        "Ma\u200dra",
        "Mara.",
        "_Mara_",
        "Mara \u2b50",
        "\u13b7ara",
    ],
    "Iris": ["lris", "1ris", "|ris", "iris", "\u0406ris", "\u04c0ris"],
    "Moss": ["M0ss", "Mo\u0455\u0455", "\u041coss", "M\u00f8ss", "Mo\u017fs"],
    "Strau\u00df": ["STRAUSS", "Strauss"],
    "\u0410\u043d\u043d\u0430": ["A\u043d\u043da", "\u0430\u043d\u043d\u0430"],
    "\u0395\u03bb\u03ad\u03bd\u03b7\u03c2": ["\u0395\u039b\u0395\u039d\u0397\u03a3", "E\u03bb\u03b5\u03bd\u03b7\u03c3"],
    "\U0001f98a": ["\U0001f98a\ufe0f", " \U0001f98a "],
}
_APART = [
    ("Mara", "Maria"),
    ("Mara", "Mara 2"),
    ("Elia", "Ella"),
    ("Mila", "Miia"),
    ("Ada", "Aba"),
    ("\U0001f98a", "\U0001f431"),
    ("\u0930\u093e\u092e", "\u0930\u092e\u093e"),
    ("\u7433", "\u6797"),
    ("\u0647\u0628\u0629", "\u0647\u0628\u0627"),
    ("\u0421\u0430\u0448\u0430", "\u041c\u0430\u0448\u0430"),
]
_RESERVED = [
    "YOU",
    "You.",
    "\u03a5ou",
    "Facilitat\u043er",
    "Mara \u00b7 Facilitator",
    "Mara (mod)",
    "Moderator-Tom",
    "Facil\u0131tator Tom",
    "M o d e r a t o r",
    "FaciIitator",
    "Safe Space",
    "SafeSpace Team",
    "S\u00e2f\u00e9Space",
    "The Owner",
    "0wner",
    "Some one",
    "\uff33\uff54\uff41\uff46\uff46",
    "GUEST",
]
_FREE = [
    "Youssef",
    "Yoursister",
    "Modesty",
    "Homer",
    "Guesthouse Tom",
    "Allie",
    "Meg",
    "Downer",
    "Mara",
    "\U0001f98a",
    "\u7433",
]
_adapter: TypeAdapter[str] = TypeAdapter(Pseudonym)


def _is_name(text: str) -> bool:
    try:
        _adapter.validate_python(text)
    except ValidationError:
        return False
    return True


def make() -> dict[str, Any]:
    texts = {name: f"Ma{sign}ra" for name, sign in _UNSEEN.items()}
    texts |= {f"{name} at the end": f"Mara{sign}" for name, sign in {**_UNSEEN, **_PLACES}.items()}
    texts |= {f"{name} alone": sign for name, sign in {**_UNSEEN, **_PLACES, "a variation": "\ufe0f"}.items()}
    texts |= {"nothing": "", "many kinds of nothing": "\u200b \u2800\n\u3164\U0001d173"}
    texts |= {f"the name {name}": name for name in _NAMES}
    return {
        "names": [
            {"name": name, "text": text, "is_name": _is_name(text), "is_blank": is_blank(text)}
            for name, text in texts.items()
        ],
        "alike": [
            {"one": one, "other": other, "taken": taken(other, ["Wren", one])}
            for one, others in _ALIKE.items()
            for other in others
        ],
        "apart": [{"one": one, "other": other, "taken": taken(other, ["Wren", one])} for one, other in _APART],
        "reserved": [
            {"text": text, "is_reserved": is_reserved(text)} for text in (*OFFICES, *PLACEHOLDERS, *_RESERVED)
        ],
        "free": [{"text": text, "is_reserved": is_reserved(text)} for text in _FREE],
    }
