"""The text of an invite link: `<address of the server>/i/<invite>#<fragment>`, or from `<invite>` on, its code.

People paste what they have: with words around it, folded by a mail, wrapped by a filter that watches over links, twice.
`web/src/room/inviteLinks.ts` reads alike.
"""

import binascii
import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import urlsplit
from uuid import UUID

from safespace.crypto.login import LOOPBACK, normal_origin
from safespace.fields import b64decode, b64encode
from safespace.sdk.errors import BadLink

_GAP: Final = r"[\s>=\u00ad\u200b-\u200f\u2060\ufeff]"
"""What mails put into a long line: breaks, marks of a quoted answer, and signs that are not seen."""
_MOST_GAPS: Final = 4
"""So many breaks are within a fragment at most; more are the words that follow one that was cut off."""
_MOST_WRAPS: Final = 4
"""So often is a link escaped at most."""
_LONGEST: Final = 20_000
"""Characters of a text that are looked at."""
_LONGEST_ADDRESS: Final = 300
_GAPS: Final = re.compile(f"{_GAP}+")
_INVITE: Final = re.compile(
    "(?<![0-9A-Za-z-])" + f"-{_GAP}*".join(f"(?:[0-9A-Fa-f]{_GAP}*){{{length}}}" for length in (8, 4, 4, 4, 12))
)
_FRAGMENT: Final = re.compile(
    rf"/?(?:\?[^#\s]*)?[#*]{_GAP}*(?P<fragment>(?:[A-Za-z0-9_-]{_GAP}*){{42}}[AEIMQUYcgkosw048])"
    r"(?:(?=https?:|[0-9a-f]{8}-)|(?![A-Za-z0-9_-]*[A-Za-z0-9]))"
)
"""32 bytes as `b64encode` writes them, after which no such letter stands, but perhaps the next link."""
_OPEN: Final = re.compile(r"(?:^|[\s(\[{<>\"'`\u00ab\u201c\u2018\u201e:,;|*])\Z")
"""Where a code can begin."""


@dataclass(frozen=True, slots=True, repr=False)
class InviteLink:
    """`fragment` is what no browser sends: see `safespace.crypto.invites`."""

    invite: UUID
    fragment: bytes

    @classmethod
    def read(cls, text: str, url: str) -> Self:
        """The first good link to the server at `url` in a text, or its code. Raises BadLink where there is none, or
        where a part of it is missing."""
        here, ours = _address(url), False
        for reading in _readings(text[:_LONGEST]):
            for found in _INVITE.finditer(reading):
                before = reading[: found.start()]
                if not (
                    _OPEN.search(before) or here.search(before) or here.search(_joined(before[-_LONGEST_ADDRESS:]))
                ):
                    continue
                ours = True
                rest = _FRAGMENT.match(reading, found.end())
                if rest is not None and len(_GAPS.findall(rest["fragment"])) <= _MOST_GAPS:
                    return cls(UUID(_joined(found[0])), b64decode(_joined(rest["fragment"])))
        if ours:
            raise BadLink("A part of this invite link is missing. Copy all of it, or ask for a new one.")
        raise BadLink

    @property
    def code(self) -> str:
        """To be pasted where the server is known; the address bar, and so the browser's history, never sees it."""
        return f"{self.invite}#{b64encode(self.fragment)}"

    def at(self, url: str) -> str:
        return f"{url}/i/{self.code}"


def _address(url: str) -> re.Pattern[str]:
    """What ends with the server's address, as far as an invite's id: with any scheme, or none."""
    parts = urlsplit(normal_origin(url))
    host = re.escape(parts.netloc.removesuffix(f":{parts.port}"))
    if parts.hostname == "localhost":
        host = (
            "(?:localhost|" + "|".join(re.escape(f"[{one}]" if ":" in one else one) for one in sorted(LOOPBACK)) + ")"
        )
    port = "(?::(?:80|443))?" if parts.port is None else f":{parts.port}"
    return re.compile(rf"(?:^|[^A-Za-z0-9.@-]){host}{port}/i/\Z", re.IGNORECASE)


def _joined(text: str) -> str:
    return _GAPS.sub("", text)


def _readings(text: str) -> Iterator[str]:
    """The text, and what it may have been before a mail program or a filter for links wrote it otherwise."""
    reading = re.sub("&(?:num|#35|#x23);", "#", text, flags=re.IGNORECASE).replace("&amp;", "&")
    for _ in range(_MOST_WRAPS):
        yield reading
        reading = _unescaped(reading)
    # Proofpoint, second version: "-" for "%", and "_" for "/".
    for address in re.findall(r"/v2/url\?u=([^&\s]+)", reading):
        yield _unescaped(re.sub("-(?=[0-9A-F]{2})", "%", address.replace("_", "/")))
    # Sophos and others: the address in base64.
    for sealed in re.findall(r"aHR0c[A-Za-z0-9_+/-]{20,}", reading):
        yield _plain(sealed)


def _unescaped(text: str) -> str:
    return re.sub("%([0-7][0-9A-Fa-f])", lambda found: chr(int(found[1], 16)), text)


def _plain(base64: str) -> str:
    whole = base64.replace("+", "-").replace("/", "_")
    try:
        return urlsafe_b64decode(whole + "=" * (-len(whole) % 4)).decode("latin-1")
    except binascii.Error:
        return ""
