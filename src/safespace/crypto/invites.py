"""Invites that the server cannot bend: what is derived from a link's secret, sealed and authenticated with it.

See docs/protocol.md, "Invites". Ids of invites, groups, rooms and requests are their 16 bytes here.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Annotated, Self, TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import Field

from safespace.crypto import ed25519, hpke
from safespace.crypto.encoding import lp, u64
from safespace.crypto.errors import CryptoError
from safespace.crypto.sealed import Sealed
from safespace.crypto.texts import DoorWord, GroundRules, GroupName, Note, Pseudonym, Title, Welcome
from safespace.fields import B64, Digest, Id, Minutes, b64decode

SECRET_SIZE = 16
"""Bytes of the secret in an invite link's fragment."""
MAX_WORD = 2048
"""Bytes of a word to someone who waits, sealed."""
_KEY_SIZE = 32
_MAC_SIZE = 32
_NONCE_SIZE = 12

Version = Annotated[int, Field(ge=1, le=2**53 - 1)]
"""Which edition of the ground rules."""
Signature = Annotated[B64, Field(min_length=86, max_length=86)]
"""64 bytes, Ed25519."""


One = Annotated[int, Field(ge=1, le=1)]
"""The version of a format. Not a Literal: that would take `true` for 1."""


class Rules(Sealed):
    """The ground rules of a group."""

    version: Version
    text: GroundRules


class Agreement(Sealed):
    """A person's signed word to keep the ground rules; see `agreement_bytes`."""

    version: Version
    signature: Signature


class Visit(Sealed):
    """What a guest is asked to come for: a part of a session, and for about how long, where that is said."""

    segment: Title | None
    minutes: Minutes | None


class Card(Sealed):
    """What a person sees of a group before asking to join. With `guest` it asks them to come as a guest."""

    v: One = 1
    group: Id
    room: Id
    name: GroupName
    welcome: Welcome
    rules: Rules
    sender: Pseudonym = Field(alias="from")
    key: Digest
    """HPKE public key of this invite."""
    guest: Visit | None


class Word(Sealed):
    """What someone who waits is told by one who admits: while they wait, or, with `declined`, with the answer no."""

    declined: bool
    sender: Pseudonym = Field(alias="from")
    text: DoorWord


class JoinRequest(Sealed):
    """What a person who asks to join says to those who admit."""

    pseudonym: Pseudonym
    note: Note
    key: Digest
    """HPKE public key: the policy key of the member to be."""
    agreement: Agreement


Part = TypeVar("Part", Card, JoinRequest, Word)


@dataclass(frozen=True, slots=True, repr=False)
class InviteKeys:
    """The keys of one invite, 32 bytes each."""

    invite_id: bytes
    card: bytes
    join: bytes
    reply: bytes

    @classmethod
    def derive(cls, secret: bytes, invite_id: bytes) -> Self:
        """From the 16 bytes of a link's fragment. Raises CryptoError when they are not 16."""
        if len(secret) != SECRET_SIZE:
            raise CryptoError("an invite's secret has 16 bytes")

        def key(use: str) -> bytes:
            return HKDF(SHA256(), _KEY_SIZE, salt=invite_id, info=f"safespace invite {use}".encode()).derive(secret)

        return cls(invite_id, key("card"), key("join"), key("reply"))


def seal_card(keys: InviteKeys, card: Card) -> bytes:
    """nonce ‖ ciphertext, under a fresh nonce."""
    nonce = secrets.token_bytes(_NONCE_SIZE)
    return nonce + AESGCM(keys.card).encrypt(nonce, card.written(), _info("card", keys.invite_id))


def open_card(keys: InviteKeys, sealed: bytes) -> Card:
    """Raises CryptoError unless it is a card sealed for this invite."""
    try:
        opened = AESGCM(keys.card).decrypt(sealed[:_NONCE_SIZE], sealed[_NONCE_SIZE:], _info("card", keys.invite_id))
    except (InvalidTag, ValueError) as error:
        raise CryptoError("this invite card does not open") from error
    return _read(Card, opened)


@dataclass(frozen=True, slots=True, repr=False)
class Material:
    """What one who admits holds of an invite: the link's secret (16 bytes), the invite's HPKE private key (32 bytes)
    and the SHA-256 of its sealed card, so that nobody else who has the link can put another card in its place."""

    secret: bytes
    private: bytes
    card: bytes

    @classmethod
    def of(cls, secret: bytes, private: bytes, sealed_card: bytes) -> Self:
        """Raises CryptoError unless secret and private key are 16 and 32 bytes."""
        if len(secret) != SECRET_SIZE or len(private) != _KEY_SIZE:
            raise CryptoError("invite material is 16 and 32 bytes, and a digest")
        return cls(secret, private, hashlib.sha256(sealed_card).digest())

    def card_of(self, invite_id: bytes, sealed: bytes) -> Card:
        """The card, if it is the one this was made with. Raises CryptoError."""
        if not hmac.compare_digest(hashlib.sha256(sealed).digest(), self.card):
            raise CryptoError("this is another card")
        return open_card(InviteKeys.derive(self.secret, invite_id), sealed)


def seal_material(policy_key: bytes, invite_id: bytes, material: Material) -> bytes:
    """For one who admits."""
    return hpke.seal(policy_key, _info("material", invite_id), material.secret + material.private + material.card)


def open_material(policy_private: bytes, invite_id: bytes, box: bytes) -> Material:
    """Raises CryptoError unless it is all there and was sealed for this invite."""
    opened = hpke.open(policy_private, _info("material", invite_id), box)
    if len(opened) != SECRET_SIZE + 2 * _KEY_SIZE:
        raise CryptoError("invite material is 16 and 32 bytes, and a digest")
    key_at, card_at = SECRET_SIZE, SECRET_SIZE + _KEY_SIZE
    return Material(opened[:key_at], opened[key_at:card_at], opened[card_at:])


def seal_request(invite_key: bytes, invite_id: bytes, request_id: bytes, request: JoinRequest) -> bytes:
    """For those who admit; `invite_key` is the card's HPKE public key."""
    return hpke.seal(invite_key, _info("request", invite_id) + lp(request_id), request.written())


def open_request(invite_private: bytes, invite_id: bytes, request_id: bytes, sealed: bytes) -> JoinRequest:
    """Raises CryptoError unless it was sealed for this invite and request."""
    return _read(JoinRequest, hpke.open(invite_private, _info("request", invite_id) + lp(request_id), sealed))


def request_mac(
    keys: InviteKeys, group: bytes, request_id: bytes, expires: int, package: bytes, sealed: bytes
) -> bytes:
    """32 bytes. `expires` in milliseconds, `package` the KeyPackage MLSMessage. Compare with `hmac.compare_digest`."""
    covered = lp(keys.invite_id) + lp(group) + lp(request_id) + u64(expires) + lp(package) + lp(sealed)
    return hmac.digest(keys.join, lp("safespace invite request 1") + covered, "sha256")


def reply_mac(keys: InviteKeys, room: bytes, package_ref: bytes, request_id: bytes, exported: bytes) -> bytes:
    """32 bytes. `exported` is MLS-Exporter("safespace invite", request id, 32) of the joiner's first epoch."""
    covered = lp(room) + lp(package_ref) + lp(request_id) + lp(exported)
    return hmac.digest(keys.reply, lp("safespace invite reply 1") + covered, "sha256")


def seal_word(keys: InviteKeys, policy_key: bytes, request_id: bytes, word: Word) -> bytes:
    """mac ‖ box, for who asked with this request; `policy_key` is the `key` of their JoinRequest."""
    box = hpke.seal(policy_key, _info("word", keys.invite_id) + lp(request_id), word.written())
    return _word_mac(keys, request_id, box) + box


def open_word(keys: InviteKeys, policy_private: bytes, request_id: bytes, sealed: bytes) -> Word:
    """Raises CryptoError unless one who holds the invite said it about this request."""
    mac, box = sealed[:_MAC_SIZE], sealed[_MAC_SIZE:]
    if not hmac.compare_digest(mac, _word_mac(keys, request_id, box)):
        raise CryptoError("nobody who holds the invite said this")
    return _read(Word, hpke.open(policy_private, _info("word", keys.invite_id) + lp(request_id), box))


def _word_mac(keys: InviteKeys, request_id: bytes, box: bytes) -> bytes:
    covered = lp(keys.invite_id) + lp(request_id) + lp(box)
    return hmac.digest(keys.reply, lp("safespace invite word 1") + covered, "sha256")


def agreement_bytes(group: bytes, version: int, rules: str) -> bytes:
    """What the leaf key signs to agree to the ground rules."""
    return lp("safespace agreement 1") + lp(group) + u64(version) + lp(hashlib.sha256(rules.encode()).digest())


def verify_agreement(agreement: Agreement, leaf_key: bytes, group: bytes, rules: Rules) -> None:
    """Raises CryptoError unless `leaf_key` (Ed25519, 32 bytes) agreed to exactly these rules."""
    if agreement.version != rules.version:
        raise CryptoError("the agreement is to other rules")
    signed = agreement_bytes(group, rules.version, rules.text)
    if not ed25519.verifies(leaf_key, signed, b64decode(agreement.signature)):
        raise CryptoError("the agreement's signature does not verify")


def _info(use: str, invite_id: bytes) -> bytes:
    return lp(f"safespace invite {use}") + lp(invite_id)


def _read(model: type[Part], data: bytes) -> Part:
    try:
        return model.read(data)
    except ValueError as error:
        raise CryptoError("this is not of the agreed form") from error
