"""What a device sends: a message, or an act of one to three envelopes, sealed and ready to be sent again as it is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from safespace.crypto.encoding import canonical_json
from safespace.crypto.franking import seal_content
from safespace.crypto.invites import Sealed
from safespace.crypto.texts import ContentNote
from safespace.rooms.actions import AnyAction, shown
from safespace.rooms.policy import fold, propose
from safespace.rooms.state import StateMessage, write
from safespace.sdk.group_crypto import Commit, GroupCrypto
from safespace.sdk.place import Place
from safespace.wire import MAX_MESSAGE, Act, CommitPart, PolicyPart, Send, StatePart, b64decode, b64encode, client_frame

MAX_CONTENT = MAX_MESSAGE * 3 // 4
"""Bytes of a message's content; padded and sealed it still fits."""


class TextMessage(Sealed):
    """The content of a message. `note` is the content note under which the text is folded away."""

    kind: Literal["text"] = "text"
    note: ContentNote | None = None
    text: str


class _Kind(BaseModel):
    model_config = ConfigDict(strict=True)
    kind: str


@dataclass(slots=True)
class Pending:
    """Something sent and not yet acknowledged.

    `contents` are the plaintexts by body: the library cannot open what it sealed. `after` is the snapshot of the group
    once the relay accepted the commit. A message keeps its `text`, to be sealed again when the keys changed meanwhile:
    `keys` are those it was sealed with (`Place.keys`).
    """

    client_id: UUID
    frame: Send | Act | None = None
    contents: dict[str, bytes] = field(default_factory=dict)
    after: bytes | None = None
    text: str | None = None
    keys: str | None = None

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
            "contents": {body: b64encode(content) for body, content in self.contents.items()},
            "after": None if self.after is None else b64encode(self.after),
            "text": self.text,
            "keys": self.keys,
        }

    @classmethod
    def load(cls, saved: dict[str, Any]) -> "Pending":
        frame = client_frame.validate_python(saved["frame"])
        assert isinstance(frame, Send | Act)  # noqa: S101 - nothing else is kept
        return cls(
            client_id=UUID(saved["client_id"]),
            frame=frame,
            contents={body: b64decode(content) for body, content in saved["contents"].items()},
            after=None if saved["after"] is None else b64decode(saved["after"]),
            text=saved["text"],
            keys=saved["keys"],
        )


def text_content(text: str) -> bytes:
    """The content of a message. Raises ValueError for what is not text (a lone surrogate)."""
    return _write(TextMessage(text=text))


def read_text(content: bytes) -> TextMessage | None:
    """What a message says; None for a kind of content that is not known here.

    Raises ValueError for what has no kind, or is not canonical JSON of the form that its kind has.
    """
    if _Kind.model_validate_json(content).kind != "text":
        return None
    said = TextMessage.model_validate_json(content)
    if _write(said) != content:
        raise ValueError("this is not canonical JSON")
    return said


def _write(said: TextMessage) -> bytes:
    return canonical_json(said.model_dump())


def seal_text(place: Place, pending: Pending) -> None:
    """Seal (or seal again) a message in the present epoch, under the same client_id."""
    content = text_content(pending.text or "")
    body, commitment = _seal(place.crypto, place, content, place.public.epoch)
    pending.contents = {body: content}
    pending.keys = place.keys
    pending.frame = Send(
        t="send",
        room=place.room,
        client_id=pending.client_id,
        kind="message",
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
    reply: Callable[[GroupCrypto], bytes] | None = None,
) -> Pending:
    """An act: a policy message, then a commit, then (with `reply`) the state for the joiner.

    `make` makes the commit, `reply` the joiner's reply MAC in the group after it. Raises PolicyError where the group's
    own rules forbid the action, GroupCryptoError where the library cannot make the commit.
    """
    pending = Pending(client_id)
    epoch = place.public.epoch
    state = place.state
    policy = commit = handed = None
    if action is not None:
        message = propose(state, place.me or b64encode(place.leaf.identity), place.policy_seq, action)
        state = fold(state, message, place.clock.now())
        content = write(message)
        body, commitment = _seal(place.crypto, place, content, epoch)
        pending.contents[body] = content
        sealed = {"policy_seq": place.policy_seq, "epoch": epoch, "body": body, "commitment": commitment}
        policy = PolicyPart.model_validate({"action": action.action, **shown(action), **sealed})
    if make is not None:
        made = make(place.crypto)
        if reply is not None and state is not None:
            content = write(StateMessage(state=state))
            body, commitment = _seal(made.after, place, content, epoch + 1)
            pending.contents[body] = content
            handed = StatePart(epoch=epoch + 1, body=body, commitment=commitment)
        commit = CommitPart(
            epoch=epoch,
            body=b64encode(made.body),
            welcome=None if made.welcome is None else b64encode(made.welcome),
            reply=None if reply is None else b64encode(reply(made.after)),
        )
        pending.after = made.after.snapshot()
    pending.frame = Act(t="act", room=place.room, client_id=client_id, policy=policy, commit=commit, state=handed)
    return pending


def _seal(crypto: GroupCrypto, place: Place, content: bytes, epoch: int) -> tuple[str, str]:
    """Body and commitment of an application message."""
    plaintext, commitment = seal_content(content, place.room.bytes, place.leaf.identity, epoch)
    return b64encode(crypto.encrypt(plaintext)), b64encode(commitment)
