"""Reports: filed, written about, and who is told. What is in them only their recipients can read."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from safespace import wire
from safespace.budgets import QUOTAS
from safespace.clock import Clock
from safespace.connection import Connection
from safespace.errors import SafeSpaceError
from safespace.framing import text_frame
from safespace.relay.joining import current_member
from safespace.relay.news import News
from safespace.rooms.roles import RANKS, may
from safespace.storage import groups, reports
from safespace.storage.database import Database

READERS = tuple(role for role in RANKS if may(role, "read_reports"))
MAX_WRITTEN = 256 * 1024
"""Bytes of the entries about a report and their answers: whoever reads it gets it with all of them."""


class Reporting:
    """The use cases around reports, each one transaction and then the news of it."""

    def __init__(self, database: Database, news: News, clock: Clock) -> None:
        self._database = database
        self._news = news
        self._clock = clock

    async def file(
        self, account: UUID, group: UUID, id: UUID, sealed: bytes, boxes: Mapping[bytes, bytes]
    ) -> reports.Report:
        """Keep a report for its recipients (member id → box); the same again is answered alike.

        Raises SafeSpaceError not_found, unknown_member (a box for someone who may not read reports), quota_reached or
        client_id_reused.
        """
        now = self._clock()
        async with self._database.write() as db:
            await groups.lock(db, group)
            await current_member(db, group, account)
            known = await reports.find(db, id)
            if known is not None:
                if (known.group, known.account, known.sealed) != (group, account, sealed):
                    raise SafeSpaceError("client_id_reused")
                return known
            if not boxes.keys() <= await _readers(db, group):
                raise SafeSpaceError("unknown_member")
            QUOTAS["reports"].check(await reports.open_of(db, group, account))
            reaches = await groups.kept_since(db, group, now)
            filed = reports.Report(id, group, account, sealed, created=now, reaches=reaches)
            await reports.create(db, filed, boxes)
        await self.tell_readers(group, id)
        return filed

    async def write(
        self,
        account: UUID,
        group: UUID,
        entry: UUID,
        report: UUID,
        sealed: bytes,
        boxes: Mapping[bytes, bytes],
        *,
        status: reports.Status | None,
        answer: bytes | None,
    ) -> reports.Entry:
        """Add an entry of a recipient for other recipients; `answer` is for who filed the report.

        Raises SafeSpaceError not_found, forbidden, report_unknown, unknown_member, quota_reached or client_id_reused.
        """
        now = self._clock()
        async with self._database.write() as db:
            await groups.lock(db, group)
            reader = await reader_of_reports(db, group, account)
            found = await reports.find(db, report)
            recipients = await reports.recipients(db, report)
            if found is None or found.group != group or reader.member not in recipients:
                raise SafeSpaceError("report_unknown")
            known = await reports.entry(db, entry)
            if known is not None:
                if (known.report, known.author, known.sealed) != (report, reader.member, sealed):
                    raise SafeSpaceError("client_id_reused")
                return known
            if reader.member not in boxes:
                raise SafeSpaceError("invalid_field", "boxes: the caller's own box is missing.")
            if not boxes.keys() <= recipients & await _readers(db, group):
                raise SafeSpaceError("unknown_member")
            count, size = await reports.written_about(db, report)
            QUOTAS["entries"].check(count)
            if size + len(sealed) + len(answer or b"") > MAX_WRITTEN:
                raise SafeSpaceError("quota_reached", "As much is written about this report as there may be.")
            written = reports.Entry(entry, report, reader.member, now, sealed, answer)
            await reports.add_entry(db, written, boxes)
            if status is not None:
                await reports.set_status(db, report, status, now)
        await self.tell_readers(group, report)
        if status is not None or answer is not None:
            self._news.tell([found.account], wire.Report(group=group, open=None).model_dump_json())
        return written

    async def greet(self, connection: Connection) -> None:
        """Tell a new connection in which of its groups reports wait for it."""
        for _, text in await self._open_for([connection.account]):
            connection.push(text_frame(text))

    async def tell_open_here(self, accounts: Sequence[UUID]) -> None:
        """Tell these accounts, as far as they are connected to this process, in which of their groups reports wait."""
        for account, text in await self._open_for(accounts):
            self._news.tell_here(account, text)

    async def _open_for(self, accounts: Sequence[UUID]) -> list[tuple[UUID, str]]:
        async with self._database.read() as db:
            found = await reports.open_for(db, accounts, READERS)
        return [(account, wire.Report(group=group, open=count).model_dump_json()) for account, group, count in found]

    async def tell_readers(self, group: UUID, report: UUID) -> None:
        """Tell each recipient how many reports are open to them."""
        async with self._database.read() as db:
            recipients = await reports.recipients(db, report)
            readers = [one for one in await groups.with_roles(db, group, READERS) if one.member in recipients]
            counts = await reports.open_by_member(db, group, [one.member for one in readers])
        for one in readers:
            frame = wire.Report(group=group, open=counts[one.member])
            self._news.tell([one.account], frame.model_dump_json())


async def reader_of_reports(db: AsyncConnection, group: UUID, account: UUID) -> groups.Member:
    """The account's membership, for those who may read reports. Raises SafeSpaceError not_found or forbidden."""
    member = await current_member(db, group, account)
    if member.role not in READERS:
        raise SafeSpaceError("forbidden")
    return member


async def _readers(db: AsyncConnection, group: UUID) -> set[bytes]:
    return {one.member for one in await groups.with_roles(db, group, READERS)}
