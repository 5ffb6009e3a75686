"""What SafeSpace takes of MLS, field by field: KeyPackages, leaves, sealed secrets and Welcomes (docs/protocol.md).

Two libraries process what the relay lets through, and either may trip over what the other takes. So the profile is
closed: what neither client writes is refused. `web/src/crypto/profile.ts` has the same rules.
"""

from dataclasses import dataclass
from typing import Final

from safespace.crypto import ed25519, x25519
from safespace.crypto.errors import CryptoError
from safespace.crypto.mls.codec import malformed
from safespace.crypto.mls.commit import HPKECiphertext
from safespace.crypto.mls.errors import MLSError
from safespace.crypto.mls.leaf import BASIC, Capabilities, KeyPackage, LeafNode, LeafNodeSource
from safespace.crypto.mls.messages import MLS10, MLSMessage
from safespace.crypto.mls.signing import CIPHER_SUITE, HASH_SIZE, ref_hash, verify_with_label
from safespace.crypto.mls.welcome import Welcome

IDENTITY_SIZE: Final = 16
LIFETIME: Final = 365 * 24 * 3600
"""Seconds for which each KeyPackage is valid."""
CLOCK_SKEW: Final = 60
"""Seconds by which clocks that are right may differ: those of the server's processes, and of who made a KeyPackage."""
_CAPABILITIES: Final = (
    Capabilities((MLS10,), (CIPHER_SUITE,), (), (), (BASIC,)),
    Capabilities((MLS10,), tuple(range(1, 8)), (), (), (BASIC,)),
)
"""As the pages write them, and as mls-rs does, which names every suite of RFC 9420."""
_SECRET_SIZE: Final = HASH_SIZE + 16
"""Bytes of a path secret under AES-128-GCM."""
_GROUP_SECRETS_SIZES: Final = (51, 84)
"""Bytes of sealed GroupSecrets without and with a path secret."""
_GROUP_INFO_SIZE: Final = 216
"""Bytes of a sealed GroupInfo of a room."""


@dataclass(frozen=True, slots=True)
class CheckedKeyPackage:
    """A KeyPackage that keeps every rule; `identity` (16 bytes) and `signature_key` are its leaf's."""

    package: KeyPackage
    ref: bytes
    identity: bytes
    signature_key: bytes


def key_package_ref(package: KeyPackage) -> bytes:
    """The KeyPackageRef, 32 bytes (RFC 9420 section 5.2)."""
    return ref_hash("MLS 1.0 KeyPackage Reference", package.encode())


def is_hpke_key(key: bytes) -> bool:
    """Whether something can be sealed to this X25519 key; else one in the tree keeps everybody else from committing."""
    try:
        x25519.check_public_key(key)
    except CryptoError:
        return False
    return True


def leaf_fault(leaf: LeafNode) -> str | None:
    """What in `leaf` breaks the profile, None if nothing does. Signature and parent hash are not looked at."""
    if leaf.source is LeafNodeSource.UPDATE:
        return "Leaves come with KeyPackages and commits alone."
    if leaf.credential.type != BASIC or len(leaf.identity) != IDENTITY_SIZE:
        return "The credential is not a basic one of 16 bytes."
    if leaf.capabilities not in _CAPABILITIES:
        return "The capabilities are none of the two that the clients write."
    if leaf.extensions:
        return "A leaf has no extensions."
    lifetime = leaf.lifetime
    if lifetime is not None and lifetime.not_after - lifetime.not_before != LIFETIME:
        return "Its lifetime is not 365 days."
    try:
        x25519.check_public_key(leaf.encryption_key)
        ed25519.check_public_key(leaf.signature_key)
    except CryptoError:
        return "A key in the leaf is none of this cipher suite."
    return None


def sealed_fault(sealed: HPKECiphertext) -> str | None:
    """What in a sealed path secret breaks the profile, None if nothing does."""
    if not is_hpke_key(sealed.kem_output) or len(sealed.ciphertext) != _SECRET_SIZE:
        return "A sealed path secret is of another form."
    return None


def check_package(package: KeyPackage, now: int | None = None) -> CheckedKeyPackage:
    """Check a KeyPackage against the profile; `now` is in seconds since 1970 by the server's clock, None leaves out
    whether it is valid now.

    Raises MLSError `wrong_suite`, `key_package_invalid`, `key_package_expired` or `bad_signature`.
    """
    leaf, lifetime = package.leaf, package.leaf.lifetime
    if package.cipher_suite != CIPHER_SUITE:
        raise MLSError("wrong_suite")
    if package.version != MLS10:
        raise MLSError("key_package_invalid", "It is of another version of MLS.")
    if lifetime is None:
        raise MLSError("key_package_invalid", "Its leaf was not made for a KeyPackage.")
    if fault := leaf_fault(leaf):
        raise MLSError("key_package_invalid", fault)
    if package.init_key == leaf.encryption_key or not is_hpke_key(package.init_key):
        raise MLSError("key_package_invalid", "The init key is not usable.")
    if package.extensions:
        raise MLSError("key_package_invalid", "A KeyPackage has no extensions.")
    if now is not None and not lifetime.not_before - CLOCK_SKEW <= now <= lifetime.not_after:
        raise MLSError("key_package_expired")
    leaf.verify(b"", 0)
    verify_with_label(leaf.signature_key, "KeyPackageTBS", package.signed_content(), package.signature)
    return CheckedKeyPackage(package, key_package_ref(package), leaf.identity, leaf.signature_key)


def check_key_package(data: bytes, now: int | None) -> CheckedKeyPackage:
    """Decode and check an MLSMessage that must be a KeyPackage; `now` is as for `check_package`.

    Raises MLSError `too_large`, `mls_malformed`, `wrong_suite`, `key_package_invalid`, `key_package_expired` or
    `bad_signature`.
    """
    body = MLSMessage.decode(data).body
    if not isinstance(body, KeyPackage):
        raise MLSError("key_package_invalid", "It is no KeyPackage.")
    return check_package(body, now)


def welcome_ref(data: bytes) -> bytes:
    """The KeyPackageRef (32 bytes) that an MLSMessage is for, which must be a Welcome for one.

    What it seals has one length, or one of two: that leaves no room for extensions or pre-shared keys.

    Raises MLSError `too_large`, `mls_malformed`, `kind_mismatch` or `wrong_suite`.
    """
    body = MLSMessage.decode(data).body
    if not isinstance(body, Welcome):
        raise MLSError("kind_mismatch", "It is no Welcome.")
    if body.cipher_suite != CIPHER_SUITE:
        raise MLSError("wrong_suite", "The Welcome is of another cipher suite.")
    if len(body.secrets) != 1 or len(body.secrets[0].new_member) != HASH_SIZE:
        raise malformed("A Welcome is for one KeyPackage.")
    [entry] = body.secrets
    if not is_hpke_key(entry.secrets.kem_output) or len(entry.secrets.ciphertext) not in _GROUP_SECRETS_SIZES:
        raise malformed("The sealed secrets of the Welcome are of another form.")
    if len(body.encrypted_group_info) != _GROUP_INFO_SIZE:
        raise malformed("The sealed group info of the Welcome is of another form.")
    return entry.new_member
