"""A member's word, signed with the leaf key that they have in main, that a leaf in a further room is theirs.

See docs/protocol.md, "Further rooms". Ids and identities are their 16 bytes here, keys are Ed25519 (RFC 8032).
"""

from safespace.crypto import ed25519
from safespace.crypto.encoding import lp
from safespace.crypto.errors import CryptoError


def endorsement_bytes(group: bytes, identity: bytes, signature_key: bytes) -> bytes:
    """What the leaf key in main signs for a leaf with this identity and signature key."""
    return lp("safespace leaf 1") + lp(group) + lp(identity) + lp(signature_key)


def verify_endorsement(
    endorsement: bytes, main_key: bytes, group: bytes, identity: bytes, signature_key: bytes
) -> None:
    """Raises CryptoError unless the holder of `main_key` said that this leaf is theirs, in this group."""
    if not ed25519.verifies(main_key, endorsement_bytes(group, identity, signature_key), endorsement):
        raise CryptoError("this leaf is not endorsed by its member")
