"""Acts that hold up outside and not inside: a bent client's."""

from typing import Any

from uuid6 import uuid7

from safespace.crypto.franking import seal_content
from safespace.fields import b64encode
from safespace.sdk.any_place import AnyPlace
from safespace.sdk.any_room import AnyRoom
from safespace.sdk.further_place import FurtherPlace
from safespace.sdk.group_crypto import Commit
from safespace.sdk.sealing import Pending
from safespace.wire import Act, CommitPart, PolicyPart


def sealed(place: AnyPlace, content: bytes) -> tuple[str, str, dict[str, bytes]]:
    """Body and commitment of any content at all, and the plaintext by body."""
    plaintext, commitment = seal_content(content, place.room.bytes, place.leaf.identity, place.public.epoch)
    body = b64encode(place.crypto.encrypt(plaintext))
    return body, b64encode(commitment), {body: plaintext}


async def act(room: AnyRoom, action: Any, content: bytes, commit: Commit | None = None, **bent: Any) -> int:
    """A policy act with this inside, and its seq."""
    place = room.log.place
    body, commitment, plaintexts = sealed(place, content)
    policy = PolicyPart.model_validate(
        {
            "action": action,
            "policy_seq": place.policy_seq,
            "main": place.main.policy_seq if isinstance(place, FurtherPlace) else None,
            "epoch": place.public.epoch,
            "body": body,
            "commitment": commitment,
        }
        | bent
    )
    client_id = uuid7()
    part = None if commit is None else CommitPart(epoch=place.public.epoch, body=b64encode(commit.body))
    frame = Act(t="act", room=place.room, client_id=client_id, policy=policy, commit=part)
    after = None if commit is None else commit.after.snapshot()
    return await room.log.deliver(Pending(client_id, frame, plaintexts, after=after))


def codes(room: AnyRoom) -> list[str]:
    """What a room warned of, in order."""
    return [warning.code for warning in room.warnings()]
