"""From a room's row to its public MLS group and back."""

from dataclasses import dataclass, replace

from safespace.beside import beside
from safespace.crypto.mls import (
    CheckedKeyPackage,
    PublicGroup,
    Tree,
    check_private_message,
    is_private_message_for,
    welcome_ref,
)
from safespace.errors import SafeSpaceError
from safespace.storage.rooms import Public


@dataclass(frozen=True, slots=True)
class Change:
    """What a commit that keeps the profile does. Identities are 16 bytes."""

    committer: bytes
    removed: frozenset[bytes]
    added: tuple[CheckedKeyPackage, ...]
    before: Public
    after: Public
    welcomed: bytes | None
    """The reference of the KeyPackage that the Welcome is for, where there is one."""


async def found(room: bytes, tree: bytes, confirmation_tag: bytes) -> PublicGroup:
    """A new group as its creator shows it. Raises MLSError."""
    return await beside(PublicGroup.create, room, tree, confirmation_tag)


async def signature_key(tree: bytes, identity: bytes) -> bytes:
    """The Ed25519 key of the leaf with this identity. Raises SafeSpaceError not_found."""
    keys = await beside(_signature_keys, tree)
    if identity not in keys:
        raise SafeSpaceError("not_found")
    return keys[identity]


def _signature_keys(tree: bytes) -> dict[bytes, bytes]:
    return {leaf.identity: leaf.signature_key for _, leaf in Tree.decode(tree).leaves()}


async def check_commit(public: Public, commit: bytes, welcome: bytes | None) -> Change:
    """Check a commit against the room's public group, away from the event loop. Raises MLSError."""
    return await beside(_check, public, commit, welcome)


def _check(public: Public, commit: bytes, welcome: bytes | None) -> Change:
    group = PublicGroup.load(
        public.id.bytes, public.epoch, public.tree, public.confirmed_transcript_hash, public.confirmation_tag
    )
    checked = group.check_commit(commit)
    after = replace(
        public,
        epoch=checked.next.epoch,
        tree=checked.next.export_tree(),
        confirmed_transcript_hash=checked.next.confirmed_transcript_hash,
        confirmation_tag=checked.next.confirmation_tag,
    )
    return Change(
        checked.identity,
        frozenset(identity for _, identity in checked.removed),
        tuple(checked.added),
        public,
        after,
        None if welcome is None else welcome_ref(welcome),
    )


def check_sealed(body: bytes, room: bytes, epoch: int) -> None:
    """Refuse a body that is not application content of this room and epoch. Raises SafeSpaceError."""
    if is_private_message_for(body, room, epoch):
        return
    header = check_private_message(body)
    if header.group_id != room:
        raise SafeSpaceError("wrong_group")
    if header.epoch != epoch:
        raise SafeSpaceError("wrong_epoch")
