"""Leaves that the relay must refuse, from people with bent clients: in KeyPackages of newcomers and in own updates."""

from dataclasses import replace
from typing import Any, Self

from nacl.signing import SigningKey
from uuid6 import uuid7

from crypto.mls.odd import neutral_signature
from evening import until
from safespace.crypto.mls import MLSMessage, key_package_ref
from safespace.crypto.mls.commit import Commit
from safespace.crypto.mls.leaf import Capabilities, Extension, KeyPackage, LeafNode
from safespace.crypto.mls.messages import PublicMessage
from safespace.crypto.mls.signing import sign_content
from safespace.fields import b64encode
from safespace.sdk.any_room import AnyRoom
from safespace.sdk.group_crypto import LeafKey, Newcomer
from safespace.sdk.sealing import Pending
from safespace.wire import Act, CommitPart

ABLE = Capabilities((1,), (1, 2, 3, 4, 5, 6, 7), (), (), (1,))
"""As the SDK writes them."""

LEAVES: dict[str, dict[str, Any]] = {
    "an unknown version": {"capabilities": replace(ABLE, versions=(1, 0x7777))},
    "a default extension named": {"capabilities": replace(ABLE, extensions=(1,))},
    "a default proposal named": {"capabilities": replace(ABLE, proposals=(3,))},
    "an extension of type 0": {"extensions": (Extension(0, b""),)},
    "a default extension": {"extensions": (Extension(5, b"\x00"),)},
    # Beyond what was seen to do harm:
    "an unknown credential": {"capabilities": replace(ABLE, credentials=(1, 0x7777))},
    "no cipher suite": {"capabilities": replace(ABLE, cipher_suites=())},
    "a thousand suites": {"capabilities": replace(ABLE, cipher_suites=tuple(range(1, 1000)))},
    "GREASE": {"capabilities": replace(ABLE, extensions=(0x0A0A,)), "extensions": (Extension(0x0A0A, b"x"),)},
    "a key of small order": {"encryption_key": b"\x01" + bytes(31)},
    "a key in another spelling": {"encryption_key": (2**255 + 9).to_bytes(32, "little")},
}


class BentNewcomer(Newcomer):
    """Publishes a KeyPackage whose leaf was changed and signed again."""

    changes: dict[str, Any] = LEAVES["an unknown version"]

    def __init__(self, leaf: LeafKey | None = None) -> None:
        super().__init__(leaf)
        message = MLSMessage.decode(self.package)
        assert isinstance(message.body, KeyPackage)
        bent = replace(message.body.leaf, **self.changes)
        signed = replace(bent, signature=_sign(self.leaf, "LeafNodeTBS", bent.signed_content(b"", 0)))
        package = replace(message.body, leaf=signed)
        package = replace(package, signature=_sign(self.leaf, "KeyPackageTBS", package.signed_content()))
        self.package = replace(message, body=package).encode()
        self.ref = key_package_ref(package)


class NeutralKey:
    """In the place of nacl's SigningKey: its signatures have an R of order 1, and fit the equation."""

    def __init__(self, seed: bytes) -> None:
        self._key = SigningKey(seed)
        self.signature = b""

    def sign(self, message: bytes) -> Self:
        self.signature = neutral_signature(self._key, message)
        return self


async def update(room: AnyRoom, changes: dict[str, Any]) -> int:
    """An own update whose leaf was changed, and everything signed again; its seq."""
    place = room.log.place
    await until(lambda: room.log.live and not place.between)
    made = place.crypto.update()
    message = MLSMessage.decode(made.body)
    framed = message.body
    assert isinstance(framed, PublicMessage)
    commit, index = framed.content.body, framed.content.sender.index
    assert isinstance(commit, Commit)
    assert commit.path is not None
    assert index is not None
    bent: LeafNode = replace(commit.path.leaf, **changes)
    content_of_leaf = bent.signed_content(place.room.bytes, index)
    leaf = replace(bent, signature=_sign(place.leaf, "LeafNodeTBS", content_of_leaf))
    content = replace(framed.content, body=replace(commit, path=replace(commit.path, leaf=leaf)))
    signature = _sign(place.leaf, "FramedContentTBS", content.signed_content(place.public.group_context()))
    body = b64encode(replace(message, body=replace(framed, content=content, signature=signature)).encode())
    client_id = uuid7()
    frame = Act(t="act", room=place.room, client_id=client_id, commit=CommitPart(epoch=place.public.epoch, body=body))
    return await room.log.deliver(Pending(client_id, frame, after=made.after.snapshot()))


def _sign(leaf: LeafKey, label: str, content: bytes) -> bytes:
    return SigningKey(leaf.secret[:32]).sign(sign_content(label, content)).signature
