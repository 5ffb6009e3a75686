"""The report desk: reports that are for this member, what is proved of them, and what is written about them."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from uuid6 import uuid7

from safespace.crypto.errors import CryptoError
from safespace.crypto.reports import AnswerContent, EntryContent, ReportContent, ReportedLine, read, write
from safespace.fields import b64decode
from safespace.rooms.reports import later_recipients, may_have_read
from safespace.rooms.roles import may
from safespace.sdk.errors import Refused
from safespace.sdk.log import RoomLog
from safespace.sdk.reach import reachable
from safespace.sdk.reports import Entry, EntryKind, QuotedLine, Report, Someone
from safespace.sdk.rest import Rest
from safespace.sdk.room import Room
from safespace.sdk.said import CardMessage, TextMessage, read_said
from safespace.sdk.statements import Statements


class Desk:
    """The reports of one group, for one member."""

    def __init__(self, rest: Rest, main: Room) -> None:
        self._rest = rest
        self._main = main
        self._log = main.log
        self._statements = Statements(main.place)

    @property
    def me(self) -> str:
        return self._statements.me

    async def reports(self) -> list[Report]:
        """The reports this member can read, the newest first. What is not genuine is left out, with a warning.

        Raises Refused.
        """
        found = []
        async for item in self._rest.items(f"/groups/{self._statements.state.group}/reports"):
            try:
                found.append(await self._read(item))
            except CryptoError:
                self._log.warn("report_forged")
        return found

    async def _read(self, item: Any) -> Report:
        id = UUID(item["id"])
        said, reporter = self._statements.unseal("safespace report", id, item["sealed"], item["box"])
        content = read(ReportContent, said)
        if (content.id, content.group) != (id, self._statements.state.group) or not self._is_reader(self.me, content):
            raise CryptoError("this is another report")
        quoted = [await self._quoted(line, content.room) for line in content.lines]
        meant = next((line for line in quoted if line.seq == content.line), None)
        accused = None if content.accused is None else self._statements.someone(content.accused)
        return Report(
            id=id,
            kind=content.kind,
            time=item["created"],
            reporter=reporter,
            accused=accused,
            note=content.note,
            proved=None if meant is None else meant.proved and meant.sender.id == content.accused,
            room=content.room,
            said=meant,
            context=[line for line in quoted if line is not meant],
            readers=[self._statements.someone(member) for member in self._readers(content, reporter.id, item)],
            entries=list(self._entries(content, item["entries"])),
            desk=self,
        )

    def _is_reader(self, member: str, report: ReportContent) -> bool:
        return may_have_read(self._statements.state, self._main.place.roll, member, report.accused, report.to)

    def _readers(self, report: ReportContent, reporter: str, item: Any) -> list[str]:
        """Those to whom it is sealed, and who may have it: the server's word alone makes nobody a reader."""
        state, roll = self._statements.state, self._main.place.roll
        later = later_recipients(state, roll, report.kind, report.accused, reporter, report.to)
        return sorted({*report.to, self.me, *(later & set(item["readers"]))})

    async def _quoted(self, line: ReportedLine, room: UUID) -> QuotedLine:
        log = self._main.log_of(room)
        held = None if log is None else log.conversation.quote(line.seq)
        proved: bool | None = False
        if self._is_writers(line, room, log):
            proved = line.check(room.bytes, held)
        if proved is None:
            proved = await self._is_stamped(line, room)
        return QuotedLine(line.seq, _text(line), self._writer(line), line.time, proved)

    def _writer(self, line: ReportedLine) -> Someone:
        """Whose leaf it is said to be."""
        said = self._statements
        return said.writer(line.leaf) if line.endorsed is None else said.someone(line.endorsed.member)

    def _is_writers(self, line: ReportedLine, room: UUID, log: RoomLog | None) -> bool:
        """Whether the leaf is theirs: in main by what the group has agreed, in a further room by their own word, and
        by what that room has agreed where this device is in it."""
        endorsed, place = line.endorsed, self._main.place
        if room == place.room or endorsed is None:
            return room == place.room and endorsed is None
        known = place.roll.get(endorsed.member)
        here = None if log is None else log.place.member_of(b64decode(line.leaf))
        if known is None or here not in (None, endorsed.member):
            return False
        return line.is_endorsed(place.group.bytes, b64decode(known.key))

    async def _is_stamped(self, line: ReportedLine, room: UUID) -> bool:
        """What the server says of a stamp, and of whose leaf it is."""
        body = line.model_dump(mode="json", exclude={"content", "kf", "endorsed"})
        body |= {"room": str(room), "member": self._writer(line).id}
        answer = await self._rest.call("POST", f"/groups/{self._statements.state.group}/stamps/verify", body)
        return answer["valid"] is True

    def _entries(self, report: ReportContent, items: list[Any]) -> Iterator[Entry]:
        for item in items:
            if item["box"] is None:
                continue  # written before this member could read it
            id = UUID(item["id"])
            try:
                said, author = self._statements.unseal("safespace report entry", id, item["sealed"], item["box"])
                content = read(EntryContent, said)
                if (content.id, content.report) != (id, report.id) or not self._is_reader(author.id, report):
                    raise CryptoError("this is no entry of this report")
            except CryptoError:
                self._log.warn("report_forged")
                continue
            member = None if content.member is None else self._statements.someone(content.member)
            yield Entry(content.kind, author, content.text, member, item["created"])

    async def enter(
        self, report: Report, kind: EntryKind, text: str = "", *, member: str | None = None, answer: str | None = None
    ) -> None:
        """Add an entry, for the recipients who are of staff now; the report then has it, too. Raises Refused."""
        state, id = self._statements.state, uuid7()
        try:
            content = EntryContent(id=id, report=report.id, kind=kind, member=member, text=text)
            told = None if answer is None else AnswerContent(report=report.id, text=answer)
        except ValidationError as error:
            raise Refused("invalid_field", "A text is empty or too long.") from error
        roles = {one: entry.role for one, entry in state.members.items()}
        to = [one.id for one in report.readers if may(roles.get(one.id, "guest"), "read_reports")]
        to = reachable(self._log.unreached, state, to)
        sealed, boxes = self._statements.seal("safespace report entry", id, write(content), to)
        body = {
            "id": str(id),
            "sealed": sealed,
            "boxes": boxes,
            "status": {"resolve": "resolved", "reopen": "open"}.get(kind),
            "answer": told and self._answer(report, told),
        }
        item = await self._rest.call("POST", f"/groups/{state.group}/reports/{report.id}/entries", body)
        taken = None if member is None else self._statements.someone(member)
        report.entries.append(Entry(kind, self._statements.someone(self.me), text, taken, item["created"]))

    def _answer(self, report: Report, told: AnswerContent) -> str | None:
        """For the reporter; None where they are gone, or cannot be reached."""
        state, reporter = self._statements.state, report.reporter.id
        if reporter not in state.members or not reachable(self._log.unreached, state, [reporter]):
            return None
        return self._statements.seal_answer(report.id, write(told), reporter)


def _text(line: ReportedLine) -> str:
    """What a line says; nothing for what says nothing."""
    try:
        said = read_said(b64decode(line.content))
    except ValueError:
        return ""
    return said.text if isinstance(said, TextMessage | CardMessage) else ""
