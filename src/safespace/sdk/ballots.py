"""Asking everyone something that they answer without a name."""

import contextlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import ValidationError

from safespace.crypto import ballots as answers
from safespace.crypto import blind_rsa, hpke
from safespace.crypto.ballots import AnswerContent, Mood
from safespace.crypto.errors import CryptoError
from safespace.fields import Asks, b64decode, b64encode
from safespace.rooms.ballots import Ballot as State
from safespace.rooms.boxes import MAX_BOXES, Box
from safespace.rooms.live_actions import CloseBallot, OpenBallot
from safespace.rooms.roles import RANKS, may
from safespace.rooms.state import Prompted
from safespace.sdk.booth import Fate
from safespace.sdk.clocks import date_of
from safespace.sdk.deciding import acting
from safespace.sdk.errors import Refused
from safespace.sdk.reach import reachable
from safespace.sdk.rest import Rest
from safespace.sdk.room import Room

Progress = Literal["open", "coming", "in", "too_few"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody answered."""

    text: str
    mood: Mood | None


@dataclass(frozen=True, slots=True)
class Ballot:
    """Something that is or was asked. Whoever is in the room then answers by their device, at a random moment in the
    minute after it `closes`: with what they said, or a blank. Raises Refused, Removed, Left, Moved or UntrustedServer.
    """

    id: UUID
    asks: Asks
    prompt: str
    _room: Room = field(repr=False, compare=False)
    _rest: Rest = field(repr=False, compare=False)

    @property
    def closes(self) -> datetime:
        """When nobody can change their answer any more."""
        return date_of(self._found()[0].closes)

    @property
    def is_open(self) -> bool:
        return self._found()[0].closes > self._room.place.clock.now()

    def answer(self, text: str = "", *, mood: Mood | None = None) -> None:
        """Say something, in place of what was said before; it stays on this device until the ballot has closed.

        `mood` is how the session left one, for feedback. Refused: `ballot_over`; `ballot_unknown` for who was not in
        the group when it was asked; `invalid_field` for more than 500 characters.
        """
        if not self.is_open:
            raise Refused("ballot_over")
        if self.fate not in (None, "ready"):
            raise Refused("ballot_unknown")
        try:
            self._room.booth.say(self.id, AnswerContent(text=text, mood=mood))
        except ValidationError as error:
            raise Refused("invalid_field", "An answer has up to 500 characters.") from error

    @property
    def fate(self) -> Fate | None:
        """How far this device is with its answer; None while it has no token yet."""
        return self._room.booth.fate(self.id)

    async def close(self) -> None:
        """End it now. Refused: `ballot_over`, `forbidden`."""
        await self._room.do(CloseBallot(ballot=self.id))

    async def progress(self) -> Progress:
        """Whether it is `open`, answers are `coming`, they are `in`, or they were `too_few` and are deleted."""
        status: Progress = (await self._rest.call("GET", self._path))["status"]
        return status

    async def answers(self) -> list[Answer]:
        """What was said, in no order, for facilitators and above; blank answers are left out.

        Nobody is shown anything where fewer than five answered. An answer without a right token is left out, with a
        warning; so is there one where more answered than were asked. Refused: `ballot_not_over`, `forbidden`.
        """
        state, asked = self._found()
        private = self._private(asked)
        found, tokens = [], set()
        async for item in self._rest.items(f"{self._path}/answers"):
            try:
                message, signature = b64decode(item["message"]), b64decode(item["signature"])
                if message in tokens or not self._is_token(state, message, signature):
                    raise CryptoError("this answer has no token")
                tokens.add(message)
                sealed, group = b64decode(item["sealed"]), self._room.place.group.bytes
                content = answers.open_answer(sealed, private, group, self.id.bytes, message)
            except (CryptoError, ValueError):
                self._room.log.warn("ballot_forged")
                continue
            if content != answers.BLANK:
                found.append(Answer(content.text, content.mood))
        if len(tokens) > state.voters:
            self._room.log.warn("ballot_stuffed")
        return found

    @property
    def _path(self) -> str:
        return f"/groups/{self._room.place.group}/ballots/{self.id}"

    def _found(self) -> tuple[State, Prompted]:
        state = self._room.now()
        if self.id not in state.live.ballots:
            raise Refused("ballot_unknown")
        return state.live.ballots[self.id], state.prompts[self.id]

    def _is_token(self, state: State, message: bytes, signature: bytes) -> bool:
        return message[blind_rsa.PREFIX :] == self.id.bytes and blind_rsa.verify(
            b64decode(state.token_key), message, signature
        )

    def _private(self, asked: Prompted) -> bytes:
        """The key that opens the answers. Refused: `forbidden` where it was not sealed to this member."""
        place = self._room.place
        for box in asked.readers:
            if box.member == place.me:
                with contextlib.suppress(CryptoError):
                    return answers.open_key(b64decode(box.box), place.policy_private, place.group.bytes, self.id.bytes)
        raise Refused("forbidden", "The answers were not sealed to you.")


class Ballots:
    """What a group is asked anonymously."""

    main: Room
    _rest: Rest

    async def open_ballot(self, asks: Asks, prompt: str, minutes: int = 3) -> Ballot:
        """Ask everyone for `questions`, or for `feedback`, which may be up to a day after a session.

        Facilitators and above of now can read the answers, if five or more come. Refused: `forbidden`, `no_session`,
        `ballot_open` while something else is asked, `too_few` where the group has fewer than five members.
        """
        place = self.main.place
        made = await self._rest.call("POST", f"/groups/{place.group}/ballots")
        id, (private, public) = UUID(made["id"]), hpke.generate()
        members = self.main.now().members
        readers = sorted(
            (one for one in members if may(members[one].role, "open_ballot")),
            key=lambda one: RANKS[members[one].role],
            reverse=True,
        )
        boxes = []
        for one in sorted(reachable(self.main.log.unreached, self.main.now(), readers)[:MAX_BOXES]):
            sealed = answers.seal_key(private, b64decode(members[one].key), place.group.bytes, id.bytes)
            boxes.append(Box(member=one, box=b64encode(sealed)))
        action = acting(
            OpenBallot,
            ballot=id,
            asks=asks,
            minutes=minutes,
            token_key=made["token_key"],
            prompt=prompt,
            answer_key=b64encode(public),
            readers=tuple(boxes),
        )
        await self.main.do(action)
        return Ballot(id, asks, prompt, self.main, self._rest)

    def ballots(self) -> list[Ballot]:
        """What is and was asked, the newest last; four are remembered."""
        state = self.main.now()
        known = sorted(state.live.ballots.items(), key=lambda item: item[1].opened)
        return [Ballot(id, one.asks, state.prompts[id].prompt, self.main, self._rest) for id, one in known]

    def ask_anonymously(self, text: str) -> Ballot:
        """Put a question that nobody can tell is one's own, while questions are asked for. Raises as `Ballot.answer`
        does; Refused `ballot_unknown` where they are not."""
        ballot = next((one for one in self.ballots() if one.asks == "questions" and one.is_open), None)
        if ballot is None:
            raise Refused("ballot_unknown")
        ballot.answer(text)
        return ballot
