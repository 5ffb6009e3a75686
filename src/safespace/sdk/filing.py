"""Filing reports, and what became of one's own."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from uuid6 import uuid7

from safespace.crypto.errors import CryptoError
from safespace.crypto.reports import MAX_LINES, AnswerContent, ReportContent, ReportedLine, read, write
from safespace.rooms.former import goes_on_as
from safespace.rooms.reports import ReportKind, may_have_read, recipients
from safespace.rooms.state import PolicyError
from safespace.sdk.conversation import Message
from safespace.sdk.errors import Refused
from safespace.sdk.log import RoomLog
from safespace.sdk.place import Place
from safespace.sdk.reach import reachable
from safespace.sdk.reports import OwnReport
from safespace.sdk.rest import Rest
from safespace.sdk.statements import Statements
from safespace.sdk.store import Store


class Filing:
    """The own reports of one member in a group."""

    def __init__(self, rest: Rest, store: Store, log: RoomLog, place: Place) -> None:
        self._rest = rest
        self._store = store
        self._log = log
        self._place = place
        self._statements = Statements(place)

    async def report_message(
        self, kind: ReportKind, message: Message, note: str, context: int, said_in: RoomLog
    ) -> UUID:
        """Report a message, or ask for it to be checked, with the `context` messages nearest to it.

        Raises Refused: unknown_line (it is not kept here any more), no_recipient, invalid_field, throttled, …
        """
        _check_context(context, MAX_LINES - 1)
        lines = said_in.conversation.quotes(message.seq, context)
        if not any(line.seq == message.seq for line in lines):
            raise Refused("unknown_line")
        return await self._file(kind, message.member, note, message.seq, lines, said_in.place.room)

    async def report(self, kind: ReportKind, member: str | None, note: str, context: int) -> UUID:
        """Report a person or a situation, with the newest `context` messages. Raises Refused."""
        _check_context(context, MAX_LINES)
        lines = self._log.conversation.newest_quotes(context)
        return await self._file(kind, member, note, None, lines)

    async def own(self) -> list[OwnReport]:
        """What this member filed, the newest first. Raises Refused."""
        kept = {one["id"]: one for one in self._kept()}
        group = self._statements.state.group
        return [
            self._own(item, kept.get(item["id"])) async for item in self._rest.items(f"/groups/{group}/reports/own")
        ]

    def _own(self, item: Any, kept: Any) -> OwnReport:
        id = UUID(item["id"])
        answers = [self._answer(id, box, kept) for box in item["answers"]]
        return OwnReport(
            id=id,
            time=item["created"],
            open=item["status"] == "open",
            kind=kept and kept["kind"],
            accused=self._statements.someone(kept["accused"]) if kept and kept["accused"] else None,
            note=kept and kept["note"],
            answers=[text for text in answers if text is not None],
        )

    def _answer(self, id: UUID, box: str, kept: Any) -> str | None:
        """What was answered; None, with a warning, for what none of those wrote who can have read the report."""
        try:
            said, author = self._statements.unseal_answer(id, box)
            content = read(AnswerContent, said)
            if content.report != id or (kept and not self._can_answer(author.id, kept)):
                raise CryptoError("this is not an answer to this report")
        except CryptoError:
            self._log.warn("report_forged")
            return None
        return content.text

    def _can_answer(self, author: str, kept: Any) -> bool:
        return may_have_read(self._statements.state, self._place.roll, author, kept["accused"], kept["to"])

    async def _file(
        self,
        kind: ReportKind,
        accused: str | None,
        note: str,
        line: int | None,
        lines: Sequence[ReportedLine],
        room: UUID | None = None,
    ) -> UUID:
        self._log.check_usable()
        state, me, id = self._statements.state, self._statements.me, uuid7()
        try:
            roles = {one: member.role for one, member in state.members.items()}
            chosen = recipients(roles, kind, accused and goes_on_as(state, accused), me)
            to = reachable(self._log.unreached, state, chosen)
            if not set(to) - {me}:
                raise PolicyError("no_recipient")
            content = ReportContent(
                kind=kind,
                id=id,
                group=state.group,
                room=room or self._log.place.room,
                accused=accused,
                note=note,
                to=tuple(to),
                line=line,
                lines=tuple(lines),
            )
        except PolicyError as error:
            raise Refused(error.code) from error
        except ValidationError as error:
            raise Refused("invalid_field", "A text is empty or too long.") from error
        sealed, boxes = self._statements.seal("safespace report", id, _written(content), to)
        # What was said to have been sent stays known here, not the lines: those end with the conversation.
        kept = {"id": str(id), "kind": kind, "accused": accused, "note": note, "to": to}
        with self._store.writing(durable=True):
            self._store.put([*self._kept(), kept], "own reports", str(self._log.place.room))
        await self._rest.call(
            "POST", f"/groups/{state.group}/reports", {"id": str(id), "sealed": sealed, "boxes": boxes}
        )
        return id

    def _kept(self) -> list[Any]:
        return list(self._store.get("own reports", str(self._log.place.room)) or [])


def _check_context(context: int, most: int) -> None:
    if not 0 <= context <= most:
        raise Refused("invalid_field", f"Between 0 and {most} lines can go with this report.")


def _written(content: ReportContent) -> bytes:
    """With as many lines as it has room for: the one that is meant always, the others by how near they are."""
    while True:
        try:
            return write(content)
        except CryptoError:
            meant = content.line or content.lines[-1].seq
            farthest = max(content.lines, key=lambda line: abs(line.seq - meant))
            content = content.model_copy(update={"lines": tuple(one for one in content.lines if one is not farthest)})
