"""Invites that neither the server nor others who have the link can bend.

The link says which card it is for, and so which key; its secret opens the card and shows that who asks has the link.
What comes back is authenticated with a key that the newcomer made and sealed to the invite's key: only those who admit
can read it. See docs/protocol.md, "Invites". Ids of invites, groups, rooms and requests are their 16 bytes here.
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
from pydantic import Field, model_validator

from safespace.crypto import ed25519, hpke
from safespace.crypto.encoding import lp, u64
from safespace.crypto.errors import CryptoError
from safespace.crypto.sealed import Sealed
from safespace.crypto.texts import DoorWord, GroundRules, GroupName, Note, Pseudonym, Title, Welcome
from safespace.crypto.x25519 import PublicKey
from safespace.fields import B64, Digest, Id, Minutes, b64decode

_SECRET_SIZE = 16
_LINKED_SIZE = 16
"""Bytes of a card's digest in a link. Another card with the same 128 bits is as hard to find as the secret is to guess;
two alike are easier, but only who makes an invite could use them, and they may let in whom they like anyway."""
_FRAGMENT_SIZE = _SECRET_SIZE + _LINKED_SIZE
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
    key: PublicKey
    """HPKE public key of this invite."""
    guest: Visit | None


class Word(Sealed):
    """What someone who waits is told by one who admits: while they wait, or, with `declined`, with the answer no.

    `text` is null where somebody said no and nothing else.
    """

    declined: bool
    sender: Pseudonym = Field(alias="from")
    text: DoorWord | None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.text is None and not self.declined:
            raise ValueError("a word to who waits has a text")
        return self


class JoinRequest(Sealed):
    """What a person who asks to join says to those who admit."""

    pseudonym: Pseudonym
    note: Note
    key: PublicKey
    """HPKE public key: the policy key of the member to be."""
    reply: Digest
    """32 random bytes: the key of whatever those who admit answer."""
    agreement: Agreement


Part = TypeVar("Part", Card, JoinRequest, Word)


@dataclass(frozen=True, slots=True, repr=False)
class InviteKeys:
    """What a link's fragment gives for one invite."""

    invite_id: bytes
    card: bytes
    """Opens the card."""
    join: bytes
    """Shows that who asks has the link."""
    linked: bytes
    """The first 16 bytes of the digest of the one card that the link is for."""

    @classmethod
    def derive(cls, fragment: bytes, invite_id: bytes) -> Self:
        """Raises CryptoError unless the fragment is 32 bytes."""
        if len(fragment) != _FRAGMENT_SIZE:
            raise CryptoError("an invite link's fragment has 32 bytes")
        secret, linked = fragment[:_SECRET_SIZE], fragment[_SECRET_SIZE:]
        return cls(invite_id, _key("card", secret, invite_id), _key("join", secret, invite_id), linked)


def seal_card(invite_id: bytes, card: Card) -> tuple[bytes, bytes]:
    """The fragment of the invite's link, with a fresh secret, and the card sealed for it: nonce ‖ ciphertext."""
    secret, nonce = secrets.token_bytes(_SECRET_SIZE), secrets.token_bytes(_NONCE_SIZE)
    key = _key("card", secret, invite_id)
    sealed = nonce + AESGCM(key).encrypt(nonce, card.written(), _info("card", invite_id))
    return secret + _linked(invite_id, sealed), sealed


def open_card(keys: InviteKeys, sealed: bytes) -> Card:
    """Raises CryptoError unless it is the card that the link was made for."""
    if not hmac.compare_digest(_linked(keys.invite_id, sealed), keys.linked):
        raise CryptoError("the link is for another card")
    try:
        opened = AESGCM(keys.card).decrypt(sealed[:_NONCE_SIZE], sealed[_NONCE_SIZE:], _info("card", keys.invite_id))
    except (InvalidTag, ValueError) as error:
        raise CryptoError("this invite card does not open") from error
    return _read(Card, opened)


def _key(use: str, secret: bytes, invite_id: bytes) -> bytes:
    return HKDF(SHA256(), _KEY_SIZE, salt=invite_id, info=f"safespace invite {use}".encode()).derive(secret)


def _linked(invite_id: bytes, sealed_card: bytes) -> bytes:
    covered = lp("safespace invite link 1") + lp(invite_id) + lp(sealed_card)
    return hashlib.sha256(covered).digest()[:_LINKED_SIZE]


@dataclass(frozen=True, slots=True, repr=False)
class Material:
    """What one who admits holds of an invite: its link's fragment and its HPKE private key."""

    fragment: bytes
    private: bytes


def seal_material(policy_key: bytes, invite_id: bytes, material: Material) -> bytes:
    """For one who admits."""
    return hpke.seal(policy_key, _info("material", invite_id), material.fragment + material.private)


def open_material(policy_private: bytes, invite_id: bytes, box: bytes) -> Material:
    """Raises CryptoError unless it is all there and was sealed for this invite."""
    opened = hpke.open(policy_private, _info("material", invite_id), box)
    if len(opened) != _FRAGMENT_SIZE + _KEY_SIZE:
        raise CryptoError("invite material is a fragment and a key, 32 bytes each")
    return Material(opened[:_FRAGMENT_SIZE], opened[_FRAGMENT_SIZE:])


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


def seal_reply(
    reply_key: bytes, room: bytes, package_ref: bytes, request_id: bytes, exported: bytes, state: bytes
) -> bytes:
    """SHA-256(state) ‖ mac, for who is let in; `reply_key` is the `reply` of their JoinRequest.

    `exported` is MLS-Exporter("safespace invite", request id, 32) of the joiner's first epoch, `state` the content of
    the message that hands them the group's state.
    """
    digest = hashlib.sha256(state).digest()
    return digest + _reply_mac(reply_key, room, package_ref, request_id, exported, digest)


def open_reply(
    reply_key: bytes, room: bytes, package_ref: bytes, request_id: bytes, exported: bytes, reply: bytes
) -> bytes:
    """The SHA-256 of the state to be handed. Raises CryptoError unless one who holds the invite let them into this."""
    digest, mac = reply[:_KEY_SIZE], reply[_KEY_SIZE:]
    if not hmac.compare_digest(mac, _reply_mac(reply_key, room, package_ref, request_id, exported, digest)):
        raise CryptoError("nobody who holds the invite let them in")
    return digest


def _reply_mac(
    reply_key: bytes, room: bytes, package_ref: bytes, request_id: bytes, exported: bytes, digest: bytes
) -> bytes:
    covered = lp(room) + lp(package_ref) + lp(request_id) + lp(exported) + lp(digest)
    return hmac.digest(reply_key, lp("safespace invite reply 1") + covered, "sha256")


def seal_word(reply_key: bytes, policy_key: bytes, invite_id: bytes, request_id: bytes, word: Word) -> bytes:
    """mac ‖ box, for who asked with this request; the keys are the `reply` and `key` of their JoinRequest."""
    box = hpke.seal(policy_key, _info("word", invite_id) + lp(request_id), word.written())
    return _word_mac(reply_key, invite_id, request_id, box) + box


def open_word(reply_key: bytes, policy_private: bytes, invite_id: bytes, request_id: bytes, sealed: bytes) -> Word:
    """Raises CryptoError unless one who holds the invite said it about this request."""
    mac, box = sealed[:_MAC_SIZE], sealed[_MAC_SIZE:]
    if not hmac.compare_digest(mac, _word_mac(reply_key, invite_id, request_id, box)):
        raise CryptoError("nobody who holds the invite said this")
    return _read(Word, hpke.open(policy_private, _info("word", invite_id) + lp(request_id), box))


def _word_mac(reply_key: bytes, invite_id: bytes, request_id: bytes, box: bytes) -> bytes:
    covered = lp(invite_id) + lp(request_id) + lp(box)
    return hmac.digest(reply_key, lp("safespace invite word 1") + covered, "sha256")


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
