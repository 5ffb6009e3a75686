"""Anonymous answers: what a token is, and how an answer is sealed so that all are of one size.

See docs/protocol.md, "Ballots". Ids are their 16 bytes here. `web/src/crypto/ballots.ts` does alike.
"""

from typing import Annotated, Final, Literal

from pydantic import Field

from safespace.crypto import blind_rsa, hpke
from safespace.crypto.encoding import lp
from safespace.crypto.errors import CryptoError
from safespace.crypto.invites import One
from safespace.crypto.sealed import Sealed

MESSAGE: Final = blind_rsa.PREFIX + 16
"""Bytes of a token's message: what makes it unlike any other, and the ballot's id."""
PADDED: Final = 4096
"""Bytes of an answer before it is sealed: more than the longest has."""
SEALED: Final = PADDED + 48
BOX: Final = 32 + 48
"""Bytes of the private key in a reader's box."""

Mood = Literal["better", "same", "worse", "unsure"]
AnswerText = Annotated[str, Field(max_length=500)]


class AnswerContent(Sealed):
    """What someone answers; a blank one says neither how they are nor anything else."""

    v: One = 1
    kind: Literal["answer"] = "answer"
    mood: Mood | None
    text: AnswerText


BLANK: Final = AnswerContent(mood=None, text="")


def seal_answer(content: AnswerContent, public: bytes, group: bytes, ballot: bytes, message: bytes) -> bytes:
    """SEALED bytes, for the token of this message alone. Raises CryptoError for an unusable public key."""
    return hpke.seal(public, _about(group, ballot, message), lp(content.written()).ljust(PADDED, b"\0"))


def open_answer(sealed: bytes, private: bytes, group: bytes, ballot: bytes, message: bytes) -> AnswerContent:
    """Raises CryptoError for anything that `seal_answer` does not write."""
    padded = hpke.open(private, _about(group, ballot, message), sealed)
    end = 4 + int.from_bytes(padded[:4], "big")
    if len(padded) != PADDED or end > PADDED or any(padded[end:]):
        raise CryptoError("an answer is padded to one size")
    try:
        return AnswerContent.read(padded[4:end])
    except ValueError as error:
        raise CryptoError("this is no answer") from error


def seal_key(private: bytes, reader: bytes, group: bytes, ballot: bytes) -> bytes:
    """The private key that opens the answers, for a reader's policy key. Raises CryptoError for an unusable one."""
    return hpke.seal(reader, _box(group, ballot), private)


def open_key(box: bytes, reader: bytes, group: bytes, ballot: bytes) -> bytes:
    """Raises CryptoError where the box is for another, or of another ballot."""
    return hpke.open(reader, _box(group, ballot), box)


def _about(group: bytes, ballot: bytes, message: bytes) -> bytes:
    return lp("safespace ballot answer") + lp(group) + lp(ballot) + lp(message)


def _box(group: bytes, ballot: bytes) -> bytes:
    return lp("safespace ballot key") + lp(group) + lp(ballot)
