"""From an invite link to a place in a room: ask, wait, and believe nothing that the invite does not vouch for."""

import asyncio
import contextlib
import secrets
from collections.abc import Callable
from typing import Any
from uuid import UUID

from nacl.signing import SigningKey
from pydantic import ValidationError
from uuid6 import uuid7

from safespace.crypto import hpke
from safespace.crypto.errors import CryptoError
from safespace.crypto.invites import (
    Agreement,
    Card,
    InviteKeys,
    JoinRequest,
    Word,
    agreement_bytes,
    open_card,
    open_reply,
    open_word,
    request_mac,
    seal_request,
)
from safespace.crypto.mls import MLSError
from safespace.fields import b64decode, b64encode
from safespace.rooms.names import refusal
from safespace.sdk.any_place import Before
from safespace.sdk.checks import Suspicion
from safespace.sdk.errors import (
    ClientError,
    Declined,
    Refused,
    RoomWarning,
    Stranded,
    Undone,
    Unreachable,
    UntrustedServer,
)
from safespace.sdk.group_crypto import GroupCryptoError, Newcomer
from safespace.sdk.invite_links import InviteLink
from safespace.sdk.lifetimes import check_fresh
from safespace.sdk.place import Asked, Place
from safespace.sdk.rest import Rest
from safespace.sdk.room import Room
from safespace.sdk.store import Store

LIFE = 30 * 24 * 3600 * 1000
"""Milliseconds a request may wait."""
_LOOK_AGAIN = 10.0
"""Seconds between two looks at a request whose answer the socket did not bring."""
_GOODBYE = 2.0
"""Seconds that taking a request back may hold up closing."""


class Invite:
    """An invite link that was opened: what its card says."""

    def __init__(self, id: UUID, keys: InviteKeys, card: Card) -> None:
        self.id = id
        self.keys = keys
        self.card = card

    @classmethod
    async def open(cls, rest: Rest, url: str, link: str) -> "Invite":
        """Raises BadLink, Refused (`invite_expired`, …), Unreachable, or Suspicion if this is not the link's card."""
        read = InviteLink.read(link, url)
        keys = InviteKeys.derive(read.fragment, read.invite.bytes)
        answer = await rest.call("GET", f"/invites/{read.invite}")
        try:
            card = open_card(keys, b64decode(answer["card"]))
        except ValueError as error:  # a CryptoError, or of no base64
            raise Suspicion("wrong_card") from error
        if answer["group"] != str(card.group):
            raise Suspicion("wrong_card")
        return cls(read.invite, keys, card)


class Request:
    """One's own request to join. Its KeyPackage's secrets live in this object alone: after a restart ask again.

    Raises ValidationError where pseudonym or note are too long, or the pseudonym is empty.
    """

    def __init__(self, invite: Invite, pseudonym: str, note: str) -> None:
        self.id = uuid7()
        self.answered = asyncio.Event()
        self.word: Word | None = None
        """What one who admits said last."""
        self._invite = invite
        self._newcomer = Newcomer()
        self._policy_private, public = hpke.generate()
        self._reply_key = secrets.token_bytes(32)
        rules = invite.card.rules
        signing = SigningKey(self._newcomer.leaf.secret[:32])
        signature = signing.sign(agreement_bytes(invite.card.group.bytes, rules.version, rules.text)).signature
        self._said = JoinRequest(
            pseudonym=pseudonym,
            note=note,
            key=b64encode(public),
            reply=b64encode(self._reply_key),
            agreement=Agreement(version=rules.version, signature=b64encode(signature)),
        )

    async def send(self, rest: Rest, *, lost_keys: bool) -> None:
        """Ask. `lost_keys`: this device holds no keys of the group, whatever the server believes.

        Raises Refused, Unreachable or ClockWrong.
        """
        card, keys, package = self._invite.card, self._invite.keys, self._newcomer.package
        sealed = seal_request(b64decode(card.key), keys.invite_id, self.id.bytes, self._said)
        check_fresh(self._newcomer.checked, rest.clock)
        expires = rest.clock.now() + LIFE
        body = {
            "id": str(self.id),
            "package": b64encode(package),
            "sealed": b64encode(sealed),
            "expires": expires,
            "mac": b64encode(request_mac(keys, card.group.bytes, self.id.bytes, expires, package, sealed)),
            "lost_keys": lost_keys,
        }
        await rest.call("POST", f"/invites/{self._invite.id}/requests", body)

    async def answer(self, rest: Rest) -> Any:
        """Wait for the answer, and return it once it is yes. Raises Declined, Stranded, Undone or Refused."""
        while True:
            self.answered.clear()
            try:
                answer = await rest.call("GET", f"/requests/{self.id}")
            except Unreachable:
                answer = {"status": "waiting"}
            self.word = self._heard(answer)
            match answer["status"]:
                case "admitted":
                    return answer
                case "declined":
                    if self.word is None or not self.word.declined:
                        raise Declined(None, None)
                    raise Declined(self.word.sender, self.word.text)
                case "ended":
                    raise Stranded(answer["ended"] or "invite_revoked")
                case "undone":
                    raise Undone
                case "withdrawn":
                    raise Refused("request_unknown")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_AGAIN):
                    await self.answered.wait()

    def _heard(self, answer: Any) -> Word | None:
        """The word that came with an answer, if one who holds the invite said it."""
        if (sealed := answer.get("word")) is None:
            return None
        try:
            invite = self._invite.id.bytes
            return open_word(self._reply_key, self._policy_private, invite, self.id.bytes, b64decode(sealed))
        except ValueError:  # a CryptoError, or of no base64
            return None

    def accept(self, answer: Any) -> Place:
        """The place that a Welcome gives, once it is shown to come from the group of the invite. Raises Suspicion."""
        card = self._invite.card
        room = card.room.bytes
        try:
            tree, welcome, reply = (b64decode(answer[name]) for name in ("tree", "welcome", "reply"))
            if answer["room"] != str(card.room):
                raise Suspicion("unannounced_group")
            crypto = self._newcomer.join(room, tree, welcome)
            public = crypto.public()
        except (MLSError, ValueError) as error:
            raise Suspicion("tree_mismatch") from error
        except GroupCryptoError as error:
            raise Suspicion("unannounced_group") from error
        exported = crypto.export(b"safespace invite", self.id.bytes, 32)
        try:
            state = open_reply(self._reply_key, room, self._newcomer.ref, self.id.bytes, exported, reply)
        except CryptoError as error:
            raise Suspicion("wrong_reply") from error
        return Place(
            group=card.group,
            room=card.room,
            policy_private=self._policy_private,
            crypto=crypto,
            public=public,
            policy_seq=answer["seq"] - 1,
            cursor=answer["seq"],
            asked=Asked(self._said.pseudonym, self._said.key, card.rules, b64encode(state)),
            before=Before(answer["seq"]),
        )


class Joiner:
    """The links that one client joins by: one task for each. What is asked is kept, and asked again after a restart.

    `take_in` makes a room of a place and enters it; `held` is the room of a group whose keys this device holds.
    """

    def __init__(
        self,
        rest: Rest,
        url: str,
        store: Store,
        take_in: Callable[[Place], Room],
        held: Callable[[UUID], Room | None],
    ) -> None:
        self._rest = rest
        self._url = url
        self._store = store
        self._take_in = take_in
        self._held = held
        self._tasks: dict[str, asyncio.Task[Room]] = {}
        self._requests: dict[UUID, Request] = {}
        self._asking: dict[str, Request] = {}
        for link, asked in self._remembered().items():
            self.join(link, asked["pseudonym"], asked["note"])

    def join(self, link: str, pseudonym: str, note: str) -> asyncio.Task[Room]:
        """The task that joins by this link."""
        task = self._tasks.get(link)
        if task is None:
            task = self._tasks[link] = asyncio.create_task(self._join(link, pseudonym, note))
            task.add_done_callback(lambda done: self._done(link, done))
        return task

    def word(self, link: str) -> str | None:
        """What one who admits said to who waits by this link, if anything."""
        asked = self._asking.get(link)
        return asked.word.text if asked is not None and asked.word is not None else None

    def look(self, id: UUID | None = None) -> None:
        """Look at the request with this id, or at all of them: there may be an answer."""
        for request in self._requests.values():
            if id in (None, request.id):
                request.answered.set()

    async def close(self) -> None:
        """Stop, and take back what is asked: the keys to the answers are in this process alone."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        while self._requests:
            id, _ = self._requests.popitem()
            with contextlib.suppress(Refused, Unreachable, TimeoutError):
                async with asyncio.timeout(_GOODBYE):
                    await self._rest.call("DELETE", f"/requests/{id}")

    def _done(self, link: str, task: asyncio.Task[Room]) -> None:
        self._tasks.pop(link, None)
        if not task.cancelled():
            task.exception()  # whoever waits has it; after a restart nobody may

    async def _join(self, link: str, pseudonym: str, note: str) -> Room:
        request = None
        try:
            invite = await Invite.open(self._rest, self._url, link)
            held = self._held(invite.card.group)
            if held is not None and link in self._remembered():
                # It was stopped between entering and forgetting that it asked.
                self._forget(link, None)
                await held.entered()
                return held
            if (refused := refusal(pseudonym)) is not None:
                raise Refused(refused)
            request = Request(invite, pseudonym, note)
            self._requests[request.id] = self._asking[link] = request
            self._remember(link, {"pseudonym": pseudonym, "note": note})
            await request.send(self._rest, lost_keys=held is None)
            room = self._take_in(request.accept(await request.answer(self._rest)))
        except Unreachable:
            raise  # it is asked again after a restart
        except (ClientError, Suspicion, ValidationError) as error:
            self._forget(link, request)
            match error:
                case Undone():
                    return await self._join(link, pseudonym, note)
                case Suspicion(code=seen):
                    raise UntrustedServer(RoomWarning(seen)) from error
                case ValidationError():
                    raise Refused("invalid_field", "The pseudonym is empty, or a text is too long.") from error
            raise
        self._forget(link, request)
        await room.entered()
        return room

    def _forget(self, link: str, request: Request | None) -> None:
        self._asking.pop(link, None)
        if request is not None:
            self._requests.pop(request.id, None)
        self._remember(link, None)

    def _remembered(self) -> dict[str, dict[str, str]]:
        return dict(self._store.get("joining") or {})

    def _remember(self, link: str, asked: dict[str, str] | None) -> None:
        """Keep what was asked; None forgets it."""
        joining = self._remembered()
        joining.pop(link, None)
        with self._store.writing(durable=True):
            self._store.put(joining | ({link: asked} if asked else {}), "joining")
