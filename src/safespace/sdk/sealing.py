"""What a device sends: a message, or an act of one to three envelopes, sealed and ready to be sent again as it is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from safespace.crypto.franking import seal_content
from safespace.fields import MAX_MESSAGE, SaidKind, b64decode, b64encode
from safespace.rooms.actions import AnyAction, shown
from safespace.rooms.policy import fold, newest, propose
from safespace.rooms.state import StateMessage
from safespace.sdk.any_place import AnyPlace
from safespace.sdk.group_crypto import Commit, GroupCrypto
from safespace.sdk.place import Place
from safespace.wire import Act, CommitPart, PolicyPart, Send, StatePart, client_frame

MAX_CONTENT = MAX_MESSAGE * 3 // 4
"""Bytes of a message's content; padded and sealed it still fits."""


@dataclass(slots=True)
class Pending:
    """Something sent and not yet acknowledged.

    `sealed` are the plaintexts by body: the library cannot open what it sealed. `after` is the snapshot of the group
    once the relay accepted the commit. `keys` are those it was sealed with (`Place.keys`). A message, or a reaction by
    its `kind`, keeps its `content`, to be sealed again when they changed; an act is given up when they were voided.
    """

    client_id: UUID
    frame: Send | Act | None = None
    sealed: dict[str, bytes] = field(default_factory=dict)
    after: bytes | None = None
    content: bytes | None = None
    keys: str | None = None
    kind: SaidKind = "message"

    @property
    def last_body(self) -> str | None:
        """The body of the envelope that comes last."""
        match self.frame:
            case Send(body=body):
                return body
            case (
                Act(state=StatePart(body=body)) | Act(commit=CommitPart(body=body)) | Act(policy=PolicyPart(body=body))
            ):
                return body
            case _:
                return None

    @property
    def commit_body(self) -> str | None:
        return self.frame.commit.body if isinstance(self.frame, Act) and self.frame.commit else None

    def dump(self) -> dict[str, Any]:
        return {
            "client_id": str(self.client_id),
            "frame": self.frame and self.frame.model_dump(mode="json"),
            "sealed": {body: b64encode(plaintext) for body, plaintext in self.sealed.items()},
            "after": None if self.after is None else b64encode(self.after),
            "content": None if self.content is None else b64encode(self.content),
            "keys": self.keys,
        }

    @classmethod
    def load(cls, saved: dict[str, Any]) -> "Pending":
        frame = client_frame.validate_python(saved["frame"])
        assert isinstance(frame, Send | Act)  # noqa: S101 - nothing else is kept
        return cls(
            client_id=UUID(saved["client_id"]),
            frame=frame,
            sealed={body: b64decode(plaintext) for body, plaintext in saved["sealed"].items()},
            after=None if saved["after"] is None else b64decode(saved["after"]),
            content=None if saved["content"] is None else b64decode(saved["content"]),
            keys=saved["keys"],
            kind=frame.kind if isinstance(frame, Send) else "message",
        )


def seal_message(place: AnyPlace, pending: Pending) -> None:
    """Seal (or seal again) a message in the present epoch, under the same client_id."""
    pending.sealed = {}
    body, commitment = _seal(pending, place.crypto, place, pending.content or b"", place.public.epoch)
    pending.keys = place.keys
    pending.frame = Send(
        t="send",
        room=place.room,
        client_id=pending.client_id,
        kind=pending.kind,
        epoch=place.public.epoch,
        body=body,
        commitment=commitment,
    )
    place.since_update += 1


def seal_act(
    place: Place,
    client_id: UUID,
    action: AnyAction | None,
    make: Callable[[GroupCrypto], Commit] | None = None,
    reply: Callable[[GroupCrypto, bytes], bytes] | None = None,
) -> Pending:
    """An act: a policy message, then a commit, then (with `reply`) the state for the joiner.

    `make` makes the commit, `reply` the answer to the joiner, from the group after it and what is handed over. Raises
    PolicyError where the group's own rules forbid the action, GroupCryptoError where the library makes no commit.
    """
    pending = Pending(client_id)
    state, policy = place.state, None
    if action is not None:
        seq = newest(action.action, place.policy_seq, place.hand_seq)
        message = propose(state, place.me or b64encode(place.leaf.identity), seq, action)
        state = fold(state, message, place.clock.now())
        said = {"action": action.action, "policy_seq": seq, **shown(action)}
        policy = seal_policy(place, pending, message.written(), said)
    handed = None if reply is None or state is None else StateMessage(state=state).written()
    return complete(place, pending, policy, make, handed, reply)


def seal_policy(place: AnyPlace, pending: Pending, content: bytes, said: dict[str, Any]) -> PolicyPart:
    """The policy part of an act; `said` is what it shows."""
    epoch = place.public.epoch
    body, commitment = _seal(pending, place.crypto, place, content, epoch)
    return PolicyPart.model_validate({**said, "epoch": epoch, "body": body, "commitment": commitment})


def complete(
    place: AnyPlace,
    pending: Pending,
    policy: PolicyPart | None,
    make: Callable[[GroupCrypto], Commit] | None,
    handed: bytes | None,
    reply: Callable[[GroupCrypto, bytes], bytes] | None = None,
) -> Pending:
    """The whole act, once its commit is made. `handed` is the content for who is added."""
    epoch = place.public.epoch
    commit = state = None
    if make is not None:
        made = make(place.crypto)
        if handed is not None:
            body, commitment = _seal(pending, made.after, place, handed, epoch + 1)
            state = StatePart(epoch=epoch + 1, body=body, commitment=commitment)
        commit = CommitPart(
            epoch=epoch,
            body=b64encode(made.body),
            welcome=None if made.welcome is None else b64encode(made.welcome),
            reply=None if reply is None or handed is None else b64encode(reply(made.after, handed)),
        )
        pending.after = made.after.snapshot()
    pending.keys = place.keys
    act = Act(t="act", room=place.room, client_id=pending.client_id, policy=policy, commit=commit, state=state)
    pending.frame = act
    return pending


def _seal(pending: Pending, crypto: GroupCrypto, place: AnyPlace, content: bytes, epoch: int) -> tuple[str, str]:
    """Body and commitment of an application message, whose plaintext `pending` keeps."""
    plaintext, commitment = seal_content(content, place.room.bytes, place.leaf.identity, epoch)
    body = b64encode(crypto.encrypt(plaintext))
    pending.sealed[body] = plaintext
    return body, b64encode(commitment)
