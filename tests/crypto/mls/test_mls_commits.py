"""The public group: right commits move it on, each wrong one gets its code and changes nothing."""

import os
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from crypto.mls.forge import NOW, ROOM, TAG, Device, Room, hpke_key, message, private_message
from safespace.crypto.mls import MLSError, MLSMessage, PublicGroup, Tree, check_tree, verify_tree
from safespace.crypto.mls.codec import MAX_MESSAGE
from safespace.crypto.mls.commit import HPKECiphertext
from safespace.crypto.mls.leaf import Capabilities, Credential, Extension, KeyPackage, LeafNode, LeafNodeSource
from safespace.crypto.mls.messages import ContentType, PublicMessage, Sender, SenderType
from safespace.crypto.mls.profile import LIFETIME
from safespace.crypto.mls.proposals import (
    Add,
    ExternalInit,
    ExternalPSK,
    GroupContextExtensions,
    PreSharedKey,
    PreSharedKeyID,
    Proposal,
    ReInit,
    Remove,
    UnknownProposal,
    Update,
)
from safespace.crypto.mls.tree import MAX_LEAVES, Node, ParentNode

SMALL_ORDER = b"\x01" + bytes(31)
UNMERGED = 11
"""The node of `room` that has an unmerged leaf."""


@pytest.fixture(scope="module")
def room() -> Room:
    """Leaves 0 to 7 without 2; leaf 6 is unmerged at node 11. Tests read it only."""
    made = Room(8)
    for index in range(8):
        made.take(made.commit(index))
    made.take(made.commit(4, [Remove(6)]))
    assert made.admit(4) == 6
    made.take(made.commit(1, [Remove(2)]))
    return made


def refusal(room: Room, commit: bytes) -> str:
    with pytest.raises(MLSError) as refused:
        room.group.check_commit(commit)
    return refused.value.code


def test_a_room_moves_on(room: Room) -> None:
    group = room.group
    assert [leaf.leaf_index for leaf in group.leaves()] == [0, 1, 3, 4, 5, 6, 7]
    assert isinstance(merged := group.tree.nodes[UNMERGED], ParentNode)
    assert merged.unmerged_leaves == (6,)
    update = group.check_commit(room.commit(0))
    assert (update.committer, update.identity, update.has_path) == (0, room.devices[0].identity, True)
    assert (update.removed, update.added, update.next.epoch) == ((), (), group.epoch + 1)
    assert update.next.tree_hash() != group.tree_hash()
    assert update.next.leaves()[0].encryption_key != group.leaves()[0].encryption_key

    removal = group.check_commit(room.commit(1, [Remove(5), Remove(6)]))
    assert removal.removed == ((5, room.devices[5].identity), (6, room.devices[6].identity))
    assert [leaf.leaf_index for leaf in removal.next.leaves()] == [0, 1, 3, 4, 7]

    device = Device()
    for path in (False, True):
        admission = group.check_commit(room.commit(4, [Add(device.package())], path=path))
        assert [package.identity for package in admission.added] == [device.identity]
        assert admission.has_path is path
        assert [leaf.leaf_index for leaf in admission.next.leaves()] == [0, 1, 2, 3, 4, 5, 6, 7]
        check_tree(admission.next.export_tree(), ROOM)


def test_stored_and_loaded_it_is_the_same(room: Room) -> None:
    group = room.group
    loaded = PublicGroup.load(
        ROOM, group.epoch, group.export_tree(), group.confirmed_transcript_hash, group.confirmation_tag
    )
    assert loaded == group
    assert loaded.group_context() == group.group_context()
    commit = room.commit(3)
    assert loaded.check_commit(commit) == group.check_commit(commit)


def test_a_tree_shrinks_and_grows() -> None:
    room = Room(9)
    assert len(room.group.tree.nodes) == 31
    room.take(room.commit(0, [Remove(8)]))
    assert len(room.group.tree.nodes) == 15
    room.take(room.commit(1, [Remove(index) for index in range(2, 8)]))
    assert len(room.group.tree.nodes) == 3
    room.take(room.commit(1, [Remove(0)]))
    assert [leaf.leaf_index for leaf in room.group.leaves()] == [1]
    assert room.admit(1) == 0
    assert room.admit(1, path=True) == 2


def test_random_rooms_keep_valid_trees() -> None:
    chance = random.Random(7)
    room = Room(1)
    for _ in range(120):
        by = chance.choice(sorted(room.devices))
        others = [index for index in room.devices if index != by]
        step = chance.choice(["admit", "admit", "update", "remove"]) if len(room.devices) < 14 else "remove"
        if step == "admit":
            room.admit(by, path=chance.random() < 0.5)
        elif step == "remove" and others:
            room.take(room.commit(by, [Remove(index) for index in chance.sample(others, min(2, len(others)))]))
        else:
            room.take(room.commit(by))
        tree = verify_tree(room.group.export_tree(), ROOM)
        assert tree.tree_hash() == room.group.tree_hash()
        assert {leaf.identity for leaf in room.group.leaves()} == {made.identity for made in room.devices.values()}


def _frame(room: Room, commit: bytes, **changes: object) -> bytes:
    """`commit` with fields of its PublicMessage changed after signing."""
    framed = MLSMessage.decode(commit)
    assert isinstance(framed.body, PublicMessage)
    return replace(framed, body=replace(framed.body, **changes)).encode()  # type: ignore[arg-type]


def test_wrong_frames(room: Room) -> None:
    epoch = room.group.epoch
    assert refusal(room, b"") == "mls_malformed"
    assert refusal(room, bytes(MAX_MESSAGE + 1)) == "too_large"
    assert refusal(room, private_message(content_type=ContentType.COMMIT)) == "forbidden_handshake"
    assert refusal(room, message(Device().package())) == "forbidden_handshake"
    assert refusal(room, room.commit(0, group_id=os.urandom(16))) == "wrong_group"
    assert refusal(room, room.commit(0, epoch=epoch - 1)) == "stale_epoch"
    assert refusal(room, room.commit(0, epoch=epoch + 1)) == "wrong_epoch"
    assert refusal(room, room.commit(0, epoch=2**64 - 1)) == "wrong_epoch"
    assert refusal(room, room.commit(0, authenticated_data=b"x")) == "forbidden_handshake"
    assert refusal(room, room.commit(0, type=ContentType.APPLICATION, body=b"hi")) == "forbidden_handshake"
    assert refusal(room, room.commit(0, type=ContentType.PROPOSAL, body=Remove(1))) == "forbidden_handshake"
    for kind, index in ((SenderType.EXTERNAL, 0), (SenderType.NEW_MEMBER_COMMIT, None)):
        assert refusal(room, room.commit(0, sender=Sender(kind, index))) == "forbidden_handshake"
    for index in (2, 8, 0xFFFFFFFF):
        assert refusal(room, room.commit(0, sender=Sender(SenderType.MEMBER, index))) == "wrong_leaf"
    assert refusal(room, _frame(room, room.commit(0), confirmation_tag=b"")) == "mls_malformed"
    assert refusal(room, _frame(room, room.commit(0), membership_tag=TAG[1:])) == "mls_malformed"


def test_wrong_proposals(room: Room) -> None:
    package = Device().package()
    for proposal in (
        Update(package.leaf),
        PreSharedKey(PreSharedKeyID(ExternalPSK(b"id"), b"nonce")),
        ReInit(ROOM, 1, 1, ()),
        ExternalInit(b"kem"),
        GroupContextExtensions(()),
        UnknownProposal(0x0A0A, b""),
        b"a reference of thirty-two bytes.",
    ):
        assert refusal(room, room.commit(0, [proposal], path=room.path(0))) == "forbidden_handshake"
    mixed: list[Proposal] = [Remove(1), Add(package)]
    for several in (mixed, [Add(package), Add(Device().package())]):
        assert refusal(room, room.commit(0, several)) == "forbidden_handshake"
    assert refusal(room, room.commit(0, [Remove(0)], path=room.path(0))) == "forbidden_handshake"
    for index in (2, 8, 0xFFFFFFFF):
        assert refusal(room, room.commit(0, [Remove(index)], path=room.path(0))) == "tree_mismatch"
    twice = room.commit(0, [Remove(1), Remove(1)], path=room.path(0, [Remove(1)]))
    assert refusal(room, twice) == "tree_mismatch"
    assert refusal(room, room.commit(0, path=False)) == "path_required"
    assert refusal(room, room.commit(0, [Remove(1)], path=False)) == "path_required"


def test_wrong_key_packages(room: Room) -> None:
    member, leaf = room.devices[1], room.group.tree.leaf(1)
    assert leaf is not None

    def add(package: KeyPackage) -> str:
        return refusal(room, room.commit(0, [Add(package)], path=False))

    assert add(Device().package(cipher_suite=2)) == "wrong_suite"
    assert add(Device().package(Device().leaf())) == "bad_signature"
    same_identity = Device()
    same_identity.identity = member.identity
    assert add(same_identity.package()) == "duplicate_identity"
    same_key = Device()
    same_key.key = member.key
    assert add(same_key.package()) == "duplicate_identity"
    device = Device()
    reused = device.signed_leaf(replace(device.leaf(), encryption_key=leaf.encryption_key), 0)
    assert add(device.package(reused)) == "duplicate_identity"
    short = device.signed_leaf(replace(device.leaf(), credential=Credential(1, b"short")), 0)
    assert add(device.package(short)) == "key_package_invalid"


def test_an_old_key_package_may_be_replayed(room: Room) -> None:
    """Who catches up a year later must still be able to follow: validity is judged when it is handed out."""
    device = Device()
    leaf = device.leaf()
    assert leaf.lifetime is not None
    past = replace(leaf, lifetime=replace(leaf.lifetime, not_before=NOW - LIFETIME - 10, not_after=NOW - 10))
    commit = room.commit(0, [Add(device.package(device.signed_leaf(past, 0)))], path=False)
    assert room.group.check_commit(commit).added[0].identity == device.identity


def test_signatures(room: Room) -> None:
    commit = room.commit(0)
    framed = MLSMessage.decode(commit).body
    assert isinstance(framed, PublicMessage)
    assert refusal(room, _frame(room, commit, signature=os.urandom(64))) == "bad_signature"
    assert refusal(room, _frame(room, commit, signature=framed.signature[:-1])) == "bad_signature"
    stranger = room.commit(0, [Add(Device().package())], path=False, sender=Sender(SenderType.MEMBER, 1))
    assert refusal(room, stranger) == "bad_signature"
    elsewhere = replace(room.group, confirmed_transcript_hash=os.urandom(32))
    with pytest.raises(MLSError, match="bad_signature"):
        elsewhere.check_commit(commit)
    path = room.path(0)
    unsigned = replace(path, leaf=replace(path.leaf, signature=os.urandom(64)))
    assert refusal(room, room.commit(0, path=unsigned)) == "bad_signature"
    other_place = room.devices[0].signed_leaf(path.leaf, 1)
    assert refusal(room, room.commit(0, path=replace(path, leaf=other_place))) == "bad_signature"
    other_room = room.devices[0].signed_leaf(path.leaf, 0, os.urandom(16))
    assert refusal(room, room.commit(0, path=replace(path, leaf=other_room))) == "bad_signature"


def test_a_path_keeps_who_one_is(room: Room) -> None:
    credential = Credential(1, os.urandom(16))
    assert refusal(room, room.commit(0, path=room.path(0, credential=credential))) == "leaf_changed"
    other_key = bytes(Device().key.verify_key)
    assert refusal(room, room.commit(0, path=room.path(0, signature_key=other_key))) == "leaf_changed"
    for source in (
        {"source": LeafNodeSource.UPDATE, "parent_hash": None},
        {"source": LeafNodeSource.KEY_PACKAGE, "parent_hash": None, "lifetime": Device().leaf().lifetime},
    ):
        assert refusal(room, room.commit(0, path=room.path(0, **source))) == "forbidden_handshake"


def test_a_path_brings_fresh_usable_keys(room: Room) -> None:
    own, other = room.group.tree.leaf(0), room.group.tree.leaf(4)
    assert own is not None
    assert other is not None
    for known in (own.encryption_key, other.encryption_key):
        assert refusal(room, room.commit(0, path=room.path(0, encryption_key=known))) == "duplicate_identity"
        assert refusal(room, room.commit(0, path=room.path(0, keys={1: known}))) == "duplicate_identity"
    twice = hpke_key()
    assert refusal(room, room.commit(0, path=room.path(0, keys={0: twice, 1: twice}))) == "duplicate_identity"
    package = Device().package()
    joined = room.path(0, [Add(package)], keys={0: package.leaf.encryption_key})
    assert refusal(room, room.commit(0, [Add(package)], path=joined)) == "duplicate_identity"
    root = room.group.tree.nodes[room.group.tree.root]
    assert root is not None
    known_to_the_removed = room.path(0, [Remove(5)], keys={2: root.encryption_key})
    assert refusal(room, room.commit(0, [Remove(5)], path=known_to_the_removed)) == "duplicate_identity"
    for useless in (SMALL_ORDER, bytes(32), hpke_key()[:31], b""):
        assert refusal(room, room.commit(0, path=room.path(0, keys={0: useless}))) == "mls_malformed"
        assert refusal(room, room.commit(0, path=room.path(0, encryption_key=useless))) == "leaf_invalid"


@pytest.mark.parametrize(
    "changes",
    [
        {"capabilities": Capabilities((1, 2), (1,), (), (), (1,))},
        {"capabilities": Capabilities((1,), (1,), (1,), (), (1,))},
        {"capabilities": Capabilities((1,), (1,), (), (3,), (1,))},
        {"capabilities": Capabilities((1,), (1, 1), (), (), (1,))},
        {"extensions": (Extension(0, b""),)},
        {"extensions": (Extension(1, b""),)},
        {"extensions": (Extension(0x0A0A, b""),)},
    ],
    ids=str,
)
def test_the_leaf_of_a_path_keeps_the_profile(room: Room, changes: dict[str, Any]) -> None:
    """What a member may change of their own leaf by an update of their own is its keys."""
    assert refusal(room, room.commit(0, path=room.path(0, **changes))) == "leaf_invalid"
    leaf = replace(room.devices[0].leaf(), **changes)
    with pytest.raises(MLSError, match="leaf_invalid"):
        check_tree(Tree((room.devices[0].signed_leaf(leaf, 0),)).encode(), ROOM)


def test_a_path_fits_the_tree(room: Room) -> None:
    path = room.path(0)
    first, *rest = path.nodes
    sealed = first.ciphertexts[0]

    def with_first(*ciphertexts: HPKECiphertext) -> bytes:
        return room.commit(0, path=replace(path, nodes=(replace(first, ciphertexts=ciphertexts), *rest)))

    assert refusal(room, room.commit(0, path=replace(path, nodes=path.nodes[:-1]))) == "tree_mismatch"
    extra = replace(first, encryption_key=hpke_key())
    assert refusal(room, room.commit(0, path=replace(path, nodes=(*path.nodes, extra)))) == "tree_mismatch"
    assert refusal(room, with_first()) == "tree_mismatch"
    assert refusal(room, with_first(*first.ciphertexts, sealed)) == "tree_mismatch"
    for kem_output in (b"", bytes(32), SMALL_ORDER, b"\xff" * 32, sealed.kem_output[:31]):
        assert refusal(room, with_first(HPKECiphertext(kem_output, sealed.ciphertext))) == "mls_malformed"
    assert refusal(room, with_first(HPKECiphertext(sealed.kem_output, b""))) == "mls_malformed"
    for parent_hash in (b"", os.urandom(32)):
        assert refusal(room, room.commit(0, path=room.path(0, parent_hash=parent_hash))) == "tree_mismatch"


def test_a_path_is_not_sealed_to_those_who_join(room: Room) -> None:
    """They get their secret in the Welcome; a removed leaf gets none at all."""
    add = Add(Device().package())
    path = room.path(3, [add])
    beside_the_joiner, *rest = path.nodes
    assert not beside_the_joiner.ciphertexts
    nodes = (replace(beside_the_joiner, ciphertexts=rest[0].ciphertexts[:1]), *rest)
    assert room.group.check_commit(room.commit(3, [add], path=path)).has_path
    assert refusal(room, room.commit(3, [add], path=replace(path, nodes=nodes))) == "tree_mismatch"
    still_to_the_removed = room.path(0)
    assert refusal(room, room.commit(0, [Remove(4)], path=still_to_the_removed)) == "tree_mismatch"


def _create(change: Callable[[Device], bytes], tag: bytes = TAG) -> str:
    with pytest.raises(MLSError) as refused:
        PublicGroup.create(ROOM, change(Device()), tag)
    return refused.value.code


def test_a_new_group_has_one_right_leaf() -> None:
    assert _create(lambda device: Tree((device.leaf(),)).encode(), TAG[1:]) == "mls_malformed"
    assert _create(lambda device: b"\x00") == "mls_malformed"
    assert _create(lambda device: Tree((device.leaf(), None, Device().leaf())).encode()) == "tree_mismatch"
    assert _create(lambda device: Tree((replace(device.leaf(), signature=bytes(64)),)).encode()) == "bad_signature"
    short = Credential(1, b"short")
    changed = "leaf_invalid"
    assert _create(lambda d: Tree((d.signed_leaf(replace(d.leaf(), credential=short), 0),)).encode()) == changed


def test_stored_state_of_the_wrong_size_is_refused(room: Room) -> None:
    group = room.group
    right = (ROOM, group.epoch, group.export_tree(), group.confirmed_transcript_hash, group.confirmation_tag)
    for place, value in ((0, b""), (0, bytes(256)), (1, -1), (1, 2**64), (2, b""), (3, b""), (4, b"")):
        wrong = (*right[:place], value, *right[place + 1 :])
        with pytest.raises(MLSError, match="mls_malformed"):
            PublicGroup.load(*wrong)  # type: ignore[arg-type]


def changed(tree: Tree, changes: dict[int, Node | None]) -> Tree:
    return Tree(tuple(changes.get(at, node) for at, node in enumerate(tree.nodes)))


def tree_refusal(tree: Tree, group_id: bytes = ROOM) -> str:
    with pytest.raises(MLSError) as refused:
        verify_tree(tree.encode(), group_id)
    return refused.value.code


def test_a_joiner_refuses_a_tree_that_does_not_hold_together(room: Room) -> None:
    tree = room.group.tree
    verify_tree(tree.encode(), ROOM)
    parent = tree.nodes[UNMERGED]
    leaf = tree.leaf(4)
    twice = "duplicate_identity"
    assert isinstance(parent, ParentNode)
    assert leaf is not None

    def code(changes: dict[int, Node | None], group_id: bytes = ROOM) -> str:
        return tree_refusal(changed(tree, changes), group_id)

    assert code({}, os.urandom(16)) == "bad_signature"
    assert code({8: replace(leaf, encryption_key=hpke_key())}) == "bad_signature"
    assert code({UNMERGED: replace(parent, encryption_key=hpke_key())}) == "tree_mismatch"
    assert code({UNMERGED: replace(parent, parent_hash=os.urandom(32))}) == "tree_mismatch"
    assert code({UNMERGED: replace(parent, encryption_key=leaf.encryption_key)}) == twice
    assert code({UNMERGED: replace(parent, unmerged_leaves=())}) == "tree_mismatch"
    assert code({UNMERGED: replace(parent, unmerged_leaves=parent.unmerged_leaves * 2)}) == "tree_mismatch"
    assert code({UNMERGED: replace(parent, unmerged_leaves=(0xFFFFFFFF,))}) == "tree_mismatch"
    assert code({8: room.devices[4].signed_leaf(replace(leaf, encryption_key=parent.encryption_key), 4)}) == twice
    device = Device()
    assert tree_refusal(Tree((device.leaf(), None, device.leaf()))) == twice


def test_a_joiner_refuses_unmerged_leaves_out_of_place() -> None:
    """No hash covers the root's own list, so these trees fail by nothing else."""
    room = Room(8)
    for index in range(8):
        room.take(room.commit(index))
    room.take(room.commit(4, [Remove(5), Remove(6)]))
    assert [room.admit(4), room.admit(4)] == [5, 6]
    tree = room.group.tree
    root = tree.nodes[tree.root]
    assert isinstance(root, ParentNode)
    assert root.unmerged_leaves == (5, 6)
    verify_tree(tree.encode(), ROOM)
    for wrong in ((6, 5), (5, 5, 6), (5, 6, 6)):
        assert tree_refusal(changed(tree, {tree.root: replace(root, unmerged_leaves=wrong)})) == "tree_mismatch"

    room.take(room.commit(4))
    room.take(room.commit(0))
    tree = room.group.tree
    above = tree.nodes[3]
    assert isinstance(above, ParentNode)
    verify_tree(tree.encode(), ROOM)
    not_below = changed(tree, {3: replace(above, unmerged_leaves=(6,))})
    assert tree_refusal(not_below) == "tree_mismatch"


def test_a_joiner_refuses_a_leaf_that_is_unmerged_above_but_not_below() -> None:
    """Leaf 0 signs a path on which the root calls leaf 6 unmerged, while node 11 has merged it."""
    room = Room(8)
    for index in (*range(8), 0):
        room.take(room.commit(index))
    tree = room.group.tree
    root, middle, low, leaf = (tree.nodes[at] for at in (7, 3, 1, 0))
    assert isinstance(root, ParentNode)
    assert isinstance(middle, ParentNode)
    assert isinstance(low, ParentNode)
    assert isinstance(leaf, LeafNode)
    root = replace(root, unmerged_leaves=(6,))
    middle = replace(middle, parent_hash=tree.parent_hash(root, 11))
    low = replace(low, parent_hash=tree.parent_hash(middle, 5))
    leaf = room.devices[0].signed_leaf(replace(leaf, parent_hash=tree.parent_hash(low, 2)), 0)
    assert tree_refusal(changed(tree, {7: root, 3: middle, 1: low, 0: leaf})) == "tree_mismatch"


def test_a_tree_has_a_limit() -> None:
    leaf = Device().leaf()
    full = Tree((leaf, None) * (MAX_LEAVES - 1) + (leaf,))
    assert len(full.nodes) == 2 * MAX_LEAVES - 1
    with pytest.raises(MLSError, match="too_large"):
        full.with_leaf(leaf)
