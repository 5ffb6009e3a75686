"""The MLS adapter: what it makes, our own decoder follows; what it is not to open, it does not open."""

import os

import pytest

from safespace.crypto.mls import MLSError, PublicGroup
from safespace.sdk.group_crypto import GroupCrypto, GroupCryptoError, LeafKey, Newcomer, WrongSenderError

ROOM = bytes(range(16))


def two() -> tuple[GroupCrypto, GroupCrypto, PublicGroup]:
    """Ada, Ben whom she added, and the public group."""
    ada = GroupCrypto.create(LeafKey.fresh(), ROOM)
    newcomer = Newcomer()
    commit = ada.add(newcomer.package)
    assert commit.welcome is not None
    public = ada.public().check_commit(commit.body).next
    return commit.after, newcomer.join(ROOM, commit.after.tree(), commit.welcome), public


def test_the_public_group_is_read_out_of_the_snapshot() -> None:
    ada = GroupCrypto.create(LeafKey.fresh(), ROOM)
    first = ada.public()
    assert (first.epoch, first.confirmed_transcript_hash) == (0, b"")
    assert PublicGroup.create(ROOM, ada.tree(), first.confirmation_tag) == first
    ada, ben, public = two()
    assert ada.public() == ben.public() == public
    assert public.epoch == 1


def test_another_rooms_group_is_told_apart() -> None:
    newcomer = Newcomer()
    commit = GroupCrypto.create(LeafKey.fresh(), os.urandom(16)).add(newcomer.package)
    assert commit.welcome is not None
    joined = newcomer.join(ROOM, commit.after.tree(), commit.welcome)
    with pytest.raises(GroupCryptoError):
        joined.public()


def test_a_commit_leaves_the_group_as_it_was_until_it_is_taken() -> None:
    ada, ben, public = two()
    before = ada.public()
    lost = ada.update()
    assert ada.public() == before
    won = ben.update()
    ada.apply(won.body)  # no pending commit stands in the way
    assert ada.public() == won.after.public() == public.check_commit(won.body).next
    with pytest.raises(GroupCryptoError):
        ada.apply(lost.body)
    key = ben.leaf
    assert ada.decrypt(won.after.encrypt(b"still here"), key.identity, key.public) == b"still here"


def test_what_does_not_open_spends_no_key() -> None:
    ada, ben, _ = two()
    genuine = ben.encrypt(b"hello")
    bent = genuine[:-1] + bytes([genuine[-1] ^ 1])
    with pytest.raises(GroupCryptoError):
        ada.decrypt(bent, ben.leaf.identity, ben.leaf.public)
    assert ada.decrypt(genuine, ben.leaf.identity, ben.leaf.public) == b"hello"
    again = GroupCrypto.load(ada.leaf, ROOM, ada.snapshot())
    with pytest.raises(GroupCryptoError):
        again.decrypt(genuine, ben.leaf.identity, ben.leaf.public)


def test_the_sender_is_compared() -> None:
    ada, ben, _ = two()
    with pytest.raises(WrongSenderError):
        ada.decrypt(ben.encrypt(b"hello"), ada.leaf.identity, ada.leaf.public)
    with pytest.raises(WrongSenderError):
        ada.decrypt(ben.encrypt(b"hello"), os.urandom(16), ben.leaf.public)


def test_a_message_opens_once_also_after_a_restart() -> None:
    ada, ben, _ = two()
    body = ben.encrypt(b"hello")
    assert ada.decrypt(body, ben.leaf.identity, ben.leaf.public) == b"hello"
    again = GroupCrypto.load(ada.leaf, ROOM, ada.snapshot())
    for crypto in (ada, again):
        with pytest.raises(GroupCryptoError):
            crypto.decrypt(body, ben.leaf.identity, ben.leaf.public)


def test_someone_who_never_spoke_can_be_removed_and_reads_no_more() -> None:
    ada, ben, public = two()
    removal = ada.remove([(ben.leaf.identity, ben.leaf.public)])
    assert [identity for _, identity in public.check_commit(removal.body).removed] == [ben.leaf.identity]
    body = removal.after.encrypt(b"without Ben")
    with pytest.raises(GroupCryptoError):
        ben.decrypt(body, ada.leaf.identity, ada.leaf.public)
    ben.apply(removal.body)
    with pytest.raises(GroupCryptoError):
        ben.decrypt(body, ada.leaf.identity, ada.leaf.public)


@pytest.mark.parametrize("body", [b"", b"\x00", b"garbage", bytes(200), b"\xff" * 300])
def test_garbage_raises_the_one_error(body: bytes) -> None:
    ada, ben, _ = two()
    with pytest.raises(GroupCryptoError):
        ada.decrypt(body, ben.leaf.identity, ben.leaf.public)
    with pytest.raises(GroupCryptoError):
        ada.apply(body)
    with pytest.raises(GroupCryptoError):
        ada.add(body)
    with pytest.raises(MLSError):
        Newcomer().join(ROOM, body, body)
    with pytest.raises(GroupCryptoError):
        GroupCrypto.load(ada.leaf, ROOM, body)
