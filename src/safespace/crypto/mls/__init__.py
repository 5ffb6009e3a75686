"""Messaging Layer Security (RFC 9420) as far as relay and SDK need it without keys: decode, check, follow a group."""

from safespace.crypto.mls.errors import MLSError
from safespace.crypto.mls.messages import MLSMessage
from safespace.crypto.mls.private import PrivateHeader, check_private_message, is_private_message_for
from safespace.crypto.mls.profile import CheckedKeyPackage, check_key_package, key_package_ref, welcome_ref
from safespace.crypto.mls.public_group import CheckedCommit, Leaf, PublicGroup
from safespace.crypto.mls.tree import Tree
from safespace.crypto.mls.tree_check import check_tree, verify_tree

__all__ = [
    "CheckedCommit",
    "CheckedKeyPackage",
    "Leaf",
    "MLSError",
    "MLSMessage",
    "PrivateHeader",
    "PublicGroup",
    "Tree",
    "check_key_package",
    "check_private_message",
    "check_tree",
    "is_private_message_for",
    "key_package_ref",
    "verify_tree",
    "welcome_ref",
]
