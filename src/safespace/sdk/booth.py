"""The booth: for everything that is asked anonymously, a device takes a token and sends one answer.

It does both by itself, at random moments, whether anyone says something or not: a blank answer is as large as any
other, so that neither a token nor an answer shows who had something to say. The answer goes on a connection without a
login, after the ballot closed. See docs/protocol.md, "Ballots".
"""

import asyncio
import secrets
from collections.abc import Callable
from typing import Any, Final, Literal
from uuid import UUID

from safespace.crypto import ballots as answers
from safespace.crypto import blind_rsa
from safespace.crypto.ballots import BLANK, AnswerContent
from safespace.crypto.errors import CryptoError
from safespace.fields import b64decode, b64encode
from safespace.rooms.ballots import WINDOW, Ballot
from safespace.rooms.running import settle
from safespace.rooms.state import State
from safespace.sdk.errors import Refused, Unreachable
from safespace.sdk.log import RoomLog
from safespace.sdk.place import Place
from safespace.sdk.rest import Rest
from safespace.sdk.store import Store

TOKEN_WITHIN: Final = 10_000
"""Milliseconds in which a device takes its token; a quarter of the time that is left, where that is less."""
ANSWER_WITHIN: Final = 40_000
"""Milliseconds after the end in which a device sends its answer. Who comes later than that says nothing: the server
would see who just came, and that an answer did."""
_NAP: Final = 0.25
"""Seconds between two looks at the clock: the end may come sooner than it was to."""
Fate = Literal["ready", "sent", "missed", "no_token"]
"""A device has its token; its answer went; it could not go in time; it gets no token."""
_chance = secrets.SystemRandom()


class Booth:
    """One room's. What is to be sent is on the device's disk first, so that a token is never used for two answers."""

    def __init__(self, rest: Rest, store: Store, log: RoomLog, place: Place) -> None:
        self._rest = rest
        self._store = store
        self._log = log
        self._place = place
        self._done: set[UUID] = set()
        log.watchers.append(self._look)

    def say(self, id: UUID, content: AnswerContent) -> None:
        """What is to be sent once the ballot has closed, in place of what was said before."""
        with self._store.writing(durable=True):
            self._store.put(content.model_dump(mode="json"), "answer", self._name, str(id))

    def said(self, id: UUID) -> AnswerContent | None:
        """What is to be sent, if something was said and has not gone yet."""
        kept = self._store.get("answer", self._name, str(id))
        return None if kept is None else AnswerContent.model_validate(kept)

    def fate(self, id: UUID) -> Fate | None:
        """How far this device is; None while it has no token yet."""
        slip = self._slip(id) or {}
        fate: Fate | None = slip.get("fate")
        return fate or ("ready" if "signature" in slip else None)

    @property
    def _name(self) -> str:
        return str(self._place.room)

    def _look(self) -> None:
        if self._log.live and self._log.trouble() is None and (state := self._state()) is not None:
            for id in state.live.ballots.keys() - self._done:
                self._log.chores.start(self._vote(id), f"vote {id}")

    def _state(self) -> State | None:
        state = self._place.state
        return None if state is None else settle(state, self._now())

    def _ballot(self, id: UUID) -> Ballot | None:
        state = self._state()
        return state.live.ballots.get(id) if state else None

    def _now(self) -> int:
        return self._place.clock.now()

    def _slip(self, id: UUID) -> dict[str, Any] | None:
        slip: dict[str, Any] | None = self._store.get("ballot", self._name, str(id))
        return slip

    def _keep(self, id: UUID, slip: dict[str, Any], *, said: bool = True) -> None:
        with self._store.writing(durable=True):
            self._store.put(slip, "ballot", self._name, str(id))
            if not said:
                self._store.delete("answer", self._name, str(id))

    async def _vote(self, id: UUID) -> None:
        if self.fate(id) in (None, "ready"):
            sent = await self._take_token(id) and await self._send(id)
            fate: Fate = "sent" if sent else "missed" if self.fate(id) == "ready" else "no_token"
            self._keep(id, {"fate": fate}, said=False)
        self._done.add(id)

    async def _until(self, due: Callable[[], float]) -> None:
        while self._now() < due():  # noqa: ASYNC110 - it is the clock that is waited for
            await asyncio.sleep(_NAP)

    def _closes(self, id: UUID) -> int:
        ballot = self._ballot(id)
        return ballot.closes if ballot else 0

    async def _take_token(self, id: UUID) -> bool:
        """Have one, of which the server did not see what it signed. False where this member gets none."""
        ballot, slip = self._ballot(id), self._slip(id)
        if ballot is None or (slip and "signature" in slip):
            return ballot is not None
        begun = self._now()
        moment = begun + _chance.uniform(0, min(TOKEN_WITHIN, max(0, ballot.closes - begun) / 4))
        await self._until(lambda: moment)
        key = b64decode(ballot.token_key)
        try:
            if slip is None:
                message = blind_rsa.prepare(id.bytes)
                blinded, inverse = blind_rsa.blind(key, message)
                slip = {"message": b64encode(message), "blinded": b64encode(blinded), "inverse": b64encode(inverse)}
                self._keep(id, slip)
            signed = await self._have_signed(id, slip["blinded"])
            if signed is None:
                return False
            signature = blind_rsa.finalize(key, b64decode(slip["message"]), signed, b64decode(slip["inverse"]))
        except CryptoError:
            self._log.warn("ballot_forged")
            return False
        self._keep(id, {"message": slip["message"], "signature": b64encode(signature)})
        return True

    async def _have_signed(self, id: UUID, blinded: str) -> bytes | None:
        while self._now() < self._closes(id):
            try:
                path = f"/groups/{self._place.group}/ballots/{id}/token"
                return b64decode((await self._rest.call("POST", path, {"blinded": blinded}))["signature"])
            except (Refused, Unreachable) as error:
                if not _passes(error):
                    return None
                await asyncio.sleep(_chance.uniform(1, 3))
            except (ValueError, TypeError, KeyError):
                return None
        return None

    async def _send(self, id: UUID) -> bool:
        """Send what was said, or that nothing was. False where it is too late."""
        await self._until(lambda: self._closes(id))
        begun, last = self._now(), self._closes(id) + ANSWER_WITHIN
        if begun >= last:
            return False
        moment = _chance.uniform(begun, last)
        await self._until(lambda: moment)
        slip = self._sealed(id)
        if slip is None:
            return False
        body = {name: slip[name] for name in ("message", "signature", "sealed")}
        while self._now() < self._closes(id) + WINDOW:
            try:
                await self._rest.nameless(f"/ballots/{id}/answers", body)
            except (Refused, Unreachable) as error:
                if not _passes(error):
                    return False
                await asyncio.sleep(_chance.uniform(0.5, 1.5))
            else:
                return True
        return False

    def _sealed(self, id: UUID) -> dict[str, Any] | None:
        """The slip with the sealed answer; from now on nothing else goes with this token."""
        state, slip = self._place.state, self._slip(id)
        asked = state.prompts.get(id) if state else None
        if slip is None or asked is None or "sealed" in slip:
            return slip
        content, message = self.said(id) or BLANK, b64decode(slip["message"])
        public = b64decode(asked.answer_key)
        sealed = answers.seal_answer(content, public, self._place.group.bytes, id.bytes, message)
        slip = {**slip, "sealed": b64encode(sealed)}
        self._keep(id, slip, said=False)
        return slip


def _passes(error: Refused | Unreachable) -> bool:
    """Whether asking again may help: nobody answered, or the server says when to."""
    return isinstance(error, Unreachable) or error.retry_after is not None
