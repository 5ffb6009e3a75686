"""Acts that hold up outside and not inside, and false words about those of others: a bent client's."""

from typing import Any

from uuid6 import uuid7

from evening import until
from safespace.crypto.franking import seal_content
from safespace.fields import b64encode
from safespace.sdk.any_place import AnyPlace
from safespace.sdk.any_room import AnyRoom
from safespace.sdk.further_place import FurtherPlace
from safespace.sdk.group_crypto import Commit
from safespace.sdk.sealing import Pending
from safespace.wire import Act, CommitPart, Folded, PolicyPart


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


class Accomplice:
    """A hostile client: it says of acts what it likes, and nothing else; it never changes the keys for others."""

    def __init__(self, room: AnyRoom) -> None:
        self.room = room
        self._post = room.log._post
        room.log._post = self._pass_on
        room.log._rekey = lambda leaves: None

    def _pass_on(self, frame: Any) -> None:
        if frame.t not in ("folded", "epoch"):
            self._post(frame)

    async def says(self, seq: int, *, ok: bool) -> None:
        """Once it has read so far."""
        place = self.room.log.place
        await until(lambda: place.cursor >= seq)
        self.repeats([seq], ok=ok)

    def repeats(self, seqs: list[int], *, ok: bool) -> None:
        self._post(Folded(room=self.room.log.place.room, seqs=seqs, ok=ok))
