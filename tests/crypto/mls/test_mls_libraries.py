"""Rooms of the two client libraries, followed from outside: tree, roster and transcript agree after every commit."""

import json
import os
import random
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

import mls_rs_uniffi.mls_rs_uniffi as mls_rs
import pytest

from crypto.mls.mutation import spoiled
from safespace.crypto.mls import (
    MLSError,
    MLSMessage,
    PublicGroup,
    check_key_package,
    check_private_message,
    verify_tree,
    welcome_ref,
)
from safespace.crypto.mls.messages import PublicMessage

ROOM = bytes(range(16))
TS_MLS_ROOM = json.loads((Path(__file__).parent / "ts_mls_room.json").read_text("utf-8"))


def unhex(field: str) -> bytes:
    return bytes.fromhex(TS_MLS_ROOM[field])


class Storage(mls_rs.GroupStateStorage):  # type: ignore[misc]
    """Keeps what mls-rs writes in memory."""

    def __init__(self) -> None:
        self.states: dict[bytes, bytes] = {}
        self.epochs: dict[tuple[bytes, int], bytes] = {}

    def state(self, group_id: bytes) -> bytes | None:
        return self.states.get(group_id)

    def epoch(self, group_id: bytes, epoch_id: int) -> bytes | None:
        return self.epochs.get((group_id, epoch_id))

    def write(self, group_id: bytes, group_state: bytes, epoch_inserts: list[Any], epoch_updates: list[Any]) -> None:
        self.states[group_id] = group_state
        self.epochs.update({(group_id, record.id): record.data for record in (*epoch_inserts, *epoch_updates)})

    def max_epoch_id(self, group_id: bytes) -> int | None:
        return max((epoch for group, epoch in self.epochs if group == group_id), default=None)


class Member:
    """A client of mls-rs with one identity, and its view of the room once it has one."""

    def __init__(self) -> None:
        self.identity = os.urandom(16)
        self.storage = Storage()
        keys = mls_rs.generate_signature_keypair(mls_rs.CipherSuite.CURVE25519_AES128)
        config = mls_rs.ClientConfig(group_state_storage=self.storage, use_ratchet_tree_extension=False)
        self.client = mls_rs.Client(self.identity, keys, config)
        self.group: Any = None

    def snapshot(self) -> bytes:
        self.group.write_to_storage()
        return self.storage.states[ROOM]

    def first_confirmation_tag(self) -> bytes:
        """The T for which the snapshot holds both T and the interim transcript hash of epoch 0, SHA-256(0x20 T)."""
        snapshot = self.snapshot()
        windows = (snapshot[at : at + 32] for at in range(len(snapshot) - 31))
        return next(tag for tag in windows if sha256(b"\x20" + tag).digest() in snapshot)


def test_a_room_of_mls_rs() -> None:
    chance = random.Random(1)
    creator = Member()
    creator.group = creator.client.create_group(ROOM)
    group = PublicGroup.create(ROOM, creator.group.export_tree().bytes, creator.first_confirmation_tag())
    members = [creator]
    for step in range(80):
        author = chance.choice(members)
        others = [member for member in members if member is not author]
        kind = chance.choice(["add", "add", "update", "remove"] if len(members) < 12 else ["update", "remove"])
        joiners: list[Member] = []
        leaver = None
        if kind == "add":
            joiners = [Member()]
            packages = [joiner.client.generate_key_package_message() for joiner in joiners]
            made = author.group.add_members(packages)
            [ref] = [check_key_package(package.to_bytes(), int(time.time())).ref for package in packages]
            assert welcome_ref(made.welcome_message.to_bytes()) == ref
        elif kind == "remove" and others:
            leaver = chance.choice(others)
            made = author.group.remove_members([leaver.client.signing_identity()])
        else:
            made = author.group.commit()

        checked = group.check_commit(made.commit_message.to_bytes())
        assert checked.identity == author.identity
        assert [identity for _, identity in checked.removed] == ([leaver.identity] if leaver else [])
        assert {package.identity for package in checked.added} == {joiner.identity for joiner in joiners}
        group = checked.next

        members = [member for member in members if member is not leaver]
        for member in members:
            member.group.process_incoming_message(made.commit_message)
        for joiner in joiners:
            joiner.group = joiner.client.join_group(author.group.export_tree(), made.welcome_message).group
        members += joiners
        assert group.export_tree() == author.group.export_tree().bytes
        assert {leaf.identity for leaf in group.leaves()} == {member.identity for member in members}
        assert verify_tree(group.export_tree(), ROOM).tree_hash() == group.tree_hash()
        snapshot = chance.choice(members).snapshot()
        assert group.tree_hash() in snapshot
        assert group.confirmed_transcript_hash in snapshot
        if step % 5 == 0:
            group = PublicGroup.load(
                ROOM, group.epoch, group.export_tree(), group.confirmed_transcript_hash, group.confirmation_tag
            )
    header = check_private_message(members[0].group.encrypt_application_message(b"hello").to_bytes())
    assert (header.group_id, header.epoch) == (ROOM, group.epoch)


def ts_mls_group() -> PublicGroup:
    return PublicGroup.create(unhex("group_id"), unhex("tree"), unhex("confirmation_tag"))


def test_a_room_of_ts_mls() -> None:
    group = ts_mls_group()
    for step in TS_MLS_ROOM["steps"]:
        refs = [check_key_package(bytes.fromhex(data), TS_MLS_ROOM["now"]).ref for data in step["packages"]]
        if step["welcome"]:
            assert [welcome_ref(bytes.fromhex(step["welcome"]))] == refs
        checked = group.check_commit(bytes.fromhex(step["commit"]))
        assert [package.ref for package in checked.added] == refs
        assert len(checked.removed) == (step["kind"] == "remove")
        group = checked.next
        assert group.epoch == step["epoch"]
        assert group.tree_hash().hex() == step["tree_hash"]
        assert group.confirmed_transcript_hash.hex() == step["confirmed_transcript_hash"]
        verify_tree(group.export_tree(), group.group_id)
    assert group.export_tree().hex() == step["tree"]
    assert check_private_message(unhex("message")).epoch == group.epoch


def test_a_spoiled_commit_is_refused_but_for_its_tags() -> None:
    """The two tags need keys to be checked; every other byte of a commit and of a KeyPackage is under a signature."""
    chance = random.Random(3)
    group = ts_mls_group()
    for step in TS_MLS_ROOM["steps"]:
        commit = bytes.fromhex(step["commit"])
        right = MLSMessage.decode(commit).body
        assert isinstance(right, PublicMessage)
        for spoilt in spoiled(commit, chance, 150):
            try:
                group.check_commit(spoilt)
            except MLSError:
                continue
            wrong = MLSMessage.decode(spoilt).body
            assert isinstance(wrong, PublicMessage)
            assert (wrong.content, wrong.signature) == (right.content, right.signature)
        for package in map(bytes.fromhex, step["packages"]):
            for spoilt in spoiled(package, chance, 150):
                if spoilt != package:
                    with pytest.raises(MLSError):
                        check_key_package(spoilt, TS_MLS_ROOM["now"])
        group = group.check_commit(commit).next
