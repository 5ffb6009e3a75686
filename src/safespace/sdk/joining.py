"""From an invite link to a place in a room: ask, wait, and believe nothing that the invite does not vouch for."""

import asyncio
import hmac
import time
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from nacl.signing import SigningKey
from uuid6 import uuid7

from safespace.crypto import hpke
from safespace.crypto.invites import (
    Agreement,
    Card,
    InviteKeys,
    JoinRequest,
    agreement_bytes,
    open_card,
    reply_mac,
    seal_request,
)
from safespace.crypto.invites import request_mac as mac_of
from safespace.crypto.login import normal_origin
from safespace.crypto.mls import MLSError, check_key_package, verify_tree
from safespace.sdk.checks import Suspicion
from safespace.sdk.errors import BadLink, Declined, Refused, Unreachable
from safespace.sdk.group_crypto import GroupCryptoError, Newcomer
from safespace.sdk.place import Asked, Place
from safespace.sdk.rest import Rest
from safespace.wire import b64decode, b64encode

LIFE = 30 * 24 * 3600 * 1000
"""Milliseconds a request may wait."""
_LOOK_AGAIN = 10.0
"""Seconds between two looks at a request whose answer the socket did not bring."""


class Invite:
    """An invite link that was opened: what its card says."""

    def __init__(self, id: UUID, keys: InviteKeys, card: Card) -> None:
        self.id = id
        self.keys = keys
        self.card = card

    @classmethod
    async def open(cls, rest: Rest, url: str, link: str) -> "Invite":
        """Raises BadLink, Refused (`invite_expired`, …) or Unreachable."""
        parts = urlsplit(link)
        try:
            if normal_origin(link) != normal_origin(url) or not parts.path.startswith("/i/"):
                raise BadLink
            id = UUID(parts.path.removeprefix("/i/"))
            keys = InviteKeys.derive(b64decode(parts.fragment), id.bytes)
            sealed = await rest.call("GET", f"/invites/{id}")
            card = open_card(keys, b64decode(sealed["card"]))
        except ValueError as error:
            raise BadLink from error
        if str(card.group) != sealed["group"]:
            raise BadLink("The server says that this invite is for another group.")
        return cls(id, keys, card)


class Request:
    """One's own request to join. Its KeyPackage's secrets live in this object alone: after a restart ask again."""

    def __init__(self, invite: Invite, pseudonym: str, note: str) -> None:
        self.id = uuid7()
        self.answered = asyncio.Event()
        self._invite = invite
        self._newcomer = Newcomer()
        self._policy_private, self._policy_public = hpke.generate()
        self._pseudonym = pseudonym
        self._note = note
        self._ref = check_key_package(self._newcomer.package, int(time.time())).ref

    async def send(self, rest: Rest) -> None:
        """Ask. Raises Refused or Unreachable."""
        card, keys = self._invite.card, self._invite.keys
        signing = SigningKey(self._newcomer.leaf.secret[:32])
        signature = signing.sign(agreement_bytes(card.group.bytes, card.rules.version, card.rules.text)).signature
        said = JoinRequest(
            pseudonym=self._pseudonym,
            note=self._note,
            key=b64encode(self._policy_public),
            agreement=Agreement(version=card.rules.version, signature=b64encode(signature)),
        )
        sealed = seal_request(b64decode(card.key), keys.invite_id, self.id.bytes, said)
        expires = time.time_ns() // 1_000_000 + LIFE
        mac = mac_of(keys, card.group.bytes, self.id.bytes, expires, self._newcomer.package, sealed)
        body = {
            "id": str(self.id),
            "package": b64encode(self._newcomer.package),
            "sealed": b64encode(sealed),
            "expires": expires,
            "mac": b64encode(mac),
        }
        await rest.call("POST", f"/invites/{self._invite.id}/requests", body)

    async def answer(self, rest: Rest) -> Any:
        """Wait for the answer, and return it once it is yes. Raises Declined or Refused."""
        while True:
            self.answered.clear()
            try:
                answer = await rest.call("GET", f"/requests/{self.id}")
            except Unreachable:
                answer = {"status": "waiting"}
            match answer["status"]:
                case "admitted":
                    return answer
                case "declined":
                    raise Declined
                case "withdrawn":
                    raise Refused("request_unknown")
            try:
                async with asyncio.timeout(_LOOK_AGAIN):
                    await self.answered.wait()
            except TimeoutError:
                pass

    def accept(self, answer: Any) -> Place:
        """The place that a Welcome gives, once it is shown to come from the group of the invite. Raises Suspicion."""
        card = self._invite.card
        room = card.room.bytes
        try:
            tree, welcome, reply = (b64decode(answer[name]) for name in ("tree", "welcome", "reply"))
            if answer["room"] != str(card.room):
                raise Suspicion("unannounced_group")
            verify_tree(tree, room)
            crypto = self._newcomer.join(room, tree, welcome)
            public = crypto.public()
        except (MLSError, ValueError) as error:
            raise Suspicion("tree_mismatch") from error
        except GroupCryptoError as error:
            raise Suspicion("unannounced_group") from error
        exported = crypto.export(b"safespace invite", self.id.bytes, 32)
        expected = reply_mac(self._invite.keys, room, self._ref, self.id.bytes, exported)
        if not hmac.compare_digest(expected, reply):
            raise Suspicion("wrong_reply")
        return Place(
            group=card.group,
            room=card.room,
            policy_private=self._policy_private,
            crypto=crypto,
            public=public,
            policy_seq=answer["seq"] - 1,
            cursor=answer["seq"],
            asked=Asked(self._pseudonym, b64encode(self._policy_public), card.rules),
        )
