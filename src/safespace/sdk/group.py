"""A group as its members use it: its door, offices, sessions and notes, its further rooms and its reports."""

import contextlib
from collections.abc import Sequence

from safespace.rooms.roles import RANKS, STAFF
from safespace.sdk.any_room import Member
from safespace.sdk.ballots import Ballots
from safespace.sdk.calendars import Calendars
from safespace.sdk.desk import Desk
from safespace.sdk.doors import Doors
from safespace.sdk.doubts import Doubts
from safespace.sdk.errors import ClientError, Refused
from safespace.sdk.further_room import FurtherRoom
from safespace.sdk.further_rooms import FurtherRooms
from safespace.sdk.handovers import Handovers
from safespace.sdk.offices import Offices
from safespace.sdk.parting import Breakout
from safespace.sdk.reports import OwnReport, Report
from safespace.sdk.rest import Rest
from safespace.sdk.room import Room


class Group(Doors, Offices, Calendars, Handovers, Ballots, Doubts):
    """Made by `Client.create_group` and `Client.join`. `id` is the group's UUID, `main` its room."""

    def __init__(self, rest: Rest, url: str, main: Room, further: FurtherRooms) -> None:
        self._rest = rest
        self._url = url
        self._further = further
        self.main = main
        self._desk = Desk(rest, main)
        main.log.watchers.append(self.plan_anew_soon)

    @property
    def name(self) -> str:
        return self._state.name

    @property
    def staff(self) -> FurtherRoom | None:
        """The staff room, while this member is in it."""
        return next((room for room in self.rooms() if room.purpose == "staff"), None)

    @property
    def breakouts(self) -> list[Breakout]:
        """The small rooms that the session has gone into."""
        return self.main.breakouts

    def rooms(self) -> list[FurtherRoom]:
        """The further rooms that this member is in, oldest first."""
        return self._further.shown()

    async def open_staff(self) -> FurtherRoom:
        """Make the staff room. Moderators whose devices are there are brought by themselves.

        Raises Refused: `group_exists` where there is one (one is brought into it), `does_not_belong`.
        """
        return await self._further.open("staff", None)

    async def aside(self, member: Member, with_: Sequence[Member] | None = None) -> FurtherRoom:
        """A room for a few words: between a member and staff, which nobody else hears of.

        Staff name the member it is about; who is not of staff names one of them. `with_` are more of the staff, by
        default one who is here, so that nobody of the staff is alone with a member. Raises Refused
        (`key_package_exhausted` where their devices cannot be reached, …), UntrustedServer, Removed, Left or Moved.
        """
        me = self.main.member(self._place.me or "")
        if me is None or member.me:
            raise Refused("unknown_member")
        room = await self._further.open("aside", member.id if me.role in STAFF else me.id)
        try:
            await room.bring(member)
            for other in with_ or ():
                await room.bring(other)
        except ClientError:
            with contextlib.suppress(ClientError):
                await room.leave()
            raise
        if with_ is None:
            await self._bring_one_more(room)
        return room

    async def ask_for_help(self) -> FurtherRoom:
        """Ask everyone of the staff who can be reached for help, in one's own aside; gives it.

        It is the one that is there already, or made now. Raises Refused (`key_package_exhausted` where nobody can be
        reached, …), UntrustedServer, Removed, Left or Moved.
        """
        me = self.main.member(self._place.me or "")
        if me is None:
            raise Refused("not_a_member")
        own = [room for room in self.rooms() if room.about == me]
        room = own[-1] if own else await self._further.open("aside", me.id)
        for other in self._staff_outside(room):
            with contextlib.suppress(Refused):
                await room.bring(other)
        if all(member.me for member in room.members()):
            if not own:
                await room.leave()
            raise Refused("key_package_exhausted")
        await room.ask_for_help()
        return room

    async def _bring_one_more(self, room: FurtherRoom) -> None:
        """One of the staff who are not in the room; nobody where none can be reached."""
        for other in self._staff_outside(room):
            with contextlib.suppress(Refused):
                await room.bring(other)
                return

    def _staff_outside(self, room: FurtherRoom) -> list[Member]:
        """The staff who are not in a room, first of all who is here."""
        here = self.main.here()
        inside = {member.id for member in room.members()}
        others = [one for one in self.main.members() if one.role in STAFF and one.id not in inside]
        return sorted(others, key=lambda one: (one not in here, RANKS[one.role]))

    async def reports(self) -> list[Report]:
        """The reports that were sealed to this member, the newest first, each with what is proved of it.

        Raises Refused `forbidden` for who is not a moderator or above.
        """
        return await self._desk.reports()

    async def my_reports(self) -> list[OwnReport]:
        """What this member reported, the newest first, and what became of it. Raises Refused."""
        return await self.main.filing.own()

    async def leave(self) -> None:
        """Leave the group. Raises Refused `last_owner` for its only owner."""
        await self.main.leave()
