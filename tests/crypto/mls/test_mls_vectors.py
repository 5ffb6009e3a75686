"""The MLS working group's vectors: read and written byte for byte; spoiled ones raise MLSError and nothing else."""

import json
import os
import random
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from crypto.mls.mutation import spoiled
from safespace.crypto.mls import (
    MLSError,
    MLSMessage,
    PublicGroup,
    Tree,
    check_key_package,
    check_private_message,
    key_package_ref,
    verify_tree,
    welcome_ref,
)
from safespace.crypto.mls.codec import Reader, Structure
from safespace.crypto.mls.commit import Commit
from safespace.crypto.mls.leaf import KeyPackage
from safespace.crypto.mls.proposals import (
    Add,
    ExternalInit,
    GroupContextExtensions,
    PreSharedKey,
    ReInit,
    Remove,
    Update,
)
from safespace.crypto.mls.welcome import GroupSecrets, Welcome

VECTORS = Path(os.environ.get("SAFESPACE_MLS_VECTORS", Path(__file__).parents[4] / "shared" / "vectors" / "mls"))
pytestmark = pytest.mark.skipif(not VECTORS.is_dir(), reason=f"The MLS vectors are not at {VECTORS}.")

STANDALONE: dict[str, type[Structure]] = {
    "ratchet_tree": Tree,
    "group_secrets": GroupSecrets,
    "add_proposal": Add,
    "update_proposal": Update,
    "remove_proposal": Remove,
    "pre_shared_key_proposal": PreSharedKey,
    "re_init_proposal": ReInit,
    "external_init_proposal": ExternalInit,
    "group_context_extensions_proposal": GroupContextExtensions,
    "commit": Commit,
}


@cache
def vectors(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((VECTORS / name).read_text("utf-8"))
    return found


def messages() -> list[tuple[type[Structure], bytes]]:
    """Each object of messages.json with the class that reads it."""
    return [
        (STANDALONE.get(name, MLSMessage), bytes.fromhex(value))
        for vector in vectors("messages.json")
        for name, value in vector.items()
    ]


def test_every_message_survives_byte_for_byte() -> None:
    every = messages()
    assert len(every) == 5100
    for kind, data in every:
        assert kind.decode(data).encode() == data


def test_spoiled_messages_raise_only_the_documented_error() -> None:
    chance = random.Random(9420)
    codes = []
    for kind, data in messages():
        for spoilt in spoiled(data, chance, 12):
            try:
                assert kind.decode(spoilt).encode() == spoilt
            except MLSError as error:
                codes.append(error.code)
    assert len(codes) > 30_000
    assert set(codes) == {"mls_malformed"}


def test_spoiled_messages_pass_no_check() -> None:
    """The doors behind which the relay stands: whatever comes, an MLSError or an answer."""
    chance = random.Random(42)
    [room] = vectors("message-protection.json")
    tree = bytes.fromhex(vectors("tree-validation.json")[0]["tree"])
    group = PublicGroup.load(bytes.fromhex(room["group_id"]), room["epoch"], tree, bytes(32), bytes(32))
    codes = set()
    for _, data in messages()[:1700]:
        for spoilt in (data, *spoiled(data, chance, 3)):
            for check in (check_private_message, welcome_ref, group.check_commit, lambda it: check_key_package(it, 0)):
                try:
                    check(spoilt)
                except MLSError as error:
                    codes.add(error.code)
    assert {"mls_malformed", "kind_mismatch", "wrong_group", "forbidden_handshake"} <= codes


def test_length_headers() -> None:
    for vector in vectors("deserialization.json"):
        reader = Reader(bytes.fromhex(vector["vlbytes_header"]))
        assert reader.length() == vector["length"]
        reader.finish()


def test_trees_hash_resolve_and_hold_together() -> None:
    for vector in vectors("tree-validation.json"):
        data, group_id = bytes.fromhex(vector["tree"]), bytes.fromhex(vector["group_id"])
        tree = verify_tree(data, group_id)
        places = range(len(tree.nodes))
        assert tree.encode() == data
        assert [tree.hash_of(place).hex() for place in places] == vector["tree_hashes"]
        assert [tree.resolution(place) for place in places] == vector["resolutions"]


def test_spoiled_trees_are_not_the_tree() -> None:
    chance = random.Random(79)
    for vector in vectors("tree-validation.json"):
        data, group_id = bytes.fromhex(vector["tree"]), bytes.fromhex(vector["group_id"])
        for spoilt in spoiled(data, chance, 60):
            if spoilt == data:
                continue
            with pytest.raises(MLSError):
                verify_tree(spoilt, group_id)


def test_a_welcome_names_the_key_package_it_is_for() -> None:
    for name in ("welcome.json", "passive-client-welcome.json"):
        for vector in vectors(name):
            package = MLSMessage.decode(bytes.fromhex(vector["key_package"])).body
            welcome = MLSMessage.decode(bytes.fromhex(vector["welcome"])).body
            assert isinstance(package, KeyPackage)
            assert isinstance(welcome, Welcome)
            assert key_package_ref(package) in [entry.new_member for entry in welcome.secrets]


def test_commits_of_a_passive_client_survive() -> None:
    for vector in vectors("passive-client-handling-commit.json"):
        for epoch in vector["epochs"]:
            for data in map(bytes.fromhex, [*epoch["proposals"], epoch["commit"]]):
                assert MLSMessage.decode(data).encode() == data
