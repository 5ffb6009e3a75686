"""Messaging Layer Security (RFC 9420) as far as relay and SDK need it without keys: decode, check, follow a group."""

from safespace.crypto.mls.errors import MLSError
from safespace.crypto.mls.messages import MLSMessage
from safespace.crypto.mls.profile import (
    CheckedKeyPackage,
    PrivateHeader,
    check_key_package,
    check_private_message,
    key_package_ref,
    welcome_refs,
)

__all__ = [
    "CheckedKeyPackage",
    "MLSError",
    "MLSMessage",
    "PrivateHeader",
    "check_key_package",
    "check_private_message",
    "key_package_ref",
    "welcome_refs",
]
