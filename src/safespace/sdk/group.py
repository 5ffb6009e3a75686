"""A group as its members use it: invite people, see who waits, let them in."""

import contextlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from uuid6 import uuid7

from safespace.crypto import hpke
from safespace.crypto.errors import CryptoError
from safespace.crypto.invites import Card, InviteKeys, open_material, reply_mac, seal_card, seal_material
from safespace.fields import Role, b64decode, b64encode
from safespace.rooms.actions import Admit
from safespace.rooms.names import taken
from safespace.rooms.roles import RANKS, STAFF, may
from safespace.rooms.state import State
from safespace.sdk.any_room import Member
from safespace.sdk.ballots import Ballots
from safespace.sdk.calendars import Calendars
from safespace.sdk.checks import Applicant, Suspicion, check_request
from safespace.sdk.desk import Desk
from safespace.sdk.errors import ClientError, Refused
from safespace.sdk.further_room import FurtherRoom
from safespace.sdk.further_rooms import FurtherRooms
from safespace.sdk.group_crypto import GroupCrypto
from safespace.sdk.offices import Offices
from safespace.sdk.place import Place
from safespace.sdk.reports import OwnReport, Report
from safespace.sdk.rest import Rest
from safespace.sdk.room import Room
from safespace.sdk.sealing import Pending, seal_act

DAY = 24 * 3600 * 1000
"""Milliseconds."""
_CANNOT = frozenset(
    {
        "request_decided",
        "request_unknown",
        "request_expired",
        "invite_used_up",
        "invite_revoked",
        "announcement_mismatch",
        "pseudonym_taken",
        "rank_too_low",
    }
)
"""Why someone who waited cannot be admitted: no longer, or not by this member."""


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who waits to be admitted. `since` is when the server took the request.

    `replaces` is the member they are already, on another device, if the server says so: whoever admits them ends that
    membership, and the old device can no longer read. It is the server's word, so look whether it is the same person.
    """

    id: UUID
    pseudonym: str
    note: str
    since: datetime
    applicant: Applicant
    keys: InviteKeys
    package: bytes
    replaces: Member | None = None


class Group(Offices, Calendars, Ballots):
    """Made by `Client.create_group` and `Client.join`. `id` is the group's UUID, `main` its room."""

    def __init__(self, rest: Rest, url: str, main: Room, further: FurtherRooms) -> None:
        self._rest = rest
        self._url = url
        self._further = further
        self.main = main
        self._desk = Desk(rest, main.log, main.place)

    @property
    def name(self) -> str:
        return self._state.name

    async def create_invite(self, uses: int = 1, days: float = 7) -> str:
        """A link for `uses` people (1 to 500), good for `days`. Raises Refused, Removed or UntrustedServer."""
        state, me = self._state, self._place.me
        own = self._place.member(me)
        if own is None or not may(own.role, "admit"):
            raise Refused("forbidden")
        self.main.log.check_usable()
        invite, secret = uuid7(), os.urandom(16)
        private, public = hpke.generate()
        keys = InviteKeys.derive(secret, invite.bytes)
        card = Card(
            group=state.group,
            room=state.room,
            name=state.name,
            welcome=state.welcome,
            rules=state.rules,
            sender=own.pseudonym,
            key=b64encode(public),
        )
        boxes = [
            {"member": id, "box": b64encode(seal_material(b64decode(member.key), invite.bytes, secret, private))}
            for id, member in state.members.items()
            if may(member.role, "admit")
        ]
        body = {
            "id": str(invite),
            "card": b64encode(seal_card(keys, card)),
            "uses": uses,
            "expires": self._place.clock.now() + int(days * DAY),
            "sealed": boxes,
        }
        await self._rest.call("POST", f"/groups/{self.id}/invites", body)
        return f"{self._url}/i/{invite}#{b64encode(secret)}"

    async def waiting(self) -> list[Person]:
        """Those who wait, oldest first. Requests that do not hold together are left out, with a warning."""
        material: dict[UUID, tuple[InviteKeys, bytes]] | None = None
        people = []
        async for item in self._rest.items(f"/groups/{self.id}/requests"):
            material = await self._material() if material is None else material
            if (known := material.get(UUID(item["invite"]))) is None:
                continue  # an invite from before this member could admit
            replaces = None if item["replaces"] is None else self.main.member(item["replaces"])
            if replaces is None and item["replaces"] is not None:
                continue  # a member this device has not read of yet, or one that there is not
            keys, private = known
            request_id, package = UUID(item["id"]), b64decode(item["package"])
            try:
                applicant = check_request(
                    self._place,
                    keys,
                    private,
                    request_id,
                    expires=item["expires"],
                    package=package,
                    sealed=b64decode(item["sealed"]),
                    mac=b64decode(item["mac"]),
                    now=self._place.clock.now(),
                )
            except Suspicion as suspicion:
                self.main.log.warn(suspicion.code)
                continue
            said = applicant.request
            since = datetime.fromtimestamp(item["created"] / 1000, UTC)
            people.append(Person(request_id, said.pseudonym, said.note, since, applicant, keys, package, replaces))
        return people

    async def admit(self, person: Person, role: Role | None = None, *, listening: bool = False) -> None:
        """Let someone in, as `role`: by default a member, or what they were where they come back.

        With `listening` they only read until a moderator lets them speak. Only who comes back has a staff role at once.
        Returns once the relay took it. Raises Refused (`pseudonym_taken`, `rank_too_low`, …), Removed, Moved or
        UntrustedServer.
        """
        package = person.applicant.package
        said = person.applicant.request

        def reply(after: GroupCrypto) -> bytes:
            exported = after.export(b"safespace invite", person.id.bytes, 32)
            return reply_mac(person.keys, self.main.id.bytes, package.ref, person.id.bytes, exported)

        def make(client_id: UUID) -> Pending:
            # Whoever left meanwhile, on the old device, comes like anyone else.
            replaces = None if person.replaces is None else self.main.member(person.replaces.id)
            if taken(person.pseudonym, [one.pseudonym for one in self.main.members() if one != replaces]):
                raise Refused("pseudonym_taken")
            action = Admit(
                target=b64encode(package.identity),
                pseudonym=said.pseudonym,
                role=role or (replaces.role if replaces else "member"),
                key=said.key,
                package=b64encode(package.ref),
                request=person.id,
                agreement=said.agreement,
                listening=listening,
                replaces=None if replaces is None else replaces.id,
            )
            return seal_act(self._place, client_id, action, lambda crypto: crypto.add(person.package), reply)

        await self.main.act(make)

    async def admit_all(self, *, replacing: bool = False) -> list[Person]:
        """Let in everyone who waits now, can be let in and has a name of their own; returns them.

        Those who would replace a member are passed over, as that shuts out a device on the server's word alone;
        `replacing` lets them in too. Raises as `admit` does.
        """
        admitted = []
        for person in await self.waiting():
            if person.replaces is not None and not replacing:
                continue
            try:
                await self.admit(person)
            except Refused as refused:
                if refused.code not in _CANNOT:
                    raise
            else:
                admitted.append(person)
        return admitted

    async def decline(self, person: Person) -> None:
        """Tell someone no. Raises Refused."""
        await self._rest.call("POST", f"/groups/{self.id}/requests/{person.id}/decline")

    @property
    def staff(self) -> FurtherRoom | None:
        """The staff room, while this member is in it."""
        return next((room for room in self.rooms() if room.purpose == "staff"), None)

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

    @property
    def _place(self) -> Place:
        return self.main.place

    @property
    def _state(self) -> State:
        state = self._place.state
        assert state is not None  # noqa: S101 - a Group is only made once its state is known
        return state

    async def _material(self) -> dict[UUID, tuple[InviteKeys, bytes]]:
        """The keys and the HPKE private key of each invite that this member can open."""
        material = {}
        async for item in self._rest.items(f"/groups/{self.id}/invites"):
            if item["box"] is None:
                continue
            invite = UUID(item["id"])
            try:
                secret, private = open_material(self._place.policy_private, invite.bytes, b64decode(item["box"]))
            except CryptoError:
                self.main.log.warn("forged_request")
                continue
            material[invite] = (InviteKeys.derive(secret, invite.bytes), private)
        return material
