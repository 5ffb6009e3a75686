"""One device's place in one room's MLS group (RFC 9420), through mls-rs. The only module that knows the library.

The library applies any commit it is given and keeps a pending one; so the rules here are: check before, and make
commits on a `fork`, which becomes the real group only once the relay accepted the commit.
"""

import hashlib
import os
from dataclasses import dataclass
from typing import Any

from mls_rs_uniffi import mls_rs_uniffi as mls

from safespace.crypto.mls import PublicGroup, Tree, check_key_package, check_tree, welcome_ref

_SUITE = mls.CipherSuite.CURVE25519_AES128
_FAULTS = (mls.Error, mls.InternalError)
"""A refusal of the library's, and a panic in it."""


class GroupCryptoError(Exception):
    """The library could not process this: another key, another epoch, or not MLS at all."""


class WrongSenderError(GroupCryptoError):
    """The message opens, but someone else made it."""


@dataclass(frozen=True, slots=True)
class LeafKey:
    """A leaf identity (16 bytes) and its Ed25519 key pair, in the library's own form."""

    identity: bytes
    public: bytes
    secret: bytes

    @classmethod
    def fresh(cls) -> "LeafKey":
        pair = mls.generate_signature_keypair(_SUITE)
        return cls(os.urandom(16), pair.public_key.bytes, pair.secret_key.bytes)


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit made and applied on a fork: what the relay gets, and the group after it."""

    body: bytes
    welcome: bytes | None
    after: "GroupCrypto"


class _Snapshot(mls.GroupStateStorage):  # type: ignore[misc]
    """The one state the library last wrote. Secrets of past epochs are not kept: the relay refuses late messages."""

    def __init__(self, state: bytes | None = None) -> None:
        self.bytes = state

    def state(self, group_id: bytes) -> bytes | None:
        return self.bytes

    def epoch(self, group_id: bytes, epoch_id: int) -> bytes | None:
        return None

    def write(self, group_id: bytes, group_state: bytes, epoch_inserts: list[Any], epoch_updates: list[Any]) -> None:
        self.bytes = group_state

    def max_epoch_id(self, group_id: bytes) -> int | None:
        return None


class GroupCrypto:
    """The group as this device sees it. Every method but `snapshot` is in memory only."""

    def __init__(self, leaf: LeafKey, room: bytes, client: Any, storage: _Snapshot, group: Any) -> None:
        self.leaf = leaf
        self._room = room
        self._client = client
        self._storage = storage
        self._group = group

    @classmethod
    def create(cls, leaf: LeafKey, room: bytes) -> "GroupCrypto":
        """A new group of one, in epoch 0."""
        client, storage = _client(leaf)
        return cls(leaf, room, client, storage, client.create_group(room))

    @classmethod
    def load(cls, leaf: LeafKey, room: bytes, snapshot: bytes) -> "GroupCrypto":
        """The group as it was when `snapshot` was taken."""
        client, storage = _client(leaf, snapshot)
        try:
            return cls(leaf, room, client, storage, client.load_group(room))
        except _FAULTS as error:
            raise GroupCryptoError from error

    def snapshot(self) -> bytes:
        """Everything about the group, secrets included, to be sealed in the store."""
        self._group.write_to_storage()
        assert self._storage.bytes is not None  # noqa: S101 - the library has just written it
        return self._storage.bytes

    def fork(self) -> "GroupCrypto":
        """A copy that goes its own way."""
        return GroupCrypto.load(self.leaf, self._room, self.snapshot())

    def public(self) -> PublicGroup:
        """The public group of this epoch, after creating or joining.

        The library tells neither epoch, transcript hash nor confirmation tag, but all stand in its snapshot: the first
        two in the GroupContext (RFC 9420 section 8.1), the third as the T for which the interim transcript hash,
        SHA-256(confirmed hash ‖ lp(T)) of section 8.2, stands there too. Raises GroupCryptoError for another room's.
        """
        tree = self.tree()
        snapshot = self.snapshot()
        head = b"\x00\x01\x00\x01\x10" + self._room
        epoch_at = snapshot.find(head) + len(head)
        hashes_at = epoch_at + 8
        tree_hash = b"\x20" + Tree.decode(tree).tree_hash()
        if epoch_at < len(head) or not snapshot.startswith(tree_hash, hashes_at):
            raise GroupCryptoError("this is another group, or another tree")
        epoch = int.from_bytes(snapshot[epoch_at:hashes_at], "big")
        start = hashes_at + len(tree_hash)
        confirmed = snapshot[start + 1 : start + 1 + snapshot[start]]
        for at in range(len(snapshot) - 31):
            tag = snapshot[at : at + 32]
            if hashlib.sha256(confirmed + b"\x20" + tag).digest() in snapshot:
                return PublicGroup.load(self._room, epoch, tree, confirmed, tag)
        raise GroupCryptoError("there is no confirmation tag")

    def tree(self) -> bytes:
        """The ratchet tree as in the ratchet_tree extension (RFC 9420 section 12.4.3.3)."""
        return bytes(self._group.export_tree().bytes)

    def export(self, label: bytes, context: bytes, length: int) -> bytes:
        """MLS-Exporter of this epoch (RFC 9420 section 8.5)."""
        return bytes(self._group.export_secret(label, context, length))

    def encrypt(self, plaintext: bytes) -> bytes:
        """A PrivateMessage with this plaintext. Save the snapshot before it is sent."""
        return bytes(self._group.encrypt_application_message(plaintext).to_bytes())

    def decrypt(self, body: bytes, identity: bytes, public: bytes) -> bytes:
        """The plaintext of a PrivateMessage that the leaf with this identity and key made.

        Raises WrongSenderError or GroupCryptoError.
        """
        before = self.snapshot()
        try:
            received = self._process(body)
        except GroupCryptoError:
            # The library spends the sender's key on what does not open; the genuine message would not open either.
            again = self.load(self.leaf, self._room, before)
            self._client, self._storage, self._group = again._client, again._storage, again._group
            raise
        if not isinstance(received, mls.ReceivedMessage.APPLICATION_MESSAGE):
            raise GroupCryptoError("this is not an application message")
        if received.sender != _signing_identity(identity, public):
            raise WrongSenderError
        return bytes(received.data)

    def apply(self, body: bytes) -> None:
        """Apply a commit that was checked. Raises GroupCryptoError."""
        received = self._process(body)
        if not isinstance(received, mls.ReceivedMessage.COMMIT):
            raise GroupCryptoError("this is not a commit")

    def add(self, package: bytes) -> Commit:
        """A commit that adds this KeyPackage (an MLSMessage)."""
        return self._commit(lambda group: group.add_members([mls.Message.from_bytes(package)]))

    def remove(self, leaves: list[tuple[bytes, bytes]]) -> Commit:
        """A commit that removes the leaves with these (identity, signature key)."""
        targets = [_signing_identity(identity, public) for identity, public in leaves]
        return self._commit(lambda group: group.remove_members(targets))

    def update(self) -> Commit:
        """An empty commit with a path: this leaf's own new keys."""
        return self._commit(lambda group: group.commit())

    def _commit(self, make: Any) -> Commit:
        after = self.fork()
        try:
            output = make(after._group)
            body = bytes(output.commit_message.to_bytes())
            after._group.process_incoming_message(output.commit_message)
        except _FAULTS as error:
            raise GroupCryptoError from error
        welcome = output.welcome_message
        return Commit(body, None if welcome is None else bytes(welcome.to_bytes()), after)

    def _process(self, body: bytes) -> Any:
        try:
            return self._group.process_incoming_message(mls.Message.from_bytes(body))
        except _FAULTS as error:
            raise GroupCryptoError from error


class Newcomer:
    """A leaf that waits to be added. Its KeyPackage's secrets live in this object alone, never in a store."""

    def __init__(self, leaf: LeafKey | None = None) -> None:
        self.leaf = leaf or LeafKey.fresh()
        self._client, self._storage = _client(self.leaf)
        self.package = bytes(self._client.generate_key_package_message().to_bytes())
        self.checked = check_key_package(self.package, None)
        self.ref = self.checked.ref

    def join(self, room: bytes, tree: bytes, welcome: bytes) -> GroupCrypto:
        """The group that a Welcome opens, with the tree it speaks of. `public` tells whether it is `room`'s.

        Raises MLSError for a tree or a Welcome outside the profile, else GroupCryptoError.
        """
        check_tree(tree, room)
        if welcome_ref(welcome) != self.ref:
            raise GroupCryptoError("the Welcome is for somebody else")
        try:
            info = self._client.join_group(mls.RatchetTree(bytes=tree), mls.Message.from_bytes(welcome))
        except _FAULTS as error:
            raise GroupCryptoError from error
        return GroupCrypto(self.leaf, room, self._client, self._storage, info.group)


def _client(leaf: LeafKey, snapshot: bytes | None = None) -> tuple[Any, _Snapshot]:
    storage = _Snapshot(snapshot)
    pair = mls.SignatureKeypair(
        cipher_suite=_SUITE,
        public_key=mls.SignaturePublicKey(bytes=leaf.public),
        secret_key=mls.SignatureSecretKey(bytes=leaf.secret),
    )
    config = mls.ClientConfig(group_state_storage=storage, use_ratchet_tree_extension=False)
    return mls.Client(leaf.identity, pair, config), storage


def _signing_identity(identity: bytes, public: bytes) -> Any:
    """The library gives these only for clients, so a throw-away client with another secret stands in."""
    client, _ = _client(LeafKey(identity, public, bytes(64)))
    return client.signing_identity()
