"""Names that people could take for one another."""

import re
import unicodedata
from collections.abc import Iterable

_PASSED_OVER = re.compile(r"[\s\u200c\u200d\ufe00-\ufe0f]+")


def taken(pseudonym: str, others: Iterable[str]) -> bool:
    """Whether one of `others` differs from `pseudonym` in no more than case, width or spaces.

    Asked by who admits, before they do. It depends on the Unicode of the device, so the fold compares names exactly.
    """
    return _seen(pseudonym) in {_seen(other) for other in others}


def _seen(name: str) -> str:
    return _PASSED_OVER.sub("", unicodedata.normalize("NFKC", name).casefold())
