"""Handover notes: what a facilitator leaves for those who run the next session.

Said, signed and sealed as reports are (`safespace.crypto.reports`), under a label of their own. See docs/protocol.md,
"Handover notes". `web/src/crypto/handovers.ts` does the same.
"""

from safespace.crypto.errors import CryptoError
from safespace.crypto.invites import One
from safespace.crypto.sealed import Sealed
from safespace.crypto.texts import HandoverText
from safespace.fields import Count, Id


class HandoverContent(Sealed):
    """A note. `seq` is the policy_seq at which its author says to have been a facilitator or above, `expires` the time
    (milliseconds) after which nobody shows it."""

    v: One = 1
    id: Id
    seq: Count
    expires: Count
    text: HandoverText


def read_handover(content: bytes) -> HandoverContent:
    """Raises CryptoError for anything that members do not write."""
    try:
        return HandoverContent.read(content)
    except ValueError as error:
        raise CryptoError("this is not of the agreed form") from error
