"""KeyPackages of one device for the further rooms of one group: endorsed, published, and opened when they were used.

Their secrets live in this process alone, so they are withdrawn when it starts and when it is closed.
"""

from collections.abc import Sequence

from nacl.signing import SigningKey

from safespace.crypto.endorsements import endorsement_bytes
from safespace.crypto.mls import MLSError, welcome_ref
from safespace.fields import b64encode
from safespace.sdk.group_crypto import LeafKey, Newcomer
from safespace.sdk.lifetimes import check_fresh
from safespace.sdk.place import Place
from safespace.sdk.rest import Rest

FULL = 8
"""Packages that wait to be taken."""


class Pool:
    """Raises Refused or Unreachable from what asks the server, and ClockWrong where it would take nothing made here."""

    def __init__(self, rest: Rest, place: Place) -> None:
        self._rest = rest
        self._place = place
        self._path = f"/groups/{place.group}/key-packages"
        self._newcomers: dict[bytes, Newcomer] = {}
        self._fresh = True

    async def fill(self) -> None:
        """Publish as many as are missing; the first time, in place of what an earlier process published."""
        if self._fresh:
            await self._rest.call("DELETE", self._path)
            self._fresh = False
        missing = FULL - (await self._rest.call("GET", self._path))["available"]
        if missing <= 0:
            return
        made = [Newcomer() for _ in range(missing)]
        for one in made:
            check_fresh(one.checked, self._rest.clock)
        packages = [{"package": b64encode(one.package), "endorsement": endorse(self._place, one.leaf)} for one in made]
        self._newcomers |= {one.ref: one for one in made}
        await self._rest.call("POST", self._path, {"packages": packages})

    async def close(self) -> None:
        """Nobody is brought whose keys are about to be gone."""
        if not self._fresh:
            await self._rest.call("DELETE", self._path)

    def take(self, welcome: bytes) -> Newcomer | None:
        """The newcomer whom a Welcome is for, for this one time; None where its secrets are not here."""
        try:
            return self._newcomers.pop(welcome_ref(welcome), None)
        except MLSError:
            return None


def for_welcome(newcomers: Sequence[Newcomer], welcome: bytes) -> Newcomer | None:
    """Which of these a Welcome is for."""
    try:
        ref = welcome_ref(welcome)
    except MLSError:
        return None
    return next((one for one in newcomers if one.ref == ref), None)


def endorse(place: Place, leaf: LeafKey) -> str:
    """This member's signature over a leaf of their own, with the key they have in main (b64)."""
    said = endorsement_bytes(place.group.bytes, leaf.identity, leaf.public)
    return b64encode(SigningKey(place.leaf.secret[:32]).sign(said).signature)
