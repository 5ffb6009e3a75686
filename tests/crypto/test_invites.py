"""What an invite's link and keys seal and authenticate, and what they refuse."""

import hashlib
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from safespace.crypto import hpke
from safespace.crypto.encoding import lp
from safespace.crypto.errors import CryptoError
from safespace.crypto.invites import (
    Agreement,
    Card,
    InviteKeys,
    JoinRequest,
    Material,
    Rules,
    Visit,
    Word,
    agreement_bytes,
    open_card,
    open_material,
    open_reply,
    open_request,
    open_word,
    request_mac,
    seal_card,
    seal_material,
    seal_reply,
    seal_request,
    seal_word,
    verify_agreement,
)
from safespace.fields import b64encode

INVITE, OTHER_INVITE, REQUEST, GROUP = (bytes([number]) * 16 for number in range(4))
KEYS = InviteKeys.derive(b"s" * 32, INVITE)
REPLY = b"r" * 32
RULES = Rules(version=3, text="What is said here stays here.")
PRIVATE, PUBLIC = hpke.generate()

texts = st.text(st.characters(codec="utf-8"), max_size=39).map("-".__add__)
names = st.text(st.characters(categories=("Lu", "Ll", "N", "P")), min_size=1, max_size=40)
policy_keys = st.integers(2, 2**250).map(lambda u: b64encode(u.to_bytes(32, "little")))
digests = st.binary(min_size=32, max_size=32).map(b64encode)
cards = st.builds(
    Card,
    group=st.uuids(),
    room=st.uuids(),
    name=names,
    welcome=texts | st.just(""),
    rules=st.builds(Rules, version=st.integers(1, 2**53 - 1), text=texts),
    sender=names,
    key=policy_keys,
    guest=st.none() | st.builds(Visit, segment=st.none() | names, minutes=st.none() | st.integers(1, 720)),
)
requests = st.builds(
    JoinRequest,
    pseudonym=names,
    note=texts | st.just(""),
    key=policy_keys,
    reply=digests,
    agreement=st.builds(
        Agreement,
        version=st.integers(1, 9),
        signature=st.binary(min_size=64, max_size=64).map(b64encode),
    ),
)


@given(cards)
def test_a_card_opens_for_its_link_only(card: Card) -> None:
    fragment, sealed = seal_card(INVITE, card)
    keys = InviteKeys.derive(fragment, INVITE)
    assert open_card(keys, sealed) == card
    for other in (
        InviteKeys.derive(fragment, OTHER_INVITE),
        InviteKeys.derive(bytes(16) + fragment[16:], INVITE),
        InviteKeys.derive(fragment[:16] + bytes(16), INVITE),
        InviteKeys(OTHER_INVITE, keys.card, keys.join, keys.linked),
    ):
        with pytest.raises(CryptoError):
            open_card(other, sealed)


@given(cards, cards)
def test_who_has_the_link_cannot_put_another_card_in_the_place_of_the_first(card: Card, other: Card) -> None:
    """Not even the same words sealed again with the same secret."""
    fragment, sealed = seal_card(INVITE, card)
    keys = InviteKeys.derive(fragment, INVITE)
    nonce = sealed[:12]
    about = lp("safespace invite card") + lp(INVITE)
    for words in (
        other,
        card,
        card.model_copy(update={"guest": None}),
        card.model_copy(update={"key": b64encode(REPLY)}),
    ):
        forged = nonce + AESGCM(keys.card).encrypt(nonce, words.written(), about)
        if forged != sealed:
            with pytest.raises(CryptoError, match="another card"):
                open_card(keys, forged)


@given(st.binary(max_size=80))
def test_other_bytes_are_no_card(sealed: bytes) -> None:
    with pytest.raises(CryptoError):
        open_card(KEYS, sealed)
    linked = hashlib.sha256(lp("safespace invite link 1") + lp(INVITE) + lp(sealed)).digest()[:16]
    with pytest.raises(CryptoError):
        open_card(InviteKeys.derive(b"s" * 16 + linked, INVITE), sealed)


@given(requests)
def test_a_request_opens_for_its_invite_and_id_only(request: JoinRequest) -> None:
    sealed = seal_request(PUBLIC, INVITE, REQUEST, request)
    assert open_request(PRIVATE, INVITE, REQUEST, sealed) == request
    for invite, request_id in [(OTHER_INVITE, REQUEST), (INVITE, GROUP), (REQUEST, INVITE)]:
        with pytest.raises(CryptoError):
            open_request(PRIVATE, invite, request_id, sealed)


MATERIAL = Material(b"s" * 32, b"p" * 32)


def test_material_opens_for_its_invite_only() -> None:
    box = seal_material(PUBLIC, INVITE, MATERIAL)
    assert open_material(PRIVATE, INVITE, box) == MATERIAL
    with pytest.raises(CryptoError):
        open_material(PRIVATE, OTHER_INVITE, box)
    with pytest.raises(CryptoError):
        open_material(PRIVATE, INVITE, hpke.seal(PUBLIC, b"", b"s" * 64))


def test_material_of_another_size_is_refused() -> None:
    info = lp("safespace invite material") + lp(INVITE)
    assert open_material(PRIVATE, INVITE, hpke.seal(PUBLIC, info, b"s" * 64)).fragment == b"s" * 32
    for size in (48, 63, 65, 80):
        with pytest.raises(CryptoError):
            open_material(PRIVATE, INVITE, hpke.seal(PUBLIC, info, b"s" * size))


def test_a_word_is_for_one_request_and_from_one_who_holds_the_invite() -> None:
    word = Word(declined=True, sender="Fern", text="Tonight is full.")
    sealed = seal_word(REPLY, PUBLIC, INVITE, REQUEST, word)
    assert open_word(REPLY, PRIVATE, INVITE, REQUEST, sealed) == word
    mine, _ = hpke.generate()
    of_the_link = seal_word(KEYS.join, PUBLIC, INVITE, REQUEST, word)
    for reply, private, invite, request, said in (
        (REPLY, PRIVATE, OTHER_INVITE, REQUEST, sealed),
        (KEYS.join, PRIVATE, INVITE, REQUEST, sealed),
        (REPLY, mine, INVITE, REQUEST, sealed),
        (REPLY, PRIVATE, INVITE, GROUP, sealed),
        (REPLY, PRIVATE, INVITE, REQUEST, sealed[:-1] + bytes([sealed[-1] ^ 1])),
        (REPLY, PRIVATE, INVITE, REQUEST, of_the_link),
        (REPLY, PRIVATE, INVITE, REQUEST, b""),
    ):
        with pytest.raises(CryptoError):
            open_word(reply, private, invite, request, said)


def test_a_word_says_something_unless_it_is_no() -> None:
    no = Word(declined=True, sender="Fern", text=None)
    assert open_word(REPLY, PRIVATE, INVITE, REQUEST, seal_word(REPLY, PUBLIC, INVITE, REQUEST, no)) == no
    with pytest.raises(ValueError, match="has a text"):
        Word(declined=False, sender="Fern", text=None)


def test_the_keys_are_unlike() -> None:
    assert len({KEYS.card, KEYS.join, KEYS.linked}) == 3
    assert "s" * 16 not in repr(KEYS)
    assert "s" * 16 not in repr(MATERIAL)


ASKED: dict[str, Any] = {
    "keys": KEYS,
    "group": GROUP,
    "request_id": REQUEST,
    "expires": 5,
    "package": b"package",
    "sealed": b"sealed",
}


@pytest.mark.parametrize(
    "change",
    [
        {"keys": InviteKeys(OTHER_INVITE, KEYS.card, KEYS.join, KEYS.linked)},
        {"keys": InviteKeys(INVITE, KEYS.card, KEYS.card, KEYS.linked)},
        {"group": INVITE},
        {"request_id": INVITE},
        {"expires": 6},
        {"package": b"packages", "sealed": b"ealed"},
        {"sealed": b""},
    ],
)
def test_a_request_mac_covers_everything(change: dict[str, Any]) -> None:
    assert request_mac(**ASKED) != request_mac(**{**ASKED, **change})


def test_a_reply_covers_everything() -> None:
    reply = seal_reply(REPLY, b"room", b"ref", b"request", b"exported", b"state")
    right = (REPLY, b"room", b"ref", b"request", b"exported", reply)
    assert open_reply(*right) == hashlib.sha256(b"state").digest()
    of_the_link = seal_reply(KEYS.join, b"room", b"ref", b"request", b"exported", b"state")
    bent = [reply[:at] + bytes([reply[at] ^ 1]) + reply[at + 1 :] for at in range(len(reply))]
    wrongs = [(*right[:-1], wrong) for wrong in (*bent, of_the_link, reply[32:], b"")]
    for at in range(5):
        key, room, ref, request, exported = (
            part + b"!" if at == index else part for index, part in enumerate(right[:5])
        )
        wrongs.append((key, room, ref, request, exported, reply))
    for wrong in wrongs:
        with pytest.raises(CryptoError):
            open_reply(*wrong)


def test_an_agreement_is_to_one_text_of_one_group_by_one_leaf() -> None:
    leaf, another = SigningKey.generate(), SigningKey.generate()

    def signed(by: SigningKey, group: bytes, rules: Rules) -> Agreement:
        signature = by.sign(agreement_bytes(group, rules.version, rules.text)).signature
        return Agreement(version=rules.version, signature=b64encode(signature))

    verify_agreement(signed(leaf, GROUP, RULES), leaf.verify_key.encode(), GROUP, RULES)
    for wrong in [
        signed(another, GROUP, RULES),
        signed(leaf, INVITE, RULES),
        signed(leaf, GROUP, Rules(version=3, text="Anything goes.")),
        signed(leaf, GROUP, Rules(version=2, text=RULES.text)),
        Agreement(version=3, signature=signed(leaf, GROUP, Rules(version=2, text=RULES.text)).signature),
    ]:
        with pytest.raises(CryptoError):
            verify_agreement(wrong, leaf.verify_key.encode(), GROUP, RULES)
    with pytest.raises(CryptoError):
        verify_agreement(signed(leaf, GROUP, RULES), b"", GROUP, RULES)


@pytest.mark.parametrize("size", [0, 16, 31, 33, 48])
def test_a_fragment_has_32_bytes(size: int) -> None:
    with pytest.raises(CryptoError):
        InviteKeys.derive(bytes(size), INVITE)


def test_ids_are_uuids_in_their_own_text() -> None:
    card = Card(
        group=UUID(bytes=GROUP),
        room=UUID(bytes=REQUEST),
        name="n",
        welcome="",
        rules=RULES,
        sender="Robin",
        key=b64encode(PUBLIC),
        guest=None,
    )
    fragment, sealed = seal_card(INVITE, card)
    assert open_card(InviteKeys.derive(fragment, INVITE), sealed).group.bytes == GROUP
