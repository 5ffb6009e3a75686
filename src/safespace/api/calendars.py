"""Calendars to subscribe to: `/v1/calendars`, and `/calendar/{secret}.ics` for whoever knows the address.

A calendar says when there is something, and nothing else: no group, no title, no one's name. The server knows none.
"""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from fastapi import APIRouter, Request, Response
from icalendar import Calendar, Event, Timezone, TimezoneStandard
from pydantic import BaseModel
from uuid6 import uuid7

from safespace import wire
from safespace.api.auth import CallerPart
from safespace.api.limits import Cost
from safespace.api.parts import DatabasePart, LimitsPart, Now, Size, TurnsPart
from safespace.beside import beside
from safespace.budgets import QUOTAS
from safespace.errors import SafeSpaceError
from safespace.fields import Id
from safespace.relay.joining import DAY
from safespace.storage import accounts, calendars, groups
from safespace.storage.calendars import Planned

SECRET = 32
"""Bytes of an address that nobody guesses."""
TITLE = "Appointment"
REFRESH = timedelta(hours=6)
"""How often calendar programs are asked to look."""
KEPT = 90 * DAY
"""For how long an appointment stays there when it is over, in milliseconds."""
MAX_EVENTS = 500
"""Appointments in one calendar, the earliest that are kept."""

router = APIRouter(tags=["calendars"])
feed_router = APIRouter(include_in_schema=False)


class NewCalendar(wire.Frame):
    """Of one of the caller's groups, or of all of them."""

    group: Id | None


class CalendarItem(BaseModel):
    id: UUID
    group: UUID | None
    created: int


class CalendarList(BaseModel):
    items: list[CalendarItem]


class MadeCalendar(CalendarItem):
    """`path`, below the address that the client uses, is told this once: the server keeps a hash of it."""

    path: str


@router.post("/calendars", status_code=201)
async def create(
    body: NewCalendar, caller: CallerPart, database: DatabasePart, limits: LimitsPart, now: Now, size: Size
) -> MadeCalendar:
    """Make an address that tells when the sessions of a group, or of all of one's groups, are."""
    secret = secrets.token_urlsafe(SECRET)
    made = calendars.Calendar(UUID(int=uuid7().int), caller.account, body.group, _digest(secret), now)
    async with limits.making("calendars", caller.account, size), database.write() as db:
        await accounts.lock(db, caller.account)
        if body.group is not None and await groups.membership(db, body.group, caller.account) is None:
            raise SafeSpaceError("not_found")
        QUOTAS["calendars"].check(await calendars.count(db, caller.account))
        await calendars.create(db, made)
    return MadeCalendar(id=made.id, group=made.group, created=made.created, path=f"/calendar/{secret}.ics")


@router.get("/calendars")
async def own(caller: CallerPart, database: DatabasePart) -> CalendarList:
    """The account's calendars, without their addresses."""
    async with database.read() as db:
        found = await calendars.of_account(db, caller.account)
    return CalendarList(items=[CalendarItem(id=one.id, group=one.group, created=one.created) for one in found])


@router.delete("/calendars/{calendar}", status_code=204)
async def revoke(calendar: Id, caller: CallerPart, database: DatabasePart) -> None:
    """Its address tells nothing any more."""
    async with database.write() as db:
        if not await calendars.revoke(db, caller.account, calendar):
            raise SafeSpaceError("not_found")


@feed_router.api_route("/calendar/{secret}.ics", methods=["GET", "HEAD"])
async def feed(
    secret: str, request: Request, database: DatabasePart, limits: LimitsPart, turns: TurnsPart, now: Now
) -> Response:
    """The calendar (RFC 5545). Needs no login, as calendar programs have none."""
    async with database.read() as db:
        calendar = await calendars.by_digest(db, _digest(secret))
    # Strangers who try secrets keep nobody at the same address from a calendar that there is.
    cost = (
        Cost("feeds", "calendar", calendar.id.bytes) if calendar else Cost("feeds", "address", limits.address(request))
    )
    async with limits.spend([cost], on="either"), database.read() as db:
        if calendar is None:
            raise SafeSpaceError("not_found")
        texts = await calendars.live_texts(db, calendar)
    oldest = now - KEPT - now % DAY
    headers = {"Cache-Control": "private, no-cache", "ETag": _etag(calendar, texts, oldest)}
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    async with turns.turn(calendar.account.bytes):
        written = await beside(_written, calendar, texts, oldest)
    return Response(written, media_type="text/calendar; charset=utf-8", headers=headers)


def _etag(calendar: calendars.Calendar, texts: Sequence[str], oldest: int) -> str:
    said = hashlib.sha256(calendar.digest + oldest.to_bytes(8, "big"))
    for text in texts:
        said.update(hashlib.sha256(text.encode()).digest())
    return f'"{said.hexdigest()[:32]}"'


def _written(calendar: calendars.Calendar, texts: Sequence[str], oldest: int) -> bytes:
    times = [(start, plan) for plan in calendars.plans_in(texts) for start in plan.times.starts]
    told = sorted((one for one in times if one[0] > oldest), key=lambda one: one[0])[:MAX_EVENTS]
    made = Calendar()
    made.add("prodid", "-//SafeSpace//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", TITLE)
    made.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    stamp = datetime.fromtimestamp(calendar.created / 1000, UTC)
    for start, plan in told:
        begins = datetime.fromtimestamp(start / 1000, UTC)
        event = Event()
        event.add("uid", _uid(calendar, plan, start))
        event.add("dtstamp", stamp)
        event.add("dtstart", begins)
        event.add("dtend", begins + timedelta(minutes=plan.times.minutes))
        event.add("summary", TITLE)
        event.add("class", "PRIVATE")
        made.add_component(event)
    if not told:
        made.add_component(nothing())
    return bytes(made.to_ical())


def nothing() -> Timezone:
    """What a calendar without appointments has, as it must have some part (RFC 5545, section 3.6): its zone."""
    zone, times = Timezone(), TimezoneStandard()
    zone.add("tzid", "Etc/UTC")
    times.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001 - the form that section 3.6.5 has
    times.add("tzoffsetfrom", timedelta(0))
    times.add("tzoffsetto", timedelta(0))
    zone.add_component(times)
    return zone


def _uid(calendar: calendars.Calendar, plan: Planned, start: int) -> str:
    """The same whenever it is asked for, and of another calendar's no kin."""
    kept = calendar.digest + plan.id.bytes + start.to_bytes(8, "big")
    return hashlib.sha256(b"safespace calendar event" + kept).hexdigest()[:32]


def _digest(secret: str) -> bytes:
    return hashlib.sha256(b"safespace calendar" + secret.encode()).digest()
