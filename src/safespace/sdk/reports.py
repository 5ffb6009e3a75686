"""Reports as people use them. What a report is and when it is proved is in docs/protocol.md, "Reports"."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from safespace.rooms.reports import ReportKind
from safespace.sdk.clocks import date_of

EntryKind = Literal["note", "assign", "resolve", "reopen"]


class Writer(Protocol):
    """What writes about a report: `sdk.desk.Desk`."""

    @property
    def me(self) -> str: ...

    async def enter(
        self, report: "Report", kind: EntryKind, text: str = "", *, member: str | None = None, answer: str | None = None
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class Someone:
    """A member, or who was one; then `pseudonym` is None."""

    id: str
    pseudonym: str | None


@dataclass(frozen=True, slots=True)
class QuotedLine:
    """A line that came with a report. `proved`: `sender` wrote exactly this, there and then."""

    seq: int
    text: str
    sender: Someone
    time: int
    proved: bool

    @property
    def sent_at(self) -> datetime:
        """When the server took it, if it is proved."""
        return date_of(self.time)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a recipient wrote about a report. `member` is who takes it on, for `assign`."""

    kind: EntryKind
    by: Someone
    text: str
    member: Someone | None
    time: int


@dataclass(slots=True)
class Report:
    """A report that this member can read. `proved` is None where it quotes no message."""

    id: UUID
    kind: ReportKind
    time: int
    reporter: Someone
    accused: Someone | None
    note: str
    proved: bool | None
    room: UUID
    """In which its lines were said."""
    said: QuotedLine | None
    context: list[QuotedLine]
    """The lines around it, or all lines where none is meant."""
    readers: list[Someone]
    entries: list[Entry]
    desk: Writer = field(repr=False)

    @property
    def text(self) -> str | None:
        """What the reported message says."""
        return self.said.text if self.said else None

    @property
    def open(self) -> bool:
        """Whether nobody has resolved it, or somebody opened it again."""
        decided = [entry.kind for entry in self.entries if entry.kind in ("resolve", "reopen")]
        return decided[-1:] != ["resolve"]

    @property
    def assigned(self) -> Someone | None:
        """Who takes it on."""
        taken = [entry.member for entry in self.entries if entry.kind == "assign"]
        return taken[-1] if taken else None

    async def add_note(self, text: str) -> None:
        """Write something for the others who can read it. Raises Refused."""
        await self.desk.enter(self, "note", text)

    async def assign(self, member: str | None = None) -> None:
        """Have a member (by id) take it on; by default oneself. Raises Refused."""
        await self.desk.enter(self, "assign", member=member or self.desk.me)

    async def resolve(self, note: str = "", answer: str | None = None) -> None:
        """Say that it is seen to: `note` for those who can read it, `answer` for who filed it. Raises Refused."""
        await self.desk.enter(self, "resolve", note, answer=answer)

    async def reopen(self, note: str = "") -> None:
        """Take it up again. Raises Refused."""
        await self.desk.enter(self, "reopen", note)


@dataclass(frozen=True, slots=True)
class OwnReport:
    """A report of one's own. What it was about is known on the device that filed it alone."""

    id: UUID
    time: int
    open: bool
    kind: ReportKind | None
    accused: Someone | None
    note: str | None
    answers: list[str]
