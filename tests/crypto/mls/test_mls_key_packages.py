"""KeyPackages, private messages and Welcomes against the profile."""

import os
from dataclasses import replace

import pytest

from crypto.mls.forge import NOW, ROOM, Device, hpke_key, message, private_message
from safespace.crypto.mls import (
    MLSError,
    MLSMessage,
    check_key_package,
    check_private_message,
    key_package_ref,
    welcome_refs,
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


def test_grease_and_unknown_extensions_pass() -> None:
    device = Device()
    able = Capabilities((1, GREASE), (GREASE, 1), (GREASE, 0xF000), (GREASE,), (1, GREASE))
    leaf = replace(device.leaf(), capabilities=able, extensions=(Extension(GREASE, b"x"), Extension(0xF000, b"")))
    package = device.package(device.signed_leaf(leaf, 0), extensions=(Extension(GREASE, b"y"),))
    assert code_of(package) is None
    assert code_of(with_leaf(extensions=(Extension(1, b"the default types need no capability"),))) is None


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
        {"lifetime": Lifetime(NOW, NOW + 366 * DAY + 1)},
        {"lifetime": Lifetime(0, 2**64 - 1)},
        {"lifetime": Lifetime(NOW + 1, NOW)},
        {"capabilities": Capabilities((2,), (1,), (), (), (1,))},
        {"capabilities": Capabilities((1,), (2, 3), (), (), (1,))},
        {"capabilities": Capabilities((1,), (1,), (), (), (2,))},
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
    assert code_of(device.package(extensions=(Extension(7, b""), Extension(7, b"")))) == "key_package_invalid"
    assert code_of(private_message()) == "key_package_invalid"


def test_lifetimes_allow_an_hour_of_skew() -> None:
    package = with_leaf(lifetime=Lifetime(NOW, NOW + DAY))
    assert code_of(package, NOW - 3600) is None
    assert code_of(package, NOW - 3601) == "key_package_expired"
    assert code_of(package, NOW + DAY + 3600) is None
    assert code_of(package, NOW + DAY + 3601) == "key_package_expired"
    assert code_of(with_leaf(lifetime=Lifetime(NOW, NOW + 366 * DAY))) is None


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


def test_a_welcome_names_its_key_packages() -> None:
    def welcome(refs: list[bytes], suite: int = 1) -> bytes:
        secrets = tuple(EncryptedGroupSecrets(ref, HPKECiphertext(bytes(32), b"secret")) for ref in refs)
        return MLSMessage(WireFormat.WELCOME, Welcome(suite, secrets, b"info")).encode()

    refs = [os.urandom(32), os.urandom(32)]
    assert welcome_refs(welcome(refs)) == refs
    wrong = {
        welcome(refs, suite=3): "wrong_suite",
        welcome([refs[0], refs[0]]): "mls_malformed",
        welcome([refs[0][:31]]): "mls_malformed",
        private_message(): "kind_mismatch",
    }
    for data, code in wrong.items():
        with pytest.raises(MLSError) as refused:
            welcome_refs(data)
        assert refused.value.code == code
