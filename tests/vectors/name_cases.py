"""Which text can be a name, and which has nothing in it that would be seen."""

from typing import Any

from pydantic import TypeAdapter, ValidationError

from safespace.crypto.texts import Pseudonym, is_blank

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
        ]
    }
