"""The text of an invite link: `<address of the server>/i/<invite>#<fragment>`, or from `<invite>` on, its code."""

import re
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from safespace.crypto.login import normal_origin
from safespace.fields import b64decode, b64encode
from safespace.sdk.errors import BadLink

_LINK = re.compile(
    r"(?:(?P<origin>https?://[^/?#\s]+)/i/)?(?P<invite>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:#(?P<fragment>.*))?",
    re.ASCII,
)
_FRAGMENT = re.compile(r"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]")
"""32 bytes as `b64encode` writes them: in the last letter, the bits that no byte needs are zero."""


@dataclass(frozen=True, slots=True, repr=False)
class InviteLink:
    """`fragment` is what no browser sends: see `safespace.crypto.invites`."""

    invite: UUID
    fragment: bytes

    @classmethod
    def read(cls, text: str, url: str) -> Self:
        """A link to the server at `url`, or its code. Raises BadLink for anything else, however little is missing."""
        found = _LINK.fullmatch(text.strip())
        try:
            if found is None or (found["origin"] and normal_origin(found["origin"]) != normal_origin(url)):
                raise BadLink
        except ValueError as error:
            raise BadLink from error
        if not _FRAGMENT.fullmatch(found["fragment"] or ""):
            raise BadLink("A part of this invite link is missing. Copy all of it, or ask for a new one.")
        return cls(UUID(found["invite"]), b64decode(found["fragment"]))

    @property
    def code(self) -> str:
        """To be pasted where the server is known; the address bar, and so the browser's history, never sees it."""
        return f"{self.invite}#{b64encode(self.fragment)}"

    def at(self, url: str) -> str:
        return f"{url}/i/{self.code}"
