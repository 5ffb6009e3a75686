"""Reports: what a member tells those who keep the room, sealed to them, with what it takes to see who wrote what.

See docs/protocol.md, "Reports". Ids are their 16 bytes here. `web/src/crypto/reports.ts` does the same.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Final, Literal, Self, TypeVar
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import Field, model_validator

from safespace.crypto import ed25519, hpke
from safespace.crypto.encoding import lp
from safespace.crypto.endorsements import verify_endorsement
from safespace.crypto.errors import CryptoError
from safespace.crypto.franking import commitment
from safespace.crypto.invites import One, Signature
from safespace.crypto.padding import padme
from safespace.crypto.sealed import Sealed
from safespace.crypto.texts import ReportAnswer, is_blank
from safespace.fields import B64, Count, Digest, Id, Identity, Line, b64decode

MAX_LINES: Final = 20
"""Lines of one report."""
MAX_RECIPIENTS: Final = 64
MAX_SAID: Final = 256 * 1024
"""Bytes of a report's JSON."""
_FLOOR: Final = 1024
_KEY_SIZE: Final = 32
_NONCE_SIZE: Final = 12
_ID_SIZE: Final = 16
_SIGNATURE_SIZE: Final = 64

Use = Literal["safespace report", "safespace report entry", "safespace report answer", "safespace handover"]
"""What a statement is, so that none can pass for another."""
Text = Annotated[str, Field(max_length=1000)]


class Endorsement(Sealed):
    """Whose a leaf of a further room is: its key, and their signature over it with the key that they have in main."""

    member: Identity
    key: Digest
    endorsement: Signature


class ReportedLine(Sealed):
    """A message as it was received: what it said, and what the envelope said of it. `time` is in milliseconds."""

    content: B64
    kf: Digest
    leaf: Identity
    epoch: Count
    seq: Line
    time: Count
    commitment: Digest
    stamp: Annotated[B64, Field(min_length=44, max_length=44)]
    """33 bytes."""
    endorsed: Endorsement | None
    """Of a line of a further room; None in main."""

    def is_endorsed(self, group: bytes, main_key: bytes) -> bool:
        """Whether the member who is named said that the leaf is theirs, with `main_key`, theirs in main."""
        if self.endorsed is None:
            return False
        endorsement, key = b64decode(self.endorsed.endorsement), b64decode(self.endorsed.key)
        try:
            verify_endorsement(endorsement, main_key, group, b64decode(self.leaf), key)
        except CryptoError:
            return False
        return True

    def fits(self, room: bytes) -> bool:
        """Whether the commitment is that of this content, by this leaf in this room and epoch."""
        made = commitment(b64decode(self.kf), b64decode(self.content), room, b64decode(self.leaf), self.epoch)
        return made == b64decode(self.commitment)

    def check(self, room: bytes, held: "ReportedLine | None") -> bool | None:
        """Whether it is proved, as far as a device can tell that holds this line of the room, or does not.

        None where the server has to be asked about the stamp.
        """
        if not self.fits(room):
            return False
        # What the device received is surer than a stamp.
        return None if held is None else held.model_copy(update={"stamp": self.stamp}) == self


class ReportContent(Sealed):
    """What a reporter says. `line` is the seq of the one of `lines` that is meant."""

    v: One = 1
    kind: Literal["message", "person", "situation", "check"]
    id: Id
    group: Id
    room: Id
    accused: Identity | None
    note: Text
    to: Annotated[tuple[Identity, ...], Field(min_length=1, max_length=MAX_RECIPIENTS)]
    line: Line | None
    lines: Annotated[tuple[ReportedLine, ...], Field(max_length=MAX_LINES)]

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        seqs = [line.seq for line in self.lines]
        quotes = self.kind in ("message", "check")
        if seqs != sorted(set(seqs)) or list(self.to) != sorted(set(self.to)):
            raise ValueError("lines and recipients are sorted, and each stands there once")
        if quotes != (self.line is not None) or (self.line is not None and self.line not in seqs):
            raise ValueError("a message that is meant is one of the lines")
        if (self.accused is None) != (self.kind == "situation") or self.accused in self.to:
            raise ValueError("who is meant stands there, and does not get it")
        if not quotes and is_blank(self.note):
            raise ValueError("what happened is said in words")
        return self

    @property
    def meant(self) -> ReportedLine | None:
        """The line that is meant, if one is."""
        return next((line for line in self.lines if line.seq == self.line), None)


class EntryContent(Sealed):
    """What a recipient writes about a report. `member` is who takes it on, for `assign`."""

    v: One = 1
    id: Id
    report: Id
    kind: Literal["note", "assign", "resolve", "reopen"]
    member: Identity | None
    text: Text

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.member is not None and self.kind != "assign":
            raise ValueError("only what is assigned is somebody's")
        if self.kind == "note" and is_blank(self.text):
            raise ValueError("a note says something")
        return self


class AnswerContent(Sealed):
    """What the reporter is told."""

    v: One = 1
    report: Id
    text: ReportAnswer


Content = TypeVar("Content", ReportContent, EntryContent, AnswerContent)


def write(content: ReportContent | EntryContent | AnswerContent) -> bytes:
    """Canonical JSON, as it is signed. Raises CryptoError `too large` above MAX_SAID bytes."""
    written = content.written()
    if len(written) > MAX_SAID:
        raise CryptoError("this is too large for a report")
    return written


def read(model: type[Content], content: bytes) -> Content:
    """Raises CryptoError for anything that `write` does not write."""
    try:
        return model.read(content)
    except ValueError as error:
        raise CryptoError("this is not of the agreed form") from error


@dataclass(frozen=True, slots=True)
class About:
    """What a statement is and belongs to; `id` is that of the report, or of the entry."""

    use: Use
    group: UUID
    id: UUID

    def bind(self, *more: bytes) -> bytes:
        return lp(self.use) + lp(self.group.bytes) + lp(self.id.bytes) + b"".join(map(lp, more))

    def signed(self, leaf: bytes, content: bytes) -> bytes:
        """What the leaf key signs."""
        covered = lp(self.group.bytes) + lp(self.id.bytes) + lp(leaf) + lp(content)
        return lp(f"{self.use} 1") + covered


@dataclass(frozen=True, slots=True)
class Statement:
    """Bytes that someone with the leaf `leaf` said, if the signature verifies."""

    content: bytes
    leaf: bytes
    signature: bytes

    def verify(self, about: About, leaf_key: bytes) -> None:
        """Raises CryptoError unless `leaf_key` (Ed25519, 32 bytes) signed this."""
        if not ed25519.verifies(leaf_key, about.signed(self.leaf, self.content), self.signature):
            raise CryptoError("the signature does not verify")


def say(about: About, content: bytes, leaf: bytes, sign: Callable[[bytes], bytes]) -> bytes:
    """A signed statement, padded. `sign` makes an Ed25519 signature with the key of `leaf`."""
    said = lp(content) + leaf + sign(about.signed(leaf, content))
    return said.ljust(padme(max(_FLOOR, len(said))), b"\0")


def hear(said: bytes) -> Statement:
    """The inverse of `say`. Raises CryptoError for anything else; the signature is still to be verified."""
    size = int.from_bytes(said[:4], "big")
    leaf_at = 4 + size
    signature_at = leaf_at + _ID_SIZE
    end = signature_at + _SIGNATURE_SIZE
    if size > MAX_SAID or len(said) != padme(max(_FLOOR, end)) or any(said[end:]):
        raise CryptoError("the padding is not of the agreed form")
    return Statement(said[4:leaf_at], said[leaf_at:signature_at], said[signature_at:end])


def seal(about: About, said: bytes, keys: Mapping[str, bytes]) -> tuple[bytes, dict[str, bytes]]:
    """What was said, and the key to it in a box for each of `keys` (member id → policy key).

    Raises CryptoError for an unusable key.
    """
    key, nonce = secrets.token_bytes(_KEY_SIZE), secrets.token_bytes(_NONCE_SIZE)
    sealed = nonce + AESGCM(key).encrypt(nonce, said, about.bind())
    return sealed, {member: hpke.seal(public, about.bind(), key) for member, public in keys.items()}


def unseal(about: About, sealed: bytes, box: bytes, private: bytes) -> Statement:
    """What was said, for one with a box. Raises CryptoError for what was not sealed for this."""
    key = hpke.open(private, about.bind(), box)
    try:
        return hear(AESGCM(key).decrypt(sealed[:_NONCE_SIZE], sealed[_NONCE_SIZE:], about.bind()))
    except (InvalidTag, ValueError) as error:
        raise CryptoError("this does not open") from error


def hand_on(about: About, box: bytes, private: bytes, key: bytes) -> bytes:
    """A box with the same key in it for another. Raises CryptoError for what was not sealed for this."""
    return hpke.seal(key, about.bind(), hpke.open(private, about.bind(), box))


def seal_answer(about: About, said: bytes, key: bytes) -> bytes:
    """For the reporter alone. Raises CryptoError for an unusable key."""
    return hpke.seal(key, about.bind(), said)


def unseal_answer(about: About, box: bytes, private: bytes) -> Statement:
    """Raises CryptoError for what is no answer to this report."""
    return hear(hpke.open(private, about.bind(), box))
