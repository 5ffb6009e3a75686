"""What SafeSpace takes of MLS: the checks of KeyPackages, private messages and Welcomes (docs/protocol.md)."""

from dataclasses import dataclass
from typing import Final, NamedTuple

from safespace.crypto import ed25519, x25519
from safespace.crypto.errors import CryptoError
from safespace.crypto.mls.codec import MAX_MESSAGE, Reader, opaque, u8, u16, u64
from safespace.crypto.mls.errors import MLSError
from safespace.crypto.mls.leaf import BASIC, KeyPackage, LeafNode, LeafNodeSource
from safespace.crypto.mls.messages import MLS10, ContentType, MLSMessage, PrivateMessage, WireFormat
from safespace.crypto.mls.signing import CIPHER_SUITE, HASH_SIZE, ref_hash, verify_with_label
from safespace.crypto.mls.welcome import Welcome

IDENTITY_SIZE: Final = 16
MAX_LIFETIME: Final = 366 * 24 * 3600
"""Seconds."""
CLOCK_SKEW: Final = 3600
"""Seconds by which a device's clock may be wrong."""
_LAST_DEFAULT_EXTENSION: Final = 5
_PRIVATE_HEAD: Final = u16(MLS10) + u16(WireFormat.PRIVATE_MESSAGE)
_APPLICATION_WITHOUT_DATA: Final = u8(ContentType.APPLICATION) + opaque(b"")


@dataclass(frozen=True, slots=True)
class CheckedKeyPackage:
    """A KeyPackage that keeps every rule; `identity` (16 bytes) and `signature_key` are its leaf's."""

    package: KeyPackage
    ref: bytes
    identity: bytes
    signature_key: bytes


class PrivateHeader(NamedTuple):
    """What a PrivateMessage says in clear."""

    group_id: bytes
    epoch: int
    content_type: ContentType


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
    """What in `leaf` breaks the profile, None if nothing does. Signatures are not looked at."""
    able = leaf.capabilities
    types = [extension.type for extension in leaf.extensions]
    if leaf.credential.type != BASIC or len(leaf.identity) != IDENTITY_SIZE:
        return "The credential is not a basic one of 16 bytes."
    if not is_hpke_key(leaf.encryption_key):
        return "A key in the leaf is none of this cipher suite."
    try:
        ed25519.check_public_key(leaf.signature_key)
    except CryptoError:
        return "A key in the leaf is none of this cipher suite."
    if MLS10 not in able.versions or CIPHER_SUITE not in able.cipher_suites or BASIC not in able.credentials:
        return "The leaf does not support what the profile needs."
    if len(set(types)) != len(types):
        return "The leaf has an extension twice."
    if any(kind > _LAST_DEFAULT_EXTENSION and kind not in able.extensions for kind in types):
        return "The leaf does not support an extension of its own."
    return None


def check_package(package: KeyPackage, now: int | None = None) -> CheckedKeyPackage:
    """Check a KeyPackage against the profile; `now` is in seconds since 1970, None leaves out whether it is valid now.

    Raises MLSError `wrong_suite`, `key_package_invalid`, `key_package_expired` or `bad_signature`.
    """
    leaf, lifetime = package.leaf, package.leaf.lifetime
    if package.cipher_suite != CIPHER_SUITE:
        raise MLSError("wrong_suite")
    if package.version != MLS10:
        raise MLSError("key_package_invalid", "It is of another version of MLS.")
    if leaf.source is not LeafNodeSource.KEY_PACKAGE or lifetime is None:
        raise MLSError("key_package_invalid", "Its leaf was not made for a KeyPackage.")
    if fault := leaf_fault(leaf):
        raise MLSError("key_package_invalid", fault)
    if package.init_key == leaf.encryption_key or not is_hpke_key(package.init_key):
        raise MLSError("key_package_invalid", "The init key is not usable.")
    if len({extension.type for extension in package.extensions}) != len(package.extensions):
        raise MLSError("key_package_invalid", "It has an extension twice.")
    if not 0 <= lifetime.not_after - lifetime.not_before <= MAX_LIFETIME:
        raise MLSError("key_package_invalid", "Its lifetime is longer than 366 days.")
    if now is not None and not lifetime.not_before - CLOCK_SKEW <= now <= lifetime.not_after + CLOCK_SKEW:
        raise MLSError("key_package_expired")
    leaf.verify(b"", 0)
    verify_with_label(leaf.signature_key, "KeyPackageTBS", package.signed_content(), package.signature)
    return CheckedKeyPackage(package, key_package_ref(package), leaf.identity, leaf.signature_key)


def check_key_package(data: bytes, now: int) -> CheckedKeyPackage:
    """Decode and check an MLSMessage that must be a KeyPackage; `now` is in seconds since 1970.

    Raises MLSError `too_large`, `mls_malformed`, `wrong_suite`, `key_package_invalid`, `key_package_expired` or
    `bad_signature`.
    """
    body = MLSMessage.decode(data).body
    if not isinstance(body, KeyPackage):
        raise MLSError("key_package_invalid", "It is no KeyPackage.")
    return check_package(body, now)


def check_private_message(message: bytes) -> PrivateHeader:
    """Decode an MLSMessage that must be a PrivateMessage with application content and no authenticated data.

    Raises MLSError `too_large`, `mls_malformed`, `kind_mismatch` or `forbidden_handshake`.
    """
    body = MLSMessage.decode(message).body
    if not isinstance(body, PrivateMessage):
        raise MLSError("kind_mismatch", "It is not sealed as a message.")
    if body.content_type is not ContentType.APPLICATION or body.authenticated_data:
        raise MLSError("forbidden_handshake", "Only messages are sent sealed, without authenticated data.")
    return PrivateHeader(body.group_id, body.epoch, body.content_type)


def is_private_message_for(message: bytes, group_id: bytes, epoch: int) -> bool:
    """Whether `check_private_message` takes `message` and finds this group and epoch in it. Looks at little more."""
    head = _PRIVATE_HEAD + opaque(group_id) + u64(epoch) + _APPLICATION_WITHOUT_DATA
    if not message.startswith(head) or len(message) > MAX_MESSAGE:
        return False
    reader = Reader(message, len(head))
    try:
        reader.opaque()
        reader.opaque()
        reader.finish()
    except MLSError:
        return False
    return True


def welcome_refs(welcome: bytes) -> list[bytes]:
    """The KeyPackageRefs (32 bytes each) an MLSMessage that must be a Welcome is for.

    Raises MLSError `too_large`, `mls_malformed`, `kind_mismatch` or `wrong_suite`.
    """
    body = MLSMessage.decode(welcome).body
    if not isinstance(body, Welcome):
        raise MLSError("kind_mismatch", "It is no Welcome.")
    if body.cipher_suite != CIPHER_SUITE:
        raise MLSError("wrong_suite", "The Welcome is of another cipher suite.")
    refs = [entry.new_member for entry in body.secrets]
    if any(len(ref) != HASH_SIZE for ref in refs) or len(set(refs)) != len(refs):
        raise MLSError("mls_malformed", "The Welcome names a KeyPackage twice or wrongly.")
    return refs
