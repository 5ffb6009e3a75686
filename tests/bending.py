"""Commits that the relay must take for genuine, though those who follow the group cannot apply them."""

import os
from dataclasses import replace

from nacl.signing import SigningKey
from uuid6 import uuid7

from evening import until
from safespace.crypto import hpke
from safespace.crypto.mls.commit import Commit, HPKECiphertext, UpdatePath, UpdatePathNode
from safespace.crypto.mls.messages import MLSMessage, PublicMessage
from safespace.crypto.mls.signing import sign_content
from safespace.fields import b64encode
from safespace.sdk.any_place import AnyPlace
from safespace.sdk.any_room import AnyRoom
from safespace.sdk.sealing import Pending
from safespace.wire import Act, CommitPart

KINDS = ("membership tag", "confirmation tag", "path secrets", "other keys", "zeros", "one of the secrets")


async def commit(room: AnyRoom, kind: str) -> int:
    """An own update by a bent client; its seq."""
    place = room.log.place
    await until(lambda: room.log.live and not place.between)
    made = place.crypto.update()
    body = b64encode(bend(place, made.body, kind))
    client_id = uuid7()
    frame = Act(t="act", room=place.room, client_id=client_id, commit=CommitPart(epoch=place.public.epoch, body=body))
    return await room.log.deliver(Pending(client_id, frame, after=made.after.snapshot()))


def bend(place: AnyPlace, body: bytes, kind: str) -> bytes:
    """A commit of this place's own leaf with a right public part, and something wrong that only members can see."""
    message = MLSMessage.decode(body)
    framed = message.body
    assert isinstance(framed, PublicMessage)
    match kind:
        case "membership tag":
            bent = replace(framed, membership_tag=os.urandom(32))
        case "confirmation tag":
            bent = replace(framed, confirmation_tag=os.urandom(32))
        case _:
            bent = _signed(place, framed, kind)
    return replace(message, body=bent).encode()


def _signed(place: AnyPlace, framed: PublicMessage, kind: str) -> PublicMessage:
    commit = framed.content.body
    assert isinstance(commit, Commit)
    assert commit.path is not None
    nodes = commit.path.nodes
    bent = nodes[-1:] if kind == "one of the secrets" else nodes
    path = UpdatePath(commit.path.leaf, tuple(_node(node, kind) if node in bent else node for node in nodes))
    content = replace(framed.content, body=replace(commit, path=path))
    signed = sign_content("FramedContentTBS", content.signed_content(place.public.group_context()))
    signature = SigningKey(place.leaf.secret[:32]).sign(signed).signature
    return replace(framed, content=content, signature=signature)


def _node(node: UpdatePathNode, kind: str) -> UpdatePathNode:
    return replace(node, ciphertexts=tuple(_sealed(one, kind) for one in node.ciphertexts))


def _sealed(one: HPKECiphertext, kind: str) -> HPKECiphertext:
    match kind:
        case "other keys":
            return replace(one, kem_output=hpke.generate()[1])
        case "zeros":
            return replace(one, ciphertext=bytes(len(one.ciphertext)))
        case _:
            return replace(one, ciphertext=os.urandom(len(one.ciphertext)))
