"""What an invite's secret seals and authenticates, and what it refuses."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from safespace.crypto import hpke
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
    open_request,
    open_word,
    reply_mac,
    request_mac,
    seal_card,
    seal_material,
    seal_request,
    seal_word,
    verify_agreement,
)
from safespace.fields import b64encode

INVITE, OTHER_INVITE, REQUEST, GROUP = (bytes([number]) * 16 for number in range(4))
KEYS = InviteKeys.derive(b"s" * 16, INVITE)
RULES = Rules(version=3, text="What is said here stays here.")
PRIVATE, PUBLIC = hpke.generate()

texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40)
names = st.text(st.characters(categories=("Lu", "Ll", "N", "P")), min_size=1, max_size=40)
digests = st.binary(min_size=32, max_size=32).map(b64encode)
cards = st.builds(
    Card,
    group=st.uuids(),
    room=st.uuids(),
    name=names,
    welcome=texts | st.just(""),
    rules=st.builds(Rules, version=st.integers(1, 2**53 - 1), text=texts),
    sender=names,
    key=digests,
    guest=st.none() | st.builds(Visit, segment=st.none() | names, minutes=st.none() | st.integers(1, 720)),
)
requests = st.builds(
    JoinRequest,
    pseudonym=names,
    note=texts | st.just(""),
    key=digests,
    agreement=st.builds(
        Agreement,
        version=st.integers(1, 9),
        signature=st.binary(min_size=64, max_size=64).map(b64encode),
    ),
)


@given(cards)
def test_a_card_opens_for_its_invite_only(card: Card) -> None:
    sealed = seal_card(KEYS, card)
    assert open_card(KEYS, sealed) == card
    others = [InviteKeys.derive(b"s" * 16, OTHER_INVITE), InviteKeys.derive(b"t" * 16, INVITE)]
    others.append(InviteKeys(OTHER_INVITE, KEYS.card, KEYS.join, KEYS.reply))
    for other in others:
        with pytest.raises(CryptoError):
            open_card(other, sealed)


@given(st.binary(max_size=80))
def test_other_bytes_are_no_card(sealed: bytes) -> None:
    with pytest.raises(CryptoError):
        open_card(KEYS, sealed)


@given(requests)
def test_a_request_opens_for_its_invite_and_id_only(request: JoinRequest) -> None:
    sealed = seal_request(PUBLIC, INVITE, REQUEST, request)
    assert open_request(PRIVATE, INVITE, REQUEST, sealed) == request
    for invite, request_id in [(OTHER_INVITE, REQUEST), (INVITE, GROUP), (REQUEST, INVITE)]:
        with pytest.raises(CryptoError):
            open_request(PRIVATE, invite, request_id, sealed)


MATERIAL = Material.of(b"s" * 16, b"p" * 32, b"card")


def test_material_opens_for_its_invite_only() -> None:
    box = seal_material(PUBLIC, INVITE, MATERIAL)
    assert open_material(PRIVATE, INVITE, box) == MATERIAL
    with pytest.raises(CryptoError):
        open_material(PRIVATE, OTHER_INVITE, box)
    with pytest.raises(CryptoError):
        open_material(PRIVATE, INVITE, hpke.seal(PUBLIC, b"", b"s" * 80))
    with pytest.raises(CryptoError):
        Material.of(b"s" * 17, b"p" * 31, b"card")


def test_material_of_another_size_is_refused() -> None:
    info = b"\0\0\0\x19safespace invite material\0\0\0\x10" + INVITE
    assert open_material(PRIVATE, INVITE, hpke.seal(PUBLIC, info, b"s" * 80)).secret == b"s" * 16
    for size in (48, 79, 81):
        with pytest.raises(CryptoError):
            open_material(PRIVATE, INVITE, hpke.seal(PUBLIC, info, b"s" * size))


@given(cards, cards)
def test_who_has_the_link_cannot_put_another_card_in_the_place_of_the_first(card: Card, other: Card) -> None:
    sealed, another = seal_card(KEYS, card), seal_card(KEYS, other)
    material = Material.of(b"s" * 16, b"p" * 32, sealed)
    assert material.card_of(INVITE, sealed) == card
    for wrong in (another, seal_card(KEYS, card), b""):
        with pytest.raises(CryptoError):
            material.card_of(INVITE, wrong)


def test_a_word_is_for_one_request_and_from_one_who_holds_the_invite() -> None:
    word = Word(declined=True, sender="Fern", text="Tonight is full.")
    sealed = seal_word(KEYS, PUBLIC, REQUEST, word)
    assert open_word(KEYS, PRIVATE, REQUEST, sealed) == word
    forged = InviteKeys(INVITE, KEYS.card, KEYS.join, KEYS.join)
    mine, _ = hpke.generate()
    for keys, private, request, said in (
        (InviteKeys.derive(b"s" * 16, OTHER_INVITE), PRIVATE, REQUEST, sealed),
        (forged, PRIVATE, REQUEST, sealed),
        (KEYS, mine, REQUEST, sealed),
        (KEYS, PRIVATE, GROUP, sealed),
        (KEYS, PRIVATE, REQUEST, sealed[:-1] + bytes([sealed[-1] ^ 1])),
        (KEYS, PRIVATE, REQUEST, seal_word(forged, PUBLIC, REQUEST, word)),
        (KEYS, PRIVATE, REQUEST, b""),
    ):
        with pytest.raises(CryptoError):
            open_word(keys, private, request, said)


def test_a_request_is_no_card_and_a_card_no_request() -> None:
    """The keys of the three uses are unlike."""
    assert len({KEYS.card, KEYS.join, KEYS.reply}) == 3
    assert "s" * 16 not in repr(KEYS)


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
        {"keys": InviteKeys(OTHER_INVITE, KEYS.card, KEYS.join, KEYS.reply)},
        {"keys": InviteKeys(INVITE, KEYS.card, KEYS.reply, KEYS.reply)},
        {"group": INVITE},
        {"request_id": INVITE},
        {"expires": 6},
        {"package": b"packages", "sealed": b"ealed"},
        {"sealed": b""},
    ],
)
def test_a_request_mac_covers_everything(change: dict[str, Any]) -> None:
    assert request_mac(**ASKED) != request_mac(**{**ASKED, **change})


@pytest.mark.parametrize("index", range(1, 5))
def test_a_reply_mac_covers_everything(index: int) -> None:
    arguments = [b"room", b"ref", b"request", b"exported"]
    other = arguments.copy()
    other[index - 1] += b"!"
    assert reply_mac(KEYS, *arguments) != reply_mac(KEYS, *other)


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


@pytest.mark.parametrize("size", [0, 15, 17, 32])
def test_a_secret_has_16_bytes(size: int) -> None:
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
    assert open_card(KEYS, seal_card(KEYS, card)).group.bytes == GROUP
