"""KeyPackages, private messages and Welcomes against the profile."""

import os
import time
from dataclasses import replace

import pytest

from crypto.mls.forge import NOW, ROOM, Device, hpke_key, message, private_message
from safespace.crypto.mls import (
    MLSError,
    MLSMessage,
    check_key_package,
    check_private_message,
    key_package_ref,
    welcome_ref,
)
from safespace.crypto.mls.codec import MAX_MESSAGE
from safespace.crypto.mls.commit import HPKECiphertext
from safespace.crypto.mls.leaf import (
    X509,
    Capabilities,
    Certificate,
    Credential,
    Extension,
    KeyPackage,
    LeafNode,
    LeafNodeSource,
    Lifetime,
)
from safespace.crypto.mls.messages import ContentType, WireFormat
from safespace.crypto.mls.welcome import EncryptedGroupSecrets, Welcome
from safespace.sdk.group_crypto import Newcomer

DAY = 86400
GREASE = 0x0A0A


def code_of(package: KeyPackage | bytes, now: int = NOW) -> str | None:
    try:
        check_key_package(package if isinstance(package, bytes) else message(package), now)
    except MLSError as error:
        return error.code
    return None


def with_leaf(**changes: object) -> KeyPackage:
    """A KeyPackage whose leaf was changed before it was signed."""
    device = Device()
    leaf: LeafNode = replace(device.leaf(), **changes)  # type: ignore[arg-type]
    return device.package(device.signed_leaf(leaf, 0))


def test_a_right_key_package_is_taken() -> None:
    device = Device()
    package = device.package()
    checked = check_key_package(message(package), NOW)
    assert checked.package == package
    assert checked.ref == key_package_ref(package)
    assert (checked.identity, checked.signature_key) == (device.identity, bytes(device.key.verify_key))


SUITES = (1, 2, 3, 4, 5, 6, 7)


def able(**changes: object) -> dict[str, object]:
    """A leaf whose capabilities are the pages', but for `changes`."""
    usual = Capabilities((1,), (1,), (), (), (1,))
    return {"capabilities": replace(usual, **changes)}  # type: ignore[arg-type]


def test_what_both_clients_write_is_taken() -> None:
    assert code_of(with_leaf(**able())) is None
    assert code_of(with_leaf(**able(cipher_suites=SUITES))) is None
    assert code_of(Newcomer().package, int(time.time())) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"credential": Credential(1, b"c" * 15)},
        {"credential": Credential(1, b"")},
        {"credential": Credential(X509, certificates=(Certificate(b"x"),))},
        {"encryption_key": b"k" * 31},
        {"encryption_key": bytes(32)},
        {"encryption_key": b"\x01" + bytes(31)},
        {"source": LeafNodeSource.UPDATE, "lifetime": None},
        {"source": LeafNodeSource.COMMIT, "lifetime": None, "parent_hash": b""},
        {"encryption_key": (2**255 + 9).to_bytes(32, "little")},
        {"signature_key": b"\x01" + bytes(31)},
        {"lifetime": Lifetime(NOW, NOW + 365 * DAY + 1)},
        {"lifetime": Lifetime(NOW, NOW + 365 * DAY - 1)},
        {"lifetime": Lifetime(0, 2**64 - 1)},
        {"lifetime": Lifetime(NOW + 1, NOW)},
        able(versions=()),
        able(versions=(2,)),
        able(versions=(1, 2)),
        able(versions=(1, 1)),
        able(versions=(1, GREASE)),
        able(cipher_suites=(2, 3)),
        able(cipher_suites=(1, GREASE)),
        able(cipher_suites=(1, 2)),
        able(cipher_suites=SUITES[::-1]),
        able(cipher_suites=(*SUITES, 77)),
        able(extensions=(1,)),
        able(extensions=(0,)),
        able(extensions=(GREASE,)),
        able(proposals=(1,)),
        able(proposals=(GREASE,)),
        able(credentials=()),
        able(credentials=(2,)),
        able(credentials=(1, 2)),
        {"extensions": (Extension(0, b""),)},
        {"extensions": (Extension(1, b"a default type"),)},
        {"extensions": (Extension(GREASE, b""),)},
        {"extensions": (Extension(0xF000, b""),)},
        {"extensions": (Extension(1, b""), Extension(1, b""))},
    ],
    ids=str,
)
def test_a_leaf_outside_the_profile_is_refused(changes: dict[str, object]) -> None:
    assert code_of(with_leaf(**changes)) == "key_package_invalid"


def test_a_package_outside_the_profile_is_refused() -> None:
    device = Device()
    leaf = device.leaf()
    assert code_of(device.package(cipher_suite=2)) == "wrong_suite"
    assert code_of(device.package(version=2)) == "key_package_invalid"
    assert code_of(device.package(leaf, init_key=leaf.encryption_key)) == "key_package_invalid"
    assert code_of(device.package(init_key=hpke_key()[:31])) == "key_package_invalid"
    for kind in (0, 1, 7, GREASE):
        assert code_of(device.package(extensions=(Extension(kind, b""),))) == "key_package_invalid"
    assert code_of(private_message()) == "key_package_invalid"


def test_a_clock_may_be_a_minute_ahead() -> None:
    package = with_leaf(lifetime=Lifetime(NOW, NOW + 365 * DAY))
    assert code_of(package, NOW - 60) is None
    assert code_of(package, NOW - 61) == "key_package_expired"
    assert code_of(package, NOW + 365 * DAY) is None
    assert code_of(package, NOW + 365 * DAY + 1) == "key_package_expired"


def test_both_signatures_are_checked() -> None:
    device, other = Device(), Device()
    package = device.package()
    assert code_of(replace(package, signature=other.package(package.leaf).signature)) == "bad_signature"
    assert code_of(replace(package, signature=package.signature[:63])) == "bad_signature"
    assert code_of(device.package(other.leaf())) == "bad_signature"
    assert code_of(device.package(replace(package.leaf, encryption_key=hpke_key()))) == "bad_signature"


def test_a_private_message_is_application_data() -> None:
    header = check_private_message(private_message(group_id=ROOM, epoch=2**64 - 1))
    assert header == (ROOM, 2**64 - 1, ContentType.APPLICATION)
    wrong = {
        private_message(content_type=ContentType.COMMIT): "forbidden_handshake",
        private_message(content_type=ContentType.PROPOSAL): "forbidden_handshake",
        private_message(authenticated_data=b"x"): "forbidden_handshake",
        message(Device().package()): "kind_mismatch",
        private_message() + b"\x00": "mls_malformed",
        private_message(ciphertext=bytes(MAX_MESSAGE)): "too_large",
    }
    for data, code in wrong.items():
        with pytest.raises(MLSError) as refused:
            check_private_message(data)
        assert refused.value.code == code


def test_a_welcome_is_for_one_key_package() -> None:
    key, ref = hpke_key(), os.urandom(32)

    def welcome(refs: list[bytes], suite: int = 1, sealed: tuple[bytes, int] = (key, 51), info: int = 216) -> bytes:
        secrets = tuple(EncryptedGroupSecrets(one, HPKECiphertext(sealed[0], bytes(sealed[1]))) for one in refs)
        return MLSMessage(WireFormat.WELCOME, Welcome(suite, secrets, bytes(info))).encode()

    assert welcome_ref(welcome([ref])) == ref
    assert welcome_ref(welcome([ref], sealed=(key, 84))) == ref
    wrong = {
        welcome([ref], suite=3): "wrong_suite",
        welcome([]): "mls_malformed",
        welcome([ref, os.urandom(32)]): "mls_malformed",
        welcome([ref, ref]): "mls_malformed",
        welcome([ref[:31]]): "mls_malformed",
        welcome([ref], sealed=(bytes(32), 51)): "mls_malformed",
        welcome([ref], sealed=(key, 52)): "mls_malformed",
        welcome([ref], info=217): "mls_malformed",
        private_message(): "kind_mismatch",
    }
    for data, code in wrong.items():
        with pytest.raises(MLSError) as refused:
            welcome_ref(data)
        assert refused.value.code == code
