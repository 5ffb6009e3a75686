"""Requests to join: ask, withdraw, decline, and who is told."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Literal, NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from safespace import wire
from safespace.beside import beside
from safespace.budgets import QUOTAS
from safespace.clock import Clock
from safespace.connection import Connection
from safespace.crypto.mls import check_key_package
from safespace.errors import SafeSpaceError
from safespace.fields import Role
from safespace.framing import text_frame
from safespace.relay.news import News
from safespace.rooms.roles import RANKS, may
from safespace.storage import accounts, declines, effects, groups, identities, invites, key_packages, rooms, undoing
from safespace.storage.database import Database

Answered = Literal["admitted", "declined", "ended", "undone"]
ADMITTERS = tuple(role for role in RANKS if may(role, "admit"))
MINUTE = 60_000
DAY = 86_400_000
PAUSES = (2 * MINUTE, 10 * MINUTE, 60 * MINUTE, 360 * MINUTE, DAY)
"""Milliseconds that an account waits before it asks again after its first no, its second, and so on."""
MAX_REQUEST_LIFE = 90 * DAY
"""Milliseconds a request may wait; KeyPackages are kept no longer."""


def check_usable(invite: invites.Invite | None, now: int) -> invites.Invite:
    """Raises SafeSpaceError invite_unknown, invite_revoked, invite_expired or invite_used_up."""
    if invite is None:
        raise SafeSpaceError("invite_unknown")
    if invite.ended is not None:
        raise SafeSpaceError("invite_revoked")
    if invite.expires <= now:
        raise SafeSpaceError("invite_expired")
    if invite.used >= invite.uses:
        raise SafeSpaceError("invite_used_up")
    return invite


class _Asked(NamedTuple):
    """Who asks to join, and with what; `device` is the asking one, if it holds the keys of a leaf that it has."""

    account: UUID
    device: UUID | None
    id: UUID
    invite: UUID
    expires: int
    mac: bytes


class Joining:
    """The use cases around requests, each one transaction and then the news of it."""

    def __init__(self, database: Database, news: News, clock: Clock) -> None:
        self._database = database
        self._news = news
        self._clock = clock

    async def ask(
        self,
        account: UUID,
        device: UUID,
        *,
        id: UUID,
        invite: UUID,
        package: bytes,
        sealed: bytes,
        expires: int,
        mac: bytes,
        lost_keys: bool,
    ) -> invites.Answer:
        """Store a request to join; asking the same again changes nothing. Raises SafeSpaceError.

        A member asks to come back where this device has no leaf in the group, or, with `lost_keys`, one without keys.
        """
        now = self._clock()
        asked = _Asked(account, None if lost_keys else device, id, invite, expires, mac)
        async with self._database.read() as db:
            if await self._may_ask(db, asked, now) is None:
                return await _own(db, account, id)
        # What takes long comes last, and is not done for what is refused in any case.
        checked = await beside(check_key_package, package, now // 1000)
        async with self._database.write() as db:
            await accounts.lock(db, account)
            if (group := await invites.group_of(db, invite)) is not None:
                await groups.lock(db, group)
            usable = await self._may_ask(db, asked, now)
            if usable is None:
                return await _own(db, account, id)
            if await invites.ref_known(db, checked.ref) or await key_packages.ref_known(db, [checked.ref]):
                raise SafeSpaceError("key_package_used")
            # Those who admit see the package from now on.
            if not await identities.claim(db, checked.identity, usable.group, account):
                raise SafeSpaceError("duplicate_identity")
            request = invites.Request(
                id=id,
                invite=invite,
                group=usable.group,
                account=account,
                device=device,
                package=package,
                package_ref=checked.ref,
                identity=checked.identity,
                sealed=sealed,
                expires=expires,
                mac=mac,
                status="waiting",
                created=now,
            )
            await invites.ask(db, request)
            answer = await _own(db, account, id)
        await self.tell_admitters(usable.group)
        return answer

    async def withdraw(self, account: UUID, id: UUID) -> None:
        """Take one's own request back. Raises SafeSpaceError request_unknown or request_decided."""
        async with self._database.write() as db:
            request = await invites.request(db, id)
            if request is None or request.account != account:
                raise SafeSpaceError("request_unknown")
            if not await invites.end(db, id, "withdrawn", self._clock()):
                raise SafeSpaceError("request_decided")
        await self.tell_admitters(request.group)

    async def decline(self, account: UUID, group: UUID, id: UUID, word: bytes | None, *, final: bool) -> None:
        """Answer a request with no, and with a sealed `word`; with `final` the account is not to ask again.

        Raises SafeSpaceError not_found, forbidden, request_unknown or request_decided.
        """
        async with self._asked(account, group, id) as (db, request):
            if not await invites.end(db, id, "declined", self._clock(), word=word):
                raise SafeSpaceError("request_decided")
            await declines.add(db, group, request.account, self._clock(), final=final)
        await self.tell_answer(request, "declined")

    async def decline_all(self, account: UUID, group: UUID, ids: Sequence[UUID]) -> None:
        """Answer these requests with no, as far as they wait. Raises SafeSpaceError not_found or forbidden."""
        ended = []
        async with self._database.write() as db:
            await groups.lock(db, group)
            await admitter(db, group, account)
            for id in ids:
                request = await invites.request(db, id)
                if request is None or request.group != group:
                    continue
                if await invites.end(db, id, "declined", self._clock()):
                    await declines.add(db, group, request.account, self._clock(), final=False)
                    ended.append(request)
        for request in ended:
            self._tell_asker(request, "declined")
        await self.tell_admitters(group)

    async def look(self, account: UUID, group: UUID) -> None:
        """One who admits looks who waits; who is seen for the first time is told. Raises as `refused` does."""
        async with self._database.read() as db:
            await admitter(db, group, account)
            if not await invites.any_unseen(db, group):
                return
        async with self._database.write() as db:
            await groups.lock(db, group)
            seen = await invites.see(db, group)
        self._tell_to_look(seen)

    async def refused(self, account: UUID, group: UUID) -> int:
        """How many accounts were asked not to ask again. Raises SafeSpaceError not_found or forbidden."""
        async with self._database.read() as db:
            await admitter(db, group, account)
            return await declines.count_final(db, group)

    async def forgive(self, account: UUID, group: UUID) -> None:
        """Everyone who was told no may ask again. Raises SafeSpaceError not_found or forbidden."""
        async with self._database.write() as db:
            await groups.lock(db, group)
            await admitter(db, group, account)
            await declines.forgive(db, group)

    async def revoke(self, account: UUID, group: UUID, invite: UUID) -> None:
        """Take an invite back, and tell those who wait by it. Raises SafeSpaceError not_found, forbidden or
        invite_unknown.
        """
        async with self._database.write() as db:
            await groups.lock(db, group)
            await admitter(db, group, account)
            known = await invites.invite(db, invite)
            if known is None or known.group != group:
                raise SafeSpaceError("invite_unknown")
            await invites.revoke(db, [invite], "invite_revoked")
            await undoing.set_otherwise(db, group, [effects.invite(invite)])
            stranded = await invites.end_stranded(db, group, self._clock())
        await self.tell_stranded(group, stranded)

    async def say(self, account: UUID, group: UUID, id: UUID, word: bytes) -> None:
        """Tell someone who waits a sealed word. Raises as `decline` does."""
        async with self._asked(account, group, id) as (db, request):
            if not await invites.tell(db, id, word):
                raise SafeSpaceError("request_decided")
        self._tell_to_look([(request.id, request.account)])

    @asynccontextmanager
    async def _asked(
        self, account: UUID, group: UUID, id: UUID
    ) -> AsyncIterator[tuple[AsyncConnection, invites.Request]]:
        """A transaction, and the request about which this account may decide."""
        async with self._database.write() as db:
            await groups.lock(db, group)
            await admitter(db, group, account)
            request = await invites.request(db, id)
            if request is None or request.group != group:
                raise SafeSpaceError("request_unknown")
            yield db, request

    async def tell_of_the_door(self, group: UUID) -> None:
        """The door was locked or unlocked: those who wait look again."""
        async with self._database.read() as db:
            waiting = await invites.waiting_accounts(db, group)
        self._tell_to_look(waiting)

    def _tell_to_look(self, waiting: Sequence[tuple[UUID, UUID]]) -> None:
        """There is something new for these (request, account) who go on waiting."""
        for id, account in waiting:
            self._news.tell([account], wire.RequestAnswered(id=id, status="waiting").model_dump_json())

    async def tell_answer(self, request: invites.Request, status: Answered) -> None:
        """Tell the one who asked, and the admitters that one waits less."""
        self._tell_asker(request, status)
        await self.tell_admitters(request.group)

    async def tell_stranded(self, group: UUID, stranded: Sequence[invites.Request]) -> None:
        """Tell those who wait no longer though nobody decided about them, and the admitters."""
        for request in stranded:
            self._tell_asker(request, "ended")
        await self.tell_admitters(group)

    def _tell_asker(self, request: invites.Request, status: Answered) -> None:
        self._news.tell([request.account], wire.RequestAnswered(id=request.id, status=status).model_dump_json())

    async def tell_admitters(self, group: UUID) -> None:
        """Tell the group's admitters how many wait."""
        async with self._database.read() as db:
            admitters = {member.account for member in await groups.with_roles(db, group, ADMITTERS)}
            count = await invites.count_waiting(db, self._clock(), group=group)
        self._news.tell(admitters, wire.Waiting(group=group, count=count).model_dump_json())

    async def tell_waiting(self, connection: Connection, group: UUID, role: Role) -> None:
        """Tell one connection how many wait, if its member may admit."""
        if role in ADMITTERS:
            async with self._database.read() as db:
                count = await invites.count_waiting(db, self._clock(), group=group)
            connection.push(text_frame(wire.Waiting(group=group, count=count).model_dump_json()))

    async def greet(self, connection: Connection) -> None:
        """Tell a new connection in which of its groups people wait."""
        for _, text in await self._waiting_for([connection.account]):
            connection.push(text_frame(text))

    async def tell_waiting_here(self, accounts: Sequence[UUID]) -> None:
        """Tell these accounts, as far as they are connected to this process, in which of their groups people wait."""
        for account, text in await self._waiting_for(accounts):
            self._news.tell_here(account, text)

    async def _waiting_for(self, accounts: Sequence[UUID]) -> list[tuple[UUID, str]]:
        async with self._database.read() as db:
            found = await invites.waiting_for(db, accounts, ADMITTERS, self._clock())
        return [(account, wire.Waiting(group=group, count=count).model_dump_json()) for account, group, count in found]

    async def _may_ask(self, db: AsyncConnection, asked: _Asked, now: int) -> invites.Invite | None:
        """The invite by which somebody may ask now; None where they asked the very same before."""
        known = await invites.request(db, asked.id)
        if known is not None and (known.account, known.mac) == (asked.account, asked.mac):
            return None
        usable = check_usable(await invites.invite(db, asked.invite), now)
        if known is not None:
            raise SafeSpaceError("client_id_reused")
        await self._check_welcome_here(db, asked.account, usable.group, now)
        await self._check_room(db, asked.account, usable, now)
        await self._check_may_come_back(db, asked.account, usable.group, asked.device)
        if not now < asked.expires <= now + MAX_REQUEST_LIFE:
            raise SafeSpaceError("invalid_field", "expires: between now and 90 days from now.")
        return usable

    async def _check_welcome_here(self, db: AsyncConnection, account: UUID, group: UUID, now: int) -> None:
        """Whether this account may ask to join this group at all, and already."""
        if await groups.is_barred(db, group, account):
            raise SafeSpaceError("removed")
        count, last, final = await declines.of(db, group, account)
        if final:
            raise SafeSpaceError("not_again")
        left = last + PAUSES[min(count, len(PAUSES)) - 1] - now if count else 0
        if left > 0:
            raise SafeSpaceError("declined_lately", retry_after=left // 1000 + 1)
        QUOTAS["requests_of_account"].check(await invites.count_waiting(db, now, account=account))

    @staticmethod
    async def _check_room(db: AsyncConnection, account: UUID, invite: invites.Invite, now: int) -> None:
        """Whether there is room at the door: by this link, so that it keeps nobody out who has another, and at all.

        What this account asks already makes way for what it asks now.
        """
        before = await invites.waiting_of(db, invite.group, account)
        places = QUOTAS["requests_by_place"].most * (invite.uses - invite.used)
        by_link = await invites.count_waiting(db, now, invite=invite.id)
        if before is not None and before.invite == invite.id:
            by_link -= 1
        if by_link >= min(places, QUOTAS["requests_by_invite"].most):
            raise SafeSpaceError("link_crowded")
        in_group = await invites.count_waiting(db, now, group=invite.group)
        if in_group - (before is not None) >= QUOTAS["requests_in_group"].most:
            raise SafeSpaceError("door_full")

    @staticmethod
    async def _check_may_come_back(db: AsyncConnection, account: UUID, group: UUID, device: UUID | None) -> None:
        """Whether a member may ask to be let in on another device; `device` is the asking one, if it holds its keys."""
        member = await groups.membership(db, group, account)
        if member is None or member.status != "member":
            return
        if device is not None and await rooms.main_leaf(db, group, device) is not None:
            raise SafeSpaceError("already_member")
        if not any(may(role, "remove", member.role) for role in ADMITTERS):
            raise SafeSpaceError("owner_elsewhere")


async def current_member(db: AsyncConnection, group: UUID, account: UUID) -> groups.Member:
    """The account's membership. Raises SafeSpaceError not_found, as for a group that does not exist."""
    member = await groups.membership(db, group, account)
    if member is None or member.status != "member":
        raise SafeSpaceError("not_found")
    return member


async def _own(db: AsyncConnection, account: UUID, id: UUID) -> invites.Answer:
    answer = await invites.answer(db, account, id)
    if answer is None:
        raise SafeSpaceError("request_unknown")
    return answer


async def admitter(db: AsyncConnection, group: UUID, account: UUID) -> groups.Member:
    """The same, for members who may admit. Raises SafeSpaceError not_found or forbidden."""
    member = await current_member(db, group, account)
    if member.role not in ADMITTERS:
        raise SafeSpaceError("forbidden")
    return member
