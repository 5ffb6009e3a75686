"""Blind signatures: RFC 9474's own vectors, and what is refused."""

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from safespace.crypto import blind_rsa
from safespace.crypto.ballots import BLANK, PADDED, SEALED, AnswerContent, open_answer, seal_answer
from safespace.crypto.errors import CryptoError
from safespace.crypto.hpke import generate, seal
from vectors import rfc9474

PRIVATE, PUBLIC = blind_rsa.generate()


def numbers() -> rsa.RSAPrivateNumbers:
    p, q, e = int(rfc9474.P, 16), int(rfc9474.Q, 16), 65537
    d = pow(e, -1, (p - 1) * (q - 1))
    return rsa.RSAPrivateNumbers(p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p), rsa.RSAPublicNumbers(e, p * q))


def test_the_vectors_of_rfc_9474() -> None:
    key = numbers().private_key()
    kept = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    prepared, inverse = bytes.fromhex(rfc9474.PREPARED), bytes.fromhex(rfc9474.INVERSE)
    r = pow(int(rfc9474.INVERSE, 16), -1, numbers().public_numbers.n)
    blinded, found = blind_rsa.blind_with(key.public_key(), prepared, r, bytes.fromhex(rfc9474.SALT))
    assert (blinded.hex(), found) == (rfc9474.BLINDED, inverse)
    signed = blind_rsa.sign_blinded(kept, blinded)
    assert signed.hex() == rfc9474.BLIND_SIGNATURE
    assert blind_rsa.finalize_with(key.public_key(), prepared, signed, inverse).hex() == rfc9474.SIGNATURE


def test_what_is_signed_blindly_is_signed() -> None:
    for message in (b"", b"a ballot", bytes(1000)):
        prepared = blind_rsa.prepare(message)
        blinded, inverse = blind_rsa.blind(PUBLIC, prepared)
        signature = blind_rsa.finalize(PUBLIC, prepared, blind_rsa.sign_blinded(PRIVATE, blinded), inverse)
        assert blind_rsa.verify(PUBLIC, prepared, signature)
        assert not blind_rsa.verify(PUBLIC, prepared + b"x", signature)
        assert not blind_rsa.verify(blind_rsa.generate()[1], prepared, signature)


def test_the_same_is_never_blinded_alike() -> None:
    prepared = blind_rsa.prepare(b"a ballot")
    assert len({blind_rsa.blind(PUBLIC, prepared)[0] for _ in range(20)}) == 20


def test_what_another_key_signed_is_refused() -> None:
    prepared = blind_rsa.prepare(b"a ballot")
    blinded, inverse = blind_rsa.blind(PUBLIC, prepared)
    signed = blind_rsa.sign_blinded(PRIVATE, blinded)
    for wrong in (blind_rsa.sign_blinded(blind_rsa.generate()[0], b"\1" + bytes(255)), blinded, signed[:-1]):
        with pytest.raises(CryptoError):
            blind_rsa.finalize(PUBLIC, prepared, wrong, inverse)


def test_no_other_kind_of_key_is_taken() -> None:
    def written(size: int, exponent: int) -> bytes:
        key = rsa.generate_private_key(exponent, size).public_key()
        return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    for wrong in (b"", PUBLIC[:-1], PUBLIC + b"\0", written(1024, 65537), written(2048, 3), written(3072, 65537)):
        with pytest.raises(CryptoError):
            blind_rsa.blind(wrong, b"message")


@pytest.mark.parametrize("blinded", [b"", bytes(256), b"\xff" * 256, bytes(255), bytes(257)])
def test_what_is_no_blinded_message_is_not_signed(blinded: bytes) -> None:
    with pytest.raises(CryptoError):
        blind_rsa.sign_blinded(PRIVATE, blinded)


def test_all_answers_are_of_one_size() -> None:
    private, public = generate()
    group, ballot, message = bytes(16), bytes(16), bytes(48)
    longest = AnswerContent(mood="unsure", text="\x01" * 500)
    for content in (BLANK, AnswerContent(mood="same", text="🌿" * 500), longest):
        sealed = seal_answer(content, public, group, ballot, message)
        assert len(sealed) == SEALED
        assert open_answer(sealed, private, group, ballot, message) == content
        with pytest.raises(CryptoError):
            open_answer(sealed, private, group, ballot, b"x" + message[1:])


def test_an_answer_of_another_form_is_refused() -> None:
    private, public = generate()
    group = ballot = bytes(16)
    message = bytes(48)
    plain = BLANK.written()
    size = len(plain).to_bytes(4, "big")
    about = (
        b"\0\0\0\x17safespace ballot answer" + b"\0\0\0\x10" + group + b"\0\0\0\x10" + ballot + b"\0\0\0\x30" + message
    )
    for wrong in (
        size + plain,
        (size + plain).ljust(PADDED, b"x"),
        b"\xff" * PADDED,
        (size + plain[:-1] + b" ").ljust(PADDED, b"\0"),
        bytes(PADDED),
    ):
        with pytest.raises(CryptoError):
            open_answer(seal(public, about, wrong), private, group, ballot, message)
    assert (
        open_answer(seal(public, about, (size + plain).ljust(PADDED, b"\0")), private, group, ballot, message) == BLANK
    )
