"""A group's sessions: planning them, and running the one that is on."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from uuid6 import uuid7

from safespace.errors import PolicyError
from safespace.rooms import schedule
from safespace.rooms.live import MINUTE
from safespace.rooms.live_actions import (
    BetweenSessions,
    Capsule,
    CloseSession,
    ExtendSession,
    MoveOn,
    OpenSession,
    PlanSessions,
    Segment,
    TakeLead,
    Unplan,
    WriteRunSheet,
)
from safespace.rooms.roles import may
from safespace.rooms.state import State
from safespace.sdk.any_room import Member
from safespace.sdk.clocks import date_of
from safespace.sdk.deciding import acting
from safespace.sdk.errors import Refused
from safespace.sdk.room import Room
from safespace.sdk.said import Answer, AttendMessage


@dataclass(frozen=True, slots=True)
class Session:
    """One date of a plan, or, where `plan` is None, a session out of turn. `starts` is in UTC, `rule` an RRULE.

    What is done raises Refused with the group's own reason, `no_session` unless this one is on, Removed, Left, Moved or
    UntrustedServer, and returns once the relay took it.
    """

    plan: UUID | None
    starts: datetime
    minutes: int
    title: str = ""
    note: str = ""
    zone: str = "UTC"
    rule: str | None = None
    _room: Room = field(kw_only=True, repr=False, compare=False)

    @property
    def is_on(self) -> bool:
        """Whether it has begun and is not over."""
        on = self._room.now().live.session
        return on is not None and (on.plan, on.start) == (self.plan, _ms(self.starts))

    @property
    def closes(self) -> datetime | None:
        """When it ends by itself, while it is on."""
        on = self._room.now().live.session
        return date_of(on.closes) if on is not None and self.is_on else None

    @property
    def lead(self) -> Member | None:
        """Who runs it."""
        on = self._room.now().live.session
        return self._room.member(on.lead) if on is not None and on.lead and self.is_on else None

    @property
    def run_sheet(self) -> tuple[Segment, ...]:
        """The parts of the evening, while it is on."""
        return self._room.now().sheet.segments if self.is_on else ()

    @property
    def segment(self) -> Segment | None:
        """The part that the room is at."""
        sheet = self._room.now().sheet
        return sheet.segments[sheet.at] if self.is_on and sheet.at is not None else None

    async def open(self, minutes: int | None = None, *, capsule: bool = False) -> None:
        """Begin it now, for as long as was planned or for `minutes`, and run it; with `capsule` in one, as below.

        Refused: `session_open`, `unknown_plan` where it is not the next of its plan, `forbidden`.
        """
        if self.plan is not None and _ms(self.starts) != next(iter(_coming(self._room, self.plan)), None):
            raise Refused("unknown_plan")
        await self._room.do(acting(OpenSession, plan=self.plan, minutes=minutes or self.minutes))
        if capsule:
            await self._room.do(Capsule(into=uuid7()))

    async def capsule(self) -> None:
        """Hold it in a capsule from now on: a room of its own, whose keys nobody saves. When the session ends every
        device forgets what was said there, and so does the server. Nobody writes in main until then; what this device
        sends goes into the capsule, and `Room.messages` gives what comes. Refused: `unchanged`, `forbidden`.
        """
        self._check_on()
        await self._room.do(Capsule(into=uuid7()))

    async def lock(self, on: bool = True) -> None:
        """Let nobody new in until it is over, or it is unlocked. Refused: `unchanged`, …"""
        self._check_on()
        await self._room.lock(on)

    async def extend(self, minutes: int) -> None:
        """Let it end so many minutes from now, sooner or later than it would."""
        self._check_on()
        await self._room.do(acting(ExtendSession, minutes=minutes))

    async def take_lead(self) -> None:
        """Run it from now on. Refused: `unchanged`, …"""
        self._check_on()
        await self._room.do(TakeLead())

    async def write_run_sheet(self, segments: Sequence[Segment]) -> None:
        """Say what the parts of the evening are. Refused: `invalid_field` for more than 30, …"""
        self._check_on()
        await self._room.do(acting(WriteRunSheet, segments=tuple(segments)))

    async def move_on(self, at: int | None = None) -> None:
        """Go to a part of the evening, counted from 0: by default the next. Refused: `unknown_segment`, `unchanged`."""
        self._check_on()
        sheet = self._room.now().sheet
        following = 0 if sheet.at is None else sheet.at + 1
        await self._room.do(acting(MoveOn, at=following if at is None else at))

    async def close(self) -> None:
        """End it now. The floor is open then, the door unlocked, and nothing of what was decided for it stays."""
        self._check_on()
        await self._room.do(CloseSession())

    @property
    def answers(self) -> dict[Answer, list[Member]]:
        """Who comes, does not, or comes to listen, as far as this device heard it: the newest answer of each."""
        said = self._room.place.answers.get(f"{self.plan} {_ms(self.starts)}", {})
        answers: dict[Answer, list[Member]] = {"coming": [], "not_today": [], "listening": []}
        for member in self._room.members():
            if member.id in said:
                answers[said[member.id]].append(member)
        return answers

    @property
    def coming(self) -> list[Member]:
        """Who said that they come, to speak or to listen, by pseudonym."""
        answers = self.answers
        return sorted(answers["coming"] + answers["listening"], key=lambda member: member.pseudonym)

    async def attend(self, answer: Answer = "coming") -> None:
        """Tell the group whether one comes: `coming`, `not_today`, or `listening`, which is coming and saying nothing.

        The server does not learn the answer, and takes it between sessions too. Raises Refused (`unknown_plan` for a
        session out of turn, `muted`, …), Removed, Left, Moved or UntrustedServer.
        """
        if self.plan is None:
            raise Refused("unknown_plan")
        await self._room.react(acting(AttendMessage, plan=self.plan, start=_ms(self.starts), answer=answer))

    async def skip(self) -> None:
        """Take this date out of its plan. Refused: `unknown_plan`."""
        state = self._room.now()
        if self.plan is None or self.plan not in state.plans:
            raise Refused("unknown_plan")
        # What follows is put behind a last date before that is taken out, so that it does not come back.
        left = tuple(at for at in _following(self._room, self.plan) if at != _ms(self.starts))
        if left:
            await self._room.do(_again(state, self.plan, left))
        else:
            await self.unplan()

    async def unplan(self) -> None:
        """Take the whole plan back. A session that is on goes on. Refused: `unknown_plan`."""
        if self.plan is None:
            raise Refused("unknown_plan")
        await self._room.do(Unplan(plan=self.plan))

    def _check_on(self) -> None:
        if not self.is_on:
            raise Refused("no_session")


class Sessions:
    """When a group meets."""

    main: Room

    async def schedule(
        self,
        title: str,
        starts: datetime,
        minutes: int = 60,
        repeat: str | None = None,
        zone: str = "UTC",
        *,
        note: str = "",
        clock: bool = False,
    ) -> Session:
        """Plan a session, or with `repeat` many: the next 64 at most. Returns the first.

        `starts` is by the clocks of `zone` (an IANA name), unless it has a zone of its own. `repeat` is `daily`,
        `weekly`, `fortnightly`, `monthly` or an RRULE (RFC 5545 section 3.3.10); the wall clock says when, through
        daylight saving too. With `clock` sessions begin by themselves, else someone opens them. Nobody but the group
        learns title, note, zone and rule. Raises Refused: `in_the_past`, `impossible_recurrence`, `overlapping`,
        `too_many_plans`, `invalid_field`, `forbidden`; Removed, Left, Moved or UntrustedServer.
        """
        rule = None if repeat is None else schedule.REPEATS.get(repeat, repeat)
        try:
            first = starts if starts.tzinfo is None else starts.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
            instants = schedule.starts(first, zone, rule, self.main.place.clock.now())
        except PolicyError as error:
            raise Refused(error.code) from error
        except (ValueError, KeyError, OSError) as error:
            raise Refused("invalid_field", "There is no such time zone.") from error
        plan, words = uuid7(), {"title": title, "note": note, "zone": zone, "rule": rule}
        await self.main.do(acting(PlanSessions, plan=plan, starts=instants, minutes=minutes, clock=clock, **words))
        return Session(plan, date_of(instants[0]), minutes, title, note, zone, rule, _room=self.main)

    def sessions(self) -> list[Session]:
        """The session that is on, and all that are planned, the next first."""
        state = self.main.now()
        on = state.live.session
        found = [self._session(state, id, at) for id in state.plans for at in _coming(self.main, id)]
        if on is not None and on.plan not in state.plans:
            length = (on.closes - on.opened) // MINUTE
            found.append(Session(on.plan, date_of(on.start), length, _room=self.main))
        return sorted(found, key=lambda session: session.starts)

    async def open_session(self, minutes: int = 60, *, capsule: bool = False) -> Session:
        """Begin a session now that nobody planned; with `capsule` in one. Refused: `session_open`, `forbidden`."""
        await self.main.do(acting(OpenSession, plan=None, minutes=minutes))
        if capsule:
            await self.main.do(Capsule(into=uuid7()))
        return next(session for session in self.sessions() if session.is_on)

    async def between_sessions(self, on: bool) -> None:
        """Whether everyone may write while no session is on. Refused: `unchanged`, `forbidden`."""
        await self.main.do(acting(BetweenSessions, on=on))

    def plan_anew_soon(self) -> None:
        """Some time soon, plan anew what comes to its last dates, where this member may and nobody else has."""
        if self._short():
            self.main.some_time_soon(self._plan_anew, "plan anew")

    def _short(self) -> list[UUID]:
        """The plans of which few dates are left, if this member may plan."""
        place = self.main.place
        state, me, now = place.state, place.member(place.me), place.clock.now()
        if not self.main.log.live or state is None or me is None or not may(me.role, "plan"):
            return []
        repeating = [id for id, words in state.plans.items() if words.rule is not None]
        return [id for id in repeating if len(_left(state, id, now)) < schedule.FEW]

    async def _plan_anew(self) -> None:
        for plan in self._short():
            state = self.main.now()
            coming = _following(self.main, plan)
            if len(coming) > len(_left(state, plan, self.main.place.clock.now())):
                await self.main.do(_again(state, plan, coming))

    def _session(self, state: State, plan: UUID, at: int) -> Session:
        words, minutes = state.plans[plan], state.live.times[plan].minutes
        return Session(plan, date_of(at), minutes, words.title, words.note, words.zone, words.rule, _room=self.main)


def _coming(room: Room, plan: UUID) -> list[int]:
    """The starts of a plan whose sessions are on, might be by now, or are to come."""
    live, now = room.now().live, room.place.clock.now()
    on = [live.session.start] if live.session is not None and live.session.plan == plan else []
    times = live.times.get(plan)
    left = [at for at in times.starts if at > live.ended and at + times.minutes * MINUTE > now] if times else []
    return on + [at for at in left if at not in on]


def _left(state: State, plan: UUID, now: int) -> tuple[int, ...]:
    return tuple(at for at in state.live.times[plan].starts if at > now)


def _following(room: Room, plan: UUID) -> tuple[int, ...]:
    """The starts of a plan from now on, with more of them where few are left."""
    state, now = room.now(), room.place.clock.now()
    left, words = _left(state, plan, now), state.plans[plan]
    if words.rule is None or len(left) >= schedule.FEW:
        return left
    try:
        return schedule.going_on(state.live.times[plan].starts, words.zone, words.rule, now)
    except PolicyError:  # a rule that is not known here is left to who knows it
        return left


def _again(state: State, plan: UUID, starts: tuple[int, ...]) -> PlanSessions:
    """The same plan with other starts."""
    times, words = state.live.times[plan], state.plans[plan]
    again = {"plan": plan, "starts": starts, "minutes": times.minutes, "clock": times.clock}
    return acting(PlanSessions, **again, **words.model_dump())


def _ms(date: datetime) -> int:
    return round(date.timestamp() * 1000)
